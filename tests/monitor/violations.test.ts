// Violations of what the configuration says of a model's features: by reason, and only of what it says.
import { describe, expect, test } from "vitest";
import type { FeatureMemory } from "../../src/monitor/feature-memory.ts";
import type { FeatureTotals } from "../../src/monitor/feature-totals.ts";
import { violationsOf } from "../../src/monitor/feature-totals-samples.ts";
import type { ModelState } from "../../src/state/model-state.ts";
import { Folded, times } from "./folded.ts";

function violations(folded: Folded): Record<string, number> {
  const model = folded.fold.models.get("m") as ModelState;
  const totals = model.versions.get("1")?.paneTotals[0] as FeatureTotals;
  const sums = violationsOf(totals, model.memories[0] as FeatureMemory);
  return Object.fromEntries(Object.entries(sums).filter(([, count]) => count > 0));
}

describe("violations", () => {
  const text = `
defaults: {windows: [1h], learn: 1h}
models:
  m:
    features:
      amount: {type: numeric, range: [0, 10], required: true}
      age: {type: numeric}
      country: {categories: [DE, FR], required: true}
      anything: {}
`;
  const good = { amount: 1, age: 2, country: "DE", anything: 1 };

  test("there are none where all is as it should be", () => {
    expect(violations(new Folded(text).minute(0, times(50, good)).close())).toEqual({});
  });

  test.each([
    [
      "a required feature that is absent or null",
      [...times(3, { ...good, amount: undefined }), ...times(4, { ...good, country: null })],
      { missing: 7 },
    ],
    ["one that may be absent is", times(5, { ...good, age: undefined }), {}],
    [
      "another type than the one that is said",
      [...times(2, { ...good, age: "2" }), ...times(3, { ...good, country: ["DE"] })],
      { wrong_type: 5 },
    ],
    ["any type where none is said", [...times(2, { ...good, anything: "x" }), ...times(2, { ...good, anything: [1] })], {}],
    ["a number out of its range", times(6, { ...good, amount: 11 }), { out_of_range: 6 }],
    ["a category that is not listed", times(2, { ...good, country: "XX" }), { unseen: 2 }],
    [
      "a feature that is not listed, whatever it holds",
      [...times(2, { ...good, extra: 1 }), ...times(1, { ...good, extra: null })],
      { unexpected: 3 },
    ],
  ])("%s", (_what, events, expected) => {
    expect(violations(new Folded(text).minute(0, [...times(10, good), ...events]).close())).toEqual(expected);
  });

  test("a model of which nothing is said violates nothing", () => {
    const folded = new Folded().minute(0, [...times(100, { x: 1 }), ...times(5, { x: "1", y: null })]).close();
    expect(violations(folded)).toEqual({});
  });

  test("late events are not among them: they are judged with their pane", () => {
    const folded = new Folded(text).minute(0, times(10, good)).close();
    folded.minute(0, times(5, { ...good, amount: 11 })).close();
    expect(violations(folded)).toEqual({});
  });
});

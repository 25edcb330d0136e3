// The drift alarm of the demo is honest: it does not come in the 25 hours before, and each incident that changes values raises it
// within minutes, with its reason. Of one seed, on a Monday at five in the morning, when there is little to go by; the other
// seeds: `npm run bench:demo`.
import { beforeAll, expect, test } from "vitest";
import {
  driftIncidents,
  type FoldedDemo,
  falseAlarms,
  foldDemo,
  minuteMillis,
  minutesToAlarm,
} from "../../bench/demo-signals.ts";
import { featureMemoryOf, featureTotalsOf } from "../../src/pipeline/of-features.ts";
import type { ModelState } from "../../src/state/model-state.ts";

const momentMillis = Date.parse("2026-11-30T05:00:00Z");
const longestMinutes = 5;

let folded: FoldedDemo;

beforeAll(() => {
  folded = foldDemo({ seed: 11, momentMillis, untilMillis: momentMillis + 50 * minuteMillis, incidents: true });
}, 600_000);

test.each(["fraud", "recommendation", "forecast"])("%s is looked at to the end, with a reference of every feature", (name) => {
  const model = folded.fold.models.get(name) as ModelState;
  const memory = featureMemoryOf(model);
  const without = [...memory.features.values()].filter(({ reference }) => reference === null).map(({ name: own }) => own);
  // One incident renames a feature: the new name has none.
  expect(without).toEqual(name === "forecast" ? ["price_level"] : []);
  for (const version of model.versions.values()) {
    expect(featureTotalsOf(version).alarm.lookedMillis("")).toBeGreaterThan(momentMillis);
  }
});

test("there is no alarm before values change", () => {
  expect(falseAlarms(folded)).toEqual([]);
  expect(folded.told.length).toBeGreaterThan(3);
});

test.each(Object.keys(driftIncidents))("%s raises it within five minutes", (id) => {
  const minutes = minutesToAlarm(folded).get(id);
  expect(minutes).toBeGreaterThan(0);
  expect(minutes).toBeLessThan(longestMinutes);
});

test("the reason says what changed", () => {
  const text = folded.told.find(({ feature, state }) => feature === "amount" && state !== "off" && state !== "less")?.text;
  expect(text).toMatch(
    /^drift alarm(?: goes on)?: amount in .*: PSI [\d.]+ of [\d,]+ values, p = .*\(alarms below .*\); mean .* → .*; .*: .* % → .* %$/,
  );
});

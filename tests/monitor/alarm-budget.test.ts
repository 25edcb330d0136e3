// The budget of false alarms: what all tests of a version may do together is what is promised, however it is divided.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AlarmBudget, designShare, testsOf } from "../../src/monitor/alarm-budget.ts";
import { FeatureMemory } from "../../src/monitor/feature-memory.ts";
import type { FeatureSettings } from "../../src/monitor/monitor.ts";
import type { FeatureReference } from "../../src/reference/reference.ts";
import { noSettings } from "./no-settings.ts";

const day = 86_400_000;
const month = 30 * day;

interface Tested {
  readonly type: "numeric" | "categorical";
  readonly segments: number;
  readonly importance: number | undefined;
}

function budgetOf(features: readonly Tested[], windows: readonly number[], count = 1): { budget: AlarmBudget; names: string[] } {
  const settings = new Map<string, FeatureSettings>();
  const names = features.map((_, index) => `f${index}`);
  for (const [index, { importance }] of features.entries()) settings.set(`f${index}`, { importance });
  const drift = {
    ...noSettings.drift,
    falseAlarms: { count, millis: month },
    windows: windows.map((millis) => ({ millis, name: `${millis}` })),
  };
  const memory = new FeatureMemory({ ...noSettings, features: settings, drift });
  for (const [index, { type, segments }] of features.entries()) {
    const of = new Map(Array.from({ length: segments }, (_, at) => [`s=${at}`, {}]));
    memory.of(`f${index}`).reference = { type, segments: of } as unknown as FeatureReference;
  }
  return { budget: new AlarmBudget(memory, "1"), names };
}

/** Looks that a window is worth, at most one for each of its steps. */
function looksIn(windowMillis: number): number {
  const step = windowMillis <= day / 12 ? 60_000 : windowMillis < 2 * day ? 3_600_000 : day;
  return Math.min(16, windowMillis / step);
}

const tested = fc.record({
  type: fc.constantFrom("numeric" as const, "categorical" as const),
  segments: fc.nat({ max: 3 }),
  importance: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
});
const lengths = fc.uniqueArray(fc.constantFrom(300_000, 3_600_000, day, 7 * day, 28 * day), { minLength: 1 });

describe("all together", () => {
  test("tests of windows and detectors come to the design share of what is promised", () => {
    fc.assert(
      fc.property(
        fc.array(tested, { minLength: 1, maxLength: 30 }),
        lengths,
        fc.integer({ min: 1, max: 5 }),
        (features, windows, count) => {
          const { budget, names } = budgetOf(features, windows, count);
          let alarms = 0;
          for (const [index, name] of names.entries()) {
            const { type, segments } = features[index] as Tested;
            const tests = testsOf({ type }) * (1 + segments);
            for (const window of windows) alarms += tests * budget.alpha(name, window) * looksIn(window) * (month / window);
            // A detector alarms once in so many minutes at most.
            alarms += (tests * (month / 60_000)) / 10 ** budget.evidence(name);
          }
          expect(alarms).toBeCloseTo(designShare * count, 9);
        },
      ),
    );
  });
});

test("important features have more of it, as a share of the mean of those that say how important they are", () => {
  const features = [4, 1, 1, undefined].map((importance) => ({ type: "numeric" as const, segments: 0, importance }));
  const { budget } = budgetOf(features, [3_600_000]);
  expect([0, 1, 2, 3].map((index) => budget.weight(`f${index}`))).toEqual([2, 0.5, 0.5, 1]);
  expect(budget.alpha("f0", 3_600_000) / budget.alpha("f1", 3_600_000)).toBeCloseTo(4, 12);
});

test("what has no importance does not alarm at all", () => {
  const { budget } = budgetOf(
    [0, 1].map((importance) => ({ type: "numeric" as const, segments: 0, importance })),
    [3_600_000],
  );
  expect([budget.alpha("f0", 3_600_000), budget.evidence("f0")]).toEqual([0, Number.POSITIVE_INFINITY]);
});

test("longer windows are looked at less often, so each look may be less strict", () => {
  const { budget } = budgetOf([{ type: "numeric", segments: 0, importance: undefined }], [3_600_000, day, 7 * day]);
  expect(budget.alpha("f0", day) / budget.alpha("f0", 3_600_000)).toBeCloseTo(24, 9);
  expect(budget.alpha("f0", 7 * day) / budget.alpha("f0", day)).toBeCloseTo((7 * 16) / 7, 9);
});

test("a segment is tested where the reference has it", () => {
  const { budget } = budgetOf([{ type: "numeric", segments: 1, importance: undefined }], [3_600_000]);
  expect([budget.tests(""), budget.tests("s=0"), budget.tests("s=1")]).toEqual([true, true, false]);
  expect(budgetOf([], [3_600_000]).budget.tests("")).toBe(false);
});

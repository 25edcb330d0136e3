// What the simulation of `bench/calibration` says of windows is what the exporter says of the same events; and a tiny run of it.
import { expect, test } from "vitest";
import { Bits } from "../../bench/calibration/bits.ts";
import { FeatureLooks, windowsMillis } from "../../bench/calibration/feature-looks.ts";
import { kindOf, kinds } from "../../bench/calibration/kinds.ts";
import { alphaOf, knownFeatures, type ModelPlan, SimulatedModel, settingsOf } from "../../bench/calibration/model.ts";
import { simulatePower } from "../../bench/calibration/power.ts";
import { movedBy, normally } from "../../bench/calibration/regime.ts";
import type { Shape } from "../../bench/calibration/shape.ts";
import { cellRates, stableTable, stableVerdicts } from "../../bench/calibration/stable-report.ts";
import { directions, psiOf } from "../../bench/test-sizes-traffic.ts";
import type { FeatureDrift } from "../../src/monitor/feature-drift.ts";
import { driftOf } from "../../src/monitor/window-drift.ts";
import { assembleReference } from "../../src/reference/assemble.ts";
import type { FeatureReference } from "../../src/reference/reference.ts";
import type { Fold } from "../../src/state/fold.ts";
import { closedAt, type Event, folded, foldOf, memoryOf, windowIn } from "../drift/compared.ts";

/** With fewer it is not known how much days differ. */
const referenceDays = 14;
const dayMinutes = 1440;

/** Events of which each has the outcome that it is counted as. */
function eventsOf(counts: Uint8Array, minute: number, shape: Shape): [number, Event][] {
  return [...counts].flatMap((count, outcome) => {
    const value = valueWith(outcome, shape);
    return Array.from({ length: count }, (): [number, Event] => [minute, { features: value === undefined ? {} : { f0: value } }]);
  });
}

function valueWith(outcome: number, { bins, categories, binCount }: Shape): unknown {
  if (outcome >= binCount) return outcome === binCount ? undefined : null;
  if (bins !== null) return bins.edges[outcome] ?? (bins.edges.at(-1) as number) + bins.reach;
  return categories?.names[outcome] ?? [...(categories?.others ?? [])][0];
}

/** By window and test. */
function pValues(of: FeatureDrift): number[] {
  return [of.pValue("min_effect"), ...of.states.map(({ pValue }) => pValue), of.samples, of.windowMillis, of.alpha];
}

test.each([
  ["daily", 0, 20],
  ["daily", 0.02, 50],
  ["categories", 0.02, 20],
  ["categories", 0, 50],
  ["sparse", 0.1, 20],
])("p-values of %s, min_effect %d, %d values a degree are those of the exporter", (name, minEffect, samplesPerDegree) => {
  const kind = kindOf(name);
  const plan: ModelPlan = { kind, minEffect, referenceDays, samplesPerDegree, features: 1, months: 1, seed: 3 };
  const settings = settingsOf(plan);
  const [{ shape, reference }] = knownFeatures(plan) as [ReturnType<typeof knownFeatures>[number]];
  const looks = new FeatureLooks(shape, reference, settings, alphaOf(settings, 1, shape), new Bits(1, 1));
  const fold = exporterOf(plan, reference.feature);
  const stream = kind.stream(new Bits(3, 99), shape);
  stream.enter({ ...normally, shift: 0.1, missing: 0.03 });
  const counts = new Uint8Array(shape.binCount + 2);
  let compared = 0;
  for (let minute = referenceDays * dayMinutes; minute < (referenceDays + 1) * dayMinutes + 65; minute++) {
    stream.addMinute(minute, counts);
    folded(fold, eventsOf(counts, minute, shape));
    looks.push(minute, counts);
    // When the longer window is full: within an hour, and at the ends of two, when the longer one slides.
    const after = minute + 1 - (referenceDays + 1) * dayMinutes;
    if (after < 0 || ![0, 7, 31, 60].includes(after)) continue;
    closedAt(fold, minute + 1);
    const found = after % 60 === 0 ? [looks.driftAtHour(minute), looks.driftAtDay()] : [looks.driftAtHour(minute)];
    for (const [window, ours] of found.entries()) {
      const theirs = driftOf("f0", windowIn(fold, windowsMillis[window] as number), memoryOf(fold)) as FeatureDrift;
      const [expected, actual] = [pValues(theirs), pValues(ours)];
      expect(actual.length).toBe(expected.length);
      expect(expected.some(Number.isNaN)).toBe(false);
      actual.forEach((value, at) => {
        const wanted = expected[at] as number;
        expect(Math.abs(value - wanted)).toBeLessThanOrEqual(1e-9 * wanted);
      });
      compared += 1;
    }
  }
  expect(compared).toBe(6);
});

function exporterOf({ minEffect, samplesPerDegree }: ModelPlan, feature: FeatureReference): Fold {
  const rate = minEffect === 0 ? "tolerance: {missing: 0, null: 0, wrong_type: 0, unseen: 0}," : "";
  const drift = `{${rate} min_effect: ${minEffect}, min_samples_per_degree: ${samplesPerDegree}, false_alarms: 1/30d}`;
  const provenance = {
    kind: "file" as const,
    source: [],
    fromMillis: 0,
    toMillis: 0,
    madeMillis: 0,
    rows: 0,
    madeBy: "",
    history: [],
  };
  const known = assembleReference("m", null, [feature], provenance);
  return foldOf(
    `defaults: {windows: [1h, 24h, 7d], drift: ${drift}}\nmodels: {m: {reference: r.json}}`,
    new Map([["r.json", known]]),
  );
}

test("a month of each kind, tiny: looks are counted and verified", () => {
  for (const kind of kinds) {
    const plan: ModelPlan = { kind, minEffect: 0.1, referenceDays: 4, samplesPerDegree: 20, features: 1, months: 0.1, seed: 5 };
    const result = new SimulatedModel(plan, knownFeatures(plan)).run();
    expect(result.looks).toEqual([3 * dayMinutes, 72, 3]);
    expect((result.published[0] as number) / (result.looks[0] as number)).toBeGreaterThan(0.95);
    expect(result.ruleAlarms.length).toBe(4);
  }
});

test("a standing difference has the PSI that is accepted", () => {
  const probabilities = Float64Array.from({ length: 22 }, (_, bin) => (bin + 8) / 407);
  for (const direction of directions) {
    for (const effect of [0.02, 0.1]) {
      expect(psiOf(probabilities, movedBy(probabilities, direction, effect))).toBeCloseTo(effect, 6);
    }
  }
});

test("one seed of delays: an outage of categories is found in the first minutes, the less is accepted the sooner", () => {
  const lines = simulatePower("equal categories", 1, ({ change }) => change !== "20 % unseen categories");
  expect(lines.length).toBe(6);
  for (const { quartiles, missed, by, told } of lines) {
    expect(quartiles[1]).toBeLessThan(30);
    expect([missed, by]).toEqual([0, "1 h unseen"]);
    expect(told).toBeLessThan(5);
  }
  const median = (minEffect: number): number => lines.find((line) => line.minEffect === minEffect)?.quartiles[1] ?? Number.NaN;
  expect(median(0)).toBeLessThan(median(0.1));
});

test("the report says what does not hold", () => {
  const cell = { kind: "daily", minEffect: 0, referenceDays: 84, samplesPerDegree: 20 };
  const plan: ModelPlan = { ...cell, kind: kindOf("daily"), referenceDays: 4, features: 1, months: 0.1, seed: 5 };
  const result = new SimulatedModel(plan, knownFeatures(plan)).run();
  const lines = [0, 1].map((model) => ({ code: "", ...cell, model, ...result, alarms: 100 * model, months: 30 }));
  const rates = cellRates([cell], lines);
  expect(rates.map(({ rate }) => [rate.alarms, rate.months])).toEqual([[100, 60]]);
  expect(stableTable(rates)).toContain("| hour-of-day pattern of mean and rate | 0 | 60 | 100 | 1.67 (");
  expect(stableVerdicts(rates).map((verdict) => verdict.startsWith("- holds"))).toEqual([false, false, false, false]);
});

// Parts of `bench/calibration`: bounds that let looks be skipped, sliding counts, laws as tables, intervals and detectors.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Bits } from "../../bench/calibration/bits.ts";
import { changes } from "../../bench/calibration/changes.ts";
import { Adwin } from "../../bench/calibration/detectors/adwin.ts";
import { Cusum } from "../../bench/calibration/detectors/cusum.ts";
import { Ddm } from "../../bench/calibration/detectors/ddm.ts";
import { PageHinkley } from "../../bench/calibration/detectors/page-hinkley.ts";
import { equalShape } from "../../bench/calibration/equal-shape.ts";
import { rateOf } from "../../bench/calibration/intervals.ts";
import { kinds } from "../../bench/calibration/kinds.ts";
import { outcomeTable } from "../../bench/calibration/law.ts";
import { minutePool } from "../../bench/calibration/minute-pool.ts";
import { knownFeatures, settingsOf } from "../../bench/calibration/model.ts";
import { plot } from "../../bench/calibration/plot.ts";
import { normally } from "../../bench/calibration/regime.ts";
import { Screen } from "../../bench/calibration/screen.ts";
import { SlidingCounts } from "../../bench/calibration/sliding-counts.ts";
import { ToldCusum } from "../../bench/calibration/told-cusum.ts";
import type { Dispersion } from "../../src/stats/dispersion.ts";
import { psi } from "../../src/stats/psi.ts";

const [daily] = kinds.filter(({ name }) => name === "daily");

test("the bound of PSI is never below the PSI of the matched reference by more than its half observations", () => {
  const plan = {
    kind: daily as (typeof kinds)[number],
    minEffect: 0.02,
    referenceDays: 7,
    samplesPerDegree: 20,
    features: 1,
    months: 0,
    seed: 1,
  };
  const [known] = knownFeatures(plan);
  if (known === undefined) throw new Error("no feature");
  const { shape, reference } = known;
  const customs = reference.customs(3_600_000, true).bins as Dispersion;
  const screen = new Screen(reference, customs, settingsOf(plan), 1e-5, true);
  const bin = fc.nat({ max: 90 });
  const windows = fc.array(bin, { minLength: shape.binCount, maxLength: shape.binCount });
  fc.assert(
    fc.property(windows, fc.nat({ max: 23 }), fc.integer({ min: 0, max: 10 }), (counts, hour, tenths) => {
      const size = counts.reduce((sum, count) => sum + count, 0);
      fc.pre(size >= 500);
      const [before, share] = [(hour + 23) % 24, tenths / 10];
      const byHour = new Array<number>(24).fill(0);
      byHour[hour] = share * size;
      byHour[before] = size - share * size;
      const exact = psi(reference.matched(byHour), { counts, size });
      const window = Int32Array.from(counts);
      const bound = screen.psiBound(window, size, hour, before, share);
      expect(bound).toBeGreaterThan(0.99 * exact);
      expect(screen.mixedPsiBound(window, size, byHour)).toBeCloseTo(bound, 9);
    }),
  );
});

test("windows slide as sums over their minutes and hours do", () => {
  const [bins, outcomes, hours] = [3, 5, 60];
  const bits = new Bits(1, 2);
  const sliding = new SlidingCounts(bins, outcomes);
  const all = Array.from({ length: hours * 60 }, () => Array.from({ length: outcomes }, () => bits.below(4)));
  all.forEach((counts, minute) => {
    sliding.push(minute, Uint8Array.from(counts));
  });
  const sumOf = (from: number): number[] =>
    all
      .slice(from)
      .reduce((sum, counts) => sum.map((value, at) => value + (counts[at] as number)), new Array<number>(outcomes).fill(0));
  expect([...sliding.hour]).toEqual(sumOf(-60));
  expect([...sliding.day]).toEqual(sumOf(-24 * 60));
  const { counts, byHour } = sliding.hours(3, hours);
  expect([...counts]).toEqual(sumOf(-180));
  expect(byHour.reduce((sum, count) => sum + count, 0)).toBe(
    sumOf(-180)
      .slice(0, bins)
      .reduce((sum, count) => sum + count, 0),
  );
  expect(sliding.valuesOfHour).toBe(sliding.hourValues);
});

test("tables and pools have the probabilities that are asked for", () => {
  const shares = Float64Array.of(0.5, 0.3, 0.19, 0.01);
  const table = outcomeTable(shares);
  const pool = minutePool(new Bits(3, 4), shares, 16, 1024);
  shares.forEach((share, outcome) => {
    expect(Math.abs(table.filter((one) => one === outcome).length / table.length - share)).toBeLessThan(2 ** -12);
    const counted = pool.filter((_, at) => at % shares.length === outcome).reduce((sum, count) => sum + count, 0);
    expect(Math.abs(counted / pool.reduce((sum, count) => sum + count, 0) - share)).toBeLessThan(1e-4);
  });
});

// Exact limits of Poisson means: E. S. Pearson and H. O. Hartley, Biometrika Tables for Statisticians, table 40.
test.each([
  [[0], 0, 3.689],
  [[10], 4.795, 18.39],
  [[2, 3, 3, 2], 4.795, 18.39],
])("the interval of %j alarms is Garwood's", (counts, low, high) => {
  const rate = rateOf(counts, 1);
  expect(rate.low * rate.months).toBeCloseTo(low, 2);
  expect(rate.high * rate.months).toBeCloseTo(high, 2);
});

test("the interval is wider where the alarms are of few models", () => {
  expect(rateOf([10, 0, 0, 0], 1).high).toBeGreaterThan(1.5 * rateOf([3, 2, 3, 2], 1).high);
});

describe.each([
  ["CUSUM", () => new Cusum(), 1],
  ["Page-Hinkley", () => new PageHinkley(), 1],
  ["DDM", () => new Ddm(), 1],
  ["ADWIN", () => new Adwin(), 1],
] as const)("%s", (_, make, shift) => {
  test("says nothing of a value that stays, and finds one that rises", () => {
    const detector = make();
    const before = Array.from({ length: 2000 }, () => detector.take(0));
    const after = Array.from({ length: 2000 }, () => detector.take(shift));
    expect(before.some(Boolean)).toBe(false);
    expect(after.some(Boolean)).toBe(true);
  });
});

test("CUSUM that is told a change finds it, and says nothing without it", () => {
  const shape = equalShape();
  const change = changes.find(({ name }) => name === "missing from 1 % to 5 %");
  if (change === undefined) throw new Error("no such change");
  const cusum = new ToldCusum(shape, normally, change.regime(0), 1e6);
  const minute = new Uint8Array(shape.binCount + 2);
  minute[0] = 15;
  expect(Array.from({ length: 500 }, () => cusum.take(minute)).some(Boolean)).toBe(false);
  minute[shape.binCount] = 2;
  expect(Array.from({ length: 50 }, () => cusum.take(minute)).indexOf(true)).toBeGreaterThan(0);
});

test("the plot has a row a cell", () => {
  const cell = { kind: "daily", minEffect: 0.1, referenceDays: 84, samplesPerDegree: 20 };
  const picture = plot([{ cell, lines: [], rate: rateOf([1, 0], 6) }]);
  expect(picture).toContain("hour-of-day pattern");
  expect(picture.match(/<circle/g)?.length).toBe(3 + 1);
});

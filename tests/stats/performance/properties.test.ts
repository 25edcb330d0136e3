// What holds for any events: sums of parts add to the sums of the whole, metrics keep their ranges, weights only their proportions.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { averagePrecision } from "../../../src/stats/performance/average-precision.ts";
import * as binary from "../../../src/stats/performance/binary.ts";
import { calibrationError, debiasedSquaredCalibrationError } from "../../../src/stats/performance/calibration.ts";
import type { Estimate } from "../../../src/stats/performance/estimate.ts";
import { calibrationMap } from "../../../src/stats/performance/estimated-binary.ts";
import { isotonic } from "../../../src/stats/performance/isotonic.ts";
import { kishSize } from "../../../src/stats/performance/kish.ts";
import * as multiclass from "../../../src/stats/performance/multiclass.ts";
import { normalisedGain, reciprocalRank } from "../../../src/stats/performance/ranking.ts";
import { regressionSums } from "../../../src/stats/performance/regression-sums.ts";
import { deLong, rocAuc } from "../../../src/stats/performance/roc-auc.ts";
import { merged } from "./merged.ts";
import * as sums from "./sums-of-rows.ts";

fc.configureGlobal({ seed: 1 });

const edges = [0.1, 0.25, 0.5, 0.75, 0.9];
const limits = sums.limitsOf(edges);
const row = fc.record({
  // Multiples of 1/64: sums of them are exact, so merging can be compared exactly.
  score: fc.integer({ min: 0, max: 64 }).map((part) => part / 64),
  label: fc.constantFrom<0 | 1>(0, 1),
  prediction: fc.constantFrom<0 | 1>(0, 1),
});
const rows = fc.array(row, { maxLength: 200 });
const confusions = fc
  .array(fc.integer({ min: 0, max: 50 }), { minLength: 9, maxLength: 9 })
  .map((counts) => ({ counts, weightSquares: counts.reduce((all, count) => all + count, 0) }));

function within(estimate: Estimate, low: number, high: number): void {
  if (Number.isNaN(estimate.value)) return;
  expect(estimate.value).toBeGreaterThanOrEqual(low);
  expect(estimate.value).toBeLessThanOrEqual(high + 1e-12);
  if (Number.isNaN(estimate.lower)) {
    expect(estimate.upper).toBeNaN();
    return;
  }
  expect(estimate.lower).toBeLessThanOrEqual(estimate.value + 1e-12);
  expect(estimate.upper).toBeGreaterThanOrEqual(estimate.value - 1e-12);
  expect(estimate.lower).toBeGreaterThanOrEqual(low - 1e-12);
  expect(estimate.upper).toBeLessThanOrEqual(high + 1e-12);
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("sums of two parts, merged, are those of the whole", () => {
  const kinds = {
    counts: sums.binaryCounts,
    histogram: (of: readonly sums.Scored[]) => sums.scoreHistogram(of, edges),
    calibration: sums.calibrationSums,
    losses: (of: readonly sums.Scored[]) => sums.moments(of.map(({ score }) => score)),
  };
  test.each(Object.keys(kinds) as (keyof typeof kinds)[])("%s", (kind) => {
    fc.assert(
      fc.property(rows, rows, (one, other) => {
        const of = kinds[kind] as (of: readonly object[]) => object;
        expect(plain(merged(of(one), of(other)))).toEqual(plain(of([...one, ...other])));
        expect(plain(merged(of(other), of(one)))).toEqual(plain(of([...one, ...other])));
      }),
    );
  });

  test("bins that differ cannot be merged", () => {
    const [six, two] = [sums.scoreHistogram([], edges), sums.scoreHistogram([], [0.5])];
    expect(() => merged(six, two)).toThrow("positives: 6 and 2 bins");
  });

  test("the order of adding regressions does not matter", () => {
    const whole = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(fc.array(fc.tuple(whole, whole), { minLength: 1, maxLength: 30 }), (pairs) => {
        const all = pairs.map(([prediction, label]) => regressionSums(prediction, label, { anchor: 7, floor: 2048 }));
        expect(all.reduce(merged)).toEqual(all.toReversed().reduce(merged));
      }),
    );
  });
});

describe("ranges, and intervals around values", () => {
  test("of a binary classifier", () => {
    fc.assert(
      fc.property(rows, (of) => {
        const counts = sums.binaryCounts(of);
        const metrics = [binary.accuracy, binary.precision, binary.recall, binary.f1, binary.specificity];
        for (const metric of [...metrics, binary.falsePositiveRate, binary.balancedAccuracy]) within(metric(counts), 0, 1);
        const histogram = sums.scoreHistogram(of, edges);
        within(rocAuc(histogram, limits), 0, 1);
        within(averagePrecision(histogram, limits), 0, 1);
        within(calibrationError(sums.calibrationSums(of)), 0, 1);
        within(debiasedSquaredCalibrationError(sums.calibrationSums(of)), -1, 1);
      }),
      { numRuns: 500 },
    );
  });

  test("of several classes", () => {
    fc.assert(
      fc.property(confusions, (matrix) => {
        within(multiclass.multiclassAccuracy(matrix), 0, 1);
        within(multiclass.multiclassBalancedAccuracy(matrix), 0, 1);
        for (const averaging of ["macro", "weighted"] as const) {
          within(multiclass.averagedPrecision(matrix, averaging), 0, 1);
          within(multiclass.averagedF1(matrix, averaging), 0, 1);
        }
        const recall = multiclass.averagedRecall(matrix, "weighted").value;
        if (!Number.isNaN(recall)) expect(recall).toBeCloseTo(multiclass.multiclassAccuracy(matrix).value, 12);
      }),
    );
  });

  test("of lists: the best order has a gain of 1", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 12 }), fc.integer({ min: 1, max: 12 }), (gains, k) => {
        const gain = normalisedGain(gains, k);
        if (!Number.isNaN(gain)) expect(gain).toBeLessThanOrEqual(1 + 1e-12);
        const best = gains.toSorted((a, b) => b - a);
        if ((best[0] ?? 0) > 0) expect(normalisedGain(best, k)).toBe(1);
        expect(reciprocalRank(gains)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("the area under the curve, where no bin is shared by two scores", () => {
  const fine = Array.from({ length: 64 }, (_, index) => (index + 0.5) / 64);
  const distinct = fc.uniqueArray(row, { minLength: 4, maxLength: 60, selector: ({ score }) => score });
  /** By event of the one class, the share of the other that it is on the right side of. */
  const placements = (of: readonly sums.Scored[], own: 0 | 1): number[] => {
    const others = of.filter(({ label }) => label !== own);
    const side = own === 1 ? 1 : -1;
    return of
      .filter(({ label }) => label === own)
      .map(
        ({ score }) => others.reduce((sum, other) => sum + 0.5 + (side * Math.sign(score - other.score)) / 2, 0) / others.length,
      );
  };
  const variance = (values: readonly number[]): number => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1) / values.length;
  };

  test("is that of all pairs, ties counting half", () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), (of) => {
        const wins = placements(of, 1);
        const own = rocAuc(sums.scoreHistogram(of, fine), sums.limitsOf(fine)).value;
        const pairs = wins.length * (of.length - wins.length);
        if (pairs > 0) expect(own).toBeCloseTo(wins.reduce((sum, win) => sum + win, 0) / wins.length, 12);
        else expect(own).toBeNaN();
      }),
    );
  });

  test("has DeLong's standard error of the variances of placements", () => {
    fc.assert(
      fc.property(distinct, (of) => {
        const [positive, negative] = [placements(of, 1), placements(of, 0)];
        fc.pre(positive.length > 1 && negative.length > 1);
        const { standardError } = deLong(sums.scoreHistogram(of, fine), sums.limitsOf(fine));
        expect(standardError).toBeCloseTo(Math.sqrt(variance(positive) + variance(negative)), 12);
      }),
    );
  });
});

test("weights that are all alike change nothing", () => {
  const times = (value: unknown, factor: number): unknown => {
    if (typeof value === "number") return value * factor;
    if (ArrayBuffer.isView(value)) return (value as Float64Array).map((one) => one * factor);
    const fields = Object.entries(value as object).map(([name, one]) => {
      return [name, times(one, name.toLowerCase().endsWith("weightsquares") ? factor * factor : factor)];
    });
    return Object.fromEntries(fields);
  };
  fc.assert(
    fc.property(rows, fc.constantFrom(0.25, 0.5, 2, 8), (of, factor) => {
      const [counts, histogram] = [sums.binaryCounts(of), sums.scoreHistogram(of, edges)];
      const heavier = times(histogram, factor) as typeof histogram;
      expect(binary.f1(times(counts, factor) as typeof counts)).toEqual(binary.f1(counts));
      expect(rocAuc(heavier, limits)).toEqual(rocAuc(histogram, limits));
      expect(averagePrecision(heavier, limits)).toEqual(averagePrecision(histogram, limits));
    }),
  );
  expect(kishSize(300, 900)).toBe(100);
});

describe("isotonic regression", () => {
  const points = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 9 })), {
    maxLength: 40,
  });

  test("does not fall, keeps the mean, and changes nothing when done again", () => {
    fc.assert(
      fc.property(points, (of) => {
        const [values, weights] = [of.map(([value]) => value), of.map(([, weight]) => weight)];
        const fitted = isotonic(values, weights);
        if (weights.every((weight) => weight === 0)) {
          expect(fitted.every(Number.isNaN)).toBe(true);
          return;
        }
        fitted.forEach((value, place) => {
          if (place > 0) expect(value).toBeGreaterThanOrEqual(fitted[place - 1] as number);
        });
        const sum = (list: ArrayLike<number>): number =>
          weights.reduce((all, weight, place) => all + weight * (list[place] as number), 0);
        expect(sum(fitted)).toBeCloseTo(sum(values), 9);
        expect([...isotonic(fitted, weights)]).toEqual([...fitted]);
      }),
    );
  });

  test("of shares is a map of probabilities", () => {
    fc.assert(
      fc.property(rows, (of) => {
        for (const share of calibrationMap(sums.scoreHistogram(of, edges))) {
          if (of.length > 0) expect(share >= 0 && share <= 1).toBe(true);
        }
      }),
    );
  });
});

// Metrics of small examples whose values are published.
import { describe, expect, test } from "vitest";
import { averagePrecision } from "../../../src/stats/performance/average-precision.ts";
import * as binary from "../../../src/stats/performance/binary.ts";
import { calibrationError, debiasedSquaredCalibrationError } from "../../../src/stats/performance/calibration.ts";
import { histogramQuantile } from "../../../src/stats/performance/error-quantiles.ts";
import { isotonic } from "../../../src/stats/performance/isotonic.ts";
import { kishSize } from "../../../src/stats/performance/kish.ts";
import { amongHighest, brier, isClipped, logLoss } from "../../../src/stats/performance/losses.ts";
import { mean, positiveMean, variance } from "../../../src/stats/performance/moments.ts";
import { meanOfProportions, proportion } from "../../../src/stats/performance/proportion.ts";
import { clickThroughRate, hit, normalisedGain, reciprocalRank } from "../../../src/stats/performance/ranking.ts";
import * as regression from "../../../src/stats/performance/regression.ts";
import { regressionSums } from "../../../src/stats/performance/regression-sums.ts";
import { deLong, rocAuc } from "../../../src/stats/performance/roc-auc.ts";
import { merged } from "./merged.ts";
import * as sums from "./sums-of-rows.ts";

const meanOf = (values: readonly number[]): number => positiveMean(sums.moments(values)).value;

describe("proportions", () => {
  // R. G. Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])("Wilson's interval of %d of %d", (hits, size, lower, upper) => {
    const own = proportion(hits, size);
    expect(own.lower).toBeCloseTo(lower, 4);
    expect(own.upper).toBeCloseTo(upper, 4);
  });

  test("none of nothing, and a mean that is only as sure as its parts", () => {
    expect(proportion(0, 0)).toEqual({ value: Number.NaN, lower: Number.NaN, upper: Number.NaN, samples: 0 });
    const none = meanOfProportions([proportion(0, 20), proportion(20, 20)]);
    expect(none.value).toBe(0.5);
    expect(none.upper).toBeCloseTo(0.5 + 0.1611 / 2, 4);
    expect(none.lower).toBeCloseTo(0.5 - 0.1611 / 2, 4);
  });

  // The example of sklearn.metrics.balanced_accuracy_score; the other values by hand.
  test("decisions of six predictions", () => {
    const [labels, predictions] = [
      [0, 1, 0, 0, 1, 0],
      [0, 1, 0, 0, 0, 1],
    ];
    const counts = sums.binaryCounts(labels.map((label, index) => ({ label, prediction: predictions[index] })));
    expect(binary.balancedAccuracy(counts).value).toBe(0.625);
    expect(binary.accuracy(counts).value).toBe(4 / 6);
    expect(binary.precision(counts).value).toBe(0.5);
    expect(binary.f1(counts).value).toBe(0.5);
    expect(binary.falsePositiveRate(counts).value).toBe(0.25);
    expect(binary.f1(counts).lower).toBeLessThan(0.5);
  });
});

describe("ranking by score", () => {
  // The example of sklearn.metrics.roc_auc_score and average_precision_score.
  const rows: sums.Scored[] = [
    { score: 0.1, label: 0 },
    { score: 0.4, label: 0 },
    { score: 0.35, label: 1 },
    { score: 0.8, label: 1 },
  ];
  const edges = [0.2, 0.38, 0.6];
  const histogram = sums.scoreHistogram(rows, edges);

  test("areas of four predictions", () => {
    expect(rocAuc(histogram, sums.limitsOf(edges)).value).toBe(0.75);
    expect(averagePrecision(histogram, sums.limitsOf(edges)).value).toBeCloseTo(0.8333, 4);
    expect(rocAuc(histogram, sums.limitsOf(edges)).lower).toBeNaN();
  });

  test("DeLong's standard error is that of placements", () => {
    // Positives lie above 1/2 and 1 of negatives, negatives below 1 and 1/2 of positives: variances of 1/8, by 2 each.
    expect(deLong(histogram, sums.limitsOf(edges)).standardError).toBeCloseTo(Math.sqrt(1 / 8), 12);
  });

  test("the order of one positive and one negative in a bin is known", () => {
    const pair = (positive: number, negative: number) =>
      sums.scoreHistogram(
        [
          { score: positive, label: 1 },
          { score: negative, label: 0 },
        ],
        [],
      );
    expect(rocAuc(pair(0.6, 0.5), [0, 1]).value).toBe(1);
    expect(rocAuc(pair(0.5, 0.6), [0, 1]).value).toBe(0);
    expect(rocAuc(pair(0.5, 0.5), [0, 1]).value).toBe(0.5);
  });
});

describe("losses", () => {
  // The examples of sklearn.metrics: log_loss, brier_score_loss, top_k_accuracy_score.
  test("log loss, Brier's score, and whether the label is among the highest", () => {
    expect(meanOf([0.9, 0.9, 0.8, 0.65].map(logLoss))).toBeCloseTo(0.21616, 5);
    expect(meanOf([brier(0.1, 0), brier(0.9, 1), brier(0.8, 1), brier(0.3, 0)])).toBeCloseTo(0.0375, 12);
    const rows = [
      [0.5, 0.2, 0.2],
      [0.3, 0.4, 0.2],
      [0.2, 0.4, 0.3],
      [0.7, 0.2, 0.1],
    ];
    expect([0, 1, 2, 2].map((label, index) => amongHighest(rows[index] as number[], label, 2))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  test("a certain error loses 36, and is counted", () => {
    expect(logLoss(0)).toBeCloseTo(36.0437, 4);
    expect(logLoss(1)).toBeGreaterThanOrEqual(0);
    expect([0, 1, 0.5, 1e-15].map(isClipped)).toEqual([true, true, false, false]);
  });

  test("calibration: two bins, and what chance adds", () => {
    const bins = { counts: [10, 10], scores: [1, 8], labels: [2, 8], weightSquares: 20, scoreVariance: 1 };
    expect(calibrationError(bins).value).toBeCloseTo(0.05, 12);
    // ((0.1)^2 - 0.2 0.8 / 9 + 0 - 0.8 0.2 / 9) / 2.
    expect(debiasedSquaredCalibrationError(bins).value).toBeCloseTo((0.01 - 0.32 / 9) / 2, 12);
  });

  test("a mean has no interval below 300 observations, and that of the central limit theorem above", () => {
    const few = sums.moments(Array.from({ length: 299 }, (_, index) => index % 2));
    expect(mean(few).lower).toBeNaN();
    const many = sums.moments(Array.from({ length: 400 }, (_, index) => index % 2));
    expect(variance(many)).toBeCloseTo((0.25 * 400) / 399, 12);
    expect(mean(many).lower).toBeCloseTo(0.5 - (1.959964 * 0.5) / Math.sqrt(399), 6);
  });
});

describe("regression", () => {
  // The examples of sklearn.metrics: mean_absolute_error, mean_squared_error, r2_score, mean_absolute_percentage_error.
  const labels = [3, -0.5, 2, 7];
  const predictions = [2.5, 0, 2, 8];
  const all = labels
    .map((label, index) => regressionSums(predictions[index] as number, label, { anchor: 3, floor: 0.1 }))
    .reduce(merged);

  test("of four predictions", () => {
    expect(regression.meanAbsoluteError(all).value).toBe(0.5);
    expect(regression.rootMeanSquaredError(all).value).toBeCloseTo(Math.sqrt(0.375), 12);
    expect(regression.determination(all).value).toBeCloseTo(0.9486, 4);
    expect(regression.meanAbsolutePercentage(all).value).toBeCloseTo(0.3274, 4);
    expect(regression.weightedAbsolutePercentage(all).value).toBe(2 / 12.5);
    expect(regression.bias(all).value).toBe(0.25);
    expect(all.floored).toBe(0);
  });

  test("small labels count as the floor, and are counted", () => {
    const one = regressionSums(1, 0, { anchor: 0, floor: 2 });
    expect(regression.meanAbsolutePercentage(one).value).toBe(0.5);
    expect(one.floored).toBe(1);
  });

  test("labels far from 0 keep the digits of their spread", () => {
    const far = labels.map((label, index) => {
      return regressionSums((predictions[index] as number) + 2 ** 40, label + 2 ** 40, { anchor: 2 ** 40, floor: 1 });
    });
    expect(regression.determination(far.reduce(merged)).value).toBeCloseTo(regression.determination(all).value, 12);
  });

  test("quantiles of a histogram, with the interval of ranks", () => {
    const histogram = { edges: [0, 1, 2, 4], counts: [100, 200, 100], weightSquares: 400 };
    expect(histogramQuantile(histogram, 0.5).value).toBe(1.5);
    expect(histogramQuantile(histogram, 0.875).value).toBe(3);
    // 0.5 ± 1.959964 sqrt(1 / 1600): ranks 180.4 and 219.6 of 400.
    expect(histogramQuantile(histogram, 0.5).lower).toBeCloseTo(1 + 80.4 / 200, 4);
    expect(histogramQuantile({ ...histogram, counts: [0, 0, 0] }, 0.5).value).toBeNaN();
    expect(histogramQuantile({ edges: [0, 1], counts: [50], weightSquares: 50 }, 0.9).lower).toBeNaN();
  });
});

describe("lists", () => {
  test("discounted gains of six items", () => {
    // K. Järvelin and J. Kekäläinen's measure for relevances 3 2 3 0 1 2: DCG 6.861, best order 7.141.
    expect(normalisedGain([3, 2, 3, 0, 1, 2], 6)).toBeCloseTo(6.861 / 7.141, 3);
    expect(normalisedGain([0, 0], 2)).toBeNaN();
  });

  test("ranks of first hits 3, 2 and 1 have a mean reciprocal of 11/18", () => {
    const lists = [
      [0, 0, 1],
      [0, 1, 0],
      [1, 0, 0],
    ];
    expect(meanOf(lists.map(reciprocalRank))).toBeCloseTo(11 / 18, 12);
    expect(lists.map((list) => hit(list, 2))).toEqual([0, 1, 1]);
    expect(clickThroughRate([1, 0, 2, 0])).toBe(0.5);
    expect(clickThroughRate([])).toBeNaN();
  });
});

test("pooled violators, places without weight between their neighbours", () => {
  expect([...isotonic([1, 3, 2, 4], [1, 1, 1, 1])]).toEqual([1, 2.5, 2.5, 4]);
  expect([...isotonic([4, 1], [1, 3])]).toEqual([1.75, 1.75]);
  expect([...isotonic([Number.NaN, 1, Number.NaN, 2, Number.NaN], [0, 1, 0, 1, 0])]).toEqual([1, 1, 1.5, 2, 2]);
  expect([...isotonic([1], [0])]).toEqual([Number.NaN]);
});

test("Kish's size of two weights", () => {
  expect(kishSize(4, 10)).toBe(1.6);
  expect(kishSize(0, 0)).toBe(0);
});

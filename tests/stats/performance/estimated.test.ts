// Performance without labels: right where a score means what it meant, and known to be wrong where it does not.
import { describe, expect, test } from "vitest";
import { accuracy } from "../../../src/stats/performance/binary.ts";
import { calibrationMap, estimatedBinary, expectedCounts } from "../../../src/stats/performance/estimated-binary.ts";
import { estimatedLoss } from "../../../src/stats/performance/estimated-loss.ts";
import { noMoments } from "../../../src/stats/performance/moments.ts";
import { greatestGap, typicalGap } from "../../../src/stats/performance/trust.ts";
import * as sums from "./sums-of-rows.ts";

describe("binary", () => {
  const edges = [0.5];
  const histogram = { positives: [2, 9], negatives: [8, 1] };

  test("the map is the share of positives by bin, made monotone", () => {
    expect([...calibrationMap(histogram)]).toEqual([0.2, 0.9]);
    expect([...calibrationMap({ positives: [9, 2], negatives: [1, 8] })]).toEqual([0.55, 0.55]);
  });

  test("the reference's own predictions have the reference's accuracy", () => {
    const predictions = { counts: [10, 10], predictedPositives: [0, 10], weightSquares: 20 };
    const counts = expectedCounts(predictions, calibrationMap(histogram));
    expect(accuracy(counts).value).toBeCloseTo(17 / 20, 12);
    const own = estimatedBinary(predictions, calibrationMap(histogram));
    expect(own.recall.value).toBeCloseTo(9 / 11, 12);
    expect(own.precision.value).toBeCloseTo(0.9, 12);
    expect(own.falsePositiveRate.value).toBeCloseTo(1 / 9, 12);
    expect(own.accuracy.lower).toBeNaN();
    // (9 x 8 + (2 x 8 + 9 x 1) / 2) of 11 x 9 pairs.
    expect(own.rocAuc.value).toBeCloseTo(84.5 / 99, 12);
  });

  test("the threshold may divide a bin", () => {
    const rows = [0.6, 0.7, 0.8].map((score) => ({ score, prediction: score > 0.65 ? 1 : 0 }));
    const counts = expectedCounts(sums.predictionHistogram(rows, edges), [0.2, 0.9]);
    expect(counts.truePositives).toBeCloseTo(1.8, 12);
    expect(counts.falseNegatives).toBeCloseTo(0.9, 12);
  });
});

describe("losses by bin", () => {
  const bin = (count: number, loss: number) => ({
    count,
    weightSquares: count,
    sum: count * loss,
    squares: count * (loss ** 2 + 1),
  });

  test("are weighted by the present mix", () => {
    const own = estimatedLoss([bin(101, 1), bin(101, 5)], [1, 3]);
    expect(own.value).toBe(4);
    // Variances of 1 by 100, shares of 1/4 and 3/4.
    expect(own.upper).toBeCloseTo(4 + 1.959964 * Math.sqrt((1 / 16 + 9 / 16) / 100), 6);
  });

  test("have no interval from few rows, and no value where the reference knows nothing", () => {
    expect(estimatedLoss([bin(101, 1), bin(20, 5)], [1, 3]).lower).toBeNaN();
    expect(estimatedLoss([bin(101, 1), noMoments], [95, 5]).value).toBeNaN();
    expect(estimatedLoss([bin(101, 1), noMoments], [1000, 5]).value).toBe(1);
    expect(estimatedLoss([bin(101, 1)], [0]).value).toBeNaN();
  });
});

test("a typical gap is the root mean square", () => {
  expect([typicalGap([]), greatestGap([])]).toEqual([Number.NaN, Number.NaN]);
  expect(greatestGap([-0.3, 0.2])).toBe(0.3);
  expect(typicalGap([-0.3, 0.4])).toBeCloseTo(Math.sqrt(0.125), 12);
});

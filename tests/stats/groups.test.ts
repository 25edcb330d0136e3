// Moments and quantiles of grouped values against the same numbers computed from the values themselves.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Group, groupedQuantiles, pooledMoments } from "../../src/stats/groups.ts";

/** Groups of values as bins make them: (lower, upper], the first and last open. */
function grouped(values: readonly number[], edges: readonly number[]): Group[] {
  return [...edges, Number.POSITIVE_INFINITY].map((upper, index) => {
    const lower = edges[index - 1] ?? Number.NEGATIVE_INFINITY;
    const inside = values.filter((value) => value > lower && value <= upper);
    return { ...moments(inside), lower, upper };
  });
}

/** Squares of less are rounded to what a number can hold at all. */
const smallest = 1e-300;

/** Two passes: the textbook's definition. */
function moments(values: readonly number[]): { count: number; mean: number; variance: number } {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  return { count, mean, variance };
}

const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const values = fc.array(value, { minLength: 1, maxLength: 300, size: "max" });
const edges = fc
  .uniqueArray(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 20 })
  .map((all) => all.sort((a, b) => a - b));

describe("moments", () => {
  test("of any groups are those of all values", () => {
    fc.assert(
      fc.property(values, edges, (all, cuts) => {
        const expected = moments(all);
        const found = pooledMoments(grouped(all, cuts));
        const size = Math.max(...all.map(Math.abs), 1e-300);
        expect(found.count).toBe(expected.count);
        expect(Math.abs(found.mean - expected.mean)).toBeLessThanOrEqual(1e-12 * size);
        expect(Math.abs(found.standardDeviation ** 2 - expected.variance)).toBeLessThanOrEqual(1e-11 * size ** 2 + smallest);
      }),
      { numRuns: 500 },
    );
  });

  test("do not lose digits where values are far from zero", () => {
    const far = Array.from({ length: 1000 }, (_, index) => 1e9 + (index % 10));
    const { mean, standardDeviation } = pooledMoments(grouped(far, [1e9 + 2, 1e9 + 5]));
    expect(mean).toBeCloseTo(1e9 + 4.5, 6);
    // The variance of ten equally likely whole numbers is (10^2 - 1) / 12.
    expect(standardDeviation).toBeCloseTo(Math.sqrt(99 / 12), 6);
  });

  test("of nothing are not known", () => {
    expect(pooledMoments([])).toEqual({ count: 0, mean: Number.NaN, standardDeviation: Number.NaN });
    expect(pooledMoments(grouped([], [0]))).toEqual({ count: 0, mean: Number.NaN, standardDeviation: Number.NaN });
  });

  test("of one value are that value and no deviation", () => {
    expect(pooledMoments(grouped([3.25], [0, 10]))).toEqual({ count: 1, mean: 3.25, standardDeviation: 0 });
  });
});

describe("quantiles", () => {
  const probabilities = [0, 0.05, 0.5, 0.95, 0.99, 1];

  test("lie in the bin of the value that has that rank", () => {
    fc.assert(
      fc.property(values, edges, (all, cuts) => {
        const groups = grouped(all, cuts);
        const sorted = [...all].sort((a, b) => a - b);
        groupedQuantiles(groups, probabilities).forEach((quantile, index) => {
          // The rank is between two values where it is a whole number: either bin is right, and what lies between.
          const rank = (probabilities[index] as number) * all.length;
          const below = groups.find(({ lower, upper }) => holds(lower, upper, sorted[Math.max(0, Math.ceil(rank - 1e-9) - 1)]));
          const above = groups.find(({ lower, upper }) =>
            holds(lower, upper, sorted[Math.min(all.length - 1, Math.floor(rank + 1e-9))]),
          );
          const slack = 1e-9 * Math.max(1, Math.abs(quantile));
          expect(quantile).toBeGreaterThanOrEqual((below as Group).lower - slack);
          expect(quantile).toBeLessThanOrEqual((above as Group).upper + slack);
        });
      }),
      { numRuns: 500 },
    );
  });

  test("never fall as the probability grows, and are finite", () => {
    fc.assert(
      fc.property(values, edges, (all, cuts) => {
        const found = groupedQuantiles(
          grouped(all, cuts),
          Array.from({ length: 101 }, (_, index) => index / 100),
        );
        expect(found.every(Number.isFinite)).toBe(true);
        for (let index = 1; index < found.length; index++) {
          const before = found[index - 1] as number;
          expect((found[index] as number) - before).toBeGreaterThanOrEqual(-1e-9 * Math.max(1, Math.abs(before)));
        }
      }),
    );
  });

  test("of values that are spread evenly are those of the even spread", () => {
    const even = Array.from({ length: 1000 }, (_, index) => index + 1);
    const [low, median, high] = groupedQuantiles(grouped(even, [0, 100, 250, 500, 750, 1000]), [0.05, 0.5, 0.95]);
    expect(low).toBeCloseTo(50, 9);
    expect(median).toBeCloseTo(500, 9);
    expect(high).toBeCloseTo(950, 9);
  });

  test("in an open bin lie about its mean", () => {
    const [median] = groupedQuantiles(grouped([11, 12, 13, 14, 15], [10]), [0.5]);
    expect(median).toBeCloseTo(13, 12);
    const [low] = groupedQuantiles(grouped([-5, -4, -3], [0]), [0.5]);
    expect(low).toBeCloseTo(-4, 12);
  });

  test("of one repeated value are that value", () => {
    expect(groupedQuantiles(grouped([7, 7, 7, 7], [5, 10]), [0.05, 0.5, 0.99])).toEqual([7, 7, 7]);
    expect(groupedQuantiles(grouped([0, 0, 0], [-1, 1]), [0.5])).toEqual([0]);
  });

  test("of nothing are not known", () => {
    expect(groupedQuantiles([], [0.5, 0.9])).toEqual([Number.NaN, Number.NaN]);
    expect(groupedQuantiles(grouped([], [0]), [0.5])).toEqual([Number.NaN]);
  });
});

function holds(lower: number, upper: number, one: number | undefined): boolean {
  return one !== undefined && one > lower && one <= upper;
}

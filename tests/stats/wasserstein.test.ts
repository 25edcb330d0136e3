// The Wasserstein distance from bins: never above that of the numbers themselves, and how near to it.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wasserstein } from "../../src/stats/wasserstein.ts";
import { binnedNumbers, exactWasserstein, once } from "./binned-numbers.ts";

const numbers = fc.array(fc.oneof(fc.double({ min: -10, max: 10, noNaN: true }), fc.integer({ min: -12, max: 12 })), {
  minLength: 1,
  maxLength: 60,
});
const edgesOf = fc
  .uniqueArray(fc.double({ min: -8, max: 8, noNaN: true }), { maxLength: 6, comparator: (a, b) => a + 0 === b + 0 })
  .map((edges) => edges.sort((a, b) => a - b));

function fromBins(one: readonly number[], other: readonly number[], edges: readonly number[]): number {
  return wasserstein(binnedNumbers(one, edges).parts, binnedNumbers(other, edges).parts, edges);
}

describe("wasserstein", () => {
  test("is never above the distance of the raw values, for any edges", () => {
    fc.assert(
      fc.property(numbers, numbers, edgesOf, (one, other, edges) => {
        const exact = exactWasserstein(once(one), once(other));
        expect(fromBins(one, other, edges)).toBeLessThanOrEqual(exact * (1 + 1e-12) + 1e-12);
      }),
      { numRuns: 2000 },
    );
  });

  test("is that distance where one lies above the other everywhere", () => {
    const moved = fc.array(fc.tuple(fc.double({ min: -10, max: 10, noNaN: true }), fc.double({ min: 0, max: 5, noNaN: true })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(moved, edgesOf, (pairs, edges) => {
        const [one, other] = [pairs.map(([value]) => value), pairs.map(([value, by]) => value + by)];
        expect(fromBins(one, other, edges)).toBeCloseTo(exactWasserstein(once(one), once(other)), 10);
      }),
    );
  });

  test("of a shift is the shift, also of large numbers that are close together", () => {
    const edges = [-1, 0, 0.5, 3];
    const values = [-4, -0.5, 0.1, 0.2, 2, 3.5];
    const moved = values.map((value) => value + 0.75);
    const far = 2 ** 40;
    expect(fromBins(values, moved, edges)).toBeCloseTo(0.75, 12);
    const shifted = (all: readonly number[]): number[] => all.map((value) => value + far);
    expect(fromBins(shifted(values), shifted(moved), shifted(edges))).toBeCloseTo(0.75, 3);
  });

  test("sees nothing of values that move apart inside of a bin about the same mean, and all of it with an edge there", () => {
    const [one, other] = [
      [0.5, 0.5],
      [0.2, 0.8],
    ];
    expect(fromBins(one, other, [0, 1])).toBe(0);
    expect(fromBins(one, other, [0, 0.5, 1])).toBeCloseTo(exactWasserstein(once(one), once(other)), 12);
  });

  test("takes off what sums may be off by, and is not below 0", () => {
    const edges = [0, 1];
    const [one, other] = [binnedNumbers([0.25, 0.25], edges).parts, binnedNumbers([0.75], edges).parts];
    const off = (within: number): number => wasserstein({ ...one, offsetsWithin: [0, within, 0] }, other, edges);
    expect([off(0), off(0.5), off(4)]).toEqual([0.5, 0.25, 0]);
  });

  test("is not known where no bound of a sum is, where a sample is empty, and beyond what doubles hold", () => {
    const one = binnedNumbers([1, 2], []).parts;
    expect(wasserstein(one, binnedNumbers([4], []).parts, [])).toBe(2.5);
    expect(wasserstein(one, { ...one, offsetsWithin: [Number.NaN] }, [])).toBeNaN();
    expect(fromBins([], [1], [0])).toBeNaN();
    expect(fromBins([-1.7e308], [1.7e308], [-1.7e308, 1.7e308])).toBeNaN();
  });
});

// The Wasserstein distance from bins: never above that of the numbers themselves, and how near to it.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leastBeyond, mostBeyond } from "../../src/stats/stop-loss.ts";
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
  return wasserstein(binnedNumbers(one, edges), binnedNumbers(other, edges), edges);
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

  test("sees a wider spread about the same mean in one bin, which sums alone do not", () => {
    // The exact one is 0.3; two values about 0.5, and one value there, have 2 x 0.3^2 at least.
    expect(fromBins([0.5, 0.5], [0.2, 0.8], [0, 1])).toBeCloseTo(0.18, 5);
    // At both ends of the bin nothing is left open.
    expect(fromBins([0.5, 0.5], [1e-9, 1], [0, 1])).toBeCloseTo(0.5, 5);
  });

  test("sees values that moved both ways in an open bin", () => {
    // The exact one is 1. Sums alone see nothing: half of the values are twice as far beyond the edge.
    expect(fromBins([1, 1], [0, 2], [0])).toBeCloseTo(1, 5);
  });

  test("takes off what sums may be off by, and is not below 0", () => {
    const edges = [0, 1];
    const [one, other] = [binnedNumbers([0.25, 0.25], edges), binnedNumbers([0.75], edges)];
    const off = (within: number): number => wasserstein({ ...one, offsetsWithin: [0, within, 0] }, other, edges);
    expect([off(0), off(0.5), off(4)]).toEqual([0.5, 0.25, 0]);
  });
});

describe("stop-loss bounds", () => {
  const length = 4;
  const inside = fc.array(fc.oneof(fc.double({ min: 0, max: length, noNaN: true }), fc.constantFrom(0, 1, 3, length)), {
    minLength: 1,
    maxLength: 20,
  });
  const point = fc.double({ min: 0.01, max: length - 0.01, noNaN: true });

  function momentsOf(values: readonly number[]): readonly [number, number] {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length];
  }

  test("enclose that of any values in the range, and without an upper end more loosely", () => {
    fc.assert(
      fc.property(inside, point, (values, at) => {
        const [mean, variance] = momentsOf(values);
        const own = values.reduce((sum, value) => sum + Math.max(0, value - at), 0) / values.length;
        const [least, most] = [leastBeyond(at, mean, variance, length), mostBeyond(at, mean, variance, length)];
        expect(least).toBeLessThanOrEqual(own + 1e-9);
        expect(most).toBeGreaterThanOrEqual(own - 1e-7);
        expect(leastBeyond(at, mean, variance, Number.POSITIVE_INFINITY)).toBeLessThanOrEqual(least + 1e-9);
        expect(mostBeyond(at, mean, variance, Number.POSITIVE_INFINITY)).toBeGreaterThanOrEqual(most - 1e-7);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ["two values about the point", [1, 3], 2, 0.5],
    ["the lower one at 0", [0, 0, 3], 1, 2 / 3],
    ["the upper one at the end", [4, 1, 1], 3, 1 / 3],
    ["one value below", [1], 2, 0],
  ] as const)("the most is reached: %s", (_, values, at, most) => {
    const [mean, variance] = momentsOf(values);
    expect(mostBeyond(at, mean, variance, length)).toBeCloseTo(most, 12);
  });

  test.each([
    ["values at 0, the point and the end", [0, 2, 4], 2, 2 / 3],
    ["all above", [3, 3], 2, 1],
    ["all below", [1, 1], 2, 0],
  ] as const)("the least is reached: %s", (_, values, at, least) => {
    const [mean, variance] = momentsOf(values);
    expect(leastBeyond(at, mean, variance, length)).toBeCloseTo(least, 12);
  });

  test("the most ascends with the variance: a variance that is too large makes no bound wrong", () => {
    const number = fc.double({ min: 0, max: 20, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: 0, max: length, noNaN: true }), number, number, point, (mean, variance, more, at) => {
        for (const end of [length, Number.POSITIVE_INFINITY]) {
          expect(mostBeyond(at, mean, variance + more, end)).toBeGreaterThanOrEqual(mostBeyond(at, mean, variance, end) - 1e-9);
        }
      }),
    );
  });
});

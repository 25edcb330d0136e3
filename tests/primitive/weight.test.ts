// Weights and targets: rounded so that sums are exact in any order.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Reader, Writer } from "../../src/primitive/bytes.ts";
import { mostTarget, TargetSum } from "../../src/primitive/target.ts";
import { effectiveSamples, maxWeight, quantisedWeight, squaredWeight } from "../../src/primitive/weight.ts";

describe("a weight", () => {
  test.each([
    [1, 1],
    [33.3, 33.30078125],
    [2.5, 2.5],
    [1e-9, 2 ** -8],
    [1e9, maxWeight],
  ])("%d counts as %d", (weight, quantised) => {
    expect(quantisedWeight(weight)).toBe(quantised);
  });

  test("squares are those of the weights, to one in 500", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 60_000, noNaN: true }).map(quantisedWeight), (weight) => {
        expect(Math.abs(squaredWeight(weight) / weight ** 2 - 1)).toBeLessThanOrEqual(1 / 500);
      }),
    );
  });

  test("many of equal weight are worth as many, a few heavy ones among light ones much less", () => {
    expect(effectiveSamples(7 * 4, 7 * 16)).toBe(7);
    // 100 of weight 1 and one of weight 100: (200)^2 / 10,100.
    expect(effectiveSamples(200, 100 + 10_000)).toBeCloseTo(3.96, 2);
    expect(effectiveSamples(0, 0)).toBeNaN();
  });
});

describe("a sum of targets", () => {
  const one = fc.tuple(
    fc.oneof(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ noNaN: true, noDefaultInfinity: true })),
    fc.oneof(fc.constant(1), fc.double({ min: 0.001, max: 70_000, noNaN: true }).map(quantisedWeight)),
  );
  const event = ([target, weight]: readonly [number, number]): TargetSum => {
    const sum = new TargetSum();
    sum.set(target, weight);
    return sum;
  };
  const sumOf = (all: readonly (readonly [number, number])[]): TargetSum => {
    const sum = new TargetSum();
    for (const each of all) sum.add(event(each));
    return sum;
  };
  /** In 2^-24, by integers without a limit. */
  const direct = (all: readonly (readonly [number, number])[]): bigint =>
    all.reduce((sum, [target, weight]) => {
      const clipped = Math.min(Math.max(target, -mostTarget), mostTarget);
      return sum + BigInt(Math.round(clipped * 2 ** 16)) * BigInt(weight * 2 ** 8);
    }, 0n);
  const inParts = ({ high, low }: TargetSum): bigint => BigInt(high) * 2n ** 34n + BigInt(low * 2 ** 24);

  test("is exact, and of one form in any order", () => {
    fc.assert(
      fc.property(fc.array(one), (all) => {
        const sum = sumOf(all);
        expect(inParts(sum)).toBe(direct(all));
        expect([sum.low >= 0, sum.low < 1024]).toEqual([true, true]);
        expect({ ...sumOf([...all].reverse()) }).toEqual({ ...sum });
      }),
      { numRuns: 500 },
    );
  });

  test("can be taken away again, written and read", () => {
    fc.assert(
      fc.property(fc.array(one), fc.array(one), (stays, goes) => {
        const sum = sumOf([...stays, ...goes]);
        sum.subtract(sumOf(goes));
        expect({ ...sum }).toEqual({ ...sumOf(stays) });
        const writer = new Writer();
        sum.encode(writer);
        expect({ ...TargetSum.decode(new Reader(writer.bytes())) }).toEqual({ ...sum });
      }),
    );
  });

  test("says what was clipped, and counts no event without a target", () => {
    const sum = new TargetSum();
    expect([sum.set(1e300, 1), sum.sum]).toEqual([true, mostTarget]);
    expect([sum.set(-3.25, 2), sum.count, sum.sum]).toEqual([false, 2, -6.5]);
    expect([sum.set(Number.NaN, 2), sum.count, sum.sum]).toEqual([false, 0, 0]);
  });
});

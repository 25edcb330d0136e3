// The decomposition adds up whatever the counts, and its parts mean what they say.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decompose, type TargetByBin } from "../../src/stats/decomposition.ts";

const bins = 6;
const target: fc.Arbitrary<TargetByBin> = fc
  .array(fc.tuple(fc.nat({ max: 1000 }), fc.double({ min: -5, max: 5, noNaN: true })), { minLength: bins, maxLength: bins })
  .filter((all) => all.some(([count]) => count > 0))
  .map((all) => ({ counts: all.map(([count]) => count), targets: all.map(([count, mean]) => count * mean) }));

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, value) => total + value, 0);

describe("decompose", () => {
  test("mix and rate are the sums over bins and add up to the change", () => {
    fc.assert(
      fc.property(target, target, (reference, window) => {
        const { change, mix, rate, mixByBin, rateByBin } = decompose(reference, window);
        expect(change).toBeCloseTo(sum(window.targets) / sum(window.counts) - sum(reference.targets) / sum(reference.counts), 12);
        expect(Math.abs(mix + rate - change)).toBeLessThan(1e-12);
        expect(Math.abs(sum(mixByBin) - mix)).toBeLessThan(1e-12);
        expect(Math.abs(sum(rateByBin) - rate)).toBeLessThan(1e-12);
      }),
    );
  });

  test("equal means inside of bins: all is mix, and most of it where values came that are far from the average", () => {
    const { change, mix, rate, mixByBin } = decompose(
      { counts: [90, 10], targets: [9, 9] },
      { counts: [70, 30], targets: [7, 27] },
    );
    expect(change).toBeCloseTo(0.16, 12);
    expect(mix).toBeCloseTo(0.16, 12);
    expect(rate).toBeCloseTo(0, 12);
    expect(mixByBin[1]).toBeGreaterThan(mixByBin[0] as number);
  });

  test("equal shares: all is rate, in the bin whose mean changed", () => {
    const { change, mix, rateByBin } = decompose({ counts: [50, 50], targets: [5, 20] }, { counts: [10, 10], targets: [1, 8] });
    expect(mix).toBeCloseTo(0, 12);
    expect(rateByBin[0]).toBeCloseTo(0, 12);
    expect(rateByBin[1]).toBeCloseTo(change, 12);
  });

  test("a bin that is empty on one side is all mix, one that is empty on both is nothing", () => {
    const { rateByBin, mixByBin } = decompose(
      { counts: [10, 0, 0], targets: [1, 0, 0] },
      { counts: [5, 5, 0], targets: [0.5, 4, 0] },
    );
    expect(rateByBin[1]).toBe(0);
    expect(mixByBin[1]).toBeGreaterThan(0);
    expect(Math.abs(rateByBin[2] as number) + Math.abs(mixByBin[2] as number)).toBe(0);
  });

  test("nothing on one side: not a number", () => {
    expect(decompose({ counts: [0], targets: [0] }, { counts: [1], targets: [1] }).change).toBeNaN();
  });
});

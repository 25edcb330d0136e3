// Samples as they are kept, rounded in sketches and bins: their Wasserstein distance against that of the values as they came.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { random } from "../../bench/events.ts";
import { sampleOf } from "../../src/monitor/drift-reference.ts";
import { BinCounts } from "../../src/primitive/bin-counts.ts";
import { binOf, type NumericBins, numericBins } from "../../src/primitive/bins.ts";
import { chooseBins } from "../../src/primitive/choose-bins.ts";
import { NumberSketch } from "../../src/primitive/sketch.ts";
import { quantisedWeight } from "../../src/primitive/weight.ts";
import { wasserstein } from "../../src/stats/wasserstein.ts";
import { exactWasserstein, once, type Weighted } from "../stats/binned-numbers.ts";

function countsOf(values: readonly Weighted[], bins: NumericBins): BinCounts {
  const sketch = new NumberSketch(bins.given ? "cut" : 0);
  for (const { value, weight } of values) sketch.add(value, weight, undefined, bins.given ? binOf(bins.parts, value) : 0);
  return BinCounts.from(sketch, bins);
}

function distanceOfKept(reference: readonly Weighted[], window: readonly Weighted[], bins: NumericBins): number {
  const [before, now] = [reference, window].map((values) => {
    return sampleOf({ categories: null, bins }, { numbers: countsOf(values, bins), texts: null });
  }) as [ReturnType<typeof sampleOf>, ReturnType<typeof sampleOf>];
  return wasserstein(before.parts, now.parts, bins.parts);
}

/** Far from zero and close together, about zero, of very different sizes. */
const spreads = [
  { about: 0, unit: 1 },
  { about: 1013, unit: 3 },
  { about: -1e6, unit: 1 },
  { about: 1e-3, unit: 1e-6 },
  { about: 0, unit: 1e-7 },
] as const;
const near = fc.oneof(fc.double({ min: -3, max: 3, noNaN: true }), fc.integer({ min: -2, max: 2 }));
const weight = fc.oneof(fc.constant(1), fc.double({ min: 0.004, max: 50, noNaN: true }).map(quantisedWeight));

describe("a kept sample", () => {
  const cases = fc.constantFrom(...spreads).chain(({ about, unit }) => {
    const value = fc.oneof(
      { weight: 9, arbitrary: near.map((one) => about + one * unit) },
      { weight: 1, arbitrary: fc.double({ min: -1e5, max: 1e5, noNaN: true }) },
    );
    const plain = fc.array(value, { minLength: 1, maxLength: 40 }).map(once);
    const values = fc.oneof(plain, fc.array(fc.record({ value, weight }), { minLength: 1, maxLength: 40 }));
    const given = fc
      .uniqueArray(
        value.map((edge) => edge + 0),
        { maxLength: 6 },
      )
      .map((edges) =>
        numericBins(
          edges.sort((a, b) => a - b),
          true,
        ),
      );
    const learned = fc.array(value, { minLength: 20, maxLength: 50 }).map((all) => {
      const sketch = new NumberSketch();
      for (const one of all) sketch.add(one);
      return chooseBins(sketch, 4);
    });
    return fc.tuple(values, values, fc.oneof(given, learned));
  });

  test("is never further from another than the values were", () => {
    fc.assert(
      fc.property(cases, ([one, other, bins]) => {
        const kept = distanceOfKept(one, other, bins);
        // What one bin, open at both ends, keeps of values on both sides of zero says nothing of how large they were.
        if (bins.edges.length === 0) expect(kept).toBeNaN();
        else expect(kept).toBeLessThanOrEqual(exactWasserstein(one, other) * (1 + 1e-12));
      }),
      { numRuns: 3000 },
    );
  });

  test("loses little by that", () => {
    const bins = numericBins([1000, 1010, 1020], true);
    const one = once([990, 1003, 1005, 1014, 1030]);
    const other = once([991, 1004, 1006, 1015, 1031]);
    // Values are rounded to 2^-20 of themselves, which is a thousandth here, in each of both samples.
    expect(distanceOfKept(one, other, bins)).toBeGreaterThan(1 - 2.1 * 1031 * 2 ** -20);
  });

  const next = random(11);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  /** What leaves the mean where it is, and so is not seen inside of a bin: samples of few values, and other spreads. */
  test.each([
    ["a pressure", () => 1013 + 8 * normal(), (value: number) => 1013 + 1.15 * (value - 1013)],
    ["rain, mostly none", () => (next() < 0.9 ? 0 : Math.exp(normal() - 4)), (value: number) => value * (1 + 0.5 * normal())],
    ["amounts", () => Math.exp(1 + 0.8 * normal()), (value: number) => value * Math.exp(0.3 * normal() - 0.045)],
    ["whole numbers", () => Math.round(20 + 6 * normal()), (value: number) => Math.round(20 + 1.2 * (value - 20))],
  ])("is within 0.02 standard deviations of the exact distance: %s", (_what, draw, change) => {
    const values = Array.from({ length: 20_000 }, draw);
    const sketch = new NumberSketch();
    for (const value of values) sketch.add(value);
    const bins = chooseBins(sketch, 20);
    const { standardDeviation } = BinCounts.from(sketch, bins).moments();
    for (let window = 0; window < 20; window++) {
      const other = Array.from({ length: 300 }, draw).map((value) => (window % 2 === 0 ? value : change(value)));
      const exact = exactWasserstein(once(values), once(other));
      const kept = distanceOfKept(once(values), once(other), bins);
      expect(kept).toBeLessThanOrEqual(exact);
      expect(exact - kept).toBeLessThan(0.02 * standardDeviation);
    }
  });
});

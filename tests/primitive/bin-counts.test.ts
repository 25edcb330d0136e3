// Counts, sums and targets by bin: exact, additive however values are split, and back again.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BinCounts } from "../../src/primitive/bin-counts.ts";
import { binOf, type NumericBins, numericBins } from "../../src/primitive/bins.ts";
import { Reader, Writer } from "../../src/primitive/bytes.ts";
import { categoryBins } from "../../src/primitive/categories.ts";
import { CategoryCounts } from "../../src/primitive/category-counts.ts";
import { chooseBins } from "../../src/primitive/choose-bins.ts";
import { Dictionary } from "../../src/primitive/dictionary.ts";
import { NumberSketch } from "../../src/primitive/sketch.ts";
import { TargetSum } from "../../src/primitive/target.ts";
import { quantisedWeight } from "../../src/primitive/weight.ts";

interface Drawn {
  readonly value: number;
  readonly weight: number;
  readonly target: number;
}

/** Of every size: also some that are much larger or smaller than the bins. */
const number = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: -100, max: 100, noNaN: true }) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1e-9, -3e-7, 7, 1e12, -1e300) },
);
const weight = fc.oneof(fc.constant(1), fc.double({ min: 0.001, max: 70_000, noNaN: true }).map(quantisedWeight));
const target = fc.oneof(
  fc.constant(Number.NaN),
  fc.double({ min: -1, max: 1, noNaN: true }),
  fc.double({ min: -1e12, max: 1e12, noNaN: true }),
);
const drawn = fc.record({ value: number, weight, target });
const edgesOf = fc
  .uniqueArray(
    fc.double({ min: -50, max: 50, noNaN: true }).map((edge) => edge + 0),
    { minLength: 1, maxLength: 8 },
  )
  .map((edges) => edges.sort((a, b) => a - b));

function countsOf(all: readonly Drawn[], bins: NumericBins): BinCounts {
  const sketch = new NumberSketch(bins.given ? "cut" : 0);
  const sum = new TargetSum();
  for (const one of all) {
    sum.set(one.target, one.weight);
    sketch.add(one.value, one.weight, sum, bins.given ? binOf(bins.parts, one.value) : 0);
  }
  return BinCounts.from(sketch, bins);
}

/** All columns but those of squares, which are rounded for each pane. */
function exact(counts: BinCounts): unknown {
  return { ...counts.columns, squaresHigh: 0, squaresLow: 0 };
}

function learnedBins(values: readonly number[]): NumericBins {
  const sketch = new NumberSketch();
  for (const value of values) sketch.add(value);
  return chooseBins(sketch, 5);
}

describe("bins", () => {
  const cases = fc.oneof(
    edgesOf.map((edges) => numericBins(edges, true)),
    fc.tuple(edgesOf, edgesOf).map(([edges, parts]) => {
      return numericBins(
        edges,
        true,
        60,
        [...new Set([...edges, ...parts])].sort((a, b) => a - b),
      );
    }),
    fc.array(number, { minLength: 20, maxLength: 60 }).map(learnedBins),
  );

  test("however values are split over panes, and merged in any order: the same columns", () => {
    fc.assert(
      fc.property(
        cases,
        fc.array(fc.tuple(drawn, fc.nat({ max: 4 })), { maxLength: 200 }),
        fc.boolean(),
        (bins, dealt, turned) => {
          const whole = countsOf(
            dealt.map(([one]) => one),
            bins,
          );
          const panes = [0, 1, 2, 3, 4].map((pane) =>
            countsOf(
              dealt.filter(([, of]) => of === pane).map(([one]) => one),
              bins,
            ),
          );
          const merged = BinCounts.zero(bins);
          for (const pane of turned ? panes.reverse() : panes) merged.merge(pane);
          expect(exact(merged)).toEqual(exact(whole));
          expect([...merged.sums()]).toEqual([...whole.sums()]);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("what was merged can be taken away: nothing of it remains", () => {
    fc.assert(
      fc.property(cases, fc.array(drawn), fc.array(drawn), (bins, stays, goes) => {
        const counts = countsOf(stays, bins);
        const before = counts.columns;
        const gone = countsOf(goes, bins);
        counts.merge(gone);
        const writer = new Writer();
        gone.encode(writer);
        counts.combineEncoded(new Reader(writer.bytes()), -1);
        expect(counts.columns).toEqual(before);
      }),
    );
  });

  test("sums are those of the values, to a millionth of the largest", () => {
    fc.assert(
      fc.property(
        edgesOf,
        fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1 }),
        weight,
        (edges, values, w) => {
          const bins = numericBins(edges, true);
          const sums = countsOf(
            values.map((value) => ({ value, weight: w, target: Number.NaN })),
            bins,
          ).sums();
          for (const [bin, sum] of sums.entries()) {
            const inside = values.filter((value) => binOf(edges, value) === bin);
            const direct = inside.reduce((all, value) => all + value, 0) * w;
            expect(Math.abs(sum - direct)).toBeLessThanOrEqual(inside.length * w * 1e-6 * 100);
          }
        },
      ),
    );
  });

  test("of small whole numbers the sums are exact", () => {
    const bins = numericBins([0, 10, 100], true);
    const values = [-3, 0, 1, 2, 3, 10, 11, 50, 100, 101, 255];
    const counts = countsOf(
      values.map((value) => ({ value, weight: 2.5, target: value / 4 })),
      bins,
    );
    expect([...counts.counts]).toEqual([5, 10, 7.5, 5]);
    expect([...counts.sums()]).toEqual([-7.5, 40, 402.5, 890]);
    expect([...counts.targets().counts]).toEqual([5, 10, 7.5, 5]);
    expect([...counts.targets().sums]).toEqual([-1.875, 10, 100.625, 222.5]);
    expect(counts.weightSquares).toBe(11 * 6.25);
  });

  test("a value beyond 2^30 lengths of its bin counts as that far, and hides no other", () => {
    const bins = numericBins([0, 1], true);
    const counts = countsOf(
      [1e300, 3, -1e300, -3].map((value) => ({ value, weight: 1, target: Number.NaN })),
      bins,
    );
    const [below, , above] = counts.sums() as unknown as [number, number, number];
    // The end of the bucket in which the farthest value lies.
    const farthest = 2 ** 30 * (33 / 32);
    expect([below, above]).toEqual([-farthest - 3, farthest + 3]);
  });

  test("a pane of all its columns is written as plain numbers and as bytes, and read again", () => {
    fc.assert(
      fc.property(cases, fc.array(drawn), (bins, all) => {
        const counts = countsOf(all, bins);
        expect(BinCounts.of(bins, JSON.parse(JSON.stringify(counts.columns))).columns).toEqual(counts.columns);
        const writer = new Writer();
        counts.encode(writer);
        expect(BinCounts.decode(new Reader(writer.bytes()), bins).columns).toEqual(counts.columns);
      }),
    );
  });

  test("columns of different lengths are refused", () => {
    const [two, three] = [numericBins([0], true), numericBins([0, 1], true)];
    const { columns } = BinCounts.zero(three);
    expect(() => BinCounts.of(three, { ...columns, sumLow: [0] })).toThrow("sumLow has 1 bins");
    expect(() => BinCounts.of(two, columns)).toThrow("3 parts and 3 bins");
    expect(() => BinCounts.zero(two).merge(BinCounts.zero(three))).toThrow(RangeError);
  });
});

describe("categories", () => {
  const categories = { names: ["a", "b"], others: new Set(["z"]), open: false };
  const text = fc.constantFrom("a", "b", "z", "new", "newer", "__proto__");
  const texts = fc.array(fc.record({ text, weight, target }));
  const of = (all: readonly { text: string; weight: number; target: number }[], limit = 10): CategoryCounts => {
    const dictionary = new Dictionary(limit);
    const sum = new TargetSum();
    for (const one of all) {
      sum.set(one.target, one.weight);
      dictionary.add(one.text, one.weight, sum);
    }
    return CategoryCounts.from(dictionary, categories);
  };

  test("counts and targets by name, of others and of what is new, also beyond what is remembered", () => {
    const all = ["a", "z", "a", "b", "new", "newer", "newest", "newest"].map((one, at) => ({ text: one, weight: 2, target: at }));
    const counts = of(all, 4);
    expect(categoryBins(categories)).toEqual(["a", "b", "__other__", "__unseen__"]);
    expect([...counts.counts]).toEqual([4, 2, 2, 8]);
    expect([...counts.targets().sums]).toEqual([4, 6, 2, 44]);
    expect([counts.unseen, counts.weightSquares]).toEqual([4, 8 * 4]);
  });

  test("however texts are split they add up, can be taken away, written and read", () => {
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        const merged = of(one);
        merged.merge(of(other));
        expect(merged.columns).toEqual(of([...other, ...one]).columns);
        const writer = new Writer();
        merged.encode(writer);
        expect(CategoryCounts.decode(new Reader(writer.bytes())).columns).toEqual(merged.columns);
        expect(CategoryCounts.of(merged.columns).columns).toEqual(merged.columns);
        const gone = new Writer();
        of(other).encode(gone);
        CategoryCounts.combineEncoded(merged, new Reader(gone.bytes()), -1);
        expect(merged.columns).toEqual(of(one).columns);
      }),
    );
  });
});

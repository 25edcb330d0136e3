// Primitives: known values, and the laws that make panes add up in any order.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BinCounts } from "../../src/primitive/bin-counts.ts";
import { binOf, numericBins } from "../../src/primitive/bins.ts";
import { locate, located, lowerBound, origin, positionSteps, step, upperBound } from "../../src/primitive/bucket.ts";
import { Reader, Writer } from "../../src/primitive/bytes.ts";
import { categoryBins, chooseCategories } from "../../src/primitive/categories.ts";
import { CategoryCounts } from "../../src/primitive/category-counts.ts";
import { chooseBins } from "../../src/primitive/choose-bins.ts";
import { Dictionary } from "../../src/primitive/dictionary.ts";
import { HyperLogLog } from "../../src/primitive/hyperloglog.ts";
import { maxCells, NumberSketch } from "../../src/primitive/sketch.ts";
import { sketchGroups } from "../../src/primitive/sketch-groups.ts";
import { groupedQuantiles, pooledMoments } from "../../src/stats/groups.ts";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
/** Subnormal numbers are zero to a sketch. */
const normal = (value: number): number => (Math.abs(value) < 2.2250738585072014e-308 ? 0 : value);
const everyday = fc.oneof(
  fc.double({ min: -1e6, max: 1e6, noNaN: true }).map(normal),
  fc.integer({ min: -1000, max: 1000 }),
  fc.constantFrom(0, -0, 10, 0.1),
);

interface Encoded {
  encode(writer: Writer): void;
}
function bytes(value: Encoded): string {
  const writer = new Writer();
  value.encode(writer);
  return Buffer.from(writer.bytes()).toString("hex");
}
function sketchOf(values: readonly number[]): NumberSketch {
  const sketch = new NumberSketch();
  for (const value of values) sketch.add(value);
  return sketch;
}
const shuffled = (values: readonly number[]) => fc.shuffledSubarray([...values], { minLength: values.length });

describe("buckets", () => {
  test("every finite number lies in its bucket, (lower, upper]", () => {
    fc.assert(
      fc.property(finite, (value) => {
        locate(value);
        const { bucket } = located;
        if (Math.abs(value) < 2.2250738585072014e-308) return bucket === 0;
        return (lowerBound(bucket) < value || value === 2.2250738585072014e-308) && value <= upperBound(bucket);
      }),
      { numRuns: 5000 },
    );
  });

  test("ids ascend with the values and buckets touch each other", () => {
    fc.assert(
      fc.property(finite, finite, (one, other) => {
        locate(one);
        const first = located.bucket;
        locate(other);
        return one <= other ? first <= located.bucket : first >= located.bucket;
      }),
      { numRuns: 5000 },
    );
    for (const bucket of [-40_000, -33, 33, 32_000, 40_000]) expect(upperBound(bucket)).toBe(lowerBound(bucket + 1));
  });

  test("a position is within half a step of the value", () => {
    fc.assert(
      fc.property(everyday, (value) => {
        locate(value);
        const { bucket, position } = located;
        expect(position).toBeLessThanOrEqual(positionSteps);
        expect(Math.abs(origin(bucket) + position * step(bucket) - value)).toBeLessThanOrEqual(0.5001 * Math.abs(step(bucket)));
      }),
      { numRuns: 5000 },
    );
  });

  test("a power of two belongs to the bucket below it, as with le", () => {
    locate(16);
    expect(upperBound(located.bucket)).toBe(16);
    locate(-16);
    expect(upperBound(located.bucket)).toBe(-16);
    locate(0);
    expect(upperBound(located.bucket)).toBe(0);
  });
});

describe("sketch", () => {
  test("the order of values and of merges does not matter", () => {
    fc.assert(
      fc.property(
        fc.array(finite, { maxLength: 200 }).chain((values) => fc.tuple(fc.constant(values), shuffled(values), fc.nat(200))),
        ([values, again, cut]) => {
          const merged = sketchOf(again.slice(cut));
          merged.merge(sketchOf(again.slice(0, cut)));
          expect(bytes(merged)).toBe(bytes(sketchOf(values)));
          expect(bytes(NumberSketch.decode(new Reader(Buffer.from(bytes(merged), "hex"))))).toBe(bytes(merged));
        },
      ),
    );
  });

  test("moments are those of the values, to the precision of positions", () => {
    fc.assert(
      fc.property(fc.array(everyday, { minLength: 1, maxLength: 100 }), (values) => {
        const { count, mean, standardDeviation } = pooledMoments(sketchGroups(sketchOf(values)));
        const exact = values.reduce((sum, value) => sum + value, 0) / values.length;
        const variance = values.reduce((sum, value) => sum + (value - exact) ** 2, 0) / values.length;
        const size = Math.max(...values.map(Math.abs), 1e-300);
        expect(count).toBe(values.length);
        expect(Math.abs(mean - exact)).toBeLessThanOrEqual(size * 2e-6);
        expect(Math.abs(standardDeviation - Math.sqrt(variance))).toBeLessThanOrEqual(size * 4e-6);
      }),
    );
  });

  test("a constant has no spread and is its own quantile", () => {
    for (const value of [10, 0.1, -3.7, 0, 123_456]) {
      const groups = sketchGroups(sketchOf(new Array<number>(1000).fill(value)));
      const { mean, standardDeviation } = pooledMoments(groups);
      expect(mean).toBeCloseTo(value, 5);
      expect(standardDeviation).toBeLessThanOrEqual(Math.abs(value) * 1e-7);
      expect(groupedQuantiles(groups, [0.5])[0]).toBeCloseTo(value, 5);
    }
  });

  test("beyond its cells it only counts", () => {
    const sketch = new NumberSketch();
    for (let exponent = -1000; exponent < 1000; exponent++)
      for (const factor of [1.01, 1.26, 1.51, 1.76]) sketch.add(factor * 2 ** exponent);
    expect(sketch.cells).toBe(maxCells);
    expect(sketch.count() + sketch.overflow).toBe(8000);
  });
});

describe("bins", () => {
  const edgesAndValues = fc.tuple(
    fc.uniqueArray(everyday, { minLength: 1, maxLength: 12 }),
    fc.array(everyday, { maxLength: 200 }),
  );

  test("counts by given edges are exact: (a, b]", () => {
    fc.assert(
      fc.property(edgesAndValues, ([unsorted, values]) => {
        const edges = [...new Set(unsorted.map((edge) => edge + 0))].sort((a, b) => a - b);
        const sketch = new NumberSketch("cut");
        for (const value of [...values, ...edges]) sketch.add(value, 1, undefined, binOf(edges, value));
        const counts = BinCounts.from(sketch, numericBins(edges, true)).counts;
        const expected = Array.from(
          { length: edges.length + 1 },
          (_, bin) =>
            [...values, ...edges].filter(
              (value) =>
                value > (edges[bin - 1] ?? Number.NEGATIVE_INFINITY) && value <= (edges[bin] ?? Number.POSITIVE_INFINITY),
            ).length,
        );
        expect([...counts]).toEqual(expected);
      }),
    );
  });

  test("bins learned from a sketch count other values as if each had been looked at", () => {
    fc.assert(
      fc.property(
        fc.array(everyday, { minLength: 50, maxLength: 300 }),
        fc.array(everyday, { maxLength: 200 }),
        (reference, values) => {
          const bins = chooseBins(sketchOf(reference), 20);
          const { edges } = bins;
          const counts = BinCounts.from(sketchOf(values), bins).counts;
          const expected = new Array<number>(edges.length + 1).fill(0);
          for (const value of values) expected[binOf(edges, value)] = (expected[binOf(edges, value)] ?? 0) + 1;
          expect([...counts]).toEqual(expected);
        },
      ),
    );
  });

  test("a value that repeats gets a bin of its own", () => {
    const values = [...new Array<number>(500).fill(0), ...Array.from({ length: 500 }, (_, index) => 1 + index / 10)];
    const bins = chooseBins(sketchOf(values), 10);
    expect(bins.edges[0]).toBe(0);
    expect(BinCounts.from(sketchOf(values), bins).counts[0]).toBe(500);
  });

  test("panes add up: merged counts and sums are those of all values", () => {
    const values = Array.from({ length: 4000 }, (_, index) => Math.exp(Math.sin(index) * 3) - 2);
    const bins = chooseBins(sketchOf(values), 20);
    const whole = BinCounts.from(sketchOf(values), bins);
    const parts = BinCounts.zero(bins);
    for (let at = 0; at < values.length; at += 100) parts.merge(BinCounts.from(sketchOf(values.slice(at, at + 100)), bins));
    expect([...parts.counts]).toEqual([...whole.counts]);
    const exact = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - exact) ** 2, 0) / values.length);
    const moments = parts.moments();
    expect(moments.mean).toBeCloseTo(exact, 5);
    expect(moments.standardDeviation).toBeCloseTo(deviation, 4);
    const sorted = [...values].sort((a, b) => a - b);
    const [median, upper] = groupedQuantiles(parts.groups(), [0.5, 0.95]) as [number, number];
    const rank = (value: number): number => sorted.filter((one) => one <= value).length / sorted.length;
    expect(Math.abs(rank(median) - 0.5)).toBeLessThan(0.05);
    expect(Math.abs(rank(upper) - 0.95)).toBeLessThan(0.05);
  });
});

describe("quantiles of bins", () => {
  const quantilesOf = (values: readonly number[], edges: readonly number[], probabilities: readonly number[]): number[] => {
    const sketch = new NumberSketch("cut");
    for (const value of values) sketch.add(value, 1, undefined, binOf(edges, value));
    return groupedQuantiles(BinCounts.from(sketch, numericBins(edges, true)).groups(), probabilities);
  };

  test("where every bin holds one value, are these values, wherever edges lie", () => {
    const values = [...new Array<number>(70).fill(0), ...new Array<number>(30).fill(1)];
    expect(quantilesOf(values, [0.5], [0.01, 0.5, 0.69, 0.75, 0.99])).toEqual([0, 0, 0, 1, 1]);
    expect(quantilesOf([3, 3, 41, 41, 41, 999], [10, 100], [0.1, 0.5, 0.95])).toEqual([3, 41, 999]);
  });

  test("where values are spread evenly, are those of the values, also beyond the outer edges", () => {
    const values = Array.from({ length: 1000 }, (_, index) => (index + 0.5) / 1000);
    for (const [index, quantile] of quantilesOf(values, [0.2, 0.5, 0.6], [0.05, 0.3, 0.5, 0.55, 0.9]).entries()) {
      expect(quantile).toBeCloseTo([0.05, 0.3, 0.5, 0.55, 0.9][index] as number, 3);
    }
  });
});

describe("dictionary and categories", () => {
  test("exact below the limit, totals exact above it", () => {
    const dictionary = new Dictionary(3);
    for (const text of ["a", "b", "a", "c", "d", "e", "a"]) dictionary.add(text);
    expect(dictionary.commonest()).toEqual([
      ["a", 3],
      ["b", 1],
      ["c", 1],
    ]);
    expect(dictionary.overflow).toBe(2);
    expect(dictionary.total()).toBe(7);
  });

  test("named, other and unseen add up to the total", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("a", "b", "c", "d", "e", "__proto__"), { minLength: 1 }),
        fc.array(fc.constantFrom("a", "b", "c", "x", "__proto__")),
        (reference, texts) => {
          const learned = new Dictionary(10);
          for (const text of reference) learned.add(text);
          const categories = chooseCategories(learned, 2);
          const now = new Dictionary(10);
          for (const text of texts) now.add(text);
          const counts = CategoryCounts.from(now, categories);
          expect(categoryBins(categories).length).toBe(counts.counts.length);
          expect(counts.counts.reduce((sum, count) => sum + count, 0)).toBe(texts.length);
          expect(counts.unseen).toBe(texts.filter((text) => !(reference as readonly string[]).includes(text)).length);
        },
      ),
    );
  });
});

describe("HyperLogLog", () => {
  test.each([0, 1, 10, 200, 1000, 10_000, 100_000])("%i different texts, within four standard errors", (many) => {
    const sketch = new HyperLogLog();
    for (let index = 0; index < many; index++) for (let twice = 0; twice < 2; twice++) sketch.add(`value-${index}`);
    expect(Math.abs(sketch.estimate() - many)).toBeLessThanOrEqual(Math.ceil(many * 4 * 0.023));
  });

  test("merging is the sketch of the union, in any order", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 600 }), fc.array(fc.string(), { maxLength: 600 }), (one, other) => {
        const of = (texts: readonly string[]): HyperLogLog => {
          const sketch = new HyperLogLog();
          for (const text of texts) sketch.add(text);
          return sketch;
        };
        const merged = of(one);
        merged.merge(of(other));
        expect(bytes(merged)).toBe(bytes(of([...other, ...one])));
        expect(bytes(HyperLogLog.decode(new Reader(Buffer.from(bytes(merged), "hex"))))).toBe(bytes(merged));
      }),
      { numRuns: 30 },
    );
  });
});

describe("bytes", () => {
  test("what is written is read", () => {
    fc.assert(
      fc.property(
        fc.maxSafeNat(),
        fc.maxSafeInteger(),
        fc.double(),
        fc.string({ unit: "binary" }),
        fc.boolean(),
        (unsigned, integer, float, text, flag) => {
          const writer = new Writer();
          writer.unsigned(unsigned);
          if (Math.abs(integer) < 2 ** 52) writer.integer(integer);
          writer.float(float);
          writer.text(text);
          writer.boolean(flag);
          const reader = new Reader(writer.bytes());
          expect(reader.unsigned()).toBe(unsigned);
          if (Math.abs(integer) < 2 ** 52) expect(reader.integer()).toBe(integer);
          expect(Object.is(reader.float(), float)).toBe(true);
          expect(reader.text()).toBe(text);
          expect(reader.boolean()).toBe(flag);
          expect(reader.done).toBe(true);
        },
      ),
    );
  });

  test("bytes that end too early are an error, not a value", () => {
    const writer = new Writer();
    writer.text("abc");
    expect(() => new Reader(writer.bytes().subarray(0, 2)).text()).toThrow(RangeError);
    expect(() => new Reader(new Uint8Array([0x80])).unsigned()).toThrow(RangeError);
    const floats = new Writer();
    floats.floats(Float64Array.of(1, 2));
    expect(() => new Reader(floats.bytes().subarray(0, 9)).floats()).toThrow(RangeError);
  });

  test("many numbers at once are written as one by one, little-endian, wherever they begin", () => {
    fc.assert(
      fc.property(fc.float64Array({ maxLength: 300 }), fc.nat({ max: 2000 }), (values, before) => {
        const [together, apart] = [new Writer(), new Writer()];
        for (const writer of [together, apart]) writer.text("x".repeat(before));
        together.floats(values);
        apart.unsigned(values.length);
        for (const value of values) apart.float(value);
        expect(Buffer.compare(together.bytes(), apart.bytes())).toBe(0);
        const reader = new Reader(together.bytes());
        reader.text();
        expect(reader.floats()).toEqual(values);
        expect(reader.done).toBe(true);
      }),
    );
  });
});

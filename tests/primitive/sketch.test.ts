// How finely a sketch tells values apart: as far as there are few enough cells, whatever the order in which values come.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { random } from "../../bench/events.ts";
import { binOf } from "../../src/primitive/bins.ts";
import { locate, located, lowerBound, sliceOfLocated, upperBound } from "../../src/primitive/bucket.ts";
import { Writer } from "../../src/primitive/bytes.ts";
import { chooseBins, chooseParts } from "../../src/primitive/choose-bins.ts";
import { maxCells, mostSliced, NumberSketch } from "../../src/primitive/sketch.ts";
import { cellLower, cellUpper } from "../../src/primitive/sketch-cell.ts";

const smallestNormal = 2.2250738585072014e-308;
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
/** Also on boundaries of slices. */
const near = fc.oneof(
  fc.double({ min: 900, max: 1100, noNaN: true }),
  fc.integer({ min: 8 * 900, max: 8 * 1100 }).map((eighths) => eighths / 8),
  fc.double({ min: -1100, max: -900, noNaN: true }),
);

function sketchOf(values: readonly number[], sketch = new NumberSketch()): NumberSketch {
  for (const value of values) sketch.add(value);
  return sketch;
}

function bytes(sketch: NumberSketch): string {
  const writer = new Writer();
  sketch.encode(writer);
  return Buffer.from(writer.bytes()).toString("hex");
}

describe("slices", () => {
  test("every number lies in its own, (lower, upper], and they ascend with the values", () => {
    fc.assert(
      fc.property(fc.oneof(finite, near), (value) => {
        fc.pre(Math.abs(value) > smallestNormal);
        locate(value);
        const { bucket } = located;
        const slice = sliceOfLocated(value);
        expect(lowerBound(bucket, slice)).toBeLessThan(value);
        expect(upperBound(bucket, slice + 1)).toBeGreaterThanOrEqual(value);
      }),
      { numRuns: 5000 },
    );
  });

  test("touch each other, and the ends of their bucket", () => {
    for (const bucket of [-40_000, -32_800, 33, 32_800, 65_503]) {
      expect([lowerBound(bucket, 0), upperBound(bucket, 256)]).toEqual([lowerBound(bucket), upperBound(bucket)]);
      for (let slice = 0; slice < 255; slice++) expect(upperBound(bucket, slice + 1)).toBe(lowerBound(bucket, slice + 1));
    }
  });
});

describe("resolution", () => {
  const normalNumber = fc.double({ min: -5, max: 5, noNaN: true }).map((value) => (Math.abs(value) < smallestNormal ? 0 : value));
  const many = fc.array(fc.oneof(near, normalNumber), { maxLength: 1500 });

  test("is that of all values together, in whatever order and pieces they come", () => {
    fc.assert(
      fc.property(many, fc.integer({ min: 1, max: 200 }), (values, piece) => {
        const merged = new NumberSketch();
        for (let at = 0; at < values.length; at += piece) {
          merged.merge(sketchOf(values.slice(at, at + piece).reverse(), new NumberSketch(8, 16, maxCells)));
        }
        expect(bytes(merged)).toBe(bytes(sketchOf(values)));
      }),
      { numRuns: 100 },
    );
  });

  test("is the finest at which there are few enough cells", () => {
    fc.assert(
      fc.property(many, (values) => {
        const sketch = sketchOf(values);
        const resolution = sketch.resolution as number;
        if (resolution > 0) expect(sketch.cells).toBeLessThanOrEqual(mostSliced);
        if (resolution === 8) return;
        const finer = new Set(
          values.map((value) => {
            locate(value);
            return located.bucket * 256 + Math.floor(sliceOfLocated(value) / 2 ** (7 - resolution)) * 2 ** (7 - resolution);
          }),
        );
        expect(finer.size).toBeGreaterThan(mostSliced);
      }),
      { numRuns: 100 },
    );
  });

  test("taken coarser, or cut at edges, a sketch is as if it had been so from the first value", () => {
    const edges = [-1000, -3, 0.5, 1000, 1013.25];
    fc.assert(
      fc.property(many, fc.integer({ min: 0, max: 8 }), (values, resolution) => {
        const coarse = sketchOf(values, new NumberSketch(8, 16, maxCells));
        coarse.coarsen(resolution);
        expect(bytes(coarse)).toBe(bytes(sketchOf(values, new NumberSketch(resolution, 16, maxCells))));
        const ends = sketchOf(values).sorted().map(cellUpper).slice(0, 5);
        const cut = new NumberSketch("cut");
        for (const value of values) cut.add(value, 1, undefined, binOf(ends, value));
        expect(bytes(sketchOf(values).cutAt(ends))).toBe(bytes(cut));
        expect(sketchOf(values).cutAt(edges).count()).toBe(values.length);
      }),
      { numRuns: 100 },
    );
  });

  test("a sketch that is cut is not added to one that is not", () => {
    expect(() => new NumberSketch().merge(new NumberSketch("cut"))).toThrow("a sketch of cut cannot be added to one of 8");
  });
});

describe("bins of values that lie close together far from zero", () => {
  const next = random(3);
  const normal = (mean: number, deviation: number): number[] =>
    Array.from(
      { length: 20_000 },
      () => mean + deviation * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    );

  test.each([
    ["a pressure", normal(1013, 8)],
    ["a temperature in kelvins", normal(288, 4).map((value) => Math.round(value * 10) / 10)],
    ["a time in seconds since 1970", normal(1.7e9, 4e6).map(Math.round)],
    ["a negative number", normal(-1e5, 100)],
  ])("are its quantiles: %s", (_what, values) => {
    const bins = chooseBins(sketchOf(values), 20);
    const counts = new Float64Array(bins.edges.length + 1);
    for (const value of values) counts[binOf(bins.edges, value)] = (counts[binOf(bins.edges, value)] as number) + 1;
    expect(bins.edges.length).toBeGreaterThan(15);
    expect(Math.max(...counts) / values.length).toBeLessThan(0.1);
    expect(bins.given).toBe(true);
  });

  test("of a feature that buckets are narrow enough for, edges are those of buckets", () => {
    const values = normal(0, 1).map(Math.exp);
    const { parts, given } = chooseBins(sketchOf(values), 20);
    const buckets = new Set(
      sketchOf(values, new NumberSketch(0))
        .sorted()
        .flatMap((cell) => [cellLower(cell), cellUpper(cell)]),
    );
    expect(given).toBe(false);
    expect(parts.filter((edge) => !buckets.has(edge))).toEqual([]);
  });

  test("have parts between their edges, no more than 36 in all, also where edges are given", () => {
    const values = normal(10, 3);
    for (const edges of [[], [10], [4, 9.99, 10, 17.3], Array.from({ length: 50 }, (_, at) => at / 2)]) {
      const parts = chooseParts(sketchOf(values), edges);
      expect(parts).toEqual([...new Set(parts)].sort((a, b) => a - b));
      expect(parts).toEqual(expect.arrayContaining(edges));
      expect(parts.length).toBe(Math.max(35, edges.length));
    }
  });
});

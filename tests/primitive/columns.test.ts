// Columns and bits: what is written is read, in as few bits as the numbers have.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Reader, Writer } from "../../src/primitive/bytes.ts";
import { Columns, type Layout } from "../../src/primitive/columns.ts";
import { highestBit, lowestBit } from "../../src/primitive/double.ts";

describe("bits", () => {
  test("integers of any width are read as they were written, among other things", () => {
    const integer = fc.integer({ min: 1, max: 53 }).chain((width) =>
      fc.tuple(
        fc.constant(width),
        fc.maxSafeNat().map((value) => value % 2 ** width),
      ),
    );
    fc.assert(
      fc.property(fc.array(integer), fc.array(integer), (one, other) => {
        const writer = new Writer();
        for (const part of [one, other]) {
          for (const [width, value] of part) writer.bits(value, width);
          writer.endBits();
          writer.text("between");
        }
        const reader = new Reader(writer.bytes());
        for (const part of [one, other]) {
          expect(part.map(([width]) => reader.bits(width))).toEqual(part.map(([, value]) => value));
          reader.endBits();
          expect(reader.text()).toBe("between");
        }
        expect(reader.done).toBe(true);
      }),
    );
  });

  test("take no more bytes than they fill", () => {
    const writer = new Writer();
    for (let index = 0; index < 10; index++) writer.bits(index % 8, 3);
    writer.endBits();
    expect(writer.bytes().length).toBe(4);
    expect(() => new Reader(writer.bytes().subarray(0, 1)).bits(9)).toThrow(RangeError);
  });

  test.each([
    [1, 0, 0],
    [12, 2, 3],
    [-0.75, -2, -1],
    [2 ** 40 + 1, 0, 40],
    [2 ** -20, -20, -20],
    [Number.MAX_SAFE_INTEGER, 0, 52],
    [3 * 2 ** 100, 100, 101],
  ])("of %d the last is 2^%d and the first 2^%d", (value, last, first) => {
    expect([lowestBit(value), highestBit(value)]).toEqual([last, first]);
  });
});

describe("columns", () => {
  const layout: Layout = { columns: 4, pairs: [{ high: 2, unit: 1024 }] };
  const bin = fc.record({
    count: fc.oneof(
      fc.constant(0),
      fc.integer({ min: 1, max: 2 ** 30 }).map((value) => value / 256),
    ),
    free: fc.oneof(fc.constant(0), fc.integer({ min: -1000, max: 1000 }), fc.double({ noNaN: true, noDefaultInfinity: true })),
    high: fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
    rest: fc.integer({ min: 0, max: 2 ** 34 - 1 }).map((value) => value / 2 ** 24),
  });
  const of = (bins: readonly (typeof bin extends fc.Arbitrary<infer T> ? T : never)[]): Columns => {
    const columns = new Columns(layout, bins.length);
    for (const [at, { count, free, high, rest }] of bins.entries()) {
      if (count === 0) continue;
      columns.add(0, at, count);
      columns.add(1, at, free);
      columns.addPair(2, 1024, at, high, rest);
    }
    return columns;
  };
  const encoded = (columns: Columns): Reader => {
    const writer = new Writer();
    columns.encode(writer);
    return new Reader(writer.bytes());
  };

  test("are read as they were written, whatever the numbers", () => {
    fc.assert(
      fc.property(fc.array(bin, { maxLength: 60 }), (bins) => {
        const columns = of(bins);
        const reader = encoded(columns);
        // A sign of zero is no part of a number here.
        expect(Columns.decode(layout, reader).values.map((value) => value + 0)).toEqual(columns.values.map((value) => value + 0));
        expect(reader.done).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ["subnormal numbers", [5e-324, -2e-323]],
    ["units without an inverse", [2.431699939144899e-306, 2 ** -1023]],
    ["the least unit that has one", [3 * 2 ** -1023, -(2 ** -1000)]],
    ["subnormal numbers among others", [5e-324, 1, Number.MAX_VALUE]],
  ] as const)("are read as they were written: %s", (_, numbers) => {
    const columns = of(numbers.map((free) => ({ count: 1, free, high: 0, rest: 0 })));
    const reader = encoded(columns);
    expect(Columns.decode(layout, reader).column(1)).toEqual(columns.column(1));
    expect(reader.done).toBe(true);
  });

  test("added and taken away from their bytes are as added and taken away themselves", () => {
    const whole = fc.array(
      bin.map((one) => ({ ...one, free: Math.trunc(one.free % 1e6) })),
      { minLength: 7, maxLength: 7 },
    );
    fc.assert(
      fc.property(whole, whole, (one, other) => {
        const [direct, byBytes] = [of(one), of(one)];
        direct.merge(of(other));
        byBytes.combineEncoded(encoded(of(other)), 1);
        expect(byBytes.values).toEqual(direct.values);
        byBytes.combineEncoded(encoded(of(other)), -1);
        expect(byBytes.values.map((value) => value + 0)).toEqual(of(one).values.map((value) => value + 0));
      }),
    );
  });

  test("of another number of bins are not added", () => {
    expect(() => new Columns(layout, 2).combineEncoded(encoded(new Columns(layout, 3)), 1)).toThrow("3 bins");
  });

  test("a column of small numbers takes their bits: 64 counts of one bit", () => {
    const columns = new Columns(layout, 64);
    for (let at = 0; at < 64; at++) columns.add(0, at, 1 + (at % 2));
    const writer = new Writer();
    columns.encode(writer);
    // How many bins, which of them, width and unit of the counts, 64 x 2 bits, and that all else is 0.
    expect(writer.bytes().length).toBe(1 + 8 + 2 + 16 + 3);
  });
});

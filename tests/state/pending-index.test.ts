// The index of the join is a map from hashes to rows, its chains are lists of rows, and texts have numbers as long as they are referred to.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Reader, Writer } from "../../src/primitive/bytes.ts";
import { IdHash } from "../../src/primitive/id-hash.ts";
import { Names, otherNumber } from "../../src/primitive/names.ts";
import { RowBatch } from "../../src/state/join-fetching.ts";
import { PendingIndex } from "../../src/state/pending-index.ts";
import { blockRows, highAt, intsARow, lowAt, PendingRows } from "../../src/state/pending-rows.ts";
import { RowChains } from "../../src/state/row-chains.ts";

/** As whoever closes a minute finds the rows of ids: many at a time. */
function foundTogether(asked: readonly number[], rows: PendingRows, index: PendingIndex): number[] {
  const batch = new RowBatch(rows, asked.length);
  const found = new Int32Array(asked.length);
  batch.numbers.set(asked);
  batch.begin(asked.length);
  batch.find(index, found);
  return [...found];
}

describe("the index", () => {
  /** Few hashes, so that many stand where another would: the lowest bits decide the place, the highest the part. */
  const half = fc.tuple(fc.constantFrom(0, -1, 0x7fffffff), fc.nat({ max: 40 })).map(([high, low]) => (high & ~127) | low);
  const command = fc.record({ add: fc.boolean(), high: fc.constantFrom(1, -2, 3), low: half });

  test("finds what a map finds", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 600, size: "max" }), (commands) => {
        const rows = new PendingRows();
        const index = new PendingIndex(rows);
        const chains = new RowChains(rows);
        const chain = chains.make();
        const model = new Map<string, number>();
        for (const { add, high, low } of commands) {
          const key = `${high} ${low}`;
          if (add) {
            const row = chains.push(chain);
            rows.setInt(row, highAt, high);
            rows.setInt(row, lowAt, low);
            index.find(high, low);
            index.put(low, row);
            model.set(key, row);
          } else if (model.delete(key)) index.remove(high, low);
          expect(index.size).toBe(model.size);
        }
        const expected = commands.map(({ high, low }) => model.get(`${high} ${low}`) ?? -1);
        expect(commands.map(({ high, low }) => index.find(high, low))).toEqual(expected);
        const asked = commands.map(({ high, low }) => {
          const row = chains.push(chain);
          rows.setInt(row, highAt, high);
          rows.setInt(row, lowAt, low);
          return row;
        });
        expect(foundTogether(asked, rows, index)).toEqual(expected);
      }),
      { numRuns: 100, endOnFailure: true },
    );
  });
});

test("an index that was cleared has nothing, whatever is expected, and takes ids again", () => {
  const rows = new PendingRows();
  const index = new PendingIndex(rows);
  const chains = new RowChains(rows);
  const chain = chains.make();
  for (const ids of [5000, 10, 50_000, 0, 300]) {
    index.clear(ids / 2);
    const added = Array.from({ length: ids }, (_, id) => {
      const row = chains.push(chain);
      const low = Math.imul(id, 0x9e3779b1);
      rows.setInt(row, highAt, id);
      rows.setInt(row, lowAt, low);
      if (index.find(id, low) !== -1) expect.fail(`${id} is there before it was put`);
      index.put(low, row);
      return row;
    });
    expect(index.size).toBe(ids);
    expect(added.map((_, id) => index.find(id, Math.imul(id, 0x9e3779b1)))).toEqual(added);
  }
});

describe("chains of rows", () => {
  const command = fc.record({ chain: fc.nat({ max: 5 }), rows: fc.nat({ max: 40 }), release: fc.boolean() });

  test("have what was pushed, in order, and no row twice", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 80, size: "max" }), (commands) => {
        const chains = new RowChains(new PendingRows());
        const made = Array.from({ length: 6 }, () => chains.make());
        const model: number[][] = made.map(() => []);
        const batch = new Int32Array(16);
        for (const { chain, rows, release } of commands) {
          if (release) {
            chains.release(made[chain] as number);
            made[chain] = chains.make();
            model[chain] = [];
          }
          for (let row = 0; row < rows; row++) model[chain]?.push(chains.push(made[chain] as number));
        }
        for (const [at, chain] of made.entries()) {
          const found: number[] = [];
          for (const size of chains.batches(chain, batch)) found.push(...batch.subarray(0, size));
          expect([found, chains.size(chain)]).toEqual([model[at], model[at]?.length]);
        }
        expect(new Set(model.flat()).size).toBe(model.flat().length);
      }),
      { numRuns: 100, endOnFailure: true },
    );
  });

  test("lie together, and are used again", () => {
    const rows = new PendingRows();
    const chains = new RowChains(rows);
    const first = chains.make();
    // Two blocks and a half.
    const some = 2.5 * blockRows;
    const taken = Array.from({ length: some }, () => chains.push(first));
    chains.release(first);
    const second = chains.make();
    expect(Array.from({ length: 3 * blockRows }, () => chains.push(second)).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 3 * blockRows }, (_, row) => row),
    );
    expect(taken).toEqual(Array.from({ length: some }, (_, row) => row));
  });

  test("are copied bit for bit", () => {
    const rows = new PendingRows();
    const chains = new RowChains(rows);
    const chain = chains.make();
    const [row, other] = [chains.push(chain), chains.push(chain)];
    // As a double this is a signalling NaN.
    for (let at = 0; at < intsARow; at++) rows.setInt(row, at, at % 2 === 0 ? 1 : 0x7ff00000);
    rows.copy(row, other);
    expect(Array.from({ length: intsARow }, (_, at) => rows.int(other, at))).toEqual(
      Array.from({ length: intsARow }, (_, at) => rows.int(row, at)),
    );
  });
});

describe("hashes of ids", () => {
  test("differ in every bit for texts that are nearly alike, by text and by space", () => {
    const [one, other] = [new IdHash("a"), new IdHash("b")];
    const seen = new Set<string>();
    let bits = 0;
    const count = 20_000;
    for (let index = 0; index < count; index++) {
      one.set(`id-${index}`);
      seen.add(`${one.high} ${one.low}`);
      other.set(`id-${index}`);
      seen.add(`${other.high} ${other.low}`);
      for (const half of [one.high ^ other.high, one.low ^ other.low]) {
        for (let bit = 0; bit < 32; bit++) bits += (half >>> bit) & 1;
      }
    }
    expect(seen.size).toBe(2 * count);
    expect(Math.abs(bits / (count * 64) - 0.5)).toBeLessThan(0.005);
  });

  test("of texts that begin alike are not alike, whatever their lengths and code units", () => {
    const hash = new IdHash("m");
    const texts = ["", "a", "a\0", "a\0\0", "\0a", "ab", "ba", "\u{1F600}", "\uD83D", "é", "e\u0301"];
    const hashes = texts.map((text) => {
      hash.set(text);
      return `${hash.high} ${hash.low}`;
    });
    expect(new Set(hashes).size).toBe(texts.length);
  });

  test("a share of them is below the same share of all", () => {
    const hash = new IdHash("m");
    let below = 0;
    for (let index = 0; index < 50_000; index++) {
      hash.set(String(index));
      if (hash.high >>> 0 < 0.1 * 2 ** 32) below += 1;
    }
    expect(Math.abs(below / 50_000 - 0.1)).toBeLessThan(0.006);
  });
});

describe("names", () => {
  test("have a number while they are used, and one for all beyond the limit", () => {
    const names = new Names(2, "other");
    const [a, b] = [names.take("a"), names.take("b")];
    expect([names.take("a"), names.text(a), names.text(b)]).toEqual([a, "a", "b"]);
    expect([names.take("c"), names.text(otherNumber)]).toEqual([otherNumber, "other"]);
    names.release(a);
    expect(names.size).toBe(2);
    names.release(a);
    expect(names.size).toBe(1);
    const c = names.take("c");
    expect([c === otherNumber, names.text(c)]).toEqual([false, "c"]);
  });

  test("are written in their order, whatever came first", () => {
    const [one, other] = [new Names(9, ""), new Names(9, "")];
    for (const text of ["b", "a", "c"]) one.take(text);
    for (const text of ["c", "b", "a"]) other.take(text);
    const [first, second] = [new Writer(), new Writer()];
    const places = one.encode(first);
    other.encode(second);
    expect(Buffer.from(second.bytes())).toEqual(Buffer.from(first.bytes()));
    const read = new Names(9, "");
    read.decode(new Reader(first.bytes()));
    expect(["a", "b", "c"].map((text) => read.text(places[one.take(text)] as number))).toEqual(["a", "b", "c"]);
    expect(() => read.use(9)).toThrow(RangeError);
  });
});

// Sums by number: as a map would have them, in any order, and as bytes.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Reader, Writer } from "../../src/primitive/bytes.ts";
import { SumTable } from "../../src/primitive/sum-table.ts";

const additions = fc.array(
  fc.tuple(
    fc.nat(300),
    fc.integer({ min: -1000, max: 1000 }).map((n) => n / 256),
  ),
  { maxLength: 400 },
);

function tableOf(list: readonly (readonly [number, number])[]): SumTable {
  const table = new SumTable();
  for (const [key, amount] of list) table.add(key, amount);
  return table;
}

function bytesOf(table: SumTable): Uint8Array {
  const writer = new Writer();
  table.encode(writer);
  return writer.bytes().slice();
}

describe("a table of sums", () => {
  test("has the sums that a map would have", () => {
    fc.assert(
      fc.property(additions, (list) => {
        const expected = new Map<number, number>();
        for (const [key, amount] of list) expected.set(key, (expected.get(key) ?? 0) + amount);
        const table = tableOf(list);
        for (const [key, sum] of expected) expect(table.at(key)).toBe(sum);
        expect(table.at(301)).toBe(0);
        const inOrder = [...expected].filter(([, sum]) => sum !== 0).sort(([one], [other]) => one - other);
        expect(table.entries()).toEqual(inOrder);
        expect(table.isZero).toBe(inOrder.length === 0);
      }),
    );
  });

  test("is the same bytes in any order, and split over panes", () => {
    fc.assert(
      fc.property(additions, fc.nat(400), (list, at) => {
        const split = tableOf(list.slice(at));
        split.addAll(tableOf(list.slice(0, at)));
        expect(bytesOf(split)).toEqual(bytesOf(tableOf(list)));
        expect(bytesOf(tableOf([...list].reverse()))).toEqual(bytesOf(tableOf(list)));
      }),
    );
  });

  test("loses what is taken away again without a trace", () => {
    fc.assert(
      fc.property(additions, additions, (stays, goes) => {
        const table = tableOf(stays);
        table.combine(new Reader(bytesOf(tableOf(goes))), 1);
        table.combine(new Reader(bytesOf(tableOf(goes))), -1);
        expect(bytesOf(table)).toEqual(bytesOf(tableOf(stays)));
      }),
    );
  });

  test("has a copy that does not follow it", () => {
    const table = tableOf([[7, 1]]);
    const copy = table.copy();
    table.add(7, 1);
    copy.add(8, 2);
    expect([table.at(7), table.at(8), copy.at(7), copy.at(8)]).toEqual([2, 0, 1, 2]);
  });
});

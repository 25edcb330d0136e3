// Rows of the join are in chunks, of which the last places are left out: no row may lie there, nor where another does.
import { expect, test } from "vitest";
import { blockRows, chunkShift, floatsARow, lowAt, PendingRows, shortsARow, timeAt } from "../../src/state/pending-rows.ts";

/** Of two chunks. */
const blocks = Math.floor((1.5 * 2 ** chunkShift) / blockRows);

test("every row of two chunks keeps what it has", () => {
  const rows = new PendingRows();
  const firsts = Array.from({ length: blocks }, () => rows.takeBlock() * blockRows);
  const all = firsts.flatMap((first) => Array.from({ length: blockRows }, (_, at) => first + at));
  for (const row of all) {
    for (let at = 0; at < floatsARow; at++) rows.setFloat(row, at, row + at / 16);
  }
  const wrong = all.filter((row) => {
    return rows.float(row, timeAt) !== row || rows.float(row, floatsARow - 1) !== row + (floatsARow - 1) / 16;
  });
  expect(wrong).toEqual([]);
  expect(rows.ints).toHaveLength(2);
});

test("blocks that are given back are had again before new ones", () => {
  const rows = new PendingRows();
  const [first, second] = [rows.takeBlock(), rows.takeBlock()];
  rows.setInt(first * blockRows, lowAt, 7);
  rows.giveBlock(first);
  rows.giveBlock(second);
  expect([rows.takeBlock(), rows.takeBlock()]).toEqual([second, first]);
  expect(rows.takeBlock()).toBe(2);
});

test("blocks one behind the other are nobody else's, wherever a chunk ends", () => {
  const together = 5;
  const blocksAChunk = 2 ** chunkShift / blockRows;
  // From where there is room for them to where there is none.
  for (let before = blocksAChunk - together - 3; before <= blocksAChunk + 1; before++) {
    const rows = new PendingRows();
    const taken = Array.from({ length: before }, () => rows.takeBlock());
    const first = rows.takeBlocks(together);
    taken.push(...Array.from({ length: together }, (_, at) => first + at), rows.takeBlock(), rows.takeBlock());
    expect(new Set(taken).size).toBe(before + together + 2);
    for (const block of taken.slice(-together - 4)) {
      const [low, high] = [block * blockRows, block * blockRows + blockRows - 1];
      rows.setInt(low, lowAt, low);
      rows.setShort(high, shortsARow - 1, block & 0xffff);
    }
    for (const block of taken.slice(-together - 4)) {
      expect(rows.int(block * blockRows, lowAt)).toBe(block * blockRows);
      expect(rows.short(block * blockRows + blockRows - 1, shortsARow - 1)).toBe(block & 0xffff);
    }
  }
});

test("the fields of a row are those of one stretch of memory", () => {
  const rows = new PendingRows();
  const row = rows.takeBlock() * blockRows + 3;
  rows.setShort(row, shortsARow - 1, 0xffff);
  expect(rows.int(row, shortsARow / 2 - 1) >>> 16).toBe(0xffff);
  expect(rows.short(row + 1, 0)).toBe(0);
});

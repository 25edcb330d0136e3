// Rows of the join that something is to be done with at one time, in an array that grows.

import type { PendingIndex } from "./pending-index.ts";
import { chunkMask, chunkShift, highAt, intsARow, lowAt, type PendingRows, sameAt } from "./pending-rows.ts";

const leastCapacity = 8;

/** What was read only to have it near: kept, as what nobody needs would not be read. */
let seen = 0;

export class RowList {
  size = 0;
  rows = new Int32Array(leastCapacity);

  push(row: number): void {
    if (this.size === this.rows.length) {
      const larger = new Int32Array(this.size * 2);
      larger.set(this.rows);
      this.rows = larger;
    }
    this.rows[this.size++] = row;
  }
}

/**
 * Brings some rows of a list, and those that follow them in the circles of their ids, from memory into the cache. They lie
 * anywhere: one after the other each is waited for, but in a loop that does nothing else many are fetched at once.
 */
export function fetchRows({ rows }: RowList, from: number, to: number, { ints }: PendingRows): void {
  let sum = 0;
  for (let at = from; at < to; at++) {
    const row = rows[at] as number;
    sum ^= (ints[row >>> chunkShift] as Int32Array)[(row & chunkMask) * intsARow + lowAt] as number;
  }
  for (let at = from; at < to; at++) {
    const row = rows[at] as number;
    const same = (ints[row >>> chunkShift] as Int32Array)[(row & chunkMask) * intsARow + sameAt] as number;
    sum ^= (ints[same >>> chunkShift] as Int32Array)[(same & chunkMask) * intsARow + lowAt] as number;
  }
  seen = sum;
}

/** As `fetchRows`, with the places in the index of their ids, not with other rows. */
export function fetchPlaces({ rows }: RowList, from: number, to: number, pending: PendingRows, index: PendingIndex): void {
  let sum = seen;
  for (let at = from; at < to; at++) sum ^= pending.int(rows[at] as number, highAt);
  for (let at = from; at < to; at++) sum ^= index.glance(pending.int(rows[at] as number, lowAt));
  seen = sum;
}

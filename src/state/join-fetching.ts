// Brings what is to be looked at from memory into the processor's cache. It lies anywhere: one after the other each is waited
// for, but in loops that do nothing else many are fetched at once, the more the less there is to do between two of them.
import type { PendingIndex } from "./pending-index.ts";
import { flagsAt, highAt, lowAt, none, type PendingRows } from "./pending-rows.ts";

/** What was read only to have it near: kept, as what nobody needs would not be read. */
let seen = 0;

/**
 * Rows that are looked at together. A loop for each step: of random places in 16 MB, which were waited for 90 ns each where one loop
 * did all of it, 25 to 60 are left.
 */
export class RowBatch {
  readonly rows: Int32Array;
  /** Of each the low half of its id's hash. */
  readonly #lows: Int32Array;

  /** @param capacity rows at most */
  constructor(capacity: number) {
    this.rows = new Int32Array(capacity);
    this.#lows = new Int32Array(capacity);
  }

  /** Begins with the first rows: what is asked for next is of their ids. */
  begin(size: number, rows: PendingRows): void {
    for (let at = 0; at < size; at++) this.#lows[at] = rows.int(this.rows[at] as number, lowAt);
  }

  /** Fetches the places of the ids in an index. */
  fetchPlaces(size: number, index: PendingIndex): void {
    const lows = this.#lows;
    let sum = seen;
    for (let at = 0; at < size; at++) sum ^= index.glance(lows[at] as number);
    seen = sum;
  }

  /**
   * Finds the rows of the ids in an index, and fetches them. They are right until an id of the batch is put there or removed.
   * @param found takes the rows; -1 where there is none
   */
  find(size: number, rows: PendingRows, index: PendingIndex, found: Int32Array): void {
    const lows = this.#lows;
    for (let at = 0; at < size; at++) found[at] = index.guess(lows[at] as number);
    let sum = seen;
    for (let at = 0; at < size; at++) {
      const row = found[at] as number;
      if (row === none) continue;
      const high = rows.int(this.rows[at] as number, highAt);
      // A row may lie in two lines of the cache.
      sum ^= rows.short(row, flagsAt);
      if (rows.int(row, highAt) !== high) found[at] = index.find(high, lows[at] as number);
    }
    seen = sum;
  }
}

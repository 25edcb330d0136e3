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
  /** The numbers of the rows; those up to `size` are looked at. */
  readonly numbers: Int32Array;
  size = 0;
  readonly #rows: PendingRows;
  /** Of each the low half of its id's hash. */
  readonly #lows: Int32Array;

  /** @param capacity rows at most */
  constructor(rows: PendingRows, capacity: number) {
    this.#rows = rows;
    this.numbers = new Int32Array(capacity);
    this.#lows = new Int32Array(capacity);
  }

  /** Begins with the first of the rows that were put there, and fetches them. */
  begin(size: number): void {
    this.size = size;
    for (let at = 0; at < size; at++) this.#lows[at] = this.#rows.int(this.numbers[at] as number, lowAt);
  }

  /** Fetches the places of the rows' ids in an index. */
  fetchPlaces(index: PendingIndex): void {
    const { size } = this;
    const lows = this.#lows;
    let sum = seen;
    for (let at = 0; at < size; at++) sum ^= index.glance(lows[at] as number);
    seen = sum;
  }

  /**
   * Finds what has the rows' ids in an index, and fetches it. It is right until an id of the batch is put there or removed.
   * @param found takes the rows that are found; -1 where there is none
   */
  find(index: PendingIndex, found: Int32Array): void {
    const { size, numbers } = this;
    const rows = this.#rows;
    const lows = this.#lows;
    for (let at = 0; at < size; at++) found[at] = index.guess(lows[at] as number);
    let sum = seen;
    for (let at = 0; at < size; at++) {
      const row = found[at] as number;
      if (row === none) continue;
      const high = rows.int(numbers[at] as number, highAt);
      // A row may lie in two lines of the cache.
      sum ^= rows.short(row, flagsAt);
      if (rows.int(row, highAt) !== high) found[at] = index.find(high, lows[at] as number);
    }
    seen = sum;
  }
}

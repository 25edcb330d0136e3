// Brings what is to be looked at from memory into the processor's cache. It lies anywhere: one after the other each is waited
// for, but in a loop that does nothing else many are fetched at once.
import type { PendingIndex } from "./pending-index.ts";
import { flagsAt, lowAt, none, type PendingRows, timeAt } from "./pending-rows.ts";

/** What was read only to have it near: kept, as what nobody needs would not be read. */
let seen = 0;

/** The places in an index of the ids of rows. */
export function fetchPlaces(batch: Int32Array, size: number, rows: PendingRows, index: PendingIndex): void {
  let sum = seen;
  for (let at = 0; at < size; at++) sum ^= index.glance(rows.int(batch[at] as number, lowAt));
  seen = sum;
}

/** As `fetchPlaces`, and the rows that they lead to. */
export function fetchFound(batch: Int32Array, size: number, rows: PendingRows, index: PendingIndex): void {
  let sum = seen;
  for (let at = 0; at < size; at++) sum ^= index.glance(rows.int(batch[at] as number, lowAt));
  for (let at = 0; at < size; at++) {
    const found = index.glance(rows.int(batch[at] as number, lowAt)) - 1;
    if (found !== none) sum ^= endsOf(rows, found);
  }
  seen = sum;
}

/** A row may lie in two lines of the cache. */
function endsOf(rows: PendingRows, row: number): number {
  return rows.int(row, timeAt) ^ rows.short(row, flagsAt);
}

// Rows of the join in the order of their ids' hashes, which no interleaving changes: for snapshots.
import { flagsAt, highAt, isDead, lowAt, type PendingRows } from "./pending-rows.ts";
import type { PendingTable } from "./pending-table.ts";
import type { RowChains } from "./row-chains.ts";

/** Others can have a turn after so many rows. */
const rowsATurn = 4096;
/** Rows that are put into their order at once. */
const rowsARun = 512;
/** So that a half of a hash and a place fit into one number. */
const placeFactor = 2 ** 21;

/** Rows by the first bits of their hashes. */
export interface Runs {
  readonly rows: Int32Array;
  /** Where each run begins in `rows`, and where the last ends. */
  readonly bounds: Uint32Array;
}

/** The rows of chains that are not dead, in runs that follow one another; within a run they are as they were in their chain. */
export function* runsOf({ rows, chains }: PendingTable, of: readonly number[]): Generator<void, Runs> {
  const batch = new Int32Array(rowsATurn);
  const size = of.reduce((sum, chain) => sum + chains.size(chain), 0);
  const runBits = Math.max(1, Math.ceil(Math.log2(size / rowsARun + 1)));
  const shift = 32 - runBits;
  const bounds = new Uint32Array((1 << runBits) + 2);
  const isAlive = (row: number): boolean => (rows.short(row, flagsAt) & isDead) === 0;
  // Counted two places further on, summed up, and then one further on as the rows are put in: there they end where they begin.
  for (const some of batchesOf(chains, of, batch)) {
    for (const row of some) if (isAlive(row)) increment(bounds, (rows.int(row, lowAt) >>> shift) + 2);
    yield;
  }
  for (let run = 2; run < bounds.length; run++) bounds[run] = (bounds[run] as number) + (bounds[run - 1] as number);
  const found = new Int32Array(bounds.at(-1) as number);
  for (const some of batchesOf(chains, of, batch)) {
    for (const row of some) {
      if (isAlive(row)) found[increment(bounds, (rows.int(row, lowAt) >>> shift) + 1)] = row;
    }
    yield;
  }
  return { rows: found, bounds: bounds.subarray(0, -1) };
}

function* batchesOf(chains: RowChains, of: readonly number[], batch: Int32Array): Iterable<Int32Array> {
  for (const chain of of) for (const size of chains.batches(chain, batch)) yield batch.subarray(0, size);
}

/** @returns what it was before */
function increment(counts: Uint32Array, at: number): number {
  const count = counts[at] as number;
  counts[at] = count + 1;
  return count;
}

/** @param compare those of one hash; those that are equal stay in the order in which they are */
export function sortedByHash(found: Int32Array, rows: PendingRows, compare: (a: number, b: number) => number): Int32Array {
  const keys = new Float64Array(found.length);
  for (let at = 0; at < keys.length; at++) keys[at] = (rows.int(found[at] as number, lowAt) >>> 0) * placeFactor + at;
  keys.sort();
  const inOrder = new Int32Array(found.length);
  for (let at = 0; at < keys.length; at++) inOrder[at] = found[(keys[at] as number) % placeFactor] as number;
  for (let from = 0; from < inOrder.length; ) {
    const low = rows.int(inOrder[from] as number, lowAt);
    let to = from + 1;
    while (to < inOrder.length && rows.int(inOrder[to] as number, lowAt) === low) to += 1;
    if (to - from > 1) {
      const equal = [...inOrder.subarray(from, to)];
      equal.sort((a, b) => (rows.int(a, highAt) >>> 0) - (rows.int(b, highAt) >>> 0) || compare(a, b));
      inOrder.set(equal, from);
    }
    from = to;
  }
  return inOrder;
}

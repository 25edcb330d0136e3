// The counts and sums of bins as plain numbers, for files that people read: first the counts by bin, then the further
// columns, of which nothing has to be known here.
import { BinCounts } from "../primitive/bins.ts";
import { Reader, Writer } from "../primitive/bytes.ts";

/** @returns columns one after another, each with one number a bin */
export function columnsOf(counts: BinCounts): Float64Array {
  const writer = new Writer();
  counts.encode(writer);
  return new Reader(writer.bytes()).floats();
}

/** The counts of which these are the columns. */
export function fromColumns(columns: Float64Array): BinCounts {
  const writer = new Writer();
  writer.floats(columns);
  return BinCounts.decode(new Reader(writer.bytes()));
}

/** How many numbers the columns of so many bins have. */
export function columnsLength(bins: number): number {
  return columnsOf(BinCounts.zero(bins)).length;
}

// Frozen bins of numbers, and counts in them. Bins are (a, b], the first and last are open. Beside its count a bin keeps
// two sums about its anchor (a finite edge), as integers of a unit that belongs to the bin: so panes merge without error.
import type { Reader, Writer } from "./bytes.ts";
import { readAll, writeAll } from "./bytes.ts";
import { lowerBound, upperBound } from "./bucket.ts";
import type { Group } from "../stats/groups.ts";
import type { Cell, NumberSketch } from "./sketch.ts";

/** Sums are kept to 2^-26 of a bin's scale; one sum holds 2^27 values of the scale's size exactly. */
const unitBits = 26;

export interface NumericBins {
  /** Strictly ascending; one bin more than edges. */
  readonly edges: readonly number[];
  /** By bin: the edge about which its sums are taken. */
  readonly anchors: readonly number[];
  /** By bin: a length that its values' distances from the anchor rarely exceed (a power of two). */
  readonly scales: readonly number[];
  /** Edges that were known before the values came: cells of sketches are cut at them. Else edges are bucket boundaries. */
  readonly given: boolean;
}

/**
 * Bins of these edges.
 * @param reach how far values are expected beyond the first and last edge; only the precision of sums depends on it
 */
export function numericBins(edges: readonly number[], given: boolean, reach?: number): NumericBins {
  const first = edges[0] ?? 0;
  const last = edges.at(-1) ?? 0;
  const outside = reach ?? Math.max(last - first, Math.abs(first), Math.abs(last), 1);
  const lengths = [outside, ...edges.slice(1).map((edge, index) => edge - (edges[index] as number)), outside];
  return {
    edges,
    anchors: [first, ...edges],
    scales: lengths.slice(0, edges.length + 1).map((length) => 2 ** Math.ceil(Math.log2(length))),
    given,
  };
}

/** Which bin a value lies in: the number of edges below it. */
export function binOf(edges: readonly number[], value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

const tails = [0.01, 0.99] as const;

/**
 * Edges at the quantiles i / parts and at the 1st and 99th percentile of a sketch, chosen among bucket boundaries.
 * A bucket that holds more than 1 / parts of all values (a repeated value) becomes a bin of its own.
 */
export function chooseEdges(sketch: NumberSketch, parts: number): number[] {
  const cells = sketch.sorted();
  const total = cells.reduce((sum, cell) => sum + cell.count, 0);
  const inner = Array.from({ length: parts - 1 }, (_, index) => (index + 1) / parts);
  const targets = [...tails, ...inner].sort((a, b) => a - b).map((share) => share * total);
  const edges = new Set<number>();
  let below = 0;
  let target = 0;
  for (const cell of cells) {
    if (cell.count * parts > total && below > 0) edges.add(lowerBound(cell.bucket));
    below += cell.count;
    const reached = target;
    while (target < targets.length && below >= (targets[target] as number)) target += 1;
    const atom = cell.count * parts > total;
    if (below < total && (atom || target > reached)) edges.add(upperBound(cell.bucket));
  }
  return [...edges].sort((a, b) => a - b);
}

export class BinCounts {
  readonly counts: Float64Array;
  /** Of (value - anchor), in units of scale / 2^26. */
  readonly sums: Float64Array;
  /** Of (value - anchor)^2, in units of scale^2 / 2^26. */
  readonly squares: Float64Array;

  constructor(bins: number) {
    this.counts = new Float64Array(bins);
    this.sums = new Float64Array(bins);
    this.squares = new Float64Array(bins);
  }

  /** Counts in bins from a sketch whose cells each lie in one bin. */
  static from(sketch: NumberSketch, bins: NumericBins): BinCounts {
    const result = new BinCounts(bins.anchors.length);
    for (const cell of sketch.sorted()) {
      const bin = bins.given ? cell.cut : binOf(bins.edges, upperBound(cell.bucket));
      result.#take(cell, bin, bins);
    }
    for (let bin = 0; bin < bins.anchors.length; bin++) {
      result.sums[bin] = Math.round(result.sums[bin] as number);
      result.squares[bin] = Math.round(result.squares[bin] as number);
    }
    return result;
  }

  #take(cell: Cell, bin: number, bins: NumericBins): void {
    const scale = bins.scales[bin] as number;
    const shift = cell.from - (bins.anchors[bin] as number);
    const sum = cell.count * shift + cell.sum;
    const squares = cell.count * shift * shift + 2 * shift * cell.sum + cell.squares;
    this.counts[bin] = (this.counts[bin] as number) + cell.count;
    this.sums[bin] = (this.sums[bin] as number) + (sum / scale) * 2 ** unitBits;
    this.squares[bin] = (this.squares[bin] as number) + (squares / scale / scale) * 2 ** unitBits;
  }

  merge(other: BinCounts): void {
    for (let bin = 0; bin < this.counts.length; bin++) {
      this.counts[bin] = (this.counts[bin] as number) + (other.counts[bin] as number);
      this.sums[bin] = (this.sums[bin] as number) + (other.sums[bin] as number);
      this.squares[bin] = (this.squares[bin] as number) + (other.squares[bin] as number);
    }
  }

  /** The values of each bin as a group, for pooled moments and quantiles. */
  groups(bins: NumericBins): Group[] {
    return bins.anchors.map((anchor, bin) => {
      const count = this.counts[bin] as number;
      const scale = bins.scales[bin] as number;
      const offset = ((this.sums[bin] as number) / count / 2 ** unitBits) * scale;
      const square = ((this.squares[bin] as number) / count / 2 ** unitBits) * scale * scale;
      const lower = bin === 0 ? Number.NEGATIVE_INFINITY : (bins.edges[bin - 1] as number);
      const upper = bins.edges[bin] ?? Number.POSITIVE_INFINITY;
      return { count, mean: anchor + offset, variance: Math.max(0, square - offset * offset), lower, upper };
    });
  }

  encode(writer: Writer): void {
    for (const part of [this.counts, this.sums, this.squares]) writeAll(writer, [...part], (value) => writer.float(value));
  }

  static decode(reader: Reader): BinCounts {
    const counts = readAll(reader, () => reader.float());
    const result = new BinCounts(counts.length);
    result.counts.set(counts);
    result.sums.set(readAll(reader, () => reader.float()));
    result.squares.set(readAll(reader, () => reader.float()));
    return result;
  }
}

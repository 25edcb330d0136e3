// Frozen bins of numbers, and counts in them. Bins are (a, b], the first and last are open. Beside its count a bin keeps
// two sums about its anchor (a finite edge), as integers of a unit that belongs to the bin: so panes merge without error.

import type { Group } from "../stats/groups.ts";
import { lowerBound, upperBound } from "./bucket.ts";
import type { Reader, Writer } from "./bytes.ts";
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
  /**
   * One array for all that is kept, as there is one of these for each feature, pane and segment: by bin the counts, then
   * the sums of (value - anchor) in units of scale / 2^26, then those of (value - anchor)^2 in units of scale^2 / 2^26.
   */
  readonly #values: Float64Array;
  readonly #bins: number;

  private constructor(values: Float64Array) {
    this.#values = values;
    this.#bins = values.length / 3;
  }

  static zero(bins: number): BinCounts {
    return new BinCounts(new Float64Array(3 * bins));
  }

  /** Counts in bins from a sketch whose cells each lie in one bin. */
  static from(sketch: NumberSketch, bins: NumericBins): BinCounts {
    const result = BinCounts.zero(bins.anchors.length);
    for (const cell of sketch.sorted()) {
      const bin = bins.given ? cell.cut : binOf(bins.edges, upperBound(cell.bucket));
      result.#take(cell, bin, bins);
    }
    const values = result.#values;
    for (let at = result.#bins; at < values.length; at++) values[at] = Math.round(values[at] as number);
    return result;
  }

  #take(cell: Cell, bin: number, bins: NumericBins): void {
    const scale = bins.scales[bin] as number;
    const shift = cell.from - (bins.anchors[bin] as number);
    const sum = cell.count * shift + cell.sum;
    const squares = cell.count * shift * shift + 2 * shift * cell.sum + cell.squares;
    this.#add(bin, cell.count);
    this.#add(this.#bins + bin, (sum / scale) * 2 ** unitBits);
    this.#add(2 * this.#bins + bin, (squares / scale / scale) * 2 ** unitBits);
  }

  #add(at: number, amount: number): void {
    this.#values[at] = (this.#values[at] as number) + amount;
  }

  /** A view: how many values each bin has. */
  get counts(): Float64Array {
    return this.#values.subarray(0, this.#bins);
  }

  /** A new one with as many bins and nothing in them. */
  empty(): BinCounts {
    return BinCounts.zero(this.#bins);
  }

  merge(other: BinCounts): void {
    const into = this.#values;
    const from = other.#values;
    for (let at = 0; at < into.length; at++) into[at] = (into[at] as number) + (from[at] as number);
  }

  /** The values of each bin as a group, for pooled moments and quantiles. */
  groups(bins: NumericBins): Group[] {
    return bins.anchors.map((anchor, bin) => {
      const count = this.#values[bin] as number;
      const scale = bins.scales[bin] as number;
      const offset = ((this.#values[this.#bins + bin] as number) / count / 2 ** unitBits) * scale;
      const square = ((this.#values[2 * this.#bins + bin] as number) / count / 2 ** unitBits) * scale * scale;
      const lower = bin === 0 ? Number.NEGATIVE_INFINITY : (bins.edges[bin - 1] as number);
      const upper = bins.edges[bin] ?? Number.POSITIVE_INFINITY;
      return { count, mean: anchor + offset, variance: Math.max(0, square - offset * offset), lower, upper };
    });
  }

  encode(writer: Writer): void {
    writer.floats(this.#values);
  }

  static decode(reader: Reader): BinCounts {
    return new BinCounts(reader.floats());
  }
}

// Frozen bins of numbers. Bins are (a, b], the first and last are open. What is counted in them is in bin-counts.ts.
import { lowerBound, upperBound } from "./bucket.ts";
import type { NumberSketch } from "./sketch.ts";

/** Lengths of bins are taken as in this range, so that twice as much, and one by as much, is a double. */
const shortest = 2 ** -1000;
const longest = 2 ** 1023;

export interface NumericBins {
  /** Strictly ascending; one bin more than edges. */
  readonly edges: readonly number[];
  /** By bin: the edge about which its squares are taken. */
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
    scales: lengths
      .slice(0, edges.length + 1)
      .map((length) => Math.min(Math.max(2 ** Math.ceil(Math.log2(length)), shortest), longest)),
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

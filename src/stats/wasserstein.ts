// The Wasserstein distance (earth mover's distance) of order 1, from bins with counts and sums.
import { type Sample, total } from "./sample.ts";

/**
 * How numbers lie in parts of bins (a, b], the first and the last open. A part's anchor is its lower edge; the first part,
 * which has none, has its upper edge. (Sums about zero would lose the digits of numbers that are large and close together.)
 */
export interface PartSums {
  /** By part, weighted as the counts of the bins are. */
  readonly counts: ArrayLike<number>;
  /** By part the sum of (value - anchor). */
  readonly offsets: ArrayLike<number>;
  /** By part the most by which `offsets` may be off; 0 where they are exact, NaN where no bound is known. */
  readonly offsetsWithin: ArrayLike<number>;
}

export interface NumericSample extends Sample {
  readonly parts: PartSums;
}

/**
 * Wasserstein-1 distance, the integral of |F_q - F_p|, taken part by part: sum over parts of |integral of F_q - F_p|, each
 * less what its sums may be off by.
 *
 * - range: 0 and up, in the feature's own unit; a shift of all values by d gives d;
 * - never above the distance of the raw values, and equal to it unless F_q - F_p changes its sign inside of a part (and sums
 *   are exact): that is why bins have parts (choose-bins.ts);
 * - look at it to see how far values moved; divided by the reference's standard deviation it compares features;
 * - p-value: none of its own; X^2 and Anderson-Darling on the bins say whether the difference is more than chance;
 * - source: S. S. Vallender 1974, "Calculation of the Wasserstein Distance Between Probability Distributions on the Line".
 *
 * Between edges l and u the integral of a cumulated share is (u - l) F(u) - (sum of (x - l)) / n; in the open bins the
 * part that is there in both samples falls away in the difference.
 * @param edges of the parts, ascending; one fewer than parts
 * @returns NaN where a sample is empty, a part's sum is not known to any bound, or the distance is too large for a double
 */
export function wasserstein(reference: PartSums, window: PartSums, edges: ArrayLike<number>): number {
  const referenceTotal = total(reference.counts);
  const windowTotal = total(window.counts);
  const { counts: referenceCounts, offsets: referenceOffsets, offsetsWithin: referenceWithin } = reference;
  const { counts: windowCounts, offsets: windowOffsets, offsetsWithin: windowWithin } = window;
  const last = edges.length;
  let referenceBelow = 0;
  let windowBelow = 0;
  let sum = 0;
  for (let part = 0; part <= last; part++) {
    referenceBelow += referenceCounts[part] as number;
    windowBelow += windowCounts[part] as number;
    const inner = part > 0 && part < last;
    const length = inner ? (edges[part] as number) - (edges[part - 1] as number) : 0;
    const difference = windowBelow / windowTotal - referenceBelow / referenceTotal;
    const moved = (windowOffsets[part] as number) / windowTotal - (referenceOffsets[part] as number) / referenceTotal;
    const within = (windowWithin[part] as number) / windowTotal + (referenceWithin[part] as number) / referenceTotal;
    sum += Math.max(0, Math.abs(length * difference - moved) - within);
  }
  return Number.isFinite(sum) ? sum : Number.NaN;
}

// The Jensen-Shannon distance.
import { type Sample, total } from "./sample.ts";

/**
 * Jensen-Shannon distance, base 2: sqrt(1/2 sum p log2(p / r) + 1/2 sum q log2(q / r)), r = (p + q) / 2.
 *
 * - range: 0 (equal) to 1 (nothing in common); a metric; empty bins need no smoothing;
 * - look at it to compare features with each other; its average without drift is about sqrt((B - 1) s / (8 ln 2));
 * - p-value: 8 ln 2 / s times its square has the law of the PSI, so the tests of the PSI serve for it;
 * - source: D. M. Endres and J. E. Schindelin 2003, "A New Metric for Probability Distributions".
 * @returns NaN where a sample is empty
 */
export function jensenShannon(reference: Sample, window: Sample): number {
  const referenceTotal = total(reference.counts);
  const windowTotal = total(window.counts);
  let sum = 0;
  for (let bin = 0; bin < reference.counts.length; bin++) {
    const p = (reference.counts[bin] as number) / referenceTotal;
    const q = (window.counts[bin] as number) / windowTotal;
    if (p !== 0) sum += p * Math.log2((2 * p) / (p + q));
    if (q !== 0) sum += q * Math.log2((2 * q) / (p + q));
  }
  // Rounding may bring the sum for equal samples below zero.
  return Math.sqrt(Math.max(0, sum / 2));
}

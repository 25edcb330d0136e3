// The Kolmogorov-Smirnov distance, from bins.
import { type Sample, total } from "./sample.ts";

/**
 * Kolmogorov-Smirnov distance at the edges of ordered bins: max |F_q - F_p|, the greatest difference of cumulated shares.
 *
 * - range: 0 to 1; at most the distance of the raw values, and less by no more than the share of the largest bin;
 * - look at it because it is familiar; `andersonDarling` sees every shift that it sees, and sooner;
 * - p-value: none here; Kolmogorov's law, which is for raw values, is two to three times too cautious on ten bins;
 * - source: N. Smirnov 1939; on bins: T. B. Arnold and J. W. Emerson 2011, R Journal 3(2).
 * @returns NaN where a sample is empty
 */
export function kolmogorovSmirnov(reference: Sample, window: Sample): number {
  const referenceTotal = total(reference.counts);
  const windowTotal = total(window.counts);
  if (!(referenceTotal > 0 && windowTotal > 0)) return Number.NaN;
  let referenceBelow = 0;
  let windowBelow = 0;
  let greatest = 0;
  for (let edge = 0; edge < reference.counts.length - 1; edge++) {
    referenceBelow += reference.counts[edge] as number;
    windowBelow += window.counts[edge] as number;
    greatest = Math.max(greatest, Math.abs(windowBelow / windowTotal - referenceBelow / referenceTotal));
  }
  return greatest;
}

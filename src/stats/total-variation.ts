// The total variation distance.
import { type Sample, total } from "./sample.ts";

/**
 * Total variation: 1/2 sum |q - p|.
 *
 * - range: 0 to 1: the share of values that would have to lie in another bin for the two to be equal;
 * - look at it to tell people how much has moved; without drift about sqrt((B - 1) s / (2 pi)) for bins of like size;
 * - p-value: none of its own; X^2 on the same bins (`pearson.ts`) says whether the difference is more than chance;
 * - source: D. A. Levin, Y. Peres and E. L. Wilmer 2009, "Markov Chains and Mixing Times", 4.1.
 * @returns NaN where a sample is empty
 */
export function totalVariation(reference: Sample, window: Sample): number {
  const referenceTotal = total(reference.counts);
  const windowTotal = total(window.counts);
  let sum = 0;
  for (let bin = 0; bin < reference.counts.length; bin++) {
    const p = (reference.counts[bin] as number) / referenceTotal;
    const q = (window.counts[bin] as number) / windowTotal;
    sum += Math.abs(q - p);
  }
  return sum / 2;
}

// Area under the receiver operating characteristic, from counts by bin of the score.
import { total } from "../sample.ts";
import { type Estimate, logitInterval, withoutInterval } from "./estimate.ts";
import { classSizes, orderInBin, type ScoreHistogram } from "./score-histogram.ts";

/**
 * With fewer of the rarer class DeLong's standard error is too small: 25 positives of 500 gave intervals that held 83 to 89 %.
 */
export const leastOfRarerClass = 50;

/**
 * The probability that a positive has a higher score than a negative, ties counting half: 0 to 1, 0.5 for guessing.
 *
 * Pairs in one bin are judged by its mean scores (`orderInBin`); the error is at most half the share of such pairs, 0.001 as a
 * rule. NaN where a class has no labels. DeLong's standard error on the scale of the logit gives the interval; none with fewer
 * than 50 of the rarer class, nor at 0 and 1.
 * @param limits of the bins, see `orderInBin`
 * Source: E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson 1988; logit: M. S. Pepe 2003, 5.2.
 */
export function rocAuc(histogram: ScoreHistogram, limits: ArrayLike<number>): Estimate {
  const { positives, negatives } = classSizes(histogram);
  const { area, standardError } = deLong(histogram, limits);
  if (Math.min(positives, negatives) < leastOfRarerClass) return withoutInterval(area, positives + negatives);
  return logitInterval(area, standardError, positives + negatives);
}

/**
 * The area and DeLong's standard error of it: the variance over positives of the share of negatives below them, by their
 * number, and the same of negatives. (Here bins are ties: it differs little.)
 * @returns NaN where a class has no labels; the standard error also where it has but one
 */
export function deLong(
  histogram: ScoreHistogram,
  limits: ArrayLike<number>,
): { readonly area: number; readonly standardError: number } {
  const [positives, negatives] = [total(histogram.positives), total(histogram.negatives)];
  const below = midShares(histogram.negatives, negatives);
  const positivesBelow = midShares(histogram.positives, positives);
  const tied = weighted(histogram.positives, (bin) => below[bin] as number) / positives;
  const ofPositives = weighted(histogram.positives, (bin) => ((below[bin] as number) - tied) ** 2) / positives;
  const ofNegatives = weighted(histogram.negatives, (bin) => (1 - (positivesBelow[bin] as number) - tied) ** 2) / negatives;
  const inBins = weighted(
    histogram.positives,
    (bin) => (histogram.negatives[bin] as number) * (orderInBin(histogram, limits, bin) - 0.5),
  );
  const area = tied + inBins / positives / negatives;
  const sizes = classSizes(histogram);
  if (!(Math.min(sizes.positives, sizes.negatives) > 1)) return { area, standardError: Number.NaN };
  const squared = ofPositives / (sizes.positives - 1) + ofNegatives / (sizes.negatives - 1);
  return { area, standardError: Math.sqrt(squared) };
}

/** By bin, the share of all that lies below, and half of what lies in it. */
function midShares(counts: ArrayLike<number>, all: number): Float64Array {
  let below = 0;
  return Float64Array.from(counts, (count) => {
    const middle = below + count / 2;
    below += count;
    return middle / all;
  });
}

function weighted(counts: ArrayLike<number>, value: (bin: number) => number): number {
  let sum = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    const count = counts[bin] as number;
    if (count !== 0) sum += count * value(bin);
  }
  return sum;
}

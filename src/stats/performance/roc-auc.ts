// Area under the receiver operating characteristic, from counts by bin of the score.
import { total } from "../sample.ts";
import { type Estimate, logitInterval, withoutInterval } from "./estimate.ts";
import { classSizes, orderInBins, type ScoreHistogram, weightsOfOne } from "./score-histogram.ts";

/**
 * With fewer of the rarer class DeLong's standard error is too small: 25 positives of 500 gave intervals that held 83 to 89 %.
 */
export const leastOfRarerClass = 50;

/**
 * The probability that a positive has a higher score than a negative, ties counting half: 0 to 1, 0.5 for guessing.
 *
 * Pairs in one bin are judged by its mean scores (`orderInBins`); the error is at most half the share of such pairs, 0.001 as a
 * rule. NaN where a class has no labels. DeLong's standard error on the scale of the logit gives the interval; none with fewer
 * than 50 of the rarer class, nor at 0 and 1.
 * @param limits of the bins, see `orderInBins`
 * Source: E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson 1988; logit: M. S. Pepe 2003, 5.2.
 */
export function rocAuc(histogram: ScoreHistogram, limits: ArrayLike<number>): Estimate {
  const { positives, negatives } = classSizes(histogram);
  const { area, standardError, caution } = deLong(histogram, limits);
  if (Math.min(positives, negatives) < leastOfRarerClass) return withoutInterval(area, positives + negatives);
  return logitInterval(area, standardError * caution, positives + negatives);
}

export interface Area {
  readonly area: number;
  /** DeLong's. */
  readonly standardError: number;
  /** How much greater the interval takes it, as a variance that few events carry is known badly, and from below as a rule. */
  readonly caution: number;
}

/**
 * The area and DeLong's standard error of it: the variance over positives of the share of negatives below them, by their
 * number, and the same of negatives. What lies in one bin is taken as in random order.
 * @returns NaN where a class has no labels; the standard error also where it has but one
 */
export function deLong(histogram: ScoreHistogram, limits: ArrayLike<number>): Area {
  const [positives, negatives] = [total(histogram.positives), total(histogram.negatives)];
  const below = midShares(histogram.negatives, negatives);
  const tied = weighted(histogram.positives, (bin) => below[bin] as number) / positives;
  const order = orderInBins(histogram, limits);
  const inBins = weighted(histogram.positives, (bin) => {
    return (histogram.negatives[bin] as number) * ((order[bin] as number) - 0.5);
  });
  const [one, sizes] = [weightsOfOne(histogram), classSizes(histogram)];
  const above = midShares(histogram.positives, positives).map((share) => 1 - share);
  const ofPositives = placements(histogram.positives, below, histogram.negatives, one.negative, sizes.positives);
  const ofNegatives = placements(histogram.negatives, above, histogram.positives, one.positive, sizes.negatives);
  const plain = ofPositives.variance + ofNegatives.variance;
  const cautious = ofPositives.cautious + ofNegatives.cautious;
  return { area: tied + inBins / positives / negatives, standardError: Math.sqrt(plain), caution: Math.sqrt(cautious / plain) };
}

/**
 * The variance of the mean of one class's placements, the shares of the other class that lie on the right side of each; and the same
 * made greater by the reciprocal of how many events carry it, (sum of squares)^2 / sum of fourth powers.
 */
function placements(
  counts: ArrayLike<number>,
  shares: Float64Array,
  others: ArrayLike<number>,
  oneOther: number,
  size: number,
): { readonly variance: number; readonly cautious: number } {
  const [all, allOthers] = [total(counts), total(others)];
  const middle = weighted(counts, (bin) => shares[bin] as number) / all;
  const square = (bin: number): number =>
    ((shares[bin] as number) - middle) ** 2 + placesInBin(others[bin] as number, oneOther) / allOthers ** 2;
  const mean = weighted(counts, square) / all;
  const variance = size > 1 ? mean / (size - 1) : Number.NaN;
  const carriers = ((mean * mean) / (weighted(counts, (bin) => square(bin) ** 2) / all)) * size;
  return { variance, cautious: variance > 0 ? variance * (1 + 1 / carriers) : variance };
}

/** The variance of how many of a bin's n of the other class lie below one: uniform on 0 to n, so n (n + 2) / 12. */
function placesInBin(count: number, one: number): number {
  return (count * (count + 2 * one)) / 12;
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

// Means of a loss or of a request's value, from sums, with the interval of the central limit theorem.
import { type Estimate, logInterval, normalInterval } from "./estimate.ts";
import { kishSize } from "./kish.ts";

/** Sums of a number x over events of weights w; where each weighs 1: how many, and the sums of x and x^2. */
export interface Moments {
  /** Sum of w. */
  readonly count: number;
  /** Sum of w^2. */
  readonly weightSquares: number;
  /** Sum of w x. */
  readonly sum: number;
  /** Sum of w x^2. */
  readonly squares: number;
}

export const noMoments: Moments = { count: 0, weightSquares: 0, sum: 0, squares: 0 };

/** The moments of one observation. */
export function momentsOf(value: number, weight = 1): Moments {
  return { count: weight, weightSquares: weight * weight, sum: weight * value, squares: weight * value * value };
}

/**
 * Below so many (effective) observations the sum of a skewed loss is not yet normal, nor its variance known: no interval.
 * Measured with `npm run bench:intervals`.
 */
export const leastForMean = 300;

/** The mean, sum w x / sum w, in the unit of x, with ± 1.96 standard errors from 300 observations on; NaN without any. */
export function mean(moments: Moments): Estimate {
  return normalInterval(moments.sum / moments.count, standardError(moments), sizeOf(moments));
}

/**
 * The mean of what is never below 0, as a loss or a share: with an interval that is symmetric on the scale of the logarithm, from 300
 * observations on.
 *
 * Where few observations carry most of the sum, (sum x)^2 / sum x^2 says how many, a sample that lacks some of them looks surer than
 * one that has them; so the standard error is taken as greater by the reciprocal of that number. (To give no interval instead would
 * be worse: it is given just for the samples that lack them.)
 */
export function positiveMean(moments: Moments): Estimate {
  const [value, samples] = [moments.sum / moments.count, sizeOf(moments)];
  const carriers = ((value * moments.sum) / moments.squares) * samples;
  return logInterval(value, standardError(moments) * (1 + 1 / carriers), samples);
}

const sizeOf = (moments: Moments): number => kishSize(moments.count, moments.weightSquares);

/** NaN below the number of observations that an interval needs. */
function standardError(moments: Moments): number {
  const samples = sizeOf(moments);
  return samples < leastForMean ? Number.NaN : Math.sqrt(variance(moments) / samples);
}

/** The unbiased variance of x, in the square of its unit; NaN below two (effective) observations. */
export function variance(moments: Moments): number {
  const samples = sizeOf(moments);
  if (!(samples > 1)) return Number.NaN;
  const value = moments.sum / moments.count;
  return Math.max(0, moments.squares / moments.count - value * value) * (samples / (samples - 1));
}

// Means of a loss or of a request's value, from sums, with the interval of the central limit theorem.
import { type Estimate, normalInterval, withoutInterval } from "./estimate.ts";
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
 * Below so many (effective) observations the sum of a skewed loss is not yet normal, nor its variance known.
 * Measured with `npm run bench:intervals`.
 */
const leastForInterval = 100;

/**
 * The mean, sum w x / sum w, in the unit of x, with ± 1.96 standard errors.
 *
 * NaN without observations; no interval below 100 of them, nor where all are equal.
 */
export function mean(moments: Moments): Estimate {
  const samples = kishSize(moments.count, moments.weightSquares);
  const value = moments.sum / moments.count;
  if (samples < leastForInterval) return withoutInterval(value, samples);
  const standardError = Math.sqrt(variance(moments) / samples);
  return standardError > 0 ? normalInterval(value, standardError, samples) : withoutInterval(value, samples);
}

/** The unbiased variance of x, in the square of its unit; NaN below two (effective) observations. */
export function variance(moments: Moments): number {
  const samples = kishSize(moments.count, moments.weightSquares);
  if (!(samples > 1)) return Number.NaN;
  const value = moments.sum / moments.count;
  return Math.max(0, moments.squares / moments.count - value * value) * (samples / (samples - 1));
}

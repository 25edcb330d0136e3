// Metrics of a regression's or a forecast's errors, from their sums.
import { type Estimate, logInterval, normalInterval, withoutInterval } from "./estimate.ts";
import { kishSize } from "./kish.ts";
import { leastForMean } from "./moments.ts";
import type { RegressionSums } from "./regression-sums.ts";

/**
 * The interval of the RMSE is given only where errors have tails that the delta method can bear: the mean of e^4 by the squared mean
 * of e^2 is 3 for normal errors, 6 for Laplace's, above 50 for log-normal ones, whose intervals would hold 80 to 90 % instead of 95.
 */
const mostTailWeight = 10;
/** And so many (effective) errors have to carry the sum of squares, n by that ratio: with fewer the ratio itself is a guess. */
const leastCarriers = 140;

const sizeOf = (sums: RegressionSums): number => kishSize(sums.count, sums.weightSquares);

/** Mean of e^4 by the squared mean of e^2: 1 and up, NaN where all errors are 0. */
export function tailWeight(sums: RegressionSums): number {
  return (sums.fourthPowers / sums.squaredErrors / sums.squaredErrors) * sums.count;
}

/**
 * Mean error, prediction - label, in the unit of the label: above 0 where predictions are too high; NaN without labels. Interval of
 * the central limit theorem, from 300 labels on.
 */
export function bias(sums: RegressionSums): Estimate {
  const value = sums.errors / sums.count;
  return normalInterval(value, errorOfMean(sums, value), sizeOf(sums));
}

/**
 * Mean absolute error, in the unit of the label: 0 and up, NaN without labels. Interval of the central limit theorem on the scale of
 * the logarithm, from 300 labels on.
 */
export function meanAbsoluteError(sums: RegressionSums): Estimate {
  const value = sums.absoluteErrors / sums.count;
  return logInterval(value, errorOfMean(sums, value), sizeOf(sums));
}

/**
 * By how much standard errors of means are taken as greater: where few errors carry the sum of squares, it is known badly, and too
 * small as a rule.
 */
function caution(sums: RegressionSums): number {
  return 1 + tailWeight(sums) / sizeOf(sums);
}

/** The standard error of a mean of e or of |e|: both have the mean of e^2 as their second moment. */
function errorOfMean(sums: RegressionSums, value: number): number {
  const samples = sizeOf(sums);
  if (samples < leastForMean) return Number.NaN;
  const variance = Math.max(0, sums.squaredErrors / sums.count - value * value);
  return Math.sqrt(variance / (samples - 1)) * caution(sums);
}

/**
 * Root mean squared error, in the unit of the label: 0 and up, NaN without labels.
 *
 * The interval is symmetric on the scale of the logarithm: the mean of squares has the variance (m4 - MSE^2) / n, and half of its
 * relative error is that of the root. As m4 is known badly, and from below as a rule, the tail weight is taken as greater by
 * its share of 1 / sqrt n.
 */
export function rootMeanSquaredError(sums: RegressionSums): Estimate {
  const samples = sizeOf(sums);
  const value = Math.sqrt(sums.squaredErrors / sums.count);
  const weight = tailWeight(sums);
  if (!(weight <= mostTailWeight && samples >= leastCarriers * weight)) return withoutInterval(value, samples);
  const cautious = weight * (1 + weight / Math.sqrt(samples));
  return logInterval(value, (value * Math.sqrt((cautious - 1) / (samples - 1))) / 2, samples);
}

/**
 * Mean of |e| / |y| as a share (not per cent): 0 and up, NaN without labels. Labels nearer to 0 than the floor count as the floor, and
 * their number is kept. It punishes high predictions more than low ones; prefer WAPE. No interval: single small labels rule it.
 */
export function meanAbsolutePercentage({ percentages }: RegressionSums): Estimate {
  return withoutInterval(percentages.sum / percentages.count, kishSize(percentages.count, percentages.weightSquares));
}

/**
 * Weighted absolute percentage error, sum |e| / sum |y|, as a share: 0 and up; NaN without labels and where all are 0.
 *
 * The interval is that of a ratio of means, variance of |e| - WAPE |y|, on the scale of the logarithm.
 * Source: S. Kolassa and W. Schütz 2007 (MAD / mean ratio); ratio estimator: W. G. Cochran 1977, "Sampling Techniques", 6.4.
 */
export function weightedAbsolutePercentage(sums: RegressionSums): Estimate {
  const samples = sizeOf(sums);
  if (!(sums.absoluteTargets > 0)) return withoutInterval(Number.NaN, samples);
  const value = sums.absoluteErrors / sums.absoluteTargets;
  if (samples < leastForMean) return withoutInterval(value, samples);
  const squares = sums.squaredErrors - 2 * value * sums.absoluteProducts + value ** 2 * sums.squaredTargets;
  const meanTarget = sums.absoluteTargets / sums.count;
  const standardError = Math.sqrt(Math.max(0, squares) / sums.count / (samples - 1)) / meanTarget;
  return logInterval(value, standardError * caution(sums), samples);
}

/**
 * Share of the labels' variance that predictions explain, 1 - sum e^2 / sum (y - mean y)^2: 1 at best, 0 for the mean, below 0 where
 * predictions are worse than that. NaN where labels do not vary. It grows with their spread: no interval, and to be compared only
 * where that is alike. Source: S. Wright 1921.
 */
export function determination(sums: RegressionSums): Estimate {
  const spread = sums.targetSquares - (sums.targets / sums.count) * sums.targets;
  return withoutInterval(spread > 0 ? 1 - sums.squaredErrors / spread : Number.NaN, sizeOf(sums));
}

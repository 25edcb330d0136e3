// What is kept of a regression's or a forecast's errors: sums, from which all of its metrics but quantiles follow.
import { type Moments, momentsOf } from "./moments.ts";

/**
 * Weighted sums over events with a label; e is prediction - label, y the label. They add over disjoint events, if these have one
 * anchor and one floor.
 *
 * Powers of e are about 0, as the metrics are, so they are sums of positive terms and lose no digits. Those of y are about the
 * anchor: the spread of labels far from 0 would drown in rounding otherwise.
 */
export interface RegressionSums {
  readonly count: number;
  readonly weightSquares: number;
  readonly errors: number;
  readonly absoluteErrors: number;
  readonly squaredErrors: number;
  readonly fourthPowers: number;
  /** Sums of y - anchor and (y - anchor)^2. */
  readonly targets: number;
  readonly targetSquares: number;
  /** Sums of |y|, y^2 and |e| |y|, for WAPE and its error. */
  readonly absoluteTargets: number;
  readonly squaredTargets: number;
  readonly absoluteProducts: number;
  /** Of |e| / max(|y|, floor). */
  readonly percentages: Moments;
  /** Events whose |y| was below the floor: their percentage is one of the floor. */
  readonly floored: number;
}

/** What all sums that are to be merged have to agree on. */
export interface RegressionScale {
  /** A value in the midst of labels, as the mean of the reference's; any that is finite is right, 0 too. */
  readonly anchor: number;
  /** The least |y| that MAPE divides by, in the unit of y; above 0. */
  readonly floor: number;
}

/** The sums of one event. */
export function regressionSums(prediction: number, label: number, scale: RegressionScale, weight = 1): RegressionSums {
  const error = prediction - label;
  const [size, target, centred] = [Math.abs(error), Math.abs(label), label - scale.anchor];
  return {
    count: weight,
    weightSquares: weight * weight,
    errors: weight * error,
    absoluteErrors: weight * size,
    squaredErrors: weight * size ** 2,
    fourthPowers: weight * size ** 4,
    targets: weight * centred,
    targetSquares: weight * centred ** 2,
    absoluteTargets: weight * target,
    squaredTargets: weight * target ** 2,
    absoluteProducts: weight * size * target,
    percentages: momentsOf(size / Math.max(target, scale.floor), weight),
    floored: target < scale.floor ? weight : 0,
  };
}

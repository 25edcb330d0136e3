// What an event counts for: 1 / sampling rate, rounded so that sums of it are exact in any order.

/** Weights are multiples of this: a sum of them is exact in a double up to 2^45. */
const weightStep = 2 ** -8;
/** Heavier events count as this: one in 65,536. */
export const maxWeight = 2 ** 16;
/** From here on squares of weights are rounded to whole numbers: an error below 0.2 %. */
const wholeSquares = 16;

/** The multiple of 2^-8 in [2^-8, 2^16] next to a positive weight. */
export function quantisedWeight(weight: number): number {
  if (weight === 1) return 1;
  return Math.min(Math.max(Math.round(weight / weightStep) * weightStep, weightStep), maxWeight);
}

/** The square of a quantised weight. Sums of whole squares are exact up to 2^53, of others up to 2^37. */
export function squaredWeight(weight: number): number {
  const square = weight * weight;
  return weight < wholeSquares ? square : Math.round(square);
}

/**
 * How many events of equal weight would say as much: (sum of weights)^2 / (sum of squared weights); NaN where there are
 * none. Source: Kish 1965, "Survey Sampling", section 11.7.
 */
export function effectiveSamples(weights: number, weightSquares: number): number {
  return (weights * weights) / weightSquares;
}

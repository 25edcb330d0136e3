// How much of a distribution can lie beyond a point, on average: sharp bounds of E max(0, X - t) (the stop-loss premium) of
// any X in [0, length] of which the mean and the variance are known.
//
// Bounds follow from parabolas that lie above or below max(0, x - t) on all of [0, length] and touch it where an extreme X has
// its values. Source: F. De Vylder and M. Goovaerts 1982, "Analytical best upper bounds on stop-loss premiums", and the same
// 1983, "Best bounds on the stop-loss premium in case of known range, expectation, variance and mode of the risk";
// without a range H. Scarf 1958, "A min-max solution of an inventory problem".

/**
 * The least: max(0, x - t) is at least 0, x - t and x (x - t) / length.
 * @param point t, in (0, length)
 * @param length Infinity: X has no upper end
 */
export function leastBeyond(point: number, mean: number, variance: number, length: number): number {
  return Math.max(0, mean - point, (variance + mean * (mean - point)) / length);
}

/**
 * The most. Extreme are two values about t, as far from it as mean and variance ask for (Scarf); where the lower one would be
 * below 0 it is 0, and where the upper one would be above the length it is that. Ascends with the variance.
 */
export function mostBeyond(point: number, mean: number, variance: number, length: number): number {
  const square = variance + mean * mean;
  const below = mean - point;
  if (2 * mean * point <= square) return square === 0 ? 0 : mean - (point * mean * mean) / square;
  const above = length - mean;
  const aboveSquare = variance + above * above;
  if (length < Number.POSITIVE_INFINITY && 2 * above * (length - point) <= aboveSquare) {
    return aboveSquare === 0 ? length - point : ((length - point) * variance) / aboveSquare;
  }
  return (Math.sqrt(variance + below * below) + below) / 2;
}

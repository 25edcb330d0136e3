// How many independent observations weighted ones are worth.

/**
 * The effective number of observations, (sum w)^2 / sum w^2: the number of unweighted ones whose mean varies as much.
 * @param weights sum of the weights: the number of observations where each weighs 1
 * @param weightSquares sum of the squares of the weights
 * @returns from 0 to the number of observations, which it is where all weigh the same; 0 where there are none
 * Source: L. Kish 1965, "Survey Sampling", 8.2.
 */
export function kishSize(weights: number, weightSquares: number): number {
  return weights > 0 ? (weights / weightSquares) * weights : 0;
}

/** How many independent observations one of weight 1 is worth; exactly 1 where each weighs 1, NaN without any. */
export function kishWorth(weights: number, weightSquares: number): number {
  return weights / weightSquares;
}

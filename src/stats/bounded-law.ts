// The law of a loss from 0 to 1 as a reference knows it: a rate of errors, sums of a loss, or values with how often they came.
import { total } from "./sample.ts";

/** How often each value came, and how many independent observations that is worth. */
export interface BoundedLaw {
  /** From 0 to 1. Of fine cells of values the upper edges: the means of wide ones would hide how great some losses are. */
  readonly values: Float64Array;
  /** Of each value, in any unit; at least 0. */
  readonly weights: Float64Array;
  /** Independent observations; of weighted ones the effective number, (sum w)^2 / sum w^2 (Kish 1965). */
  readonly size: number;
}

/** Of errors that were made or not. */
export function lawOfRate(errors: number, size: number): BoundedLaw {
  return { values: Float64Array.of(0, 1), weights: Float64Array.of(size - errors, errors), size };
}

/**
 * The law of two values, the greater of them 1, that has the given mean and variance: of all laws on [0, 1] that have them, none
 * has a greater mean of e^(t x), for any t > 0. For losses of which sums are known and no more; what was learned from values finds
 * changes sooner. Of values that are 0 or 1 it is their own.
 *
 * Source: G. Bennett 1962, "Probability Inequalities for the Sum of Independent Random Variables", JASA 57.
 * @param mean below 1
 * @param meanSquare mean of x^2, from mean^2 to mean
 */
export function lawOfMoments(mean: number, meanSquare: number, size: number): BoundedLaw {
  const above = 1 - mean;
  const variance = Math.max(0, meanSquare - mean * mean);
  const share = variance / (above * above + variance);
  return {
    values: Float64Array.of(Math.max(0, mean - variance / above), 1),
    weights: Float64Array.of((1 - share) * size, share * size),
    size,
  };
}

/**
 * A law that has seen one observation more, of the worst value: what has not come in n observations may come once in n.
 * @param size independent observations that the law is taken for
 */
export function withWorst({ values, weights }: BoundedLaw, size: number): BoundedLaw {
  return { values: withOneMore(values, 1), weights: withOneMore(weights, total(weights) / size), size: size + 1 };
}

function withOneMore(numbers: Float64Array, one: number): Float64Array {
  const all = new Float64Array(numbers.length + 1).fill(one);
  all.set(numbers);
  return all;
}

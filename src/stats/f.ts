// Fisher's F and Student's t distribution: their upper tails, with relative precision down to the smallest double.
import { betaBelow } from "./beta.ts";

/**
 * The probability that an F variable exceeds x.
 * @param x any; at most 0 gives 1
 * @param numerator degrees of freedom, above 0
 * @param denominator degrees of freedom, above 0
 * Source: Abramowitz and Stegun 1964, 26.6.2.
 */
export function fSurvival(x: number, numerator: number, denominator: number): number {
  if (x <= 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  const scaled = numerator * x;
  const total = denominator + scaled;
  return betaBelow(denominator / total, scaled / total, denominator / 2, numerator / 2);
}

/** The probability that Student's t exceeds a value; its square is F with 1 and so many degrees of freedom. */
export function studentSurvival(t: number, degreesOfFreedom: number): number {
  const tail = fSurvival(t * t, 1, degreesOfFreedom) / 2;
  return t < 0 ? 1 - tail : tail;
}

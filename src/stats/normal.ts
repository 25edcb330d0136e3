// The standard normal distribution: tail and quantile, with relative precision down to the smallest double.
import { upperGamma } from "./gamma.ts";
import { logSqrtTwoPi } from "./stirling.ts";

/**
 * The probability that a standard normal variable exceeds z; relative error below 1e-12.
 * Source: NIST Digital Library of Mathematical Functions 7.11.2, erfc(x) = Q(1/2, x^2).
 */
export function normalSurvival(z: number): number {
  const tail = upperGamma(0.5, (z * z) / 2) / 2;
  return z < 0 ? 1 - tail : tail;
}

/** Coefficients of the first guess: Abramowitz and Stegun 1964, 26.2.23; absolute error below 4.5e-4. */
const numerator = [2.515517, 0.802853, 0.010328] as const;
const denominator = [1.432788, 0.189269, 0.001308] as const;

/** From an error of 4.5e-4, two steps of Newton's method reach 1e-14; one more for the far tail. */
const newtonSteps = 3;

/**
 * The value that a standard normal variable exceeds with a probability.
 * @param probability in (0, 1); at 0 and 1 the result is infinite, outside of them NaN
 */
export function normalUpperQuantile(probability: number): number {
  if (probability > 0.5) return -normalUpperQuantile(1 - probability);
  if (probability === 0) return Number.POSITIVE_INFINITY;
  const t = Math.sqrt(-2 * Math.log(probability));
  let z =
    t -
    (numerator[0] + t * (numerator[1] + t * numerator[2])) /
      (1 + t * (denominator[0] + t * (denominator[1] + t * denominator[2])));
  // On the logarithm of the tail, which is nearly quadratic, Newton's method converges from anywhere near.
  for (let step = 0; step < newtonSteps; step++) {
    const tail = normalSurvival(z);
    z += (Math.log(tail / probability) * tail) / Math.exp(-(z * z) / 2 - logSqrtTwoPi);
  }
  return z;
}

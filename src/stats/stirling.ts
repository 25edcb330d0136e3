// The logarithm of the gamma function by Stirling's series, and the two terms of which densities in far tails are made.

/** ln(sqrt(2 pi)). */
export const logSqrtTwoPi = 0.9189385332046727;

/** From here on the five terms of Stirling's series below are exact to the last digit of a double. */
const seriesFrom = 15;

/** Coefficients of 1/x, 1/x^3, ... : B_2k / (2k (2k - 1)), with the Bernoulli numbers B. */
const stirlingSeries = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188] as const;

function series(x: number): number {
  const square = 1 / (x * x);
  const [first, second, third, fourth, fifth] = stirlingSeries;
  return (first + square * (second + square * (third + square * (fourth + square * fifth)))) / x;
}

/**
 * What Stirling's formula leaves: ln Gamma(x + 1) - ((x + 1/2) ln x - x + ln sqrt(2 pi)).
 * @param x above 0
 * Source: C. Loader 2000, "Fast and Accurate Computation of Binomial Probabilities" (its delta).
 */
export function stirlingError(x: number): number {
  if (x >= seriesFrom) return series(x);
  // delta(x) = delta(x + k) + (x + 1/2) ln((x + k) / x) - k + the logarithm of the product that the shift leaves.
  let product = 1;
  let shifted = x;
  while (shifted < seriesFrom) {
    shifted += 1;
    product *= shifted / x;
  }
  const steps = shifted - x;
  return series(shifted) + (shifted + 0.5) * Math.log(shifted / x) - steps - Math.log(product);
}

/** ln Gamma(x) for x above 0; absolute error about 1e-15 times its largest term, x ln x. */
export function logGamma(x: number): number {
  return (x + 0.5) * Math.log(x) - x + logSqrtTwoPi + stirlingError(x) - Math.log(x);
}

/** Nearer than this, relative to the sum of both, the difference of logarithms would cancel and a series is summed. */
const near = 0.1;

/**
 * Half the Poisson deviance, x ln(x / mean) + mean - x: never negative, and without cancellation where x is near the mean.
 * @param x not negative
 * @param mean above 0
 * Source: Loader 2000 (its bd0).
 */
export function halfDeviance(x: number, mean: number): number {
  if (x === 0) return mean;
  const difference = x - mean;
  if (Math.abs(difference) >= near * (x + mean)) return x * Math.log(x / mean) - difference;
  const ratio = difference / (x + mean);
  const square = ratio * ratio;
  let sum = difference * ratio;
  let power = 2 * x * ratio;
  for (let odd = 3; ; odd += 2) {
    power *= square;
    const next = sum + power / odd;
    if (next === sum) return sum;
    sum = next;
  }
}

/** ln of e^-mean mean^x / Gamma(x + 1): a Poisson probability, for whole and other x above 0. */
export function logPoisson(x: number, mean: number): number {
  return -stirlingError(x) - halfDeviance(x, mean) - logSqrtTwoPi - 0.5 * Math.log(x);
}

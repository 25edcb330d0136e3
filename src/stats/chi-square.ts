// The chi-square distribution, central and noncentral: tail and quantile, with relative precision in the far tail.
import { logUpperGamma, upperGamma } from "./gamma.ts";
import { normalUpperQuantile } from "./normal.ts";
import { logPoisson } from "./stirling.ts";

/** A term that is smaller than this share of the sum, with all that follow it, changes nothing. */
const negligible = 2 ** -54;

/** Poisson weights further than so many standard deviations below the largest term weigh less than 1e-18 of it. */
const reach = 9.2;

/**
 * The probability that a chi-square variable exceeds x.
 *
 * Relative error about 1e-13 (central) and 1e-12 (noncentral), also where the result is 1e-300.
 * @param x any; at most 0 gives 1
 * @param degreesOfFreedom above 0, also fractional; else NaN
 * @param noncentrality sum of the squared means, at least 0
 * Source: NIST Digital Library of Mathematical Functions 8.2.4 (central); R. A. Fisher 1928 (noncentral: a Poisson
 * mixture of central ones).
 */
export function chiSquareSurvival(x: number, degreesOfFreedom: number, noncentrality = 0): number {
  if (!(degreesOfFreedom > 0 && noncentrality >= 0) || Number.isNaN(x)) return Number.NaN;
  if (x <= 0) return 1;
  if (noncentrality === 0) return upperGamma(degreesOfFreedom / 2, x / 2);
  return poissonMixture(x / 2, degreesOfFreedom / 2, noncentrality / 2);
}

/**
 * Sum over j of Poisson(j; mean) Q(shape + j, x). All terms are positive, and each Q follows from the one before by
 * adding a positive number, so nothing cancels. It begins below the largest term, in logarithms.
 */
function poissonMixture(x: number, shape: number, mean: number): number {
  if (x === Number.POSITIVE_INFINITY) return 0;
  const top = largestTerm(x, shape, mean);
  const start = Math.max(0, Math.floor(top - reach * Math.sqrt(top) - reach));
  const logWeight = start === 0 ? -mean : logPoisson(start, mean);
  const logTail = logUpperGamma(shape + start, x);
  // How much the tail Q grows from one shape to the next, relative to itself: e^-x x^a / Gamma(a + 1) / Q(a, x).
  let growth = Math.exp(logPoisson(shape + start, x) - logTail);
  let term = 1;
  let sum = 1;
  for (let j = start; ; j++) {
    const factor = (mean / (j + 1)) * (1 + growth);
    term *= factor;
    sum += term;
    if (factor < 1 && term < negligible * sum * (1 - factor)) break;
    growth = ((growth / (1 + growth)) * x) / (shape + j + 1);
  }
  // Rounding may bring a sum of nearly 1 above it.
  return Math.min(1, Math.exp(logWeight + logTail + Math.log(sum)));
}

/**
 * About where the terms are largest: at the mean of the Poisson weights, or, in the upper tail, where
 * j (shape + j) = mean x (there each step of the weights, mean / j, is made up by one of the tail, x / (shape + j)).
 */
function largestTerm(x: number, shape: number, mean: number): number {
  if (x <= shape + mean) return mean;
  return (2 * mean * x) / (shape + Math.sqrt(shape * shape + 4 * mean * x));
}

/** Halving an interval of doubles this often leaves no other double inside of it, whatever their exponents. */
const mostSteps = 200;

/**
 * The value that a chi-square variable exceeds with a probability; relative error about 1e-13.
 * @param probability in (0, 1)
 * @param degreesOfFreedom above 0
 */
export function chiSquareUpperQuantile(probability: number, degreesOfFreedom: number): number {
  if (!(probability > 0 && probability < 1 && degreesOfFreedom > 0)) return Number.NaN;
  const above = (x: number): boolean => chiSquareSurvival(x, degreesOfFreedom) <= probability;
  let high = wilsonHilferty(probability, degreesOfFreedom);
  while (!above(high)) high *= 2;
  let low = high / 2;
  while (low > 0 && above(low)) low /= 2;
  for (let step = 0; step < mostSteps; step++) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    if (above(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** A first guess: the cube root of a chi-square variable is nearly normal. Wilson and Hilferty 1931. */
function wilsonHilferty(probability: number, degreesOfFreedom: number): number {
  const variance = 2 / (9 * degreesOfFreedom);
  const root = 1 - variance + normalUpperQuantile(probability) * Math.sqrt(variance);
  return degreesOfFreedom * Math.max(root, variance) ** 3;
}

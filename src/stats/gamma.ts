// The regularised incomplete gamma functions P and Q = 1 - P, with relative precision in both tails.
// Source: NIST Digital Library of Mathematical Functions, 8.7.1 (series) and 8.9.2 (continued fraction).
import { logPoisson } from "./stirling.ts";

/** A term that is smaller than this share of its sum changes nothing. */
const negligible = 2 ** -54;

/** In the place of a zero divisor in a continued fraction (Lentz's method as modified by Thompson and Barnett 1986). */
const tiny = 1e-300;

/** P(a, x) / (e^-x x^a / Gamma(a + 1)): sum of x^k / ((a + 1) ... (a + k)). */
function lowerSeries(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > negligible * sum; k++) {
    term *= x / (a + k);
    sum += term;
  }
  return sum;
}

/** Q(a, x) / (e^-x x^a / Gamma(a)): the even part of Legendre's continued fraction, by Lentz's method. */
function upperFraction(a: number, x: number): number {
  let partial = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / partial;
  let result = d;
  for (let k = 1; ; k++) {
    const numerator = -k * (k - a);
    partial += 2;
    d = 1 / nonZero(numerator * d + partial);
    c = nonZero(partial + numerator / c);
    const factor = c * d;
    result *= factor;
    if (Math.abs(factor - 1) <= 2 * Number.EPSILON) return result;
  }
}

function nonZero(value: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}

/**
 * ln Q(a, x): the probability that a gamma variable of shape a and scale 1 exceeds x.
 * Its absolute error (the relative error of Q) is about 1e-13, also where Q itself is below the smallest double.
 * @param a above 0
 * @param x any; Q is 1 up to 0
 */
export function logUpperGamma(a: number, x: number): number {
  if (x <= 0) return 0;
  if (x === Number.POSITIVE_INFINITY) return Number.NEGATIVE_INFINITY;
  if (x < a + 1) return Math.log1p(-lowerGamma(a, x));
  return logPoisson(a, x) + Math.log(a * upperFraction(a, x));
}

/** Q(a, x), see `logUpperGamma`. NaN where an argument is. */
export function upperGamma(a: number, x: number): number {
  if (x > 0 && x < a + 1) return 1 - lowerGamma(a, x);
  return Number.isNaN(a + x) ? Number.NaN : Math.exp(logUpperGamma(a, x));
}

/** P(a, x) = 1 - Q(a, x): the probability that a gamma variable of shape a and scale 1 is at most x. */
export function lowerGamma(a: number, x: number): number {
  if (Number.isNaN(a + x)) return Number.NaN;
  if (x <= 0) return 0;
  if (x >= a + 1) return -Math.expm1(logUpperGamma(a, x));
  return Math.exp(logPoisson(a, x)) * lowerSeries(a, x);
}

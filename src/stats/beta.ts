// The regularised incomplete beta function, with relative precision in both tails.
// Source: NIST Digital Library of Mathematical Functions, 8.17.22 (continued fraction).
import { halfDeviance, logSqrtTwoPi, stirlingError } from "./stirling.ts";

/** In the place of a zero divisor in a continued fraction (Lentz's method as modified by Thompson and Barnett 1986). */
const tiny = 1e-300;

/**
 * I_x(a, b): the probability that a beta variable is at most x.
 * @param x in [0, 1]
 * @param complement 1 - x, given apart so that it may be more precise than a difference
 * @param a above 0
 * @param b above 0
 */
export function betaBelow(x: number, complement: number, a: number, b: number): number {
  if (Number.isNaN(x + complement + a + b)) return Number.NaN;
  if (x <= 0) return 0;
  if (complement <= 0) return 1;
  // Each side's fraction converges fast up to about its mean only.
  if (x * (a + b + 2) > a + 1) return 1 - betaBelow(complement, x, b, a);
  return Math.exp(logDensity(x, complement, a, b)) * fraction(x, a, b);
}

/** ln(x^a (1-x)^b / (a B(a, b))), by deviances (Loader 2000), so that large terms do not cancel. */
function logDensity(x: number, complement: number, a: number, b: number): number {
  const total = a + b;
  const deviance = halfDeviance(a, total * x) + halfDeviance(b, total * complement);
  const correction = stirlingError(total) - stirlingError(a) - stirlingError(b);
  return correction - deviance - logSqrtTwoPi + 0.5 * Math.log(b / (a * total));
}

function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let k = 1; ; k++) {
    const even = (k * (b - k) * x) / ((a + 2 * k - 1) * (a + 2 * k));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    result *= c * d;
    const odd = (-(a + k) * (a + b + k) * x) / ((a + 2 * k) * (a + 2 * k + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    result *= c * d;
    if (Math.abs(c * d - 1) <= 2 * Number.EPSILON) return result;
  }
}

function nonZero(value: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}

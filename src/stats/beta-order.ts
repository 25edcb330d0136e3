// The probability that one beta variable is below another, with relative precision in the far tail.
import { halfDeviance, logSqrtTwoPi, stirlingError } from "./stirling.ts";

/** The rest of a series that is smaller than this share of its sum changes nothing. */
const negligible = 2 ** -54;

/** Enough for samples of 10^9; only with parameters below 1 are terms left over then, of less than 1e-4 of the sum. */
const mostTerms = 1_000_000;

/** The parameters of a beta distribution, above 0; its mean is successes / (successes + failures). */
export interface Beta {
  readonly successes: number;
  readonly failures: number;
}

/**
 * P(Y < X) for independent beta variables. For whole parameters it is the upper tail of a beta-binomial distribution, of
 * which it is the continuation: with Y = (k, m - k + 1) it is the chance that at least k of m succeed, the chance of
 * success being X.
 *
 * The expectation over X of the series of I_X(k, l), sum of positive terms of which each follows from the one before. In
 * the lower tail of the difference the complement is summed; of the two series that say the same the shorter one.
 * Source: NIST Digital Library of Mathematical Functions, 8.17.8 (the series of I).
 */
export function betaOrder(y: Beta, x: Beta): number {
  const above = y.successes * x.failures >= y.failures * x.successes;
  const result = above ? shorterSeries(y, x) : 1 - shorterSeries(x, y);
  return Math.min(1, Math.max(0, result));
}

/** Y < X exactly if 1 - X < 1 - Y. */
function shorterSeries(y: Beta, x: Beta): number {
  return y.successes <= x.failures ? series(y, x) : series(mirror(x), mirror(y));
}

function mirror({ successes, failures }: Beta): Beta {
  return { successes: failures, failures: successes };
}

/** Sum over j of E[X^(k+j) (1-X)^l] (k+l)_j / (k+1)_j / (k B(k, l)). */
function series(y: Beta, x: Beta): number {
  const k = y.successes;
  const yTotal = k + y.failures;
  const shifted = k + x.successes;
  const bothTotal = yTotal + x.successes + x.failures;
  let term = 1;
  let sum = 1;
  for (let j = 0; j < mostTerms; j++) {
    const factor = ((yTotal + j) / (k + 1 + j)) * ((shifted + j) / (bothTotal + j));
    term *= factor;
    sum += term;
    if (factor < 1 && term < negligible * sum * (1 - factor)) break;
  }
  return Math.exp(logFirstTerm(y, x)) * sum;
}

/**
 * ln(B(a + k, b + l) / (B(a, b) k B(k, l))). By Stirling's formula the large parts are deviances from the pooled
 * proportion, so that they do not cancel (Loader 2000).
 */
function logFirstTerm({ successes: k, failures: l }: Beta, { successes: a, failures: b }: Beta): number {
  const both = a + b + k + l;
  const hit = (a + k) / both;
  const miss = (b + l) / both;
  const deviance =
    halfDeviance(k, (k + l) * hit) +
    halfDeviance(l, (k + l) * miss) +
    halfDeviance(a, (a + b) * hit) +
    halfDeviance(b, (a + b) * miss);
  const spread = (a * b * l * both) / (k * (a + k) * (b + l) * (a + b) * (k + l));
  const correction =
    stirlingError(a + k) + stirlingError(b + l) - stirlingError(both) - logBetaCorrection(a, b) - logBetaCorrection(k, l);
  return correction - deviance - logSqrtTwoPi + 0.5 * Math.log(spread);
}

function logBetaCorrection(a: number, b: number): number {
  return stirlingError(a) + stirlingError(b) - stirlingError(a + b);
}

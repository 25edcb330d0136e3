// The test of a rate (missing, null, of the wrong type, unseen) against that of the reference, with a tolerance.
import { betaBelow } from "./beta.ts";
import { type Beta, betaOrder } from "./beta-order.ts";

/** How many of how many; weighted ones with the effective number of values for size. */
export interface Proportion {
  readonly count: number;
  readonly size: number;
}

/** Effect: the window's rate less that of the reference. NaN where either is empty. */
export function rateDifference(reference: Proportion, window: Proportion): number {
  return window.count / window.size - reference.count / reference.size;
}

/**
 * The p-value of H0: rate <= the reference's rate + tolerance, one-sided: how often a window has at least so many.
 *
 * Given the reference's rate the count in a window is binomial, and what the reference knows of its rate is a beta
 * distribution, (c + 1, n - c): so the count is beta-binomial. Without a tolerance this is Fisher's exact test, whose size
 * is never above the nominal one; it is as good in the far tail, and where the reference has few or none. (With Jeffreys'
 * prior, (c + 1/2, n - c + 1/2), windows larger than their reference reject up to 1.5 times as often as they should.)
 *
 * - a tolerance makes the test cautious: it counts as if the reference had seen so many more, c + tolerance n, which is a
 *   wider distribution than the reference's moved up; above one half, where that is not so, a bound is taken;
 * - dispersion (at least 1) divides both samples, as if of every so many values one were independent and stood for the others;
 * - clumps that differ in size have a heavier tail than that. Sums of clumps of size J have variance / mean E J^2 / E J and third
 *   cumulant / variance E J^3 / E J^2; where the second is known to be greater than the first, the law is that of clumps of the
 *   second size, so much fewer that the variance stays, beside a part that is constant, so that the mean does;
 * - it falls as the window's count grows, and rises with the tolerance and with the reference's count;
 * - source: P. M. E. Altham 1969, "Exact Bayesian Analysis of a 2 x 2 Contingency Table, and Fisher's 'Exact' Significance
 *   Test"; fractional counts: the beta-binomial tail as an order of two beta variables, which needs no whole numbers.
 * @param tolerance as a share, at least 0
 * @param dispersion variance of the count in units of the binomial one
 * @param clump third cumulant of the count in units of its variance
 * @returns NaN where a sample is empty
 */
export function rateSurvival(
  reference: Proportion,
  window: Proportion,
  tolerance: number,
  dispersion = 1,
  clump = dispersion,
): number {
  if (!(reference.size > 0 && window.size > 0 && tolerance >= 0)) return Number.NaN;
  // Counts are worth c / scale, and of the expected ones a part does not vary at all.
  const most = Math.max(dispersion, clump);
  const scale = (most * most) / dispersion;
  const accepted = Math.min(1, reference.count / reference.size + tolerance);
  const fixed = window.size * accepted * (1 - dispersion / most);
  const count = (window.count - fixed) / most;
  if (count <= 0) return 1;
  const failures = Math.max(0, window.size / scale - count) + 1;
  const seen = { successes: count, failures };
  const known = { successes: reference.count / scale + 1, failures: (reference.size - reference.count) / scale };
  if (tolerance === 0) return known.failures > 0 ? betaOrder(seen, known) : 1;
  const raised = known.successes / (known.successes + known.failures) + tolerance;
  return raised <= mostRaised ? betaOrder(seen, raise(known, tolerance)) : boundWithTolerance(seen, known, tolerance);
}

/**
 * Up to this raised rate the distribution that is moved by adding counts is at least as wide as the one that is meant. (In
 * the far tail it falls short where the reference has fewer than a hundred values and the window many times as many.)
 */
const mostRaised = 0.5;

/** A reference that has seen the tolerance in addition, and is less sure if the raised rate would make it surer. */
function raise({ successes, failures }: Beta, tolerance: number): Beta {
  const size = successes + failures;
  const rate = successes / size;
  const raised = rate + tolerance;
  const certainty = Math.min(1, (raised * (1 - raised)) / (rate * (1 - rate)));
  return { successes: raised * size * certainty, failures: (1 - raised) * size * certainty };
}

/** Halving the interval of the split so often leaves no double inside of it that would matter. */
const splitSteps = 50;

/**
 * P(Y < X + tolerance) is for any split u at most P(X > u) + P(Y < u + tolerance). Where the two are equal their sum is at
 * most twice the best of these bounds. Source: R. L. Berger and D. D. Boos 1994 (bounds by a confidence set).
 */
function boundWithTolerance(y: Beta, x: Beta, tolerance: number): number {
  if (x.failures <= 0) return 1;
  let low = 0;
  let high = Math.max(0, 1 - tolerance);
  const above = (split: number): number => betaBelow(1 - split, split, x.failures, x.successes);
  const below = (split: number): number => betaBelow(split + tolerance, 1 - tolerance - split, y.successes, y.failures);
  for (let step = 0; step < splitSteps; step++) {
    const middle = (low + high) / 2;
    if (above(middle) > below(middle)) low = middle;
    else high = middle;
  }
  return Math.min(1, above(high) + below(high));
}

// The law of the two-sample Anderson-Darling statistic without drift: of raw values in the limit, and of few bins.
import { type Sample, worthOfCount } from "./sample.ts";
import { jeffreysProportion } from "./smoothing.ts";
import { symmetricEigenvalues } from "./symmetric-eigenvalues.ts";
import { weightedChiSquareSurvival } from "./weighted-chi-square.ts";

/** How many weights of the limit law are listed; of the others the sums suffice. */
const listed = 100;

const limitWeights = Float64Array.from({ length: listed }, (_, index) => 1 / ((index + 1) * (index + 2)));

/** Sum over j > listed of 1 / (j (j + 1)), and of its squares (integral by the midpoint rule; error 1e-4 of itself). */
const restSum = 1 / (listed + 1);
const restSquares = 1 / (3 * (listed + 1) ** 3);

/**
 * The probability that A^2 exceeds a value without drift, for values without ties: the law of sum of Z_j^2 / (j (j + 1)).
 *
 * Relative error below 1e-8. Where samples are in few bins use `andersonDarlingSurvival`: of ten bins, 5 % are exceeded at
 * 2.39, not 2.49.
 * Source: T. W. Anderson and D. A. Darling 1954, "A Test of Goodness of Fit"; two samples: A. N. Pettitt 1976.
 */
export function andersonDarlingLimitSurvival(statistic: number): number {
  return weightedChiSquareSurvival(statistic, limitWeights, restSum, restSquares);
}

/**
 * The probability that A^2 of binned values exceeds a value without drift, if values are independent.
 * @param weights of the bins, see `andersonDarlingWeights`; of a single bin there is no test: NaN
 */
export function andersonDarlingSurvival(statistic: number, weights: ArrayLike<number>): number {
  return weightedChiSquareSurvival(statistic, weights);
}

/**
 * The weights of the squared normal variables whose sum A^2 of these bins tends to: the eigenvalues, one fewer than bins,
 * descending, of the covariance of the roots of its terms. Their sum is 1. They depend on the shares of the bins only:
 * compute them once a reference.
 *
 * The differences F_q - F_p at edges have the covariance of a Brownian bridge, H_i (1 - H_j) s for i <= j. In the middle of
 * bins, where A^2 takes them, they have H_i (1 - H_j) s for i < j, and h / 4 less than that for i = j.
 * Source: the quadratic form of Scholz and Stephens 1987, equation 7; law of such forms: Imhof 1961.
 */
export function andersonDarlingWeights(reference: Sample): Float64Array {
  const shares = smoothedShares(reference);
  const middles = middlesOf(shares);
  const bins = shares.length;
  const factors = shares.map((share, bin) => {
    const middle = middles[bin] as number;
    return Math.sqrt(share / (middle * (1 - middle) - share / 4));
  });
  const covariance = new Float64Array(bins * bins);
  for (let bin = 0; bin < bins; bin++) {
    covariance[bin * bins + bin] = shares[bin] as number;
    for (let other = bin + 1; other < bins; other++) {
      const bridge = (middles[bin] as number) * (1 - (middles[other] as number));
      const element = (factors[bin] as number) * (factors[other] as number) * bridge;
      covariance[bin * bins + other] = element;
      covariance[other * bins + bin] = element;
    }
  }
  return symmetricEigenvalues(covariance, bins).subarray(0, bins - 1);
}

/** By Jeffreys' rule: a bin that the reference left empty is not impossible. */
function smoothedShares(reference: Sample): Float64Array {
  const { counts, size } = reference;
  const worth = worthOfCount(reference);
  return Float64Array.from(counts, (count) => jeffreysProportion(count * worth, size, counts.length));
}

/** Cumulated share of each bin, itself counted half. */
function middlesOf(shares: Float64Array): Float64Array {
  let below = 0;
  return shares.map((share) => {
    below += share;
    return below - share / 2;
  });
}

// The spectrum of an estimated covariance, less the spread that the estimation itself puts into it.
import { symmetricEigenvalues } from "./symmetric-eigen.ts";

/** Eigenvalues of the covariance of a statistic's deviation. */
export interface Spectrum {
  /** Sum of the eigenvalues: the mean of the statistic under its null hypothesis; B - 1 for X^2 of independent events. */
  readonly trace: number;
  /** The eigenvalues divided by their sum, positive, in descending order. */
  readonly shares: readonly number[];
}

/** Eigenvalues below this share are rounding: the direction in which all proportions grow, or empty bins. */
const rounding = 1e-9;

/**
 * Eigenvalues of an estimate are more spread than those of the truth. Those that stand out of what equal ones would show (the
 * edge of Marchenko and Pastur), and the greatest in any case, stay as they are: far tails hang on them, and to shrink one
 * that is real makes rare alarms many times too frequent. The others are drawn to their mean until their sum of squares is
 * the unbiased one, without which p-values of independent events would be far too great.
 * Sources: Marchenko, Pastur 1967; Ledoit, Wolf 2004, "A well-conditioned estimator for large-dimensional covariance
 * matrices"; the unbiased sum of squares: Rao, Scott 1981, section 4, with Wishart's moments.
 * @param matrix symmetric, positive semi-definite, row by row
 * @param rank the greatest rank that the true covariance can have
 * @param freedom degrees of freedom of the estimate
 */
export function estimatedSpectrum(matrix: Float64Array, size: number, rank: number, freedom: number): Spectrum {
  const eigenvalues = symmetricEigenvalues(matrix, size)
    .slice(0, rank)
    .map((value) => Math.max(0, value));
  const trace = sumOf(eigenvalues);
  const kept = shrunkSpectrum(eigenvalues, freedom).filter((value) => value > rounding * trace);
  const sum = sumOf(kept);
  return Object.freeze({ trace, shares: Object.freeze(Array.from(kept, (value) => value / sum)) });
}

/**
 * The same sum, less spread.
 * @param eigenvalues in descending order, none negative
 */
export function shrunkSpectrum(eigenvalues: Float64Array, freedom: number): Float64Array {
  const dominant = Math.max(1, dominantCount(eigenvalues, freedom));
  const bulk = eigenvalues.subarray(dominant);
  if (bulk.length < 2) return eigenvalues;
  const sum = sumOf(bulk);
  const squares = sumOf(bulk.map((value) => value * value));
  const ifEqual = (sum * sum) / bulk.length;
  const unbiased = ((squares - (sum * sum) / freedom) * freedom * freedom) / ((freedom - 1) * (freedom + 2));
  const spread = squares > ifEqual ? Math.sqrt(Math.min(1, Math.max(0, (unbiased - ifEqual) / (squares - ifEqual)))) : 0;
  const mean = sum / bulk.length;
  return eigenvalues.map((value, index) => (index < dominant ? value : mean + spread * (value - mean)));
}

/** How many of the greatest eigenvalues stand out of what as many equal ones as are left would show. */
function dominantCount(eigenvalues: Float64Array, freedom: number): number {
  let rest = sumOf(eigenvalues);
  for (let index = 0; index < eigenvalues.length; index++) {
    const many = eigenvalues.length - index;
    const edge = (1 + Math.sqrt(many / freedom)) ** 2;
    const value = eigenvalues[index] as number;
    if (value <= (edge * rest) / many) return index;
    rest -= value;
  }
  return eigenvalues.length;
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

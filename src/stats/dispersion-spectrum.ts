// The spectrum of an estimated covariance, less the spread that the estimation itself puts into it.
import { symmetricEigenvalues } from "./symmetric-eigenvalues.ts";

/** Eigenvalues of the covariance of a statistic's deviation. */
export interface Spectrum {
  /** Sum of the eigenvalues: the mean of the statistic under its null hypothesis; B - 1 for X^2 of independent events. */
  readonly trace: number;
  /** The eigenvalues divided by their sum, positive, in descending order. */
  readonly shares: readonly number[];
  /** Share of the eigenvalue along which a deviation that is accepted is taken to lie: the first share, less what chance put into it. */
  readonly direction: number;
  /** Of the estimate of the greatest eigenvalue. */
  readonly degreesOfFreedom: number;
}

/** Eigenvalues below this share are rounding: the direction in which all proportions grow, or empty bins. */
const rounding = 1e-9;

/**
 * How much of the spread that chance has put into the greatest eigenvalue is left in it: where none stands out, and where it is
 * the greatest of several that stand out. Far tails hang on it: with too little, eigenvalues that are real are taken for chance
 * and tests reject too often; with all of it, independent events are hardly ever rejected. Measured by `npm run bench:spectra`;
 * figures are in `docs/statistics.md`.
 */
export const cautions = { none: 0.6, several: 0.9 } as const;

/**
 * Eigenvalues of an estimate are more spread than those of the truth. Those that stand out of what equal ones would show (the
 * edge of Marchenko and Pastur) are one group, the others another; each is drawn to its mean until its sum of squares is the
 * unbiased one, but the greatest eigenvalue only in part (see `cautions`). A greatest that stands out is freed of its bias first.
 * Sources: Marchenko, Pastur 1967; Ledoit, Wolf 2004, "A well-conditioned estimator for large-dimensional covariance matrices".
 * @param matrix symmetric, positive semi-definite, row by row
 * @param rank the greatest rank that the true covariance can have
 * @param freedom degrees of freedom of the estimate
 */
export function estimatedSpectrum(
  matrix: Float64Array,
  size: number,
  rank: number,
  freedom: number,
  caution: { readonly none: number; readonly several: number } = cautions,
): Spectrum {
  const eigenvalues = symmetricEigenvalues(matrix, size)
    .slice(0, rank)
    .map((value) => Math.max(0, value));
  const trace = sumOf(eigenvalues);
  const found = withoutPull(eigenvalues, freedom);
  const standing = dominantCount(found, freedom);
  const [outstanding, bulk] = [found.subarray(0, standing), found.subarray(standing)];
  const cautious =
    standing === 0
      ? shrunkInPart(bulk, freedom, caution.none)
      : Float64Array.of(...shrunkInPart(outstanding, freedom, caution.several), ...shrunkSpectrum(bulk, freedom));
  const kept = cautious.filter((value) => value > rounding * trace);
  const sum = sumOf(kept);
  return Object.freeze({
    trace,
    shares: Object.freeze(Array.from(kept, (value) => value / sum)),
    direction: ((standing === 0 ? shrunkSpectrum(bulk, freedom) : cautious)[0] as number) / trace,
    degreesOfFreedom: standing === 0 ? freedom : freedomOfGreatest(cautious.subarray(0, standing), freedom),
  });
}

/**
 * Degrees of freedom of the estimate of the greatest eigenvalue. Others that come near it and stand out, too, make it vary
 * less than a variance by itself would: by the factor 1 - c / nu with c = sum over them of (l / (l1 - l))^2, as the greatest of
 * several is never small. Taken is 1 / (1 + c / nu), which is positive, and no more than their variances have together.
 * Source: Lawley 1956, as below.
 */
function freedomOfGreatest(outstanding: Float64Array, freedom: number): number {
  const first = outstanding[0] as number;
  const gain = sumOf(outstanding.subarray(1).map((value) => (value / (first - value)) ** 2));
  return Math.min(freedom + gain, freedom * outstanding.length);
}

/** The greatest eigenvalue keeps a part of its spread, as if it alone were known for sure; the sum stays. */
function shrunkInPart(eigenvalues: Float64Array, freedom: number, caution: number): Float64Array {
  const others = shrunkSpectrum(eigenvalues.subarray(1), freedom);
  return shrunkSpectrum(eigenvalues, freedom).map((value, index) => {
    const kept = index === 0 ? (eigenvalues[0] as number) : (others[index - 1] as number);
    return caution * kept + (1 - caution) * value;
  });
}

/**
 * Eigenvalues less the spread that chance puts into them; their sum stays.
 * @param eigenvalues in descending order, none negative
 */
function shrunkSpectrum(eigenvalues: Float64Array, freedom: number): Float64Array {
  if (eigenvalues.length < 2) return eigenvalues;
  const sum = sumOf(eigenvalues);
  const squares = sumOf(eigenvalues.map((value) => value * value));
  const ifEqual = (sum * sum) / eigenvalues.length;
  // Of a Wishart matrix, as in Rao and Scott's second order correction.
  const unbiased = ((squares - (sum * sum) / freedom) * freedom * freedom) / ((freedom - 1) * (freedom + 2));
  const spread = squares > ifEqual ? Math.sqrt(Math.min(1, Math.max(0, (unbiased - ifEqual) / (squares - ifEqual)))) : 0;
  const mean = sum / eigenvalues.length;
  return eigenvalues.map((value) => mean + spread * (value - mean));
}

/**
 * A greatest eigenvalue that stands out, less what chance adds to it because it is chosen as the greatest: the sum over all others
 * of l1 l / (nu (l1 - l)), which the others get. As it was, where the second would come to be the greatest.
 * Source: Lawley 1956, "Tests of significance for the latent roots of covariance and correlation matrices", Biometrika 43.
 */
function withoutPull(eigenvalues: Float64Array, freedom: number): Float64Array {
  if (dominantCount(eigenvalues, freedom) === 0 || eigenvalues.length < 2) return eigenvalues;
  const first = eigenvalues[0] as number;
  const rest = sumOf(eigenvalues) - first;
  const pull = sumOf(eigenvalues.subarray(1).map((value) => (first * value) / (first - value))) / freedom;
  const corrected = eigenvalues.map((value, index) => (index === 0 ? first - pull : value * (1 + pull / rest)));
  return (corrected[0] as number) > (corrected[1] as number) ? corrected : eigenvalues;
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

// Deviations of counts in the bins of one hour of the day, carried over to bins of other masses, so that hours can be averaged.

/** Bins of a smaller share are empty but for rounding; polynomials shorter than this depend on those of lower degree. */
const nothing = 1e-9;

/**
 * Carries deviations over to other masses of the same bins: what is kept are their sums over the polynomials in the bins'
 * midranks that are orthonormal under the masses. Deviations of independent events have the same covariance before and
 * after, that of multinomial counts with the masses; the components that make up the Anderson-Darling statistic (the slope,
 * the spread, ...) stay the same ones, where masses shift from bin to bin by the hour.
 * Source: Durbin, Knott 1972, "Components of Cramer-von Mises statistics I", Journal of the Royal Statistical Society B 34.
 * @param residuals by bin, of sum 0
 * @param from of the bins' own masses
 * @param to of the masses to carry over to
 */
export function transported(residuals: Float64Array, from: RankPolynomials, to: RankPolynomials): Float64Array {
  const { shares, values } = to;
  const result = new Float64Array(residuals.length);
  from.values.forEach((polynomial, degree) => {
    let component = 0;
    for (let bin = 0; bin < residuals.length; bin++) component += (residuals[bin] as number) * (polynomial[bin] as number);
    const other = values[degree] as Float64Array;
    for (let bin = 0; bin < result.length; bin++) {
      result[bin] = (result[bin] as number) + component * (shares[bin] as number) * (other[bin] as number);
    }
  });
  return result;
}

export interface RankPolynomials {
  readonly shares: Float64Array;
  /** By degree, from the constant on; by bin. Zero where there are fewer bins with a share than the degree asks for. */
  readonly values: readonly Float64Array[];
}

/** Polynomials in midranks, orthonormal under the shares, with positive leading coefficients. */
export function rankPolynomials(shares: Float64Array): RankPolynomials {
  const ranks = centredMidranks(shares);
  const values: Float64Array[] = [];
  let next = shares.map((share) => (share > nothing ? 1 : 0));
  for (let degree = 0; degree < shares.length; degree++) {
    // Twice, as once leaves rounding in high degrees (Parlett 1980, "twice is enough").
    for (const lower of [...values, ...values]) subtract(next, inner(shares, next, lower), lower);
    const length = Math.sqrt(inner(shares, next, next));
    const polynomial = length > nothing ? next.map((value) => value / length) : new Float64Array(shares.length);
    values.push(polynomial);
    next = polynomial.map((value, bin) => value * (ranks[bin] as number));
  }
  return { shares, values };
}

/** From -1 to 1. */
function centredMidranks(shares: Float64Array): Float64Array {
  let below = 0;
  return shares.map((share) => {
    below += share;
    return 2 * below - share - 1;
  });
}

function inner(shares: Float64Array, one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let bin = 0; bin < shares.length; bin++) {
    sum += (shares[bin] as number) * (one[bin] as number) * (other[bin] as number);
  }
  return sum;
}

function subtract(from: Float64Array, times: number, what: Float64Array): void {
  for (let bin = 0; bin < from.length; bin++) from[bin] = (from[bin] as number) - times * (what[bin] as number);
}

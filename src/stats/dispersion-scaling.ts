// What a statistic makes of the deviation of a window's counts: vectors whose squared length is the statistic times the window's
// number of values.
import type { Scaling } from "./dispersion-panes.ts";
import { type RankPolynomials, rankPolynomials, transported } from "./dispersion-transport.ts";
import { jeffreysProportion } from "./smoothing.ts";

/** Expected counts below this are what is left of others by rounding. */
const nothing = 1e-6;

/** X^2, and PSI to second order: (q - p) / sqrt(p), times m. */
export function chiSquareScaling(size: number): Scaling {
  return {
    dimensions: size,
    deviation(residuals, expected, into) {
      const total = sumOf(expected);
      for (let bin = 0; bin < size; bin++) {
        const value = expected[bin] as number;
        into[bin] = value > nothing ? (residuals[bin] as number) * Math.sqrt(total / value) : 0;
      }
    },
  };
}

/**
 * A^2 of Anderson and Darling with midranks, as in `anderson-darling.ts`: (F_q - F_p) sqrt(h / (H (1 - H) - h / 4)) at the
 * middle of each bin of mass h, times m.
 */
export function andersonDarlingScaling(size: number): Scaling {
  return {
    dimensions: size,
    deviation(residuals, expected, into) {
      const total = sumOf(expected);
      let [deviation, below] = [0, 0];
      for (let bin = 0; bin < size; bin++) {
        const value = expected[bin] as number;
        const residual = residuals[bin] as number;
        const middle = (below + value / 2) / total;
        const spread = middle * (1 - middle) - value / total / 4;
        const alone = value <= nothing || total - value <= nothing;
        into[bin] = alone ? 0 : (deviation + residual / 2) * Math.sqrt(value / total / spread);
        deviation += residual;
        below += value;
      }
    },
  };
}

/**
 * The same where windows are compared with their own hours: hours whose bins have other masses have other eigenvectors, and
 * an average over them would have flatter eigenvalues than any one hour. So deviations are carried over to the bins of all.
 * @param counts by bin, of all hours
 */
export function matchedAndersonDarlingScaling(counts: Float64Array): Scaling {
  const { dimensions, deviation } = andersonDarlingScaling(counts.length);
  const everything = sumOf(counts);
  const shares = counts.map((count) => count / everything);
  const polynomials = rankPolynomials(shares);
  const polynomialsOf = rememberedPolynomials();
  return {
    dimensions,
    deviation(residuals, expected, into) {
      const total = sumOf(expected);
      const own = expected.map((value) => value / total);
      deviation(transported(residuals, polynomialsOf(own), polynomials), shares, into);
    },
  };
}

/** Windows whose shares differ by less than this part of an average bin have the same polynomials. */
const alike = 0.05;

/** Polynomials of windows, kept: hours of the day come again and again. */
function rememberedPolynomials(): (shares: Float64Array) => RankPolynomials {
  const known: RankPolynomials[] = [];
  return (shares) => {
    const near = (one: RankPolynomials): boolean =>
      shares.every((share, bin) => Math.abs(share - (one.shares[bin] as number)) * shares.length < alike);
    const found = known.find(near);
    if (found !== undefined) return found;
    const polynomials = rankPolynomials(shares);
    known.push(polynomials);
    return polynomials;
  };
}

/** PSI of a window against what it expects, and the sum of squares that approximates it, both times m. */
export function psiAndSquares(residuals: Float64Array, expected: Float64Array): readonly [psi: number, squares: number] {
  const total = sumOf(expected);
  let [index, squares] = [0, 0];
  for (let bin = 0; bin < expected.length; bin++) {
    const value = expected[bin] as number;
    if (value <= nothing) continue;
    const residual = residuals[bin] as number;
    const p = jeffreysProportion(value, total, expected.length);
    const q = jeffreysProportion(Math.max(0, value + residual), total, expected.length);
    index += residual * Math.log(q / p);
    squares += (residual * residual) / value;
  }
  return [index, squares];
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at] as number;
  return sum;
}

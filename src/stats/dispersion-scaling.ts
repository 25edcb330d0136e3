// What a statistic makes of the deviation of a window's counts: vectors whose squared length is the statistic times 1/n + 1/m.
import type { Scaling } from "./dispersion-panes.ts";

/** Expected counts below this are what is left of others by rounding. */
const nothing = 1e-6;

/** X^2, and PSI to second order: (q - p) / sqrt(p). */
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
 * middle of each bin of mass h.
 */
export function andersonDarlingScaling(size: number): Scaling {
  return {
    dimensions: size,
    deviation(residuals, expected, into) {
      const total = sumOf(expected);
      let [deviation, below] = [0, 0];
      for (let bin = 0; bin < size; bin++) {
        const residual = residuals[bin] as number;
        const mass = (expected[bin] as number) / total;
        const middle = below / total + mass / 2;
        const spread = middle * (1 - middle) - mass / 4;
        const alone = mass * total <= nothing || (1 - mass) * total <= nothing;
        into[bin] = alone ? 0 : (deviation + residual / 2) * Math.sqrt(mass / spread);
        deviation += residual;
        below += expected[bin] as number;
      }
    },
  };
}

/** Half a value in advance, as in `smoothing.ts`. */
const prior = 0.5;

/** X^2 of a window, and the lesser of X^2 and PSI, both times 1/m: what the first overstates is a matter of the panes' own law. */
export function chiSquareAndLesser(residuals: Float64Array, expected: Float64Array): { chiSquare: number; lesser: number } {
  let [chiSquare, psi] = [0, 0];
  for (let bin = 0; bin < expected.length; bin++) {
    const value = expected[bin] as number;
    const residual = residuals[bin] as number;
    if (value <= nothing) continue;
    chiSquare += (residual * residual) / value;
    psi += residual * Math.log((Math.max(0, value + residual) + prior) / (value + prior));
  }
  return {
    chiSquare,
    lesser: process.env.PSIR ? psi : process.env.HALF ? (Math.min(chiSquare, psi) + chiSquare) / 2 : Math.min(chiSquare, psi),
  };
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at] as number;
  return sum;
}

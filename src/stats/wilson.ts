// Wilson's interval of a rate.
import { normalUpperQuantile } from "./normal.ts";
import type { Proportion } from "./rate.ts";

/**
 * The limits of rates that a sample does not speak against: unlike value ± standard errors they hold at small numbers and near 0 and 1.
 * @param rate of the sample
 * @param size independent observations of it, above 0
 * @param spread standard errors of a normal variable on either side
 * Source: E. B. Wilson 1927, "Probable Inference, the Law of Succession, and Statistical Inference".
 */
export function wilsonLimits(rate: number, size: number, spread: number): { readonly lower: number; readonly upper: number } {
  const unit = spread ** 2 / size;
  const middle = rate + unit / 2;
  const half = Math.sqrt(unit * (rate * (1 - rate) + unit / 4));
  return { lower: (middle - half) / (1 + unit), upper: (middle + half) / (1 + unit) };
}

/**
 * The greatest rate that a sample does not speak against; above 0 even where nothing was counted.
 * @param miss the probability that the true rate is greater
 * @returns NaN where the sample is empty
 */
export function wilsonUpperLimit({ count, size }: Proportion, miss: number): number {
  if (!(size > 0)) return Number.NaN;
  return wilsonLimits(count / size, size, normalUpperQuantile(miss)).upper;
}

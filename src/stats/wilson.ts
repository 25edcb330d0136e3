// Wilson's interval of a rate: its upper limit.
import { normalUpperQuantile } from "./normal.ts";
import type { Proportion } from "./rate.ts";

/**
 * The greatest rate that a sample does not speak against; above 0 even where nothing was counted.
 * @param miss the probability that the true rate is greater
 * @returns NaN where the sample is empty
 * Source: E. B. Wilson 1927, "Probable Inference, the Law of Succession, and Statistical Inference".
 */
export function wilsonUpperLimit({ count, size }: Proportion, miss: number): number {
  if (!(size > 0)) return Number.NaN;
  const rate = count / size;
  const unit = normalUpperQuantile(miss) ** 2 / size;
  return (rate + unit / 2 + Math.sqrt(unit * (rate * (1 - rate) + unit / 4))) / (1 + unit);
}

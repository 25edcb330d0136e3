// Proportions: hits of a number of observations, with Wilson's interval; means of several.
import { wilsonLimits } from "../wilson.ts";
import { type Estimate, spread95, withoutInterval } from "./estimate.ts";

/**
 * A proportion with Wilson's interval (`wilsonLimits`).
 *
 * Range 0 to 1; NaN where the size is 0.
 * @param hits weighted number of observations that have the property
 * @param size weighted number of observations
 * @param worth independent observations that a weight of 1 stands for (`kishWorth`)
 */
export function proportion(hits: number, size: number, worth = 1): Estimate {
  const samples = size > 0 ? size * worth : 0;
  if (!(samples > 0)) return withoutInterval(Number.NaN, 0);
  const value = hits / size;
  const { lower, upper } = wilsonLimits(value, samples, spread95);
  return { value, lower: Math.max(0, lower), upper: Math.min(1, upper), samples };
}

/**
 * The mean of independent proportions, each counting the same. The distances to the limits are those of the parts, squared and
 * added ("square and add", MOVER). Unlike the delta method it does not call a proportion of 0 of 20 certain.
 *
 * NaN where a part is; the samples are those of all parts.
 * Source: R. G. Newcombe 1998, "Interval estimation for the difference between independent proportions"; G. Y. Zou and
 * A. Donner 2008, "Construction of confidence limits about effect measures".
 */
export function meanOfProportions(parts: readonly Estimate[]): Estimate {
  const sum = (of: (part: Estimate) => number): number => parts.reduce((all, part) => all + of(part), 0);
  const value = sum((part) => part.value) / parts.length;
  const below = Math.sqrt(sum((part) => (part.value - part.lower) ** 2)) / parts.length;
  const above = Math.sqrt(sum((part) => (part.upper - part.value) ** 2)) / parts.length;
  return { value, lower: value - below, upper: value + above, samples: sum((part) => part.samples) };
}

// The minimum-effect test: is the drift larger than what is accepted?
import { chiSquareSurvival } from "./chi-square.ts";

/**
 * The statistic of the minimum-effect test and what its law needs. Kept apart from the p-value, as dependent values change
 * the law and not the statistic.
 */
export interface MinEffect {
  /** PSI / s. */
  readonly statistic: number;
  /** B - 1. */
  readonly degreesOfFreedom: number;
  /** d / s, with d the accepted PSI. */
  readonly noncentrality: number;
}

/**
 * Tests H0: PSI <= accepted, by PSI / s ~ noncentral chi-square(B - 1, accepted / s), s = 1/n + 1/m.
 *
 * - look at it to alarm: a large window finds every trifle significant, this asks whether the drift is worth a look;
 * - p-value: how often so high a PSI comes by chance if the true PSI is at most the accepted one and values are
 *   independent; accepted = 0 gives the ordinary test for any difference;
 * - source: C. Potgieter et al. 2023, arXiv 2307.11878; law of the PSI: Yurdakul 2018 (see `psi.ts`).
 * @param index PSI with proportions by Jeffreys' rule
 * @param bins how many bins it was computed of
 * @param scale s, see `samplingScale`
 * @param accepted the PSI up to which drift is accepted, at least 0
 */
export function minEffect(index: number, bins: number, scale: number, accepted: number): MinEffect {
  return { statistic: index / scale, degreesOfFreedom: bins - 1, noncentrality: accepted / scale };
}

/** Of independent values; NaN where there is not enough data. */
export function minEffectSurvival({ statistic, degreesOfFreedom, noncentrality }: MinEffect): number {
  return chiSquareSurvival(statistic, degreesOfFreedom, noncentrality);
}

// Finds a rate (missing, null, of the wrong type, unseen) that has risen above what is accepted, within minutes.
import type { Proportion } from "./rate.ts";
import { logMean, shiryaevRoberts } from "./shiryaev-roberts.ts";
import { wilsonUpperLimit } from "./wilson.ts";

/** ln M of each bet: all that remains from pane to pane. To start anew after an alarm, fill it with -Infinity. */
export type RateDetector = Float64Array;

/** What a pane is compared with; it may be another one for each pane. */
export interface RateBaseline {
  /** The greatest rate that is no drift; NaN where there is no reference: then steps change nothing. */
  readonly rate: number;
  /** Values that are worth one independent observation: the evidence of all is divided by it. */
  readonly temper: number;
}

/**
 * Odds of a hit after the change, in units of those accepted, that the bets are right for. Between two of them a bet loses
 * little: with two more, no change of those in `docs/detectors.md` is found a tenth sooner; without the first, one from 5 % to
 * 8 % takes half as long again.
 */
const oddsRatios = [1.5, 2.5, 5, 15];

/** The probability that the true rate of the reference is above its limit. */
const referenceMiss = 0.001;

export function createRateDetector(): RateDetector {
  return new Float64Array(oddsRatios.length).fill(Number.NEGATIVE_INFINITY);
}

/**
 * What of a reference the steps need: the upper limit of its rate (99.9 %) plus the tolerance.
 * @param reference how many of how many
 * @param tolerance as a share, at least 0
 * @param overdispersion variance of counts in units of that of independent values; the reference counts for so many fewer
 */
export function rateBaseline({ count, size }: Proportion, tolerance: number, overdispersion: number): RateBaseline {
  const temper = Math.max(1, overdispersion);
  return { rate: wilsonUpperLimit({ count: count / temper, size: size / temper }, referenceMiss) + tolerance, temper };
}

/**
 * Adds a closed pane.
 *
 * - value: L = (w^hits / (1 + (w - 1) p)^values)^(1 / temper), with p the accepted rate and w an odds ratio: the likelihood
 *   ratio of odds that are w times as great. Its mean is 1 where the rate is p, and less where it is lower;
 * - holds: M >= A for a false reason once in A panes or more on average, where values are independent and their rate is
 *   accepted. For dependent ones (`temper`) it is exact where each stands for so many that are all the same, else by simulation
 *   (`npm run bench:detectors`);
 * - only increases are found.
 * @param pane how many of how many; weighted ones with the effective number of values for size
 * @returns ln M of the mean of the bets; -Infinity at the start. A pane without values changes nothing.
 */
export function stepRateDetector(detector: RateDetector, { count, size }: Proportion, { rate, temper }: RateBaseline): number {
  if (size > 0 && rate < 1) {
    for (let at = 0; at < oddsRatios.length; at++) {
      const odds = oddsRatios[at] as number;
      const logValue = (count * Math.log(odds) - size * Math.log1p((odds - 1) * rate)) / temper;
      detector[at] = shiryaevRoberts(detector[at] as number, logValue);
    }
  }
  return logMean(detector);
}

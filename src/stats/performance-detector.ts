// Finds that predictions have become worse than they were in the reference: a rate of errors, or the mean of a loss from 0 to 1.
import { type BoundedLaw, withWorst } from "./bounded-law.ts";
import { betCount, type ExponentialBets, exponentialBets } from "./exponential-bets.ts";
import { logMean, shiryaevRoberts } from "./shiryaev-roberts.ts";

/** ln M of each bet: all that remains from pane to pane. To start anew after an alarm, fill it with -Infinity. */
export type PerformanceDetector = Float64Array;

/** What a pane is compared with; it may be another one for each pane (by hour of the day). */
export interface PerformanceBaseline {
  /** Null where the reference says nothing that could be exceeded: then steps change nothing. */
  readonly bets: ExponentialBets | null;
  /** Labels that are worth one independent label: the evidence of all is divided by it. */
  readonly temper: number;
}

/** Sums over the labels of a pane; x of each is a loss from 0 to 1: 1 for an error, 0 for none. */
export interface LossSums {
  /** Number of labels; of weighted ones the effective number. */
  readonly size: number;
  /** Of x, and of x^2; of weighted ones times effective number / sum of weights. Of errors these are the same. */
  readonly sum: number;
  readonly squares: number;
}

/**
 * The probability that what the reference has in truth is above its limit. False alarms in 800 months, with 400 references of 30,000
 * or 3,000 labels, were 20 and 9 % of those allowed (with 0.001 9 and 0 %, with 0.05 45 and 112 %, most of them of few
 * references): bets are right for changes well above the limit, so that a reference that is a little off wins none. A rate of 5 % that
 * rises to 7.5 % is found after 1,950 labels (2,190, 1,760), without a tolerance.
 */
const referenceMiss = 0.01;

export function createPerformanceDetector(): PerformanceDetector {
  return new Float64Array(betCount).fill(Number.NEGATIVE_INFINITY);
}

/** Whether a detector has the bets of today; one that an older version has written may have others. */
export function isPerformanceDetector(detector: Float64Array): boolean {
  return detector.length === betCount;
}

/**
 * What of a reference the steps need.
 * @param tolerance what is accepted beyond the reference, in standard deviations of a label, at least 0; see `exponentialBets`
 * @param overdispersion variance of sums in units of that of independent values; the reference counts for so many fewer. That of sums
 *   by hour has to be in it: errors that follow the hour of the day would else alarm day after day
 */
export function performanceBaseline(reference: BoundedLaw, tolerance: number, overdispersion: number): PerformanceBaseline {
  const temper = Math.max(1, overdispersion);
  const size = reference.size / temper;
  const canRise = reference.values.some((x, at) => x < 1 && (reference.weights[at] as number) > 0);
  const bets = size > 0 && canRise ? exponentialBets(withWorst(reference, size), referenceMiss, tolerance) : null;
  return { bets, temper };
}

/** Panes without labels count for no more than a day of minutes: after a long silence it still takes labels to alarm. */
const mostPanes = 1440;

/**
 * Adds a closed pane.
 *
 * - value: ln L = sum over labels of ln e, see `exponentialBets`, divided by the temper; of many labels in one pane it is as valid as
 *   of few;
 * - holds: M >= A for a false reason once in A panes or more on average, where labels are independent and come as in the
 *   reference or better. For dependent ones (`temper`) it is exact where each stands for so many that are all the same, else by
 *   simulation (`npm run bench:worse`);
 * - panes without labels need no step, and count: a change may have come in any of them, M = L (panes + M before). So labels that
 *   come once a day are held to as many false alarms a month, and not to as many a label, as those that come every minute;
 * - only increases are found.
 * @param panes since the step before, this one with them; at least 1
 * @returns ln M of the mean of the bets; -Infinity at the start. A pane without labels changes nothing.
 */
export function stepPerformanceDetector(
  detector: PerformanceDetector,
  { size, sum, squares }: LossSums,
  { bets, temper }: PerformanceBaseline,
  panes = 1,
): number {
  if (size > 0 && bets !== null) {
    const { linear, square, constant } = bets;
    const logPanes = Math.log(Math.min(panes, mostPanes));
    for (let at = 0; at < detector.length; at++) {
      const log = sum * (linear[at] as number) + squares * (square[at] as number) + size * (constant[at] as number);
      detector[at] = shiryaevRoberts(detector[at] as number, log / temper, logPanes);
    }
  }
  return logMean(detector);
}

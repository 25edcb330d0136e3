// Finds a change of a distribution within minutes: bets, pane after pane, that values come as in the panes before and not as in
// the reference. For changes that are well above the tolerance; smaller ones are found by the tests of whole windows.
import { chiSquareUpperQuantile } from "./chi-square.ts";
import { effectiveSize, type Sample, total, worthOfCount } from "./sample.ts";
import { logMean, shiryaevRoberts } from "./shiryaev-roberts.ts";
import { jeffreysProportion } from "./smoothing.ts";
import { logTolerantBet, type Tolerated } from "./tolerant-bet.ts";

/**
 * What remains from pane to pane. Plain numbers, which `stepHistogramDetector` changes and the caller keeps.
 * To start anew after an alarm, fill `logEvidence` with -Infinity.
 */
export interface HistogramDetector {
  /** ln M of each bet. */
  readonly logEvidence: Float64Array;
  /** By bin: observations of past panes, each divided by the bin's proportion in the reference of its pane, fading. */
  readonly past: Float64Array;
}

/** What a pane is compared with; it may be another one for each pane (by hour of the day), of the same bins. */
export interface HistogramBaseline extends Tolerated {
  /** Values that are worth one independent observation: the evidence of all is divided by it. */
  readonly temper: number;
}

/**
 * Past observations count half after so many new ones. With 250, 500 and 1,000 a shift by half a standard deviation is found
 * after 33, 37 and 44 minutes (tolerance 0.02, 1,000 values an hour), and one by a quarter after 817, 570 and 499.
 */
const halfLife = 500;

/** What past observations are mixed with: so many that are as the reference. Any from 20 to 200 is as quick, within a seventh. */
const priorObservations = 100;

/**
 * How much of the tolerance each bet allows for (`logTolerantBet`). The first finds large changes soon, while past values still
 * show but a part of them (37 minutes of the shift above; the last alone, 63); the last one finds small changes, which the first
 * never does; the one between brings a shift by half a standard deviation at a tolerance of 0.1 from 239 down to 169 minutes.
 */
const allowances = [0, 0.75, 1];

/** The probability that the reference lies further from the truth than is allowed for. */
const referenceMiss = 0.001;

export function createHistogramDetector(bins: number): HistogramDetector {
  return { logEvidence: new Float64Array(allowances.length).fill(Number.NEGATIVE_INFINITY), past: new Float64Array(bins) };
}

/**
 * What of a reference the steps need.
 *
 * Reach: sqrt(accepted) + sqrt(chi-square quantile(B - 1, 0.999) overdispersion / n), what is accepted and what n values of
 * the reference do not know.
 * @param reference counts by bin; bins that are nearly empty are pooled by the caller
 * @param accepted the PSI up to which a change is no drift
 * @param overdispersion variance of counts in units of that of independent values, in the direction in which it is greatest
 * @returns numbers that are NaN where the reference is empty or has fewer than two bins: then steps change nothing
 */
export function histogramBaseline(reference: Sample, accepted: number, overdispersion: number): HistogramBaseline {
  const bins = reference.counts.length;
  const size = effectiveSize(reference);
  const worth = worthOfCount(reference);
  const temper = Math.max(1, overdispersion);
  const unknown = (chiSquareUpperQuantile(referenceMiss, bins - 1) * temper) / size;
  return {
    proportions: Float64Array.from(reference.counts, (count) => jeffreysProportion(count * worth, size, bins)),
    reach: Math.sqrt(accepted) + Math.sqrt(unknown),
    temper,
  };
}

/**
 * Adds a closed pane.
 *
 * - value: ln L = worth / temper * sum over bins of count ln e, see `logTolerantBet`; what is predicted is the law of past
 *   panes, so that it does not know the pane that it is used on;
 * - holds: M >= A for a false reason once in A panes or more on average, where values are independent and their law is within
 *   reach. Dependent ones count for less (`temper`), as if each stood for so many that are all the same: then it is exact, else
 *   by simulation (`npm run bench:detectors`);
 * - what is remembered is relative to the reference of each pane: a day's pattern that references by hour know is no change.
 * @param counts by bin
 * @param worth independent observations that a count of one is worth, see `worthOfCount`
 * @returns ln M of the mean of the bets; -Infinity before the first bet. A pane without values changes nothing.
 */
export function stepHistogramDetector(
  detector: HistogramDetector,
  counts: ArrayLike<number>,
  worth: number,
  baseline: HistogramBaseline,
): number {
  const scale = worth / baseline.temper;
  if (total(counts) * scale > 0 && baseline.reach >= 0) {
    placeBets(detector, counts, scale, baseline);
    remember(detector.past, counts, scale, baseline.proportions);
  }
  return logMean(detector.logEvidence);
}

function placeBets(
  { logEvidence, past }: HistogramDetector,
  counts: ArrayLike<number>,
  scale: number,
  baseline: Tolerated,
): void {
  const ratios = predictedRatios(past, baseline.proportions);
  allowances.forEach((allowance, at) => {
    const bet = logTolerantBet(ratios, baseline, allowance);
    if (bet === null) return;
    const logValue = scale * bet.reduce((sum, one, bin) => sum + one * (counts[bin] as number), 0);
    logEvidence[at] = shiryaevRoberts(logEvidence[at] as number, logValue);
  });
}

/** Predicted proportions divided by those of the reference. */
function predictedRatios(past: Float64Array, proportions: Float64Array): Float64Array {
  const mixed = past.map((observations) => observations + priorObservations);
  const sum = mixed.reduce((all, one, bin) => all + one * (proportions[bin] as number), 0);
  return mixed.map((one) => one / sum);
}

function remember(past: Float64Array, counts: ArrayLike<number>, scale: number, proportions: Float64Array): void {
  const fade = 2 ** -((total(counts) * scale) / halfLife);
  for (let bin = 0; bin < past.length; bin++) {
    past[bin] = (past[bin] as number) * fade + ((counts[bin] as number) * scale) / (proportions[bin] as number);
  }
}

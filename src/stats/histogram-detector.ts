// Finds a change of a distribution within minutes: bets, pane after pane, that values come as in the panes before and not as in
// the reference; and of bins in order, that location or spread have changed. For changes that are well above the tolerance;
// smaller ones are found by the tests of whole windows.
import { chiSquareUpperQuantile } from "./chi-square.ts";
import { changeShapes, foreseenBets, foreseenCount } from "./foreseen-bets.ts";
import { normalUpperQuantile } from "./normal.ts";
import { effectiveSize, type Sample, total, worthOfCount } from "./sample.ts";
import { logMean, shiryaevRoberts } from "./shiryaev-roberts.ts";
import { jeffreysProportion } from "./smoothing.ts";
import { distance, type Tolerated, tolerantBet } from "./tolerant-bet.ts";

/**
 * What remains from pane to pane. Plain numbers, which `stepHistogramDetector` changes and the caller keeps.
 * To start anew after an alarm, fill `logEvidence` with -Infinity.
 */
export interface HistogramDetector {
  /** ln M of each bet: on what the panes before show, then on what is foreseen of bins in order. */
  readonly logEvidence: Float64Array;
  /** By bin: observations of past panes, each divided by the bin's proportion in the reference of its pane, fading. */
  readonly past: Float64Array;
  /** Which hour is gathered for the bets on what is foreseen (NaN: none so far), then ln L of each in it; empty without such bets. */
  readonly gathered: Float64Array;
}

/** What a pane is compared with; it may be another one for each pane (by hour of the day), of the same bins. */
export interface HistogramBaseline extends Tolerated {
  /** Values that are worth one independent observation: the evidence of bets on the past is divided by it. */
  readonly temper: number;
  /** Of bins in order, ln of the e-values of foreseen changes by bin and bet (`foreseenBets`) by their own temper; else empty. */
  readonly foreseen: Float64Array;
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

/** By degrees of freedom the root of a quantile of chi-square: it takes as long as ten steps, and each hour of a feature asks for it. */
const unknownOf = new Map<number, number>();

function unknownInAnyDirection(degreesOfFreedom: number): number {
  let unknown = unknownOf.get(degreesOfFreedom);
  if (unknown === undefined) {
    unknown = Math.sqrt(chiSquareUpperQuantile(referenceMiss, degreesOfFreedom));
    unknownOf.set(degreesOfFreedom, unknown);
  }
  return unknown;
}

/** In a direction that is fixed. */
const unknownInOne = normalUpperQuantile(referenceMiss);

/** @param ordered whether bins have an order */
export function createHistogramDetector(bins: number, ordered = false): HistogramDetector {
  const logEvidence = new Float64Array(betCount(ordered)).fill(Number.NEGATIVE_INFINITY);
  const gathered = new Float64Array(ordered ? 1 + foreseenCount : 0).fill(Number.NaN, 0, 1);
  return { logEvidence, past: new Float64Array(bins), gathered };
}

/** Whether a detector is one of so many bins; one that an older version has written may have other bets. */
export function isDetectorOf({ logEvidence, past, gathered }: HistogramDetector, bins: number, ordered: boolean): boolean {
  const foreseen = ordered ? 1 + foreseenCount : 0;
  return past.length === bins && logEvidence.length === betCount(ordered) && gathered.length === foreseen;
}

function betCount(ordered: boolean): number {
  return allowances.length + (ordered ? foreseenCount : 0);
}

/**
 * What of a reference the steps need.
 *
 * - reach: sqrt(accepted) + sqrt(chi-square quantile(B - 1, 0.999) overdispersion / n), what is accepted and what n values of
 *   the reference do not know;
 * - of foreseen changes: sqrt(accepted) + normal quantile(0.999) sqrt(overdispersion / N), with N values of all hours. Such a bet
 *   does not look for the direction in which the reference errs most: its mean errs as that of any function that is fixed. And
 *   what hours err balances over a day; in one of them, of D days, no bet wins more by an error of z standard errors than
 *   z^2 / (2 D), as its events are but a D-th of its reference.
 * @param reference counts by bin; bins that are nearly empty are pooled by the caller
 * @param accepted the PSI up to which a change is no drift
 * @param overdispersion variance of counts in units of that of independent values, in the direction in which it is greatest
 * @param order of bins in order that of the whole reference, of which this may be an hour; null: bins have no order
 * @returns numbers that are NaN where the reference is empty or has fewer than two bins: then steps change nothing
 */
export function histogramBaseline(
  reference: Sample,
  accepted: number,
  overdispersion: number,
  order: Order | null = null,
): HistogramBaseline {
  const bins = reference.counts.length;
  const proportions = jeffreysProportions(reference);
  const temper = Math.max(1, overdispersion);
  const reach = Math.sqrt(accepted) + unknownInAnyDirection(bins - 1) * Math.sqrt(temper / effectiveSize(reference));
  return { proportions, reach, temper, foreseen: order === null ? noBets : foreseenOf(order, proportions, accepted) };
}

const noBets = new Float64Array(0);

/** What bins in order are compared with: of a whole reference. */
export interface Order {
  /** Of location and of spread. */
  readonly shapes: readonly Float64Array[];
  /** Independent values that it is worth. */
  readonly values: number;
  /** At least 1, by which the evidence of bets on foreseen changes is divided. */
  readonly temper: number;
}

/**
 * What of a whole reference the bets on foreseen changes need.
 * @param reference counts by bin in their order
 * @param overdispersion as that of a baseline. As these bets know no panes before, it may be less cautious: values that come in
 *   clusters over some minutes are no surprise to who bets on the past
 */
export function orderOf(reference: Sample, overdispersion: number): Order {
  const temper = Math.max(1, overdispersion);
  return { shapes: changeShapes(jeffreysProportions(reference)), values: effectiveSize(reference) / temper, temper };
}

function foreseenOf({ shapes, values, temper }: Order, proportions: Float64Array, accepted: number): Float64Array {
  const reach = Math.sqrt(accepted) + unknownInOne / Math.sqrt(values);
  return foreseenBets({ proportions, reach }, shapes).map((log) => log / temper);
}

/** Proportions by bin, each above 0; NaN of an empty sample. */
function jeffreysProportions(sample: Sample): Float64Array {
  const [size, worth] = [effectiveSize(sample), worthOfCount(sample)];
  return Float64Array.from(sample.counts, (count) => jeffreysProportion(count * worth, size, sample.counts.length));
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
 * @param counts by bin; what follows the bins of the baseline is not read
 * @param worth independent observations that a count of one is worth, see `worthOfCount`
 * - bets on what is foreseen are settled by the hour, when the first pane of another one comes: values that follow the time within an
 *   hour (a minute of the day, a running number) would win them at one of its ends, and no reference knows what is usual there.
 * @param hour in which the pane begins: any number that another hour does not have
 * @returns ln M of the mean of the bets; -Infinity before the first bet. A pane without values changes nothing.
 */
export function stepHistogramDetector(
  detector: HistogramDetector,
  counts: ArrayLike<number>,
  worth: number,
  baseline: HistogramBaseline,
  hour = 0,
): number {
  const scale = worth / baseline.temper;
  const values = total(counts, baseline.proportions.length) * scale;
  if (values > 0 && baseline.reach >= 0) {
    betOnPast(detector, counts, scale, baseline);
    if (baseline.foreseen.length > 0) betOnForeseen(detector, counts, worth, baseline, hour);
    remember(detector.past, counts, scale, values, baseline.proportions);
  }
  return logMean(detector.logEvidence);
}

function betOnPast(
  { logEvidence, past }: HistogramDetector,
  counts: ArrayLike<number>,
  scale: number,
  baseline: Tolerated,
): void {
  const { proportions } = baseline;
  const { ratios, factors } = roomFor(proportions.length);
  predictRatios(past, proportions, ratios);
  const far = distance(ratios, proportions);
  for (let at = 0; at < allowances.length; at++) {
    const bound = tolerantBet(ratios, far, baseline, allowances[at] as number, factors);
    if (Number.isNaN(bound)) continue;
    logEvidence[at] = shiryaevRoberts(logEvidence[at] as number, scale * logValueOf(counts, factors, bound, proportions.length));
  }
}

/** A product further below is taken into the sum before it vanishes. */
const smallProduct = 1e-200;

/** Sum over bins of count ln(f / bound). In a minute most bins have none or one, and logarithms are most of the work. */
function logValueOf(counts: ArrayLike<number>, factors: Float64Array, bound: number, bins: number): number {
  let [sum, product] = [0, 1];
  for (let bin = 0; bin < bins; bin++) {
    const count = counts[bin] as number;
    if (count === 0) continue;
    const value = (factors[bin] as number) / bound;
    if (count === 1) product *= value;
    else sum += count * Math.log(value);
    if (product < smallProduct) {
      sum += Math.log(product);
      product = 1;
    }
  }
  return sum + Math.log(product);
}

/** For what a step computes by bin: steps are many and short. Nothing in it outlives one. */
let room = { ratios: new Float64Array(0), factors: new Float64Array(0) };

function roomFor(bins: number): typeof room {
  if (room.ratios.length < bins) room = { ratios: new Float64Array(bins), factors: new Float64Array(bins) };
  return room;
}

/** What is bet on does not depend on the past: a pane costs some sums. */
function betOnForeseen(
  { logEvidence, gathered }: HistogramDetector,
  counts: ArrayLike<number>,
  worth: number,
  { proportions, foreseen }: HistogramBaseline,
  hour: number,
): void {
  if (gathered[0] !== hour) settle(logEvidence, gathered, hour);
  for (let bin = 0; bin < proportions.length; bin++) {
    const weighted = worth * (counts[bin] as number);
    if (weighted === 0) continue;
    const first = bin * foreseenCount - 1;
    for (let bet = 1; bet <= foreseenCount; bet++) {
      gathered[bet] = (gathered[bet] as number) + weighted * (foreseen[first + bet] as number);
    }
  }
}

/** Panes of a minute that are taken together. */
const logPanesOfHour = Math.log(60);

/** Takes what was gathered as evidence; another hour begins. */
function settle(logEvidence: Float64Array, gathered: Float64Array, hour: number): void {
  if (!Number.isNaN(gathered[0] as number)) {
    for (let bet = 1; bet <= foreseenCount; bet++) {
      const at = allowances.length + bet - 1;
      logEvidence[at] = shiryaevRoberts(logEvidence[at] as number, gathered[bet] as number, logPanesOfHour);
    }
  }
  gathered.fill(0);
  gathered[0] = hour;
}

/** Predicted proportions divided by those of the reference. */
function predictRatios(past: Float64Array, proportions: Float64Array, ratios: Float64Array): void {
  let sum = 0;
  for (let bin = 0; bin < past.length; bin++) {
    const mixed = (past[bin] as number) + priorObservations;
    ratios[bin] = mixed;
    sum += mixed * (proportions[bin] as number);
  }
  const scale = 1 / sum;
  for (let bin = 0; bin < past.length; bin++) ratios[bin] = (ratios[bin] as number) * scale;
}

/** @param values that the counts are worth */
function remember(past: Float64Array, counts: ArrayLike<number>, scale: number, values: number, proportions: Float64Array): void {
  const fade = 2 ** -(values / halfLife);
  for (let bin = 0; bin < past.length; bin++) {
    const faded = (past[bin] as number) * fade;
    const count = counts[bin] as number;
    past[bin] = count === 0 ? faded : faded + (count * scale) / (proportions[bin] as number);
  }
}

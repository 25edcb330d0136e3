// Bets that a loss from 0 to 1 has grown: laws that are tilted towards greater values, whose likelihood ratio needs only the number
// of values, their sum and the sum of their squares.
import type { BoundedLaw } from "./bounded-law.ts";
import { normalUpperQuantile } from "./normal.ts";
import { wilsonLimits } from "./wilson.ts";

/** By bet: ln of the e-value of a label is linear x + square x^2 + constant. */
export interface ExponentialBets {
  readonly linear: Float64Array;
  readonly square: Float64Array;
  readonly constant: Float64Array;
}

/**
 * Information per label of the bets, in nats: half the square of a change in standard deviations (0.045, 0.11, 0.28 and 0.7). A bet
 * finds the change that it is right for after some ln A / information labels, and loses less than a fifth between two of them. With
 * 0.002 for the first, a rate from 5 % to 6 % takes a third longer; with 0.0005 a reference that is off by three standard errors may
 * alarm every week (one of 400 did).
 */
const information = [0.001, 0.006, 0.04, 0.25];

export const betCount = information.length;

/**
 * Scores s(x) = x + c x (1 - x), which rise from 0 to 1 with x. With c = 1 what is usual counts most, for errors of which few are
 * large; with c = -1, x^2, large errors count most, as is best where errors are normal.
 */
const curvatures = [0, 0.5, 1, -0.5, -1];

/**
 * Bets against a reference.
 *
 * - value: e^(t s(x)) / m, with m the upper limit of the mean of e^(t s(x)) in the reference: the likelihood ratio of the
 *   reference's law and one tilted by t. Of values 0 and 1 that of odds which are e^t times as great;
 * - valid: its mean is at most 1 under every law that has a mean of e^(t s(x)) up to the limit: of rates all that are at most
 *   their limit, of losses that of the reference and all that are (stochastically) no greater. A loss that has the same mean and
 *   comes otherwise, with fewer small ones, is not among them;
 * - source: exponential tilting, F. Esscher 1932, "On the probability function in the collective theory of risk".
 * @param law with values below 1 and values of 1
 * @param miss the probability that the mean in truth is above its limit
 * @param tolerance what is accepted even where the reference is known exactly: a mean of e^(t s(x)) that is greater by so many of its
 *   standard deviations, and by a tenth of itself at most. Of rates that is one which is greater by so many of the values': Cohen's d
 *   (J. Cohen 1988, 2.2)
 */
export function exponentialBets(law: BoundedLaw, miss: number, tolerance: number): ExponentialBets {
  const curvature = bestCurvature(law);
  const scores = law.values.map((x) => score(x, curvature));
  const tilts = Float64Array.from(information, (wanted) => tiltOf(scores, law.weights, wanted));
  return {
    linear: tilts.map((tilt) => tilt * (1 + curvature)),
    square: tilts.map((tilt) => -tilt * curvature),
    constant: tilts.map((tilt) => -Math.log1p(Math.expm1(tilt) * meanLimit(scores, law, tilt, { miss, tolerance }))),
  };
}

function score(x: number, curvature: number): number {
  return x + curvature * x * (1 - x);
}

/** The change that the curvature is best for: all losses grow by this factor, up to 1. */
const usualRise = 1.2;

/**
 * Of the score whose mean moves furthest, in its standard deviations. Where a law has but two values it is a rate, for which all scores
 * are alike, or known by its sums, which say what is possible for no other score than x.
 */
function bestCurvature({ values, weights }: BoundedLaw): number {
  if (new Set(values).size <= 2) return 0;
  let [best, furthest] = [0, 0];
  for (const curvature of curvatures) {
    const before = moments(
      values.map((x) => score(x, curvature)),
      weights,
    );
    const after = moments(
      values.map((x) => score(Math.min(1, usualRise * x), curvature)),
      weights,
    );
    const moved = (after.mean - before.mean) / Math.sqrt(before.variance);
    if (moved > furthest) [best, furthest] = [curvature, moved];
  }
  return best;
}

interface MeanAndVariance {
  readonly mean: number;
  readonly variance: number;
}

function moments(numbers: Float64Array, weights: Float64Array): MeanAndVariance {
  let [sum, first] = [0, 0];
  for (let at = 0; at < numbers.length; at++) {
    sum += weights[at] as number;
    first += (weights[at] as number) * (numbers[at] as number);
  }
  const mean = first / sum;
  let second = 0;
  for (let at = 0; at < numbers.length; at++) second += (weights[at] as number) * ((numbers[at] as number) - mean) ** 2;
  return { mean, variance: second / sum };
}

/** No bet takes greater odds than e^10, however large the information that is asked for. */
const greatestTilt = 10;
/** Halvings of the interval of the tilt: beyond the digits that matter. */
const halvings = 40;

/** The t of the tilted law that has so much information per label, E[t s - ln mean of e^(t s)] under it. */
function tiltOf(scores: Float64Array, weights: Float64Array, wanted: number): number {
  let [low, high] = [0, greatestTilt];
  for (let step = 0; step < halvings; step++) {
    const middle = (low + high) / 2;
    if (informationOf(scores, weights, middle) < wanted) low = middle;
    else high = middle;
  }
  return high;
}

function informationOf(scores: Float64Array, weights: Float64Array, tilt: number): number {
  let [sum, tilted, first] = [0, 0, 0];
  for (let at = 0; at < scores.length; at++) {
    const weight = weights[at] as number;
    const raised = weight * Math.exp(tilt * (scores[at] as number));
    sum += weight;
    tilted += raised;
    first += raised * (scores[at] as number);
  }
  return (tilt * first) / tilted - Math.log(tilted / sum);
}

/** A tolerance is no more than this share of the mean: of rare errors a standard deviation is many times as large as their rate. */
const mostTolerated = 0.1;

/**
 * The upper limit of the mean of u = (e^(t s) - 1) / (e^t - 1), which is from 0 to 1.
 *
 * Wilson's limit for a rate of that mean, of so many more observations as u varies less than values that are 0 or 1; or what is
 * tolerated, if that is more. Not both: what is not known of a reference is no harm where as much does not matter.
 */
function meanLimit(
  scores: Float64Array,
  { weights, size }: BoundedLaw,
  tilt: number,
  { miss, tolerance }: { readonly miss: number; readonly tolerance: number },
): number {
  const scale = Math.expm1(tilt);
  const { mean, variance } = moments(
    scores.map((s) => Math.expm1(tilt * s) / scale),
    weights,
  );
  const share = variance / (mean * (1 - mean));
  const { upper } = wilsonLimits(mean, size / share, normalUpperQuantile(miss));
  const tolerated = Math.min(tolerance * Math.sqrt(variance), mostTolerated * mean);
  return Math.min(1, Math.max(upper, mean + tolerated));
}

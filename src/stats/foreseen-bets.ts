// Bets on the changes that are usual where bins have an order, those of location and of spread. They are laid before anything is
// seen, so that nothing has to be learned when such a change has come.
import { normalUpperQuantile } from "./normal.ts";
import { type Tolerated, tolerantBet } from "./tolerant-bet.ts";

/**
 * How far beyond what is tolerated the laws are that are bet on. A bet wins where a change is more than half as far beyond, and
 * most where it is as far. With the first alone a shift by half a standard deviation is found after 44 minutes instead of 24
 * (tolerance 0.02, 1,000 values an hour); with 0.05, 0.15 and 0.4 one by a quarter after 360 instead of 310.
 */
const beyond = [0.1, 0.3];

/** Of location and of spread, each up and down. */
const directions = [
  { shape: 0, sign: 1 },
  { shape: 0, sign: -1 },
  { shape: 1, sign: 1 },
  { shape: 1, sign: -1 },
];

/** As many bets are laid, in the same order for any reference. */
export const foreseenCount = directions.length * beyond.length;

/**
 * By bin, and in it by bet, ln of the e-value of an event: that of `logTolerantBet` for the law q of a distance d, the reach and
 * what is beyond, with sqrt(q / p) = cos(a) + sin(a) score and a = 2 arcsin(d / 4). This is the way along which roots of
 * proportions turn in the direction of the score; for normal values and that of location it is near a mean that is higher by d
 * standard deviations.
 * @param shapes of location and of spread, see `changeShapes`; standardised here by the proportions of this reference
 * @returns -Infinity for a bet that cannot be laid, as on the spread of two bins: it loses all
 */
export function foreseenBets(tolerated: Tolerated, shapes: readonly Float64Array[]): Float64Array {
  const { proportions, reach } = tolerated;
  const scores = shapes.map((shape) => standardised(shape, proportions));
  const logs = new Float64Array(proportions.length * foreseenCount).fill(Number.NEGATIVE_INFINITY);
  const [ratios, factors] = [new Float64Array(proportions.length), new Float64Array(proportions.length)];
  directions.forEach(({ shape, sign }, direction) => {
    const score = scores[shape] ?? null;
    if (score === null) return;
    beyond.forEach((more, step) => {
      turn(score, sign, reach + more, ratios);
      const bound = tolerantBet(ratios, reach + more, tolerated, 1, factors);
      if (Number.isNaN(bound)) return;
      const bet = direction * beyond.length + step;
      for (let bin = 0; bin < factors.length; bin++) {
        logs[bin * foreseenCount + bet] = Math.log((factors[bin] as number) / bound);
      }
    });
  });
  return logs;
}

/** No law is further from another. */
const farthest = 2 * Math.SQRT2;

/** q / p by bin; as scores have mean 0 and variance 1, its mean is 1. */
function turn(scores: Float64Array, sign: number, far: number, ratios: Float64Array): void {
  const angle = 2 * Math.asin(Math.min(far, farthest) / 4);
  const [kept, turned] = [Math.cos(angle), sign * Math.sin(angle)];
  for (let bin = 0; bin < scores.length; bin++) ratios[bin] = (kept + turned * (scores[bin] as number)) ** 2;
}

/**
 * Scores by bin of a change of location and of one of spread, not correlated with each other: the mean of a normal variable in a
 * bin, where it is cut at the ranks that edges of bins have, and the square of that.
 *
 * Source: for scores by ranks B. L. van der Waerden 1952, "Order tests for the two-sample problem and their power".
 * @param proportions of the reference by bin, in their order, each above 0
 */
export function changeShapes(proportions: Float64Array): Float64Array[] {
  const location = standardised(normalScores(proportions), proportions) ?? new Float64Array(proportions.length);
  const squares = location.map((score) => score * score);
  const slope = mean(
    squares.map((square, bin) => square * (location[bin] as number)),
    proportions,
  );
  return [location, squares.map((square, bin) => square - slope * (location[bin] as number))];
}

/** The mean of a normal variable between two of its quantiles is the difference of the densities there, by the probability. */
function normalScores(proportions: Float64Array): Float64Array {
  let [below, lower] = [0, 0];
  return proportions.map((share) => {
    below += share;
    const upper = normalDensity(normalUpperQuantile(Math.min(1, below)));
    const score = (lower - upper) / share;
    lower = upper;
    return score;
  });
}

/** At a quantile that is infinite, 0. */
function normalDensity(value: number): number {
  return Math.exp((-value * value) / 2) / Math.sqrt(2 * Math.PI);
}

/** A variance below this is rounding: the squares of two equal bins are the same. */
const rounding = 1e-12;

/** Of mean 0 and variance 1; null where all are the same. */
function standardised(scores: Float64Array, proportions: Float64Array): Float64Array | null {
  const middle = mean(scores, proportions);
  const centred = scores.map((score) => score - middle);
  const variance = mean(
    centred.map((score) => score * score),
    proportions,
  );
  return variance > rounding ? centred.map((score) => score / Math.sqrt(variance)) : null;
}

function mean(values: Float64Array, proportions: Float64Array): number {
  let sum = 0;
  for (let bin = 0; bin < values.length; bin++) sum += (values[bin] as number) * (proportions[bin] as number);
  return sum;
}

// Pairs of a model of two classes: the sums that a pane keeps of them. The metrics that follow are in binary-metrics.ts.
import { addExact, ExactSums, exactSum, exactWidth } from "../primitive/exact-sum.ts";
import { locatedScore, locateScore, scoreCells, scoreLimits, scoreSum } from "../primitive/score-cell.ts";
import type { SumTable } from "../primitive/sum-table.ts";
import { squaredWeight } from "../primitive/weight.ts";
import type { BinaryCounts } from "../stats/performance/binary.ts";
import * as calibration from "../stats/performance/calibration.ts";
import { brier, isClipped, logLoss } from "../stats/performance/losses.ts";
import type { Moments } from "../stats/performance/moments.ts";
import type { ScoreHistogram } from "../stats/performance/score-histogram.ts";
import type { Layout } from "./layout.ts";

/** Numbers of the sums of decisions at one threshold. */
const truePositives = 0;
const falsePositives = 1;
const trueNegatives = 2;
const falseNegatives = 3;
const decisionSquares = 4;

/** Numbers of the sums of scores: by cell and label, then by calibration bin, then exact ones. */
const field = 8192;
const positiveCount = 0;
const positivePosition = field;
const negativeCount = 2 * field;
const negativePosition = 3 * field;
const positiveSquares = 4 * field;
const negativeSquares = positiveSquares + 1;
const clippedCount = positiveSquares + 2;
const calibrationCount = 5 * field;
const calibrationLabel = calibrationCount + 32;
const exactSums = 6 * field;
const scoreVarianceSum = exactSums;
const logLossSum = scoreVarianceSum + exactWidth;
const logLossSquares = logLossSum + exactWidth;
const brierSum = logLossSquares + exactWidth;
const brierSquares = brierSum + exactWidth;
const calibrationScores = brierSquares + exactWidth;

export const decisionLayout: Layout = {
  amounts: {
    true_positives: truePositives,
    false_positives: falsePositives,
    true_negatives: trueNegatives,
    false_negatives: falseNegatives,
    weight_squares: decisionSquares,
  },
  exact: {},
  lists: {},
};

export const scoreLayout: Layout = {
  amounts: { positive_weight_squares: positiveSquares, negative_weight_squares: negativeSquares, clipped: clippedCount },
  exact: {
    log_loss: logLossSum,
    log_loss_squares: logLossSquares,
    brier: brierSum,
    brier_squares: brierSquares,
    score_variance: scoreVarianceSum,
  },
  lists: {
    cells: {
      amounts: {
        positives: positiveCount,
        negatives: negativeCount,
        positive_positions: positivePosition,
        negative_positions: negativePosition,
      },
      exact: {},
      places: scoreCells,
      called: "score_from",
      nameOf: (cell) => scoreLimits[cell] as number,
      placeOf: (lower) => scoreLimits.indexOf(lower),
    },
    calibration: {
      amounts: { predictions: calibrationCount, positives: calibrationLabel },
      exact: { scores: calibrationScores },
      places: calibration.calibrationBins,
      called: "bin",
      nameOf: (bin) => bin,
      placeOf: (bin) => bin,
    },
  },
};

/** Adds a decision at one threshold. */
export function addDecision(part: SumTable, positive: boolean, label: boolean, weight: number): void {
  if (positive) part.add(label ? truePositives : falsePositives, weight);
  else part.add(label ? falseNegatives : trueNegatives, weight);
  part.add(decisionSquares, squaredWeight(weight));
}

/** Decisions of weight 1 at one threshold, by label. */
export type DecisionCounts = { -readonly [Count in Exclude<keyof BinaryCounts, "weightSquares">]: number };

/** As `addDecision` of each. */
export function addDecisions(part: SumTable, counts: Readonly<DecisionCounts>): void {
  part.add(truePositives, counts.truePositives);
  part.add(falsePositives, counts.falsePositives);
  part.add(trueNegatives, counts.trueNegatives);
  part.add(falseNegatives, counts.falseNegatives);
  const all = counts.truePositives + counts.falsePositives + counts.trueNegatives + counts.falseNegatives;
  part.add(decisionSquares, all);
}

/** So many scores are added up at once. */
export const scoresAtOnce = 256;

/** What `addScores` adds up: sums of moments, in their order in a part, and by calibration bin numbers and sums of scores. */
const moments = new ExactSums((calibrationScores - exactSums) / exactWidth);
const binCounts = new Float64Array(calibration.calibrationBins);
const binScores = new ExactSums(calibration.calibrationBins);
/** What each score adds to each of the moments. */
const terms = Array.from({ length: (calibrationScores - exactSums) / exactWidth }, () => new Float64Array(scoresAtOnce));
const [variances, losses, lossSquares, briers, brierSquared] = terms as [
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
];

/**
 * Adds scores from 0 to 1 whose label was the same.
 * @param weight of each
 * @param size how many of them, at most `scoresAtOnce`
 */
export function addScores(
  part: SumTable,
  scores: readonly number[],
  label: boolean,
  weight = 1,
  size: number = scores.length,
): void {
  if (size === 0) return;
  const [countAt, positionAt] = label ? [positiveCount, positivePosition] : [negativeCount, negativePosition];
  let clipped = 0;
  for (let at = 0; at < size; at++) {
    const score = scores[at] as number;
    locateScore(score);
    part.add(countAt + locatedScore.cell, weight);
    if (locatedScore.position !== 0) part.add(positionAt + locatedScore.cell, weight * locatedScore.position);
    const bin = calibration.calibrationBin(score);
    binCounts[bin] = (binCounts[bin] as number) + 1;
    binScores.add(bin, weight * score);
    const probability = label ? score : 1 - score;
    if (isClipped(probability)) clipped += 1;
    const loss = logLoss(probability);
    const square = brier(score, label ? 1 : 0);
    variances[at] = weight * weight * score * (1 - score);
    losses[at] = weight * loss;
    lossSquares[at] = weight * loss * loss;
    briers[at] = weight * square;
    brierSquared[at] = weight * square * square;
  }
  for (const [sum, values] of terms.entries()) moments.addAll(sum, values, size);
  part.add(label ? positiveSquares : negativeSquares, size * squaredWeight(weight));
  if (clipped > 0) part.add(clippedCount, clipped * weight);
  moments.moveTo(part, exactSums);
  binScores.moveTo(part, calibrationScores);
  for (let bin = 0; bin < binCounts.length; bin++) {
    const count = (binCounts[bin] as number) * weight;
    if (count === 0) continue;
    part.add(calibrationCount + bin, count);
    if (label) part.add(calibrationLabel + bin, count);
    binCounts[bin] = 0;
  }
}

/** Only what ranking by the score needs. */
export function addCell(part: SumTable, score: number, label: boolean, weight: number): void {
  locateScore(score);
  const { cell, position } = locatedScore;
  part.add((label ? positiveCount : negativeCount) + cell, weight);
  if (position !== 0) part.add((label ? positivePosition : negativePosition) + cell, weight * position);
  addSquares(part, label, weight);
}

/** Only what ranking and calibration need. */
export function addCalibrated(part: SumTable, score: number, label: boolean, weight: number): void {
  addCell(part, score, label, weight);
  addBins(part, score, label, weight);
}

function addSquares(part: SumTable, label: boolean, weight: number): void {
  part.add(label ? positiveSquares : negativeSquares, squaredWeight(weight));
}

function addBins(part: SumTable, score: number, label: boolean, weight: number): void {
  const bin = calibration.calibrationBin(score);
  part.add(calibrationCount + bin, weight);
  if (label) part.add(calibrationLabel + bin, weight);
  addExact(part, calibrationScores + bin * exactWidth, weight * score);
  addExact(part, scoreVarianceSum, weight * weight * score * (1 - score));
}

/** The four counts at a threshold. */
export function decisionsOf(part: SumTable): BinaryCounts {
  return {
    truePositives: part.at(truePositives),
    falsePositives: part.at(falsePositives),
    trueNegatives: part.at(trueNegatives),
    falseNegatives: part.at(falseNegatives),
    weightSquares: part.at(decisionSquares),
  };
}

/** Labelled predictions by cells of their score: those that have any, and in the place of those between them one that has none. */
export interface CellHistogram {
  readonly histogram: ScoreHistogram;
  /** Boundaries, one more than cells. */
  readonly limits: readonly number[];
}

export function scoreHistogramOf(part: SumTable): CellHistogram {
  const cells = filledCells(part);
  const limits = [0];
  const places: number[] = [];
  for (const cell of cells) {
    if (limits.at(-1) !== scoreLimits[cell]) {
      limits.push(scoreLimits[cell] as number);
      places.push(noCell);
    }
    limits.push(scoreLimits[cell + 1] as number);
    places.push(cell);
  }
  const at = (from: number): Float64Array => Float64Array.from(places, (cell) => (cell === noCell ? 0 : part.at(from + cell)));
  const [positives, negatives] = [at(positiveCount), at(negativeCount)];
  const sums = (counts: Float64Array, from: number): Float64Array => {
    return counts.map((count, place) => {
      const cell = places[place] as number;
      return count === 0 ? 0 : scoreSum(cell, count, part.at(from + cell));
    });
  };
  const histogram = {
    positives,
    negatives,
    positiveScores: sums(positives, positivePosition),
    negativeScores: sums(negatives, negativePosition),
    positiveWeightSquares: part.at(positiveSquares),
    negativeWeightSquares: part.at(negativeSquares),
  };
  return { histogram, limits };
}

const noCell = -1;

/** Sum of the squares of the weights of all scores. */
export function scoreSquares(part: SumTable): number {
  return part.at(positiveSquares) + part.at(negativeSquares);
}

/** Weights of positives and negatives by cells that have any, and of all. */
export function cellCounts(part: SumTable): {
  readonly cells: readonly number[];
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
  readonly size: number;
} {
  const cells = filledCells(part);
  const positives = cells.map((cell) => part.at(positiveCount + cell));
  const negatives = cells.map((cell) => part.at(negativeCount + cell));
  return { cells, positives, negatives, size: [...positives, ...negatives].reduce((sum, weight) => sum + weight, 0) };
}

function filledCells(part: SumTable): number[] {
  const cells = new Set<number>();
  for (const [key] of part.entries()) {
    if (key < positivePosition) cells.add(key - positiveCount);
    else if (key >= negativeCount && key < negativePosition) cells.add(key - negativeCount);
  }
  return [...cells].sort((one, other) => one - other);
}

export function calibrationOf(part: SumTable): calibration.CalibrationSums {
  const bins = (from: number): number[] => Array.from({ length: calibration.calibrationBins }, (_, bin) => part.at(from + bin));
  return {
    counts: bins(calibrationCount),
    labels: bins(calibrationLabel),
    scores: Array.from({ length: calibration.calibrationBins }, (_, bin) => exactSum(part, calibrationScores + bin * exactWidth)),
    weightSquares: scoreSquares(part),
    scoreVariance: exactSum(part, scoreVarianceSum),
  };
}

/** Moments of the losses of all scores. */
export function lossMoments(part: SumTable): { readonly logLoss: Moments; readonly brier: Moments } {
  let count = 0;
  for (let bin = 0; bin < calibration.calibrationBins; bin++) count += part.at(calibrationCount + bin);
  const of = (sum: number, squares: number): Moments => {
    return { count, weightSquares: scoreSquares(part), sum: exactSum(part, sum), squares: exactSum(part, squares) };
  };
  return { logLoss: of(logLossSum, logLossSquares), brier: of(brierSum, brierSquares) };
}

/** Weight of the scores whose log loss is that of the clip. */
export function clippedWeight(part: SumTable): number {
  return part.at(clippedCount);
}

// From joined rows to the sums that metrics are computed from, each event weighing 1.
import { binOf } from "../../../src/primitive/bins.ts";
import type { BinaryCounts } from "../../../src/stats/performance/binary.ts";
import { type CalibrationSums, calibrationBin, calibrationBins } from "../../../src/stats/performance/calibration.ts";
import type { PredictionHistogram } from "../../../src/stats/performance/estimated-binary.ts";
import type { Moments } from "../../../src/stats/performance/moments.ts";
import type { Confusion } from "../../../src/stats/performance/multiclass.ts";
import type { ScoreHistogram } from "../../../src/stats/performance/score-histogram.ts";

/** A score and whether it was right to be high. */
export interface Scored {
  readonly score: number;
  readonly label: 0 | 1;
}

const count = (list: Float64Array, place: number, many = 1): void => {
  list[place] = (list[place] as number) + many;
};

export function binaryCounts(rows: readonly { readonly label: unknown; readonly prediction: unknown }[]): BinaryCounts {
  const many = (label: number, prediction: number): number =>
    rows.filter((row) => row.label === label && row.prediction === prediction).length;
  return {
    truePositives: many(1, 1),
    falsePositives: many(0, 1),
    trueNegatives: many(0, 0),
    falseNegatives: many(1, 0),
    weightSquares: rows.length,
  };
}

export function scoreHistogram(rows: readonly Scored[], edges: readonly number[]): ScoreHistogram {
  const list = (): Float64Array => new Float64Array(edges.length + 1);
  const [positives, negatives, positiveScores, negativeScores] = [list(), list(), list(), list()];
  for (const { score, label } of rows) {
    const bin = binOf(edges, score);
    count(label === 1 ? positives : negatives, bin);
    count(label === 1 ? positiveScores : negativeScores, bin, score);
  }
  const positiveWeightSquares = rows.filter(({ label }) => label === 1).length;
  const squares = { positiveWeightSquares, negativeWeightSquares: rows.length - positiveWeightSquares };
  return { positives, negatives, positiveScores, negativeScores, ...squares };
}

/** What bins of probabilities are bounded by. */
export function limitsOf(edges: readonly number[]): number[] {
  return [0, ...edges, 1];
}

export function calibrationSums(rows: readonly Scored[]): CalibrationSums {
  const [counts, scores, labels] = [0, 1, 2].map(() => new Float64Array(calibrationBins)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let scoreVariance = 0;
  for (const { score, label } of rows) {
    const bin = calibrationBin(score);
    count(counts, bin);
    count(scores, bin, score);
    count(labels, bin, label);
    scoreVariance += score * (1 - score);
  }
  return { counts, scores, labels, weightSquares: rows.length, scoreVariance };
}

export function moments(values: readonly number[]): Moments {
  const sum = (of: (value: number) => number): number => values.reduce((all, value) => all + of(value), 0);
  return { count: values.length, weightSquares: values.length, sum: sum((x) => x), squares: sum((x) => x * x) };
}

export function predictionHistogram(
  rows: readonly { readonly score: number; readonly prediction: unknown }[],
  edges: readonly number[],
): PredictionHistogram {
  const counts = new Float64Array(edges.length + 1);
  const predictedPositives = new Float64Array(edges.length + 1);
  for (const { score, prediction } of rows) {
    const bin = binOf(edges, score);
    count(counts, bin);
    if (prediction === 1) count(predictedPositives, bin);
  }
  return { counts, predictedPositives, weightSquares: rows.length };
}

/** @param rows classes of label and prediction, by index */
export function confusion(rows: readonly { readonly label: number; readonly prediction: number }[], classes: number): Confusion {
  const counts = new Float64Array(classes * classes);
  for (const { label, prediction } of rows) count(counts, label * classes + prediction);
  return { counts, weightSquares: rows.length };
}

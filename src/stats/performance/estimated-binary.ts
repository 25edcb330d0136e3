// Performance of a binary classifier before labels are there: confidence-based estimation (CBPE) from bins of the score.
//
// It assumes that a score means what it meant in the reference. It follows a changed mix of easy and hard cases; it cannot see that
// the relation of features and label changed. Series of it are named `estimated_*`, beside how wrong it was (`trust.ts`).
import { total } from "../sample.ts";
import { accuracy, type BinaryCounts, f1, falsePositiveRate, precision, recall } from "./binary.ts";
import { type Estimate, withoutInterval } from "./estimate.ts";
import { isotonic } from "./isotonic.ts";
import { kishSize } from "./kish.ts";
import { deLong } from "./roc-auc.ts";
import type { ScoreHistogram } from "./score-histogram.ts";

/** Predictions by bin of their score, with or without label. Sums: histograms over the same bins add. */
export interface PredictionHistogram {
  /** Weighted number of predictions by bin, and of those that decide for the positive class: in the threshold's bin a part. */
  readonly counts: ArrayLike<number>;
  readonly predictedPositives: ArrayLike<number>;
  /** Sum of the squares of all weights. */
  readonly weightSquares: number;
}

/**
 * The share of positives that a score of each bin stands for, learned from labelled reference rows and then frozen: isotonic
 * regression of their shares by bin, 0 to 1, nondecreasing. All NaN without labels.
 * Source: B. Zadrozny and C. Elkan 2002, "Transforming classifier scores into accurate multiclass probability estimates".
 */
export function calibrationMap({ positives, negatives }: Pick<ScoreHistogram, "positives" | "negatives">): Float64Array {
  const counts = Float64Array.from(positives, (count, bin) => count + (negatives[bin] as number));
  return isotonic(
    Float64Array.from(positives, (count, bin) => count / (counts[bin] as number)),
    counts,
  );
}

/**
 * Expected counts by prediction and label: of predicted positives in a bin the map's share are true positives, and so on. In the
 * bin that the threshold divides both parts get the bin's share; where the threshold is an edge no bin is divided.
 */
export function expectedCounts(predictions: PredictionHistogram, map: ArrayLike<number>): BinaryCounts {
  let [truePositives, falsePositives, trueNegatives, falseNegatives] = [0, 0, 0, 0];
  for (let bin = 0; bin < map.length; bin++) {
    const share = map[bin] as number;
    const positives = predictions.predictedPositives[bin] as number;
    const negatives = (predictions.counts[bin] as number) - positives;
    truePositives += positives * share;
    falsePositives += positives * (1 - share);
    falseNegatives += negatives * share;
    trueNegatives += negatives * (1 - share);
  }
  return { truePositives, falsePositives, trueNegatives, falseNegatives, weightSquares: predictions.weightSquares };
}

/** Metrics that can be estimated, each in the range of the metric itself. */
export interface EstimatedBinary {
  readonly accuracy: Estimate;
  readonly precision: Estimate;
  readonly recall: Estimate;
  readonly f1: Estimate;
  readonly falsePositiveRate: Estimate;
  readonly rocAuc: Estimate;
}

/**
 * Expected metrics of predictions without labels; `samples` is the number of predictions. NaN where the metric of the expected
 * counts is. No intervals: what limits an estimate is whether its assumption holds, which no number of predictions tells.
 *
 * Accuracy is wrong by at most the calibration error over the present mix of scores.
 * Source: NannyML, "How CBPE works"; J. Bialek et al. 2024, "Estimating Model Performance Under Covariate Shift Without Labels".
 */
export function estimatedBinary(predictions: PredictionHistogram, map: ArrayLike<number>): EstimatedBinary {
  const counts = expectedCounts(predictions, map);
  const samples = kishSize(total(predictions.counts), predictions.weightSquares);
  const of = (metric: (counts: BinaryCounts) => Estimate): Estimate => withoutInterval(metric(counts).value, samples);
  return {
    accuracy: of(accuracy),
    precision: of(precision),
    recall: of(recall),
    f1: of(f1),
    falsePositiveRate: of(falsePositiveRate),
    rocAuc: withoutInterval(expectedArea(predictions.counts, map), samples),
  };
}

/** The area under the curve where each bin holds the map's share of positives, in no order. */
function expectedArea(counts: ArrayLike<number>, map: ArrayLike<number>): number {
  const positives = Float64Array.from(counts, (count, bin) => count * (map[bin] as number));
  const negatives = Float64Array.from(counts, (count, bin) => count - (positives[bin] as number));
  const none = new Float64Array(counts.length);
  const weights = { positiveWeightSquares: total(positives), negativeWeightSquares: total(negatives) };
  const limits = Array.from({ length: counts.length + 1 }, (_, limit) => limit);
  return deLong({ positives, negatives, positiveScores: none, negativeScores: none, ...weights }, limits).area;
}

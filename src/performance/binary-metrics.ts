// Metrics of a model of two classes, from the sums that a pane keeps of its pairs.
import type { SumTable } from "../primitive/sum-table.ts";
import { averagePrecision } from "../stats/performance/average-precision.ts";
import * as binary from "../stats/performance/binary.ts";
import * as calibration from "../stats/performance/calibration.ts";
import { type Estimate, withoutInterval } from "../stats/performance/estimate.ts";
import { positiveMean } from "../stats/performance/moments.ts";
import { rocAuc } from "../stats/performance/roc-auc.ts";
import { calibrationOf, clippedWeight, decisionsOf, lossMoments, scoreHistogramOf } from "./binary.ts";
import type { Measured } from "./measured.ts";

/** Metrics of decisions at one threshold. */
export function* decisionMetrics(part: SumTable): Iterable<Measured> {
  const counts = decisionsOf(part);
  yield { metric: "accuracy", ...binary.accuracy(counts) };
  yield { metric: "balanced_accuracy", ...binary.balancedAccuracy(counts) };
  yield { metric: "precision", ...binary.precision(counts) };
  yield { metric: "recall", ...binary.recall(counts) };
  yield { metric: "f1", ...binary.f1(counts) };
  yield { metric: "false_positive_rate", ...binary.falsePositiveRate(counts) };
  yield { metric: "specificity", ...binary.specificity(counts) };
}

/** Metrics of scores, whatever the threshold. */
export function* scoreMetrics(part: SumTable): Iterable<Measured> {
  const { histogram, limits } = scoreHistogramOf(part);
  const sums = calibrationOf(part);
  const losses = lossMoments(part);
  const error = calibration.calibrationError(sums);
  yield { metric: "roc_auc", ...rocAuc(histogram, limits) };
  yield { metric: "pr_auc", ...averagePrecision(histogram, limits) };
  yield { metric: "log_loss", ...positiveMean(losses.logLoss) };
  yield { metric: "brier", ...positiveMean(losses.brier) };
  yield { metric: "calibration_error", ...error };
  yield { metric: "calibration_error_squared_debiased", ...calibration.debiasedSquaredCalibrationError(sums) };
  yield { metric: "calibration_in_the_large", ...plain(calibration.calibrationInTheLarge(sums), error) };
  yield { metric: "score_mean", ...plain(calibration.meanScore(sums), error) };
  yield { metric: "label_mean", ...plain(calibration.meanLabel(sums), error) };
  yield { metric: "log_loss_clipped_ratio", ...plain(clippedWeight(part) / weightOf(sums), error) };
}

function plain(value: number, { samples }: Estimate): Estimate {
  return withoutInterval(value, samples);
}

function weightOf({ counts }: calibration.CalibrationSums): number {
  let weight = 0;
  for (let bin = 0; bin < counts.length; bin++) weight += counts[bin] as number;
  return weight;
}

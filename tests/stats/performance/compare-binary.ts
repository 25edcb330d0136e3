// Every metric of a binary classifier, and its estimates without labels, against numbers that other software computed.
import { averagePrecision } from "../../../src/stats/performance/average-precision.ts";
import * as binary from "../../../src/stats/performance/binary.ts";
import * as calibration from "../../../src/stats/performance/calibration.ts";
import { type Estimate, normalInterval } from "../../../src/stats/performance/estimate.ts";
import { calibrationMap, estimatedBinary } from "../../../src/stats/performance/estimated-binary.ts";
import { brier, logLoss } from "../../../src/stats/performance/losses.ts";
import { positiveMean } from "../../../src/stats/performance/moments.ts";
import { deLong } from "../../../src/stats/performance/roc-auc.ts";
import type { Deviations } from "./deviations.ts";
import { eventsOf, type GoldenRow, placeOf } from "./golden-rows.ts";
import type { Joined } from "./joined.ts";
import * as sums from "./sums-of-rows.ts";

/** Names of the counts' metrics, and whether there are limits of them. */
const ofCounts: readonly (readonly [key: string, metric: (counts: binary.BinaryCounts) => Estimate, limits: boolean])[] = [
  ["accuracy", binary.accuracy, true],
  ["precision", binary.precision, true],
  ["recall", binary.recall, true],
  ["false_positive_rate", binary.falsePositiveRate, true],
  ["specificity", binary.specificity, false],
  ["balanced_accuracy", binary.balancedAccuracy, false],
  ["f1", binary.f1, false],
];

const scoredOf = (rows: readonly Joined[]): sums.Scored[] =>
  rows.map(({ score, label }) => ({ score, label: label === 1 ? 1 : 0 }));

export function compareBinary(
  into: Deviations,
  golden: readonly GoldenRow[],
  events: readonly Joined[],
  reference: readonly Joined[],
  edges: readonly number[],
): void {
  for (const row of golden) {
    const rows = eventsOf(row, events, reference);
    compareDecisions(into, row, rows);
    compareScores(into, row, scoredOf(rows));
    compareRanking(into, row, scoredOf(rows), edges);
  }
}

function compareDecisions(into: Deviations, row: GoldenRow, rows: readonly Joined[]): void {
  const where = placeOf(row);
  const counts = sums.binaryCounts(rows);
  into.note("counts", rows.length, row.samples, where);
  into.note("counts", counts.truePositives, row.tp, where);
  into.note("counts", counts.falsePositives, row.fp, where);
  into.note("counts", counts.trueNegatives, row.tn, where);
  into.note("counts", counts.falseNegatives, row.fn, where);
  for (const [key, metric, limits] of ofCounts) {
    const estimate = metric(counts);
    into.note(key, estimate.value, row[key], where);
    if (!limits) continue;
    const expected = row[`${key}_wilson_95`] as readonly number[] | null;
    into.note(`${key}_wilson_95`, estimate.lower, expected?.[0], where);
    into.note(`${key}_wilson_95`, estimate.upper, expected?.[1], where);
  }
}

function compareScores(into: Deviations, row: GoldenRow, rows: readonly sums.Scored[]): void {
  const where = placeOf(row);
  const losses = rows.map(({ score, label }) => logLoss(label === 1 ? score : 1 - score));
  into.note("log_loss", positiveMean(sums.moments(losses)).value, row.log_loss, where);
  into.note("brier", positiveMean(sums.moments(rows.map(({ score, label }) => brier(score, label)))).value, row.brier, where);
  const bins = sums.calibrationSums(rows);
  into.note("calibration_error_15", calibration.calibrationError(bins).value, row.calibration_error_15, where);
  into.note("calibration_in_the_large_z", calibration.calibrationInTheLarge(bins), row.calibration_in_the_large_z, where);
  into.note("label_mean", calibration.meanLabel(bins), row.label_mean, where);
  into.note("score_mean", calibration.meanScore(bins), row.score_mean, where);
}

function compareRanking(into: Deviations, row: GoldenRow, rows: readonly sums.Scored[], edges: readonly number[]): void {
  const where = placeOf(row);
  const histogram = sums.scoreHistogram(rows, edges);
  const { area, standardError } = deLong(histogram, sums.limitsOf(edges));
  into.note("roc_auc", area, row.roc_auc, where);
  into.note("roc_auc_delong_se", standardError, row.roc_auc_delong_se, where);
  // Those are the area ± 1.96 standard errors, neither on the scale of the logit nor clipped.
  const plain = normalInterval(area, standardError, rows.length);
  const expected = row.roc_auc_delong_95 as readonly number[] | null;
  into.note("roc_auc_delong_95", plain.lower, expected?.[0], where);
  into.note("roc_auc_delong_95", plain.upper, expected?.[1], where);
  into.note("average_precision", averagePrecision(histogram, sums.limitsOf(edges)).value, row.average_precision, where);
}

export interface EstimatedRow {
  readonly start: string;
  readonly end: string;
  readonly predictions: number;
  readonly labelled: number;
  readonly estimated: Readonly<Record<string, number>>;
  readonly realized: Readonly<Record<string, number>>;
}

/** Estimates for windows of all predictions, calibrated on the labelled rows of the reference; and what labels then showed. */
export function compareEstimated(
  into: Deviations,
  golden: readonly EstimatedRow[],
  events: readonly Joined[],
  reference: readonly Joined[],
  edges: readonly number[],
): void {
  const map = calibrationMap(sums.scoreHistogram(scoredOf(reference.filter(({ label }) => label !== null)), edges));
  for (const row of golden) {
    const [from, to] = [Date.parse(row.start), Date.parse(row.end)];
    const rows = events.filter(({ predictedMillis }) => predictedMillis >= from && predictedMillis < to);
    const own = estimatedBinary(sums.predictionHistogram(rows, edges), map);
    into.note("counts", own.accuracy.samples, row.predictions, row.start);
    into.note("estimated roc_auc", own.rocAuc.value, row.estimated.roc_auc, row.start);
    const labelled = rows.filter(({ label }) => label !== null);
    const counts = sums.binaryCounts(labelled);
    const { area } = deLong(sums.scoreHistogram(scoredOf(labelled), edges), sums.limitsOf(edges));
    into.note("counts", labelled.length, row.labelled, row.start);
    into.note("realised roc_auc", area, row.realized.roc_auc, row.start);
    const realised = {
      f1: binary.f1(counts),
      accuracy: binary.accuracy(counts),
      precision: binary.precision(counts),
      recall: binary.recall(counts),
    };
    for (const key of ["f1", "accuracy", "precision", "recall"] as const) {
      into.note(`estimated ${key}`, own[key].value, row.estimated[key], row.start);
      into.note(`realised ${key}`, realised[key].value, row.realized[key], row.start);
    }
  }
}

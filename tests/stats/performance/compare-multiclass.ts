// Every metric of a classifier of several classes against numbers that other software computed.
import { calibrationError } from "../../../src/stats/performance/calibration.ts";
import type { Estimate } from "../../../src/stats/performance/estimate.ts";
import { amongHighest, logLoss } from "../../../src/stats/performance/losses.ts";
import { positiveMean } from "../../../src/stats/performance/moments.ts";
import * as multiclass from "../../../src/stats/performance/multiclass.ts";
import { proportion } from "../../../src/stats/performance/proportion.ts";
import { rocAuc } from "../../../src/stats/performance/roc-auc.ts";
import type { Deviations } from "./deviations.ts";
import { eventsOf, type GoldenRow, placeOf } from "./golden-rows.ts";
import type { Joined } from "./joined.ts";
import * as sums from "./sums-of-rows.ts";

const averaged: readonly (readonly [key: string, metric: (confusion: multiclass.Confusion) => Estimate])[] = [
  ["balanced_accuracy", multiclass.multiclassBalancedAccuracy],
  ["precision_macro", (matrix) => multiclass.averagedPrecision(matrix, "macro")],
  ["recall_macro", (matrix) => multiclass.averagedRecall(matrix, "macro")],
  ["f1_macro", (matrix) => multiclass.averagedF1(matrix, "macro")],
  ["precision_weighted", (matrix) => multiclass.averagedPrecision(matrix, "weighted")],
  ["recall_weighted", (matrix) => multiclass.averagedRecall(matrix, "weighted")],
  ["f1_weighted", (matrix) => multiclass.averagedF1(matrix, "weighted")],
];

/** A bin of one in a class of five is more of the area than bins can tell apart; the standard error there is above 0.02. */
const few = 100;

export function compareMulticlass(
  into: Deviations,
  golden: readonly GoldenRow[],
  events: readonly Joined[],
  reference: readonly Joined[],
  edges: (name: string) => readonly number[],
): void {
  for (const row of golden) {
    const rows = eventsOf(row, events, reference);
    compareMatrix(into, row, rows);
    compareScores(into, row, rows);
    compareAreas(into, row, rows, edges);
  }
}

function compareMatrix(into: Deviations, row: GoldenRow, rows: readonly Joined[]): void {
  const where = placeOf(row);
  const classes = row.classes ?? [];
  const places = rows.map(({ label, prediction }) => ({
    label: classes.indexOf(label as string),
    prediction: classes.indexOf(prediction as string),
  }));
  const matrix = sums.confusion(places, classes.length);
  into.note("counts", rows.length, row.samples, where);
  row.confusion_rows_are_labels?.flat().forEach((cell, index) => {
    into.note("counts", matrix.counts[index] as number, cell, where);
  });
  const right = multiclass.multiclassAccuracy(matrix);
  const limits = row.accuracy_wilson_95 as readonly number[];
  into.note("accuracy", right.value, row.accuracy, where);
  into.note("accuracy_wilson_95", right.lower, limits[0], where);
  into.note("accuracy_wilson_95", right.upper, limits[1], where);
  for (const [key, metric] of averaged) into.note(key, metric(matrix).value, row[key], where);
}

function compareScores(into: Deviations, row: GoldenRow, rows: readonly Joined[]): void {
  const where = placeOf(row);
  const classes = row.classes ?? [];
  const losses = rows.map(({ scores, label }) => logLoss(scores[label as string] as number));
  into.note("log_loss", positiveMean(sums.moments(losses)).value, row.log_loss, where);
  const near = rows.filter(({ scores, label }) => {
    const list = classes.map((name) => scores[name] as number);
    return amongHighest(list, classes.indexOf(label as string), 2);
  });
  into.note("top_2_accuracy", proportion(near.length, rows.length).value, row.top_2_accuracy, where);
  const scored = rows.map(({ scores, label, prediction }): sums.Scored => {
    return { score: Math.max(...Object.values(scores)), label: label === prediction ? 1 : 0 };
  });
  into.note("calibration_error_15", calibrationError(sums.calibrationSums(scored)).value, row.calibration_error_15, where);
}

function compareAreas(
  into: Deviations,
  row: GoldenRow,
  rows: readonly Joined[],
  edges: (name: string) => readonly number[],
): void {
  for (const name of row.classes ?? []) {
    const scored = rows.map(({ scores, label }): sums.Scored => {
      return { score: scores[name] as number, label: label === name ? 1 : 0 };
    });
    const own = rocAuc(sums.scoreHistogram(scored, edges(name)), sums.limitsOf(edges(name)));
    into.note(
      `roc_auc_one_vs_rest${rows.length < few ? ` below ${few} labels` : ""}`,
      own.value,
      row.roc_auc_one_vs_rest?.[name],
      `${placeOf(row)} ${name}`,
    );
  }
}

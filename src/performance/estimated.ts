// How well a model is doing before labels come: the scores of its predictions, and how often such scores were right in the reference.
import type { SumTable } from "../primitive/sum-table.ts";
import { withoutInterval } from "../stats/performance/estimate.ts";
import { calibrationMap, estimatedBinary } from "../stats/performance/estimated-binary.ts";
import { estimatedLoss } from "../stats/performance/estimated-loss.ts";
import { kishSize } from "../stats/performance/kish.ts";
import { cellCounts } from "./binary.ts";
import type { PairSettings } from "./labelled-pair.ts";
import { type LossGroups, lossGroups } from "./loss-cells.ts";
import type { Measured } from "./measured.ts";
import type { PerformancePane } from "./pane.ts";
import { confidencePart, lossPart, scoresPart } from "./part-names.ts";
import { confidentPredictions, predictedNumbers, scoredPredictions } from "./predicted.ts";

/** Labelled predictions that a reference needs for its scores to be calibrated by them. */
const leastReference = 500;

/**
 * Metrics of the predictions of a pane, as they would be if scores meant what they meant in the reference, or predictions of one size
 * were as wrong as there; none where one of them has no scores or numbers, or the reference too few labels. Segments are calibrated by
 * the reference of all traffic.
 */
export function* estimatedOf(pane: PerformancePane, reference: PerformancePane, settings: PairSettings): Iterable<Measured> {
  yield* estimatedDecisions(pane, reference, settings);
  yield* estimatedClasses(pane, reference);
  yield* estimatedErrors(pane, reference);
}

/** The mean error of numbers, if predictions of one size are as wrong as they were in the reference. */
function* estimatedErrors(pane: PerformancePane, reference: PerformancePane): Iterable<Measured> {
  const predictions = predictedNumbers(pane);
  const known = reference.get(lossPart);
  const groups = predictions.length === 0 || known === undefined ? null : groupsOf(known);
  if (groups === null) return;
  const counts = new Float64Array(groups.moments.length);
  for (const [cell, weight] of predictions) {
    const group = groups.groupOf(cell);
    counts[group] = (counts[group] as number) + weight;
  }
  yield { metric: "mae", ...estimatedLoss(groups.moments, counts) };
}

const grouped = new WeakMap<SumTable, LossGroups | null>();

/** Of a reference, which does not change. */
function groupsOf(part: SumTable): LossGroups | null {
  const known = grouped.get(part);
  if (known !== undefined) return known;
  const groups = lossGroups(part);
  grouped.set(part, groups);
  return groups;
}

function* estimatedDecisions(pane: PerformancePane, reference: PerformancePane, settings: PairSettings): Iterable<Measured> {
  const predictions = scoredPredictions(pane);
  const known = reference.get(scoresPart(settings));
  if (predictions === null || known === undefined) return;
  const { cells, positives, negatives, size } = calibration(known);
  if (size < leastReference) return;
  const placed = placing(cells, predictions.cells);
  const map = calibrationMap({ positives: placed(cells, positives), negatives: placed(cells, negatives) });
  const estimates = estimatedBinary(
    {
      counts: placed(predictions.cells, predictions.counts),
      predictedPositives: placed(predictions.cells, predictions.positives),
      weightSquares: predictions.weightSquares,
    },
    map,
  );
  yield { metric: "accuracy", ...estimates.accuracy };
  yield { metric: "precision", ...estimates.precision };
  yield { metric: "recall", ...estimates.recall };
  yield { metric: "f1", ...estimates.f1 };
  yield { metric: "false_positive_rate", ...estimates.falsePositiveRate };
  yield { metric: "roc_auc", ...estimates.rocAuc };
}

/**
 * The share of right predictions of several classes, from the score of the class that was decided for: how often decisions with such
 * a score were right in the reference.
 */
function* estimatedClasses(pane: PerformancePane, reference: PerformancePane): Iterable<Measured> {
  const predictions = confidentPredictions(pane);
  const known = reference.get(confidencePart);
  if (predictions === null || known === undefined) return;
  const { cells, positives, negatives, size } = calibration(known);
  if (size < leastReference) return;
  const placed = placing(cells, predictions.cells);
  const map = calibrationMap({ positives: placed(cells, positives), negatives: placed(cells, negatives) });
  const counts = placed(predictions.cells, predictions.counts);
  const right = counts.reduce((sum, count, at) => sum + count * (map[at] as number), 0);
  const all = counts.reduce((sum, count) => sum + count, 0);
  yield { metric: "accuracy", ...withoutInterval(right / all, kishSize(all, predictions.weightSquares)) };
}

/** Brings numbers by cell into one list of all cells that either has. */
function placing(one: readonly number[], other: readonly number[]) {
  const all = [...new Set([...one, ...other])].sort((a, b) => a - b);
  return (from: readonly number[], values: readonly number[]): Float64Array => {
    const byCell = new Map(from.map((cell, at) => [cell, values[at] as number]));
    return Float64Array.from(all, (cell) => byCell.get(cell) ?? 0);
  };
}

interface Calibration {
  readonly cells: readonly number[];
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
  /** Weight of all. */
  readonly size: number;
}

const calibrations = new WeakMap<SumTable, Calibration>();

/** Of a reference, which does not change. */
function calibration(part: SumTable): Calibration {
  let known = calibrations.get(part);
  if (known === undefined) {
    known = cellCounts(part);
    calibrations.set(part, known);
  }
  return known;
}

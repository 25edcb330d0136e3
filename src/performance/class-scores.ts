// Scores of a model of several classes: how probable it called what happened, whether its confidence is right, and how well each class
// is told from all others.
import { compareText } from "../primitive/dictionary.ts";
import { addExact, exactSum, exactWidth } from "../primitive/exact-sum.ts";
import type { SumTable } from "../primitive/sum-table.ts";
import { squaredWeight } from "../primitive/weight.ts";
import * as calibration from "../stats/performance/calibration.ts";
import { withoutInterval } from "../stats/performance/estimate.ts";
import { kishWorth } from "../stats/performance/kish.ts";
import { amongHighest, logLoss } from "../stats/performance/losses.ts";
import { positiveMean } from "../stats/performance/moments.ts";
import { proportion } from "../stats/performance/proportion.ts";
import { rocAuc } from "../stats/performance/roc-auc.ts";
import { addCalibrated, addCell, calibrationOf, scoreHistogramOf } from "./binary.ts";
import type { LabelledPair } from "./labelled-pair.ts";
import type { Layout } from "./layout.ts";
import type { Measured } from "./measured.ts";
import { type PerformancePane, partOf } from "./pane.ts";
import { classScoresPart, confidencePart, onePrefix } from "./part-names.ts";

/** Whether the label is among the k classes of highest score. */
const highest = [2, 3, 5] as const;
/** Classes that are told from all others each by itself. */
const mostClasses = 20;

const weightAt = 0;
const squaresAt = 1;
const amongAt = 8;
const logLossSum = 16;
const logLossSquares = logLossSum + exactWidth;

export const classScoreLayout: Layout = {
  amounts: {
    weight: weightAt,
    weight_squares: squaresAt,
    ...Object.fromEntries(highest.map((k) => [`among_first_${k}`, amongAt + k])),
  },
  exact: { log_loss: logLossSum, log_loss_squares: logLossSquares },
  lists: {},
};

/** Adds the scores of a prediction by class, and what its label was. */
export function addClassScores(pane: PerformancePane, { classes, scores, label, prediction, weight }: LabelledPair): void {
  const own = classes.indexOf(String(label));
  const part = partOf(pane, classScoresPart);
  part.add(weightAt, weight);
  part.add(squaresAt, squaredWeight(weight));
  const loss = logLoss(own === -1 ? 0 : (scores[own] as number));
  addExact(part, logLossSum, weight * loss);
  addExact(part, logLossSquares, weight * loss * loss);
  for (const k of highest) if (own !== -1 && amongHighest(scores, own, k)) part.add(amongAt + k, weight);
  const right = String(prediction) === String(label);
  addCalibrated(partOf(pane, confidencePart), Math.max(...Array.from(scores)), right, weight);
  for (let at = 0; at < Math.min(mostClasses, classes.length); at++) {
    addCell(partOf(pane, onePrefix + JSON.stringify([classes[at]])), scores[at] as number, at === own, weight);
  }
}

/** Metrics of all classes together. */
export function* classScoreMetrics(pane: PerformancePane): Iterable<Measured> {
  const part = pane.get(classScoresPart);
  const confidence = pane.get(confidencePart);
  if (part === undefined || confidence === undefined) return;
  const [count, weightSquares] = [part.at(weightAt), part.at(squaresAt)];
  const moments = { count, weightSquares, sum: exactSum(part, logLossSum), squares: exactSum(part, logLossSquares) };
  yield { metric: "log_loss", ...positiveMean(moments) };
  const parts = [...onesOf(pane)];
  for (const k of highest) {
    if (k >= parts.length) continue;
    yield { metric: `top_${k}_accuracy`, ...proportion(part.at(amongAt + k), count, kishWorth(count, weightSquares)) };
  }
  const sums = calibrationOf(confidence);
  yield { metric: "calibration_error", ...calibration.calibrationError(sums) };
  yield { metric: "calibration_error_squared_debiased", ...calibration.debiasedSquaredCalibrationError(sums) };
  const areas = parts.map(([, one]) => areaOf(one)).filter(({ value }) => !Number.isNaN(value));
  const mean = areas.reduce((sum, { value }) => sum + value, 0) / areas.length;
  yield { metric: "roc_auc_macro", ...withoutInterval(mean, areas[0]?.samples ?? 0) };
}

/** How well each class is told from all others. */
export function* oneVersusRest(pane: PerformancePane): Iterable<Measured & { readonly class: string }> {
  for (const [name, part] of onesOf(pane)) yield { metric: "roc_auc", class: name, ...areaOf(part) };
}

function areaOf(part: SumTable): ReturnType<typeof rocAuc> {
  const { histogram, limits } = scoreHistogramOf(part);
  return rocAuc(histogram, limits);
}

function onesOf(pane: PerformancePane): [name: string, part: SumTable][] {
  return [...pane]
    .filter(([name]) => name.startsWith(onePrefix))
    .map(([name, part]): [string, SumTable] => [(JSON.parse(name.slice(onePrefix.length)) as [string])[0], part])
    .sort(([one], [other]) => compareText(one, other));
}

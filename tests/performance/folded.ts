// A stream of predictions and outcomes as the product folds it, and its windows and cohorts beside numbers that other software
// computed from the same events: rows of performance.json and of join.json.
import { parseConfig } from "../../src/config/load.ts";
import { decoderFor } from "../../src/decode/index.ts";
import { paneMonitors } from "../../src/monitor/index.ts";
import { type PerformanceTotals, performance } from "../../src/monitor/performance.ts";
import { decisionsOf, scoreHistogramOf } from "../../src/performance/binary.ts";
import { confusionOf } from "../../src/performance/classes.ts";
import type { PairSettings } from "../../src/performance/labelled-pair.ts";
import type { Performance } from "../../src/performance/measured.ts";
import { performanceOf } from "../../src/performance/pairs.ts";
import type { PerformancePane } from "../../src/performance/pane.ts";
import { decisionsPart, scoresPart } from "../../src/performance/part-names.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { Fold } from "../../src/state/fold.ts";
import type { ModelState } from "../../src/state/model-state.ts";
import type { VersionState } from "../../src/state/version-state.ts";
import { windowAt } from "../../src/state/window-of.ts";
import { normalInterval } from "../../src/stats/performance/estimate.ts";
import { deLong } from "../../src/stats/performance/roc-auc.ts";
import { applyLines } from "../state/lines.ts";
import type { Deviations } from "../stats/performance/deviations.ts";
import { type GoldenRow, placeOf } from "../stats/performance/golden-rows.ts";

const day = 86_400_000;
/** Windows of golden rows; `all` fits into the longest, and cohorts are kept as long. */
const lengths: Readonly<Record<string, number>> = { "24h": day, "7d": 7 * day, all: 120 * day };
const index = paneMonitors.indexOf(performance as (typeof paneMonitors)[number]);

/** What golden names differ in. */
const names: Readonly<Record<string, string>> = {
  pr_auc: "average_precision",
  calibration_error: "calibration_error_15",
  calibration_in_the_large: "calibration_in_the_large_z",
};

/** One row of join.json. */
export interface JoinRow {
  readonly window: string;
  readonly start: string;
  readonly end: string;
  readonly predictions: number;
  readonly labelled: number;
}

export interface Folded {
  readonly fold: Fold;
  readonly settings: PairSettings;
  /** Of a golden row; null where it is of a segment or a time that there is nothing of. */
  paneOf(row: GoldenRow): PerformancePane | null;
}

/** @param lines of the events, in the order of time */
export function folded(lines: readonly string[], horizon: string, golden: readonly GoldenRow[]): Folded {
  const config = `source: {file: {paths: [none]}}\ndefaults: {windows: [24h, 7d, 120d], learn: 1d, outcomes: {horizon: ${horizon}}}`;
  const fold = new Fold(foldSettings(parseConfig(config, "test")));
  const log = fold.log("events", 0, 60_000);
  const panes = new Map<string, PerformancePane>();
  const wanted = golden.filter(({ by, window }) => by === "outcome_time" && window !== "all").sort((a, b) => endOf(a) - endOf(b));
  const takeThrough = (millis: number): void => {
    for (let row = wanted[0]; row !== undefined && endOf(row) <= millis; row = wanted[0]) {
      fold.closeThrough(endOf(row));
      take(fold, row, endOf(row), panes);
      wanted.shift();
    }
  };
  for (let from = 0; from < lines.length; from += 200) {
    applyLines(fold, log, decoderFor("native"), lines.slice(from, from + 200).map(withoutFeatures));
    takeThrough(fold.target);
    fold.advance();
  }
  const last = Math.ceil((fold.lastOpenEnd + 3 * day) / day) * day;
  takeThrough(last);
  fold.closeThrough(last);
  for (const row of golden) if (row.by === "outcome_time" && row.window === "all") take(fold, row, last, panes);
  const [, version] = onlyVersion(fold);
  const { cohorts } = version.paneTotals[index] as PerformanceTotals;
  return {
    fold,
    settings: fold.settings.defaults.performance?.pairs as PairSettings,
    paneOf(row) {
      if (row.by !== "prediction_time") return panes.get(placeOf(row)) ?? null;
      const end = row.window === "all" ? last : endOf(row);
      const ripe =
        cohorts.get(row.segment ?? "")?.ripe(lengths[row.window as string] as number, end, { mature: 0.5, ripeMillis: 0 }) ??
        null;
      return ripe?.endMillis === end || row.window === "all" ? (ripe?.pane ?? null) : null;
    },
  };
}

/** Features have no say in how well a model does, and cost most of the time. */
function withoutFeatures(line: string): string {
  return line === "" ? line : JSON.stringify({ ...(JSON.parse(line) as object), features: undefined });
}

function endOf(row: GoldenRow): number {
  return Date.parse(row.end as string);
}

function take(fold: Fold, row: GoldenRow, endMillis: number, panes: Map<string, PerformancePane>): void {
  const [model, version] = onlyVersion(fold);
  const segment = version.segments.get(row.segment ?? "");
  if (segment === undefined) return;
  const window = windowAt(model, version, segment, row.segment ?? "", lengths[row.window as string] as number, endMillis);
  panes.set(placeOf(row), window.panes[index] as PerformancePane);
}

function onlyVersion(fold: Fold): [ModelState, VersionState] {
  const found = [...fold.models.values()].flatMap((model) => {
    return [...model.versions.values()].map((version): [ModelState, VersionState] => [model, version]);
  });
  return found[0] as [ModelState, VersionState];
}

/** Notes every metric that both a pane and its row have. @returns how many */
export function noteMetrics(deviations: Deviations, row: GoldenRow, metrics: readonly Performance[]): number {
  let compared = 0;
  const labels = metrics.find(({ metric }) => metric === "accuracy")?.samples ?? 0;
  deviations.note("counts", labels, row.samples, placeOf(row));
  for (const one of metrics) {
    const key = names[one.metric] ?? one.metric;
    if (one.class !== "") {
      deviations.note("roc_auc_one_vs_rest", one.value, row.roc_auc_one_vs_rest?.[one.class], `${placeOf(row)} ${one.class}`);
    } else if (key in row) {
      compared += 1;
      deviations.note(key, one.value, row[key], placeOf(row));
      noteLimits(deviations, row, key, one);
    }
  }
  return compared;
}

/** How often each class was taken for each. */
export function noteCounts(deviations: Deviations, row: GoldenRow, pane: PerformancePane, settings: PairSettings): void {
  const part = pane.get(decisionsPart(settings));
  if (part !== undefined) {
    const counts = decisionsOf(part);
    const [tp, fp, tn, fn] = [counts.truePositives, counts.falsePositives, counts.trueNegatives, counts.falseNegatives];
    for (const [key, count] of Object.entries({ tp, fp, tn, fn })) deviations.note("counts", count, row[key], placeOf(row));
  }
  const { classes, confusion } = confusionOf(pane);
  const at = (label: string, prediction: string): number =>
    confusion.counts[classes.indexOf(label) * classes.length + classes.indexOf(prediction)] ?? 0;
  row.classes?.forEach((label, index) => {
    row.classes?.forEach((prediction, other) => {
      deviations.note("counts", at(label, prediction), row.confusion_rows_are_labels?.[index]?.[other], placeOf(row));
    });
  });
}

/** Those of the area under the curve are on the scale of the logit in the product; there they are not. */
export function noteDeLong(deviations: Deviations, row: GoldenRow, pane: PerformancePane, settings: PairSettings): void {
  const part = pane.get(scoresPart(settings));
  const expected = row.roc_auc_delong_95 as readonly number[] | null | undefined;
  if (part === undefined || expected === null || expected === undefined) return;
  const { histogram, limits } = scoreHistogramOf(part);
  const { area, standardError } = deLong(histogram, limits);
  const { lower, upper } = normalInterval(area, standardError, row.samples);
  deviations.note("roc_auc_delong_se", standardError, row.roc_auc_delong_se, placeOf(row));
  deviations.note("roc_auc_delong_95", lower, expected[0], placeOf(row));
  deviations.note("roc_auc_delong_95", upper, expected[1], placeOf(row));
}

/** Wilson's. */
function noteLimits(deviations: Deviations, row: GoldenRow, key: string, { lower, upper }: Performance): void {
  const limits = row[`${key}_wilson_95`] as readonly number[] | null | undefined;
  if (limits === null || limits === undefined) return;
  deviations.note(`${key}_wilson_95`, lower, limits[0], placeOf(row));
  deviations.note(`${key}_wilson_95`, upper, limits[1], placeOf(row));
}

/** Compares every row of a stream. @returns how many there were, and the fewest metrics of one that were compared */
export function compareStream(
  deviations: Deviations,
  stream: Folded,
  golden: readonly GoldenRow[],
): [rows: number, fewest: number] {
  let [rows, fewest] = [0, Number.POSITIVE_INFINITY];
  for (const row of golden) {
    if (row.by === "reference") continue;
    const pane = stream.paneOf(row);
    if (pane === null) {
      deviations.note("rows without a window", 1, 0, placeOf(row));
      continue;
    }
    rows += 1;
    noteCounts(deviations, row, pane, stream.settings);
    noteDeLong(deviations, row, pane, stream.settings);
    fewest = Math.min(fewest, noteMetrics(deviations, row, [...performanceOf(pane, stream.settings)]));
  }
  return [rows, fewest];
}

// Performance of two real streams, through join, panes, windows and cohorts, is what scikit-learn and statsmodels computed from their
// events: by the time of outcomes, and by that of predictions.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import { decoderFor } from "../../src/decode/index.ts";
import { paneMonitors } from "../../src/monitor/index.ts";
import { type PerformanceTotals, performance } from "../../src/monitor/performance.ts";
import type { PairSettings } from "../../src/performance/labelled-pair.ts";
import type { Performance } from "../../src/performance/measured.ts";
import { performanceOf } from "../../src/performance/pairs.ts";
import type { PerformancePane } from "../../src/performance/pane.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { Fold } from "../../src/state/fold.ts";
import type { ModelState } from "../../src/state/model-state.ts";
import type { VersionState } from "../../src/state/version-state.ts";
import { windowAt } from "../../src/state/window-of.ts";
import { applyLines } from "../state/lines.ts";
import { Deviations } from "../stats/performance/deviations.ts";
import { type GoldenRow, placeOf } from "../stats/performance/golden-rows.ts";

const day = 86_400_000;
const lengths: Readonly<Record<string, number>> = { "24h": day, "7d": 7 * day };
const index = paneMonitors.indexOf(performance as (typeof paneMonitors)[number]);

/** What golden names differ in. */
const names: Readonly<Record<string, string>> = {
  pr_auc: "average_precision",
  calibration_error: "calibration_error_15",
  calibration_in_the_large: "calibration_in_the_large_z",
};

const endOf = (row: GoldenRow): number => Date.parse(row.end as string);

interface Folded {
  readonly golden: readonly GoldenRow[];
  readonly settings: PairSettings;
  /** Panes of windows by the place of the golden row that they are of. */
  readonly panes: ReadonlyMap<string, PerformancePane>;
  readonly cohorts: PerformanceTotals["cohorts"];
}

/** @param last when all is closed: two days after the last predictions */
function folded(name: string, horizon: string, last: string): Folded {
  const folder = new URL(`../data/${name}/`, import.meta.url);
  const unzipped = (file: string): string => gunzipSync(readFileSync(new URL(file, folder))).toString("utf8");
  const golden = (JSON.parse(unzipped("performance.json.gz")) as { rows: GoldenRow[] }).rows;
  const lines = unzipped("events.jsonl.gz").split("\n");
  const config = `source: {file: {paths: [none]}}\ndefaults: {windows: [24h, 7d], learn: 1d, outcomes: {horizon: ${horizon}}}`;
  const fold = new Fold(foldSettings(parseConfig(config, "test")));
  const panes = new Map<string, PerformancePane>();
  const take = (row: GoldenRow): void => {
    const [model, version] = onlyVersion(fold);
    const segment = version.segments.get(row.segment ?? "");
    if (segment === undefined) return;
    const window = windowAt(model, version, segment, row.segment ?? "", lengths[row.window as string] as number, endOf(row));
    panes.set(placeOf(row), window.panes[index] as PerformancePane);
  };
  const wanted = golden.filter(({ by, window }) => by === "outcome_time" && window !== "all").sort((a, b) => endOf(a) - endOf(b));
  const log = fold.log("events", 0, 60_000);
  for (let from = 0; from < lines.length; from += 200) {
    applyLines(fold, log, decoderFor("native"), lines.slice(from, from + 200));
    while (wanted[0] !== undefined && endOf(wanted[0]) <= fold.target) {
      fold.closeThrough(endOf(wanted[0]));
      take(wanted.shift() as GoldenRow);
    }
    fold.advance();
  }
  for (const row of wanted) {
    fold.closeThrough(endOf(row));
    take(row);
  }
  fold.closeThrough(Date.parse(last));
  const [, version] = onlyVersion(fold);
  const settings = fold.settings.defaults.performance?.pairs as PairSettings;
  return { golden, settings, panes, cohorts: (version.paneTotals[index] as PerformanceTotals).cohorts };
}

function onlyVersion(fold: Fold): [ModelState, VersionState] {
  const found = [...fold.models.values()].flatMap((model) =>
    [...model.versions.values()].map((version) => [model, version] as const),
  );
  return found[0] as [ModelState, VersionState];
}

/** Notes every metric that both have. @returns how many */
function note(deviations: Deviations, row: GoldenRow, metrics: Iterable<Performance>): number {
  let compared = 0;
  for (const { metric, value, lower, upper, class: name, samples } of metrics) {
    const key = names[metric] ?? metric;
    if (name !== "") {
      const few = samples < 100 ? " below 100 labels" : "";
      deviations.note(`roc_auc_one_vs_rest${few}`, value, row.roc_auc_one_vs_rest?.[name], `${placeOf(row)} ${name}`);
    }
    if (name !== "" || !(key in row)) continue;
    compared += 1;
    deviations.note(key, value, row[key], placeOf(row));
    const limits = row[`${key}_wilson_95`] as readonly number[] | null | undefined;
    if (limits === null || limits === undefined) continue;
    deviations.note(`${key}_wilson_95`, lower, limits[0], placeOf(row));
    deviations.note(`${key}_wilson_95`, upper, limits[1], placeOf(row));
  }
  return compared;
}

/** Compares windows by outcomes, and by predictions those whose cohorts are still there. */
function compare({ golden, settings, panes, cohorts }: Folded, from: string, leastMetrics: number): Deviations {
  const deviations = new Deviations();
  let rows = 0;
  for (const row of golden) {
    const pane = panes.get(placeOf(row)) ?? ripePane(row, cohorts, from);
    if (pane === null) continue;
    const metrics = [...performanceOf(pane, settings)];
    deviations.note("counts", metrics.find(({ metric }) => metric === "accuracy")?.samples ?? 0, row.samples, placeOf(row));
    expect(note(deviations, row, metrics), placeOf(row)).toBeGreaterThanOrEqual(leastMetrics);
    rows += 1;
  }
  expect(rows).toBeGreaterThan(4);
  return deviations;
}

function ripePane(row: GoldenRow, cohorts: Folded["cohorts"], from: string): PerformancePane | null {
  if (row.by !== "prediction_time" || row.window === "all" || Date.parse(row.start as string) < Date.parse(from)) return null;
  const ripe = cohorts.get(row.segment ?? "")?.ripe(lengths[row.window as string] as number, endOf(row), 0.5) ?? null;
  expect(ripe?.endMillis, placeOf(row)).toBe(endOf(row));
  return ripe?.pane ?? null;
}

test("of the flights, two classes", () => {
  const flights = folded("flights-q2", "2d", "2013-07-04T00:00:00Z");
  // Cohorts are kept for the horizon and the longest window.
  const deviations = compare(flights, "2013-06-24", 14);
  expect(flights.panes.size).toBeGreaterThan(20);
  expect(deviations.missed(), deviations.lines().join("\n")).toEqual([]);
});

test("of the segments, six classes with their scores", () => {
  const deviations = compare(folded("segments", "3h", "2026-01-06T12:00:00Z"), "2025-12-31", 11);
  expect(deviations.missed(), deviations.lines().join("\n")).toEqual([]);
  expect(deviations.compared()).toContain("log_loss");
  expect(deviations.compared()).toContain("roc_auc_one_vs_rest");
});

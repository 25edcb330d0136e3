// Performance of a real stream, through join, panes, windows and cohorts, is what scikit-learn and statsmodels computed from its
// events: by the time of outcomes, and by that of predictions.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
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
import type { VersionState } from "../../src/state/version-state.ts";
import { windowAt } from "../../src/state/window-of.ts";
import { applyLines } from "../state/lines.ts";
import { Deviations } from "../stats/performance/deviations.ts";
import { type GoldenRow, placeOf } from "../stats/performance/golden-rows.ts";

const day = 86_400_000;
const lengths: Readonly<Record<string, number>> = { "24h": day, "7d": 7 * day };
const folder = new URL("../data/flights-q2/", import.meta.url);
const unzipped = (name: string): string => gunzipSync(readFileSync(new URL(name, folder))).toString("utf8");
const golden = (JSON.parse(unzipped("performance.json.gz")) as { rows: GoldenRow[] }).rows;
const lines = unzipped("events.jsonl.gz").split("\n");
const index = paneMonitors.indexOf(performance as (typeof paneMonitors)[number]);

/** What golden names differ in. */
const names: Readonly<Record<string, string>> = {
  pr_auc: "average_precision",
  calibration_error: "calibration_error_15",
  calibration_in_the_large: "calibration_in_the_large_z",
};

/** Panes by the place of the golden row that they are of. */
const panes = new Map<string, PerformancePane>();
let fold: Fold;
let settings: PairSettings;

const endOf = (row: GoldenRow): number => Date.parse(row.end as string);

beforeAll(() => {
  const config = "source: {file: {paths: [none]}}\ndefaults: {windows: [24h, 7d], learn: 1d, outcomes: {horizon: 2d}}";
  fold = new Fold(foldSettings(parseConfig(config, "test")));
  settings = fold.settings.defaults.performance?.pairs as PairSettings;
  const log = fold.log("events", 0, 60_000);
  const byOutcome = golden
    .filter(({ by, window }) => by === "outcome_time" && window !== "all")
    .sort((a, b) => endOf(a) - endOf(b));
  for (let from = 0; from < lines.length; from += 200) {
    applyLines(fold, log, decoderFor("native"), lines.slice(from, from + 200));
    while (byOutcome[0] !== undefined && endOf(byOutcome[0]) <= fold.target) {
      fold.closeThrough(endOf(byOutcome[0]));
      take(byOutcome.shift() as GoldenRow);
    }
    fold.advance();
  }
  for (const row of byOutcome) {
    fold.closeThrough(endOf(row));
    take(row);
  }
  fold.closeThrough(Date.parse("2013-07-04T00:00:00Z"));
}, 120_000);

function take(row: GoldenRow): void {
  const model = [...fold.models.values()].find(({ versions }) => versions.size > 0);
  const version = model?.versions.values().next().value;
  const name = row.segment ?? "";
  const segment = version?.segments.get(name);
  if (model === undefined || version === undefined || segment === undefined) return;
  const window = windowAt(model, version, segment, name, lengths[row.window as string] as number, endOf(row));
  panes.set(placeOf(row), window.panes[index] as PerformancePane);
}

/** Notes every metric that both have. @returns how many */
function note(deviations: Deviations, row: GoldenRow, metrics: Iterable<Performance>): number {
  let compared = 0;
  for (const { metric, value, lower, upper } of metrics) {
    const key = names[metric] ?? metric;
    if (!(key in row)) continue;
    compared += 1;
    deviations.note(key, value, row[key], placeOf(row));
    const limits = row[`${key}_wilson_95`] as readonly number[] | null | undefined;
    if (limits === null || limits === undefined) continue;
    deviations.note(`${key}_wilson_95`, lower, limits[0], placeOf(row));
    deviations.note(`${key}_wilson_95`, upper, limits[1], placeOf(row));
  }
  return compared;
}

describe("of the flights", () => {
  test("by the time of outcomes", () => {
    const rows = golden.filter((row) => panes.has(placeOf(row)));
    expect(rows.length).toBeGreaterThan(20);
    const deviations = new Deviations();
    for (const row of rows) {
      const metrics = [...performanceOf(panes.get(placeOf(row)) as PerformancePane, settings)];
      deviations.note("counts", metrics[0]?.samples ?? 0, row.samples, placeOf(row));
      expect(note(deviations, row, metrics), placeOf(row)).toBeGreaterThanOrEqual(14);
    }
    expect(deviations.missed(), deviations.lines().join("\n")).toEqual([]);
  });

  test("by the time of predictions, of days and weeks whose labels have come", () => {
    const version = [...fold.models.values()].flatMap((model) => [...model.versions.values()])[0] as VersionState;
    const { cohorts } = version.paneTotals[index] as PerformanceTotals;
    const rows = golden.filter(({ by, window, start }) => {
      return by === "prediction_time" && window !== "all" && Date.parse(start ?? "") >= Date.parse("2013-06-24");
    });
    const deviations = new Deviations();
    for (const row of rows) {
      const ripe = cohorts.get(row.segment ?? "")?.ripe(lengths[row.window as string] as number, endOf(row), 0.5);
      expect(ripe?.endMillis, placeOf(row)).toBe(endOf(row));
      const metrics = [...performanceOf(ripe?.pane as PerformancePane, settings)];
      deviations.note("counts", metrics[0]?.samples ?? 0, row.samples, placeOf(row));
      expect(note(deviations, row, metrics), placeOf(row)).toBeGreaterThanOrEqual(14);
    }
    expect(rows.length).toBeGreaterThan(2);
    expect(deviations.missed(), deviations.lines().join("\n")).toEqual([]);
  });
});

// Performance without labels, through reference, join, panes, windows and cohorts: what NannyML computed from the same events where
// there is something to compare with, right where scores mean what they meant, and with a word on how wrong where they do not.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { random } from "../../bench/events.ts";
import { parseConfig } from "../../src/config/load.ts";
import { decoderFor } from "../../src/decode/index.ts";
import { paneMonitors } from "../../src/monitor/index.ts";
import { type PerformanceTotals, performance } from "../../src/monitor/performance.ts";
import type { PerformanceMemory } from "../../src/monitor/performance-memory.ts";
import { type PerformanceWindow, performanceOfWindow, type WindowPerformance } from "../../src/monitor/window-performance.ts";
import type { PerformancePane } from "../../src/performance/pane.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import type { Reference } from "../../src/reference/reference.ts";
import { Fold } from "../../src/state/fold.ts";
import { windowAt, windowOf } from "../../src/state/window-of.ts";
import { built, type Row } from "../reference/built.ts";
import { applyLines } from "../state/lines.ts";
import { Deviations } from "../stats/performance/deviations.ts";

const day = 86_400_000;
const week = 7 * day;
const index = paneMonitors.indexOf(performance as (typeof paneMonitors)[number]);

function foldWith(reference: Reference, model: string): Fold {
  const text = `
source: {file: {paths: [none]}}
defaults: {windows: [7d], outcomes: {horizon: 2d}}
models: {${model}: {reference: R.json}}`;
  return new Fold(foldSettings(parseConfig(text, "test"), new Map([["R.json", reference]])));
}

/** What is said of the week that ends at a time. */
function weekOf(fold: Fold, name: string, endMillis: number): WindowPerformance {
  const model = fold.models.get(name);
  const version = model?.versions.values().next().value;
  if (model === undefined || version === undefined) throw new Error("nothing was folded");
  const window = windowOf(windowAt(model, version, version.all, "", week, endMillis), index);
  return performanceOfWindow(
    window as PerformanceWindow & { closed: PerformancePane; totals: PerformanceTotals },
    model.memories[index] as PerformanceMemory,
  ) as WindowPerformance;
}

/** Folds lines in the order of time and looks at each week when it is over. */
function weeks(fold: Fold, name: string, lines: readonly string[], ends: readonly number[]): WindowPerformance[] {
  const log = fold.log("events", 0, 60_000);
  const said: WindowPerformance[] = [];
  for (let from = 0; from < lines.length; from += 500) {
    applyLines(fold, log, decoderFor("native"), lines.slice(from, from + 500));
    for (let end = ends[said.length]; end !== undefined && end <= fold.target; end = ends[said.length]) {
      fold.closeThrough(end);
      said.push(weekOf(fold, name, end));
    }
  }
  for (const end of ends.slice(said.length)) {
    fold.closeThrough(end);
    said.push(weekOf(fold, name, end));
  }
  return said;
}

describe("of the flights", () => {
  const folder = new URL("../data/flights-q2/", import.meta.url);
  const unzipped = (name: string): string[] =>
    gunzipSync(readFileSync(new URL(name, folder)))
      .toString("utf8")
      .split("\n")
      .filter((line) => line !== "");
  interface GoldenWeek {
    readonly end: string;
    readonly predictions: number;
    readonly estimated: Readonly<Record<string, number>>;
    readonly realized: Readonly<Record<string, number>>;
  }
  const golden = (JSON.parse(readFileSync(new URL("cbpe.json", folder), "utf8")) as { rows: GoldenWeek[] }).rows;
  const ends = golden.map(({ end }) => Date.parse(end));
  let said: WindowPerformance[] = [];
  let after: WindowPerformance;

  beforeAll(async () => {
    const rows = unzipped("reference-scores.jsonl.gz").map((line) => ({ ...(JSON.parse(line) as Row), model: "flights" }));
    const { reference } = await built(rows, { options: { model: "flights" } });
    // Features have no part in it, and take most of the time.
    const lines = unzipped("events.jsonl.gz").map((line) => JSON.stringify({ ...JSON.parse(line), features: undefined }));
    const fold = foldWith(reference, "flights");
    said = weeks(fold, "flights", lines, ends);
    const end = (ends.at(-1) as number) + 3 * day;
    fold.closeThrough(end);
    after = weekOf(fold, "flights", end);
  }, 300_000);

  test("every week's estimates are those of NannyML", () => {
    const deviations = new Deviations();
    for (const [week, { end, estimated, predictions }] of golden.entries()) {
      const own = new Map(said[week]?.estimated.map((one) => [one.metric, one]));
      for (const [metric, value] of Object.entries(estimated)) {
        deviations.note(`estimated ${metric}`, own.get(metric)?.value ?? Number.NaN, value, end);
      }
      deviations.note("counts", own.get("roc_auc")?.samples ?? Number.NaN, predictions, end);
    }
    expect(deviations.compared()).toHaveLength(6);
    expect(deviations.missed(), deviations.lines().join("\n")).toEqual([]);
  });

  test("the gap is what estimates of weeks gone by were wrong by", () => {
    // Labels of the last week have not had two days to come until after it.
    expect(after.gaps.size).toBe(6);
    expect(said[0]?.gaps.size).toBe(0);
    for (const metric of ["roc_auc", "f1", "accuracy", "precision", "recall"]) {
      const wrong = golden.map(({ estimated, realized }) => (estimated[metric] ?? 0) - (realized[metric] ?? 0));
      const square = wrong.reduce((sum, gap) => sum + gap ** 2, 0) / wrong.length;
      expect(Math.abs((after.gaps.get(metric) ?? 0) - Math.sqrt(square)), metric).toBeLessThan(0.003);
    }
    expect(after.gaps.get("roc_auc")).toBeGreaterThan(0.025);
    expect(after.gaps.get("roc_auc")).toBeLessThan(0.04);
  });
});

describe("where only the mix of cases shifts", () => {
  const start = Date.parse("2026-01-01T00:00:00Z");
  const hour = 3_600_000;
  const anHour = 48;
  const next = random(5);
  /** Scores are not probabilities, but mean the same at all times. */
  const draw = (hardness: number) => {
    const score = Number((next() ** hardness).toFixed(6));
    return { score, prediction: score > 0.5 ? 1 : 0, label: next() < 0.05 + 0.7 * score ** 2 ? 1 : 0 };
  };
  /** Exponents of the scores of each week: the greater, the more of them are low. */
  const mixes = [1, 1.5, 2.2, 3];

  test("estimates follow it, and the gap is below 0.01", async () => {
    const rows = Array.from({ length: 40_000 }, () => ({ ...draw(1.2), model: "m" }));
    const { reference } = await built(rows);
    const lines = mixes.flatMap((hardness, index) =>
      Array.from({ length: 168 * anHour }, (_, at) => {
        const { label, ...prediction } = draw(hardness);
        const [time, id] = [start + index * week + Math.floor(at / anHour) * hour, `${index} ${at}`];
        return [
          { time, line: JSON.stringify({ type: "prediction", model: "m", version: "1", id, time, ...prediction }) },
          { time: time + 2 * hour, line: JSON.stringify({ type: "outcome", model: "m", id, time: time + 2 * hour, label }) },
        ];
      }).flat(),
    );
    const sorted = lines.sort((one, other) => one.time - other.time).map(({ line }) => line);
    const ends = [...mixes.map((_, index) => start + (index + 1) * week), start + mixes.length * week + 3 * day];
    const said = weeks(foldWith(reference, "m"), "m", sorted, ends);
    const { gaps } = said.at(-1) as WindowPerformance;
    expect([...gaps.keys()]).toEqual(["accuracy", "precision", "recall", "f1", "false_positive_rate", "roc_auc"]);
    expect(gaps.get("roc_auc")).toBeLessThan(0.01);
    expect(gaps.get("accuracy")).toBeLessThan(0.01);
    const estimated = said.map(({ estimated }) => estimated.find(({ metric }) => metric === "precision")?.value ?? 0);
    // It has something to follow.
    expect(Math.max(...estimated) - Math.min(...estimated)).toBeGreaterThan(0.02);
  }, 300_000);
});

// Performance of two real streams, through join, panes, windows and cohorts, is what scikit-learn and statsmodels computed from their
// events: by the time of outcomes, and by that of predictions. (`scripts/compare-performance.ts` compares all rows; the rows here are
// weeks, the whole and every seventh day.)
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { Deviations } from "../stats/performance/deviations.ts";
import type { GoldenRow } from "../stats/performance/golden-rows.ts";
import { compareStream, folded } from "./folded.ts";

function compared(name: string, horizon: string): { deviations: Deviations; rows: number; fewest: number } {
  const unzipped = (file: string): string =>
    gunzipSync(readFileSync(new URL(`../data/${name}/${file}`, import.meta.url))).toString("utf8");
  const golden = (JSON.parse(unzipped("performance.json.gz")) as { rows: GoldenRow[] }).rows;
  const deviations = new Deviations();
  const stream = folded(unzipped("events.jsonl.gz").split("\n"), horizon, golden);
  const [rows, fewest] = compareStream(deviations, stream, golden);
  expect(rows).toBe(golden.filter(({ by }) => by !== "reference").length);
  return { deviations, rows, fewest };
}

test("of the flights, two classes", () => {
  const { deviations, rows, fewest } = compared("flights-q2", "2d");
  expect(deviations.missed(), deviations.lines().join("\n")).toEqual([]);
  expect(rows).toBeGreaterThan(100);
  expect(fewest).toBeGreaterThanOrEqual(14);
});

test("of the segments, six classes with their scores", () => {
  const { deviations, fewest } = compared("segments", "3h");
  expect(deviations.missed(), deviations.lines().join("\n")).toEqual([]);
  expect(deviations.compared()).toEqual(expect.arrayContaining(["log_loss", "top_2_accuracy", "roc_auc_one_vs_rest"]));
  expect(fewest).toBeGreaterThanOrEqual(11);
});

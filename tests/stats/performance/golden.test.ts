// Metrics of two real streams, from sums, are those that scikit-learn, statsmodels and NannyML computed from all events.
// (`scripts/compare-performance.ts` compares all windows; the rows here are its reference, weeks, the whole and every seventh day.)
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { scoreEdges } from "../../../src/stats/performance/score-edges.ts";
import { compareBinary, compareEstimated, type EstimatedRow } from "./compare-binary.ts";
import { compareMulticlass } from "./compare-multiclass.ts";
import { Deviations } from "./deviations.ts";
import type { GoldenRow } from "./golden-rows.ts";
import { joinEvents, referenceRows } from "./joined.ts";

const scoreBins = 100;

function folder(name: string) {
  const path = (file: string): URL => new URL(`../../data/${name}/${file}`, import.meta.url);
  const text = (file: string): string => gunzipSync(readFileSync(path(file))).toString("utf8");
  return {
    path,
    events: joinEvents(text("events.jsonl.gz")),
    reference: referenceRows(text("reference-scores.jsonl.gz")),
    golden: (JSON.parse(text("performance.json.gz")) as { rows: GoldenRow[] }).rows,
  };
}

describe("flights-q2, binary", () => {
  const { path, events, reference, golden } = folder("flights-q2");
  const edges = scoreEdges(
    reference.map(({ score }) => score),
    scoreBins,
  );

  test("every metric of every row keeps its bar", () => {
    const deviations = new Deviations();
    compareBinary(deviations, golden, events, reference, edges);
    expect(deviations.missed(), deviations.lines().join("\n")).toEqual([]);
    expect(deviations.compared()).toHaveLength(22);
    expect(golden.length).toBeGreaterThan(100);
  });

  test("estimates without labels are those of an estimate from all scores", () => {
    const rows = (JSON.parse(readFileSync(path("cbpe.json"), "utf8")) as { rows: EstimatedRow[] }).rows;
    const deviations = new Deviations();
    compareEstimated(deviations, rows, events, reference, edges);
    expect(deviations.missed(), deviations.lines().join("\n")).toEqual([]);
    expect(deviations.compared()).toHaveLength(11);
  });
});

describe("segments, six classes", () => {
  const { events, reference, golden } = folder("segments");

  test("every metric of every row keeps its bar", () => {
    const deviations = new Deviations();
    const edges = (name: string): number[] =>
      scoreEdges(
        reference.map(({ scores }) => scores[name] as number),
        scoreBins,
      );
    compareMulticlass(deviations, golden, events, reference, edges);
    expect(deviations.missed(), deviations.lines().join("\n")).toEqual([]);
    expect(deviations.compared()).toHaveLength(15);
  });
});

// What is said of rankings from single items: nothing that takes the items of a request for independent.
import { expect, test } from "vitest";
import type { PairSettings } from "../../src/performance/labelled-pair.ts";
import type { Performance } from "../../src/performance/measured.ts";
import { addPair, performanceOf } from "../../src/performance/pairs.ts";
import type { PerformancePane } from "../../src/performance/pane.ts";
import { pairOf } from "./plain-pair.ts";

const items = 1000;
const every = 8;

function metricsOf(task: string): Performance[] {
  const settings: PairSettings = { task, positive: null, thresholds: [], percentageFloor: 0 };
  const pane: PerformancePane = new Map();
  for (let item = 0; item < items; item++) {
    const score = (item % 100) / 100;
    addPair(pane, pairOf({ score, label: item % every === 0 ? 1 : 0 }), settings);
  }
  return [...performanceOf(pane, settings)];
}

test("no metric of a ranking's items has an interval, those of independent predictions have", () => {
  const withInterval = (task: string): string[] => metricsOf(task).flatMap(({ metric, lower }) => (lower >= 0 ? [metric] : []));
  expect(withInterval("ranking")).toEqual([]);
  expect(withInterval("binary")).toEqual(expect.arrayContaining(["accuracy", "roc_auc", "brier"]));
});

test("rankings have the metrics of two classes, with the same values", () => {
  const values = (task: string): Map<string, number> => new Map(metricsOf(task).map(({ metric, value }) => [metric, value]));
  expect(values("ranking")).toEqual(values("binary"));
  expect(values("ranking").get("label_mean")).toBe(1 / every);
});

// What pairs of predictions and labels are taken for, and that their sums depend on no order.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { performanceMetrics } from "../../src/config/schema/objectives.ts";
import { decisionOf, kindOfPair, type LabelledPair, type PairSettings } from "../../src/performance/labelled-pair.ts";
import { OpenPairs } from "../../src/performance/open-pairs.ts";
import { addPair, foldNames, performanceOf, unusablePairs } from "../../src/performance/pairs.ts";
import { mergePanes, type PerformancePane, packPane, performanceMonoid } from "../../src/performance/pane.ts";
import { addRequest } from "../../src/performance/requests.ts";
import { quantisedWeight } from "../../src/primitive/weight.ts";
import { pairOf } from "./plain-pair.ts";

const plain: PairSettings = { task: "", positive: null, thresholds: [], percentageFloor: 0 };

function paneOf(pairs: readonly LabelledPair[], settings = plain): PerformancePane {
  const pane: PerformancePane = new Map();
  for (const one of pairs) addPair(pane, one, settings);
  return pane;
}

function metricOf(
  pane: PerformancePane,
  metric: string,
  settings = plain,
  at: { threshold?: string; horizon?: string } = {},
): number {
  const { threshold = "", horizon = "" } = at;
  const found = [...performanceOf(pane, settings)].filter((one) => one.metric === metric);
  return found.find((one) => one.threshold === threshold && one.horizon === horizon)?.value ?? Number.NaN;
}

const drawn = fc
  .record({
    weight: fc.double({ min: 0.01, max: 100, noNaN: true }).map(quantisedWeight),
    score: fc.oneof(fc.constant(Number.NaN), fc.double({ min: 0, max: 1, noNaN: true })),
    prediction: fc.oneof(fc.constantFrom(null, "a", "b", "true", 0, 1), fc.double({ noNaN: true, min: -1e6, max: 1e6 })),
    label: fc.oneof(fc.constantFrom(null, "a", "b", "false", 0, 1), fc.double({ noNaN: true, min: -1e6, max: 1e6 })),
    horizon: fc.constantFrom("", "1h", "2h"),
  })
  .map(pairOf);

const sixClasses = {
  prediction: "a",
  classes: ["a", "b", "c", "d", "e", "f"],
  scores: [0.4, 0.25, 0.15, 0.1, 0.06, 0.04],
};
const requests: PerformancePane = new Map();
addRequest(requests, { gains: 1, items: 3, weight: 1 });

describe("pairs of an open minute", () => {
  const settings = fc.constantFrom(
    plain,
    { ...plain, task: "binary", thresholds: [0.3, 0.7] },
    { ...plain, task: "binary", positive: "a", thresholds: [0.5] },
  );
  const likely = fc.record({
    score: fc.oneof(fc.constantFrom(0, 1, 0.5, 2 ** -60), fc.double({ min: 0, max: 1, noNaN: true })),
    label: fc.constantFrom<number | string>(0, 1, "true", "a", "b"),
    prediction: fc.constantFrom(null, 0, 1, "a"),
  });

  test("make the same bytes as if each was added by itself, whenever they are asked for", () => {
    const pairs = fc.array(fc.oneof({ weight: 4, arbitrary: likely.map(pairOf) }, { weight: 1, arbitrary: drawn }), {
      maxLength: 700,
    });
    const property = fc.property(pairs, settings, settings, fc.nat(), (all, one, other, at) => {
      const open = new OpenPairs();
      const single: PerformancePane = new Map();
      for (const [index, pair] of all.entries()) {
        const under = index < at % (all.length + 1) ? one : other;
        open.add(pair, under);
        addPair(single, pair, under);
        if (index % 97 === 0) expect(packPane(open.pane)).toEqual(packPane(single));
      }
      expect(packPane(open.pane)).toEqual(packPane(single));
    });
    fc.assert(property, { numRuns: 60 });
  });
});

describe("a pair", () => {
  test.each([
    ["a score and a label of two classes", pairOf({ score: 0.3, label: 1 }), "binary"],
    ["true and false", pairOf({ score: 0.3, label: "false" }), "binary"],
    ["numbers", pairOf({ prediction: 3, label: 2.5 }), "errors"],
    ["classes", pairOf({ prediction: "cat", label: "dog" }), "classes"],
    ["a score, and a label that is neither", pairOf({ score: 0.3, label: "dog" }), null],
    ["no label", pairOf({ score: 0.3, prediction: 1 }), null],
    ["nothing that was predicted", pairOf({ label: 1 }), null],
  ])("of %s", (_, one, kind) => {
    expect(kindOfPair(one, plain)).toBe(kind);
  });

  test("is what the task says", () => {
    const numbers = pairOf({ score: 0.9, prediction: 1, label: 0 });
    expect(["binary", "regression", "forecast", "multiclass"].map((task) => kindOfPair(numbers, { ...plain, task }))).toEqual([
      "binary",
      "errors",
      "errors",
      "classes",
    ]);
    expect(kindOfPair(pairOf({ prediction: "maybe", label: 1 }), { ...plain, task: "binary" })).toBeNull();
    expect(kindOfPair(pairOf({ prediction: 1, label: 1 }), { ...plain, task: "binary" })).toBe("binary");
  });

  test("with a positive class that has a name", () => {
    const settings = { ...plain, positive: "fraud" };
    const pane = paneOf([pairOf({ score: 0.9, label: "fraud" }), pairOf({ score: 0.8, label: "fine" })], settings);
    expect(metricOf(pane, "precision", settings)).toBe(0.5);
  });

  test("is decided by the configured threshold, else by the prediction, else at 0.5", () => {
    const both = { score: 0.4, prediction: 1 };
    expect(decisionOf(both, plain)).toBe(true);
    expect(decisionOf(both, { ...plain, thresholds: [0.5] })).toBe(false);
    expect(decisionOf({ score: 0.5, prediction: null }, plain)).toBe(true);
    expect(decisionOf({ score: Number.NaN, prediction: 1 }, { ...plain, thresholds: [0.5] })).toBe(true);
  });

  test("that says nothing is counted", () => {
    expect(unusablePairs(paneOf([pairOf({ label: 1 }), pairOf({ score: 0.2 }), pairOf({ score: 0.2, label: 1 })]))).toBe(2);
  });
});

describe("a pane", () => {
  test("has metrics at each threshold", () => {
    const settings = { ...plain, thresholds: [0.5, 0.8] };
    const pane = paneOf(
      [0.9, 0.6, 0.4].map((score) => pairOf({ score, label: 1 })),
      settings,
    );
    expect(metricOf(pane, "recall", settings)).toBeCloseTo(2 / 3, 12);
    expect(metricOf(pane, "recall", settings, { threshold: "0.8" })).toBeCloseTo(1 / 3, 12);
  });

  test("has errors by horizon, and of all horizons", () => {
    const pane = paneOf([
      pairOf({ prediction: 3, label: 1, horizon: "1h" }),
      pairOf({ prediction: 3, label: 2, horizon: "2h" }),
      pairOf({ prediction: 3, label: 0 }),
    ]);
    expect(metricOf(pane, "mae")).toBe(2);
    expect(metricOf(pane, "mae", plain, { horizon: "1h" })).toBe(2);
    expect(metricOf(pane, "mae", plain, { horizon: "2h" })).toBe(1);
    // Of a label of 0 there is no percentage: it is counted.
    expect(metricOf(pane, "mape")).toBeCloseTo((2 + 0.5) / 2, 12);
    expect(metricOf(pane, "mape_floored_ratio")).toBeCloseTo(1 / 3, 12);
    const floored = { ...plain, percentageFloor: 2 };
    expect(metricOf(paneOf([pairOf({ prediction: 3, label: 1 })], floored), "mape", floored)).toBe(1);
  });

  test("puts classes and horizons together that were not admitted", () => {
    const pane = paneOf([
      pairOf({ prediction: "a", label: "a" }),
      pairOf({ prediction: "b", label: "a" }),
      pairOf({ prediction: "c", label: "b" }),
      pairOf({ prediction: 1, label: 2, horizon: "9h" }),
    ]);
    foldNames(pane, new Set(["a"]), new Set());
    expect(metricOf(pane, "accuracy")).toBeCloseTo(2 / 3, 12);
    expect(metricOf(pane, "mae", plain, { horizon: "__other__" })).toBe(1);
  });

  test("is the same bytes in any order and however it is split, and loses what is taken away", () => {
    fc.assert(
      fc.property(fc.array(drawn, { maxLength: 60 }), fc.nat(60), (pairs, at) => {
        const whole = packPane(paneOf(pairs));
        const parts = paneOf(pairs.slice(at).reverse());
        mergePanes(parts, paneOf(pairs.slice(0, at)));
        expect(packPane(parts)).toEqual(whole);
        performanceMonoid.combine(parts, packPane(paneOf(pairs.slice(0, at))), -1);
        expect(packPane(parts)).toEqual(packPane(paneOf(pairs.slice(at))));
      }),
    );
  });

  test("has what scores of several classes say", () => {
    const pane = paneOf([pairOf({ ...sixClasses, label: "b" }), pairOf({ ...sixClasses, label: "d" })]);
    expect(metricOf(pane, "log_loss")).toBeCloseTo(-(Math.log(0.25) + Math.log(0.1)) / 2, 12);
    expect(metricOf(pane, "top_2_accuracy")).toBe(0.5);
    expect(metricOf(pane, "top_5_accuracy")).toBe(1);
    // Confidence 0.4 of two decisions that are wrong.
    expect(metricOf(pane, "calibration_error")).toBeCloseTo(0.4, 12);
    expect(metricOf(pane, "accuracy")).toBe(0);
  });

  test("has what requests are worth", () => {
    const pane: PerformancePane = new Map();
    addRequest(pane, { gains: 0b101, items: 5, weight: 1 });
    addRequest(pane, { gains: 0, items: 5, weight: 1 });
    addRequest(pane, { gains: 0b10, items: 4, weight: 1 });
    expect(metricOf(pane, "ctr")).toBeCloseTo((2 / 5 + 0 + 1 / 4) / 3, 12);
    expect(metricOf(pane, "mrr")).toBeCloseTo((1 + 0 + 1 / 2) / 3, 12);
    expect(metricOf(pane, "hit_rate")).toBeCloseTo(2 / 3, 12);
    // Of a list without a click there is no best order.
    const first = (1 + 1 / Math.log2(4)) / (1 + 1 / Math.log2(3));
    expect(metricOf(pane, "ndcg")).toBeCloseTo((first + 1 / Math.log2(3)) / 2, 12);
  });

  test("has metrics of the names that an objective can have, and no others", () => {
    const all = [
      ...performanceOf(
        paneOf([pairOf({ score: 0.61, label: 1 }), pairOf({ score: 0.62, label: 0 }), pairOf({ score: 0.1, label: 0 })]),
        plain,
      ),
      ...performanceOf(paneOf([pairOf({ prediction: "a", label: "b" })]), plain),
      ...performanceOf(paneOf([pairOf({ prediction: 1, label: 2 })]), plain),
      ...performanceOf(paneOf([pairOf({ ...sixClasses, label: "a" }), pairOf({ ...sixClasses, label: "b" })]), plain),
      ...performanceOf(requests, plain),
    ];
    expect(new Set(all.map(({ metric }) => metric))).toEqual(new Set(performanceMetrics));
  });
});

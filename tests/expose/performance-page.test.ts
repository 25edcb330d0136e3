// How well a model does, on its page and in the table of models: what is said, and why nothing is.
import { describe, expect, test } from "vitest";
import { modelPage } from "../../src/expose/model-page.ts";
import type { MetricView, PerformanceView, PerformanceWindowView } from "../../src/expose/performance-view.ts";
import { hostileNames } from "./hostile-names.ts";
import { readMarkup } from "./markup.ts";
import { exampleModel, now } from "./status-example.ts";

const minute = 60_000;

function metric(name: string, more: Partial<MetricView> = {}): MetricView {
  const plain = { at: [], value: 0.91, lower: 0.89, upper: 0.93, samples: 1200, reference: 0.94 };
  return { metric: name, ...plain, ...more };
}

function window(more: Partial<PerformanceWindowView> = {}): PerformanceWindowView {
  return {
    window: "1h",
    endMillis: now - minute,
    coverage: 0.35,
    labels: 1234,
    labelsNeeded: 30,
    metrics: [metric("roc_auc"), metric("brier", { value: 0.04, lower: null, upper: null, reference: null })],
    cohort: { state: "unripe", mature: 0.8, endMillis: null, coverage: null, metrics: [] },
    estimated: [],
    ...more,
  };
}

function performance(windows: readonly PerformanceWindowView[], more: Partial<PerformanceView["labels"]> = {}): PerformanceView {
  const labels = { labelled: 5000, absent: 0, expired: 0, unusable: 0, pending: 70, halfWithinSeconds: 900, ...more };
  return { labels, windows };
}

/** What the page says, on one line. */
function said(view: PerformanceView | null): string {
  return readMarkup(modelPage(exampleModel("fraud", { performance: view }))).text.replaceAll(/\s+/g, " ");
}

test("where outcomes are not joined there is no such section", () => {
  expect(said(null)).not.toContain("Performance");
});

test("labels: how many predictions have one, how long they take, and what waits", () => {
  const text = said(performance([window()], { absent: 12, expired: 1, unusable: 3 }));
  expect(text).toContain(
    "Predictions that have a label: 35 % of 1h; half of the outcomes come within 15 min; 70 predictions wait for one",
  );
  expect(text).toContain(
    "12 labels as no outcome came in time; 1 prediction had no outcome in time; 3 labels could not be used.",
  );
});

test("a metric has its interval, its labels and what it was in the reference; those that are not there are not invented", () => {
  const page = modelPage(exampleModel("fraud", { performance: performance([window()]) }));
  expect(page).toContain("<th>roc_auc<td>0.91<td>0.89 to 0.93<td>1,200<td>0.94");
  expect(page).toContain("<th>brier<td>0.04<td>–<td>1,200<td>–");
});

test("thresholds and horizons are named, and names from outside are only text", () => {
  for (const horizon of hostileNames) {
    const metrics = [
      metric("mae"),
      metric("mae", { at: [{ name: "horizon", value: horizon }] }),
      metric("recall", { at: [{ name: "threshold", value: "0.8" }] }),
    ];
    const page = modelPage(exampleModel("fraud", { performance: performance([window({ metrics })]) }));
    expect(readMarkup(page).text).toContain("recall, threshold 0.8");
  }
});

describe("why there is nothing is said", () => {
  test("where no label came", () => {
    const none = { labelled: 0, halfWithinSeconds: null };
    expect(said(performance([], none))).toContain("No labels so far: 70 predictions wait for one.");
    expect(said(performance([], { ...none, pending: 0 }))).toContain("No labels so far: no prediction waits for one.");
  });

  test("where there are too few", () => {
    expect(said(performance([window({ labels: 12, metrics: [] })]))).toContain("12 labels came in 1h: 30 are needed.");
  });

  test("where no predictions have most of theirs", () => {
    expect(said(performance([window()]))).toContain("No 1h of predictions has 80 % of its labels.");
    const short = { state: "short", mature: 0.8, endMillis: null, coverage: null, metrics: [] } as const;
    expect(said(performance([window({ window: "5m", cohort: short })]))).toContain(
      "5m is too short to be judged by when predictions",
    );
  });
});

test("the newest predictions with labels: until when, and how many of them have one", () => {
  const cohort = {
    state: "ripe",
    mature: 0.8,
    endMillis: now - 60 * minute,
    coverage: 0.97,
    metrics: [metric("recall")],
  } as const;
  const text = said(performance([window({ cohort })]));
  expect(text).toMatch(/The newest predictions with labels: 1h to 2026-03-01 11:00:00 UTC, 60 min ago; 97 % have one\./);
  expect(text).toContain("By when predictions were made, 1h");
});

test("estimates say how far they were off, or that this is not known", () => {
  const estimated = [
    { metric: "accuracy", value: 0.9, gap: 0.02 },
    { metric: "recall", value: 0.5, gap: null },
  ];
  const page = modelPage(exampleModel("fraud", { performance: performance([window({ estimated })]) }));
  expect(page).toContain("<th>accuracy<td>0.9<td>0.02");
  expect(page).toContain("<th>recall<td>0.5<td>not known yet");
});

test("a page stays bounded, however many horizons there are", () => {
  const metrics = Array.from({ length: 20_000 }, (_, index) =>
    metric("mae", { at: [{ name: "horizon", value: `step ${index}` }] }),
  );
  const page = modelPage(exampleModel("fraud", { performance: performance([window(), window({ metrics })]) }));
  expect(Buffer.byteLength(page)).toBeLessThan(1_000_000);
  expect(readMarkup(page).text).toContain("1 more are in the JSON");
});

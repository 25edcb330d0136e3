// Views for tests of pages: an exporter in good health, and a model with features of every kind.
import type { BinView, FeatureView, FeatureWindow, ModelView, VersionView } from "../../src/expose/model-view.ts";
import type { LogView, ModelSummary, RejectionView, StatusView, VersionSummary } from "../../src/expose/status-view.ts";

export const now = Date.parse("2026-03-01T12:00:00Z");
const minute = 60_000;

export function exampleVersion(version = "1", more: Partial<VersionSummary> = {}): VersionSummary {
  return {
    version,
    predictions: 123_456,
    errors: 12,
    firstMillis: now - 3 * 86_400_000,
    lastMillis: now - 4000,
    window: { window: "1h", endMillis: now - minute, stale: false, predictions: 3600, errors: 1, perSecond: 1 },
    quality: { features: 0, worst: [] },
    drifting: null,
    headline: null,
    ...more,
  };
}

export function exampleSummary(name: string, more: Partial<VersionSummary> = {}): ModelSummary {
  return { name, versions: [exampleVersion("1", more)] };
}

export function exampleLog(partition: number, more: Partial<LogView> = {}): LogView {
  return {
    topic: "predictions",
    partition,
    unreadRecords: 0,
    paused: false,
    holdsFrontier: partition === 0,
    notWaitedFor: false,
    latestMillis: now - 4000,
    ...more,
  };
}

export function exampleRejection(more: Partial<RejectionView> = {}): RejectionView {
  const example = { partition: 0, offset: 4711, detail: "not valid JSON" };
  return { topic: "predictions", reason: "bad_json", count: 3, example, ...more };
}

export function exampleStatus(more: Partial<StatusView> = {}): StatusView {
  return {
    nowMillis: now,
    exporter: {
      version: "1.2.3",
      startedMillis: now - 86_400_000,
      ready: true,
      waitingFor: [],
      source: { up: true, problems: [], leftBehind: 0 },
      snapshot: { savedMillis: now - 10_000, everyMillis: 30_000, errors: 0 },
    },
    configuration: {
      path: "exporter.yml",
      loadedMillis: now - 86_400_000,
      takesEffectMillis: null,
      error: null,
      failedMillis: null,
    },
    frontier: { endMillis: now - minute, openPanes: 2 },
    topics: [{ topic: "predictions", events: 123_456, late: [{ name: "log", count: 0 }], gapRecords: 0 }],
    logs: [exampleLog(0), exampleLog(1)],
    rejections: [],
    limits: [{ limit: "series", used: 100, allowed: 50_000, turnedAway: 0 }],
    models: [exampleSummary("fraud")],
    ...more,
  };
}

/** @param reference shares of the reference; without it none is known */
export function numberBins(edges: readonly number[], counts: readonly number[], reference: readonly number[] = []): BinView[] {
  return counts.map((count, index) => {
    const upper = edges[index] ?? null;
    const name = upper === null ? "+Inf" : String(upper);
    return { name, lower: edges[index - 1] ?? null, upper, count, reference: reference[index] ?? null };
  });
}

export function exampleWindow(more: Partial<FeatureWindow> = {}): FeatureWindow {
  return {
    window: "1h",
    endMillis: now - minute,
    samples: 90,
    states: [
      { name: "ok", count: 90 },
      { name: "missing", count: 0 },
      { name: "null", count: 10 },
    ],
    mean: 2.5,
    standardDeviation: 1.5,
    quantiles: [
      { q: 0.05, value: 0.5 },
      { q: 0.5, value: 2.5 },
    ],
    distinct: null,
    bins: numberBins([1, 2, 3, 4], [10, 20, 30, 20, 10]),
    drift: null,
    ...more,
  };
}

export function exampleFeature(name: string, more: Partial<FeatureView> = {}): FeatureView {
  return { name, output: false, type: "numeric", learning: false, windows: [exampleWindow()], ...more };
}

/** @param reference the share of each category in the reference; without it none is known */
export function categoricalFeature(name: string, categories: readonly string[], reference: number | null = null): FeatureView {
  const bins = categories.map((category, index): BinView => {
    return { name: category, lower: null, upper: null, count: 10 + index, reference };
  });
  const samples = bins.reduce((sum, bin) => sum + bin.count, 0);
  const window = { bins, samples, distinct: categories.length, mean: null, standardDeviation: null, quantiles: [] };
  return exampleFeature(name, { type: "categorical", windows: [exampleWindow(window)] });
}

export function exampleModel(name: string, more: Partial<VersionView> = {}): ModelView {
  const features = [
    exampleFeature("$score", { output: true }),
    exampleFeature("amount"),
    categoricalFeature("country", ["DE", "FR", "__other__", "__unseen__"]),
    exampleFeature("new", { type: "undecided", windows: [] }),
  ];
  const version: VersionView = {
    ...exampleVersion(),
    notices: [],
    reference: null,
    alarm: null,
    performance: null,
    causes: [],
    features,
    ...more,
  };
  return { nowMillis: now, name, versions: [version] };
}

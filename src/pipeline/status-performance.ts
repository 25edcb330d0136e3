// How well a version does as people look at it: the same numbers as on /metrics, and why there are none.
import { formatDuration } from "../config/duration.ts";
import type {
  CohortView,
  EstimateView,
  HeadlineView,
  LabelsView,
  MetricPlace,
  MetricView,
  PerformanceView,
  PerformanceWindowView,
} from "../expose/performance-view.ts";
import type { PerformanceMemory } from "../monitor/performance-memory.ts";
import {
  leastLabels,
  type PerformanceWindow,
  performanceOfWindow,
  type WindowPerformance,
} from "../monitor/window-performance.ts";
import type { Performance } from "../performance/measured.ts";
import { labelledWeight, performanceOf } from "../performance/pairs.ts";
import type { Fold } from "../state/fold.ts";
import { delayBoundsSeconds, type JoinVersion } from "../state/join-model.ts";
import type { ModelState } from "../state/model-state.ts";
import type { VersionState } from "../state/version-state.ts";
import { performanceMemoryOf, performanceTotalsOf } from "./of-performance.ts";
import { finiteOrNull } from "./status-features.ts";

/** What is looked at first of a model, whichever of these it has. */
const headlines = ["ctr", "roc_auc", "accuracy", "mae"];

type References = ReadonlyMap<string, number>;

/** Null where outcomes of the model are not joined. @param windows of all traffic that are not withheld, the shortest first */
export function performanceView(
  fold: Fold,
  model: ModelState,
  version: VersionState,
  windows: readonly PerformanceWindow[],
): PerformanceView | null {
  const memory = performanceMemoryOf(model);
  if (memory.settings.performance === null) return null;
  const joined = fold.join.models.get(model.name);
  const own = joined?.versions.get(version.version);
  const references = referencesOf(memory);
  return {
    labels: labelsView(own, joined?.waiting ?? 0, performanceTotalsOf(version).unusable),
    windows: windows.flatMap((window) => {
      const said = performanceOfWindow(window, memory);
      const coverage = own === undefined ? null : finiteOrNull(own.cohorts.ratio(window.windowMillis, fold.frontierMillis));
      return said === null ? [] : [windowView(window, said, coverage, references, memory)];
    }),
  };
}

/** In the shortest window that has a number; null where there is none. */
export function headlineView(memory: PerformanceMemory, windows: readonly PerformanceWindow[]): HeadlineView | null {
  for (const window of windows) {
    const metrics = performanceOfWindow(window, memory)?.byOutcome.filter((one) => placesOf(one).length === 0) ?? [];
    for (const metric of headlines) {
      const found = metrics.find((one) => one.metric === metric);
      if (found === undefined) continue;
      return { metric, value: found.value, window: formatDuration(window.windowMillis), samples: found.samples };
    }
  }
  return null;
}

function labelsView(own: JoinVersion | undefined, pending: number, unusable: number): LabelsView {
  if (own === undefined) return { labelled: 0, absent: 0, expired: 0, unusable, pending, halfWithinSeconds: null };
  const { joined, absent, expired } = own;
  return { labelled: joined + absent, absent, expired, unusable, pending, halfWithinSeconds: halfWithin(own) };
}

function halfWithin({ delays }: JoinVersion): number | null {
  const all = delays.counts.reduce((sum, count) => sum + count, 0);
  if (all === 0) return null;
  let reached = 0;
  const median = delays.counts.findIndex((count) => {
    reached += count;
    return reached >= all / 2;
  });
  return delayBoundsSeconds[median] ?? null;
}

function windowView(
  { windowMillis, endMillis, closed, segment, totals }: PerformanceWindow,
  said: WindowPerformance,
  coverage: number | null,
  references: References,
  memory: PerformanceMemory,
): PerformanceWindowView {
  const makes = totals.cohorts.get(segment)?.makes(windowMillis) ?? true;
  return {
    window: formatDuration(windowMillis),
    endMillis,
    coverage,
    labels: labelledWeight(closed),
    labelsNeeded: leastLabels,
    metrics: said.byOutcome.map((one) => metricView(one, references)),
    cohort: cohortView(said.byPrediction, makes, references, memory),
    estimated: said.estimated.map(({ metric, value }): EstimateView => {
      return { metric, value, gap: finiteOrNull(said.gaps.get(metric)?.typical) };
    }),
  };
}

function cohortView(
  ripe: WindowPerformance["byPrediction"],
  makes: boolean,
  references: References,
  { settings }: PerformanceMemory,
): CohortView {
  const mature = settings.performance?.mature ?? 1;
  if (ripe === null) return { state: makes ? "unripe" : "short", mature, endMillis: null, coverage: null, metrics: [] };
  const { endMillis, coverage, metrics } = ripe;
  return { state: "ripe", mature, endMillis, coverage, metrics: metrics.map((one) => metricView(one, references)) };
}

function metricView(one: Performance, references: References): MetricView {
  const { metric, value, lower, upper, samples } = one;
  const [low, high] = [finiteOrNull(lower), finiteOrNull(upper)];
  return { metric, at: placesOf(one), value, lower: low, upper: high, samples, reference: references.get(keyOf(one)) ?? null };
}

/** What a metric is taken at: the labels that are not empty. */
function placesOf({ metric: _, value, lower, upper, samples, ...labels }: Performance): MetricPlace[] {
  return Object.entries(labels).flatMap(([name, at]) => (at === "" ? [] : [{ name, value: at }]));
}

/** What the model's reference says, by metric and what it is taken at. */
function referencesOf({ reference, settings }: PerformanceMemory): References {
  if (reference === null || settings.performance === null) return new Map();
  const known = [...performanceOf(reference, settings.performance.pairs)].filter(({ value }) => !Number.isNaN(value));
  return new Map(known.map((one) => [keyOf(one), one.value]));
}

function keyOf(one: Performance): string {
  return JSON.stringify([one.metric, placesOf(one)]);
}

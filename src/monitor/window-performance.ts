// What is said of a window's performance: by outcomes that came in it, by the newest predictions that have labels, and by estimates
// of those that have none yet. Computed once for a window: a scrape finds it done.
import { decisionsOf } from "../performance/binary.ts";
import { cellWeight, matrixCells } from "../performance/classes.ts";
import { estimatedOf } from "../performance/estimated.ts";
import type { PairSettings } from "../performance/labelled-pair.ts";
import type { Measured, Performance } from "../performance/measured.ts";
import { performanceOf } from "../performance/pairs.ts";
import type { PerformancePane } from "../performance/pane.ts";
import { decisionsPart } from "../performance/part-names.ts";
import type { BinaryCounts } from "../stats/performance/binary.ts";
import type { WindowOf } from "./monitor.ts";
import type { PerformanceTotals } from "./performance.ts";
import type { Cohorts } from "./performance-cohorts.ts";
import type { PerformanceMemory } from "./performance-memory.ts";
import type { Gaps } from "./performance-trust.ts";

/** Below so many labels a metric is not shown: its value says more about chance than about the model. */
export const leastLabels = 30;

export type PerformanceWindow = WindowOf<PerformancePane, PerformanceTotals>;

/** Labels of one class that were predicted as another, or the same: the sum of their weights. */
export interface ConfusionCount {
  readonly label: string;
  readonly prediction: string;
  readonly weight: number;
}

export interface WindowPerformance {
  readonly byOutcome: readonly Performance[];
  /** How often each class was taken for each; none where nobody asked. */
  readonly confusion: readonly ConfusionCount[];
  /** Null where no cohort is ripe. */
  readonly byPrediction: {
    readonly endMillis: number;
    readonly coverage: number;
    readonly metrics: readonly Performance[];
  } | null;
  readonly estimated: readonly Measured[];
  /** By metric: how far estimates of windows gone by were from what came of them. */
  readonly gaps: ReadonlyMap<string, Gaps>;
}

interface Computed {
  readonly revision: number;
  readonly reference: PerformancePane | null;
  readonly said: WindowPerformance;
}

const computed = new WeakMap<PerformancePane, Computed>();

/** Null where the model's outcomes are not joined. */
export function performanceOfWindow(window: PerformanceWindow, memory: PerformanceMemory): WindowPerformance | null {
  const { performance } = memory.settings;
  if (performance === null) return null;
  const cohorts = window.totals.cohorts.get(window.segment) ?? null;
  const { trust } = window.totals;
  const revision = (cohorts?.revision ?? 0) + trust.revision;
  const { reference } = memory;
  const known = computed.get(window.closed);
  if (known !== undefined && known.revision === revision && known.reference === reference) return known.said;
  const said = {
    byOutcome: shown(performanceOf(window.closed, performance.pairs)),
    confusion: performance.confusion ? confusionCounts(window.closed, performance.pairs) : [],
    byPrediction: ripeOf(window, cohorts, memory),
    estimated: reference === null ? [] : shown(estimatedOf(window.closed, reference, performance.pairs)),
    gaps: window.segment === "" ? trust.gaps(window.windowMillis) : new Map<string, Gaps>(),
  };
  computed.set(window.closed, { revision, reference, said });
  return said;
}

function confusionCounts(pane: PerformancePane, pairs: PairSettings): ConfusionCount[] {
  const decisions = pane.get(decisionsPart(pairs));
  if (decisions !== undefined) return decisionCounts(decisionsOf(decisions));
  return [...matrixCells(pane)].map(([{ label, prediction }, part]) => ({ label, prediction, weight: cellWeight(part) }));
}

/** Of two classes, which are called by what they are and not by their labels. */
function decisionCounts({ truePositives, falsePositives, trueNegatives, falseNegatives }: BinaryCounts): ConfusionCount[] {
  return [
    { label: "positive", prediction: "positive", weight: truePositives },
    { label: "negative", prediction: "positive", weight: falsePositives },
    { label: "negative", prediction: "negative", weight: trueNegatives },
    { label: "positive", prediction: "negative", weight: falseNegatives },
  ];
}

export function* preparePerformance(window: PerformanceWindow, memory: PerformanceMemory): Iterable<void> {
  performanceOfWindow(window, memory);
  yield;
}

function shown<One extends Measured>(metrics: Iterable<One>): One[] {
  return [...metrics].filter(({ value, samples }) => samples >= leastLabels && !Number.isNaN(value));
}

function ripeOf(
  window: PerformanceWindow,
  cohorts: Cohorts | null,
  memory: PerformanceMemory,
): WindowPerformance["byPrediction"] {
  const { performance } = memory.settings;
  const ripe = performance === null ? null : cohorts?.ripe(window.windowMillis, window.endMillis, performance);
  if (performance === null || ripe === null || ripe === undefined) return null;
  const { endMillis, coverage, pane } = ripe;
  return { endMillis, coverage, metrics: shown(performanceOf(pane, performance.pairs)) };
}

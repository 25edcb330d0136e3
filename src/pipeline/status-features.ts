// A version's features and outputs as people look at them: what its windows say, in the numbers that the monitor reports.

import { formatDuration } from "../config/duration.ts";
import { isOutput } from "../event/schema.ts";
import type { FeatureView, FeatureWindow, QuantileView } from "../expose/model-view.ts";
import type { QualityProblem, QualityView } from "../expose/status-view.ts";
import type { FeatureKnowledge } from "../monitor/feature-knowledge.ts";
import type { FeatureMemory } from "../monitor/feature-memory.ts";
import { type ClosedFeature, type ClosedFeatures, unseenOf } from "../monitor/feature-pane.ts";
import { quantiles, samplesOf, states, valuesByState } from "../monitor/feature-samples.ts";
import type { FeatureTotals } from "../monitor/feature-totals.ts";
import { features } from "../monitor/features.ts";
import type { WindowOf } from "../monitor/monitor.ts";
import { compareText } from "../primitive/dictionary.ts";
import { shownBins } from "./status-bins.ts";
import { driftView, referenceShares } from "./status-drift.ts";

/** What one window holds of all features. */
export type ClosedWindow = WindowOf<ClosedFeatures, FeatureTotals>;

/** Problems named on the overview: the rest is on the model's page. */
const mostProblems = 5;

/** Judges the values of a window by their states: no distribution is looked at. */
export function qualityOf(closed: ClosedFeatures, memory: FeatureMemory): QualityView {
  const problems: QualityProblem[] = [];
  let faulty = 0;
  for (const [name, part] of closed.features) {
    const feature = memory.features.get(name);
    if (feature === undefined || feature.type === "undecided") continue;
    const found = problemsOf(feature, part);
    if (found.length > 0) faulty += 1;
    problems.push(...found);
  }
  problems.sort((a, b) => b.share - a.share || compareText(a.feature, b.feature));
  return { features: faulty, worst: problems.slice(0, mostProblems) };
}

function problemsOf(feature: FeatureKnowledge, part: ClosedFeature): QualityProblem[] {
  const counts = countsByState(feature, part);
  const expected = counts.reduce((sum, count) => sum + count, 0);
  return states.flatMap((state, index) => {
    const count = counts[index] ?? 0;
    return state === "ok" || count === 0 ? [] : [{ feature: feature.name, state, count, share: count / expected }];
  });
}

function countsByState(feature: FeatureKnowledge, part: ClosedFeature): number[] {
  return valuesByState(feature, part.kinds, unseenOf(part));
}

/** @param windows the shortest first */
export function featureViews(windows: readonly ClosedWindow[], memory: FeatureMemory): FeatureView[] {
  const numbers = windows.map((window) => numbersOf(window, memory));
  const names = new Set(windows.flatMap(({ closed }) => [...closed.features.keys()]));
  const views = [...names].flatMap((name): FeatureView[] => {
    const feature = memory.features.get(name);
    if (feature === undefined) return [];
    const shown = windows.flatMap((window, index): FeatureWindow[] => {
      const part = window.closed.features.get(name);
      if (part === undefined || feature.type === "undecided") return [];
      return [windowView(feature, part, window, numbers[index]?.get(name) ?? new Map(), memory)];
    });
    const { type, bins, categories } = feature;
    const learning = bins === null && categories === null;
    return [{ name, output: isOutput(name), type, learning, windows: shown }];
  });
  return views.sort((a, b) => Number(b.output) - Number(a.output) || compareText(a.name, b.name));
}

/** By feature and metric: as the monitor reports them. */
function numbersOf(window: ClosedWindow, memory: FeatureMemory): Map<string, Map<string, number>> {
  const result = new Map<string, Map<string, number>>();
  for (const row of features.rows(window, memory)) {
    if (!("metric" in row)) continue;
    const numbers = result.get(row.feature) ?? new Map<string, number>();
    numbers.set(row.metric, row.value);
    result.set(row.feature, numbers);
  }
  return result;
}

function windowView(
  feature: FeatureKnowledge,
  part: ClosedFeature,
  window: ClosedWindow,
  numbers: ReadonlyMap<string, number>,
  memory: FeatureMemory,
): FeatureWindow {
  const { windowMillis, endMillis } = window;
  const expected = referenceShares(feature.name, window, memory);
  const counts = countsByState(feature, part);
  const known = (metric: string): number | null => finiteOrNull(numbers.get(metric));
  return {
    window: formatDuration(windowMillis),
    endMillis,
    samples: samplesOf(feature, part.kinds),
    states: states.map((name, index) => ({ name, count: counts[index] ?? 0 })),
    mean: known("mean"),
    standardDeviation: known("standard_deviation"),
    quantiles: quantiles.flatMap((q): QuantileView[] => {
      const value = known(`quantile_${q}`);
      return value === null ? [] : [{ q, value }];
    }),
    distinct: known("distinct_values"),
    bins: shownBins(feature, part).map((bin, index) => ({ ...bin, reference: expected?.[index] ?? null })),
    drift: driftView(feature.name, window, memory),
  };
}

/** NaN and infinities mean that there is no number. */
export function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

// The samples of features and outputs in a window: what their distribution looks like.

import { isOutput } from "../event/schema.ts";
import { kind } from "../event/value.ts";
import type { Family, Page, Series } from "../expose/sample.ts";
import { createSeries } from "../expose/series.ts";
import type { BinCounts } from "../primitive/bin-counts.ts";
import { categoryBins } from "../primitive/categories.ts";
import { NumberSketch } from "../primitive/sketch.ts";
import { sketchGroups } from "../primitive/sketch-groups.ts";
import { type Group, groupedQuantiles, type Moments, pooledMoments } from "../stats/groups.ts";
import { DriftingSeries, DriftSeries, driftFamilies, driftSeriesCount } from "./drift-samples.ts";
import { alarmTest } from "./feature-drift.ts";
import type { FeatureKnowledge } from "./feature-knowledge.ts";
import type { FeatureMemory } from "./feature-memory.ts";
import { binCounts, type ClosedFeature, type ClosedFeatures } from "./feature-pane.ts";
import type { ModelSettings, Subject, WindowWriter } from "./monitor.ts";
import { changeOf, mostCauses } from "./root-cause.ts";
import { RootCauseSeries, rootCauseFamilies } from "./root-cause-samples.ts";
import { windowDriftOf } from "./window-drift.ts";

const windowLabels = ["model", "version", "segment", "feature", "window"] as const;
const samples: Family = {
  name: "ml_window_samples",
  help: "Values in the window that the mean, the quantiles and the counts by bin are made of.",
  type: "gauge",
  labels: windowLabels,
};
const mean: Family = { name: "ml_window_mean", help: "Mean in the window.", type: "gauge", labels: windowLabels };
const deviation: Family = {
  name: "ml_window_standard_deviation",
  help: "Standard deviation in the window, of the population.",
  type: "gauge",
  labels: windowLabels,
};
const quantile: Family = {
  name: "ml_window_quantile",
  help: "Quantile q in the window, interpolated inside of a bin.",
  type: "gauge",
  labels: [...windowLabels, "q"],
};
const distinct: Family = {
  name: "ml_window_distinct_values",
  help: "Different categories in the window (HyperLogLog, standard error 2.3 %).",
  type: "gauge",
  labels: windowLabels,
};
const observations: Family = {
  name: "ml_window_observations",
  help: "Values in the window by bin, each counted with the weight of its event; a numeric bin is named by its upper bound, which belongs to it.",
  type: "gauge",
  labels: [...windowLabels, "bin"],
};

export const featureFamilies: readonly Family[] = [
  samples,
  mean,
  deviation,
  quantile,
  distinct,
  observations,
  ...driftFamilies,
  ...rootCauseFamilies,
];

export const quantiles = [0.05, 0.5, 0.95, 0.99] as const;

export const states = ["ok", "missing", "null", "nan", "infinite", "wrong_type", "out_of_range", "unseen"] as const;

/** What decides which state a value is in. */
type Typed = Pick<FeatureKnowledge, "type" | "numbersAsTexts">;

/** Values by state, in the order of `states`. `unseen` is 0 until the categories are known. */
export function valuesByState(feature: Typed, counts: ArrayLike<number>, unseen: number): number[] {
  const numbers = counts[kind.number] as number;
  const texts = (counts[kind.string] as number) + (counts[kind.boolean] as number);
  const structures = counts[kind.structure] as number;
  const numeric = feature.type === "numeric";
  const right = samplesOf(feature, counts);
  return [
    right - unseen,
    counts[kind.absent] as number,
    counts[kind.null] as number,
    counts[kind.nan] as number,
    counts[kind.infinite] as number,
    structures + (numeric ? texts : numbers + texts - right),
    counts[kind.outOfRange] as number,
    unseen,
  ];
}

/** How many values a feature's distribution is made of. */
export function samplesOf(feature: Typed, counts: ArrayLike<number>): number {
  const numbers = counts[kind.number] as number;
  if (feature.type === "numeric") return numbers;
  const texts = (counts[kind.string] as number) + (counts[kind.boolean] as number);
  return feature.numbersAsTexts ? texts + numbers : texts;
}

/** Whether counts by bin are exported: of outputs always, of features where the configuration asks for them. */
export function isObserved(name: string, settings: ModelSettings): boolean {
  if (isOutput(name)) return true;
  const asked = settings.features.get(name)?.observations;
  return asked ?? settings.observations === "all";
}

/** Names of a feature's bins in order; empty until they are known. */
export function binNames(feature: FeatureKnowledge): string[] {
  if (feature.bins !== null) return [...feature.bins.edges.map(String), "+Inf"];
  return feature.categories === null ? [] : categoryBins(feature.categories);
}

/** How many series the distribution of a feature in one window has. */
function seriesPerWindow(feature: FeatureKnowledge, settings: ModelSettings): number {
  const bins = isObserved(feature.name, settings) ? binNames(feature).length : 0;
  const compared = feature.reference === null ? 0 : driftSeriesCount(settings.drift);
  return bins + compared + (feature.type === "numeric" ? 3 + quantiles.length : 2);
}

interface FeatureSeries {
  readonly samples: Series;
  readonly mean: Series;
  readonly deviation: Series;
  readonly quantiles: readonly Series[];
  readonly distinct: Series;
  readonly drift: DriftSeries;
  /** One a bin once the bins are known, and the bins that they are of. */
  bins: readonly Series[];
  binsOf: unknown;
  /** What was computed from a window's pane: a scrape computes nothing, it shows this until there is another pane. */
  shown: { readonly part: ClosedFeature; readonly numbers: Numbers } | null;
}

interface Numbers {
  readonly mean: number;
  readonly deviation: number;
  readonly quantiles: readonly number[];
  readonly distinct: number;
}

export function windowWriter(
  { model, version }: Subject,
  segment: string,
  window: string,
): WindowWriter<FeatureMemory, unknown, ClosedFeatures> {
  const made = new Map<string, FeatureSeries>();
  const causes = new RootCauseSeries({ model, version }, window);
  const drifting = new DriftingSeries({ model, version }, window);
  const make = (name: string): FeatureSeries => {
    const labels = [model, version, segment, name, window];
    return {
      samples: createSeries(samples, labels),
      mean: createSeries(mean, labels),
      deviation: createSeries(deviation, labels),
      quantiles: quantiles.map((q) => createSeries(quantile, [...labels, String(q)])),
      distinct: createSeries(distinct, labels),
      drift: new DriftSeries({ model, version }, segment, name, window),
      bins: [],
      binsOf: null,
      shown: null,
    };
  };
  const seriesOf = (name: string): FeatureSeries => {
    let series = made.get(name);
    if (series === undefined) {
      series = make(name);
      made.set(name, series);
    }
    return series;
  };
  const writeBins = (name: string, feature: FeatureKnowledge, part: ClosedFeature, page: Page): void => {
    const series = seriesOf(name);
    const known = feature.bins ?? feature.categories;
    if (series.binsOf !== known) {
      series.bins = binNames(feature).map((bin) => createSeries(observations, [model, version, segment, name, window, bin]));
      series.binsOf = known;
    }
    const counts = binCounts(part);
    // A window without values has zeros rather than no counts: a bin that vanishes would hide drift.
    for (const [index, one] of series.bins.entries()) page.sample(one, counts[index] ?? 0);
  };
  return {
    write(of, memory, page, gate) {
      const pValues: number[] = [];
      for (const [name, part] of of.closed.features) {
        const feature = memory.of(name);
        if (feature.type === "undecided") continue;
        if (gate(name, seriesPerWindow(feature, memory.settings)) === "hidden") continue;
        const series = seriesOf(name);
        page.sample(series.samples, samplesOf(feature, part.kinds));
        writeNumbers(series, numbersOf(series, feature, part), page);
        if (isObserved(name, memory.settings)) writeBins(name, feature, part, page);
        const drift = windowDriftOf(name, of, memory);
        if (drift === null) continue;
        series.drift.write(drift, memory.settings.drift, page);
        pValues.push(drift.values.pValue(alarmTest));
      }
      if (segment === "" && pValues.length > 0 && gate("drifting", 2) !== "hidden") drifting.write(pValues, page);
      const change = segment === "" ? changeOf(of, memory) : null;
      if (change !== null && gate("causes", mostCauses) !== "hidden") causes.write(change, page);
    },
  };
}

/** Those of the pane before are computed anew only where the pane is another one. */
function numbersOf(series: FeatureSeries, feature: FeatureKnowledge, part: ClosedFeature): Numbers {
  if (series.shown?.part === part) return series.shown.numbers;
  const known = feature.type === "numeric" ? part.numbers : null;
  const groups = known === null ? [] : groupsOf(known);
  const { mean, standardDeviation } = known === null ? pooledMoments([]) : momentsOf(known);
  const numbers: Numbers = {
    mean,
    deviation: standardDeviation,
    quantiles: groupedQuantiles(groups, quantiles),
    distinct: part.distinct?.estimate() ?? Number.NaN,
  };
  series.shown = { part, numbers };
  return numbers;
}

/** What there is no number for is NaN here, and not on the page. */
function writeNumbers(series: FeatureSeries, numbers: Numbers, page: Page): void {
  page.sample(series.mean, numbers.mean);
  page.sample(series.deviation, numbers.deviation);
  for (const [index, one] of series.quantiles.entries()) page.sample(one, numbers.quantiles[index] as number);
  page.sample(series.distinct, numbers.distinct);
}

/** The values of a numeric feature by part of a bin or, until bins are known, by cell. */
export function groupsOf(numbers: NumberSketch | BinCounts): Group[] {
  return numbers instanceof NumberSketch ? sketchGroups(numbers) : numbers.groups();
}

export function momentsOf(numbers: NumberSketch | BinCounts): Moments {
  return numbers instanceof NumberSketch ? pooledMoments(sketchGroups(numbers)) : numbers.moments();
}

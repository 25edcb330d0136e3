// Why the mean of a model's score (or of its numeric prediction) in a window is another than in the reference: how much of the
// change each feature explains by other shares of its values, and which of its bins most of that comes from.

import { isOutput } from "../event/schema.ts";
import { BinCounts } from "../primitive/bin-counts.ts";
import { CategoryCounts } from "../primitive/category-counts.ts";
import { compareText } from "../primitive/dictionary.ts";
import type { TargetSum } from "../primitive/target.ts";
import { decompose, type TargetByBin } from "../stats/decomposition.ts";
import { referenceFor } from "./alarm-budget.ts";
import { driftReference } from "./drift-reference.ts";
import type { FeatureMemory } from "./feature-memory.ts";
import { type ClosedFeature, type ClosedFeatures, targetsElsewhere } from "./feature-pane.ts";
import type { WindowOf } from "./monitor.ts";
import { driftOf } from "./window-drift.ts";

/** As many are exported. */
export const mostCauses = 5;

export interface Cause {
  readonly feature: string;
  /** What of the change comes from other shares of the feature's values, in the target's unit. */
  readonly mix: number;
  /** The bin with the greatest part of it; the number of bins is that of events without a value. */
  readonly bin: number;
  readonly binMix: number;
}

export interface Change {
  /** The output whose mean it is. */
  readonly metric: string;
  readonly referenceMean: number;
  readonly windowMean: number;
  /** Whether the means differ by more than chance would make them: else causes are those of noise. */
  readonly notable: boolean;
  /** By falling absolute value of what they explain. */
  readonly causes: readonly Cause[];
}

const computed = new WeakMap<ClosedFeatures, Change | null>();

/** Null where it is not known: without targets in window and reference, or with too few events. */
export function changeOf(window: WindowOf<ClosedFeatures>, memory: FeatureMemory): Change | null {
  let change = computed.get(window.closed);
  if (change === undefined) {
    change = explain(window, memory);
    computed.set(window.closed, change);
  }
  return change;
}

/** The output that targets are of: the score where there is one, else a prediction that is a number. */
function targetOf({ features }: FeatureMemory): string | null {
  return ["$score", "$prediction"].find((name) => features.get(name)?.type === "numeric") ?? null;
}

function explain(window: WindowOf<ClosedFeatures>, memory: FeatureMemory): Change | null {
  const metric = targetOf(memory);
  const [before, after] = [
    metric && referenceFor(metric, window.version, memory)?.all.targets,
    metric && targetsOf(window, metric),
  ];
  if (metric === null || !before || !after) return null;
  const enough = memory.settings.drift.minSamples;
  if (before.count < enough || after.count < enough) return null;
  const causes = [...window.closed.features.keys()]
    .filter((name) => !isOutput(name))
    .flatMap((name) => causeOf(name, window, memory))
    .sort((a, b) => Math.abs(b.mix) - Math.abs(a.mix) || compareText(a.feature, b.feature));
  const [referenceMean, windowMean] = [before.sum / before.count, after.sum / after.count];
  const notable = Math.abs(windowMean - referenceMean) > notableErrors * standardError(metric, window, memory);
  return { metric, referenceMean, windowMean, notable, causes };
}

/** So many standard errors are a difference worth a sentence: without drift, one window in a thousand. */
const notableErrors = 3.3;

/** Of the difference of the means, if windows vary as they do in the reference; infinite where that is not known. */
function standardError(metric: string, window: WindowOf<ClosedFeatures>, memory: FeatureMemory): number {
  const reference = referenceFor(metric, window.version, memory);
  const prepared = reference === null ? null : driftReference(reference, "");
  const samples = driftOf(metric, window, memory)?.samples ?? 0;
  if (prepared === null || samples === 0) return Number.POSITIVE_INFINITY;
  const { bins } = prepared.customs(window.windowMillis, prepared.matches(window.windowMillis));
  const dispersion = bins.known ? Math.max(1, bins.chiSquare.trace / bins.chiSquare.shares.length) : 1;
  return prepared.standardDeviation * Math.sqrt(dispersion * (1 / samples + 1 / prepared.sample.size));
}

function targetsOf({ closed }: WindowOf<ClosedFeatures>, metric: string): TargetSum | undefined {
  return closed.features.get(metric)?.targets;
}

function causeOf(name: string, window: WindowOf<ClosedFeatures>, memory: FeatureMemory): Cause[] {
  const reference = referenceFor(name, window.version, memory)?.all;
  const part = window.closed.features.get(name);
  const [before, after] = [reference && byBin(reference), part && byBin(part)];
  if (!before || !after || before.counts.length !== after.counts.length) return [];
  const { mix, mixByBin } = decompose(before, after);
  if (!Number.isFinite(mix)) return [];
  let bin = 0;
  for (let at = 1; at < mixByBin.length; at++) {
    if (Math.abs(mixByBin[at] as number) > Math.abs(mixByBin[bin] as number)) bin = at;
  }
  return [{ feature: name, mix, bin, binMix: mixByBin[bin] as number }];
}

/** The bins' targets, and as a bin more those of events without a value: so the whole change is explained. */
function byBin(feature: Pick<ClosedFeature, "numbers" | "texts" | "targets">): TargetByBin | null {
  const { numbers, texts } = feature;
  const counted = numbers instanceof BinCounts ? numbers : texts instanceof CategoryCounts ? texts : null;
  if (counted === null) return null;
  const inBins = counted.targets();
  const elsewhere = targetsElsewhere(feature);
  return {
    counts: Float64Array.of(...inBins.counts, elsewhere.count),
    targets: Float64Array.of(...inBins.sums, elsewhere.sum),
  };
}

// What is known of a version since it was first seen, as people look at it: the same numbers as on /metrics.
import type {
  BatchFacts,
  LatencyFacts,
  ObjectiveFacts,
  OutcomeFacts,
  SchemaFacts,
  VersionFacts,
} from "../expose/model-facts-view.ts";
import type { NamedCount } from "../expose/status-view.ts";
import { type BatchRuns, batch } from "../monitor/batch.ts";
import { type DurationHistogram, durationSum } from "../monitor/duration.ts";
import type { FeatureMemory } from "../monitor/feature-memory.ts";
import { violationReasons, violationsOf } from "../monitor/feature-totals.ts";
import { type FeatureTotals, features } from "../monitor/features.ts";
import { paneMonitors, totalsMonitors } from "../monitor/index.ts";
import { latency } from "../monitor/latency.ts";
import type { AnyPaneMonitor, AnyTotalsMonitor, BatchSettings, ModelSettings } from "../monitor/monitor.ts";
import { type Objectives, objectives } from "../monitor/objectives.ts";
import { schemaChanges } from "../monitor/schema-history.ts";
import { compareText } from "../primitive/dictionary.ts";
import { inUnits, type Join, type OutcomeTotals } from "../state/join.ts";
import type { ModelState } from "../state/model-state.ts";
import type { VersionState } from "../state/version-state.ts";
import { finiteOrNull } from "./status-features.ts";

const latencyIndex = totalsMonitors.indexOf(latency as AnyTotalsMonitor);
const objectivesIndex = totalsMonitors.indexOf(objectives as AnyTotalsMonitor);
const batchIndex = totalsMonitors.indexOf(batch as AnyTotalsMonitor);
const featuresIndex = paneMonitors.indexOf(features as AnyPaneMonitor);

export function factsOf(model: ModelState, version: VersionState, join: Join, nowMillis: number): VersionFacts {
  const { settings } = model;
  const took = latencyFacts(version.totals[latencyIndex] as DurationHistogram);
  const promised = objectiveFacts(version.totals[objectivesIndex] as Objectives, settings);
  const runs = batchFacts(version.totals[batchIndex] as BatchRuns, settings.batch, nowMillis);
  const outcomes = outcomeFacts(join, model.name, version.version);
  const memory = model.memories[featuresIndex] as FeatureMemory;
  const schema = schemaFacts(version.paneTotals[featuresIndex] as FeatureTotals, memory);
  return {
    ...(took === null ? {} : { latency: took }),
    ...(promised.length === 0 ? {} : { objectives: promised }),
    ...(runs === null ? {} : { batch: runs }),
    ...(outcomes.length === 0 ? {} : { outcomes }),
    ...(schema === null ? {} : { schema }),
  };
}

function latencyFacts(durations: DurationHistogram): LatencyFacts | null {
  const predictions = durations.counts.reduce((sum, count) => sum + count, 0);
  if (predictions === 0) return null;
  const bounds = boundsOf(durations);
  let below = 0;
  const median = durations.counts.findIndex((count) => {
    below += count;
    return below >= predictions / 2;
  });
  const meanSeconds = durationSum(durations) / predictions;
  return { predictions, meanSeconds, halfWithinSeconds: bounds[median] ?? null };
}

/** The bounds of the histogram as it is written for /metrics. */
function boundsOf(durations: DurationHistogram): readonly number[] {
  let found: readonly number[] = [];
  const histogram = (_series: unknown, bounds: readonly number[]): void => {
    found = bounds;
  };
  const page = { sample: () => undefined, histogram };
  latency.writer({ model: "", version: "" }).write(durations, noSettings, page, false);
  return found;
}

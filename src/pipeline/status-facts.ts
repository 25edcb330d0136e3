// What is known of a version since it was first seen, as people look at it: the same numbers as on /metrics.
import type {
  BatchFacts,
  LatencyFacts,
  ObjectiveFacts,
  OutcomeFacts,
  SchemaFacts,
  VersionFacts,
} from "../expose/model-facts-view.ts";
import type { Page } from "../expose/sample.ts";
import type { NamedCount } from "../expose/status-view.ts";
import { type BatchRuns, batch } from "../monitor/batch.ts";
import { type DurationHistogram, durationSum } from "../monitor/duration.ts";
import type { FeatureMemory } from "../monitor/feature-memory.ts";
import type { FeatureTotals } from "../monitor/feature-totals.ts";
import { violationReasons, violationsOf } from "../monitor/feature-totals-samples.ts";
import { totalsMonitors } from "../monitor/index.ts";
import { latency } from "../monitor/latency.ts";
import type { AnyTotalsMonitor, BatchSettings, ModelSettings } from "../monitor/monitor.ts";
import { objectives } from "../monitor/objectives.ts";
import type { Tallies } from "../monitor/quality-objectives.ts";
import { schemaChanges } from "../monitor/schema-history.ts";
import { compareText } from "../primitive/dictionary.ts";
import type { ModelState } from "../state/model-state.ts";
import { type AllOutcomeTotals, inUnits, type OutcomeTotals } from "../state/outcome-totals.ts";
import type { VersionState } from "../state/version-state.ts";
import { featureMemoryOf, featureTotalsOf } from "./of-features.ts";
import { finiteOrNull } from "./status-features.ts";

const latencyIndex = totalsMonitors.indexOf(latency as AnyTotalsMonitor);
const objectivesIndex = totalsMonitors.indexOf(objectives as AnyTotalsMonitor);
const batchIndex = totalsMonitors.indexOf(batch as AnyTotalsMonitor);

export function factsOf(model: ModelState, version: VersionState, join: AllOutcomeTotals, nowMillis: number): VersionFacts {
  const { settings } = model;
  const took = latencyFacts(version.totals[latencyIndex] as DurationHistogram, settings);
  const promised = objectiveFacts(version.totals[objectivesIndex] as Tallies, settings);
  const runs = batchFacts(version.totals[batchIndex] as BatchRuns, settings.batch, nowMillis);
  const outcomes = outcomeFacts(join, model.name, version.version);
  const memory = featureMemoryOf(model);
  const schema = schemaFacts(featureTotalsOf(version), memory);
  return {
    ...(took === null ? {} : { latency: took }),
    ...(promised.length === 0 ? {} : { objectives: promised }),
    ...(runs === null ? {} : { batch: runs }),
    ...(outcomes.length === 0 ? {} : { outcomes }),
    ...(schema === null ? {} : { schema }),
  };
}

function latencyFacts(durations: DurationHistogram, settings: ModelSettings): LatencyFacts | null {
  const predictions = durations.counts.reduce((sum, count) => sum + count, 0);
  if (predictions === 0) return null;
  let reached = 0;
  const median = durations.counts.findIndex((count) => {
    reached += count;
    return reached >= predictions / 2;
  });
  const meanSeconds = durationSum(durations) / predictions;
  return { predictions, meanSeconds, halfWithinSeconds: boundsOf(durations, settings)[median] ?? null };
}

/** The bounds with which the histogram is written for /metrics. */
function boundsOf(durations: DurationHistogram, settings: ModelSettings): ArrayLike<number> {
  let found: ArrayLike<number> = [];
  const histogram: Page["histogram"] = (_series, bounds) => {
    found = bounds;
  };
  latency.writer({ model: "", version: "" }).write(durations, settings, { sample: () => undefined, histogram }, false);
  return found;
}

function objectiveFacts(tallies: Tallies, settings: ModelSettings): ObjectiveFacts[] {
  return settings.objectives.map(({ name, objective, belowMillis }) => {
    const { events, bad } = tallies.get(name) ?? { events: 0, bad: 0 };
    const kept = events === 0 ? null : (events - bad) / events >= objective;
    return { name, promised: objective, belowMillis, predictions: events, bad, kept };
  });
}

function batchFacts(runs: BatchRuns, expected: BatchSettings | null, nowMillis: number): BatchFacts | null {
  const { started, succeeded, failed } = runs.counts;
  if (started + succeeded + failed === 0) return null;
  const { everyMillis, graceMillis, minRows } = expected ?? { everyMillis: null, graceMillis: null, minRows: null };
  const allowedMillis = (everyMillis ?? Number.NaN) + (graceMillis ?? Number.NaN);
  return {
    started,
    succeeded,
    failed,
    lastSuccessMillis: finiteOrNull(runs.lastSuccessMillis),
    rows: finiteOrNull(runs.lastSuccessRows),
    everyMillis,
    graceMillis,
    leastRows: minRows,
    overdueMillis: finiteOrNull(Math.max(0, nowMillis - runs.lastSuccessMillis - allowedMillis)),
  };
}

function outcomeFacts({ byModel }: AllOutcomeTotals, model: string, version: string): OutcomeFacts[] {
  const named = [...new Set([version, ""])];
  return named.flatMap((name) => {
    const totals = byModel.get(model)?.get(name);
    return totals === undefined ? [] : [outcomeFact(name, totals)];
  });
}

function outcomeFact(version: string, { count, latestMillis, values }: OutcomeTotals): OutcomeFacts {
  const sums = [...values].sort(([a], [b]) => compareText(a, b));
  return {
    version,
    count,
    lastMillis: finiteOrNull(latestMillis),
    values: sums.map(([unit, { gained, returned }]) => ({ unit, gained: inUnits(gained), returned: inUnits(returned) })),
  };
}

/** Null where nothing is said of features and nothing has changed. */
function schemaFacts(totals: FeatureTotals, memory: FeatureMemory): SchemaFacts | null {
  const sums = violationsOf(totals, memory);
  const violations = violationReasons.map((name) => ({ name, count: sums[name] })).filter(occurred);
  const changes = schemaChanges.map((name) => ({ name, count: totals.schema.counts[name] })).filter(occurred);
  return memory.settings.features.size === 0 && changes.length === 0 ? null : { violations, changes };
}

function occurred({ count }: NamedCount): boolean {
  return count > 0;
}

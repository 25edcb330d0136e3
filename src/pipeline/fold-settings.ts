// What the fold is told, from the configuration.
import { formatDuration } from "../config/duration.ts";
import { plainOutcomes } from "../config/schema/outcomes.ts";
import type { Config, ModelConfig } from "../config/schema.ts";
import type { BatchSettings, DriftSettings, FeatureSettings, ObjectiveSettings } from "../monitor/monitor.ts";
import type { PerformanceSettings, QualityObjective, Ripeness } from "../performance/labelled-pair.ts";
import type { Reference } from "../reference/reference.ts";
import type { FoldModelSettings, FoldSettings, OutcomeSettings } from "../state/settings.ts";
import { driftTests, methods } from "../stats/scores.ts";
import { alertSettings } from "./alert-settings.ts";

/** Two weeks of minutes: more event time than that is open at once only where clocks are wrong. */
const openPanes = 20_160;

/** A model that is not listed. */
const unlisted: ModelConfig = { tier: "standard", features: {} };

/** References by the path that the configuration gives. */
export type References = ReadonlyMap<string, Reference>;

export function foldSettings(config: Config, references: References = new Map()): FoldSettings {
  return {
    windowsMillis: config.defaults.windows,
    limits: {
      models: config.limits.models,
      versions: config.limits.versions,
      features: config.limits.features,
      slots: config.limits.slots,
      segments: config.limits.segments,
      openPanes,
      pending: config.limits.pending,
    },
    discover: config.discover,
    expireMillis: config.defaults.expire,
    defaults: modelSettings(config, unlisted, references),
    models: new Map(Object.entries(config.models).map(([name, model]) => [name, modelSettings(config, model, references)])),
  };
}

function modelSettings(config: Config, model: ModelConfig, references: References): FoldModelSettings {
  const top = topFeatures(config, model);
  const features = Object.entries(model.features).map(([name, feature]): [string, FeatureSettings] => [
    name,
    {
      type: feature.type,
      range: feature.range,
      edges: feature.edges,
      categories: feature.categories,
      otherCategories: feature.other_categories,
      observations: feature.observations ?? (top.has(name) ? true : undefined),
      required: feature.required,
      importance: feature.importance,
    },
  ]);
  return {
    task: model.task ?? "",
    team: model.team ?? "",
    tier: model.tier,
    features: new Map(features),
    learnMillis: model.learn ?? config.defaults.learn,
    textLimit: config.limits.categories,
    observations: config.defaults.observations === "all" ? "all" : "outputs",
    segments: model.segments ?? null,
    outcomes: outcomeSettings(config, model),
    objectives: objectiveSettings(model),
    batch: batchSettings(model),
    alerts: alertSettings(config, model),
    drift: driftSettings(config, model),
    performance: performanceSettings(config, model),
    reference: references.get(model.reference ?? "") ?? null,
    learned: null,
    versionReferences: versionReferences(model, references),
  };
}

/** Null where neither the model nor the defaults speak of outcomes. */
export function outcomeSettings({ defaults }: Config, model: Pick<ModelConfig, "outcomes">): OutcomeSettings | null {
  if (defaults.outcomes === undefined && model.outcomes === undefined) return null;
  const outcomes = { ...(defaults.outcomes ?? plainOutcomes), ...model.outcomes };
  return {
    horizonMillis: outcomes.horizon,
    sample: outcomes.sample,
    absent: labelOf(outcomes.absent),
  };
}

/** Of the false alarms that are accepted, for worse predictions where outcomes are joined: drift is found the later for it. */
const performanceShare = 0.1;

function shareOf({ count, millis }: DriftSettings["falseAlarms"], share: number): DriftSettings["falseAlarms"] {
  return { count: count * share, millis };
}

/** Null where neither the model nor the defaults speak of outcomes. */
function performanceSettings({ defaults }: Config, model: ModelConfig): PerformanceSettings | null {
  if (defaults.outcomes === undefined && model.outcomes === undefined) return null;
  const outcomes = { ...(defaults.outcomes ?? plainOutcomes), ...model.outcomes };
  const falseAlarms = shareOf(model.drift?.false_alarms ?? defaults.drift.false_alarms, performanceShare);
  const { confusion = false, tolerance } = outcomes;
  const own = { objectives: qualityObjectives(model), falseAlarms, confusion, tolerance };
  return { ...performanceOf(model.task, outcomes), ...own };
}

/** How labels are read where nobody speaks of outcomes. */
export function plainPerformance(task: string): JudgedBy {
  return performanceOf(task, plainOutcomes);
}

type Outcomes = typeof plainOutcomes;
type JudgedBy = Pick<PerformanceSettings, "pairs" | "horizonMillis" | keyof Ripeness>;

function performanceOf(task = "", { horizon, mature, ...outcomes }: Outcomes): JudgedBy {
  const pairs = {
    task,
    positive: labelOf(outcomes.positive),
    thresholds: outcomes.threshold === undefined ? [] : [outcomes.threshold].flat(),
    percentageFloor: outcomes.percentage_floor ?? 0,
  };
  return { pairs, mature, ripeMillis: outcomes.absent === undefined ? 0 : horizon, horizonMillis: horizon };
}

/** As events' labels are kept: true and false are texts. */
function labelOf(label: number | string | boolean | undefined): number | string | null {
  if (label === undefined) return null;
  return typeof label === "boolean" ? String(label) : label;
}

function driftSettings({ defaults }: Config, model: ModelConfig): DriftSettings {
  const judged = defaults.outcomes !== undefined || model.outcomes !== undefined;
  const drift = { ...defaults.drift, ...model.drift, tolerance: { ...defaults.drift.tolerance, ...model.drift?.tolerance } };
  return {
    minEffect: drift.min_effect,
    falseAlarms: judged ? shareOf(drift.false_alarms, 1 - performanceShare) : drift.false_alarms,
    windows: defaults.windows.map((millis) => ({ millis, name: formatDuration(millis) })),
    minSamples: drift.min_samples,
    minSamplesPerDegree: drift.min_samples_per_degree,
    dispersion: drift.dispersion === "reference",
    methods: defaults.scores === "all" ? methods : defaults.scores,
    tests: drift.tests === "all" ? driftTests : drift.tests,
    tolerance: drift.tolerance,
  };
}

function versionReferences({ versions = {} }: ModelConfig, references: References): ReadonlyMap<string, Reference> {
  return new Map(
    Object.entries(versions).flatMap(([version, { reference }]) => {
      const found = references.get(reference);
      return found === undefined ? [] : [[version, found] as const];
    }),
  );
}

function qualityObjectives({ slos = {} }: ModelConfig): QualityObjective[] {
  const { latency, availability, ...ofQuality } = slos;
  return Object.entries(ofQuality).map(([name, { objective, metric, over, below, above }]) => ({
    name,
    objective,
    metric,
    overMillis: over ?? null,
    side: above === undefined ? "below" : "above",
    limit: above ?? below ?? Number.NaN,
  }));
}

function objectiveSettings({ slos = {} }: ModelConfig): ObjectiveSettings[] {
  const { latency, availability } = slos;
  const objectives: ObjectiveSettings[] = [];
  if (latency !== undefined) objectives.push({ name: "latency", objective: latency.objective, belowMillis: latency.below_ms });
  if (availability !== undefined) {
    objectives.push({ name: "availability", objective: availability.objective, belowMillis: null });
  }
  return objectives;
}

function batchSettings({ batch }: ModelConfig): BatchSettings | null {
  if (batch === undefined) return null;
  return { everyMillis: batch.every, graceMillis: batch.grace, minRows: batch.min_rows ?? null };
}

/** The most important of the configured features, where only those are to be exported by bin. */
function topFeatures(config: Config, model: ModelConfig): ReadonlySet<string> {
  const { observations } = config.defaults;
  if (typeof observations === "string") return new Set();
  const ranked = Object.entries(model.features).sort(([a, first], [b, second]) => {
    return (second.importance ?? 0) - (first.importance ?? 0) || (a < b ? -1 : 1);
  });
  return new Set(ranked.slice(0, observations.top).map(([name]) => name));
}

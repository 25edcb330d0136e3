// What the fold is told, from the configuration.

import type { Config, ModelConfig } from "../config/schema.ts";
import type { FeatureSettings } from "../monitor/monitor.ts";
import type { FoldModelSettings, FoldSettings } from "../state/settings.ts";

/** Two weeks of minutes: more event time than that is open at once only where clocks are wrong. */
const openPanes = 20_160;

export function foldSettings(config: Config): FoldSettings {
  return {
    windowsMillis: config.defaults.windows,
    limits: {
      models: config.limits.models,
      versions: config.limits.versions,
      features: config.limits.features,
      slots: config.limits.slots,
      segments: config.limits.segments,
      openPanes,
    },
    discover: config.discover,
    expireMillis: config.defaults.expire,
    defaults: modelSettings(config, { features: {} }),
    models: new Map(Object.entries(config.models).map(([name, model]) => [name, modelSettings(config, model)])),
  };
}

function modelSettings(config: Config, model: ModelConfig): FoldModelSettings {
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
    },
  ]);
  return {
    task: "",
    team: "",
    tier: "",
    features: new Map(features),
    learnMillis: model.learn ?? config.defaults.learn,
    textLimit: config.limits.categories,
    observations: config.defaults.observations === "all" ? "all" : "outputs",
    segments: model.segments ?? null,
    objectives: [],
    batch: null,
  };
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

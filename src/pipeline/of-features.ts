// What the monitor of features keeps of models and versions, for whoever shows it or writes it down.
import type { FeatureMemory } from "../monitor/feature-memory.ts";
import type { FeatureTotals } from "../monitor/feature-totals.ts";
import { features } from "../monitor/features.ts";
import { paneMonitors } from "../monitor/index.ts";
import type { AnyPaneMonitor } from "../monitor/monitor.ts";
import type { ModelState } from "../state/model-state.ts";
import type { VersionState } from "../state/version-state.ts";

/** Its place among the pane monitors. */
export const featuresIndex = paneMonitors.indexOf(features as AnyPaneMonitor);

export function featureMemoryOf({ memories }: Pick<ModelState, "memories">): FeatureMemory {
  return memories[featuresIndex] as FeatureMemory;
}

export function featureTotalsOf({ paneTotals }: Pick<VersionState, "paneTotals">): FeatureTotals {
  return paneTotals[featuresIndex] as FeatureTotals;
}

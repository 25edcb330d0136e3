// What the monitor of performance keeps of models and versions, for whoever shows it.
import { paneMonitors } from "../monitor/index.ts";
import type { AnyPaneMonitor } from "../monitor/monitor.ts";
import { type PerformanceTotals, performance } from "../monitor/performance.ts";
import type { PerformanceMemory } from "../monitor/performance-memory.ts";
import type { PerformanceWindow } from "../monitor/window-performance.ts";
import type { ModelState } from "../state/model-state.ts";
import type { VersionState } from "../state/version-state.ts";
import { type WindowResult, windowOf } from "../state/window-of.ts";

/** Its place among the pane monitors. */
export const performanceIndex = paneMonitors.indexOf(performance as AnyPaneMonitor);

export function performanceMemoryOf({ memories }: Pick<ModelState, "memories">): PerformanceMemory {
  return memories[performanceIndex] as PerformanceMemory;
}

export function performanceTotalsOf({ paneTotals }: Pick<VersionState, "paneTotals">): PerformanceTotals {
  return paneTotals[performanceIndex] as PerformanceTotals;
}

export function performanceWindowOf(result: WindowResult): PerformanceWindow {
  return windowOf(result, performanceIndex) as PerformanceWindow;
}

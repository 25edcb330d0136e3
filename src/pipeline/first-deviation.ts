// When a window's drift began: the first of its hours (of a longer window: days) that differs from the reference by itself.
import { alarmTest } from "../monitor/feature-drift.ts";
import type { FeatureMemory } from "../monitor/feature-memory.ts";
import type { ClosedFeatures } from "../monitor/feature-pane.ts";
import type { WindowOf } from "../monitor/monitor.ts";
import { driftOf } from "../monitor/window-drift.ts";

/** The probability that any pane of a window without drift is taken for the first that differs. */
const falseFirsts = 0.05;

/** The start of the pane; null where none differs, or panes have too few values to tell. */
export function firstDeviation(name: string, window: WindowOf<ClosedFeatures>, memory: FeatureMemory): number | null {
  const panes = [...window.panes()];
  for (const { startMillis, paneMillis, closed } of panes) {
    const pane = { ...window, windowMillis: paneMillis, closed, filledPanes: Number.NaN, longer: () => [], panes: () => [] };
    const p = driftOf(name, pane, memory)?.pValue(alarmTest) ?? Number.NaN;
    if (p < falseFirsts / panes.length) return startMillis;
  }
  return null;
}

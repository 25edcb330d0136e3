// Lets monitors look, for alarms, at the panes that were just closed and the windows that these complete.
import type { AlarmChange } from "../monitor/drift-alarm.ts";
import { paneMonitors } from "../monitor/index.ts";
import type { Looked } from "../monitor/monitor.ts";
import type { PaneLadder } from "../window/ladder.ts";
import { windowEnd } from "../window/resolution.ts";
import type { ModelState } from "./model-state.ts";
import type { VersionState } from "./version-state.ts";
import { windowInParts, windowOf } from "./window-of.ts";

/**
 * Hears of every change of an alarm when it is made: nothing is decided by who listens.
 * @param monitor whose alarm it is, by its name
 */
export type AlarmListener = (model: string, version: string, change: AlarmChange, monitor: string) => void;

/** The closed panes of one segment. */
export interface ClosedSegment {
  readonly version: VersionState;
  readonly segment: string;
  /** By pane monitor; undefined where it had nothing. */
  readonly parts: readonly unknown[];
}

/** Looks at one segment, in parts: its panes are in the ladders already. */
export function* lookAt(
  model: ModelState,
  { version, segment, parts }: ClosedSegment,
  endMillis: number,
  tell: AlarmListener,
): Iterable<void> {
  const state = version.segments.get(segment);
  if (state === undefined) return;
  for (const [index, monitor] of paneMonitors.entries()) {
    if (parts[index] === undefined) continue;
    const looked: Looked<unknown> = {
      version: version.version,
      segment,
      closed: parts[index],
      endMillis,
      *window(length) {
        const end = windowEnd(endMillis, length);
        const result = yield* windowInParts(model, version, state, segment, length, end, index);
        return windowOf(result, index);
      },
      panes: (paneMillis, fromMillis, toMillis) =>
        (state.ladders[index] as PaneLadder<unknown>).between(paneMillis, fromMillis, toMillis),
    };
    yield* monitor.look(looked, model.memories[index], version.paneTotals[index], (change) =>
      tell(model.name, version.version, change, monitor.name),
    );
  }
}

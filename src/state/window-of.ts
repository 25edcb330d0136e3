// The merged panes of a window of a version's segment, and what monitors see of it.
import type { WindowOf } from "../monitor/monitor.ts";
import { finish } from "../window/finish.ts";
import type { PaneLadder } from "../window/ladder.ts";
import { dayMillis, hourMillis, minuteMillis, stepOf, windowEnd } from "../window/resolution.ts";
import type { ModelState } from "./model-state.ts";
import type { SegmentState, VersionState } from "./version-state.ts";

export interface WindowResult {
  readonly model: ModelState;
  readonly version: VersionState;
  readonly segment: string;
  readonly state: SegmentState;
  readonly windowMillis: number;
  readonly endMillis: number;
  /** By pane monitor: the merged pane. */
  readonly panes: readonly unknown[];
}

/** How far back a window may look that has too few values: these lengths, as far as panes are kept. */
const lookBackMillis = [
  ...[15, 30].map((minutes) => minutes * minuteMillis),
  ...[1, 2, 3, 6, 12, 24].map((hours) => hours * hourMillis),
  ...[2, 4, 7, 14, 28].map((days) => days * dayMillis),
];

/** A window as the pane monitor of this index sees it. */
export function windowOf(result: WindowResult, index: number): WindowOf<unknown> {
  const { version, segment, state, windowMillis, endMillis, panes } = result;
  const ladder = state.ladders[index] as PaneLadder<unknown>;
  return {
    version: version.version,
    segment,
    windowMillis,
    endMillis,
    closed: panes[index],
    totals: version.paneTotals[index],
    filledPanes: ladder.filled(endMillis, windowMillis),
    *longer() {
      for (const longer of lookBackMillis) {
        if (longer <= windowMillis || !ladder.keeps(longer)) continue;
        const end = windowEnd(endMillis, longer);
        yield { windowMillis: longer, closed: ladder.window(end, longer), filledPanes: ladder.filled(end, longer) };
      }
    },
    *panes() {
      const paneMillis = stepOf(windowMillis);
      if (paneMillis < hourMillis) return;
      for (const [startMillis, closed] of ladder.between(paneMillis, endMillis - windowMillis, endMillis)) {
        yield { startMillis, paneMillis, closed };
      }
    },
  };
}

/** The window of this length that ends at a time. */
export function windowAt(...which: Parameters<typeof windowInParts>): WindowResult {
  return finish(windowInParts(...which));
}

/** As `windowAt`, in parts. @param only of this pane monitor alone; null: of all */
export function* windowInParts(
  model: ModelState,
  version: VersionState,
  state: SegmentState,
  segment: string,
  windowMillis: number,
  endMillis: number,
  only: number | null = null,
): Generator<void, WindowResult> {
  const panes: unknown[] = [];
  for (const [index, ladder] of state.ladders.entries()) {
    if (only === null || index === only) panes[index] = yield* ladder.windowInParts(endMillis, windowMillis);
  }
  return { model, version, segment, state, windowMillis, endMillis, panes };
}

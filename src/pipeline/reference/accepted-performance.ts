// How well a running model does, as part of what is accepted as normal.
import type { Ripeness } from "../../performance/labelled-pair.ts";
import { mergePanes, type PerformancePane } from "../../performance/pane.ts";
import { pairsOnly } from "../../performance/predicted.ts";
import type { VersionState } from "../../state/version-state.ts";
import type { PaneLadder } from "../../window/ladder.ts";
import { performanceIndex, performanceTotalsOf } from "../of-performance.ts";
import { piecesOf, type Span } from "./pieces.ts";

/**
 * By the newest predictions, as many as the window is long, most of which have a label; where no version has such, by the outcomes that
 * came in the window, unless to have none is a label. Null where there were none.
 * @param frontierMillis the end of the last minute that was closed
 */
export function performanceOfSpan(
  versions: readonly VersionState[],
  frontierMillis: number,
  span: Span,
  ripeness: Ripeness,
): PerformancePane | null {
  const windowMillis = span.toMillis - span.fromMillis;
  const ripe = versions.flatMap((version) => {
    return performanceTotalsOf(version).cohorts.get("")?.ripe(windowMillis, frontierMillis, ripeness)?.pane ?? [];
  });
  // Before the first horizon is over outcomes are of those alone that have one.
  const areEnough = ripe.length > 0 || ripeness.ripeMillis > 0;
  const pairs = merged(areEnough ? ripe : ofOutcomes(versions, span));
  return pairs.size === 0 ? null : pairs;
}

function ofOutcomes(versions: readonly VersionState[], span: Span): PerformancePane[] {
  const ladders = versions.map(({ all }) => all.ladders[performanceIndex] as PaneLadder<PerformancePane>);
  return piecesOf(ladders, span).map(({ pane }) => pane);
}

function merged(panes: readonly PerformancePane[]): PerformancePane {
  const sum: PerformancePane = new Map();
  for (const pane of panes) mergePanes(sum, pane);
  return pairsOnly(sum);
}

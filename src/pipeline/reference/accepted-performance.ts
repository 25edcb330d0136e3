// How well a running model does, as part of what is accepted as normal.
import { mergePanes, type PerformancePane } from "../../performance/pane.ts";
import { pairsOnly } from "../../performance/predicted.ts";
import type { VersionState } from "../../state/version-state.ts";
import type { PaneLadder } from "../../window/ladder.ts";
import { performanceIndex, performanceTotalsOf } from "../of-performance.ts";
import { piecesOf, type Span } from "./pieces.ts";

/**
 * By the newest predictions, as many as the window is long, most of which have a label; where no version has such, by the outcomes that
 * came in the window. Null where there were none.
 * @param frontierMillis the end of the last minute that was closed
 * @param mature the share of predictions with a label that is enough
 */
export function performanceOfSpan(
  versions: readonly VersionState[],
  frontierMillis: number,
  span: Span,
  mature: number,
): PerformancePane | null {
  const windowMillis = span.toMillis - span.fromMillis;
  const ripe = versions.flatMap((version) => {
    return performanceTotalsOf(version).cohorts.get("")?.ripe(windowMillis, frontierMillis, mature)?.pane ?? [];
  });
  const pairs = merged(ripe.length > 0 ? ripe : ofOutcomes(versions, span));
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

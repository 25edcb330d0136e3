// The limits: how much of each is used, and what it turned away; for the page of metrics and for the one for people.

import type { SeriesLimit } from "../expose/series-limit.ts";
import type { LimitView } from "../expose/status-view.ts";
import { paneMonitors } from "../monitor/index.ts";
import type { Fold } from "../state/fold.ts";
import { countNamed } from "../state/model-registry.ts";
import type { ModelState } from "../state/model-state.ts";

export function limitViews(fold: Fold, series: SeriesLimit): LimitView[] {
  const { limits } = fold.settings;
  const models = [...fold.models.values()];
  const most = (of: (model: ModelState) => number): number => Math.max(0, ...models.map(of));
  const sum = (of: (model: ModelState) => number): number => models.reduce((total, model) => total + of(model), 0);
  const limit = (name: string, used: number | null, allowed: number | null, turnedAway: number | null): LimitView => {
    return { limit: name, used, allowed, turnedAway };
  };
  return [
    limit("series", series.used, series.limit, series.turnedAway),
    limit("models", countNamed(fold.models), limits.models, fold.registry.modelOverflow),
    limit("versions", most(versionsOf), limits.versions, fold.registry.versionOverflow),
    limit("features", most(featuresOf), limits.features, sum(featureOverflowOf)),
    limit("slots", limits.slots - fold.registry.budget.left, limits.slots, null),
    limit("segments", most(segmentsOf), limits.segments, sum(segmentOverflowOf)),
    limit("panes", fold.openPanes, limits.openPanes, null),
    limit("pending", fold.join.table.pairs, limits.pending, fold.join.table.turnedAway),
    limit("categories", null, null, sum(valuesTurnedAway("categories"))),
    limit("buckets", null, null, sum(valuesTurnedAway("buckets"))),
    limit("targets", null, null, sum(valuesTurnedAway("targets"))),
  ];
}

const versionsOf = (model: ModelState): number => countNamed(model.versions);
const featuresOf = (model: ModelState): number => model.schema.slots.length;
const featureOverflowOf = (model: ModelState): number => model.schema.overflow;
const segmentOverflowOf = (model: ModelState): number => model.segmentOverflow;

/** Of the version with the most; all traffic is none. */
function segmentsOf(model: ModelState): number {
  return Math.max(0, ...[...model.versions.values()].map((version) => version.segments.size - 1));
}

/** Values of closed panes that a limit inside of the monitors turned away. */
function valuesTurnedAway(limit: string): (model: ModelState) => number {
  return (model) => {
    return paneMonitors.reduce((sum, monitor, index) => sum + (monitor.turnedAway(model.memories[index]).get(limit) ?? 0), 0);
  };
}

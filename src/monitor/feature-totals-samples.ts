// What was counted of a version's features since it was first seen: states of values, violations and changes of its schema.

import { isOutput } from "../event/schema.ts";
import { kind, kindCount } from "../event/value.ts";
import type { Family, Page, Series } from "../expose/sample.ts";
import { createSeries } from "../expose/series.ts";
import { AlarmSeries, alarmFamilies } from "./alarm-samples.ts";
import type { FeatureMemory } from "./feature-memory.ts";
import { states, valuesByState } from "./feature-samples.ts";
import type { FeatureTotals } from "./feature-totals.ts";
import type { PaneTotalsWriter, Subject } from "./monitor.ts";
import { ReferenceSeries, referenceFamilies } from "./reference-samples.ts";
import { schemaChanges } from "./schema-history.ts";

const values: Family = {
  name: "ml_feature_values_total",
  help: "Values of a feature or output in closed panes by state; late events are not among them.",
  type: "counter",
  labels: ["model", "version", "feature", "state", "shard"],
};
const violations: Family = {
  name: "ml_schema_violations_total",
  help: "Values of features that are not as the configuration says, in closed panes, by reason; unexpected: of features that it does not list.",
  type: "counter",
  labels: ["model", "version", "reason", "shard"],
};
const changes: Family = {
  name: "ml_schema_changes_total",
  help: "Features that appeared, vanished, or hold another type of values than before.",
  type: "counter",
  labels: ["model", "version", "change", "shard"],
};

export const featureTotalsFamilies: readonly Family[] = [values, violations, changes, ...referenceFamilies, ...alarmFamilies];

export const violationReasons = ["missing", "wrong_type", "out_of_range", "unseen", "unexpected"] as const;
type Violations = Record<(typeof violationReasons)[number], number>;

/** Violations by reason: sums of states over the features that the configuration says something of. */
export function violationsOf(totals: FeatureTotals, memory: FeatureMemory): Violations {
  const { features } = memory.settings;
  const sums: Violations = { missing: 0, wrong_type: 0, out_of_range: 0, unseen: 0, unexpected: 0 };
  for (const [name, counts] of totals.values) {
    const settings = features.get(name);
    if (settings === undefined) {
      if (features.size > 0 && !isOutput(name)) sums.unexpected += presentOf(counts);
      continue;
    }
    if (settings.required === true) sums.missing += (counts[kind.absent] as number) + (counts[kind.null] as number);
    const [, , , , , wrongType = 0, outOfRange = 0, unseen = 0] = valuesByState(memory.of(name), counts, counts.at(-1) as number);
    sums.out_of_range += outOfRange;
    if (settings.type !== undefined || settings.edges !== undefined || settings.categories !== undefined)
      sums.wrong_type += wrongType;
    if (settings.categories !== undefined) sums.unseen += unseen;
  }
  return sums;
}

function presentOf(counts: Float64Array): number {
  let present = 0;
  for (let at = 0; at < kindCount; at++) if (at !== kind.absent) present += counts[at] as number;
  return present;
}

export function totalsWriter({ model, version }: Subject): PaneTotalsWriter<FeatureMemory, FeatureTotals> {
  const made = new Map<string, readonly Series[]>();
  const reference = new ReferenceSeries({ model, version });
  const alarm = new AlarmSeries({ model, version });
  const violationSeries = violationReasons.map((reason) => ({
    reason,
    series: createSeries(violations, [model, version, reason, "all"]),
  }));
  const changeSeries = schemaChanges.map((change) => ({
    change,
    series: createSeries(changes, [model, version, change, "all"]),
  }));

  const writeValues = (name: string, counts: Float64Array, memory: FeatureMemory, page: Page, zero: boolean): void => {
    let series = made.get(name);
    if (series === undefined) {
      series = states.map((state) => createSeries(values, [model, version, name, state, "all"]));
      made.set(name, series);
    }
    const byState = valuesByState(memory.of(name), counts, counts.at(-1) as number);
    for (const [index, one] of series.entries()) page.sample(one, zero ? 0 : (byState[index] as number));
  };
  return {
    writeState: (totals, memory, page, gate) => alarm.writeState(totals, memory, page, gate),
    write(totals, memory, page, gate) {
      reference.write(totals, memory, page, gate);
      for (const [name, counts] of totals.values) {
        if (memory.of(name).type === "undecided") continue;
        const shown = gate(name, states.length);
        if (shown !== "hidden") writeValues(name, counts, memory, page, shown === "zero");
      }
      // A feature cannot be called like this: its own names that begin with $ are escaped, outputs are few and known.
      alarm.writeCount(totals, page, gate);
      const shown = gate("$schema", violationSeries.length + changeSeries.length);
      if (shown === "hidden") return;
      const sums = violationsOf(totals, memory);
      for (const { reason, series } of violationSeries) page.sample(series, shown === "zero" ? 0 : sums[reason]);
      for (const { change, series } of changeSeries) page.sample(series, shown === "zero" ? 0 : totals.schema.counts[change]);
    },
  };
}

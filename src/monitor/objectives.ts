// Service level objectives of latency and availability: how many predictions count, and how many of them are bad.
// Burn rates are for rules to compute; what is promised is exported beside, so that no rule holds a number.

import type { Family, Series } from "../expose/sample.ts";
import { createSeries } from "../expose/series.ts";
import { readAll, writeAll } from "../primitive/bytes.ts";
import { compareText } from "../primitive/dictionary.ts";
import type { ObjectiveSettings, TotalsMonitor } from "./monitor.ts";

const labels = ["model", "version", "slo", "shard"] as const;
const events: Family = {
  name: "ml_slo_events_total",
  help: "Predictions that an objective is about.",
  type: "counter",
  labels,
};
const badEvents: Family = {
  name: "ml_slo_bad_events_total",
  help: "Predictions that missed an objective: failed, or slower than promised.",
  type: "counter",
  labels,
};
const objectiveRatio: Family = {
  name: "ml_slo_objective_ratio",
  help: "Share of predictions that is promised to be good.",
  type: "gauge",
  labels: ["model", "version", "slo"],
};

interface Tally {
  events: number;
  bad: number;
}

/** By name of the objective. */
export type Objectives = Map<string, Tally>;

/** NaN where a prediction says nothing about an objective; else 1 if it misses it. */
function misses({ belowMillis }: ObjectiveSettings, latencyMillis: number, failed: boolean): number {
  if (belowMillis === null) return failed ? 1 : 0;
  if (Number.isNaN(latencyMillis)) return Number.NaN;
  return latencyMillis > belowMillis ? 1 : 0;
}

export const objectives: TotalsMonitor<Objectives> = {
  name: "objectives",
  families: [events, badEvents, objectiveRatio],
  series: (_state, settings) => 3 * settings.objectives.length,
  zero: () => new Map(),
  count(state, frame, settings) {
    for (const objective of settings.objectives) {
      const bad = misses(objective, frame.latencyMillis, frame.failed);
      if (Number.isNaN(bad)) continue;
      const tally = state.get(objective.name);
      if (tally === undefined) {
        state.set(objective.name, { events: 1, bad });
        continue;
      }
      tally.events += 1;
      tally.bad += bad;
    }
  },
  encode(state, writer) {
    writeAll(
      writer,
      [...state].sort(([a], [b]) => compareText(a, b)),
      ([name, tally]) => {
        writer.text(name);
        writer.unsigned(tally.events);
        writer.unsigned(tally.bad);
      },
    );
  },
  decode: (reader) =>
    new Map(readAll(reader, () => [reader.text(), { events: reader.unsigned(), bad: reader.unsigned() }] as const)),
  writer({ model, version }) {
    const made = new Map<string, readonly [Series, Series, Series]>();
    const seriesOf = (name: string): readonly [Series, Series, Series] => {
      let series = made.get(name);
      if (series === undefined) {
        const names = [model, version, name];
        series = [
          createSeries(events, [...names, "all"]),
          createSeries(badEvents, [...names, "all"]),
          createSeries(objectiveRatio, names),
        ];
        made.set(name, series);
      }
      return series;
    };
    return {
      write(state, settings, page, zero) {
        for (const { name, objective } of settings.objectives) {
          const [all, bad, promised] = seriesOf(name);
          const tally = state.get(name);
          page.sample(all, zero ? 0 : (tally?.events ?? 0));
          page.sample(bad, zero ? 0 : (tally?.bad ?? 0));
          page.sample(promised, objective);
        }
      },
    };
  },
};

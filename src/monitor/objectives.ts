// Service level objectives of latency and availability: how many predictions count, and how many of them are bad; and the series
// of all objectives.
// Burn rates are for rules to compute; what is promised is exported beside, so that no rule holds a number.

import type { Family, Page, Series } from "../expose/sample.ts";
import { createSeries } from "../expose/series.ts";
import type { ObjectiveSettings, Subject, TotalsMonitor } from "./monitor.ts";
import { readTallies, type Tallies, writeTallies } from "./quality-objectives.ts";

const labels = ["model", "version", "slo", "shard"] as const;
const events: Family = {
  name: "ml_slo_events_total",
  help: "Predictions, or windows of them, that an objective is about.",
  type: "counter",
  labels,
};
const badEvents: Family = {
  name: "ml_slo_bad_events_total",
  help: "Of these those that missed it: failed, slower or worse than promised.",
  type: "counter",
  labels,
};
const objectiveRatio: Family = {
  name: "ml_slo_objective_ratio",
  help: "Share of these that is promised to be good.",
  type: "gauge",
  labels: ["model", "version", "slo"],
};

/** Series of an objective: all, bad, and what is promised. */
export const seriesEach = 3;

/** Makes the series of a version's objectives, once. */
export class ObjectiveSeries {
  readonly #subject: Subject;
  readonly #made = new Map<string, readonly [Series, Series, Series]>();

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  /** @param zero whether counters say 0 */
  write(
    { name, objective }: { readonly name: string; readonly objective: number },
    tallies: Tallies,
    page: Page,
    zero: boolean,
  ): void {
    const [all, bad, promised] = this.#seriesOf(name);
    const tally = zero ? undefined : tallies.get(name);
    page.sample(all, tally?.events ?? 0);
    page.sample(bad, tally?.bad ?? 0);
    page.sample(promised, objective);
  }

  #seriesOf(name: string): readonly [Series, Series, Series] {
    let series = this.#made.get(name);
    if (series === undefined) {
      const names = [this.#subject.model, this.#subject.version, name];
      series = [
        createSeries(events, [...names, "all"]),
        createSeries(badEvents, [...names, "all"]),
        createSeries(objectiveRatio, names),
      ];
      this.#made.set(name, series);
    }
    return series;
  }
}

/** NaN where a prediction says nothing about an objective; else 1 if it misses it. */
function misses({ belowMillis }: ObjectiveSettings, latencyMillis: number, failed: boolean): number {
  if (belowMillis === null) return failed ? 1 : 0;
  if (Number.isNaN(latencyMillis)) return Number.NaN;
  return latencyMillis > belowMillis ? 1 : 0;
}

export const objectives: TotalsMonitor<Tallies> = {
  name: "objectives",
  families: [events, badEvents, objectiveRatio],
  series: (_state, settings) => seriesEach * settings.objectives.length,
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
  encode: writeTallies,
  decode: readTallies,
  writer(subject) {
    const series = new ObjectiveSeries(subject);
    return {
      write(state, settings, page, zero) {
        for (const objective of settings.objectives) series.write(objective, state, page, zero);
      },
    };
  },
};

// The samples of the alarm of worse predictions: the one state that is alerted on, what raised it, and the evidence that it rests on.
import type { Family, Page, Series } from "../expose/sample.ts";
import { createSeries } from "../expose/series.ts";
import type { Gate, Subject } from "./monitor.ts";
import { evidenceLimitOf, type PerformanceAlarm } from "./performance-alarm.ts";
import type { PerformanceMemory } from "./performance-memory.ts";

const labels = ["model", "version"] as const;
const alarm: Family = {
  name: "ml_performance_alarm",
  help: "1 while the version's predictions are worse than in its reference, at their share of the accepted false alarms: the state to alert on.",
  type: "gauge",
  labels,
};
const alarms: Family = {
  name: "ml_performance_alarms_total",
  help: "How often that alarm began.",
  type: "counter",
  labels: [...labels, "shard"],
};
const since: Family = {
  name: "ml_performance_alarm_since_timestamp_seconds",
  help: "While that alarm is on: the event time at which it began.",
  type: "gauge",
  labels,
};
const signal: Family = {
  name: "ml_performance_alarm_signal",
  help: "1 for each loss that raised it: error (of decisions), brier, absolute_error.",
  type: "gauge",
  labels: [...labels, "loss"],
};
const evidence: Family = {
  name: "ml_performance_evidence_log10",
  help: "Evidence of a sequential detector that the loss has grown, as a power of ten.",
  type: "gauge",
  labels: [...labels, "loss"],
};
const evidenceLimit: Family = {
  name: "ml_performance_evidence_limit_log10",
  help: "The evidence from which on a loss alarms.",
  type: "gauge",
  labels,
};

export const performanceAlarmFamilies: readonly Family[] = [alarm, alarms, since, signal, evidence, evidenceLimit];

/** Makes the series of one version's alarm, each once. */
export class PerformanceAlarmSeries {
  readonly #labels: readonly string[];
  readonly #alarm: Series;
  readonly #alarms: Series;
  readonly #since: Series;
  readonly #limit: Series;
  readonly #byLoss = new Map<string, { readonly signal: Series; readonly evidence: Series }>();

  constructor({ model, version }: Subject) {
    this.#labels = [model, version];
    this.#alarm = createSeries(alarm, this.#labels);
    this.#alarms = createSeries(alarms, [...this.#labels, "all"]);
    this.#since = createSeries(since, this.#labels);
    this.#limit = createSeries(evidenceLimit, this.#labels);
  }

  /** How often it began. */
  writeCount({ alarm: { alarms: count } }: PerformanceAlarm, page: Page, gate: Gate): void {
    const shown = gate("$performance alarms", 1);
    if (shown !== "hidden") page.sample(this.#alarms, shown === "zero" ? 0 : count);
  }

  /** Nothing where nothing is watched: what is not known is not well. */
  writeState(
    { alarm: { on, raised }, episode, watched }: PerformanceAlarm,
    memory: PerformanceMemory,
    page: Page,
    gate: Gate,
  ): void {
    if (!on && memory.watched.length === 0) return;
    if (gate("$performance alarm", 2 + 2 * watched.size) === "hidden") return;
    page.sample(this.#alarm, on ? 1 : 0);
    if (on && gate("$performance alarm since", 1) !== "hidden") page.sample(this.#since, episode.sinceMillis / 1000);
    page.sample(this.#limit, memory.watched.length === 0 ? Number.NaN : evidenceLimitOf(memory));
    for (const [loss, { log10 }] of watched) {
      const series = this.#of(loss);
      page.sample(series.signal, raised.some(({ test }) => test === loss) ? 1 : 0);
      // Minus infinity before the first bet: there is no evidence yet.
      page.sample(series.evidence, Number.isFinite(log10) ? log10 : Number.NaN);
    }
  }

  #of(loss: string): { readonly signal: Series; readonly evidence: Series } {
    let series = this.#byLoss.get(loss);
    if (series === undefined) {
      series = {
        signal: createSeries(signal, [...this.#labels, loss]),
        evidence: createSeries(evidence, [...this.#labels, loss]),
      };
      this.#byLoss.set(loss, series);
    }
    return series;
  }
}

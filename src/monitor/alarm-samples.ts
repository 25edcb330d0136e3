// The samples of a version's alarm: the one state that is alerted on, what raised it, and what each test is compared with.
import type { Family, Page, Series } from "../expose/sample.ts";
import { createSeries } from "../expose/series.ts";
import { AlarmBudget } from "./alarm-budget.ts";
import type { FeatureMemory } from "./feature-memory.ts";
import type { FeatureTotals } from "./feature-totals.ts";
import type { Gate, Subject } from "./monitor.ts";

const labels = ["model", "version"] as const;
const alarm: Family = {
  name: "ml_drift_alarm",
  help: "1 while any tested signal of the version is raised at its share of the accepted false alarms: the state to alert on.",
  type: "gauge",
  labels,
};
const alarms: Family = {
  name: "ml_drift_alarms_total",
  help: "How often the version's alarm began.",
  type: "counter",
  labels: [...labels, "shard"],
};
const signal: Family = {
  name: "ml_drift_alarm_signal",
  help: "1 for each signal that is raised: a test of a feature's distribution, or the rate of a state of its values.",
  type: "gauge",
  labels: [...labels, "segment", "feature", "window", "test"],
};
const since: Family = {
  name: "ml_drift_alarm_since_timestamp_seconds",
  help: "While the alarm is on: the event time at which it began.",
  type: "gauge",
  labels,
};
const firstDeviation: Family = {
  name: "ml_drift_alarm_first_deviation_timestamp_seconds",
  help: "While the alarm is on: the start of the first minute, hour or day from which on the feature that raised it most likely differs.",
  type: "gauge",
  labels,
};
const alpha: Family = {
  name: "ml_drift_alpha",
  help: "The p-value below which a test of a window of this length alarms; with a feature only where its importance gives it another share.",
  type: "gauge",
  labels: [...labels, "feature", "window"],
};

const evidence: Family = {
  name: "ml_drift_evidence_log10",
  help: "Evidence of sequential detectors for a change, as a power of ten: of the distribution, and of states that a value was in.",
  type: "gauge",
  labels: [...labels, "segment", "feature", "detector"],
};
const evidenceLimit: Family = {
  name: "ml_drift_evidence_limit_log10",
  help: "The evidence from which on a sequential detector alarms; with a feature only where its importance gives it another share.",
  type: "gauge",
  labels: [...labels, "feature"],
};

export const alarmFamilies: readonly Family[] = [alarm, alarms, since, firstDeviation, signal, alpha, evidence, evidenceLimit];

/** Signals that are shown: more at once say nothing more. */
const mostSignals = 100;

/** Makes the series of one version's alarm, each once. */
export class AlarmSeries {
  readonly #labels: readonly string[];
  readonly #alarm: Series;
  readonly #alarms: Series;
  readonly #since: Series;
  readonly #firstDeviation: Series;
  readonly #made = new Map<string, Series>();

  constructor({ model, version }: Subject) {
    this.#labels = [model, version];
    this.#alarm = createSeries(alarm, this.#labels);
    this.#alarms = createSeries(alarms, [...this.#labels, "all"]);
    this.#since = createSeries(since, this.#labels);
    this.#firstDeviation = createSeries(firstDeviation, this.#labels);
  }

  /** How often it began. */
  writeCount(totals: FeatureTotals, page: Page, gate: Gate): void {
    const shown = gate("$alarms", 1);
    if (shown !== "hidden") page.sample(this.#alarms, shown === "zero" ? 0 : totals.alarm.alarms);
  }

  /** Nothing where nothing is tested: what is not known is not well. */
  writeState({ alarm: { on, raised }, episode, detectors }: FeatureTotals, memory: FeatureMemory, page: Page, gate: Gate): void {
    const budget = new AlarmBudget(memory, this.#labels[1] as string);
    if (!on && !budget.tests("")) return;
    if (gate("$alarm", 1) === "hidden") return;
    page.sample(this.#alarm, on ? 1 : 0);
    if (on && gate("$alarm since", 2) !== "hidden") {
      page.sample(this.#since, episode.sinceMillis / 1000);
      page.sample(this.#firstDeviation, episode.firstDeviationMillis / 1000);
    }
    this.#writeLimits(budget, memory, page, gate);
    for (const [segment, feature, { evidence: found }] of detectors.all()) {
      if (gate(`evidence ${segment} ${feature}`, found.size) === "hidden") continue;
      // Minus infinity before the first bet: there is no evidence yet.
      for (const [test, log10] of found) {
        page.sample(this.#series(evidence, [segment, feature, test]), Number.isFinite(log10) ? log10 : Number.NaN);
      }
    }
    if (gate("$alarm signals", Math.min(mostSignals, raised.length)) === "hidden") return;
    const nameOf = (length: number): string => memory.settings.drift.windows.find(({ millis }) => millis === length)?.name ?? "";
    for (const { segment, feature, windowMillis, test } of raised.slice(0, mostSignals)) {
      page.sample(this.#series(signal, [segment, feature, nameOf(windowMillis), test]), 1);
    }
  }

  #writeLimits(budget: AlarmBudget, { settings }: FeatureMemory, page: Page, gate: Gate): void {
    const { windows } = settings.drift;
    const weighted = [...settings.features.keys()].filter((name) => budget.weight(name) !== 1);
    if (gate("$limits", (1 + weighted.length) * (1 + windows.length)) === "hidden") return;
    // A name that no feature has stands for those of the usual share.
    for (const feature of ["", ...weighted]) page.sample(this.#series(evidenceLimit, [feature]), budget.evidence(feature));
    for (const { millis, name } of windows) {
      for (const feature of ["", ...weighted]) {
        page.sample(this.#series(alpha, [feature, name]), budget.alpha(feature, millis));
      }
    }
  }

  #series(family: Family, more: readonly string[]): Series {
    const key = JSON.stringify([family.name, ...more]);
    let series = this.#made.get(key);
    if (series === undefined) {
      series = createSeries(family, [...this.#labels, ...more]);
      this.#made.set(key, series);
    }
    return series;
  }
}

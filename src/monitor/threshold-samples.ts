// The samples of thresholds: whatever a rule compares a model's series with, from the configuration. Rules are the same for all
// models because of them.
import type { Family, Page, Series } from "../expose/sample.ts";
import { createSeries } from "../expose/series.ts";
import { hourMillis } from "../window/resolution.ts";
import type { Bound } from "./alert-settings.ts";
import type { Gate, ModelSettings, Subject } from "./monitor.ts";
import { cohortWidthMillis } from "./performance-cohorts.ts";

const threshold: Family = {
  name: "ml_threshold",
  help: "What a rule compares the metric with, from the configuration: bad is above it (bound most) or below it (least); of missing, null, wrong_type and unseen: how much more often than in the reference. An empty window: it is for all.",
  type: "gauge",
  labels: ["model", "version", "feature", "metric", "window", "bound"],
};
const falseAlarms: Family = {
  name: "ml_drift_false_alarms_per_day",
  help: "Alarms without a reason that the configuration accepts of the version, of all its signals together.",
  type: "gauge",
  labels: ["model", "version"],
};

export const thresholdFamilies: readonly Family[] = [threshold, falseAlarms];

export interface Threshold {
  readonly metric: string;
  /** "" for all. */
  readonly window: string;
  readonly bound: Bound;
  readonly value: number;
}

const dayMillis = 24 * hourMillis;
/** A cohort is ripe within its horizon; it is shown when its window is over, and until the next one is. What is more is late. */
const windowsOfCohort = 2;
const cohortSlackMillis = hourMillis;

/** Of every version of a model. */
export function* thresholdsOf(settings: ModelSettings): Iterable<Threshold> {
  const { alerts, drift, performance, objectives } = settings;
  const most = (metric: string, value: number, window = ""): Threshold => ({ metric, window, bound: "most", value });
  const least = (metric: string, value: number, window = ""): Threshold => ({ metric, window, bound: "least", value });
  yield most("drifting_features_ratio", alerts.driftingShare);
  yield most("reference_age_seconds", alerts.referenceAgeMillis / 1000);
  yield most("event_delay_seconds", alerts.eventDelayMillis / 1000);
  if (alerts.silenceMillis !== null) yield most("prediction_silence_seconds", alerts.silenceMillis / 1000);
  for (const [state, more] of Object.entries(drift.tolerance)) yield most(`${state}_ratio`, more);
  yield most("schema_violations_ratio", alerts.schemaViolations);
  yield least("volume_low_ratio", alerts.volume.low);
  yield most("volume_high_ratio", alerts.volume.high);
  if (objectives.length > 0 || (performance?.objectives.length ?? 0) > 0) yield least("slo_events", alerts.sloEvents);
  if (performance === null) return;
  yield most("performance_change_ratio", alerts.performanceChange);
  if (alerts.outcomeSilenceMillis !== null) yield most("outcome_silence_seconds", alerts.outcomeSilenceMillis / 1000);
  const nameOf = (length: number): string => drift.windows.find(({ millis }) => millis === length)?.name ?? "";
  for (const { millis, name } of drift.windows) {
    // Of a shorter window there are no cohorts.
    if (millis % cohortWidthMillis(settings) !== 0) continue;
    yield most("cohort_age_seconds", (performance.horizonMillis + windowsOfCohort * millis + cohortSlackMillis) / 1000, name);
  }
  for (const { metric, windowMillis, bound, limit } of alerts.performance) {
    yield { metric, window: nameOf(windowMillis), bound, value: limit };
  }
}

/** What is accepted of drift and of worse predictions: two parts of what was said. */
function falseAlarmsPerDay({ drift, performance }: ModelSettings): number {
  const parts = [drift.falseAlarms, ...(performance === null ? [] : [performance.falseAlarms])];
  return parts.reduce((sum, { count, millis }) => sum + (count * dayMillis) / millis, 0);
}

/** Makes the series of one version, anew where a reload has changed what is said of the model. */
export class ThresholdSeries {
  readonly #subject: readonly string[];
  #of: ModelSettings | null = null;
  #samples: readonly (readonly [series: Series, value: number])[] = [];

  constructor({ model, version }: Subject) {
    this.#subject = [model, version];
  }

  write(settings: ModelSettings, page: Page, gate: Gate): void {
    if (this.#of !== settings) {
      this.#of = settings;
      this.#samples = this.#samplesOf(settings);
    }
    if (gate("thresholds", this.#samples.length) === "hidden") return;
    for (const [series, value] of this.#samples) page.sample(series, value);
  }

  #samplesOf(settings: ModelSettings): (readonly [Series, number])[] {
    const thresholds = [...thresholdsOf(settings)].map(({ metric, window, bound, value }) => {
      return [createSeries(threshold, [...this.#subject, "", metric, window, bound]), value] as const;
    });
    return [...thresholds, [createSeries(falseAlarms, this.#subject), falseAlarmsPerDay(settings)]];
  }
}

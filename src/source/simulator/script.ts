// The script of the demo: one incident after another, what to tell a person about each, and the series that show it.
import { batchEveryMillis } from "./forecast.ts";
import type { Effect, Incident } from "./incident.ts";
import type { StoryName } from "./story.ts";

const minuteMillis = 60_000;
/** Before a job is due. */
const shortlyMillis = 30_000;

/** A series that an incident moves; labels that are not named may have any value. */
export interface Watch {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** How it moves: a counter by its rate; `appears`: it did not exist; `stalls`: it stands still though it should not. */
  readonly moves: "rises" | "falls" | "appears" | "stalls";
}

export interface ScriptedIncident {
  readonly id: string;
  readonly story: StoryName;
  readonly effect: Effect;
  /** From the moment at which the script begins. */
  readonly afterMillis: number;
  readonly durationMillis: number;
  /** What a person is told when it begins. */
  readonly message: string;
  /** The page that shows it. */
  readonly page: string;
  readonly watch: readonly Watch[];
}

/** A scripted incident with its times. */
export interface ScheduledIncident extends ScriptedIncident, Incident {}

/** After this long the script may begin again: a multiple of the jobs' period. */
export const scriptMillis = 4 * batchEveryMillis;

/** The script's incidents, where it begins at some moment: the origin of the streams, or whole periods of the job later. */
export function scheduled(script: readonly ScriptedIncident[], momentMillis: number): ScheduledIncident[] {
  return script.map((incident) => {
    const startMillis = momentMillis + incident.afterMillis;
    return { ...incident, startMillis, endMillis: startMillis + incident.durationMillis };
  });
}

const windowOf = (model: string, feature: string): Readonly<Record<string, string>> => ({
  model,
  segment: "",
  feature,
  window: "1h",
});

/** By the outcomes of the last hour. Version 4 of the fraud model has a tenth of the traffic, too little to see it there. */
const performanceOf = (model: string, version: string, metric: string): Readonly<Record<string, string>> => ({
  model,
  version,
  segment: "",
  window: "1h",
  metric,
  by: "outcome",
  threshold: "",
});

export const demoScript: readonly ScriptedIncident[] = [
  {
    id: "fraud-amount-in-cents",
    story: "fraud",
    effect: { kind: "scaled", feature: "amount", factor: 100 },
    afterMillis: minuteMillis,
    durationMillis: 4 * minuteMillis,
    message:
      "Amounts of payments arrive in cents: the fraud model takes them for large ones and calls many fraud. Reviews show its false-positive rate rise.",
    page: "/models/fraud",
    watch: [
      { name: "ml_window_mean", labels: windowOf("fraud", "amount"), moves: "rises" },
      { name: "ml_window_mean", labels: windowOf("fraud", "$score"), moves: "rises" },
      { name: "ml_performance", labels: performanceOf("fraud", "3", "false_positive_rate"), moves: "rises" },
    ],
  },
  {
    id: "recommendation-feature-missing",
    story: "recommendation",
    effect: { kind: "missing", feature: "days_since_last_visit" },
    afterMillis: 6 * minuteMillis,
    durationMillis: 4 * minuteMillis,
    message: "The recommender no longer gets days_since_last_visit: the feature is missing from every event.",
    page: "/models/recommendation",
    watch: [
      {
        name: "ml_feature_values_total",
        labels: { model: "recommendation", feature: "days_since_last_visit", state: "missing" },
        moves: "rises",
      },
    ],
  },
  {
    id: "fraud-slow",
    story: "fraud",
    effect: { kind: "slow", factor: 12 },
    afterMillis: 11 * minuteMillis,
    durationMillis: 3 * minuteMillis,
    message: "The fraud model answers twelve times slower than usual.",
    page: "/models/fraud",
    watch: [
      { name: "ml_prediction_latency_seconds_sum", labels: { model: "fraud" }, moves: "rises" },
      { name: "ml_prediction_latency_seconds_bucket", labels: { model: "fraud", le: "0.1" }, moves: "falls" },
    ],
  },
  {
    id: "forecast-late",
    story: "forecast",
    effect: { kind: "late_job" },
    afterMillis: batchEveryMillis - shortlyMillis,
    durationMillis: batchEveryMillis / 2,
    message: "The forecast job does not start when it is due.",
    page: "/models/forecast",
    watch: [{ name: "ml_batch_last_success_timestamp_seconds", labels: { model: "forecast" }, moves: "stalls" }],
  },
  {
    id: "fraud-number-as-text",
    story: "fraud",
    effect: { kind: "text", feature: "transactions_24h" },
    afterMillis: 23 * minuteMillis,
    durationMillis: 3 * minuteMillis,
    message: "A new release of the payment service writes transactions_24h as a text instead of a number.",
    page: "/models/fraud",
    watch: [
      {
        name: "ml_feature_values_total",
        labels: { model: "fraud", feature: "transactions_24h", state: "wrong_type" },
        moves: "rises",
      },
      { name: "ml_schema_violations_total", labels: { model: "fraud", reason: "wrong_type" }, moves: "rises" },
    ],
  },
  {
    id: "forecast-failed",
    story: "forecast",
    effect: { kind: "failed_job" },
    afterMillis: 2 * batchEveryMillis - shortlyMillis,
    durationMillis: 2 * minuteMillis,
    message: "The forecast job fails: no store gets a forecast.",
    page: "/models/forecast",
    watch: [
      { name: "ml_batch_runs_total", labels: { model: "forecast", state: "failed" }, moves: "rises" },
      { name: "ml_batch_last_success_timestamp_seconds", labels: { model: "forecast" }, moves: "stalls" },
    ],
  },
  {
    id: "recommendation-cheap-orders",
    story: "recommendation",
    effect: { kind: "cheap_orders", version: "2026-11", factor: 0.05 },
    afterMillis: 32 * minuteMillis,
    durationMillis: 11 * minuteMillis,
    message: "Orders that follow from version 2026-11 of the recommender are worth a twentieth of what they were.",
    page: "/models/recommendation",
    watch: [
      { name: "ml_business_value_total", labels: { model: "recommendation", version: "2026-11", unit: "EUR" }, moves: "falls" },
    ],
  },
  {
    id: "forecast-feature-renamed",
    story: "forecast",
    effect: { kind: "renamed", feature: "price_index", to: "price_level" },
    afterMillis: 3 * batchEveryMillis - shortlyMillis,
    durationMillis: 2 * minuteMillis,
    message: "The forecast's input table calls price_index price_level now.",
    page: "/models/forecast",
    watch: [
      {
        name: "ml_feature_values_total",
        labels: { model: "forecast", feature: "price_index", state: "missing" },
        moves: "rises",
      },
      { name: "ml_feature_values_total", labels: { model: "forecast", feature: "price_level", state: "ok" }, moves: "appears" },
      { name: "ml_schema_violations_total", labels: { model: "forecast" }, moves: "rises" },
    ],
  },
  {
    id: "fraud-labels-stop",
    story: "fraud",
    effect: { kind: "no_outcomes" },
    afterMillis: 47 * minuteMillis,
    durationMillis: 10 * minuteMillis,
    message: "No reviewed payment is reported any more: the fraud model works unseen.",
    page: "/models/fraud",
    watch: [{ name: "ml_outcomes_total", labels: { model: "fraud" }, moves: "stalls" }],
  },
];

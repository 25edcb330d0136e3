// One model: is it alive, is it as promised, is it still the model that was released? For whoever owns it, and on call.
import { beginnings } from "../beginnings.ts";
import { perSecond, quantile } from "../promql.ts";
import type { Board, Panel } from "../spec.ts";
import { metric, model, output, version, window } from "../variables.ts";
import { drift, outputs } from "./model-drift.ts";
import { performance, versions } from "./model-performance.ts";
import { noTraffic, notPromised, ofModel, quietOr } from "./of-model.ts";
import { stream } from "./stream.ts";

const { lines, curves, stat } = beginnings(noTraffic);
const wide = { width: 6 } as const;
const failedShare =
  `${perSecond(`ml_prediction_errors_total{${ofModel}}`, "version")} / ` +
  `(${perSecond(`ml_predictions_total{${ofModel}}`, "version")} > 0)`;
const noShare = "No prediction came in the last minutes, so there is no share.";
const noLatency = "No prediction with latency_ms came in the last minutes.";

const now: readonly Panel[] = [
  {
    ...stat("Predictions", "Per second, failed ones included. None, where there should be some: is the model serving?"),
    ...wide,
    unit: "cps",
    queries: [{ expr: perSecond(`ml_predictions_total{${ofModel}}`, "version"), name: "version {{version}}" }],
  },
  {
    ...stat("Failed", "Share of predictions with status error."),
    ...wide,
    unit: "percentunit",
    queries: [{ expr: failedShare, name: "version {{version}}" }],
    noData: noShare,
  },
  {
    ...stat("Slowest hundredth", "99th percentile of latency_ms: one in a hundred predictions takes longer."),
    ...wide,
    unit: "s",
    queries: [{ expr: quantile(0.99, "ml_prediction_latency_seconds", ofModel, "version"), name: "version {{version}}" }],
    noData: noLatency,
  },
  {
    ...stat("Last prediction", "How long ago, by its own time."),
    ...wide,
    unit: "s",
    queries: [
      { expr: `time() - model_version:ml_last_prediction_timestamp_seconds:max{${ofModel}}`, name: "version {{version}}" },
    ],
  },
  {
    ...stat(
      "Drift alarm",
      "Whether inputs or outputs differ from the reference by more than matters, at the accepted rate of false alarms.",
    ),
    ...wide,
    queries: [{ expr: `model_version:ml_drift_alarm:max{${ofModel}}`, name: "version {{version}}" }],
    words: quietOr("drifts"),
    link: { board: "ml-feature", labels: ["version"], keep: ["model", "window"] },
  },
  {
    ...stat("Performance alarm", "Whether predictions are worse than in the reference, at the accepted rate of false alarms."),
    ...wide,
    queries: [{ expr: `model_version:ml_performance_alarm:max{${ofModel}}`, name: "version {{version}}" }],
    words: quietOr("worse"),
    noData: "Not watched: it takes a reference with labels, and a day of labels after the horizon of the first.",
    link: { board: "ml-performance", labels: ["version"], keep: ["model", "window"] },
  },
  {
    ...stat("Budget left", "Of the objective that has least left of its error budget of 30 days. Below zero it is spent."),
    ...wide,
    unit: "percentunit",
    queries: [{ expr: `1 - max by (version) (slo:period_budget_spent:ratio{${ofModel}})`, name: "version {{version}}" }],
    steps: [
      [null, "red"],
      [0, "orange"],
      [0.25, "green"],
    ],
    noData: notPromised,
    link: { board: "ml-slo", labels: ["version"], keep: ["model"] },
  },
  {
    ...stat("Alerts", "Alerts of this model that fire, by severity: critical pages, warning is a ticket."),
    ...wide,
    queries: [{ expr: 'count by (severity) (ALERTS{alertstate="firing", model="$model"})', name: "{{severity}}" }],
    noData: "No alert of this model fires.",
    link: { board: "ml-alerts", labels: ["severity"], keep: ["model"] },
  },
];

const traffic: readonly Panel[] = [
  {
    ...lines("Predictions", "Per second by version. A new version takes over what another loses."),
    unit: "cps",
    stacked: true,
    queries: [{ expr: perSecond(`ml_predictions_total{${ofModel}}`, "version"), name: "version {{version}}" }],
  },
  {
    ...lines("Failed", "Share of predictions with status error. Of one version only: its release; of all: what they all need."),
    unit: "percentunit",
    queries: [{ expr: failedShare, name: "version {{version}}" }],
    noData: noShare,
  },
  {
    ...lines("Latency", "Half of the predictions take less than the lower lines, 99 of 100 less than the upper ones."),
    unit: "s",
    queries: [
      { expr: quantile(0.5, "ml_prediction_latency_seconds", ofModel, "version"), name: "half, version {{version}}" },
      { expr: quantile(0.99, "ml_prediction_latency_seconds", ofModel, "version"), name: "99 %, version {{version}}" },
    ],
    noData: noLatency,
  },
  ...stream,
];

const objectives: readonly Panel[] = [
  {
    ...lines(
      "Bad events in an hour",
      "Share by objective, and the share from which on the error budget of a month burns too fast.",
    ),
    width: 12,
    unit: "percentunit",
    queries: [
      { expr: `slo:sli_error:ratio{${ofModel}, sloth_window="1h"}`, name: "{{slo}}, version {{version}}" },
      {
        expr: `slo:burn_limit:ratio{${ofModel}, sloth_window="1h"}`,
        name: "too many, {{slo}}, version {{version}}",
        limitOf: "ModelSloBurningFast",
      },
    ],
    noData: notPromised,
  },
  {
    ...curves("Budget left", "Of 30 days. At zero changes that are no repairs wait (ModelSloBudgetExhausted)."),
    width: 12,
    unit: "percentunit",
    max: 1,
    queries: [{ expr: `1 - slo:period_budget_spent:ratio{${ofModel}}`, name: "{{slo}}, version {{version}}" }],
    limit: { alert: "ModelSloBudgetExhausted", value: 0 },
    noData: notPromised,
  },
];

export const modelBoard: Board = {
  uid: "ml-model",
  title: "ML: model",
  audience: "For those who own a model, and for whoever is called because of it.",
  questions: [
    "Does it serve, as much and as fast as usual?",
    "Does it keep its promises?",
    "Does what goes in and comes out still look like the reference, and which features do not?",
    "How good are its predictions, as far as labels tell?",
    "Which versions are in use, and since when?",
  ],
  variables: [model, version, window, output, metric],
  annotations: "models",
  rows: [
    { title: "Now", panels: now },
    { title: "Traffic", panels: traffic },
    { title: "Objectives", panels: objectives },
    { title: "Output: $output", panels: outputs },
    { title: "Drift", panels: drift },
    { title: "Performance", panels: performance },
    { title: "Versions", panels: versions },
  ],
};

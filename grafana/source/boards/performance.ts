// How good a model's predictions are: by labels, by estimates, by segments; and whether labels come. For those who own the model.
import { beginnings } from "../beginnings.ts";
import { gauge, greatest } from "../promql.ts";
import type { Board, Panel } from "../spec.ts";
import { metric, model, version, window } from "../variables.ts";
import { noLabels, ofAll, ofModel, ofWindow, quietOr, whole } from "./of-model.ts";
import { calibration, labels, noOutcomes, sinceOutcome } from "./performance-labels.ts";
import { realised, ripe, shortfall } from "./realised.ts";

const { lines, curves, stat, table } = beginnings(noLabels);
const ofMetric = `${whole}, metric="$metric"`;
const byOutcome = `${ofAll}, by="outcome", ${ofMetric}`;
const wide = { width: 12 } as const;

const now: readonly Panel[] = [
  {
    ...stat("$metric now", "By outcomes in the window."),
    decimals: 4,
    queries: [{ expr: gauge(`ml_performance{${byOutcome}}`, "version"), name: "version {{version}}" }],
  },
  {
    ...stat("In the reference", "What the metric was where the model was released with."),
    decimals: 4,
    queries: [{ expr: gauge(`ml_performance_reference{${ofModel}, ${ofMetric}}`, "version"), name: "version {{version}}" }],
    noData: "The reference has no labels, or this metric is not of this model.",
  },
  {
    ...stat("Labels", "That the metric is of; of weighted events the effective number. Below 30 there is no metric."),
    decimals: 0,
    queries: [{ expr: gauge(`ml_performance_samples{${byOutcome}}`, "version"), name: "version {{version}}" }],
  },
  {
    ...stat("With a label", "Share of the predictions of the window, by their own time, that have a label by now."),
    unit: "percentunit",
    queries: [{ expr: gauge(`ml_label_coverage_ratio{${ofWindow}}`, "version"), name: "version {{version}}" }],
    noData: noOutcomes,
  },
  {
    ...stat("Last outcome", "How long ago, by its own time."),
    unit: "s",
    queries: [
      {
        expr: sinceOutcome,
        name: "{{model}}",
      },
    ],
    noData: noOutcomes,
  },
  {
    ...stat("Alarm", "Whether predictions are worse than in the reference, at the accepted rate of false alarms."),
    queries: [{ expr: `model_version:ml_performance_alarm:max{${ofModel}}`, name: "version {{version}}" }],
    words: quietOr("worse"),
    noData: "Not watched: it takes a reference with labels, and a day of labels after the horizon of the first.",
  },
];

const before: readonly Panel[] = [
  {
    ...curves(
      "Estimated",
      "What the metric is if scores mean what they meant in the reference: no labels are needed, and that they do not mean it any more cannot be seen. Beside what labels say.",
    ),
    ...wide,
    queries: [
      { expr: gauge(`ml_performance_estimated{${ofAll}, metric="$metric"}`, "version"), name: "estimated, version {{version}}" },
      { expr: gauge(`ml_performance{${byOutcome}}`, "version"), name: "by outcomes, version {{version}}" },
    ],
  },
  {
    ...lines(
      "How wrong estimates were",
      "Of the last 26 windows of which all labels have come since: typically, and at the most. What an estimate is to be trusted to.",
    ),
    ...wide,
    queries: [
      {
        expr: `model_version_window_metric_gap:ml_performance_estimate_gap:max{${ofWindow}, metric="$metric"}`,
        name: "{{gap}}, version {{version}}",
      },
    ],
    noData: "No window of estimates has all of its labels yet.",
  },
  shortfall,
  {
    ...curves(
      "Against objectives",
      "By how much an objective of the configuration (alerts.performance) is missed at the better end of the interval. Above zero it is missed.",
    ),
    ...wide,
    queries: [
      {
        expr: `model_version_window_metric:ml_performance_beyond_objective:difference{${ofModel}}`,
        name: "{{metric}} in {{window}}, version {{version}}",
      },
    ],
    limit: { alert: "ModelPerformanceBelowObjective", value: 0 },
    noData: "No objective of performance is configured for this model (alerts.performance).",
  },
];

const parts: readonly Panel[] = [
  {
    ...curves(
      "$metric by segment",
      "Of the ten segments with most labels now, by outcomes. One segment alone: something that only this part of the traffic has.",
    ),
    ...wide,
    queries: [
      {
        expr: `${gauge(`ml_performance{${ofWindow}, segment!="", by="outcome", ${ofMetric}}`, "version, segment")} and on (version, segment) topk(10, last_over_time((${gauge(`ml_performance_samples{${ofWindow}, segment!="", by="outcome", ${ofMetric}}`, "version, segment")})[5m:1m] @ end()))`,
        name: "{{segment}}, version {{version}}",
      },
    ],
    noData: "The model has no segments, or none has 30 labels in this window.",
  },
  {
    ...table("Segments now", "The fifty with most labels, by outcomes, with intervals: the fewer labels, the wider."),
    labels: { segment: "Segment", version: "Version" },
    queries: (["ml_performance", "ml_performance_lower", "ml_performance_upper", "ml_performance_samples"] as const).map(
      (family, index) => ({
        expr: `${gauge(`${family}{${ofWindow}, segment!="", by="outcome", ${ofMetric}}`, "version, segment")} and on (version, segment) topk(50, ${gauge(`ml_performance_samples{${ofWindow}, segment!="", by="outcome", ${ofMetric}}`, "version, segment")})`,
        name: ["Value", "From", "To", "Labels"][index] as string,
        decimals: index === 3 ? 0 : 4,
      }),
    ),
    sortBy: "Labels",
    noData: "The model has no segments, or none has 30 labels in this window.",
  },
  {
    ...curves(
      "Thresholds, horizons and classes",
      "The metric at other thresholds of decision, at horizons of a forecast, or of single classes: twenty at most.",
    ),
    ...wide,
    queries: [
      {
        expr: greatest(
          20,
          gauge(`ml_performance{${ofAll}, by="outcome", metric="$metric"}`, "version, threshold, horizon, class"),
          "version, threshold, horizon, class",
        ),
        name: "{{threshold}} {{horizon}} {{class}} version {{version}}",
      },
    ],
  },
  {
    ...table("What was taken for what", "Labels by what was predicted, by outcomes in the window: the fifty most frequent."),
    labels: { label: "Label", prediction: "Prediction", version: "Version" },
    queries: [
      {
        expr: `topk(50, ${gauge(`ml_performance_confusion{${ofAll}}`, "version, label, prediction")})`,
        name: "Cases",
        decimals: 0,
      },
    ],
    sortBy: "Cases",
    noData: "It is not exported: outcomes.confusion asks for it, of models of classes.",
  },
];

export const performanceBoard: Board = {
  uid: "ml-performance",
  title: "ML: performance",
  audience: "For those who own a model: how good it is, as far as labels tell.",
  questions: [
    "Is a metric worse than in the reference, by more than chance?",
    "Which part of the traffic is it?",
    "Do labels come, how late, and of how many predictions?",
    "What do estimates say before labels come, and can they be trusted?",
    "Do scores still mean what they say?",
  ],
  variables: [model, version, window, metric],
  annotations: "models",
  from: "now-24h",
  rows: [
    { title: "Now", panels: now },
    { title: "By labels", panels: [realised, ripe] },
    { title: "Estimates and limits", panels: before },
    { title: "Parts of the traffic", panels: parts },
    { title: "Labels", panels: labels },
    { title: "Calibration and value", panels: calibration },
  ],
};

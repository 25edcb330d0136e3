// Of the board of performance: whether labels come and how late, and whether scores still mean what they say.
import { beginnings } from "../beginnings.ts";
import { gauge, perSecond, quantile, thresholdOfModel } from "../promql.ts";
import type { Panel } from "../spec.ts";
import { noLabels, ofAll, ofModel, whole } from "./of-model.ts";
import { coverage } from "./realised.ts";

const { lines, curves } = beginnings(noLabels);
const wide = { width: 12 } as const;
export const noOutcomes = "No outcome of this model has come in this time, or none is read.";
export const sinceOutcome = `time() - ${gauge('ml_last_outcome_timestamp_seconds{model="$model"}', "model")}`;

export const labels: readonly Panel[] = [
  {
    ...lines(
      "Outcomes",
      "Per second by what became of them: joined with their prediction, orphaned, repeated, late. Many orphans: ids do not match, or predictions are missing.",
    ),
    unit: "cps",
    queries: [{ expr: perSecond(`ml_outcomes_total{model="$model"}`, "state"), name: "{{state}}" }],
    noData: noOutcomes,
  },
  {
    ...lines(
      "Delay of labels",
      "From a prediction to its outcome: half come sooner than the lower lines, 95 of 100 sooner than the upper ones.",
    ),
    unit: "s",
    queries: [
      { expr: quantile(0.5, "ml_label_delay_seconds", ofModel, "version"), name: "half, version {{version}}" },
      { expr: quantile(0.95, "ml_label_delay_seconds", ofModel, "version"), name: "95 %, version {{version}}" },
    ],
    noData: noOutcomes,
  },
  {
    ...lines("Since the last outcome", "And how long may pass before somebody is told."),
    unit: "s",
    queries: [
      {
        expr: sinceOutcome,
        name: "{{model}}",
      },
      { expr: thresholdOfModel("outcome_silence_seconds"), name: "too long", limitOf: "ModelLabelsStopped" },
    ],
    noData: noOutcomes,
  },
  coverage,
  {
    ...lines(
      "Age of the newest ripe window",
      "How old the newest window of predictions is that enough labels have come for, and how old it may be.",
    ),
    ...wide,
    unit: "s",
    queries: [
      {
        expr: `time() - ${gauge(`ml_performance_cohort_end_timestamp_seconds{${ofModel}, segment=""}`, "version, window")}`,
        name: "{{window}}, version {{version}}",
      },
      {
        expr: `max by (version, window) (model_version:ml_threshold:max{metric="cohort_age_seconds", ${ofModel}})`,
        name: "too old, {{window}}, version {{version}}",
        limitOf: "ModelLabelCoverageLow",
      },
    ],
    noData: "No window of predictions has enough labels yet (outcomes.mature).",
  },
  {
    ...lines(
      "Waiting for their outcome",
      "Predictions that may still get a label, those whose time ran out, and labels that say nothing.",
    ),
    ...wide,
    queries: [
      { expr: gauge('ml_predictions_pending{model="$model"}', "model"), name: "waiting" },
      { expr: perSecond('ml_predictions_expired_total{model="$model"}', "model"), name: "expired a second" },
      { expr: perSecond('ml_labels_unusable_total{model="$model"}', "model"), name: "unusable a second" },
    ],
    noData: noOutcomes,
  },
  {
    ...curves(
      "Evidence that losses have grown",
      "Of a sequential detector, as powers of ten. At the dashed line it raises the alarm.",
    ),
    ...wide,
    queries: [
      { expr: gauge(`ml_performance_evidence_log10{${ofModel}}`, "version, loss"), name: "{{loss}}, version {{version}}" },
      {
        expr: gauge(`ml_performance_evidence_limit_log10{${ofModel}}`, "version"),
        name: "alarm, version {{version}}",
        limitOf: "ModelPerformanceAlarm",
      },
    ],
    noData: "Not watched: it takes a reference with labels, and a day of labels after the horizon of the first.",
  },
];

export const calibration: readonly Panel[] = [
  {
    ...curves(
      "Scores and labels",
      "The mean score beside the share of positive labels. Apart: scores are no probabilities any more.",
    ),
    ...wide,
    queries: [
      {
        expr: gauge(`ml_performance{${ofAll}, by="outcome", ${whole}, metric=~"score_mean|label_mean"}`, "version, metric"),
        name: "{{metric}}, version {{version}}",
      },
    ],
    noData: "The model has no scores with labels of yes and no in this window.",
  },
  {
    ...lines(
      "Calibration error",
      "Mean distance of scores from the share of positives that have them: at equal numbers of labels only can it be compared.",
    ),
    ...wide,
    queries: [
      {
        expr: gauge(`ml_performance{${ofAll}, by="outcome", ${whole}, metric="calibration_error"}`, "version"),
        name: "version {{version}}",
      },
      {
        expr: gauge(`ml_performance_reference{${ofModel}, ${whole}, metric="calibration_error"}`, "version"),
        name: "reference, version {{version}}",
      },
    ],
    noData: "The model has no scores with labels of yes and no in this window.",
  },
  {
    ...lines("Value", "What outcomes were worth, for each second, by unit; and what of it was given back."),
    width: 24,
    queries: [
      { expr: perSecond(`ml_business_value_total{${ofModel}}`, "version, unit"), name: "{{unit}}, version {{version}}" },
      {
        expr: perSecond(`ml_business_value_returned_total{${ofModel}}`, "version, unit"),
        name: "given back: {{unit}}, version {{version}}",
      },
    ],
    noData: "Outcomes of this model carry no value.",
  },
];

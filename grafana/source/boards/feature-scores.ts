// Of the board of a feature: its scores with what they are compared with, and the states that its values are in.
import { beginnings } from "../beginnings.ts";
import { gauge } from "../promql.ts";
import type { Panel } from "../spec.ts";
import { noReference, noScores, ofModel, ofWindow } from "./of-model.ts";

const { lines, curves, table } = beginnings(noScores);
export const ofFeature = `${ofWindow}, feature="$feature", segment=~"$segment"`;
export const ofReference = `${ofModel}, feature="$feature"`;
export const scores: readonly Panel[] = [
  {
    ...lines(
      "Scores over time",
      "Every method that is exported. docs/scores.md says what each means; they differ in scale, not in what they look at.",
    ),
    queries: [{ expr: gauge(`ml_drift_score{${ofFeature}}`, "version, method"), name: "{{method}}, version {{version}}" }],
  },
  {
    ...lines(
      "p-values over time",
      "By test, and the limit below which one raises the alarm. On an axis of powers of ten: small is drift.",
    ),
    unit: "sci",
    log: true,
    queries: [
      { expr: gauge(`ml_drift_p_value{${ofFeature}}`, "version, test"), name: "{{test}}, version {{version}}" },
      {
        expr: gauge(`ml_drift_alpha{${ofWindow}, feature=""}`, "version"),
        name: "alarm, version {{version}}",
        limitOf: "ModelDriftAlarm",
      },
    ],
    noData: "No p-value: the reference does not know how much windows differ, or the values never vary.",
  },
  {
    ...curves(
      "Evidence, minute by minute",
      "Of sequential detectors, as powers of ten: the distribution, and each state that a value was in.",
    ),
    queries: [
      {
        expr: gauge(`ml_drift_evidence_log10{${ofReference}, segment=~"$segment"}`, "version, detector"),
        name: "{{detector}}, version {{version}}",
      },
      {
        expr: gauge(`ml_drift_evidence_limit_log10{${ofModel}, feature=""}`, "version"),
        name: "alarm, version {{version}}",
        limitOf: "ModelDriftAlarm",
      },
    ],
    noData: "No detector looks at it: it has no reference, or its values never vary.",
  },
  {
    ...table(
      "What it is compared with",
      "The reference of each version, and whether it knows how much windows differ without drift: else there are no p-values.",
    ),
    width: 24,
    height: 5,
    labels: { version: "Version", kind: "Reference", reference: "Its hash" },
    queries: [
      { expr: gauge(`ml_reference_info{${ofModel}}`, "version, kind, reference"), name: "Compared", decimals: 0 },
      { expr: gauge(`ml_reference_rows{${ofModel}}`, "version"), name: "Rows", decimals: 0 },
      {
        expr: `1000 * ${gauge(`ml_reference_end_timestamp_seconds{${ofModel}}`, "version")}`,
        name: "Ends",
        unit: "dateTimeFromNow",
      },
      { expr: gauge(`ml_drift_calibrated{${ofFeature}}`, "version"), name: "Calibrated", decimals: 0 },
      { expr: gauge(`ml_drift_calibration_remaining_seconds{${ofFeature}}`, "version"), name: "Calibrated in", unit: "s" },
    ],
    noData: noReference,
  },
];

const recorded = "model_version_feature_state:ml_feature_values";
export const states: readonly Panel[] = [
  {
    ...lines(
      "Values that are not ok",
      "Share of the last hour by state, and what the reference and the tolerance allow (dashed).",
    ),
    width: 12,
    unit: "percentunit",
    queries: [
      {
        expr: `sum by (version, state) (${recorded}:ratio_increase1h{${ofReference}, state!="ok"})`,
        name: "{{state}}, version {{version}}",
      },
      {
        expr: `max by (version, state) (${recorded}_allowed:ratio{${ofReference}, state!="ok"})`,
        name: "allowed: {{state}}, version {{version}}",
        limitOf: "ModelFeatureMissing",
      },
    ],
    noData: "Fewer than 200 values came in the last hour: nothing is judged by so few.",
  },
  {
    ...curves(
      "Beyond what is allowed",
      "In standard errors: above four it is not chance. missing and null: ModelFeatureMissing; unseen: ModelUnseenCategories; else ModelFeatureInvalid.",
    ),
    width: 12,
    queries: [
      {
        expr: `max by (version, state) (${recorded}_excess:standard_errors{${ofReference}})`,
        name: "{{state}}, version {{version}}",
      },
    ],
    limit: { alert: "ModelFeatureMissing", value: 4 },
    noData: "Fewer than 200 values came in the last hour: nothing is judged by so few.",
  },
];

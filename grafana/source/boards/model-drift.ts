// Of a model's board: what its outputs are like beside the reference, and which features drift, and why.
import { beginnings } from "../beginnings.ts";
import { gauge, greatest, referenceByBin, shareByBin, threshold } from "../promql.ts";
import type { Panel } from "../spec.ts";
import { noReference, noScores, ofAll, ofModel } from "./of-model.ts";

const { lines, curves, table, bars } = beginnings(noScores);
const ofOutput = `${ofAll}, feature="$output"`;
const noBins =
  "This model has no output whose counts by bin are exported (its score and its prediction are, where events have them).";
const toFeature = { board: "ml-feature", labels: ["feature", "version"], keep: ["model", "window"] } as const;

export const outputs: readonly Panel[] = [
  {
    ...bars(
      "Distribution now and in the reference",
      "Shares of values by bin; a bin is named by its upper bound, which belongs to it. Values in other bins than usual: look for inputs that changed, below.",
    ),
    numeric: true,
    by: "bin",
    queries: [
      { expr: shareByBin(ofOutput, "numeric"), name: "now" },
      { expr: referenceByBin(`${ofModel}, feature="$output"`, "numeric"), name: "reference" },
    ],
    noData: noBins,
  },
  {
    ...curves("Quantiles and mean", "Of the window by version. A step is a release or a changed input; a slope is the world."),
    width: 12,
    height: 9,
    queries: [
      { expr: gauge(`ml_window_mean{${ofOutput}}`, "version"), name: "mean, version {{version}}" },
      { expr: gauge(`ml_window_quantile{${ofOutput}}`, "version, q"), name: "{{q}}, version {{version}}" },
    ],
    noData: "No numbers in this window: the output is a class, or the stream stands still.",
  },
];

const score = `${ofAll}, method="psi_adjusted"`;
const strongest = `topk(20, ${gauge(`ml_drift_score{${score}}`, "version, feature")})`;

export const drift: readonly Panel[] = [
  {
    ...table(
      "Features that differ most",
      "The twenty with the highest score. It is beyond chance where the p-value is small; signals are what raised the alarm. A click shows the feature.",
    ),
    labels: { feature: "Feature", version: "Version" },
    links: { feature: toFeature },
    queries: [
      { expr: strongest, name: "Score (PSI)", decimals: 3 },
      {
        expr: `${gauge(`ml_drift_p_value{${ofAll}, test="min_effect"}`, "version, feature")} and on (version, feature) ${strongest}`,
        name: "p-value",
        unit: "sci",
      },
      {
        expr: `${gauge(`ml_drift_samples{${ofAll}}`, "version, feature")} and on (version, feature) ${strongest}`,
        name: "Values",
        decimals: 0,
      },
      {
        expr: `sum by (version, feature) (${gauge(`ml_drift_alarm_signal{${ofModel}, segment=""}`, "version, feature, window, test")}) and on (version, feature) ${strongest}`,
        name: "Signals",
        decimals: 0,
      },
    ],
    sortBy: "Score (PSI)",
  },
  {
    ...table(
      "What raised the alarm",
      "Each signal: a test of a distribution or the rate of a state of values, of all traffic or of a segment. Without a window: minute by minute.",
    ),
    labels: { feature: "Feature", version: "Version", test: "Test", window: "Window", segment: "Segment" },
    links: { feature: toFeature },
    queries: [
      {
        expr: `topk(50, ${gauge(`ml_drift_alarm_signal{${ofModel}}`, "version, feature, window, test, segment")} == 1)`,
        name: "Raised",
        decimals: 0,
      },
    ],
    noData: "No signal is raised: there is no alarm.",
  },
  {
    ...lines("Scores over time", "The eight features that differ most now."),
    queries: [
      {
        expr: greatest(8, gauge(`ml_drift_score{${score}}`, "version, feature"), "version, feature"),
        name: "{{feature}}, version {{version}}",
      },
    ],
  },
  {
    ...curves(
      "Evidence, minute by minute",
      "The eight strongest sequential detectors, as powers of ten. At the dashed line they raise the alarm.",
    ),
    queries: [
      {
        expr: greatest(
          8,
          gauge(`ml_drift_evidence_log10{${ofModel}, segment=""}`, "version, feature, detector"),
          "version, feature, detector",
        ),
        name: "{{feature}} ({{detector}}), version {{version}}",
      },
      {
        expr: gauge(`ml_drift_evidence_limit_log10{${ofModel}, feature=""}`, "version"),
        name: "alarm, version {{version}}",
        limitOf: "ModelDriftAlarm",
      },
    ],
    noData: noReference,
  },
  {
    ...lines(
      "Drifting features",
      "Share of the features that drift at this moment, 5 % of them falsely. Many at once have one cause: a source, a join, another population.",
    ),
    unit: "percentunit",
    max: 1,
    queries: [
      { expr: `model_version_window:ml_drifting_features:ratio{${ofModel}, window="$window"}`, name: "version {{version}}" },
      {
        expr: threshold("drifting_features_ratio", ofModel),
        name: "many, version {{version}}",
        limitOf: "ModelDriftingFeatures",
      },
    ],
    noData: noReference,
  },
  {
    ...table(
      "Where the change of the output comes from",
      "How much of the change of the output's mean since the reference comes from other shares of a feature's values: ten of each sign at most.",
    ),
    width: 24,
    height: 7,
    labels: { feature: "Feature", metric: "Of", version: "Version" },
    links: { feature: toFeature },
    queries: [
      {
        expr:
          `topk(10, ${gauge(`ml_root_cause_contribution{${ofModel}, window="$window"}`, "version, feature, metric")}) or ` +
          `bottomk(10, ${gauge(`ml_root_cause_contribution{${ofModel}, window="$window"}`, "version, feature, metric")})`,
        name: "Contribution",
      },
    ],
    sortBy: "Contribution",
  },
];

// One feature or output of a model: what its values are like, beside the reference and over time. For whoever looks for a cause.
import { beginnings } from "../beginnings.ts";
import { gauge, greatest, referenceByBin, shareByBin } from "../promql.ts";
import type { Board, Panel } from "../spec.ts";
import { feature, model, segment, version, window } from "../variables.ts";
import { ofFeature, ofReference, scores, states } from "./feature-scores.ts";
import { noReference, noScores, ofWindow } from "./of-model.ts";

const { lines, curves, stat, table, bars } = beginnings(noScores);
const noBins =
  "Its counts by bin are not exported: they are of features with observations: true, and of outputs. The page of the model on the exporter shows them of all.";
const noNumbers = "No numbers in this window: it is a category, or the stream stands still.";

const now: readonly Panel[] = [
  {
    ...stat(
      "Score (PSI)",
      "How far the window is from the reference, corrected for its number of values. What matters is said by drift.min_effect.",
    ),
    queries: [{ expr: gauge(`ml_drift_score{${ofFeature}, method="psi_adjusted"}`, "version"), name: "version {{version}}" }],
    decimals: 3,
  },
  {
    ...stat(
      "p-value",
      "How often a window without drift of any matter would differ as much. Small beside the share below: it drifts.",
    ),
    unit: "sci",
    queries: [{ expr: gauge(`ml_drift_p_value{${ofFeature}, test="min_effect"}`, "version"), name: "version {{version}}" }],
    noData: "No p-value: the reference does not know how much windows differ, or the values never vary.",
  },
  {
    ...stat(
      "Alarm below",
      "The p-value below which a window of this length raises the alarm: its share of the accepted false alarms.",
    ),
    unit: "sci",
    queries: [{ expr: gauge(`ml_drift_alpha{${ofWindow}, feature=""}`, "version"), name: "version {{version}}" }],
    noData: noReference,
  },
  {
    ...stat("Values", "That the scores are of; of weighted events the effective number."),
    queries: [{ expr: gauge(`ml_drift_samples{${ofFeature}}`, "version"), name: "version {{version}}" }],
    decimals: 0,
  },
  {
    ...stat("Length compared", "What the scores look back: more than the window where that has too few values."),
    unit: "s",
    queries: [{ expr: gauge(`ml_drift_window_seconds{${ofFeature}}`, "version"), name: "version {{version}}" }],
  },
  {
    ...stat("Signals", "How many of its tests hold the alarm up now, in any window and segment."),
    queries: [
      {
        expr: `sum by (version) (${gauge(`ml_drift_alarm_signal{${ofReference}}`, "version, segment, window, test")})`,
        name: "version {{version}}",
      },
    ],
    steps: [
      [null, "text"],
      [1, "red"],
    ],
    decimals: 0,
    noData: "None: nothing of this feature raises the alarm.",
  },
];

const distribution: readonly Panel[] = [
  {
    ...bars(
      "Numbers now and in the reference",
      "Shares by bin, of all versions together; a bin is named by its upper bound, which belongs to it.",
    ),
    numeric: true,
    by: "bin",
    queries: [
      { expr: shareByBin(ofFeature, "numeric"), name: "now" },
      { expr: referenceByBin(ofReference, "numeric"), name: "reference" },
    ],
    noData: noBins,
  },
  {
    ...bars(
      "Words now and in the reference",
      "Shares by category, of all versions together; __other__ are all that the reference does not name.",
    ),
    by: "bin",
    queries: [
      { expr: shareByBin(ofFeature, "words"), name: "now" },
      { expr: referenceByBin(ofReference, "words"), name: "reference" },
    ],
    noData: `No bin is a word: it is a number. Or: ${noBins}`,
  },
  {
    ...lines(
      "Shares by bin over time",
      "All bins together are all of the window. A border that moves is drift; a step is a release, or somebody's mistake.",
    ),
    width: 24,
    unit: "percentunit",
    stacked: true,
    max: 1,
    queries: [
      {
        expr: `sum by (bin) (${gauge(`ml_window_observations{${ofFeature}}`, "version, bin")}) / scalar(sum(${gauge(`ml_window_observations{${ofFeature}}`, "version, bin")}) > 0)`,
        name: "{{bin}}",
      },
    ],
    noData: noBins,
  },
];

const numbers: readonly Panel[] = [
  {
    ...curves("Quantiles", "Of the window. Of a mean alone nobody can tell whether many values moved a little or few a lot."),
    queries: [{ expr: gauge(`ml_window_quantile{${ofFeature}}`, "version, q"), name: "{{q}}, version {{version}}" }],
    noData: noNumbers,
  },
  {
    ...curves(
      "Mean and standard deviation",
      "Of the window. A thousandfold mean is a unit: cents for euros, milliseconds for seconds.",
    ),
    queries: [
      { expr: gauge(`ml_window_mean{${ofFeature}}`, "version"), name: "mean, version {{version}}" },
      { expr: gauge(`ml_window_standard_deviation{${ofFeature}}`, "version"), name: "deviation, version {{version}}" },
    ],
    noData: noNumbers,
  },
  {
    ...lines(
      "Different values",
      "Estimated number of different categories in the window. Growth without end: an id where a category should be.",
    ),
    queries: [{ expr: gauge(`ml_window_distinct_values{${ofFeature}}`, "version"), name: "version {{version}}" }],
    noData: "It is a number: different values are counted of categories.",
  },
];

const segments: readonly Panel[] = [
  {
    ...lines(
      "Segments that differ most",
      "The ten with the highest score now. Only one differs: something that only this part of the traffic has.",
    ),
    width: 12,
    queries: [
      {
        expr: greatest(
          10,
          gauge(`ml_drift_score{${ofWindow}, feature="$feature", segment!="", method="psi_adjusted"}`, "version, segment"),
          "version, segment",
        ),
        name: "{{segment}}, version {{version}}",
      },
    ],
    noData: "The model has no segments, or none has values enough in this window.",
  },
  {
    ...table(
      "All segments now",
      "The fifty with the highest score, and of how many values it is: the smaller the segment, the wilder its score.",
    ),
    labels: { segment: "Segment", version: "Version" },
    queries: [
      {
        expr: `topk(50, ${gauge(`ml_drift_score{${ofWindow}, feature="$feature", segment!="", method="psi_adjusted"}`, "version, segment")})`,
        name: "Score (PSI)",
        decimals: 3,
      },
      {
        expr: `topk(50, ${gauge(`ml_drift_samples{${ofWindow}, feature="$feature", segment!=""}`, "version, segment")})`,
        name: "Values",
        decimals: 0,
      },
    ],
    sortBy: "Score (PSI)",
    noData: "The model has no segments, or none has values enough in this window.",
  },
];

export const featureBoard: Board = {
  uid: "ml-feature",
  title: "ML: feature",
  audience: "For whoever looks for the cause of an alarm.",
  questions: [
    "What are its values like now, and in the reference?",
    "Since when do they differ, and by how much more than by chance?",
    "Are they missing, of another type, out of range, or never seen before?",
    "Is it all of the traffic, or a part of it?",
  ],
  variables: [model, version, window, feature, segment],
  annotations: "models",
  rows: [
    { title: "$feature now", panels: now },
    { title: "Distribution", panels: distribution },
    { title: "Its numbers", panels: numbers },
    { title: "Scores, and what they are compared with", panels: scores },
    { title: "States of its values", panels: states },
    { title: "Segments", panels: segments },
  ],
};

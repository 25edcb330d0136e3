// How well a model does by labels, with intervals; and how many labels there are. On two boards.
import { beginnings } from "../beginnings.ts";
import { gauge, threshold } from "../promql.ts";
import type { Panel } from "../spec.ts";
import { version } from "../variables.ts";
import { noLabels, ofAll, ofModel, whole } from "./of-model.ts";

const { curves, lines } = beginnings(noLabels);
const ofMetric = `${whole}, metric="$metric"`;

/** A metric with its interval; the area between its limits is drawn of one version at a time. */
function withInterval(by: "outcome" | "prediction") {
  const of = `${ofAll}, by="${by}", ${ofMetric}`;
  return {
    ...{ width: 12, repeat: version, band: [1, 2] as const },
    queries: [
      { expr: gauge(`ml_performance{${of}}`, "version"), name: "value" },
      { expr: gauge(`ml_performance_lower{${of}}`, "version"), name: "lower" },
      { expr: gauge(`ml_performance_upper{${of}}`, "version"), name: "upper" },
      { expr: gauge(`ml_performance_reference{${ofModel}, ${ofMetric}}`, "version"), name: "reference" },
    ],
  };
}

export const realised: Panel = {
  ...curves(
    "$metric of version $version, by outcomes",
    "By labels that came in the window, with its interval of 95 %, beside the reference. What is outside of the interval is not chance. Labels of what went wrong often come first.",
  ),
  ...withInterval("outcome"),
};

export const ripe: Panel = {
  ...curves(
    "$metric of version $version, by predictions",
    "Of the newest window of predictions that enough labels have come for (outcomes.mature): later, but of all kinds of cases. This is what alerts look at.",
  ),
  ...withInterval("prediction"),
  noData: "No window of predictions has enough labels yet (outcomes.mature), or this metric is not of this model.",
};

export const shortfall: Panel = {
  ...curves(
    "Worse than the reference",
    "How much worse than in the reference each metric is at least, whatever chance did, by the time of predictions. Below zero: it may be as good.",
  ),
  width: 12,
  unit: "percentunit",
  queries: [
    {
      expr: `model_version_window_metric:ml_performance_shortfall:ratio{${ofModel}, window="$window"}`,
      name: "{{metric}}, version {{version}}",
    },
    {
      expr: threshold("performance_change_ratio", ofModel),
      name: "too much, version {{version}}",
      limitOf: "ModelPerformanceBelowReference",
    },
  ],
};

export const coverage: Panel = {
  ...lines(
    "Predictions with a label",
    "Share of the predictions of each window, by their own time, that have a label by now. Low where labels are late, lost, or not joined.",
  ),
  width: 12,
  unit: "percentunit",
  max: 1,
  queries: [{ expr: gauge(`ml_label_coverage_ratio{${ofModel}}`, "version, window"), name: "{{window}}, version {{version}}" }],
  noData: "No outcomes are expected of this model, or none has come.",
};

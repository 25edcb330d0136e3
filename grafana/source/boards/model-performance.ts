// Of a model's board: how good its predictions are as far as labels tell, and which versions there are.
import { beginnings } from "../beginnings.ts";
import { gauge, threshold } from "../promql.ts";
import type { Panel } from "../spec.ts";
import { version } from "../variables.ts";
import { noLabels, noReference, noTraffic, ofAll, ofModel } from "./of-model.ts";

const { curves, lines, table } = beginnings(noLabels);
/** As the reference has them: of no threshold, horizon or class of its own. */
const whole = 'threshold="", horizon="", class=""';
const ofMetric = `${ofAll}, by="outcome", ${whole}, metric="$metric"`;

export const performance: readonly Panel[] = [
  {
    ...curves(
      "$metric, version $version",
      "By outcomes in the window, with its interval of 95 %, beside the reference and the estimate that needs no labels. Outside of the interval is not chance.",
    ),
    width: 12,
    repeat: version,
    band: [1, 2],
    queries: [
      { expr: gauge(`ml_performance{${ofMetric}}`, "version"), name: "value" },
      { expr: gauge(`ml_performance_lower{${ofMetric}}`, "version"), name: "lower" },
      { expr: gauge(`ml_performance_upper{${ofMetric}}`, "version"), name: "upper" },
      { expr: gauge(`ml_performance_reference{${ofModel}, ${whole}, metric="$metric"}`, "version"), name: "reference" },
      { expr: gauge(`ml_performance_estimated{${ofAll}, metric="$metric"}`, "version"), name: "estimated" },
    ],
  },
  {
    ...table("All metrics", "By outcomes in the window. A click shows one over time, by segment and by the time of predictions."),
    labels: { metric: "Metric", version: "Version" },
    links: { metric: { board: "ml-performance", labels: ["metric", "version"], keep: ["model", "window"] } },
    queries: [
      { expr: gauge(`ml_performance{${ofAll}, by="outcome", ${whole}}`, "version, metric"), name: "Value", decimals: 4 },
      { expr: gauge(`ml_performance_lower{${ofAll}, by="outcome", ${whole}}`, "version, metric"), name: "From", decimals: 4 },
      { expr: gauge(`ml_performance_upper{${ofAll}, by="outcome", ${whole}}`, "version, metric"), name: "To", decimals: 4 },
      { expr: gauge(`ml_performance_reference{${ofModel}, ${whole}}`, "version, metric"), name: "Reference", decimals: 4 },
      { expr: gauge(`ml_performance_samples{${ofAll}, by="outcome", ${whole}}`, "version, metric"), name: "Labels", decimals: 0 },
    ],
    noData: noLabels,
  },
  {
    ...lines(
      "Worse than the reference",
      "How much worse than in the reference each metric is at least, whatever chance did, by the time of predictions.",
    ),
    width: 12,
    unit: "percentunit",
    queries: [
      {
        expr: `model_version_window_metric:ml_performance_shortfall:ratio{${ofModel}, window="$window"} > 0`,
        name: "{{metric}}, version {{version}}",
      },
      {
        expr: threshold("performance_change_ratio", ofModel),
        name: "too much, version {{version}}",
        limitOf: "ModelPerformanceBelowReference",
      },
    ],
    noData: noReference,
  },
  {
    ...lines(
      "Predictions with a label",
      "Share of the predictions of each window, by their own time, that have a label by now. Low where labels are late, lost, or not joined.",
    ),
    width: 12,
    unit: "percentunit",
    max: 1,
    queries: [{ expr: gauge(`ml_label_coverage_ratio{${ofModel}}`, "version, window"), name: "{{window}}, version {{version}}" }],
    noData: "No outcomes are expected of this model, or none has come.",
  },
];

const ago = { unit: "dateTimeFromNow" } as const;

export const versions: readonly Panel[] = [
  {
    ...table(
      "Versions",
      "What is monitored, since when, and what it is compared with. A version goes a week after its last prediction.",
    ),
    width: 24,
    height: 6,
    labels: { version: "Version", task: "Task", team: "Team", tier: "Tier", kind: "Reference", reference: "Its hash" },
    queries: [
      { expr: gauge(`ml_model_info{${ofModel}}`, "version, task, team, tier"), name: "Known", decimals: 0 },
      {
        expr: `1000 * max by (version) (model_version:ml_first_prediction_timestamp_seconds:min{${ofModel}})`,
        name: "First prediction",
        ...ago,
      },
      {
        expr: `1000 * max by (version) (model_version:ml_last_prediction_timestamp_seconds:max{${ofModel}})`,
        name: "Last prediction",
        ...ago,
      },
      { expr: gauge(`ml_reference_info{${ofModel}}`, "version, kind, reference"), name: "Compared", decimals: 0 },
      { expr: gauge(`ml_reference_rows{${ofModel}}`, "version"), name: "Rows of the reference", decimals: 0 },
      { expr: `1000 * ${gauge(`ml_reference_end_timestamp_seconds{${ofModel}}`, "version")}`, name: "Reference ends", ...ago },
    ],
    noData: noTraffic,
  },
];

// Of a model's board: how good its predictions are as far as labels tell, and which versions there are.
import { beginnings } from "../beginnings.ts";
import { gauge } from "../promql.ts";
import type { Panel } from "../spec.ts";
import { noLabels, noTraffic, ofAll, ofModel, whole } from "./of-model.ts";
import { coverage, realised, shortfall } from "./realised.ts";

const { table } = beginnings(noLabels);

export const performance: readonly Panel[] = [
  realised,
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
  shortfall,
  coverage,
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

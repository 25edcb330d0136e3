// What goes into a model: whether it is there, makes sense, and comes in time. For those who send it, and those who get the ticket.
import { beginnings } from "../beginnings.ts";
import { gauge, greatest, grown, threshold } from "../promql.ts";
import type { Board, Panel } from "../spec.ts";
import { model, version, window } from "../variables.ts";
import { noTraffic, ofModel, ofWindow } from "./of-model.ts";
import { stream } from "./stream.ts";

const { lines, curves, stat, table } = beginnings(noTraffic);
const recorded = "model_version_feature_state:ml_feature_values";
const fewValues = "Fewer than 200 values of a feature came in the last hour: nothing is judged by so few.";
const excess = `max by (version, feature, state) (${recorded}_excess:standard_errors{${ofModel}})`;
const toFeature = { board: "ml-feature", labels: ["feature", "version"], keep: ["model"] } as const;

const now: readonly Panel[] = [
  {
    ...stat(
      "Beyond what is allowed",
      "Features and states that are more frequent than the reference and the tolerance allow, by more than chance.",
    ),
    width: 6,
    decimals: 0,
    queries: [
      {
        expr: `sum by (version) (${recorded}_excess:standard_errors{${ofModel}} > bool 4)`,
        name: "version {{version}}",
      },
    ],
    steps: [
      [null, "green"],
      [1, "red"],
    ],
    noData: fewValues,
  },
  {
    ...stat("Violations", "Values that are not as the configuration says, for each prediction of the last hour."),
    width: 6,
    unit: "percentunit",
    queries: [
      {
        expr: `sum by (version) (model_version_reason:ml_schema_violations:increase1h{${ofModel}}) / (sum by (version) (model_version:ml_predictions:increase1h{${ofModel}}) > 0)`,
        name: "version {{version}}",
      },
    ],
    noData: "No prediction came in the last hour, so there is no share.",
  },
  {
    ...stat("Changes of the schema", "Features that appeared, vanished or changed their type in the time that is looked at."),
    width: 6,
    decimals: 0,
    queries: [{ expr: grown(`ml_schema_changes_total{${ofModel}}`, "version"), name: "version {{version}}" }],
    steps: [
      [null, "green"],
      [0.5, "orange"],
    ],
  },
  {
    ...stat("Repeated", "Share of predictions of the last hour that repeat the id of another: a producer that sends twice."),
    width: 6,
    unit: "percentunit",
    queries: [
      {
        expr: `${grown(`ml_predictions_duplicate_total{${ofModel}}`, "version", "1h")} / (${grown(`ml_predictions_total{${ofModel}}`, "version", "1h")} > 0)`,
        name: "version {{version}}",
      },
    ],
    noData: "No prediction came in the last hour, so there is no share.",
  },
];

const values: readonly Panel[] = [
  {
    ...table(
      "Which values",
      "The twenty features and states that are furthest beyond what is allowed. Above four standard errors it is not chance. A click shows the feature.",
    ),
    width: 24,
    height: 10,
    labels: { feature: "Feature", state: "State", version: "Version" },
    links: { feature: toFeature },
    queries: [
      {
        expr: `topk(20, ${excess})`,
        name: "Standard errors beyond",
        decimals: 1,
        steps: [
          [null, "text"],
          [4, "red"],
        ],
      },
      {
        expr: `max by (version, feature, state) (${recorded}:ratio_increase1h{${ofModel}}) and on (version, feature, state) topk(20, ${excess})`,
        name: "Share",
        unit: "percentunit",
      },
      {
        expr: `max by (version, feature, state) (${recorded}_allowed:ratio{${ofModel}}) and on (version, feature, state) topk(20, ${excess})`,
        name: "Allowed",
        unit: "percentunit",
      },
      {
        expr: `max by (version, feature, state) (${recorded}:increase1h{${ofModel}}) and on (version, feature, state) topk(20, ${excess})`,
        name: "Values in an hour",
        decimals: 0,
      },
    ],
    sortBy: "Standard errors beyond",
    noData: fewValues,
  },
  {
    ...curves(
      "Furthest beyond over time",
      "The eight that are furthest beyond now. A step is a release; a slope is a source that dries up.",
    ),
    width: 12,
    queries: [
      {
        expr: greatest(8, excess, "version, feature, state"),
        name: "{{feature}} {{state}}, version {{version}}",
      },
    ],
    limit: { alert: "ModelFeatureMissing", value: 4 },
    noData: fewValues,
  },
  {
    ...lines(
      "All features together",
      "Share of all values of the last hour by state. All features at once: the join before the model, or its source.",
    ),
    width: 12,
    unit: "percentunit",
    queries: [
      {
        expr:
          `sum by (version, state) (${recorded}:increase1h{${ofModel}, state!="ok"}) / ` +
          `on (version) group_left () (sum by (version) (model_version_feature:ml_feature_values:increase1h{${ofModel}}) > 0)`,
        name: "{{state}}, version {{version}}",
      },
    ],
  },
];

const schema: readonly Panel[] = [
  {
    ...lines(
      "Violations by reason",
      "For each prediction of the last hour: values that are not as the configuration says, and how many are accepted.",
    ),
    width: 12,
    unit: "percentunit",
    queries: [
      {
        expr:
          `sum by (version, reason) (model_version_reason:ml_schema_violations:increase1h{${ofModel}}) / ` +
          `on (version) group_left () (sum by (version) (model_version:ml_predictions:increase1h{${ofModel}}) > 0)`,
        name: "{{reason}}, version {{version}}",
      },
      {
        expr: threshold("schema_violations_ratio", ofModel),
        name: "accepted, version {{version}}",
        limitOf: "ModelSchemaViolations",
      },
    ],
    noData: "No prediction came in the last hour, so there is no share.",
  },
  {
    ...lines(
      "Changes",
      "Features that appeared, vanished or changed their type within the hour before. The page of the model on the exporter names them.",
    ),
    width: 12,
    queries: [
      {
        expr: `sum by (version, change) (model_version_change:ml_schema_changes:increase1h{${ofModel}})`,
        name: "{{change}}, version {{version}}",
      },
    ],
    noData: "The exporter has known these versions for less than 70 minutes.",
  },
  {
    ...lines(
      "Different values",
      "The ten categorical features with most different values in the window. Growth without end: an id where a category should be.",
    ),
    width: 12,
    queries: [
      {
        expr: greatest(10, gauge(`ml_window_distinct_values{${ofWindow}, segment=""}`, "version, feature"), "version, feature"),
        name: "{{feature}}, version {{version}}",
      },
    ],
    noData: "No feature is a category.",
  },
  {
    ...lines(
      "Repeated predictions",
      "Per second: predictions that repeat the id of another within the horizon. They are joined with nothing.",
    ),
    width: 12,
    unit: "cps",
    queries: [
      {
        expr: `sum by (version) (max without (instance, job) (rate(ml_predictions_duplicate_total{${ofModel}}[$__rate_interval])))`,
        name: "version {{version}}",
      },
    ],
  },
];

export const dataQuality: Board = {
  uid: "ml-data-quality",
  title: "ML: data quality",
  audience: "For those who send a model its inputs, and for whoever got the ticket.",
  questions: [
    "Which values are missing, of a wrong type, out of range or never seen, more often than is allowed?",
    "Did features appear, vanish or change their type?",
    "Do predictions come, as many as usual, and in time?",
  ],
  variables: [model, version, window],
  annotations: "models",
  rows: [
    { title: "Now", panels: now },
    { title: "Values", panels: values },
    { title: "Schema", panels: schema },
    { title: "The stream", panels: stream },
  ],
};

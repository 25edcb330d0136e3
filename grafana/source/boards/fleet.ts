// All models: which of them needs somebody? For those who are responsible for many, and for a screen on a wall.
import { beginnings } from "../beginnings.ts";
import { perSecond } from "../promql.ts";
import type { Board, Panel } from "../spec.ts";
import { models, team } from "../variables.ts";
import { quietOr } from "./of-model.ts";

const nobody = "No model of these teams is monitored: does the exporter run, and do its topics have events?";
const { lines, curves, stat, table, timeline } = beginnings(nobody);
const of = 'model=~"$model"';
/** Series of models know no team: only those of the teams that were chosen. */
const ofTeams = `and on (model) model_version:ml_model_info:max{team=~"$team", ${of}}`;
const perModel = `${perSecond(`ml_predictions_total{${of}}`, "model")} ${ofTeams}`;
const leastLeft = `(1 - max by (model) (slo:period_budget_spent:ratio{${of}})) ${ofTeams}`;
const drifts = `max by (model) (model_version:ml_drift_alarm:max{${of}}) ${ofTeams}`;
const worse = `max by (model) (model_version:ml_performance_alarm:max{${of}}) ${ofTeams}`;
const toModel = { board: "ml-model", labels: ["model"] } as const;
const red = [
  [null, "green"],
  [1, "red"],
] as const;

const now: readonly Panel[] = [
  {
    ...stat("Models", "In use: their newest version predicted within the hour before their newest prediction."),
    show: "value",
    decimals: 0,
    queries: [{ expr: `count(count by (model) (model_version:ml_model_info:in_use{team=~"$team", ${of}}))`, name: "models" }],
  },
  {
    ...stat("Predictions", "Per second, of all of these models."),
    show: "value",
    unit: "cps",
    queries: [{ expr: `sum(${perModel})`, name: "predictions" }],
  },
  {
    ...stat("Drift alarms", "Models of which a version drifts."),
    show: "value",
    decimals: 0,
    queries: [{ expr: `sum(${drifts})`, name: "models" }],
    steps: red,
  },
  {
    ...stat("Performance alarms", "Models of which a version is worse than its reference."),
    show: "value",
    decimals: 0,
    queries: [{ expr: `sum(${worse})`, name: "models" }],
    steps: red,
    noData: "No model is watched: it takes references with labels.",
  },
  {
    ...stat("Budgets spent", "Objectives whose error budget of 30 days is spent."),
    show: "value",
    decimals: 0,
    queries: [{ expr: `sum((slo:period_budget_spent:ratio{${of}} >= bool 1) ${ofTeams})`, name: "objectives" }],
    steps: red,
    noData: "No objective is configured for these models.",
  },
  {
    ...stat("Alerts", "That fire, of these models: critical pages, warning is a ticket."),
    decimals: 0,
    queries: [{ expr: `count by (severity) (ALERTS{alertstate="firing", ${of}} ${ofTeams})`, name: "{{severity}}" }],
    noData: "No alert of these models fires.",
    link: { board: "ml-alerts", labels: ["severity"] },
  },
];

const all: readonly Panel[] = [
  {
    ...table(
      "All models",
      "One row a model, all of its versions together: worst of each. A click on a model shows it; on a number of alerts see the board of alerts.",
    ),
    width: 24,
    height: 12,
    labels: { team: "Team", model: "Model", tier: "Tier" },
    links: { model: toModel },
    queries: [
      {
        expr: `count by (team, model, tier) (model_version:ml_model_info:max{team=~"$team", ${of}})`,
        name: "Versions",
        decimals: 0,
      },
      { expr: perModel, name: "Predictions", unit: "cps" },
      {
        expr: `(${perSecond(`ml_prediction_errors_total{${of}}`, "model")} / (${perSecond(`ml_predictions_total{${of}}`, "model")} > 0)) ${ofTeams}`,
        name: "Failed",
        unit: "percentunit",
      },
      {
        expr: leastLeft,
        name: "Least budget left",
        unit: "percentunit",
        steps: [
          [null, "red"],
          [0, "orange"],
          [0.25, "green"],
        ],
      },
      { expr: drifts, name: "Drift alarm", decimals: 0, steps: red },
      {
        expr: `max by (model) (model_version_window:ml_drifting_features:ratio{${of}}) ${ofTeams}`,
        name: "Drifting features",
        unit: "percentunit",
      },
      { expr: worse, name: "Performance alarm", decimals: 0, steps: red },
      {
        expr: `max by (model) (model_version_window_metric:ml_performance_shortfall:ratio{${of}}) ${ofTeams}`,
        name: "Worst metric against the reference",
        unit: "percentunit",
      },
      {
        expr: `count by (model) (ALERTS{alertstate="firing", ${of}}) ${ofTeams}`,
        name: "Alerts",
        decimals: 0,
        steps: [
          [null, "text"],
          [1, "red"],
        ],
      },
    ],
    sortBy: "Alerts",
  },
];

const time: readonly Panel[] = [
  {
    ...timeline("Drift alarms over time", "Of any version of a model."),
    width: 12,
    queries: [{ expr: drifts, name: "{{model}}" }],
    words: quietOr("drifts"),
  },
  {
    ...timeline("Performance alarms over time", "Of any version of a model."),
    width: 12,
    queries: [{ expr: worse, name: "{{model}}" }],
    words: quietOr("worse"),
    noData: "No model is watched: it takes references with labels.",
  },
  {
    ...lines("Predictions", "Per second by model."),
    unit: "cps",
    stacked: true,
    queries: [{ expr: perModel, name: "{{model}}" }],
  },
  {
    ...curves("Least budget left", "Of the objectives of each model, of 30 days. At zero changes that are no repairs wait."),
    unit: "percentunit",
    max: 1,
    queries: [{ expr: leastLeft, name: "{{model}}" }],
    limit: { alert: "ModelSloBudgetExhausted", value: 0 },
    noData: "No objective is configured for these models.",
  },
  {
    ...lines("Alerts that fire", "Of these models, by severity."),
    stacked: true,
    queries: [{ expr: `count by (severity) (ALERTS{alertstate="firing", ${of}} ${ofTeams})`, name: "{{severity}}" }],
    noData: "No alert of these models has fired in this time.",
  },
];

export const fleet: Board = {
  uid: "ml-fleet",
  title: "ML: all models",
  audience: "For those who are responsible for many models, and for a screen on a wall.",
  questions: [
    "Which model needs somebody?",
    "Which one drifts, is worse than it was, or has spent its error budget?",
    "Whose is it, and what fires?",
  ],
  variables: [team, models],
  annotations: "models",
  rows: [
    { title: "Now", panels: now },
    { title: "By team", panels: all },
    { title: "Over time", panels: time },
  ],
};

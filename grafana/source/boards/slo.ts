// Objectives: what is promised, how much of the error budget is left, and how fast it burns. For those who plan changes.
import { beginnings } from "../beginnings.ts";
import type { Board, Panel } from "../spec.ts";
import { promised, promisedVersions, slo } from "../variables.ts";

const none = "No objective is configured for these models (slos).";
const { lines, curves, stat, table } = beginnings(none);
const of = 'model=~"$model", version=~"$version", slo=~"$slo"';
const name = "{{model}} {{slo}}, version {{version}}";
const budget = [
  [null, "red"],
  [0, "orange"],
  [0.25, "green"],
] as const;

const now: readonly Panel[] = [
  {
    ...stat("Spent", "Objectives whose budget of 30 days is spent: changes that are no repairs wait (ModelSloBudgetExhausted)."),
    show: "value",
    width: 6,
    decimals: 0,
    queries: [{ expr: `sum(slo:period_budget_spent:ratio{${of}} >= bool 1)`, name: "spent" }],
    steps: [
      [null, "green"],
      [1, "red"],
    ],
  },
  {
    ...stat(
      "Burning",
      "Objectives of which a window burns too fast now, by its length: 1h and 6h call somebody, 1d and 3d open a ticket.",
    ),
    width: 6,
    decimals: 0,
    queries: [{ expr: `count by (sloth_window) (slo:burning:ratio{${of}})`, name: "{{sloth_window}}" }],
    noData: "None burns too fast.",
  },
  {
    ...stat("Least left", "Of the objective that has least left."),
    show: "value",
    width: 6,
    unit: "percentunit",
    queries: [{ expr: `1 - max(slo:period_budget_spent:ratio{${of}})`, name: "left" }],
    steps: budget,
  },
  {
    ...stat("Events", "Of the last 30 days, of all of these objectives. A promise about few events says little."),
    show: "value",
    width: 6,
    queries: [{ expr: `sum(slo:events:increase{${of}, sloth_window="30d"})`, name: "events" }],
  },
];

const objectives: readonly Panel[] = [
  {
    ...table("Objectives", "What is promised, what was kept of it in 30 days, and what is left. A click shows the model."),
    width: 24,
    height: 10,
    labels: { model: "Model", version: "Version", slo: "Objective" },
    links: { model: { board: "ml-model", labels: ["model", "version"] } },
    queries: [
      { expr: `max by (model, version, slo) (slo:objective:ratio{${of}})`, name: "Promised", unit: "percentunit", decimals: 2 },
      {
        expr: `1 - max by (model, version, slo) (slo:sli_error:ratio{${of}, sloth_window="30d"})`,
        name: "Kept in 30 days",
        unit: "percentunit",
        decimals: 2,
      },
      {
        expr: `1 - min by (model, version, slo) (slo:period_budget_spent:ratio{${of}})`,
        name: "Budget left",
        unit: "percentunit",
        steps: budget,
      },
      {
        expr: `max by (model, version, slo) (slo:sli_error:ratio{${of}, sloth_window="1h"})`,
        name: "Bad in 1h",
        unit: "percentunit",
        decimals: 2,
      },
      { expr: `max by (model, version, slo) (slo:events:increase{${of}, sloth_window="30d"})`, name: "Events", decimals: 0 },
    ],
    sortBy: "Objective",
  },
];

const time: readonly Panel[] = [
  {
    ...curves(
      "Budget left",
      "Of 30 days. A slope that reaches zero before the 30 days are over is a promise that will be broken.",
    ),
    width: 12,
    unit: "percentunit",
    max: 1,
    queries: [{ expr: `1 - slo:period_budget_spent:ratio{${of}}`, name }],
    limit: { alert: "ModelSloBudgetExhausted", value: 0 },
  },
  {
    ...lines(
      "Pace",
      "How many times faster than allowed the budget was spent in the last five minutes: at 1 it lasts for 30 days.",
    ),
    width: 12,
    queries: [{ expr: `slo:current_burn_rate:ratio{${of}}`, name }],
    noData: "No event of an objective came in five minutes.",
  },
  {
    ...lines("Bad events in an hour", "Share, and the share from which on somebody is called."),
    width: 12,
    unit: "percentunit",
    queries: [
      { expr: `slo:sli_error:ratio{${of}, sloth_window="1h"}`, name },
      { expr: `slo:burn_limit:ratio{${of}, sloth_window="1h"}`, name: `too many, ${name}`, limitOf: "ModelSloBurningFast" },
    ],
  },
  {
    ...lines("Bad events in six hours", "Share, and the share from which on somebody is called."),
    width: 12,
    unit: "percentunit",
    queries: [
      { expr: `slo:sli_error:ratio{${of}, sloth_window="6h"}`, name },
      { expr: `slo:burn_limit:ratio{${of}, sloth_window="6h"}`, name: `too many, ${name}`, limitOf: "ModelSloBurningFast" },
    ],
  },
  {
    ...lines("Bad events in three days", "Share, and the share from which on a ticket is opened."),
    width: 12,
    unit: "percentunit",
    queries: [
      { expr: `slo:sli_error:ratio{${of}, sloth_window="3d"}`, name },
      { expr: `slo:burn_limit:ratio{${of}, sloth_window="3d"}`, name: `too many, ${name}`, limitOf: "ModelSloBurningSlow" },
    ],
  },
  {
    ...lines("Events in an hour", "Below the dashed line, and unless bad ones are more than chance, a window is not judged."),
    width: 12,
    queries: [
      { expr: `slo:events:increase{${of}, sloth_window="1h"}`, name },
      {
        expr: 'max(model_version:ml_threshold:max{metric="slo_events", model=~"$model", version=~"$version"})',
        name: "few",
      },
    ],
  },
];

export const sloBoard: Board = {
  uid: "ml-slo",
  title: "ML: objectives and budgets",
  audience: "For those who promised something, and those who plan changes.",
  questions: [
    "Which promise is kept, which is broken?",
    "How much of the error budget of 30 days is left, and how fast does it burn?",
    "Is there room for a risky change?",
  ],
  variables: [promised, promisedVersions, slo],
  annotations: "models",
  from: "now-7d",
  rows: [
    { title: "Now", panels: now },
    { title: "Objectives", panels: objectives },
    { title: "Over time", panels: time },
  ],
};

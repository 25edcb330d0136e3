// Batch jobs: did the last run succeed, in time, with enough rows? For those who wait for a result.
import { beginnings } from "../beginnings.ts";
import { gauge, grown } from "../promql.ts";
import type { Board, Panel } from "../spec.ts";
import { jobs, jobVersions } from "../variables.ts";
import { quietOr } from "./of-model.ts";

const noRuns = "No run of these models was heard of: batch is not configured, or no run event has come.";
const { lines, stat, table } = beginnings(noRuns);
const of = 'model=~"$model", version=~"$version"';
const newest = `max by (model, version) (model_version:ml_batch_last_success_timestamp_seconds:newest{${of}})`;
const due = `max by (model, version) (ml_batch_period_seconds{${of}} + ml_batch_grace_seconds{${of}})`;
const name = "{{model}}, version {{version}}";

const now: readonly Panel[] = [
  {
    ...stat(
      "Late",
      "Jobs that have not succeeded for longer than their period and grace (ModelBatchLate pages for critical models).",
    ),
    width: 6,
    queries: [{ expr: `(time() - ${newest}) > bool on (model, version) ${due}`, name }],
    words: quietOr("late"),
  },
  {
    ...stat("Since the last success", "How old the result is that is in use."),
    width: 6,
    unit: "s",
    queries: [{ expr: `time() - ${newest}`, name }],
  },
  {
    ...stat("Failed runs", "In the time that is looked at."),
    width: 6,
    decimals: 0,
    queries: [{ expr: grown(`ml_batch_runs_total{state="failed", ${of}}`, "model, version"), name }],
    steps: [
      [null, "green"],
      [0.5, "orange"],
    ],
  },
  {
    ...stat("Rows", "Of the latest successful run."),
    width: 6,
    queries: [{ expr: gauge(`ml_batch_rows{${of}}`, "model, version"), name }],
  },
];

const runs: readonly Panel[] = [
  {
    ...lines("Age of the last success", "A saw: it falls at each success. Where it passes the dashed line the job is late."),
    width: 12,
    unit: "s",
    queries: [
      { expr: `time() - ${newest}`, name },
      { expr: due, name: `late, ${name}`, limitOf: "ModelBatchLate" },
    ],
  },
  {
    ...lines(
      "Runs in an hour",
      "By what was said of them. Started, and neither succeeded nor failed: it still runs, or it died without a word.",
    ),
    width: 12,
    queries: [{ expr: grown(`ml_batch_runs_total{${of}}`, "model, version, state", "1h"), name: `{{state}}, ${name}` }],
  },
  {
    ...lines("Rows", "Of the latest successful run, and how many it has to have."),
    width: 12,
    queries: [
      { expr: gauge(`ml_batch_rows{${of}}`, "model, version"), name },
      { expr: `max by (model, version) (ml_batch_expected_rows{${of}})`, name: `too few, ${name}`, limitOf: "ModelBatchRowsLow" },
    ],
  },
  {
    ...lines(
      "Duration",
      "Of the latest run that ended. Growth is more data, or a slower source; longer than the period, and runs overlap.",
    ),
    width: 12,
    unit: "s",
    queries: [{ expr: gauge(`ml_batch_duration_seconds{${of}}`, "model, version"), name }],
    noData: "No run said when it began and ended.",
  },
];

const quality: readonly Panel[] = [
  {
    ...lines(
      "Changes of the schema",
      "Features that appeared, vanished or changed their type within six hours. Of a batch it is often a mistake (ModelBatchSchemaChanged).",
    ),
    width: 12,
    queries: [{ expr: grown(`ml_schema_changes_total{${of}}`, "model, version, change", "6h"), name: `{{change}}, ${name}` }],
  },
  {
    ...table(
      "Jobs",
      "What is expected of each. A click shows its predictions as those of any model: drift, data quality, forecast errors.",
    ),
    labels: { model: "Model", version: "Version" },
    links: { model: { board: "ml-model", labels: ["model", "version"] } },
    queries: [
      { expr: gauge(`ml_batch_period_seconds{${of}}`, "model, version"), name: "Every", unit: "s" },
      { expr: gauge(`ml_batch_grace_seconds{${of}}`, "model, version"), name: "Grace", unit: "s" },
      { expr: gauge(`ml_batch_expected_rows{${of}}`, "model, version"), name: "Rows at least", decimals: 0 },
      { expr: `1000 * ${newest}`, name: "Last success", unit: "dateTimeFromNow" },
    ],
    noData: noRuns,
  },
];

export const batch: Board = {
  uid: "ml-batch",
  title: "ML: batch jobs",
  audience: "For those who wait for the result of a job.",
  questions: [
    "Did the last run succeed, and in time?",
    "Has it as many rows as it should have?",
    "Are its features those of before?",
  ],
  variables: [jobs, jobVersions],
  annotations: "models",
  from: "now-24h",
  rows: [
    { title: "Now", panels: now },
    { title: "Runs", panels: runs },
    { title: "What they are made of", panels: quality },
  ],
};

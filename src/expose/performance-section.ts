// How well a version does, on its model's page: what is known of labels, and tables by window; or why there are none. Markup only.
import { type Html, html, joined, nothing } from "./html.ts";
import { leftOut, type PageBudget } from "./page-budget.ts";
import type {
  CohortView,
  EstimateView,
  LabelsView,
  MetricView,
  PerformanceView,
  PerformanceWindowView,
} from "./performance-view.ts";
import { counted, countText, durationText, numberShort, shareText, shownTime } from "./quantity-text.ts";
import { shownName } from "./shown-name.ts";
import { type Column, type Row, table } from "./table.ts";

const absent = "–";
/** What is looked at first; the others are folded away. */
const mainMetrics: readonly string[] = [
  "ctr",
  "roc_auc",
  "accuracy",
  "precision",
  "recall",
  "false_positive_rate",
  "f1_macro",
  "mae",
  "wape",
  "bias",
];

/** Nothing where outcomes of the model are not joined. */
export function performanceSection(
  performance: PerformanceView | null,
  nowMillis: number,
  budget: PageBudget,
  jsonPath: string,
): Html {
  if (performance === null) return nothing;
  const { labels, windows } = performance;
  if (labels.labelled === 0) return html`<h3>Performance</h3><p>No labels so far: ${waitingText(labels)}.</p>`;
  const shown = budget.take(windows, (window) => windowPart(window, nowMillis));
  return html`<h3>Performance</h3>${labelText(labels, windows)}${shown}${leftOut(windows.length - shown.length, jsonPath)}`;
}

function waitingText({ pending }: LabelsView): string {
  return pending === 0 ? "no prediction waits for one" : `${counted(pending, "prediction waits", "predictions wait")} for one`;
}

function labelText(labels: LabelsView, windows: readonly PerformanceWindowView[]): Html {
  const { halfWithinSeconds, absent: meant, expired, unusable } = labels;
  const covered = windows.flatMap(({ window, coverage }) => (coverage === null ? [] : [`${shareText(coverage)} of ${window}`]));
  const facts = [
    covered.length === 0 ? nothing : html`Predictions that have a label: ${covered.join(", ")}`,
    halfWithinSeconds === null ? nothing : html`half of the outcomes come within ${durationText(halfWithinSeconds * 1000)}`,
    html`${waitingText(labels)}`,
    meant === 0 ? nothing : html`${counted(meant, "label")} as no outcome came in time`,
    expired === 0 ? nothing : html`${counted(expired, "prediction")} had no outcome in time`,
    unusable === 0 ? nothing : html`<span class="flag">${counted(unusable, "label")} could not be used</span>`,
  ];
  return html`<p>${joined(
    facts.filter((fact) => fact !== nothing),
    "; ",
  )}.</p>`;
}

function windowPart(window: PerformanceWindowView, nowMillis: number): Html {
  return html`<h4>Window of ${window.window}</h4>${byOutcome(window)}${byPrediction(window, nowMillis)}${estimates(window)}`;
}

function byOutcome({ window, labels, labelsNeeded, metrics }: PerformanceWindowView): Html {
  if (metrics.length === 0) {
    const few = labels < labelsNeeded ? `${countText(labelsNeeded)} are needed` : "none of a metric has as many as are needed";
    return html`<p class="soft">${counted(labels, "label")} came in ${window}: ${few}.</p>`;
  }
  return metricTables(`By outcomes that came in ${window}`, metrics);
}

function byPrediction({ window, cohort }: PerformanceWindowView, nowMillis: number): Html {
  switch (cohort.state) {
    case "short":
      return html`<p class="soft">${window} is too short to be judged by when predictions were made.</p>`;
    case "unripe":
      return html`<p class="soft">No ${window} of predictions has ${shareText(cohort.mature)} of its labels.</p>`;
    case "ripe":
      return ripe(window, cohort, nowMillis);
  }
}

function ripe(window: string, { endMillis, coverage, metrics }: CohortView, nowMillis: number): Html {
  const until = html`The newest predictions with labels: ${window} to ${shownTime(endMillis ?? 0, nowMillis)}; ${shareText(coverage ?? 0)} have one.`;
  if (metrics.length === 0) return html`<p class="soft">${until} They are too few.</p>`;
  return html`<p>${until}</p>${metricTables(`By when predictions were made, ${window}`, metrics)}`;
}

/** The most important at once, all on request. */
function metricTables(caption: string, metrics: readonly MetricView[]): Html {
  const main = metrics.filter(({ metric, at }) => mainMetrics.includes(metric) && at.length === 0);
  const first = main.length === 0 ? nothing : metricTable(caption, main);
  if (main.length === metrics.length) return first;
  const all = metricTable(`${caption}: all metrics`, metrics);
  return html`${first}<details><summary>All metrics<span class="hidden">: ${caption}</span></summary>${all}</details>`;
}

const columns: readonly Column[] = ["Metric", "Value", "95 % interval", "Labels", "In the reference"].map((heading) => ({
  heading,
}));

function metricTable(caption: string, metrics: readonly MetricView[]): Html {
  return table(caption, columns, metrics.map(metricRow), "numbers");
}

function metricRow(one: MetricView): Row {
  const { value, lower, upper, samples, reference } = one;
  const interval = lower === null || upper === null ? absent : `${numberShort(lower)} to ${numberShort(upper)}`;
  const before = reference === null ? absent : numberShort(reference);
  return { head: metricName(one), cells: [numberShort(value), interval, countText(samples), before] };
}

function metricName({ metric, at }: MetricView): Html {
  return html`${metric}${at.map(({ name, value }) => html`, ${name} ${shownName(value, 40)}`)}`;
}

function estimates({ window, estimated }: PerformanceWindowView): Html {
  if (estimated.length === 0) return nothing;
  const headings = [{ heading: "Metric" }, { heading: "Estimate" }, { heading: "Was off by up to" }];
  const rows = estimated.map(({ metric, value, gap }: EstimateView): Row => {
    return { head: html`${metric}`, cells: [numberShort(value), gap === null ? "not known yet" : numberShort(gap)] };
  });
  return html`<details><summary>Estimated without labels<span class="hidden">, ${window}</span></summary>${table(
    `${window} of predictions, if scores mean what they meant in the reference`,
    headings,
    rows,
    "numbers",
  )}</details>`;
}

// A limit that a panel draws is the one of the alert that it names: the same series, or the same number.
import { expect, test } from "vitest";
import { boards } from "../../grafana/source/boards/index.ts";
import type { Panel } from "../../grafana/source/spec.ts";
import { childOf, type Node, parsePromql, stringOf, within } from "../../scripts/rules/promql.ts";
import { type Alert, alertsOf, ruleFiles } from "../../scripts/rules/rule-files.ts";

const alerts = new Map(
  ruleFiles()
    .flatMap(alertsOf)
    .map((alert) => [alert.alert, alert]),
);
const panels = boards.flatMap(({ uid, rows }) => rows.flatMap((row) => row.panels.map((panel) => ({ uid, panel }))));
const drawn = panels.flatMap(({ uid, panel }) =>
  panel.queries.flatMap(({ expr, limitOf }) =>
    limitOf === undefined ? [] : [{ uid, title: panel.title, expr, alert: limitOf }],
  ),
);
const numbers = panels.flatMap(({ uid, panel }) => {
  const limit = limitOf(panel);
  if (limit === undefined) return [];
  // What is left of something is drawn, where alerts ask how much of it is gone.
  const isRest = panel.queries.every(({ expr }) => /^\(?1 - /.test(expr));
  return [{ uid, title: panel.title, alert: limit.alert, value: isRest ? 1 - limit.value : limit.value }];
});

test.each(drawn)("$uid, $title: the series of $alert", ({ expr, alert }) => {
  const own = thresholds(expr);
  expect(own.length).toBeGreaterThan(0);
  expect(own.filter((threshold) => !isComparedBy(alert, threshold))).toEqual([]);
});

test.each(numbers)("$uid, $title: the number of $alert", ({ alert, value }) => {
  const literals = [...within(parsePromql(alertOf(alert).expr))].filter(({ name }) => name === "NumberDurationLiteral");
  expect(literals.map(({ text }) => text)).toContain(String(value));
});

test("there are such panels, and a series that is not the alert's is found out", () => {
  expect(drawn.length).toBeGreaterThan(0);
  expect(numbers.length).toBeGreaterThan(0);
  expect(isComparedBy("ModelEventDelayHigh", 'model_version:ml_threshold:max metric="event_delay_seconds"')).toBe(true);
  expect(isComparedBy("ModelEventDelayHigh", 'model_version:ml_threshold:max metric="volume_low_ratio"')).toBe(false);
  expect(isComparedBy("ModelDriftAlarm", "ml_drift_evidence_limit_log10")).toBe(true);
  expect(isComparedBy("ModelDriftAlarm", "ml_drift_alpha_of_nobody")).toBe(false);
});

function limitOf(panel: Panel): { readonly alert: string; readonly value: number } | undefined {
  return panel.kind === "lines" || panel.kind === "stat" ? panel.limit : undefined;
}

function alertOf(name: string): Alert {
  const alert = alerts.get(name);
  if (alert === undefined) throw new Error(`there is no alert ${name}`);
  return alert;
}

/** In its expression; or, where the exporter has compared, in an annotation that says with what. */
function isComparedBy(name: string, threshold: string): boolean {
  const { expr, annotations } = alertOf(name);
  return thresholds(expr).includes(threshold) || new RegExp(`\\b${threshold}\\b`).test(JSON.stringify(annotations));
}

/** Selectors by their metric, but for the one of exporters that are to be asked, and of thresholds of the configuration by what they are of. */
function thresholds(expression: string): string[] {
  const text = expression.replaceAll(/\$__\w+/g, "5m");
  return [...within(parsePromql(text))]
    .filter(({ name }) => name === "VectorSelector")
    .map(thresholdOf)
    .filter((name) => name !== "ml_exporter_restoring");
}

function thresholdOf(selector: Node): string {
  const matchers = [...within(selector)].filter(({ name }) => name === "UnquotedLabelMatcher");
  const metric = matchers.find((matcher) => childOf(matcher, "LabelName")?.text === "metric");
  const name = childOf(selector, "Identifier")?.text ?? "";
  return metric === undefined ? name : `${name} metric="${stringOf(childOf(metric, "StringLiteral") as Node)}"`;
}

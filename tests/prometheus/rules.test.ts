// The rule files as promtool sees them, and what every alert has beside its expression: severity, links by construction, a
// reason beside each wait, tests that it fires and that it keeps silent, a runbook.
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { alertsOf, ruleFiles, ruleTests, runbookDirectory } from "../../scripts/rules/rule-files.ts";
import { prometheusBinaries } from "../servers/prometheus-binaries.ts";

const files = ruleFiles();
const tests = ruleTests();
const alerts = files.flatMap(alertsOf);
const names = [...new Set(alerts.map(({ alert }) => alert))];
const { promtool } = await prometheusBinaries();
const run = promisify(execFile);

const components = [
  "drift",
  "performance",
  "data_quality",
  "slo",
  "batch",
  "serving",
  "gpu",
  "host",
  "kafka",
  "exporter",
  "monitoring",
];
const byTier = '{{ if eq $labels.tier "critical" }}critical{{ else }}warning{{ end }}';
/** Of a label of the alert: it pages where that is one value. */
const byLabel = /^\{\{ if eq \$labels\.\w+ "\w+" \}\}critical\{\{ else \}\}warning\{\{ end \}\}$/;
const firstWords = /^(Model|Exporter|Serving|Gpu|Host|Kafka|Prometheus|Alertmanager)[A-Z]|^Watchdog$/;
const boards = [
  "ml-model",
  "ml-feature",
  "ml-data-quality",
  "ml-performance",
  "ml-batch",
  "ml-infrastructure",
  "ml-exporter",
  "ml-slo",
];
const headings = ["Meaning", "Impact", "Diagnosis", "Mitigation", "False alarms", "Escalation"];
/** They fire always, on purpose. */
const neverSilent = ["Watchdog"];

describe.each(files)("$name", ({ path, name }) => {
  test("promtool has nothing to say", async () => {
    const { stdout, stderr } = await run(promtool, ["check", "rules", "--lint=all", "--lint-fatal", path]);
    expect(`${stdout}${stderr}`).toMatch(/SUCCESS: \d+ rules found/);
  });

  test("has tests", () => expect(tests.filter(({ of }) => of.includes(name))).not.toEqual([]));

  test("has a comment above each group", () => {
    const lines = readFileSync(path, "utf8").split("\n");
    const bare = lines.filter((line, index) => /^ {2}- name: /.test(line) && !lines[index - 1]?.trim().startsWith("#"));
    expect(bare).toEqual([]);
  });
});

test.each(tests)("promtool test rules $name", async ({ path }) => {
  const { stdout } = await run(promtool, ["test", "rules", path]);
  expect(stdout).toContain("SUCCESS");
});

describe.each(alerts)("$alert", ({ alert, labels = {}, annotations = {}, lines, ...rule }) => {
  test("says who is called, and for what", () => {
    expect(alert).toMatch(firstWords);
    const severity = labels.severity ?? "";
    if (alert === "Watchdog") expect(severity).toBe("none");
    else if (!byLabel.test(severity)) expect(["critical", "warning", "info"]).toContain(severity);
    if (severity.includes("$labels.tier")) expect(severity).toBe(byTier);
    expect(components).toContain(labels.component);
    for (const label of Object.values(labels)) expect(label).not.toContain("$value");
  });

  test("says what is the matter", () => {
    expect(annotations.summary).toMatch(/^[^{}]+\.$/);
    expect(annotations.description?.length ?? 0).toBeGreaterThan(40);
  });

  test("links by construction", () => {
    const base = "https://github.com/prediction-exporter/prediction-exporter/blob/main/docs/runbooks";
    expect(annotations.runbook_url).toBe(`{{ with $externalLabels.runbooks }}{{ . }}{{ else }}${base}{{ end }}/${alert}.md`);
    const [, board, variables] =
      /^\{\{ with \$externalLabels\.boards \}\}\{\{ \. \}\}\{\{ else \}\}http:\/\/localhost:3000\/d\{\{ end \}\}\/([\w-]+)(\?.*)?$/.exec(
        annotations.dashboard_url ?? "",
      ) ?? [];
    expect(boards).toContain(board);
    if (variables !== undefined)
      expect(variables).toMatch(/^\?var-model=\{\{ \$labels\.model \}\}(&var-version=\{\{ \$labels\.version \}\})?$/);
  });

  test("gives a reason beside each wait", () => {
    for (const [key, value] of [
      ["for", rule.for],
      ["keep_firing_for", rule.keep_firing_for],
    ] as const) {
      if (value === undefined) continue;
      const at = lines.findIndex((line) => new RegExp(`^\\s*${key}: ${value}\\b`).test(line));
      expect(at).toBeGreaterThan(-1);
      expect(`${lines[at - 1]?.trim().startsWith("#") ? lines[at - 1] : ""}${lines[at]}`).toMatch(/#\s*\S+ \S+/);
    }
  });

  test("has a test in which it fires, and one in which it does not", () => {
    const cases = tests.flatMap((one) => one.cases).filter(({ alertname }) => alertname === alert);
    expect(cases.some(({ fires }) => fires)).toBe(true);
    if (!neverSilent.includes(alert)) expect(cases.some(({ fires }) => !fires)).toBe(true);
  });

  test("has a runbook with all of its parts", () => {
    const path = join(runbookDirectory, `${alert}.md`);
    expect(existsSync(path)).toBe(true);
    const text = readFileSync(path, "utf8");
    expect(text.split("\n")[0]).toBe(`# ${alert}`);
    const parts = text.split(/^## /m).slice(1);
    expect(parts.map((part) => part.split("\n")[0])).toEqual(headings);
    for (const part of parts) expect(part.split("\n").slice(1).join(" ").trim().length).toBeGreaterThan(10);
    expect(text).toMatch(/^```promql$/m);
  });
});

test("each runbook is of an alert", () => {
  const pages = readdirSync(runbookDirectory).filter((name) => name.endsWith(".md"));
  expect(pages.map((page) => basename(page, ".md")).filter((page) => !names.includes(page))).toEqual([]);
});

test("tests ask for alerts that there are", () => {
  const asked = new Set(tests.flatMap((one) => one.cases).map(({ alertname }) => alertname));
  expect([...asked].filter((name) => !names.includes(name))).toEqual([]);
});

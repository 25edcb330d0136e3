// What the other tests of boards rely on: variables as Grafana fills them in, the order of recordings, and alerts of the past.
import { describe, expect, test } from "vitest";
import { alertsOf, type RuleFile } from "../../scripts/rules/rule-files.ts";
import type { StoredPrometheus } from "../servers/stored-prometheus.ts";
import { firing } from "./alerts-of-the-past.ts";
import { inOrder } from "./backfill.ts";
import type { BoardFile, VariableFile } from "./board-files.ts";
import { all, labelValuesQuery, replaceVariables } from "./variables.ts";

const variable = (name: string, more: Partial<VariableFile>): VariableFile => ({
  ...{ type: "query", name, label: name, query: `label_values(x, ${name})`, multi: false, includeAll: false },
  ...more,
});

describe("variables", () => {
  const list = [
    variable("model", {}),
    variable("version", { multi: true, includeAll: true, allValue: ".*" }),
    variable("segment", { includeAll: true, allValue: "^$" }),
  ];
  const filled = (text: string, values: Record<string, string>): string =>
    replaceVariables(text, { templating: { list } } as unknown as BoardFile, new Map(Object.entries(values)), {
      ...{ rangeSeconds: 3600, scrapeSeconds: 15 },
    });

  test.each([
    ['x{model="$model"}', { model: "a.b" }, 'x{model="a.b"}'],
    ['x{version=~"$version"}', { version: "1.2" }, String.raw`x{version=~"1\\.2"}`],
    ['x{version=~"$version"}', { version: all }, 'x{version=~".*"}'],
    ['x{segment=~"$segment"}', { segment: all }, 'x{segment=~"^$"}'],
    ["rate(x[$__rate_interval])", {}, "rate(x[60s])"],
    ["increase(x[$__range])", {}, "increase(x[3600s])"],
    ['x{feature="$score"}', {}, 'x{feature="$score"}'],
  ])("%s with %j", (text, values, expected) => {
    expect(filled(text, values)).toBe(expected);
  });

  test("their questions are read", () => {
    const query = 'label_values(x{a=~"b,c"}, d)';
    expect(labelValuesQuery(variable("d", { query }))).toEqual({ selector: 'x{a=~"b,c"}', label: "d" });
    expect(() => labelValuesQuery(variable("d", { query: "query_result(x)" }))).toThrow();
  });
});

const fileOf = (rules: RuleFile["groups"][number]["rules"], text = ""): RuleFile => ({
  ...{ name: "r.yml", path: "r.yml", text },
  groups: [{ name: "g", rules }],
});

test("recordings come after what they ask for, and after those of their own name", () => {
  const parts = inOrder([
    fileOf([
      { record: "c", expr: "a + b" },
      { record: "b", expr: "sum_over_time(b[30d:1h])", labels: { window: "30d" } },
      { record: "b", expr: "rate(a[1h])" },
      { record: "a", expr: "sum(x)" },
      { alert: "A", expr: "c > 1" },
    ]),
  ]);
  const names = parts.map((part) => part.map(({ record, labels }) => `${record}${labels?.window ?? ""}`));
  expect(names).toEqual([["a"], ["b"], ["b30d"], ["c"]]);
});

describe("alerts of the past", () => {
  const severity = '{{ if eq $labels.tier "critical" }}critical{{ else }}warning{{ end }}';
  const rule = { alert: "A", expr: "x > 1", for: "2m", keep_firing_for: "3m", labels: { severity } };
  const [alert] = alertsOf(fileOf([rule], "- alert: A\n"));
  /** Minutes at which the expression is true. */
  const timesOf = async (minutes: readonly number[], tier = "standard") => {
    const values = minutes.map((minute): [number, string] => [minute * 60, "1"]);
    const range = async () => ({ result: [{ metric: { tier }, values }], remarks: [] });
    const past = { startSeconds: 0, endSeconds: 20 * 60, stepSeconds: 60 };
    return firing({ range } as unknown as StoredPrometheus, alert as NonNullable<typeof alert>, past);
  };
  const minutesOf = async (minutes: readonly number[]) => (await timesOf(minutes)).map(({ seconds }) => seconds / 60);

  test.each([
    { name: "begin after their time", minutes: [1, 2, 3, 4], expected: [3, 4, 5, 6, 7] },
    { name: "do not begin where it is too short", minutes: [1, 2, 5, 6], expected: [] },
    { name: "are kept over a gap", minutes: [1, 2, 3, 6, 7], expected: [3, 4, 5, 6, 7, 8, 9, 10] },
    { name: "begin anew after a longer one", minutes: [1, 2, 3, 10, 11, 12], expected: [3, 4, 5, 6, 12, 13, 14, 15] },
  ])("$name", async ({ minutes, expected }) => {
    expect(await minutesOf(minutes)).toEqual(expected);
  });

  test.each([
    ["critical", "critical"],
    ["standard", "warning"],
  ])("have the severity of the tier %s", async (tier, expected) => {
    const [first] = await timesOf([1, 2, 3], tier);
    expect(first?.labels).toEqual({ tier, severity: expected, alertname: "A", alertstate: "firing" });
  });
});

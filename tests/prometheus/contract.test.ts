// Every metric and label that a rule, an annotation or a runbook asks for is one that somebody exports or records. Prometheus
// itself takes any name, and finds nothing.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { markdownQueries, templateQueries } from "../../scripts/rules/queries.ts";
import { alertsOf, ruleFiles, runbookDirectory } from "../../scripts/rules/rule-files.ts";
import { deriveLabels, type Labels } from "./expression-labels.ts";
import { KnownMetrics } from "./known-metrics.ts";

const files = ruleFiles();
const known = await KnownMetrics.of(files);
const findingsOf = (expression: string): readonly string[] => deriveLabels(expression, known.labelsOf).findings;

describe.each(files)("$name", (file) => {
  test("rules ask for what there is", () => {
    const rules = file.groups.flatMap((group) => group.rules);
    const findings = rules.flatMap(({ alert, record, expr }) =>
      findingsOf(expr).map((finding) => `${alert ?? record}: ${finding}`),
    );
    expect(findings).toEqual([]);
  });

  test("annotations and labels use labels that the alert has", () => {
    const findings = alertsOf(file).flatMap(({ alert, expr, labels = {}, annotations = {} }) => {
      const { labels: there } = deriveLabels(expr, known.labelsOf);
      const texts = [...Object.values(labels), ...Object.values(annotations)];
      const asked = texts.flatMap((text) => [...text.matchAll(/\$labels\.(\w+)/g)].map((found) => found[1] as string));
      return there === null ? [] : asked.filter((label) => !there.has(label)).map((label) => `${alert}: ${label}`);
    });
    expect(findings).toEqual([]);
  });

  test("annotations ask for what there is", () => {
    const queries = alertsOf(file).flatMap(({ alert, annotations = {} }) =>
      Object.values(annotations)
        .flatMap(templateQueries)
        .map((query) => ({ alert, query })),
    );
    const findings = queries.flatMap(({ alert, query }) => findingsOf(query).map((finding) => `${alert}: ${finding}`));
    expect(findings).toEqual([]);
  });
});

test.each(readdirSync(runbookDirectory).filter((name) => name.endsWith(".md")))(
  "the runbook %s asks for what there is",
  (name) => {
    const queries = markdownQueries(readFileSync(join(runbookDirectory, name), "utf8"));
    expect(queries.length).toBeGreaterThan(0);
    expect(queries.flatMap(findingsOf)).toEqual([]);
  },
);

describe("the contract itself", () => {
  const metrics = new Map<string, Labels>([
    ["a", new Set(["x", "y"])],
    ["b", new Set(["x", "z"])],
    ["h_bucket", new Set(["x", "le"])],
  ]);
  const derive = (expression: string) => deriveLabels(expression, (name) => metrics.get(name));
  const labelsOf = (expression: string) => [...(derive(expression).labels ?? ["anything"])].sort();

  test.each([
    ["c", "nobody exports or records c"],
    ['a{z="1"}', "a has no label z"],
    ["sum by (z) (a)", "z"],
    ["sum without (z) (a)", "z"],
    ["a + on (z) b", "left: z"],
    ["a and on (y) b", "right: y"],
    ["a * on (x) group_left (y) b", "taken from: y"],
    ["a - ignoring (w) b", "w"],
    ['label_replace(a, "n", "$1", "z", "(.*)")', "z"],
    ['label_join(a, "n", "-", "x", "z")', "z"],
    ["sum by (y) (a * on (x) b)", "y"],
    ["max_over_time(rate(c[5m])[1h:1m] offset 1d)", "c"],
    ["absent(c)", "c"],
  ])("%s is found out", (expression, finding) => {
    expect(derive(expression).findings.join()).toContain(finding);
  });

  test.each([
    ["a", ["x", "y"]],
    ["sum by (x) (a)", ["x"]],
    ["sum without (instance, x) (a)", ["y"]],
    ["sum(a)", []],
    ["1 - a", ["x", "y"]],
    ["time() - a > 5", ["x", "y"]],
    ["a * on (x) group_left (z) b", ["x", "y", "z"]],
    ["a * on (x) group_right () b", ["x", "z"]],
    ["a and on (x) b", ["x", "y"]],
    ["sum by (x) (a) or b", ["x", "z"]],
    ["a > on (x) b", ["x"]],
    ["a / ignoring (y, z) b", ["x"]],
    ["histogram_quantile(0.9, h_bucket)", ["x"]],
    ['count_values("v", a)', ["v"]],
    ['label_join(a, "n", "-", "x")', ["n", "x", "y"]],
    ['absent(a{x="1",y=~"2"})', ["x"]],
    ["max_over_time(a[5m])", ["x", "y"]],
    ["vector(1)", []],
    ['{__name__="b"}', ["x", "z"]],
    ['{__name__=~"b.*"}', ["anything"]],
  ])("%s has the labels %j", (expression, labels) => {
    expect(derive(expression).findings).toEqual([]);
    expect(labelsOf(expression)).toEqual(labels);
  });

  test("templates and runbooks are read", () => {
    expect(
      templateQueries('{{ with printf `up{job=%q,a=~"b|c"} > 1` $labels.job | query }}{{ . }}{{ end }}{{ range query "up" }}'),
    ).toEqual(['up{job="x",a=~"b|c"} > 1', "up"]);
    expect(templateQueries('{{ with query (printf "up{job=%q} > 1" $labels.job) }}{{ . }}{{ end }}')).toEqual([
      'up{job="x"} > 1',
    ]);
    expect(templateQueries('{{ range "sum(up)" | query | sortByLabel "x" }}')).toEqual(["sum(up)"]);
    expect(markdownQueries("a\n```promql\n# first\nup\n  == 0\n\nsum(up)\n```\n```sh\nls\n```\n")).toEqual([
      "up\n  == 0",
      "sum(up)",
    ]);
  });
});

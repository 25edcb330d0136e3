// What holds for every board, as Grafana's own linter of boards has it (github.com/grafana/dashboard-linter, docs/rules), and what
// Grafana only finds out when somebody looks: numbers and letters that are given twice, variables and labels that are not there.
import { describe, expect, test } from "vitest";
import { boardTag } from "../../grafana/source/links.ts";
import { childOf, type Node, parsePromql, within } from "../../scripts/rules/promql.ts";
import { alertsOf, ruleFiles } from "../../scripts/rules/rule-files.ts";
import { deriveLabels } from "../prometheus/expression-labels.ts";
import { KnownMetrics } from "../prometheus/known-metrics.ts";
import { type BoardFile, boardFiles, type PanelFile, panelsOf, placesOf, type TargetFile, variableOf } from "./board-files.ts";
import { labelValuesQuery, replaceVariables } from "./variables.ts";

const rules = ruleFiles();
const known = await KnownMetrics.of(rules);
const alertRanges = new Set(
  rules.flatMap(alertsOf).flatMap(({ expr }) => [...expr.matchAll(/\[(\w+)\]/g)].map(([, range]) => range as string)),
);
const datasource = { type: "prometheus", uid: `\${datasource}` };
/** Grafana's grid. */
const columns = 24;

const filled = (text: string, board: BoardFile): string =>
  replaceVariables(text, board, new Map(board.templating.list.map(({ name }) => [name, "x"])), {
    rangeSeconds: 3600,
    scrapeSeconds: 15,
  });
const variablesIn = (text: string): string[] => [...text.matchAll(/\$\{?(\w+)/g)].map(([, name]) => name as string);
const overlap = (a: PanelFile["gridPos"], b: PanelFile["gridPos"]): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

describe.each([...boardFiles])("%s", (name, board) => {
  const places = placesOf(board);
  const panels = panelsOf(board);
  const targets = panels.flatMap((panel) => (panel.targets ?? []).map((target) => ({ panel, target })));

  test("is a file that Grafana takes", () => {
    expect(board.uid).toBe(name);
    expect(board.title.length).toBeGreaterThan(0);
    expect(board.tags).toContain(boardTag);
    expect(board.schemaVersion).toBeLessThanOrEqual(42);
    expect(board.editable).toBe(false);
    expect(board.links.some(({ type, tags }) => type === "dashboards" && tags.includes(boardTag))).toBe(true);
  });

  test("numbers of panels and letters of queries are given once, and no panel lies on another", () => {
    const ids = places.map(({ id }) => id);
    expect(ids.every((id) => Number.isInteger(id) && id > 0)).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { title, targets: own = [] } of panels) {
      expect(new Set(own.map(({ refId }) => refId)).size, title).toBe(own.length);
      expect(
        own.every(({ refId }) => /^[A-Z]$/.test(refId)),
        title,
      ).toBe(true);
    }
    const lying = places.flatMap((one, index) => places.slice(index + 1).filter((other) => overlap(one.gridPos, other.gridPos)));
    expect(lying.map(({ title }) => title)).toEqual([]);
    expect(places.every(({ gridPos: { x, w } }) => x + w <= columns)).toBe(true);
  });

  test("panels say what they show, in which unit, and why they may be empty", () => {
    for (const { title, description = "", fieldConfig, targets: own = [] } of panels) {
      expect(title, description).not.toBe("");
      expect(description, title).toMatch(/^[A-Z0-9].*[.?]$/);
      expect(fieldConfig?.defaults.unit ?? "", title).not.toBe("");
      expect(fieldConfig?.defaults.noValue ?? "", title).toMatch(/^[A-Z].*[.?]$/);
      expect(own.length, title).toBeGreaterThan(0);
    }
    expect(new Set(panels.map(({ type, title }) => `${type} ${title}`)).size).toBe(panels.length);
  });

  test("all questions go to the Prometheus that was chosen", () => {
    expect(board.templating.list[0]).toMatchObject({ name: "datasource", type: "datasource", query: "prometheus" });
    expect(panels.map((panel) => panel.datasource)).toEqual(panels.map(() => datasource));
    expect(targets.map(({ target }) => target.datasource)).toEqual(targets.map(() => datasource));
    expect(board.annotations.list.map((annotation) => annotation.datasource)).toEqual(
      board.annotations.list.map(() => datasource),
    );
    const queries = board.templating.list.filter(({ type }) => type === "query");
    expect(queries.map((variable) => variable.datasource)).toEqual(queries.map(() => datasource));
    // Refreshed as the time changes: a model of last week is not there now.
    expect(queries.every(({ refresh }) => refresh === 2)).toBe(true);
  });

  test("variables are asked for, in the order of what they depend on, and each is used", () => {
    const names = board.templating.list.map((variable) => variable.name);
    const queries = board.templating.list.slice(1);
    for (const [index, variable] of queries.entries()) {
      const { selector, label } = labelValuesQuery(variable);
      const before = names.slice(0, index + 1);
      expect(variablesIn(selector).filter((asked) => names.includes(asked) && !before.includes(asked))).toEqual([]);
      const { labels, findings } = deriveLabels(filled(selector, board), known.labelsOf);
      expect(findings).toEqual([]);
      expect(labels === null || labels.has(label), variable.name).toBe(true);
    }
    const texts = JSON.stringify([panels, board.annotations, queries.map(({ query }) => query)]);
    const used = new Set(variablesIn(texts));
    expect(queries.filter((variable) => !used.has(variable.name)).map((variable) => variable.name)).toEqual([]);
  });

  const expressions = [
    ...targets.map(({ panel, target }) => ({ title: `${panel.title} ${target.refId}`, expr: target.expr })),
    ...board.annotations.list.map(({ name: title, expr }) => ({ title, expr })),
  ];
  test.each(expressions)("$title asks for what there is", ({ expr }) => {
    const { findings } = deriveLabels(filled(expr, board), known.labelsOf);
    expect(findings).toEqual([]);
    for (const [, operator, variable] of expr.matchAll(/(=~|!~|!=|=)"\$(\w+)"/g)) {
      const { multi = false, includeAll = false } = variableOf(board, variable as string) ?? {};
      // With several values, or with all, it is a regular expression.
      expect(operator, `$${variable}`).toBe(multi || includeAll ? "=~" : "=");
    }
    const own = /^(__range|__rate_interval|__interval)$/;
    expect(variablesIn(expr).filter((asked) => !own.test(asked) && variableOf(board, asked) === undefined)).toEqual([]);
  });

  test.each(targets.map(({ panel, target }) => ({ title: `${panel.title} ${target.refId}`, panel, target })))(
    "$title: is named by labels that it has, and is not one series for each of very many",
    ({ panel, target }) => {
      const { labels } = deriveLabels(filled(target.expr, board), known.labelsOf);
      if (labels === null) return;
      const named = [...target.legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label as string);
      expect(named.filter((label) => !labels.has(label))).toEqual([]);
      expect(named.length > 0 || target.legendFormat.length > 0).toBe(true);
      if (panel.type === "table" || target.instant === true) expect(target.range ?? false).toBe(false);
      // Of a model there may be 500 features, each with segments; of one feature the bins are few.
      if (labels.has("feature") || (labels.has("segment") && !namedOnce(target, "segment"))) {
        expect(/\b(topk|bottomk)\s*\(/.test(target.expr), target.expr).toBe(true);
      }
      if (labels.has("bin")) expect(target.expr).toMatch(/feature="\$(feature|output)"/);
    },
  );

  test.each(targets.filter(({ target }) => /\b(rate|increase|irate|delta)\(/.test(target.expr)))(
    "$panel.title: rates are of time enough",
    ({ panel, target }) => {
      const ranges = [...target.expr.matchAll(/\b(?:rate|increase|delta)\([^[]*\[([^\]]+)\]/g)].map(
        ([, range]) => range as string,
      );
      const wrong = ranges.filter((range) => !["$__rate_interval", "$__range"].includes(range) && !alertRanges.has(range));
      expect(wrong, panel.title).toEqual([]);
      expect(target.expr).not.toContain("irate(");
    },
  );
});

/** Boards about targets, each by itself; on all others a pair of exporters is one. */
const ofTargets = ["ml-exporter", "ml-infrastructure", "ml-alerts"];

test.each([...boardFiles].filter(([uid]) => !ofTargets.includes(uid)))("%s shows a pair of exporters once", (_, board) => {
  const targets = panelsOf(board).flatMap(({ title, targets: own = [] }) => own.map(({ expr }) => ({ title, expr })));
  for (const { title, expr } of targets) {
    const { labels } = deriveLabels(filled(expr, board), known.labelsOf);
    expect(labels?.has("instance") ?? false, title).toBe(false);
    // The greater of two that count the same; their sum would be twice as much.
    expect(
      aggregationsOf(parsePromql(filled(expr, board))).filter(({ by }) => by !== "max"),
      title,
    ).toEqual([]);
  }
});

test("uids and titles are of one board each", () => {
  const titles = [...boardFiles.values()].map(({ title }) => title);
  expect(new Set(titles).size).toBe(titles.length);
});

/** Of each series of the exporters themselves, which rules do not record: what it is aggregated by first. */
function aggregationsOf(node: Node, by = "nothing"): { readonly metric: string; readonly by: string }[] {
  const metric = node.name === "VectorSelector" ? (childOf(node, "Identifier")?.text ?? "") : "";
  if (/^ml_/.test(metric) && metric !== "ml_exporter_restoring") return [{ metric, by }];
  const operation = node.name === "AggregateExpr" ? (childOf(node, "AggregateOp")?.text ?? by) : by;
  return node.children.flatMap((child) => aggregationsOf(child, operation));
}

/** Whether all series of a target are of one value of a label. */
function namedOnce({ expr }: TargetFile, label: string): boolean {
  const selectors = [...within(parsePromql(expr.replaceAll(/\$__\w+/g, "5m")))].filter(({ name }) => name === "VectorSelector");
  return selectors.some((selector) => {
    const matchers = [...within(selector)].filter(({ name }) => name === "UnquotedLabelMatcher");
    return matchers.some((matcher) => childOf(matcher, "LabelName")?.text === label);
  });
}

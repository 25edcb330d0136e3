// Which labels the result of an expression can have, and what an expression asks for that cannot be there: a metric that
// nobody exports, a label that its metric does not have. A rule with such a mistake is valid, and silent for ever.
import { childOf, type Node, parsePromql, stringOf, within } from "../../scripts/rules/promql.ts";

/** Labels that series can have; null: anything, as nobody says. */
export type Labels = ReadonlySet<string> | null;

export interface Derived {
  readonly labels: Labels;
  /** What cannot be, in words. */
  readonly findings: readonly string[];
}

/** @param labelsOf the labels of a metric; undefined where there is none of that name */
export function deriveLabels(expression: string, labelsOf: (metric: string) => Labels | undefined): Derived {
  const findings: string[] = [];
  const labels = new Derivation(labelsOf, (finding) => findings.push(finding)).of(parsePromql(expression));
  return { labels, findings };
}

/** Prometheus adds them to whatever it scrapes; aggregating them away is no mistake where they are gone already. */
const ofTargets = ["instance", "job"];
const expressions =
  /^(AggregateExpr|BinaryExpr|FunctionCall|MatrixSelector|NumberDurationLiteral|OffsetExpr|ParenExpr|StringLiteral|SubqueryExpr|UnaryExpr|VectorSelector|StepInvariantExpr|PromQL)$/;

class Derivation {
  readonly #labelsOf: (metric: string) => Labels | undefined;
  readonly #find: (finding: string) => void;

  constructor(labelsOf: (metric: string) => Labels | undefined, find: (finding: string) => void) {
    this.#labelsOf = labelsOf;
    this.#find = find;
  }

  of(node: Node): Labels {
    if (node.name === "VectorSelector") return this.#selector(node);
    if (node.name === "AggregateExpr") return this.#aggregation(node);
    if (node.name === "BinaryExpr") return this.#binary(node);
    if (node.name === "FunctionCall") return this.#call(node);
    if (node.name === "NumberDurationLiteral" || node.name === "StringLiteral") return new Set();
    const inner = node.children.find(({ name }) => expressions.test(name));
    if (inner === undefined) throw new Error(`nothing is known of ${node.name}: ${node.text}`);
    return this.of(inner);
  }

  #selector(node: Node): Labels {
    const matchers = [...within(node)].filter(({ name }) => name === "UnquotedLabelMatcher");
    const named = matchers.find((matcher) => childOf(matcher, "LabelName")?.text === "__name__");
    const metric = childOf(node, "Identifier")?.text ?? (named === undefined ? undefined : exactName(named));
    if (metric === undefined) return null;
    const labels = this.#labelsOf(metric);
    if (labels === undefined) {
      this.#find(`nobody exports or records ${metric}`);
      return null;
    }
    this.#ask(
      labels,
      matchers.map((matcher) => childOf(matcher, "LabelName")?.text ?? ""),
      `${metric} has no label`,
    );
    return labels;
  }

  #aggregation(node: Node): Labels {
    const body = childOf(node, "FunctionCallBody")?.children.filter(({ name }) => expressions.test(name)) ?? [];
    const inner = this.of(body[body.length - 1] as Node);
    const modifier = childOf(node, "AggregateModifier");
    const asked = grouping(modifier);
    const without = modifier !== undefined && childOf(modifier, "Without") !== undefined;
    this.#ask(
      inner,
      without ? asked.filter((label) => !ofTargets.includes(label)) : asked,
      `${node.text} groups by what is not there:`,
    );
    const operation = childOf(node, "AggregateOp")?.text;
    const kept = operation === "topk" || operation === "bottomk" ? inner : without ? minus(inner, asked) : new Set(asked);
    return operation === "count_values" ? plus(kept, [stringOf(body[0] as Node)]) : kept;
  }

  #binary(node: Node): Labels {
    const [left, right] = node.children.filter(({ name }) => expressions.test(name)) as [Node, Node];
    const [a, b] = [this.of(left), this.of(right)];
    const clause = childOf(node, "MatchingModifierClause");
    const lists = (clause?.children ?? []).filter(({ name }) => name === "GroupingLabels").map(namesIn);
    const [on, ignoring] = [has(clause, "On"), has(clause, "Ignoring")];
    const [groupLeft, groupRight] = [has(clause, "GroupLeft"), has(clause, "GroupRight")];
    const matched = on || ignoring ? (lists[0] ?? []) : [];
    const said = `${clause?.text} in ${node.text}: not at the `;
    if (on) {
      this.#ask(a, matched, `${said}left:`);
      this.#ask(b, matched, `${said}right:`);
    }
    if (ignoring) this.#ask(plus(a, [...(b ?? [])]), matched, `${said}left or right:`);
    const included = (groupLeft || groupRight ? lists[on || ignoring ? 1 : 0] : undefined) ?? [];
    this.#ask(groupLeft ? b : a, included, `${said}one that it is taken from:`);
    if (["And", "Unless"].some((operator) => has(node, operator))) return a;
    if (has(node, "Or")) return a === null || b === null ? null : plus(a, [...b]);
    if (isScalar(left)) return b;
    if (isScalar(right)) return a;
    if (groupLeft) return plus(a, included);
    if (groupRight) return plus(b, included);
    return on ? new Set(matched) : minus(a, matched);
  }

  #call(node: Node): Labels {
    const body = childOf(node, "FunctionCallBody")?.children.filter(({ name }) => expressions.test(name)) ?? [];
    const inner = body.map((one) => this.of(one));
    const name = childOf(node, "FunctionIdentifier")?.text ?? "";
    const texts = body.map((one) => (one.name === "StringLiteral" ? stringOf(one) : ""));
    if (name === "absent" || name === "absent_over_time") return equalityLabels(body[0] as Node);
    if (name === "label_replace") {
      this.#ask(inner[0] as Labels, [texts[3] as string], `${node.text} reads what is not there:`);
      return plus(inner[0] as Labels, [texts[1] as string]);
    }
    if (name === "label_join") {
      this.#ask(inner[0] as Labels, texts.slice(3), `${node.text} reads what is not there:`);
      return plus(inner[0] as Labels, [texts[1] as string]);
    }
    if (name === "histogram_quantile") return minus(inner[1] as Labels, ["le"]);
    const vector = body.findIndex((one) => !isScalar(one) && one.name !== "StringLiteral");
    return vector < 0 ? new Set() : (inner[vector] as Labels);
  }

  #ask(there: Labels, asked: readonly string[], finding: string): void {
    if (there === null) return;
    for (const label of asked) if (label !== "__name__" && !there.has(label)) this.#find(`${finding} ${label}`);
  }
}

function exactName(matcher: Node): string | undefined {
  const exact = [...within(matcher)].some(({ name }) => name === "EqlSingle");
  const value = childOf(matcher, "StringLiteral");
  return exact && value !== undefined ? stringOf(value) : undefined;
}

function equalityLabels(node: Node): Labels {
  const matchers = [...within(node)].filter(({ name }) => name === "UnquotedLabelMatcher");
  const equal = matchers.filter((matcher) => [...within(matcher)].some(({ name }) => name === "EqlSingle"));
  return new Set(equal.map((matcher) => childOf(matcher, "LabelName")?.text ?? ""));
}

function has(node: Node | undefined, name: string): boolean {
  return node !== undefined && childOf(node, name) !== undefined;
}

function grouping(modifier: Node | undefined): string[] {
  const list = modifier === undefined ? undefined : childOf(modifier, "GroupingLabels");
  return list === undefined ? [] : namesIn(list);
}

function namesIn(list: Node): string[] {
  return list.children.filter(({ name }) => name === "LabelName").map(({ text }) => text);
}

/** Numbers, and functions that give one for all series. */
function isScalar(node: Node): boolean {
  if (node.name === "NumberDurationLiteral") return true;
  if (node.name === "FunctionCall") return /^(time|scalar|pi)\(/.test(node.text);
  if (node.name === "BinaryExpr") return node.children.filter(({ name }) => expressions.test(name)).every(isScalar);
  if (node.name !== "ParenExpr" && node.name !== "UnaryExpr" && node.name !== "StepInvariantExpr") return false;
  return node.children.filter(({ name }) => expressions.test(name)).every(isScalar);
}

function plus(labels: Labels, more: readonly string[]): Labels {
  return labels === null ? null : new Set([...labels, ...more]);
}

function minus(labels: Labels, less: readonly string[]): Labels {
  return labels === null ? null : new Set([...labels].filter((label) => !less.includes(label)));
}

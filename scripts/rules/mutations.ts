// One rule with one small mistake each: another operator, number, duration, matcher, `for` or `keep_firing_for`. A test of the rule
// that passes with the mistake does not hold what the mistake changes.
import { parseDuration } from "../../src/config/duration.ts";
import { childOf, type Node, parsePromql, stringOf, within } from "./promql.ts";
import type { Rule } from "./rule-files.ts";

export interface Mutation {
  /** What is changed, with what stands around it: `a [> -> >=] 5`. */
  readonly change: string;
  readonly rule: Rule;
}

const others: Readonly<Record<string, readonly string[]>> = {
  ">": [">=", "<"],
  ">=": [">", "<"],
  "<": ["<=", ">"],
  "<=": ["<", ">"],
  "==": ["!="],
  "!=": ["=="],
  and: ["unless"],
  unless: ["and"],
  or: ["and"],
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
};
const matcherOthers: Readonly<Record<string, string>> = { "=": "!=", "!=": "=", "=~": "!~", "!~": "=~" };
/** Far enough that a test near the number notices, near enough that one far from it does not. */
const numberFactors = [1.2, 0.8];
const durationFactors = [2, 0.5];
const contextBefore = 28;
const contextAfter = 14;

export function mutationsOf(rule: Rule): Mutation[] {
  const changed = expressionChanges(parsePromql(rule.expr)).map(({ from, to, text }) => {
    const before = rule.expr.slice(0, from);
    const after = rule.expr.slice(to);
    const change = `${before.slice(-contextBefore)}[${rule.expr.slice(from, to)} -> ${text}]${after.slice(0, contextAfter)}`;
    return { change: change.replace(/\s+/g, " ").trim(), rule: { ...rule, expr: `${before}${text}${after}` } };
  });
  const waits = (["for", "keep_firing_for"] as const).flatMap((key) => {
    const value = rule[key];
    if (value === undefined) return [];
    return otherDurations(value).map((other) => ({ change: `${key}: [${value} -> ${other}]`, rule: { ...rule, [key]: other } }));
  });
  return [...changed, ...waits];
}

interface Change {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

function expressionChanges(root: Node): Change[] {
  return [...within(root)].flatMap((node): Change[] => {
    const replaced = ({ from, to }: Node, texts: readonly string[]): Change[] => texts.map((text) => ({ from, to, text }));
    if (node.name === "BinaryExpr" && !joinsInfo(node))
      return node.children.flatMap((child) => replaced(child, others[child.text.toLowerCase()] ?? []));
    if (node.name === "NumberDurationLiteral") return replaced(node, otherNumbers(node.text));
    if (node.name === "NumberDurationLiteralInDurationContext") return replaced(node, otherDurations(node.text));
    if (node.name === "LabelMatchers") return matcherChanges(node);
    return [];
  });
}

/** As in `x * on (model) group_left (team) ml_model_info`: by a series that is always 1, for its labels, so `/` is the same. */
function joinsInfo({ children }: Node): boolean {
  const info = children.at(-1);
  const name = info?.name === "VectorSelector" ? childOf(info, "Identifier")?.text : undefined;
  return children.some(({ text }) => text === "*") && /_info(:\w+)?$/.test(name ?? "");
}

/** Each matcher turned round, and each left out. */
function matcherChanges(list: Node): Change[] {
  const matchers = list.children.filter(({ name }) => name === "UnquotedLabelMatcher");
  const render = (changed: readonly string[]): Change => ({ from: list.from, to: list.to, text: `{${changed.join(",")}}` });
  const texts = matchers.map(({ text }) => text);
  return matchers.flatMap((matcher, index) => {
    const [label, operator, value] = ["LabelName", "MatchOp", "StringLiteral"].map((name) => childOf(matcher, name) as Node);
    const turned = `${label?.text}${matcherOthers[operator?.text ?? ""]}${JSON.stringify(stringOf(value as Node))}`;
    return [render(texts.with(index, turned)), render(texts.toSpliced(index, 1))];
  });
}

function otherNumbers(text: string): string[] {
  const value = Number(text);
  // As in `time() - 7d`.
  if (Number.isNaN(value)) return Number.isNaN(parseDuration(text)) ? [] : otherDurations(text);
  return value === 0 ? ["1", "-1"] : numberFactors.map((factor) => String(Number((value * factor).toPrecision(6))));
}

function otherDurations(text: string): string[] {
  return durationFactors.map((factor) => `${Math.round((parseDuration(text) / 1000) * factor)}s`);
}

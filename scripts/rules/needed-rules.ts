// Which rules a case of a test hangs on: those that its expression names, all that they are made of, and nothing else.
import type { Rule, TestCase } from "./rule-files.ts";
import { matches, type Selector, selectorsOf } from "./selectors.ts";

export interface ReadingRule {
  readonly name: string;
  readonly isAlert: boolean;
  /** Names of the metrics and rules that its expression, labels and annotations speak of, among other words. */
  readonly reads: ReadonlySet<string>;
}

export const nameOf = ({ alert, record }: Rule): string => alert ?? record ?? "";

export function readingRule(rule: Rule): ReadingRule {
  const text = JSON.stringify([rule.expr, rule.labels, rule.annotations]);
  if (/__name__|\bALERTS/.test(text)) throw new Error(`${nameOf(rule)} reads rules without naming them`);
  return { name: nameOf(rule), isAlert: rule.alert !== undefined, reads: wordsOf(text) };
}

/** Words that can be names of metrics. */
export function wordsOf(text: string): Set<string> {
  return new Set(text.match(/[A-Za-z_:][\w:]*/g));
}

/** Names of the rules that a case asks for, of all that there are. */
export function askedBy({ alertname, expr }: TestCase, rules: readonly ReadingRule[]): Set<string> {
  if (alertname !== undefined) return new Set([alertname]);
  const selectors = selectorsOf(expr ?? "");
  return new Set(rules.filter((rule) => selectors.some((selector) => selects(selector, rule))).map(({ name }) => name));
}

/** Whether a selector can have series of metrics that it does not name. */
export function isWide({ expr }: TestCase): boolean {
  return selectorsOf(expr ?? "0").some(({ metric }) => metric === null);
}

/** These rules and all that they are made of, by name. */
export function withSources(names: Iterable<string>, rules: readonly ReadingRule[]): Set<string> {
  const all = new Set(names);
  for (const name of all)
    for (const { reads } of rules.filter((rule) => rule.name === name))
      for (const { name: source } of rules) if (reads.has(source)) all.add(source);
  return all;
}

/** A rule and all that is made of it, by name. */
export function withUses(name: string, rules: readonly ReadingRule[]): Set<string> {
  const all = new Set([name]);
  for (const source of all) for (const use of rules) if (use.reads.has(source)) all.add(use.name);
  return all;
}

/** A recording by its name, an alert by that of its label; other labels may be anything. */
function selects({ metric, matchers }: Selector, { name, isAlert }: ReadingRule): boolean {
  const allows = (label: string, value: string): boolean =>
    matchers.every((matcher) => matcher.label !== label || matches(matcher, value));
  const metrics = isAlert ? ["ALERTS", "ALERTS_FOR_STATE"] : [name];
  const isSelected = metrics.some((one) => (metric === null ? allows("__name__", one) : metric === one));
  return isSelected && (!isAlert || allows("alertname", name));
}

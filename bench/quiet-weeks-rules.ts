// The shipped rules as something that can be evaluated over weeks: which of them alerts need, in which order, and what they ask of
// pages. It evaluates nothing.

import { ruleFiles } from "../scripts/rules/rule-files.ts";
import { type Matcher, matches, type Selector, selectorsOf } from "../scripts/rules/selectors.ts";
import { parseDuration } from "../src/config/duration.ts";

export type Labels = Readonly<Record<string, string>>;

export interface Recording {
  readonly record: string;
  readonly expression: string;
  readonly labels: Labels;
}

export interface Alerting {
  readonly alert: string;
  readonly expression: string;
  readonly forMillis: number;
  readonly keepMillis: number;
  /** As in its labels; where that is a template, all that it can be. */
  readonly severity: string;
}

/** Rules that read nothing but pages and what earlier stages have recorded. */
export interface Stage {
  readonly recordings: readonly Recording[];
  readonly alerts: readonly Alerting[];
}

export interface NamedSelector extends Selector {
  readonly metric: string;
}

type Rule = Recording | Alerting;

const isRecording = (rule: Rule): rule is Recording => "record" in rule;

/** Rules that alerts are made of, in stages; recordings that nothing but boards and texts of alerts read are left out. */
export function stagesOf(rules: readonly Rule[]): Stage[] {
  const recordings = Map.groupBy(rules.filter(isRecording), ({ record }) => record);
  const needed = neededBy(rules, recordings);
  const stages: { recordings: Recording[]; alerts: Alerting[] }[] = [];
  const known = new Map<Rule, number>();
  for (const rule of needed) {
    const at = stageOf(rule, recordings, known);
    while (stages.length <= at) stages.push({ recordings: [], alerts: [] });
    if (isRecording(rule)) stages[at]?.recordings.push(rule);
    else stages[at]?.alerts.push(rule);
  }
  return stages;
}

function neededBy(rules: readonly Rule[], recordings: ReadonlyMap<string, readonly Recording[]>): Set<Rule> {
  const needed = new Set<Rule>(rules.filter((rule) => !isRecording(rule)));
  for (const rule of needed) {
    for (const { metric } of selectorsIn(rule.expression)) for (const one of recordings.get(metric) ?? []) needed.add(one);
  }
  return needed;
}

/** One after the last stage of what it reads. A rule that reads other rules of its own name reads them, not itself. */
function stageOf(rule: Rule, recordings: ReadonlyMap<string, readonly Recording[]>, known: Map<Rule, number>): number {
  const before = known.get(rule);
  if (before !== undefined) return before;
  known.set(rule, 0);
  let stage = 0;
  for (const { metric, matchers } of selectorsIn(rule.expression)) {
    for (const read of recordings.get(metric) ?? []) {
      if (read === rule || !canBe(read, matchers)) continue;
      stage = Math.max(stage, 1 + stageOf(read, recordings, known));
    }
  }
  known.set(rule, stage);
  return stage;
}

/** Whether what a rule records can be what matchers ask for, as far as the labels that it adds tell. */
function canBe({ labels }: Recording, matchers: readonly Matcher[]): boolean {
  return matchers.every((matcher) => labels[matcher.label] === undefined || matches(matcher, labels[matcher.label]));
}

/** Of an expression. @throws where one has no name */
function selectorsIn(expression: string): NamedSelector[] {
  return selectorsOf(expression).map(({ metric, matchers }) => {
    if (metric === null) throw new Error(`a selector without a name: ${expression}`);
    return { metric, matchers };
  });
}

/** What rules ask for that they do not record themselves. */
export function askedOf(stages: readonly Stage[]): NamedSelector[] {
  const rules = stages.flatMap(({ recordings, alerts }): Rule[] => [...recordings, ...alerts]);
  const recorded = new Set(rules.filter(isRecording).map(({ record }) => record));
  return rules.flatMap(({ expression }) => selectorsIn(expression)).filter(({ metric }) => !recorded.has(metric));
}

/** The rules of prometheus/rules, in the order of their files. */
export function shippedRules(): Rule[] {
  const groups = ruleFiles().flatMap(({ groups }) => groups);
  return groups.flatMap(({ labels: ofGroup = {}, rules }) =>
    rules.map(({ record, alert = "", expr: expression, labels = {}, ...waits }): Rule => {
      if (record !== undefined) return { record, expression, labels: { ...ofGroup, ...labels } };
      const [forMillis, keepMillis] = [millisOf(waits.for), millisOf(waits.keep_firing_for)];
      return { alert, expression, forMillis, keepMillis, severity: severityOf(labels.severity ?? "") };
    }),
  );
}

const millisOf = (text: string | undefined): number => (text === undefined ? 0 : parseDuration(text));

function severityOf(text: string): string {
  if (!text.includes("{{")) return text;
  return [...text.matchAll(/\}\}(\w+)\{\{/g)].map(([, word]) => word).join(" or ");
}

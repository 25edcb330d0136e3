// The parts of tests that hang on one rule. Most of a test has nothing to do with it, and takes its time: of each group of cases there
// remain those that ask for the rule or for what is made of it, with the rules and the series that these cases need.
import { parseDuration } from "../../src/config/duration.ts";
import { askedBy, isWide, nameOf, type ReadingRule, readingRule, withSources, withUses, wordsOf } from "./needed-rules.ts";
import type { Group, Rule, RuleFile, RuleTest, TestCase, TestFile, TestGroup } from "./rule-files.ts";

/** A test file of one group of cases, and the rules that it needs. */
export interface PrunedTest {
  /** The file and the group of cases that it is of. */
  readonly name: string;
  readonly content: TestFile;
  readonly groups: readonly Group[];
}

/** What may notice a change of a rule: first what asks for that rule only, then for others, too, then for what is made of it. */
export function testsOf(rule: Rule, files: readonly RuleFile[], tests: readonly RuleTest[]): PrunedTest[] {
  const pruned = tests.flatMap((test) => partsOf(rule, test, files));
  const ranked = pruned.sort((one, other) => one.rank - other.rank || evaluations(one.test) - evaluations(other.test));
  return ranked.map(({ test }) => test);
}

/** How often a rule is evaluated, all together: what a test takes. */
function evaluations({ content, groups }: PrunedTest): number {
  const cases = content.tests.flatMap(casesOf);
  const length = Math.max(...cases.map(({ eval_time }) => parseDuration(eval_time) || 0));
  return groups.flatMap(({ rules }) => rules).length * (1 + length / parseDuration(content.evaluation_interval));
}

interface Ranked {
  readonly rank: number;
  readonly test: PrunedTest;
}

function partsOf(rule: Rule, test: RuleTest, files: readonly RuleFile[]): Ranked[] {
  const groups = files.filter(({ name }) => test.of.includes(name)).flatMap((file) => file.groups);
  const known = groups.flatMap(({ rules }) => rules.map(readingRule));
  const changed = withUses(nameOf(rule), known);
  return test.content.tests.flatMap((group) => {
    const asked = new Map(casesOf(group).map((one) => [one, askedBy(one, known)] as const));
    const affected = [...asked].filter(([, names]) => [...names].some((name) => changed.has(name)));
    const ranks = [0, 1, 2].map((rank) =>
      affected.filter(([, names]) => rankOf(names, nameOf(rule)) === rank).map(([one]) => one),
    );
    return ranks.flatMap((some, rank) =>
      some.length === 0 ? [] : [{ rank, test: prunedTest(test, group, some, groups, known) }],
    );
  });
}

function rankOf(asked: ReadonlySet<string>, name: string): number {
  if (!asked.has(name)) return 2;
  return asked.size === 1 ? 0 : 1;
}

export function casesOf({ alert_rule_test: alerts, promql_expr_test: expressions }: TestGroup): TestCase[] {
  return [...(alerts ?? []), ...(expressions ?? [])];
}

function prunedTest(
  { name, content }: RuleTest,
  group: TestGroup,
  cases: readonly TestCase[],
  all: readonly Group[],
  known: readonly ReadingRule[],
): PrunedTest {
  const needed = withSources(
    cases.flatMap((one) => [...askedBy(one, known)]),
    known,
  );
  const groups = all
    .map((one) => ({ ...one, rules: one.rules.filter((rule) => needed.has(nameOf(rule))) }))
    .filter(({ rules }) => rules.length > 0);
  const words = wordsOf(JSON.stringify([groups, cases]));
  const isWhole = cases.some(isWide);
  const part: TestGroup = {
    ...group,
    input_series: group.input_series.filter(({ series }) => isWhole || words.has(series.split("{")[0] ?? "")),
    alert_rule_test: cases.filter(({ alertname }) => alertname !== undefined),
    promql_expr_test: cases.filter(({ expr }) => expr !== undefined),
  };
  const order = content.group_eval_order?.filter((named) => groups.some((one) => one.name === named)) ?? [];
  return { name: `${name}, ${group.name}`, content: { ...content, group_eval_order: order, tests: [part] }, groups };
}

// What remains of tests for one rule: all that it hangs on, and nothing else.
import { describe, expect, test } from "vitest";
import { askedBy, nameOf, readingRule } from "../../scripts/rules/needed-rules.ts";
import { casesOf, type PrunedTest, testsOf } from "../../scripts/rules/pruned-tests.ts";
import type { RuleFile, TestCase } from "../../scripts/rules/rule-files.ts";

const file: RuleFile = {
  name: "f.yml",
  path: "f.yml",
  text: "",
  groups: [
    {
      name: "recorded",
      rules: [
        { record: "a:x:max", expr: "max(x)" },
        { record: "a:x:max_lately", expr: "max(lately)" },
      ],
    },
    {
      name: "alerts",
      rules: [
        { alert: "First", expr: "a:x:max > 1" },
        { alert: "Second", expr: "y > 1", annotations: { description: "{{ query `a:x:max` }}" } },
        { alert: "Third", expr: "z > 1 unless absent(first)" },
      ],
    },
  ],
};
const rules = file.groups.flatMap((group) => group.rules);

function remains(name: string, asked: readonly Omit<TestCase, "eval_time">[]): unknown[] {
  const cases = asked.map((one) => ({ ...one, eval_time: "1m" }));
  const series = ["x", "y", "z", "lately"].map((metric) => ({ series: `${metric}{model="m"}` }));
  const group = {
    name: "cases",
    input_series: series,
    alert_rule_test: cases.filter(({ alertname }) => alertname !== undefined),
    promql_expr_test: cases.filter(({ expr }) => expr !== undefined),
  };
  const content = {
    rule_files: ["../f.yml"],
    evaluation_interval: "1m",
    group_eval_order: ["recorded", "alerts"],
    tests: [group],
  };
  const rule = rules.find((one) => nameOf(one) === name) as (typeof rules)[number];
  return testsOf(rule, [file], [{ name: "f.test.yml", path: "", of: ["f.yml"], cases: [], content }]).map(summary);
}

function summary({ content, groups }: PrunedTest): unknown {
  const [group] = content.tests;
  return {
    rules: groups.flatMap((one) => one.rules.map(nameOf)),
    order: content.group_eval_order,
    series: group?.input_series.map(({ series }) => series[0]),
    cases: content.tests.flatMap(casesOf).map((one) => one.alertname ?? one.expr),
  };
}

describe("cases", () => {
  test("of the rule and of what is made of it, in expressions and annotations", () => {
    const cases = [{ alertname: "First" }, { alertname: "Second" }, { alertname: "Third" }, { expr: "a:x:max_lately" }];
    expect(remains("a:x:max", cases)).toEqual([
      {
        rules: ["a:x:max", "First", "Second"],
        order: ["recorded", "alerts"],
        series: ["x", "y"],
        cases: ["First", "Second"],
      },
    ]);
    expect(remains("Third", cases)).toEqual([{ rules: ["Third"], order: ["alerts"], series: ["z"], cases: ["Third"] }]);
  });

  test("that ask for the rule only come before those that ask for more", () => {
    const all = 'ALERTS{model="m"}';
    const cases = [{ expr: all }, { expr: 'ALERTS{alertname="First"}' }];
    expect(remains("First", cases)).toMatchObject([
      { rules: ["a:x:max", "First"], cases: ['ALERTS{alertname="First"}'] },
      { rules: ["a:x:max", "First", "Second", "Third"], cases: [all] },
    ]);
  });

  test("whose selector names no metric keep all series", () => {
    expect(remains("a:x:max", [{ expr: '{__name__=~"a:.+max"}' }])).toMatchObject([
      { rules: ["a:x:max"], series: ["x", "y", "z", "l"] },
    ]);
  });
});

test.each([
  ["a:x:max", ["a:x:max"]],
  ["x", []],
  ["ALERTS", ["First", "Second", "Third"]],
  ['count(ALERTS_FOR_STATE{alertname!="First"})', ["Second", "Third"]],
  ['ALERTS{alertname=~"F.*|Second",model="m"}', ["First", "Second"]],
  ['{__name__!~".*max"}', ["a:x:max_lately", "First", "Second", "Third"]],
  ['{__name__=~"a:.+"}', ["a:x:max", "a:x:max_lately"]],
  ['{alertname="First"}', ["a:x:max", "a:x:max_lately", "First"]],
])("%s asks for %j", (expr, names) => {
  expect([...askedBy({ expr, eval_time: "1m" }, rules.map(readingRule))]).toEqual(names);
});

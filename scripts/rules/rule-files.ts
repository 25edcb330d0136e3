// The rule files under prometheus/rules, their tests and runbooks: as data, and with the comments that data would lose.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { load } from "js-yaml";

const place = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export const ruleDirectory = place("prometheus/rules");
export const testDirectory = place("tests/prometheus/rules");
export const runbookDirectory = place("docs/runbooks");

export interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Group {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly rules: readonly Rule[];
}

export interface RuleFile {
  /** As in `slo.yml`. */
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly groups: readonly Group[];
}

export interface Alert extends Rule {
  readonly alert: string;
  readonly file: RuleFile;
  /** The lines of its file from the comment above it to the next rule. */
  readonly lines: readonly string[];
}

export interface RuleTest {
  readonly name: string;
  readonly path: string;
  /** Names of the rule files that it is of. */
  readonly of: readonly string[];
  readonly cases: readonly { readonly alertname: string; readonly fires: boolean }[];
  readonly content: TestFile;
}

export interface TestFile {
  readonly rule_files: readonly string[];
  readonly evaluation_interval: string;
  readonly group_eval_order?: readonly string[];
  readonly tests: readonly TestGroup[];
}

export interface TestGroup {
  readonly name?: string;
  readonly input_series: readonly { readonly series: string }[];
  readonly alert_rule_test?: readonly TestCase[];
  readonly promql_expr_test?: readonly TestCase[];
}

/** It asks for an alert or an expression. */
export interface TestCase {
  readonly eval_time: string;
  readonly alertname?: string;
  readonly exp_alerts?: readonly unknown[] | null;
  readonly expr?: string;
}

export function ruleFiles(directory: string = ruleDirectory): RuleFile[] {
  return yamlFiles(directory).map((path) => {
    const text = readFileSync(path, "utf8");
    const { groups } = load(text) as { groups: readonly Group[] };
    return { name: basename(path), path, text, groups };
  });
}

export function alertsOf(file: RuleFile): Alert[] {
  const rules = file.groups.flatMap((group) => group.rules);
  return rules.flatMap((rule) =>
    rule.alert === undefined ? [] : [{ ...rule, alert: rule.alert, file, lines: linesOf(file, rule.alert) }],
  );
}

export function ruleTests(): RuleTest[] {
  return yamlFiles(testDirectory).map((path) => {
    const content = load(readFileSync(path, "utf8")) as TestFile;
    const cases = content.tests.flatMap(({ alert_rule_test: asked = [] }) => asked);
    return {
      name: basename(path),
      path,
      of: content.rule_files.map((file) => basename(file)),
      cases: cases.map(({ alertname = "", exp_alerts: expected }) => ({ alertname, fires: (expected ?? []).length > 0 })),
      content,
    };
  });
}

/** Comments above an alert, as one text; empty where there are none. */
export function commentAbove({ lines, alert }: Alert): string {
  const above = lines.slice(
    0,
    lines.findIndex((line) => startOf(alert).test(line)),
  );
  return above.map((line) => line.trim().replace(/^#\s?/, "")).join(" ");
}

function yamlFiles(directory: string): string[] {
  const names = readdirSync(directory).filter((name) => name.endsWith(".yml"));
  return names.sort().map((name) => join(directory, name));
}

const startOf = (alert: string): RegExp => new RegExp(`^\\s*- alert: ${alert}\\s*$`);

function linesOf({ text }: RuleFile, alert: string): string[] {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => startOf(alert).test(line));
  let first = start;
  while (lines[first - 1]?.trim().startsWith("#")) first -= 1;
  const rest = lines.slice(start + 1);
  const length = rest.findIndex((line) => /^\s*- (alert|record|name): /.test(line));
  return lines.slice(first, length < 0 ? undefined : start + 1 + length);
}

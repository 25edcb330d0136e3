// docs/rule-tests.md: how many mistakes were tried of each rule file, and of which state of it and its tests.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { RuleFile, RuleTest } from "./rule-files.ts";

const target = fileURLToPath(new URL("../../docs/rule-tests.md", import.meta.url));

export interface Tried {
  readonly file: string;
  readonly rules: number;
  readonly mistakes: number;
  /** Mistakes that no test has to notice. */
  readonly accepted: number;
  readonly state: string;
}

/** Of the rules of a file and their tests, whatever their comments say. */
export function stateOf(file: RuleFile, tests: readonly RuleTest[]): string {
  const own = tests.filter(({ of }) => of.includes(file.name)).map(({ content }) => content);
  return createHash("sha256")
    .update(JSON.stringify([file.groups, own]))
    .digest("hex")
    .slice(0, 12);
}

export function readTable(text: string = readFileSync(target, "utf8")): Tried[] {
  const rows = [...text.matchAll(/^\| ([\w-]+\.yml) \| (\d+) \| (\d+) \| \d+ \| (\d+) \| `(\w+)` \|$/gm)];
  return rows.map(([, file = "", rules, mistakes, accepted, state = ""]) => {
    return { file, rules: Number(rules), mistakes: Number(mistakes), accepted: Number(accepted), state };
  });
}

/** Puts a row in the place of that of the same file. */
export function writeRow(row: Tried): void {
  const rows = [...readTable().filter(({ file }) => file !== row.file), row];
  writeFileSync(target, tableOf(rows.sort((one, other) => one.file.localeCompare(other.file))));
}

export function tableOf(rows: readonly Tried[]): string {
  const lines = rows.map(({ file, rules, mistakes, accepted, state }) => {
    const cells = [file, rules, mistakes, mistakes - accepted, accepted, `\`${state}\``];
    return `| ${cells.join(" | ")} |`;
  });
  return `# How well the rules are tested

Written by \`npm run rules:mutate -- --write\`. It makes one mistake at a time in the rules of \`prometheus/rules\`: another comparison,
operator, number, duration, matcher, \`for\` or \`keep_firing_for\`. Then it runs \`promtool test rules\` on those parts of the tests in
\`tests/prometheus/rules\` that hang on the rule. A mistake that no test notices is a test that is missing, or it changes nothing that
matters: the reason is in [survivors.yml](../tests/prometheus/survivors.yml) then.

| file | rules | mistakes | noticed | accepted with a reason | state |
|---|---|---|---|---|---|
${lines.join("\n")}

The state is a hash of the file's rules and their tests, comments left out. \`npm run rules:mutate -- --changed --write\` tries the files
anew that have another by now.
`;
}

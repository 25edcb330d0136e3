// Runs the tests of a rule file with one rule changed: in a copy of the rules and their tests, of which each runner has its own.
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { constants, getPriority, setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { type Mutation, mutationsOf } from "./mutations.ts";
import { type RuleFile, type RuleTest, ruleDirectory, ruleFiles, testDirectory } from "./rule-files.ts";

export interface MutatedRule extends Mutation {
  readonly file: string;
  /** Its name, with a number where several have it. */
  readonly name: string;
  /** Where it stands: group and rule. */
  readonly at: readonly [number, number];
}

export function allMutations({ name: file, groups }: RuleFile): MutatedRule[] {
  const seen = new Map<string, number>();
  return groups.flatMap(({ rules }, group) =>
    rules.flatMap((rule, index) => {
      const named = rule.alert ?? rule.record ?? "";
      const nth = (seen.get(named) ?? 0) + 1;
      seen.set(named, nth);
      const name = nth === 1 ? named : `${named} ${nth}`;
      return mutationsOf(rule).map((mutation) => ({ ...mutation, file, name, at: [group, index] as const }));
    }),
  );
}

export class Runner {
  readonly #directory = mkdtempSync(join(tmpdir(), "mutated-rules-"));
  readonly #promtool: string;
  readonly #file: RuleFile;
  readonly #tests: readonly RuleTest[];

  constructor(promtool: string, file: RuleFile, tests: readonly RuleTest[]) {
    this.#promtool = promtool;
    this.#file = file;
    this.#tests = tests;
    cpSync(ruleDirectory, join(this.#directory, "prometheus/rules"), { recursive: true });
    cpSync(testDirectory, join(this.#directory, "tests/prometheus/rules"), { recursive: true });
  }

  /** @returns the first test file that fails; null where all pass */
  async unchanged(): Promise<string | null> {
    return await this.#run(null);
  }

  /** @returns whether a test noticed */
  async notices({ at: [group, index], rule }: MutatedRule): Promise<boolean> {
    const groups = this.#file.groups.map((one, place) =>
      place === group ? { ...one, rules: one.rules.with(index, rule) } : one,
    );
    // JSON is YAML.
    writeFileSync(join(this.#directory, "prometheus/rules", this.#file.name), JSON.stringify({ groups }));
    return (await this.#run(thatMayChangeWith(rule.alert ?? rule.record ?? ""))) !== null;
  }

  end(): void {
    rmSync(this.#directory, { recursive: true });
  }

  /** @param changed nothing but alerts and recordings of these names can have changed; null: anything */
  async #run(changed: readonly string[] | null): Promise<string | null> {
    for (const { name, groups } of this.#tests) {
      const affected = changed === null ? groups : groups.filter(({ asked }) => asks(asked, changed));
      if (affected.length === 0) continue;
      const only = changed === null ? [] : affected.map((group) => `--run=^${escaped(group.name)}$`);
      if (!(await passes(this.#promtool, [...only, join(this.#directory, "tests/prometheus/rules", name)]))) return name;
    }
    return null;
  }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Whether cases ask for one of these, by its name or for all there are. */
function asks(asked: string, names: readonly string[]): boolean {
  return names.some((name) => asked.includes(name)) || /__name__|ALERTS(?!\{alertname=\\"\w)/.test(asked);
}

/** A rule and all that is made of it, in expressions or annotations, by name. */
function thatMayChangeWith(name: string): string[] {
  const names = [name];
  for (const changed of names) {
    const uses = rules.filter(({ reads }) => reads.includes(changed)).map((rule) => rule.name);
    names.push(...uses.filter((use) => !names.includes(use)));
  }
  return names;
}

const rules = ruleFiles().flatMap(({ groups }) =>
  groups.flatMap((group) =>
    group.rules.map((rule) => ({
      name: rule.alert ?? rule.record ?? "",
      reads: JSON.stringify([rule.expr, rule.annotations]),
    })),
  ),
);

/** A machine that stands still makes promtool give up its queries (two minutes each): that says nothing of a rule, so it is asked again. */
async function passes(promtool: string, args: readonly string[]): Promise<boolean> {
  for (let tries = 0; tries < 5; tries += 1) {
    const { code, said } = await run(promtool, args);
    if (code === 0) return true;
    if (!said.includes("query timed out")) return false;
  }
  throw new Error(`queries time out again and again: promtool ${args.join(" ")}`);
}

function run(promtool: string, args: readonly string[]): Promise<{ readonly code: number | null; readonly said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(promtool, ["test", "rules", ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, GOMAXPROCS: "1" },
    });
    // Behind whatever else the machine has to do, and never before who started this.
    if (child.pid !== undefined) setPriority(child.pid, Math.max(getPriority(), constants.priority.PRIORITY_BELOW_NORMAL));
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (said += text));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, said }));
  });
}

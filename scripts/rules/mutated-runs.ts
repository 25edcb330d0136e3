// Runs the tests of a rule file with one rule changed: of them what hangs on that rule.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { constants, getPriority, setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { type Mutation, mutationsOf } from "./mutations.ts";
import { nameOf } from "./needed-rules.ts";
import { type PrunedTest, testsOf } from "./pruned-tests.ts";
import type { Rule, RuleFile, RuleTest } from "./rule-files.ts";

export interface MutatedRule extends Mutation {
  readonly file: string;
  /** Its name, with a number where several have it. */
  readonly name: string;
  readonly original: Rule;
}

export function allMutations({ name: file, groups }: RuleFile): MutatedRule[] {
  const seen = new Map<string, number>();
  return groups.flatMap(({ rules }) =>
    rules.flatMap((original) => {
      const named = nameOf(original);
      const nth = (seen.get(named) ?? 0) + 1;
      seen.set(named, nth);
      const name = nth === 1 ? named : `${named} ${nth}`;
      return mutationsOf(original).map((mutation) => ({ ...mutation, file, name, original }));
    }),
  );
}

export class Runner {
  readonly #directory = mkdtempSync(join(tmpdir(), "mutated-rules-"));
  readonly #promtool: string;
  readonly #files: readonly RuleFile[];
  readonly #tests: readonly RuleTest[];
  /** Of each rule, those first that noticed the last mistakes. */
  readonly #pruned = new Map<Rule, PrunedTest[]>();
  /** They pass with the rules as they are. */
  readonly #sound = new Set<PrunedTest>();

  /** @param files all that there are */
  constructor(promtool: string, files: readonly RuleFile[], tests: readonly RuleTest[]) {
    this.#promtool = promtool;
    this.#files = files;
    this.#tests = tests;
  }

  /**
   * @returns whether a test noticed
   * @throws where that test does not pass without the mistake either
   */
  async notices({ original, rule }: MutatedRule): Promise<boolean> {
    const pruned = this.#pruned.get(original) ?? testsOf(original, this.#files, this.#tests);
    this.#pruned.set(original, pruned);
    for (const test of pruned) {
      if (await this.#passes(test, original, rule)) continue;
      if (!this.#sound.has(test) && !(await this.#passes(test, original, original)))
        throw new Error(`${test.name}: what there is of ${nameOf(original)} fails with the rules as they are`);
      this.#sound.add(test);
      pruned.unshift(...pruned.splice(pruned.indexOf(test), 1));
      return true;
    }
    return false;
  }

  end(): void {
    rmSync(this.#directory, { recursive: true });
  }

  async #passes({ content, groups }: PrunedTest, original: Rule, changed: Rule): Promise<boolean> {
    const rules = {
      groups: groups.map((group) => ({ ...group, rules: group.rules.map((one) => (one === original ? changed : one)) })),
    };
    const path = join(this.#directory, "cases.yml");
    // JSON is YAML.
    writeFileSync(join(this.#directory, "rules.yml"), JSON.stringify(rules));
    writeFileSync(path, JSON.stringify({ ...content, rule_files: ["rules.yml"] }));
    return await passes(this.#promtool, path);
  }
}

/** A machine that stands still makes promtool give up its queries (two minutes each): that says nothing of a rule, so it is asked again. */
async function passes(promtool: string, path: string): Promise<boolean> {
  for (let tries = 0; tries < 5; tries += 1) {
    const { code, said } = await run(promtool, path);
    if (code === 0) return true;
    if (!said.includes("query timed out")) return false;
  }
  throw new Error(`queries time out again and again: promtool test rules ${path}`);
}

function run(promtool: string, path: string): Promise<{ readonly code: number | null; readonly said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(promtool, ["test", "rules", path], {
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

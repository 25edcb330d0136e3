// Says which small mistakes in the rules no test would notice. Run: npm run rules:mutate -- [FILE...], as in slo.yml; all files without
// one, or with --changed those that changed since they were tried for docs/rule-tests.md, which --write writes. --runners N tries N
// mistakes at a time, 2 unless told otherwise. Mistakes that change nothing that matters are listed in tests/prometheus/survivors.yml,
// each with a reason; it fails where another survives, and where one of the list does not any more.
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { prometheusBinaries } from "../tests/servers/prometheus-binaries.ts";
import { allMutations, type MutatedRule, Runner } from "./rules/mutated-runs.ts";
import { readTable, stateOf, writeRow } from "./rules/mutation-table.ts";
import { type RuleFile, ruleFiles, ruleTests } from "./rules/rule-files.ts";
import { acceptedSurvivors, type Survivor } from "./rules/survivors.ts";

const signals = ["SIGINT", "SIGTERM"] as const;
const accepted = acceptedSurvivors();

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runners: { type: "string", default: "2" },
    changed: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
});
const runners = Number(values.runners);
if (!(Number.isInteger(runners) && runners > 0)) throw new Error(`--runners is to be a number of processes: ${values.runners}`);
const asked = positionals.map((path) => basename(path));
const all = ruleFiles();
const allTests = ruleTests();
const named = all.filter(({ name }) => asked.length === 0 || asked.includes(name));
const files = values.changed ? named.filter(isChanged) : named;
const { promtool } = await prometheusBinaries();
let failed = named.length === 0;
if (failed) process.stderr.write(`no such file of rules: ${asked.join(", ")}\n`);
for (const file of files) failed = !(await holds(file)) || failed;
process.exitCode = failed ? 1 : 0;

function isChanged(file: RuleFile): boolean {
  return readTable().find((row) => row.file === file.name)?.state !== stateOf(file, allTests);
}

async function holds(file: RuleFile): Promise<boolean> {
  const tests = allTests.filter(({ of }) => of.includes(file.name));
  const workers = Array.from({ length: runners }, () => new Runner(promtool, all, tests));
  const stop = (): void => {
    for (const worker of workers) worker.end();
    process.exit(1);
  };
  for (const signal of signals) process.once(signal, stop);
  try {
    const mutations = allMutations(file);
    const survivors: MutatedRule[] = [];
    let next = 0;
    await Promise.all(
      workers.map(async (worker) => {
        for (let at = next++; at < mutations.length; at = next++) {
          const mutation = mutations[at] as MutatedRule;
          if (await worker.notices(mutation)) continue;
          survivors.push(mutation);
          // At once: the whole takes minutes, and whoever stops it has what there is.
          process.stderr.write(`${at + 1} of ${mutations.length}: nobody notices ${mutation.name}: ${mutation.change}\n`);
        }
      }),
    );
    const isHeld = report(file.name, mutations.length, survivors);
    if (isHeld && values.write) {
      const rules = file.groups.flatMap((group) => group.rules).length;
      const state = stateOf(file, allTests);
      writeRow({ file: file.name, rules, mistakes: mutations.length, accepted: survivors.length, state });
    }
    return isHeld;
  } finally {
    for (const signal of signals) process.removeListener(signal, stop);
    for (const worker of workers) worker.end();
  }
}

function report(file: string, tried: number, survivors: readonly MutatedRule[]): boolean {
  const listed = accepted.filter((one) => one.file === file);
  const isOf = (one: Survivor, { name, change }: MutatedRule): boolean => one.rule === name && one.change === change;
  const unknown = survivors.filter((survivor) => !listed.some((one) => isOf(one, survivor)));
  const gone = listed.filter((one) => !survivors.some((survivor) => isOf(one, survivor)));
  process.stdout.write(
    `${file}: ${tried} mistakes, ${survivors.length} not noticed, ${unknown.length} of them without a reason\n`,
  );
  for (const { name, change } of unknown)
    process.stdout.write(`  - { file: ${file}, rule: ${JSON.stringify(name)}, change: ${JSON.stringify(change)}, reason: }\n`);
  for (const { rule, change } of gone) process.stdout.write(`  noticed by now, though it is listed: ${rule}: ${change}\n`);
  return unknown.length === 0 && gone.length === 0;
}

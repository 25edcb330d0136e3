// Weeks in which nothing happens, through the exporter and the rules that are shipped: which alerts would have been raised. Every one
// of them is false. Ends with 1 where there are more than twenty weeks may have.
//
//   npm run bench:quiet-weeks -- [--weeks 20] [--seed 1]... [--keep FOLDER] [--write]
//   npm run bench:quiet-weeks -- --check     says in a moment whether docs/quiet-weeks.md is of the rules and configuration of now
//
// Of several seeds each has its own weeks, in a folder of its own. --write keeps what came of them in bench/quiet-weeks.jsonl, so that
// weeks add up that are run in several processes or on several days, and makes docs/quiet-weeks.md of all that are kept, which says
// how all this is done. A run that was stopped goes on where it was if it is told the same folder; with other rules it
// evaluates them on the pages that are there.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { dayMillis } from "../src/window/resolution.ts";
import { documentText } from "./quiet-weeks-document.ts";
import { inputsHash } from "./quiet-weeks-inputs.ts";
import { dayOf, type Fired, firedIn, firedText, verdictOf, verdictText } from "./quiet-weeks-report.ts";
import { keepRuns, keptRuns, narrowedTo, type Run, runOf } from "./quiet-weeks-results.ts";
import { shippedRules, stagesOf } from "./quiet-weeks-rules.ts";
import { runStretches, type Stretch } from "./quiet-weeks-run.ts";

const { values } = parseArgs({
  options: {
    weeks: { type: "string", default: "20" },
    seed: { type: "string", multiple: true, default: ["1"] },
    keep: { type: "string" },
    write: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
  },
});
const weeks = Number(values.weeks);
/** A Monday. */
const originMillis = Date.parse("2026-06-01T00:00:00Z");
const document = fileURLToPath(new URL("../docs/quiet-weeks.md", import.meta.url));
const stages = stagesOf(shippedRules());
const alerts = stages.flatMap((stage) => stage.alerts);

if (values.check) {
  const holds = readFileSync(document, "utf8") === textOfKept();
  process.stdout.write(`docs/quiet-weeks.md is of ${holds ? "the" : "OTHER"} rules and configuration\n`);
  process.exitCode = holds ? 0 : 1;
} else {
  await run();
}

async function run(): Promise<void> {
  const folder = values.keep ?? mkdtempSync(join(tmpdir(), "quiet-weeks-"));
  const runs: Run[] = [];
  try {
    for (const seed of values.seed.map(Number)) runs.push(await weeksOf(seed, join(folder, `seed-${seed}`)));
  } finally {
    if (values.keep === undefined) rmSync(folder, { recursive: true });
  }
  const verdict = verdictOf(runs.flatMap(({ fired }) => fired));
  process.stdout.write(`${verdictText(verdict)}\n`);
  if (!verdict.holds) process.exitCode = 1;
  if (!values.write) return;
  keepRuns(runs, inputsHash());
  writeFileSync(document, textOfKept());
}

function textOfKept(): string {
  const hash = inputsHash();
  return documentText({ runs: keptRuns(hash), narrowed: narrowedTo(hash), alerts: alerts.length, hash });
}

async function weeksOf(seed: number, folder: string): Promise<Run> {
  const done: Stretch[] = [];
  const firedInAll = (): Fired[] =>
    firedIn(
      done.map(({ conditions }) => conditions),
      alerts,
    );
  const tell = (week: Stretch): void => {
    done.push(week);
    tellWeek(done.length, week, firedInAll());
  };
  const streams = { seed, originMillis, incidents: [] };
  await runStretches({ streams, stretchMillis: 7 * dayMillis, stretches: weeks, folder, stages, done: tell });
  return runOf(seed, done, firedInAll());
}

/** What fired in the week that was done last; of those that fire still only from when. */
function tellWeek(number: number, { from, until, processorSeconds }: Stretch, fired: readonly Fired[]): void {
  const verdict = verdictOf(fired);
  const seconds = `${processorSeconds.exporter.toFixed(0)} + ${processorSeconds.rules.toFixed(0)} s of processor time`;
  process.stdout.write(`week ${number}, until ${dayOf(until)} (${seconds}): ${verdictText(verdict)}\n`);
  for (const one of [...verdict.ofBudget, ...verdict.others]) {
    if (one.until > from) process.stdout.write(`  ${firedText(one)}\n`);
  }
}

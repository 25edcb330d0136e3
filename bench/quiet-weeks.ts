// Weeks in which nothing happens, through the exporter and the rules that are shipped: which alerts would have been raised. Every one
// of them is false. Ends with 1 where there are more than twenty weeks may have.
//
//   npm run bench:quiet-weeks -- [--weeks 20] [--seed 1] [--keep FOLDER] [--write]
//   npm run bench:quiet-weeks -- --check     says in a moment whether docs/quiet-weeks.md is of the rules and configuration of now
//
// A run that was stopped goes on where it was if it is told the same folder; with other rules it evaluates them on the pages that are
// there. --write makes docs/quiet-weeks.md of it, which says how all this is done.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { dayMillis } from "../src/window/resolution.ts";
import { documentText, isOfInputs } from "./quiet-weeks-document.ts";
import { inputsHash } from "./quiet-weeks-inputs.ts";
import { firedIn, firedText, verdictOf, verdictText } from "./quiet-weeks-report.ts";
import { shippedRules, stagesOf } from "./quiet-weeks-rules.ts";
import { runStretches, type Stretch } from "./quiet-weeks-run.ts";

const { values } = parseArgs({
  options: {
    weeks: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
    keep: { type: "string" },
    write: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
  },
});
const [weeks, seed] = [Number(values.weeks), Number(values.seed)];
/** A Monday. */
const originMillis = Date.parse("2026-06-01T00:00:00Z");
const document = fileURLToPath(new URL("../docs/quiet-weeks.md", import.meta.url));
const stages = stagesOf(shippedRules());
const alerts = stages.flatMap((stage) => stage.alerts);

if (values.check) {
  const holds = isOfInputs(readFileSync(document, "utf8"), inputsHash());
  process.stdout.write(`docs/quiet-weeks.md is of ${holds ? "the" : "OTHER"} rules and configuration\n`);
  process.exitCode = holds ? 0 : 1;
} else {
  await run();
}

async function run(): Promise<void> {
  const folder = values.keep ?? mkdtempSync(join(tmpdir(), "quiet-weeks-"));
  const done: Stretch[] = [];
  try {
    await runStretches({
      streams: { seed, originMillis, incidents: [] },
      stretchMillis: 7 * dayMillis,
      stretches: weeks,
      folder,
      stages,
      done: (week) => {
        done.push(week);
        tellWeek(done);
      },
    });
  } finally {
    if (values.keep === undefined) rmSync(folder, { recursive: true });
  }
  const fired = firedIn(
    done.map(({ conditions }) => conditions),
    alerts,
  );
  const verdict = verdictOf(fired);
  process.stdout.write(`${verdictText(verdict)}\n`);
  if (!verdict.holds) process.exitCode = 1;
  if (values.write)
    writeFileSync(document, documentText({ weeks: done, seed, verdict, alerts: alerts.length, hash: inputsHash() }));
}

/** What fired in the week that was done last; of those that fire still only from when. */
function tellWeek(done: readonly Stretch[]): void {
  const { from, until, processorSeconds } = done.at(-1) as Stretch;
  const fired = firedIn(
    done.map(({ conditions }) => conditions),
    alerts,
  );
  const verdict = verdictOf(fired);
  const seconds = `${processorSeconds.exporter.toFixed(0)} + ${processorSeconds.rules.toFixed(0)} s of processor time`;
  process.stdout.write(
    `week ${done.length}, until ${new Date(until * 1000).toISOString().slice(0, 10)} (${seconds}): ${verdictText(verdict)}\n`,
  );
  for (const one of [...verdict.ofBudget, ...verdict.others]) {
    if (one.until > from) process.stdout.write(`  ${firedText(one)}\n`);
  }
}

// Whether alarms keep their promise, and how soon they come: simulates months of stable streams and changes through the tests that
// run in production, and writes docs/calibration.md.
//
//   node bench/calibration.ts [--cells a,b] [--months 60] [--jobs 2] [--part stable|power|frontier|rates|published|report]
//                                       what is missing in bench/calibration*.jsonl, then the report (hours, from nothing)
//   node bench/calibration.ts --check   whether the report is that of these results, and these of this code
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Cell, keep, models, nameOf, results, shorterCells, simulate, stableCells } from "./calibration/cells.ts";
import { runFrontier } from "./calibration/frontier.ts";
import { runPower, seeds } from "./calibration/power.ts";
import { runPublished } from "./calibration/published.ts";
import { runRates } from "./calibration/rate-sizes.ts";
import { checkReport, writeReport } from "./calibration/report.ts";

const { values } = parseArgs({
  options: {
    cells: { type: "string" },
    months: { type: "string", default: "60" },
    jobs: { type: "string", default: "1" },
    /** Of several processes, which this is. */
    job: { type: "string" },
    part: { type: "string", default: "all" },
    check: { type: "boolean", default: false },
  },
});

/** Cells whose models share their references. */
interface Task {
  readonly cells: readonly Cell[];
  readonly model: number;
}

/** The first models of all cells before the second ones, so that results that are not complete are of all cells. */
function tasksOf(cells: readonly Cell[], count: number): Task[] {
  const groups = [...Map.groupBy(cells, ({ kind, referenceDays }) => `${kind} ${referenceDays}`).values()];
  return Array.from({ length: count }, (_, model) => groups.map((group) => ({ cells: group, model }))).flat();
}

function tasks(): Task[] {
  const wanted = values.cells?.split(",");
  const isWanted = (cell: Cell): boolean => wanted === undefined || wanted.some((part) => nameOf(cell).startsWith(part));
  return [...tasksOf(stableCells.filter(isWanted), models.whole), ...tasksOf(shorterCells.filter(isWanted), models.shorter)];
}

function runTasks(job: number, jobs: number): void {
  const months = Math.ceil(Number(values.months) / models.whole);
  for (const [index, { cells, model }] of tasks().entries()) {
    if (index % jobs !== job) continue;
    const known = results();
    const missing = cells.filter((cell) => !known.some((line) => nameOf(line) === nameOf(cell) && line.model === model));
    for (const line of simulate(missing, model, months)) {
      keep(line);
      process.stdout.write(`${nameOf(line)}, model ${model}: ${line.alarms} alarms in ${months} months\n`);
    }
  }
}

function runJob(job: number, jobs: number): Promise<void> {
  const options = ["--jobs", String(jobs), "--job", String(job), "--months", values.months];
  if (values.cells !== undefined) options.push("--cells", values.cells);
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...options], { stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`job ${job} ended with ${code}`))));
  });
}

const log = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
const jobs = Number(values.jobs);
const isWanted = (part: string): boolean => values.part === "all" || values.part === part;
if (values.check) {
  checkReport();
  log("docs/calibration.md shows the results of this code");
} else if (values.job !== undefined) runTasks(Number(values.job), jobs);
else {
  if (isWanted("stable")) await Promise.all(Array.from({ length: jobs }, (_, job) => runJob(job, jobs)));
  if (isWanted("power")) runPower(seeds, log);
  if (isWanted("frontier")) runFrontier();
  if (isWanted("rates")) runRates();
  if (isWanted("published")) runPublished();
  for (const verdict of writeReport()) log(verdict);
}

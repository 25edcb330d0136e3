// How often tests reject where they should not: simulates references and windows of five kinds of traffic through the code that
// runs in production, and writes the table of docs/statistics.md.
//
//   node bench/test-sizes.ts            what is missing in bench/test-sizes.jsonl, then the table (some 20 minutes from nothing)
//   node bench/test-sizes.ts --check    whether the table is that of these results, and these of this code
//   node bench/test-sizes.ts --smoke    one small cell of each traffic, to see that it runs
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Cell, simulate } from "./test-sizes-cell.ts";
import { autoregressive, sharedByHour } from "./test-sizes-latent.ts";
import { type CellResult, insertTable, verdicts } from "./test-sizes-table.ts";
import { clustered, independent, seasonal } from "./test-sizes-traffic.ts";

const bench = dirname(fileURLToPath(import.meta.url));
const resultsPath = join(bench, "test-sizes.jsonl");
const docsPath = join(bench, "../docs/statistics.md");
const seed = 20_251;

/** References and windows a reference of each cell: as many as fit into some 15 minutes. */
const plan: readonly (readonly [Cell["traffic"], panes: number, hours: number, references: number, windows: number])[] = [
  [independent, 60, 1, 900, 20],
  [independent, 600, 1, 180, 60],
  [independent, 600, 24, 150, 15],
  [clustered, 60, 1, 720, 20],
  [clustered, 600, 1, 150, 60],
  [clustered, 600, 24, 120, 15],
  [seasonal, 60, 1, 900, 20],
  [seasonal, 600, 1, 180, 60],
  [seasonal, 600, 24, 70, 15],
  [autoregressive, 60, 1, 720, 15],
  [autoregressive, 600, 1, 240, 40],
  [autoregressive, 600, 24, 240, 10],
  [sharedByHour, 60, 1, 1200, 15],
  [sharedByHour, 600, 1, 300, 40],
  [sharedByHour, 600, 24, 150, 10],
];

const cells: readonly Cell[] = plan.flatMap(([traffic, panes, hours, references, windows]) =>
  [10, 20].map((bins) => ({ traffic, bins, panes, hours, references, windows })),
);

/** A hash of all code that results depend on, without comments and blanks. */
function fingerprint(): string {
  const hash = createHash("sha256");
  const stats = join(bench, "../src/stats");
  const paths = [
    ...readdirSync(stats).map((name) => join(stats, name)),
    ...readdirSync(bench).map((name) => join(bench, name)),
  ].filter((path) => /\/(dispersion[^/]*|quadratic-form|test-sizes-(cell|traffic|latent|sampling))\.ts$/.test(path));
  for (const path of paths.sort()) hash.update(readFileSync(path, "utf8").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|\s+/g, ""));
  return hash.digest("hex").slice(0, 16);
}

function results(): CellResult[] {
  if (!existsSync(resultsPath)) return [];
  const lines = readFileSync(resultsPath, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line) as CellResult).filter((one) => one.code === fingerprint());
}

function run(cell: Cell, index: number): CellResult {
  const started = performance.now();
  const sizes = simulate(cell, seed + index);
  const seconds = Math.round((performance.now() - started) / 1000);
  const { bins, panes, hours, references, windows } = cell;
  const traffic = cell.traffic(bins).name;
  process.stdout.write(`${traffic}, ${panes} hours, window ${hours} h, ${bins} bins: ${seconds} s\n`);
  return { code: fingerprint(), traffic, bins, panes, hours, references, windows, sizes };
}

function runMissing(): void {
  cells.forEach((cell, index) => {
    const known = results();
    const name = cell.traffic(cell.bins).name;
    const same = (one: CellResult): boolean =>
      one.traffic === name && one.bins === cell.bins && one.panes === cell.panes && one.hours === cell.hours;
    if (!known.some(same)) appendFileSync(resultsPath, `${JSON.stringify(run(cell, index))}\n`);
  });
}

function check(): void {
  const known = results();
  const docs = readFileSync(docsPath, "utf8");
  if (known.length !== cells.length) throw new Error(`results of ${known.length} of ${cells.length} cells are of this code`);
  if (insertTable(docs, known) !== docs) throw new Error("docs/statistics.md does not show these results");
  process.stdout.write("docs/statistics.md shows the results of this code\n");
}

const mode = process.argv[2];
if (mode === "--smoke") {
  for (const traffic of [independent, clustered, seasonal, autoregressive, sharedByHour]) {
    run({ traffic, bins: 10, panes: 60, hours: 1, references: 2, windows: 2 }, 0);
  }
} else if (mode === "--check") check();
else {
  runMissing();
  writeFileSync(docsPath, insertTable(readFileSync(docsPath, "utf8"), results()));
  for (const verdict of verdicts(results())) process.stdout.write(`${verdict}\n`);
}

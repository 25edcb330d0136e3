// Compares every metric of performance with numbers that other software computed, and prints the worst deviation of each.
// Run: node scripts/compare-performance.ts <folder>..., each with events.jsonl.gz, reference.jsonl.gz, golden/performance.json and,
// of a binary model, golden/cbpe.json. Exits with 1 where a deviation is above its bar.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { scoreEdges } from "../src/stats/performance/score-edges.ts";
import { compareBinary, compareEstimated, type EstimatedRow } from "../tests/stats/performance/compare-binary.ts";
import { compareMulticlass } from "../tests/stats/performance/compare-multiclass.ts";
import { Deviations } from "../tests/stats/performance/deviations.ts";
import type { GoldenRow } from "../tests/stats/performance/golden-rows.ts";
import { joinEvents, referenceRows } from "../tests/stats/performance/joined.ts";

const scoreBins = 100;
const folders = process.argv.slice(2);
if (folders.length === 0) {
  console.error("usage: node scripts/compare-performance.ts <folder>...");
  process.exit(2);
}

const text = (path: string): string => gunzipSync(readFileSync(path)).toString("utf8");
const rows = <Row>(path: string): Row[] => (JSON.parse(readFileSync(path, "utf8")) as { rows: Row[] }).rows;

for (const folder of folders) {
  const deviations = new Deviations();
  const events = joinEvents(text(join(folder, "events.jsonl.gz")));
  const reference = referenceRows(text(join(folder, "reference.jsonl.gz")));
  const golden = rows<GoldenRow>(join(folder, "golden/performance.json"));
  if (golden.some(({ classes }) => classes !== undefined)) {
    const edges = (name: string): number[] =>
      scoreEdges(
        reference.map(({ scores }) => scores[name] as number),
        scoreBins,
      );
    compareMulticlass(deviations, golden, events, reference, edges);
  } else {
    const edges = scoreEdges(
      reference.map(({ score }) => score),
      scoreBins,
    );
    compareBinary(deviations, golden, events, reference, edges);
    const estimated = join(folder, "golden/cbpe.json");
    if (existsSync(estimated)) compareEstimated(deviations, rows<EstimatedRow>(estimated), events, reference, edges);
  }
  console.log(`${folder}: ${golden.length} rows`);
  for (const line of deviations.lines()) console.log(line);
  if (deviations.missed().length > 0) process.exitCode = 1;
}

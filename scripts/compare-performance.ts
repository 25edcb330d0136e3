// Compares every metric of performance that the product exports, and what becomes of outcomes, with numbers that other software
// computed, and prints the worst deviation of each.
// Run: node scripts/compare-performance.ts <folder>..., each with events.jsonl.gz, reference.jsonl.gz, golden/performance.json,
// golden/join.json and, of a binary model, golden/cbpe.json. Exits with 1 where a deviation is above its bar.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { performanceOf } from "../src/performance/pairs.ts";
import { type EstimatedRow, noteEstimates, windowOfEstimate } from "../tests/performance/estimated-rows.ts";
import { compareStream, folded, noteCounts, noteDeLong, noteMetrics } from "../tests/performance/folded.ts";
import { type GoldenJoin, noteJoin } from "../tests/performance/joined-rows.ts";
import { referenceOf } from "../tests/performance/reference-rows.ts";
import { Deviations } from "../tests/stats/performance/deviations.ts";
import type { GoldenRow } from "../tests/stats/performance/golden-rows.ts";

/** Longer than any label of these streams takes. */
const horizon = "2d";
const folders = process.argv.slice(2);
if (folders.length === 0) {
  console.error("usage: node scripts/compare-performance.ts <folder>...");
  process.exit(2);
}

const linesOf = (path: string): string[] => gunzipSync(readFileSync(path)).toString("utf8").split("\n");
const read = <Content>(path: string): Content => JSON.parse(readFileSync(path, "utf8")) as Content;

for (const folder of folders) {
  const deviations = new Deviations();
  const golden = read<{ rows: GoldenRow[] }>(join(folder, "golden/performance.json")).rows;
  const estimates = join(folder, "golden/cbpe.json");
  const estimated = existsSync(estimates) ? read<{ rows: EstimatedRow[] }>(estimates).rows : [];
  const wanted = [...golden, ...estimated.map(windowOfEstimate)];
  const stream = folded(linesOf(join(folder, "events.jsonl.gz")), horizon, wanted);
  const [rows] = compareStream(deviations, stream, golden);
  const reference = await referenceOf(linesOf(join(folder, "reference.jsonl.gz")));
  for (const row of golden) {
    if (row.by !== "reference") continue;
    noteMetrics(deviations, row, [...performanceOf(reference, stream.settings)]);
    noteCounts(deviations, row, reference, stream.settings);
    noteDeLong(deviations, row, reference, stream.settings);
  }
  noteJoin(deviations, stream, read<GoldenJoin>(join(folder, "golden/join.json")));
  noteEstimates(deviations, stream, reference, estimated);
  console.log(`${folder}: ${rows} windows and the reference`);
  for (const line of deviations.lines()) console.log(line);
  if (deviations.missed().length > 0) process.exitCode = 1;
}

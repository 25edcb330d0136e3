// How often intervals of 95 % hold the truth: simulates labelled predictions of known performance, n = 500 and 5,000, and writes the
// table of docs/performance-metrics.md.
//
//   node bench/intervals.ts            all, then the table (less than a minute)
//   node bench/intervals.ts --smoke    a few runs of each, to see that it runs
//   node bench/intervals.ts 300 1000   only what does not hold at these sizes; writes nothing
import { readFileSync, writeFileSync } from "node:fs";
import { Random } from "../src/source/simulator/random.ts";
import { type Case, Classes, Classifier } from "./intervals-binary.ts";
import { regressions } from "./intervals-regression.ts";
import { LossByBin, Requests } from "./intervals-requests.ts";
import { Coverage, insertTable, verdicts } from "./intervals-table.ts";

const docs = new URL("../docs/performance-metrics.md", import.meta.url);
const seed = 70_107;
const documented = [500, 5000];
const [smoke, others] = [process.argv[2] === "--smoke", process.argv.slice(2).map(Number)];
const sizes = others.length > 0 && !smoke ? others : documented;
const runs = smoke ? 5 : 2000;

function cases(): Case[] {
  const random = new Random(seed);
  const classifiers = [
    { name: "classes alike, AUC 0.75", share: 0.5, distance: 0.95 },
    { name: "one in five, AUC 0.76", share: 0.2, distance: 1 },
    { name: "one in five, weighted events", share: 0.2, distance: 1, weighted: true },
    { name: "one in five, AUC 0.60", share: 0.2, distance: 0.36 },
    { name: "one in ten, AUC 0.92", share: 0.1, distance: 2 },
    { name: "one in twenty, AUC 0.98", share: 0.05, distance: 3 },
  ];
  return [
    ...classifiers.map((model) => new Classifier(random, model)),
    new Classes(),
    ...regressions(random),
    new Requests(random),
    new LossByBin(),
  ];
}

const started = process.cpuUsage().user;
const coverage = new Coverage();
cases().forEach((one, index) => {
  const random = new Random(seed + 1 + index);
  for (const size of sizes) {
    for (let run = 0; run < runs; run++) {
      for (const [metric, estimate] of Object.entries(one.sample(random, size))) {
        coverage.note({ source: one.name, metric, size }, estimate, one.truth[metric] as number);
      }
    }
  }
  process.stdout.write(`${one.name}: ${((process.cpuUsage().user - started) / 1e6).toFixed(0)} s of processor time in all\n`);
});
if (!smoke) for (const verdict of verdicts(coverage)) process.stdout.write(`${verdict}\n`);
if (sizes === documented && !smoke) writeFileSync(docs, insertTable(readFileSync(docs, "utf8"), coverage, runs));

// How soon worse predictions are found, and how often without a reason: simulates labels of known error rates and absolute errors and
// writes the table of docs/detectors.md.
//
//   npm run bench:worse                all (some ten minutes)
//   npm run bench:worse -- --smoke     a few runs of each, to see that it runs; writes nothing
import { readFileSync, writeFileSync } from "node:fs";
import { rateOf } from "./calibration/intervals.ts";
import { cases, dependentCases } from "./performance-cases.ts";
import { allowedAMonth, falseAlarms, falseAlarmsOfDependent, medianDelays } from "./performance-runs.ts";
import { alarmsRow, alarmsTable, caseOf, delaysRow, delaysTable, insertTables } from "./performance-table.ts";

const docs = new URL("../docs/detectors.md", import.meta.url);
const smoke = process.argv[2] === "--smoke";
const [changes, references, months] = smoke ? [3, 2, 1] : [400, 300, 2];

const started = process.cpuUsage().user;
function note(what: string): void {
  process.stdout.write(`${what} (${((process.cpuUsage().user - started) / 1e6).toFixed(0)} s of processor time)\n`);
}

const delays = cases.map((one) => {
  const row = delaysRow(caseOf(one), medianDelays(one, changes));
  note(row);
  return row;
});

const counted = [
  ...cases.map((one) => [caseOf(one), () => falseAlarms(one, references, months)] as const),
  ...dependentCases.map((one) => [one, () => falseAlarmsOfDependent(one, references, months)] as const),
];
const alarms = counted.map(([one, count]) => {
  const row = alarmsRow(one, rateOf(count(), months), allowedAMonth);
  note(row);
  return row;
});

if (!smoke) writeFileSync(docs, insertTables(readFileSync(docs, "utf8"), delaysTable(delays, changes), alarmsTable(alarms)));

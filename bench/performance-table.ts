// Tables of the bench of worse predictions, and their place in a text.
import type { Rate } from "./calibration/intervals.ts";
import type { Delay, Delays, PerformanceCase } from "./performance-runs.ts";

const begin = "<!-- worse: begin (npm run bench:worse) -->";
const end = "<!-- worse: end -->";

/** A text with the tables between its markers. */
export function insertTables(text: string, ...tables: readonly string[]): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error("the markers of the tables are missing");
  return `${text.slice(0, from + begin.length)}\n\n${tables.join("\n\n")}\n\n${text.slice(to)}`;
}

/** What is simulated, in words. */
export interface NamedCase extends Omit<PerformanceCase, "kind"> {
  readonly name: string;
}

export function caseOf({ kind, when, referenceLabels }: PerformanceCase): NamedCase {
  return { name: kind.name, when, referenceLabels };
}

/** The first cells of a row. */
export function nameOf({ name, when, referenceLabels }: NamedCase): string {
  const labels = `${whole(when.labelsADay)}${when.together ? ", all in one minute" : ""}`;
  return `| ${name} | ${labels} | ${whole(referenceLabels)} |`;
}

export function delaysRow(one: NamedCase, { detector, told }: Delays): string {
  return `${nameOf(one)} ${shown(detector)} | ${shown(told)} | ${(detector.labels / told.labels).toFixed(2)} |`;
}

export function alarmsRow(one: NamedCase, { alarms, months, high }: Rate, allowedAMonth: number): string {
  return `${nameOf(one)} ${months} | ${alarms} of ${(allowedAMonth * months).toFixed(0)} | ${(high / allowedAMonth).toFixed(2)} |`;
}

export function delaysTable(rows: readonly string[], changes: number): string {
  const head = [
    "| change | labels a day | of the reference | found after | CUSUM that is told all | ratio |",
    "|---|---|---|---|---|---|",
  ];
  return [`Medians of ${changes} changes.`, "", ...head, ...rows].join("\n");
}

export function alarmsTable(rows: readonly string[]): string {
  const head = [
    "| no change, before: | labels a day | of the reference | months | alarms of those allowed | at most (95 %), of those allowed |",
    "|---|---|---|---|---|---|",
  ];
  return [...head, ...rows].join("\n");
}

function shown({ labels, hours }: Delay): string {
  return `${whole(labels)} labels, ${hours.toFixed(1)} h`;
}

const whole = (number: number): string => number.toLocaleString("en");

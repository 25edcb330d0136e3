// The table of simulated test sizes as Markdown, and which of them are not as wanted.
import { levels, type Size } from "./test-sizes-cell.ts";

export interface CellResult {
  /** Hash of the code that it was computed with. */
  readonly code: string;
  readonly traffic: string;
  readonly bins: number;
  readonly panes: number;
  readonly hours: number;
  readonly references: number;
  readonly windows: number;
  readonly sizes: readonly Size[];
}

/** A rate may be this many times the nominal one, and of the levels from 0.01 up not below this part of it. */
const [mostTimes, leastTimes, leastFrom] = [1.2, 1 / 3, 0.01];
/** Standard errors by which a size must miss its bound to count as missed. */
const sure = 2;

const begin = "<!-- test sizes: begin (npm run bench:sizes) -->";
const end = "<!-- test sizes: end -->";

/** A text with the table between its markers. */
export function insertTable(text: string, results: readonly CellResult[]): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error("the markers of the table are missing");
  return `${text.slice(0, from + begin.length)}\n\n${table(results)}\n\n${missed(results)}\n\n${text.slice(to)}`;
}

interface Line {
  readonly cell: CellResult;
  readonly test: string;
  /** By level, the least favourable direction. */
  readonly worst: readonly { readonly times: number; readonly error: number; readonly direction: string }[];
  /** At the first level, of all directions. */
  readonly all: string;
}

function linesOf(cell: CellResult): Line[] {
  const tests = [...new Set(cell.sizes.map((size) => size.test))];
  return tests.map((test) => {
    const sizes = cell.sizes.filter((size) => size.test === test);
    const times = (size: Size, level: number): number => (size.rates[level] as number) / (levels[level] as number);
    const worst = levels.map((nominal, level) => {
      const first = sizes.reduce((best, size) => (times(size, level) > times(best, level) ? size : best));
      return { times: times(first, level), error: (first.errors[level] as number) / nominal, direction: first.direction };
    });
    const all = sizes.length === 1 ? "" : sizes.map((size) => `${size.direction} ${times(size, 0).toFixed(2)}`).join(", ");
    return { cell, test, worst, all };
  });
}

function table(results: readonly CellResult[]): string {
  const head = `| traffic | reference | window | bins | test | ${levels.join(" | ")} | directions at 0.05 |\n|---|---|---|---|---|---|---|---|---|---|`;
  const rows = results.flatMap(linesOf).map(({ cell, test, worst, all }) => {
    const figures = worst.map(({ times, error }) => `${times.toFixed(2)} ± ${error.toFixed(2)}`);
    return `| ${cell.traffic} | ${cell.panes} h | ${cell.hours} h | ${cell.bins} | ${test} | ${figures.join(" | ")} | ${all} |`;
  });
  return [head, ...rows].join("\n");
}

function missed(results: readonly CellResult[]): string {
  const all = verdicts(results);
  if (all.length === 0) return "No size is above its bound, or below, by more than two standard errors.";
  return `By more than two standard errors\n\n${all.map((verdict) => `- ${verdict}`).join("\n")}`;
}

/** Sizes that miss their bounds by more than chance, in words. */
export function verdicts(results: readonly CellResult[]): string[] {
  return results.flatMap(linesOf).flatMap(({ cell, test, worst }) =>
    worst.flatMap(({ times, error, direction }, level) => {
      const where = `${cell.traffic}, ${cell.panes} h, window ${cell.hours} h, ${cell.bins} bins, ${test} (${direction}) at ${levels[level]}`;
      const figure = `${times.toFixed(2)} ± ${error.toFixed(2)} times nominal`;
      if (times - sure * error > mostTimes) return [`above: ${where}: ${figure}`];
      if ((levels[level] as number) >= leastFrom && times + sure * error < leastTimes) return [`below: ${where}: ${figure}`];
      return [];
    }),
  );
}

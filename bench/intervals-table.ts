// Coverage of intervals as a Markdown table, and which of them do not hold what they say.
import type { Estimate } from "../src/stats/performance/estimate.ts";

/** What is counted together. */
interface Cell {
  readonly source: string;
  readonly metric: string;
  readonly size: number;
}

interface Tally extends Cell {
  runs: number;
  given: number;
  held: number;
}

/** An interval of 95 % has to hold the truth this often. */
const [least, most] = [0.93, 0.985];
/** Where so few runs show an interval, it counts as not given: no more of them can be wrong than of an interval that holds 95 %. */
const hardlyEver = 0.05;

export class Coverage {
  readonly #tallies = new Map<string, Tally>();

  note(cell: Cell, { lower, upper }: Estimate, truth: number): void {
    if (Number.isNaN(truth) || truth === undefined) throw new Error(`${cell.source}: no truth of ${cell.metric}`);
    const key = `${cell.source} ${cell.metric} ${cell.size}`;
    const tally = this.#tallies.get(key) ?? { ...cell, runs: 0, given: 0, held: 0 };
    tally.runs += 1;
    if (!Number.isNaN(lower)) tally.given += 1;
    if (lower <= truth && truth <= upper) tally.held += 1;
    this.#tallies.set(key, tally);
  }

  tallies(): readonly Readonly<Tally>[] {
    return [...this.#tallies.values()];
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function shown({ runs, given, held }: Tally): string {
  if (given === 0) return "none";
  if (given <= hardlyEver * runs) return `${percent(given / runs)} of runs, of these ${percent(held / given)}`;
  const without = given < runs ? `, ${percent(1 - given / runs)} without` : "";
  return `${percent(held / given)}${without}`;
}

/** Cells whose intervals hold less or more often than wanted, in words. */
export function verdicts(coverage: Coverage): string[] {
  return coverage.tallies().flatMap((tally) => {
    const { source, metric, size, runs, given, held } = tally;
    if (given <= hardlyEver * runs) return [];
    const held95 = held / given;
    if (held95 >= least && held95 <= most) return [];
    return [`${source}, ${metric}, n = ${size}: ${shown(tally)}`];
  });
}

const begin = "<!-- coverage: begin (npm run bench:intervals) -->";
const end = "<!-- coverage: end -->";

/** A text with the table between its markers. */
export function insertTable(text: string, coverage: Coverage, runs: number): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error("the markers of the table are missing");
  const missed = verdicts(coverage);
  const bounds = `${percent(least)} to ${percent(most)}`;
  const verdict =
    missed.length === 0
      ? `Every interval that more than ${percent(hardlyEver)} of runs show holds ${bounds}; ${extremes(coverage)}.`
      : `Outside of ${bounds}:\n\n${missed.map((one) => `- ${one}`).join("\n")}`;
  const note = `${runs} runs of each: how many of the intervals that are shown hold the truth; "without": runs that show none.`;
  return `${text.slice(0, from + begin.length)}\n\n${note}\n\n${table(coverage)}\n\n${verdict}\n\n${text.slice(to)}`;
}

function extremes(coverage: Coverage): string {
  const shares = coverage
    .tallies()
    .filter(({ runs, given }) => given > hardlyEver * runs)
    .map(({ given, held }) => held / given);
  return `the least ${percent(Math.min(...shares))}, the most ${percent(Math.max(...shares))}`;
}

function table(coverage: Coverage): string {
  const tallies = coverage.tallies();
  const sizes = [...new Set(tallies.map(({ size }) => size))];
  const head = `| labelled events | metric | ${sizes.map((size) => `n = ${size.toLocaleString("en")}`).join(" | ")} |`;
  const rows = tallies
    .filter(({ size }) => size === sizes[0])
    .map(({ source, metric }) => {
      const cells = tallies.filter((one) => one.source === source && one.metric === metric).map(shown);
      return `| ${source} | ${metric} | ${cells.join(" | ")} |`;
    });
  return [head, `|---|---|${sizes.map(() => "---|").join("")}`, ...rows].join("\n");
}

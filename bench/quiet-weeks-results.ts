// What runs of quiet weeks came to, a line of JSON each, so that weeks that were run on different days add up; of rules, a
// configuration and references that are others by now they are forgotten, unless quiet-weeks-narrowed.yml says why they count.
import { readFileSync, writeFileSync } from "node:fs";
import { load } from "js-yaml";
import { linesOf, pathOf } from "./calibration/kept-lines.ts";
import type { Fired } from "./quiet-weeks-report.ts";
import type { Stretch } from "./quiet-weeks-run.ts";

/** Weeks that follow one another, of streams of one seed. */
export interface Run {
  readonly seed: number;
  readonly weeks: number;
  /** In seconds. */
  readonly from: number;
  readonly until: number;
  readonly samples: number;
  readonly processorSeconds: { readonly exporter: number; readonly rules: number };
  readonly fired: readonly Fired[];
}

export interface Line extends Run {
  /** Hash of what it follows from: `inputsHash`. */
  readonly code: string;
}

/** A rule that was changed since, so that it holds only where the one of before held. */
export interface Narrowed {
  /** Hashes before and after. */
  readonly was: string;
  readonly is: string;
  readonly alert: string;
  readonly reason: string;
}

const resultsPath = pathOf("quiet-weeks.jsonl");
const narrowedPath = pathOf("quiet-weeks-narrowed.yml");

/** What was changed of the rules that weeks were run with, up to those of a hash; weeks of each count. */
export function narrowedTo(hash: string, path = narrowedPath): Narrowed[] {
  const all = load(readFileSync(path, "utf8")) as Narrowed[];
  return all.filter(({ is }) => is === hash).flatMap((one) => [...narrowedTo(one.was, path), one]);
}

/** @param stretches a week each, at least one */
export function runOf(seed: number, stretches: readonly Stretch[], fired: readonly Fired[]): Run {
  const [first, last] = [stretches[0], stretches.at(-1)];
  if (first === undefined || last === undefined) throw new Error(`no week of seed ${seed}`);
  const sum = (of: (week: Stretch) => number): number => Math.round(stretches.reduce((total, week) => total + of(week), 0));
  return {
    seed,
    weeks: stretches.length,
    from: first.from,
    until: last.until,
    samples: sum(({ samples }) => samples),
    processorSeconds: {
      exporter: sum(({ processorSeconds }) => processorSeconds.exporter),
      rules: sum(({ processorSeconds }) => processorSeconds.rules),
    },
    fired,
  };
}

/** The runs that are kept of inputs of this hash, or of one of before that counts, by seed; `code` is the hash that they are of. */
export function keptRuns(hash: string, path = resultsPath, narrowed = narrowedTo(hash)): Line[] {
  const hashes = [hash, ...narrowed.map(({ was }) => was)];
  return hashes.flatMap((one) => linesOf<Line>(path, one)).sort((one, other) => one.seed - other.seed);
}

/** Keeps runs; of each seed the last one, and nothing of inputs of a hash that does not count. */
export function keepRuns(runs: readonly Run[], hash: string, path = resultsPath, narrowed = narrowedTo(hash)): void {
  const lines = [...keptRuns(hash, path, narrowed), ...runs.map((run): Line => ({ code: hash, ...run }))];
  const bySeed = new Map(lines.map((line) => [line.seed, line]));
  const sorted = [...bySeed.values()].sort((one, other) => one.seed - other.seed);
  writeFileSync(path, sorted.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

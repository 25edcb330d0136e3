// What runs of quiet weeks came to, a line of JSON each, so that weeks that were run on different days add up; of rules, a
// configuration and references that are others by now they are forgotten.
import { writeFileSync } from "node:fs";
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

interface Line extends Run {
  /** Hash of what it follows from: `inputsHash`. */
  readonly code: string;
}

const resultsPath = pathOf("quiet-weeks.jsonl");

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

/** The runs that are kept of inputs of this hash, by seed. */
export function keptRuns(hash: string, path = resultsPath): Run[] {
  return linesOf<Line>(path, hash).map(({ code, ...run }) => run);
}

/** Keeps runs; of each seed the last one, and nothing of inputs of another hash. */
export function keepRuns(runs: readonly Run[], hash: string, path = resultsPath): void {
  const bySeed = new Map([...keptRuns(hash, path), ...runs].map((run) => [run.seed, run]));
  const sorted = [...bySeed.values()].sort((one, other) => one.seed - other.seed);
  writeFileSync(path, sorted.map((run) => `${JSON.stringify({ code: hash, ...run } satisfies Line)}\n`).join(""));
}

// Whether a reference is still a fair baseline: by its age, how much it is made of, and how often windows drift from it.
import { dayMillis } from "./periods.ts";
import type { Reference } from "./reference.ts";

export interface AdviceLimits {
  /** Older ones describe another season, and often another model. */
  readonly mostAgeMillis: number;
  /** Of fewer rows the share of a bin of 5 % is known to no better than a tenth of itself (10,000 rows: 4 %). */
  readonly leastRows: number;
  /** Fewer days do not have every day of the week. */
  readonly leastDays: number;
  /** Of windows that may be in drift: more of them says that this is what is normal now. */
  readonly mostDriftShare: number;
}

export const usualLimits: AdviceLimits = { mostAgeMillis: 90 * dayMillis, leastRows: 10_000, leastDays: 7, mostDriftShare: 0.2 };

/** How many windows there were lately, and how many of them were in drift. */
export interface DriftSeen {
  readonly windows: number;
  readonly drifting: number;
}

export interface Finding {
  readonly about: "age" | "rows" | "days" | "drift";
  readonly fair: boolean;
  readonly value: number;
  readonly limit: number;
  readonly words: string;
}

export interface Advice {
  readonly fair: boolean;
  readonly findings: readonly Finding[];
}

/**
 * @param seen null where nobody has looked
 * @param nowMillis what ages are counted to: a reference is as old as the end of its period, else as its making
 */
export function advise(reference: Reference, seen: DriftSeen | null, limits: AdviceLimits, nowMillis: number): Advice {
  const findings = [ageOf(reference, limits, nowMillis), rowsOf(reference, limits), ...daysOf(reference, limits)];
  if (seen !== null) findings.push(driftOf(seen, limits));
  return { fair: findings.every(({ fair }) => fair), findings };
}

function ageOf({ provenance: { toMillis, madeMillis } }: Reference, { mostAgeMillis }: AdviceLimits, nowMillis: number): Finding {
  const days = Math.floor((nowMillis - (Number.isNaN(toMillis) ? madeMillis : toMillis)) / dayMillis);
  const limit = Math.floor(mostAgeMillis / dayMillis);
  return { about: "age", fair: days <= limit, value: days, limit, words: `${days} days old; at most ${limit}` };
}

function rowsOf({ provenance: { rows } }: Reference, { leastRows }: AdviceLimits): Finding {
  return { about: "rows", fair: rows >= leastRows, value: rows, limit: leastRows, words: `${rows} rows; at least ${leastRows}` };
}

/** Nothing where the period is unknown: then there is nothing to be said of it. */
function daysOf({ provenance: { fromMillis, toMillis } }: Reference, { leastDays }: AdviceLimits): Finding[] {
  if (Number.isNaN(fromMillis)) return [];
  const days = Math.ceil((toMillis - fromMillis) / dayMillis);
  return [
    { about: "days", fair: days >= leastDays, value: days, limit: leastDays, words: `spans ${days} days; at least ${leastDays}` },
  ];
}

function driftOf({ windows, drifting }: DriftSeen, { mostDriftShare }: AdviceLimits): Finding {
  const share = windows === 0 ? 0 : drifting / windows;
  const words =
    windows === 0
      ? "no windows with a p-value lately"
      : `${drifting} of ${windows} windows in drift lately (${(100 * share).toFixed(1)} %); at most ${(100 * mostDriftShare).toFixed(1)} %`;
  return { about: "drift", fair: share <= mostDriftShare, value: share, limit: mostDriftShare, words };
}

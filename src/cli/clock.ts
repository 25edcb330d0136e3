// The clock of the process: the real one, or, for rehearsals, one that runs faster from a given moment on. Read here and
// nowhere else, from the environment: docs/rehearsal.md.
import { ConfigError } from "../config/load.ts";

export interface Clock {
  readonly now: () => number;
  /** How many times faster than the real one it runs. */
  readonly pace: number;
  /** When a rehearsal begins. */
  readonly beginsMillis?: number;
}

export const realClock: Clock = { now: Date.now, pace: 1 };

export const lapseVariable = "PREDICTION_EXPORTER_TIME_LAPSE";
const example = "60 from 2026-01-05T08:00:00Z at 2026-11-23T10:15:00Z";
/** Faster than this, what is real (the network, computing) takes hours. */
const mostPace = 3600;

/**
 * @param setting "60 from T at R": it is T when it really is R, and time runs 60 times faster from then on. All processes of a
 *   rehearsal are given the same, so that they agree about the time. Absent or empty: the real clock
 * @throws ConfigError for what is none
 */
export function processClock(setting = process.env[lapseVariable], realNow: () => number = Date.now): Clock {
  if (setting === undefined || setting === "") return realClock;
  const [, factor = "", from = "", at = ""] = /^(\d+(?:\.\d+)?) from (\S+) at (\S+)$/.exec(setting) ?? [];
  const pace = Number(factor);
  const [fromMillis, atMillis] = [momentOf(from), momentOf(at)];
  if (factor === "" || !(pace >= 1 && pace <= mostPace) || Number.isNaN(fromMillis) || Number.isNaN(atMillis)) {
    throw new ConfigError(`${lapseVariable}=${setting}: a factor from 1 to ${mostPace} and two moments, such as "${example}"`);
  }
  return { pace, beginsMillis: fromMillis, now: () => Math.floor(fromMillis + (realNow() - atMillis) * pace) };
}

/** Only whole moments with a zone: a date alone is read in another zone than a date with a time. */
function momentOf(text: string): number {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
}

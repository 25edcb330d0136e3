// How much a reference must have seen before it can tell how unusual a window is, and how rare an event it can tell of.
import { quadraticFormTail } from "./quadratic-form.ts";

/** Which panes are compared with which windows. */
export interface PaneOptions {
  /** Length of a base pane: an hour for windows up to 24 h, else a day. */
  readonly paneMillis: number;
  /** Length of the windows that will be tested. */
  readonly windowMillis: number;
  /** Whether windows are compared with proportions of their own hours of the day (UTC). */
  readonly byHour: boolean;
}

/** A reference that cannot tell. */
export interface UnknownDispersion {
  readonly known: false;
  /**
   * `one_group`: all bins but one are so rare that they had to be pooled with it; `no_variation`: all panes have the same
   * proportions, as no sample of anything has; `no_hits`: the kind never occurred.
   */
  readonly reason: "few_panes" | "one_group" | "no_variation" | "no_hits";
  /** Base panes that are there. */
  readonly panes: number;
  /** Base panes from which on it is known; Infinity where more panes of the same kind do not help. */
  readonly neededPanes: number;
}

/** With fewer base panes sizes of tests are not held: see `docs/statistics.md`. */
const fewestPanes = 60;
/** Base panes that a window length needs: three of them. */
const fewestWindows = 3;
/**
 * Days that may depend on each other: a whole week, so that days of the week cancel. Days further apart are taken as independent:
 * a quarter shows too few longer stretches to tell.
 */
const longestMemoryDays = 7;
const dayMillis = 86_400_000;
/**
 * Standard deviations of what the reference shows. That deviations follow a normal law further out than this is nothing that
 * some tens of panes can support, so no claim rests on it.
 */
const farthestDeviation = 8;

/** Panes within which deviations depend on each other: those of a window, but not more than a week. */
export function memoryPanes({ windowMillis, paneMillis }: PaneOptions): number {
  return Math.max(1, Math.round(Math.min(windowMillis, longestMemoryDays * dayMillis) / paneMillis));
}

/** The probability of the farthest deviation, a ratio of F(1, nu): 5e-7 for nu = 16, 5e-11 for nu = 59. */
export function smallestAlpha(degreesOfFreedom: number): number {
  return quadraticFormTail({ shares: [1], degreesOfFreedom }, farthestDeviation ** 2);
}

/**
 * Base panes with values from which on dispersion is known.
 * @param alpha the smallest p-value that will be asked for, at least 1e-14
 */
export function panesNeeded(options: PaneOptions, alpha = 1): number {
  let freedom = 1;
  while (smallestAlpha(freedom) > alpha) freedom += 1;
  const width = memoryPanes(options);
  // Overlapping windows leave this share of the panes' degrees of freedom: 1 / sum over lags of (1 - lag / width)^2.
  const share = (3 * width) / (2 * width * width + 1);
  const means = options.byHour ? dayMillis / options.paneMillis : 1;
  const windows = fewestWindows * (options.windowMillis / options.paneMillis);
  return Math.ceil(Math.max(fewestPanes, windows, freedom / share + means));
}

export function unknownDispersion(reason: UnknownDispersion["reason"], panes: number, neededPanes: number): UnknownDispersion {
  return Object.freeze({ known: false, reason, panes, neededPanes });
}

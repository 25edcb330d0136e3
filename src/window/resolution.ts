// At which resolutions panes are kept, and by which steps windows slide.

export interface Rung {
  /** Width of a pane, which is also the step by which windows made of it slide. */
  readonly paneMillis: number;
  /** How long panes are kept behind the frontier: the longest window made of them. */
  readonly keepMillis: number;
}

export const minuteMillis = 60_000;
export const hourMillis = 3_600_000;
export const dayMillis = 86_400_000;

/** The start of the pane of a width that a time is in: panes are aligned to the epoch. */
export function paneStart(timeMillis: number, paneMillis: number): number {
  return Math.floor(timeMillis / paneMillis) * paneMillis;
}

/** The start of the minute that a time is in. */
export function minuteStart(timeMillis: number): number {
  return paneStart(timeMillis, minuteMillis);
}

/** The step by which a window of this length slides: minutes to 2 h, hours below 2 d, days from there on. */
export function stepOf(windowMillis: number): number {
  if (windowMillis <= 2 * hourMillis) return minuteMillis;
  return windowMillis < 2 * dayMillis ? hourMillis : dayMillis;
}

/** The resolutions that these windows need; the finest is always first. */
export function rungsFor(windowsMillis: readonly number[]): Rung[] {
  return [minuteMillis, hourMillis, dayMillis].map((paneMillis) => {
    const lengths = windowsMillis.filter((length) => stepOf(length) === paneMillis);
    // One step more than the window, so that the pane being filled does not push out the oldest that is needed.
    return { paneMillis, keepMillis: lengths.length === 0 ? 0 : Math.max(...lengths) + paneMillis };
  });
}

/** The end of the newest window of this length at a frontier. */
export function windowEnd(frontierMillis: number, windowMillis: number): number {
  const step = stepOf(windowMillis);
  return paneStart(frontierMillis, step);
}

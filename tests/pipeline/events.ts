// Events of the native format, as texts.

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;
/** A full day, so that windows of every length end here. */
export const midnight = Date.parse("2026-03-01T00:00:00Z");

export function prediction(timeMillis: number, more: object = {}): string {
  return JSON.stringify({ type: "prediction", model: "m", version: "1", time: timeMillis, ...more });
}

/** As many as it takes for a log to close what lies a minute (the lateness) before this time. */
export function predictions(timeMillis: number, count = 5, more: object = {}): string[] {
  return Array.from({ length: count }, () => prediction(timeMillis, more));
}

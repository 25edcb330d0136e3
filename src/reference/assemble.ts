// Puts a feature's reference together from its counts by hour, and a reference from its features. Pure, and the order in
// which hours come does not matter: what is learned from the stream and what is built from files go the same way.
import { compareText } from "../primitive/dictionary.ts";
import { referenceHash } from "./hash.ts";
import { dayMillis, hourMillis, hoursOfDay } from "./periods.ts";
import type { BasePane, FeatureReference, Provenance, Reference } from "./reference.ts";

/** Listed hours: 84 days, twelve of every weekday. Older ones say little of today and would make files large. */
export const mostHours = 2016;
/** Listed days: a year and a month, so that a year's pattern shows. */
export const mostDays = 400;
/** A pattern by hour of the day that was seen fewer times than this is none. */
export const leastDaysByHour = 3;

/** What is known of a feature by time. */
export type ByTime = Pick<FeatureReference, "byHour" | "hours" | "days" | "leftOut">;

/** All that a feature's reference is, but for what follows from its hours. */
export type FeatureWhole = Omit<FeatureReference, keyof ByTime>;

/** Of rows without times. */
export const timeless: ByTime = { byHour: null, hours: [], days: [], leftOut: { hours: 0, days: 0 } };

/**
 * A feature's reference from its counts by hour.
 * @param hours in any order; several of one start are added. An hour that had events of the model but none of the
 *   feature belongs to them too (its events are `absent`)
 */
export function assembleFeature(whole: FeatureWhole, hours: Iterable<BasePane>): FeatureReference {
  return { ...whole, ...byTime(hours) };
}

/**
 * What hours tell, in ascending order and within the limits.
 * @param wholeDays counts of days of which there are no hours any more
 */
export function byTime(hours: Iterable<BasePane>, wholeDays: readonly BasePane[] = []): ByTime {
  const merged = mergePanes(hours, hourMillis);
  const days = mergePanes([...merged, ...wholeDays], dayMillis);
  const [first, last] = [merged[0], merged.at(-1)];
  if (first === undefined || last === undefined) return { ...timeless, days };
  const spanMillis = last.startMillis + hourMillis - first.startMillis;
  return {
    byHour: spanMillis < leastDaysByHour * dayMillis ? null : byHourOfDay(merged),
    hours: merged.slice(-mostHours),
    days: days.slice(-mostDays),
    leftOut: { hours: Math.max(0, merged.length - mostHours), days: Math.max(0, days.length - mostDays) },
  };
}

/** Panes of this width, in ascending order, from such as lie inside of one each. */
function mergePanes(panes: Iterable<BasePane>, widthMillis: number): BasePane[] {
  const merged = new Map<number, BasePane>();
  for (const pane of panes) {
    const startMillis = Math.floor(pane.startMillis / widthMillis) * widthMillis;
    const sum = merged.get(startMillis);
    if (sum === undefined) {
      merged.set(startMillis, { startMillis, kinds: pane.kinds.slice(), counts: pane.counts.slice() });
      continue;
    }
    addInto(sum.kinds, pane.kinds);
    addInto(sum.counts, pane.counts);
  }
  return [...merged.values()].sort((a, b) => a.startMillis - b.startMillis);
}

function byHourOfDay(hours: readonly BasePane[]): Float64Array[] {
  const bins = hours[0]?.counts.length ?? 0;
  const sums = Array.from({ length: hoursOfDay }, () => new Float64Array(bins));
  for (const { startMillis, counts } of hours) {
    addInto(sums[Math.floor(startMillis / hourMillis) % hoursOfDay] as Float64Array, counts);
  }
  return sums;
}

export function addInto(sums: Float64Array, amounts: Float64Array): void {
  for (let at = 0; at < sums.length; at++) sums[at] = (sums[at] as number) + (amounts[at] as number);
}

/**
 * A whole reference, with its hash.
 * @param version the one that it is of; null where it serves all
 * @param performance how well the model did; null where that is not known
 */
export function assembleReference(
  model: string,
  version: string | null,
  features: Iterable<FeatureReference>,
  provenance: Provenance,
  performance: Reference["performance"] = null,
): Reference {
  const sorted = [...features].sort((a, b) => compareText(a.name, b.name));
  const content = { model, version, features: new Map(sorted.map((feature) => [feature.name, feature])), performance };
  return { ...content, hash: referenceHash(content), provenance };
}

// States of values whose rates are compared with the reference's: what is not as it should be, but no part of a distribution.
import { kind, kindCount } from "../event/value.ts";

export const driftStates = ["missing", "null", "wrong_type", "unseen"] as const;
export type DriftState = (typeof driftStates)[number];

/** How many of how many. */
export interface StateCount {
  readonly count: number;
  readonly size: number;
}

/**
 * Values in each state. Missing, null and wrong ones are so many of all events, unseen ones so many of the values that have
 * the right type.
 * @param kinds events by kind
 * @param unseen values that are in no dictionary; 0 of a numeric feature
 */
export function stateCounts(
  { type, numbersAsTexts }: { readonly type: string; readonly numbersAsTexts: boolean },
  kinds: ArrayLike<number>,
  unseen: number,
): ReadonlyMap<DriftState, StateCount> {
  const of = (which: number): number => kinds[which] as number;
  let events = 0;
  for (let at = 0; at < kindCount; at++) events += of(at);
  const texts = of(kind.string) + of(kind.boolean);
  const right = type === "numeric" ? of(kind.number) : texts + (numbersAsTexts ? of(kind.number) : 0);
  const wrong = of(kind.structure) + of(kind.number) + texts - right;
  const counts = new Map<DriftState, StateCount>();
  counts.set("missing", { count: of(kind.absent), size: events });
  counts.set("null", { count: of(kind.null), size: events });
  counts.set("wrong_type", { count: wrong, size: events });
  if (type !== "numeric") counts.set("unseen", { count: unseen, size: right });
  return counts;
}

// How often values of a feature were in each state in its reference: what rates of now are compared with.
import type { FeatureReference } from "../reference/reference.ts";
import { total } from "../stats/sample.ts";
import { states, valuesByState } from "./feature-samples.ts";

/**
 * The states that a value can be in: a number in no range is never out of it, and only categories can be unseen.
 * @param ranged whether the configuration says what range is normal
 * @returns the share of all values, by state but for ok; none where the reference has no values
 */
export function referenceStates(reference: FeatureReference, ranged: boolean): (readonly [state: string, share: number])[] {
  const { all, type } = reference;
  const counts = valuesByState(reference, all.kinds, all.texts?.unseen ?? 0);
  const size = total(counts);
  const numeric = type === "numeric";
  const meaning: Readonly<Partial<Record<string, boolean>>> = {
    ok: false,
    nan: numeric,
    infinite: numeric,
    out_of_range: numeric && ranged,
    unseen: !numeric,
  };
  if (!(size > 0)) return [];
  return states.flatMap((state, at) => (meaning[state] === false ? [] : [[state, (counts[at] as number) / size] as const]));
}

// Whether two references of a model have the same bins, so that what is scored by one can be compared with the other.
import { compareText } from "../primitive/dictionary.ts";
import type { FeatureReference, Reference } from "./reference.ts";

/** @returns the names of features that both have, with other bins */
export function featuresOfOtherBins(one: Reference, other: Reference): string[] {
  return [...one.features.values()].flatMap((feature) => {
    const same = other.features.get(feature.name);
    return same === undefined || binsText(same) === binsText(feature) ? [] : [feature.name];
  });
}

function binsText({ type, bins, categories }: FeatureReference): string {
  const others = [...(categories?.others ?? [])].sort(compareText);
  return JSON.stringify([type, bins?.edges, bins?.scales, bins?.given, categories?.names, others, categories?.open]);
}

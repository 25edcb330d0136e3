// Whether two references have the same bins, so that what is scored by one can be compared with the other.
import { compareText } from "../primitive/dictionary.ts";
import type { FeatureReference, Reference } from "./reference.ts";

type Binned = Pick<FeatureReference, "bins" | "categories">;

export function sameBins(some: Binned, other: Binned): boolean {
  return binsText(some) === binsText(other);
}

/** @returns the names of features that both have, with other bins */
export function featuresOfOtherBins(one: Reference, other: Reference): string[] {
  return [...one.features.values()].flatMap((feature) => {
    const same = other.features.get(feature.name);
    return same === undefined || sameBins(same, feature) ? [] : [feature.name];
  });
}

function binsText({ bins, categories }: Binned): string {
  const dictionary = categories && [categories.names, [...categories.others].sort(compareText), categories.open];
  return JSON.stringify([bins?.edges, bins?.parts, bins?.reach, bins?.given, dictionary]);
}

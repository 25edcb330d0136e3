// Whether two references of a feature have the same bins, so that counts in them can be compared.
import { compareText } from "../primitive/dictionary.ts";
import type { FeatureReference } from "./reference.ts";

type Binned = Pick<FeatureReference, "bins" | "categories">;

export function sameBins(some: Binned, other: Binned): boolean {
  return binsText(some) === binsText(other);
}

function binsText({ bins, categories }: Binned): string {
  const dictionary = categories && { ...categories, others: [...categories.others].sort(compareText) };
  return JSON.stringify({ bins, dictionary });
}

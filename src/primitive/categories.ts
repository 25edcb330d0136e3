// A frozen dictionary of categories. What is counted by it is in category-counts.ts: each named category, other (seen in
// the reference, not named) and unseen (never seen in the reference).
import type { Dictionary } from "./dictionary.ts";

export const otherCategory = "__other__";
export const unseenCategory = "__unseen__";

export interface Categories {
  /** In page order. */
  readonly names: readonly string[];
  /** Further texts of the reference. */
  readonly others: ReadonlySet<string>;
  /** The reference had more distinct texts than could be remembered: what is not named counts as other. */
  readonly open: boolean;
}

/** Names of the bins of counts, in order. */
export function categoryBins(categories: Categories): string[] {
  return [...categories.names, otherCategory, unseenCategory];
}

const reserved: readonly string[] = [otherCategory, unseenCategory];

/** The commonest `most` texts of a dictionary as names, the rest as others, and so what is called like a bin of its own. */
export function chooseCategories(dictionary: Dictionary, most: number): Categories {
  const texts = dictionary.commonest().map(([text]) => text);
  const names = texts.filter((text) => !reserved.includes(text)).slice(0, most);
  return { names, others: new Set(texts.filter((text) => !names.includes(text))), open: dictionary.overflow > 0 };
}

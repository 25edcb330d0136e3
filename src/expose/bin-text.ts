// How bins and quantiles are called on a page for people.

import type { BinView } from "./model-view.ts";
import { countText, numberShort } from "./quantity-text.ts";

/** (1, 2], ≤ 1, > 2. */
export function interval({ lower, upper, name }: BinView): string {
  if (lower === null) return upper === null ? name : `≤ ${numberShort(upper)}`;
  return upper === null ? `> ${numberShort(lower)}` : `(${numberShort(lower)}, ${numberShort(upper)}]`;
}

export function quantileName(q: number): string {
  return q === 0.5 ? "median" : `${countText(q * 100)} %`;
}

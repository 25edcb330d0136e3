// A text as a category: cut where it is long, and well-formed, so that it can be written down.

/** Longer texts are cut: a category is a word, not a document. */
const longestText = 128;

export function categoryText(value: string): string {
  if (value.length <= longestText && value.isWellFormed()) return value;
  // By way of bytes, as a substring would keep the whole text alive.
  return Buffer.from(value.slice(0, longestText).toWellFormed(), "utf8").toString("utf8");
}

// How text is shown on a page: what comes from outside becomes short, well-formed text without control characters.
// No escaping, which belongs to the format.
import { createHash } from "node:crypto";

/** Long enough for names that people give; a value's length is multiplied by every series and scrape it appears in. */
export const longestLabelValue = 128;

/** Hexadecimal digits of the hash: 40 bits keep a million odd values apart. */
const hashDigits = 10;
const controlsExceptNewline = /[^\P{Cc}\n]/gu;

/** Well-formed UTF-16 without control characters, newlines excepted: U+FFFD stands for what cannot be shown. */
export function cleanText(text: string): string {
  return text.toWellFormed().replace(controlsExceptNewline, "\uFFFD");
}

/**
 * The value itself where it can be shown: well-formed UTF-16, at most 128 code units, no control character but newline.
 * Otherwise it is cleaned and cut, and `…` with a hash of the original is appended: two values that differ are never
 * shown as one, else the page would hold a series twice.
 */
export function shownLabelValue(value: string): string {
  const cleaned = cleanText(value);
  if (cleaned === value && value.length <= longestLabelValue) return value;
  const mark = `…${createHash("sha256").update(Buffer.from(value, "utf16le")).digest("hex").slice(0, hashDigits)}`;
  return cut(cleaned, longestLabelValue - mark.length) + mark;
}

function cut(text: string, length: number): string {
  const lastIsHalfAPair = /[\uD800-\uDBFF]$/;
  return text.slice(0, length).replace(lastIsHalfAPair, "");
}

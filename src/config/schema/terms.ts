// The terms of which the schema is made, each with the words for its mistakes: what would be right. The only file that
// knows the schema library. A value is read from what people write and can be written so again (`z.encode`).
import { z } from "zod";
import { formatDuration, parseDuration } from "../duration.ts";
import { nearest } from "../nearest.ts";

export { z };
export type Issue = z.core.$ZodIssue;

const minute = 60_000;
const hour = 3_600_000;
const day = 86_400_000;

/** Keys that are known, and no others. */
export function section<Shape extends z.core.$ZodLooseShape>(shape: Shape, words = "keys with values") {
  const known = Object.keys(shape);
  // A message holds a line for each key that is not known.
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? issue.keys.map((key) => noSuchKey(key, known)).join("\n") : words),
  });
}

function noSuchKey(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  return near === undefined ? `no such key; there are: ${known.join(", ")}` : `no such key; did you mean "${near}"?`;
}

/**
 * For what is asked of a section as a whole: also when something inside of it is wrong, so that all mistakes are named at
 * once. What is inside may then be of any type.
 */
export const inAnyCase = {
  when: ({ value }: { readonly value: unknown }): boolean => typeof value === "object" && value !== null && !Array.isArray(value),
};

/** Keys that may be left out. */
export function optional<Shape extends Record<string, z.ZodType>>(shape: Shape) {
  const entries = Object.entries(shape).map(([key, value]) => [key, value.exactOptional()]);
  return Object.fromEntries(entries) as { [Key in keyof Shape]: z.ZodExactOptional<Shape[Key]> };
}

/** One of some words. */
export function choice<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, {
    error: ({ input }) => {
      const near = typeof input === "string" ? nearest(input, words) : undefined;
      return near === undefined ? `one of ${words.join(", ")}` : `one of ${words.join(", ")}; did you mean "${near}"?`;
    },
  });
}

/** Names that a person chooses, and what is said of each. */
export function named<Value extends z.core.SomeType>(value: Value) {
  return z.record(z.string().min(1, "a name that is not empty"), value, "names, and what is said of each");
}

/** Some of these names, and what is said of each. */
export function namedAmong<const Words extends readonly [string, ...string[]], Value extends z.core.SomeType>(
  words: Words,
  value: Value,
  what: string,
) {
  // As `section` does; the library's type of the issue does not know these.
  const keysOf = (issue: object) => (issue as { readonly keys?: readonly string[] }).keys;
  return z.partialRecord(z.enum(words), value, {
    error: (issue) =>
      keysOf(issue)
        ?.map((key) => noSuchKey(key, words))
        .join("\n") ?? what,
  });
}

export const text = z.string("a text").min(1, "a text that is not empty");
export const path = z.string("the path of a file").min(1, "the path of a file");
export const flag = z.boolean("true or false");

export const number = z.number("a number");
export const count = z.int("a whole number above 0").positive("a whole number above 0");
export const share = z.number("a number between 0 and 1").gt(0, "above 0 and below 1").lt(1, "above 0 and below 1");

export const list = <Item extends z.core.SomeType>(item: Item, words: string) => z.array(item, words).min(1, words);

export const duration = z.codec(z.string("a duration such as 30s, 5m, 1h or 7d"), z.number(), {
  decode(written, context) {
    const millis = parseDuration(written);
    if (!Number.isNaN(millis)) return millis;
    const message = `${JSON.stringify(written)} is not a duration such as 30s, 5m, 1h or 7d`;
    context.issues.push({ code: "custom", input: written, message });
    return z.NEVER;
  },
  encode: formatDuration,
});

/** A duration with a default. */
export const lasting = (text: string) => duration.prefault(text);

/** A duration in which something happens: 0 would be never or always. */
export const period = duration.refine((millis) => millis > 0, "a duration above 0");

/** Windows slide by the minute up to 2h, by the hour below 2d and by the day from there on: they consist of those. */
export const window = duration.superRefine((millis, context) => {
  const step = millis <= 2 * hour ? minute : millis < 2 * day ? hour : day;
  if (millis < minute || millis % step !== 0) {
    context.addIssue({ code: "custom", message: "a window is whole minutes up to 2h, whole hours below 2d, whole days above" });
  }
});

/** What comes twice would be counted or shown twice. */
export function unlessRepeated<Item extends string | number>(
  items: readonly Item[],
  context: z.RefinementCtx<readonly Item[]>,
): void {
  const repeated = items.find((item, index) => items.indexOf(item) !== index);
  if (repeated === undefined) return;
  const said = typeof repeated === "number" ? formatDuration(repeated) : JSON.stringify(repeated);
  context.addIssue({ code: "custom", message: `${said} comes twice` });
}

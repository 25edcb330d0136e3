// The shape of `defaults`: what holds for every model that says nothing else.
import { formatDuration, parseDuration } from "../duration.ts";
import { choice, count, lasting, list, section, unlessRepeated, window, z } from "./terms.ts";

const methods = [
  "psi",
  "psi_adjusted",
  "jensen_shannon",
  "hellinger",
  "total_variation",
  "kolmogorov_smirnov",
  "wasserstein",
] as const;

/** Which scores of drift are exported. */
export const scores = z.union(
  [z.literal("all"), list(choice(methods), "a list of at least one method").superRefine(unlessRepeated)],
  `all, or a list of ${methods.join(", ")}`,
);

const rateWords = "so many in so much time, as in 1/30d";

/** How many in how many milliseconds. */
const rate = z.codec(z.string(rateWords), z.object({ count: z.number(), millis: z.number() }), {
  decode(written, context) {
    const [, count, time] = /^(\d+(?:\.\d+)?)\/(\w+)$/.exec(written) ?? [];
    const read = { count: Number(count), millis: parseDuration(time ?? "") };
    if (read.count > 0 && read.millis > 0) return read;
    context.issues.push({ code: "custom", input: written, message: rateWords });
    return z.NEVER;
  },
  encode: ({ count, millis }) => `${count}/${formatDuration(millis)}`,
});

const drift = section({
  /** How much drift matters, as PSI. */
  min_effect: z.number("a number above 0").positive("a number above 0").optional(),
  /** How many false alarms a model version may raise, all signals together. */
  false_alarms: rate.optional(),
  min_samples: count.optional(),
  dispersion: choice(["reference", "off"]).optional(),
});

export const defaults = section({
  windows: list(window, "a list of at least one window, as in [1h, 24h]").superRefine(unlessRepeated).prefault(["1h", "24h"]),
  /** How much event time bins are learned from. */
  learn: lasting("24h"),
  observations: z
    .union([z.enum(["outputs", "all"]), section({ top: count })], "outputs, all, or {top: a whole number}")
    .default("outputs"),
  /** An event later than its record's timestamp by more than this is rejected. */
  future: lasting("5m"),
  /** A window that ended longer ago than this (and the step by which it slides) is withheld. */
  stale: lasting("15m"),
  /** A version without events for this long, in event time, is forgotten. */
  expire: lasting("7d"),
  drift: drift.optional(),
  scores: scores.optional(),
});

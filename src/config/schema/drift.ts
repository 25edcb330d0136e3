// The shape of `drift` and `scores`: how windows are compared with the reference.
import { formatDuration, parseDuration } from "../duration.ts";
import { choice, count, list, optional, section, unlessRepeated, z } from "./terms.ts";

export const methods = [
  "psi",
  "psi_adjusted",
  "jensen_shannon",
  "hellinger",
  "total_variation",
  "kolmogorov_smirnov",
  "wasserstein",
] as const;
export const tests = ["min_effect", "chi_square", "anderson_darling"] as const;

const chosen = <const Words extends readonly [string, ...string[]]>(words: Words, what: string) =>
  z.union(
    [z.literal("all"), list(choice(words), `a list of at least one ${what}`).superRefine(unlessRepeated)],
    `all, or a list of ${words.join(", ")}`,
  );

/** Which scores are exported. */
export const scores = chosen(methods, "method");

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

const effect = z.number("a number, 0 or above").min(0, "a number, 0 or above");
const tolerated = z.number("a share, from 0 to below 1").min(0, "from 0 to below 1").lt(1, "from 0 to below 1");

/** How much more often than in the reference values may be in a state. */
const tolerance = {
  missing: tolerated,
  null: tolerated,
  wrong_type: tolerated,
  unseen: tolerated,
};
const terms = {
  /** How much drift matters, as PSI. */
  min_effect: effect,
  /** How many false alarms a model version may raise, all signals together. */
  false_alarms: rate,
  /** Values without which there are no scores, and how many a degree of freedom. */
  min_samples: count,
  min_samples_per_degree: count,
  /** What is known of how windows differ without drift; off: events count as independent. */
  dispersion: choice(["reference", "off"]),
  /** Whose p-values are exported. */
  tests: chosen(tests, "test"),
};

export const drift = section({
  min_effect: terms.min_effect.default(0.1),
  false_alarms: terms.false_alarms.prefault("1/30d"),
  min_samples: terms.min_samples.default(500),
  // 22 bins then ask for 840 values: a window of an hour has them from a thousand events an hour on, also by chance a few less.
  min_samples_per_degree: terms.min_samples_per_degree.default(40),
  dispersion: terms.dispersion.default("reference"),
  tests: terms.tests.prefault(["min_effect"]),
  tolerance: section({
    missing: tolerance.missing.default(0.01),
    null: tolerance.null.default(0.01),
    wrong_type: tolerance.wrong_type.default(0.001),
    unseen: tolerance.unseen.default(0.01),
  }).prefault({}),
});

/** What a model says instead of the defaults. */
export const driftOfModel = section(optional({ ...terms, tolerance: section(optional(tolerance)) }));

export type DriftConfig = z.output<typeof drift>;

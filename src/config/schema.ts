// The shape of the configuration file: one schema gives types, defaults and messages.
import { z } from "zod";
import { formatDuration, parseDuration } from "./duration.ts";

const minute = 60_000;
const hour = 3_600_000;
const day = 86_400_000;

const duration = z.string("not a duration such as 30s, 5m, 1h or 7d").transform((text, context) => {
  const millis = parseDuration(text);
  if (Number.isNaN(millis)) {
    context.addIssue({ code: "custom", message: `"${text}" is not a duration such as 30s, 5m, 1h or 7d` });
    return z.NEVER;
  }
  return millis;
});

/** Windows slide by the minute up to 2h, by the hour below 2d and by the day from there on: they consist of those. */
const window = duration.superRefine((millis, context) => {
  const step = millis <= 2 * hour ? minute : millis < 2 * day ? hour : day;
  if (millis < minute || millis % step !== 0) {
    context.addIssue({ code: "custom", message: "a window is whole minutes up to 2h, whole hours below 2d, whole days above" });
  }
});

const positive = z.int().positive();
const milliseconds = (text: string) => duration.prefault(text);
const text = z.string().min(1, "empty");

/** What comes twice would be counted or shown twice. */
function unlessRepeated<Item extends string | number>(items: readonly Item[], context: z.RefinementCtx<readonly Item[]>): void {
  const repeated = items.find((item, index) => items.indexOf(item) !== index);
  if (repeated === undefined) return;
  const said = typeof repeated === "number" ? formatDuration(repeated) : `"${repeated}"`;
  context.addIssue({ code: "custom", message: `${said} comes twice` });
}

const topic = z.strictObject({
  format: z.string().default("native"),
  lateness: milliseconds("1m"),
});

const sasl = z.strictObject({
  mechanism: z.enum(["plain", "scram-sha-256", "scram-sha-512"]),
  username: z.string(),
  password_file: z.string(),
});

const ssl = z.union(
  [
    z.boolean(),
    z.strictObject({ ca_file: z.string().optional(), cert_file: z.string().optional(), key_file: z.string().optional() }),
  ],
  "true, false, or some of ca_file, cert_file and key_file",
);

const kafka = z.strictObject({
  brokers: z.array(z.string().regex(/^\S+:\d{1,5}$/, "a broker is host:port")).min(1, "no broker"),
  group: z.string().default("prediction-exporter"),
  client_id: z.string().default("prediction-exporter"),
  topics: z
    .record(
      text,
      topic.nullish().transform((value) => value ?? topic.parse({})),
    )
    .refine((topics) => Object.keys(topics).length > 0, "no topic"),
  /** Where to begin without a snapshot: auto goes back as far as learning and the longest window need. */
  start: z
    .union([z.enum(["auto", "earliest", "latest"]), duration], "auto, earliest, latest, or how far back, such as 12h")
    .default("auto"),
  ssl: ssl.optional(),
  sasl: sasl.optional(),
});

const file = z.strictObject({
  paths: z.array(text).min(1, "no file").superRefine(unlessRepeated),
  format: z.string().default("native"),
  lateness: milliseconds("1m"),
});

const source = z
  .strictObject({
    kafka: kafka.optional(),
    file: file.optional(),
    /** A log that is fully read and has been silent for this long is not waited for. */
    idle: milliseconds("30s"),
    /** A log that has records but has made no progress for this long is left behind. */
    stuck: milliseconds("10m"),
    /** A log that is further ahead of the slowest than this, in event time, is paused. */
    ahead: milliseconds("1h"),
  })
  .refine((value) => (value.kafka === undefined) !== (value.file === undefined), "exactly one of kafka and file");

/** Names of the bins of categories that are not listed. */
const reservedCategories: readonly string[] = ["__other__", "__unseen__"];

const category = z.string().refine((name) => !reservedCategories.includes(name), "a name that is reserved");

const range = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => low < high, "a range is two numbers, the lower one first");

const edges = z
  .array(z.number())
  .min(1)
  .max(255)
  .refine(
    (all) => all.every((edge, index) => index === 0 || edge > (all[index - 1] as number)),
    "edges ascend, none comes twice",
  );

const feature = z
  .strictObject({
    type: z.enum(["numeric", "categorical"]).optional(),
    range: range.optional(),
    edges: edges.optional(),
    categories: z.array(category).min(1).superRefine(unlessRepeated).optional(),
    other_categories: z.array(category).superRefine(unlessRepeated).optional(),
    observations: z.boolean().optional(),
    importance: z.number().min(0).optional(),
  })
  .superRefine((value, context) => {
    const { type, categories, other_categories: others } = value;
    const refuse = (key: string, message: string): void => context.addIssue({ code: "custom", path: [key], message });
    const numeric = (["range", "edges"] as const).find((key) => value[key] !== undefined);
    if (type === "categorical" && numeric !== undefined) refuse(numeric, "for a numeric feature only");
    if (type === "numeric" && categories !== undefined) refuse("categories", "for a categorical feature only");
    if (numeric !== undefined && categories !== undefined) refuse("categories", `not together with ${numeric}`);
    if (others === undefined) return;
    if (categories === undefined) refuse("other_categories", "only beside categories");
    const both = others.find((name) => categories?.includes(name));
    if (both !== undefined) refuse("other_categories", `"${both}" is among the categories too`);
  });

const features = z.record(text, feature).superRefine((all, context) => {
  for (const [name, { type, categories }] of Object.entries(all)) {
    const categorical = type === "categorical" || categories !== undefined;
    if (name.startsWith("$score") && categorical)
      context.addIssue({ code: "custom", path: [name], message: "scores are numeric" });
  }
});

const model = z.strictObject({
  learn: duration.optional(),
  features: features.prefault({}),
  segments: z.array(z.string()).optional(),
});

const limits = z.strictObject({
  series: positive.default(50_000),
  models: positive.default(100),
  versions: positive.default(20),
  features: positive.default(500),
  slots: positive.default(10_000),
  segments: positive.default(20),
  categories: positive.default(500),
  message_bytes: positive.default(262_144),
});

const defaults = z.strictObject({
  windows: z.array(window).min(1, "no window").superRefine(unlessRepeated).prefault(["1h", "24h"]),
  /** How much event time bins are learned from. */
  learn: milliseconds("24h"),
  observations: z
    .union([z.enum(["outputs", "all"]), z.strictObject({ top: positive })], "outputs, all, or {top: a whole number}")
    .default("outputs"),
  /** An event later than its record's timestamp by more than this is rejected. */
  future: milliseconds("5m"),
  /** A window that ended longer ago than this (and the step by which it slides) is withheld. */
  stale: milliseconds("15m"),
  /** A version without events for this long, in event time, is forgotten. */
  expire: milliseconds("7d"),
});

/** Each save writes the whole state; a timer cannot be set to more than some weeks. */
const every = duration.refine((millis) => millis >= 1000 && millis <= day, "from 1s to 1d");

export const configSchema = z.strictObject({
  source,
  state: z.strictObject({ directory: text.default("./state"), every: every.prefault("30s") }).prefault({}),
  web: z
    .strictObject({
      listen: z.string().default("127.0.0.1:9877"),
      /** How long counters of a new model say 0, so that every scraper sees them begin. */
      zero_for: milliseconds("30s"),
    })
    .prefault({}),
  limits: limits.prefault({}),
  defaults: defaults.prefault({}),
  discover: z.boolean().default(true),
  models: z.record(text, model).prefault({}),
});

export type Config = z.output<typeof configSchema>;
export type KafkaConfig = z.output<typeof kafka>;
export type ModelConfig = z.output<typeof model>;

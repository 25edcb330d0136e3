// Records that producers get wrong, and records that only look wrong: each with what has to be counted for it. What
// cannot come through a broker is not here: it refuses batches that nobody could decode (the reason `unreadable`).
import type { RejectReason } from "../src/event/reason.ts";

/** The limit of a record's bytes where the configuration does not say. */
export const messageBytes = 262_144;

export interface Specimen {
  readonly what: string;
  /** The record's value; null is a tombstone. The record carries the same time as its events. */
  readonly value: (timeMillis: number) => Buffer | null;
  readonly rejected: readonly RejectReason[];
  /** Models and versions of the predictions that have to be counted. */
  readonly predictions: readonly (readonly [model: string, version: string])[];
  readonly outcomes?: number;
  readonly runs?: number;
  /** Predictions that are counted as late, and in totals only. */
  readonly late?: number;
}

type Json = Readonly<Record<string, unknown>>;

/** Their own model, so that what they do to features is not mixed up with the stream's. */
const model = "hostile";
const version = "3";

const prediction = (time: number): Json => ({ type: "prediction", model, version, id: "p-81", time, features: { amount: 12.5 } });
const outcome = (time: number): Json => ({ type: "outcome", model, id: "p-81", time, label: 1 });
const run = (time: number): Json => ({ type: "run", model, version, run_id: "r-5", time, state: "succeeded", rows: 12 });

function bytesOf(value: unknown): Buffer | null {
  if (value === null || Buffer.isBuffer(value)) return value;
  return Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
}

/** What is rejected as a whole. @param value bytes, a text that is sent as it stands, or what becomes JSON */
function wrong(reason: RejectReason, what: string, value: (time: number) => unknown): Specimen {
  return { what, value: (time) => bytesOf(value(time)), rejected: [reason], predictions: [] };
}

/** A prediction that one or more fields make wrong. */
function spoiled(reason: RejectReason, what: string, fields: Json): Specimen {
  return wrong(reason, what, (time) => ({ ...prediction(time), ...fields }));
}

/** What is counted, however odd. */
function odd(what: string, value: (time: number) => unknown, counted: Partial<Specimen> = {}): Specimen {
  return { what, value: (time) => bytesOf(value(time)), rejected: [], predictions: [[model, version]], ...counted };
}

const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);

/** Every way to be wrong that a small record can have. */
export const poison: readonly Specimen[] = [
  wrong("tombstone", "a tombstone", () => null),
  wrong("tombstone", "an empty value", () => Buffer.alloc(0)),
  wrong("bad_json", "truncated JSON", (time) => JSON.stringify(prediction(time)).slice(0, 40)),
  wrong("bad_json", "a bare NaN", (time) => `{"type":"prediction","model":"m","time":${time},"score":NaN}`),
  wrong("bad_json", "a byte order mark", (time) => `\uFEFF${JSON.stringify(prediction(time))}`),
  wrong("bad_json", "white space", () => "   "),
  wrong("bad_json", "two events in a row", (time) => `${JSON.stringify(prediction(time))}\n${JSON.stringify(prediction(time))}`),
  wrong("bad_json", "another format", () => Buffer.from([0, 0, 0, 0, 7, 2, 10, 0x66, 0x72])),
  wrong("bad_utf8", "invalid UTF-8", () => Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])),
  wrong("bad_utf8", "half a character at the end", () => Buffer.from([0x22, 0xe2, 0x82])),
  wrong("not_an_object", "a number", () => "5"),
  wrong("not_an_object", "a text", () => '"prediction"'),
  wrong("not_an_object", "null", () => "null"),
  wrong("not_an_object", "an array of arrays", () => "[[]]"),
  spoiled("bad_type", "no type", { type: undefined }),
  spoiled("bad_type", "an unknown type", { type: "toString" }),
  wrong("bad_type", "a type of an ancestor", () => '{"__proto__":{"type":"prediction","model":"m"}}'),
  spoiled("bad_model", "no model", { model: undefined }),
  spoiled("bad_model", "an empty model", { model: "" }),
  spoiled("bad_model", "a model that is a number", { model: 7 }),
  spoiled("bad_model", "a model of 129 characters", { model: "m".repeat(129) }),
  wrong("bad_model", "half a character as a model", () => '{"type":"prediction","model":"\\ud800"}'),
  spoiled("bad_version", "a version that is a number", { version: 3 }),
  spoiled("bad_id", "an id that is a number", { id: 2 ** 53 }),
  wrong("bad_id", "an outcome without id", (time) => ({ ...outcome(time), id: undefined })),
  wrong("bad_id", "a run without id", (time) => ({ ...run(time), run_id: undefined })),
  spoiled("bad_time", "a time that is not one", { time: "yesterday" }),
  spoiled("bad_time", "a time without zone", { time: "2026-11-23T08:00:00" }),
  spoiled("bad_time", "30 February", { time: "2026-02-30T08:00:00Z" }),
  wrong("bad_time", "seconds for milliseconds", (time) => prediction(Math.floor(time / 1000))),
  wrong("bad_time", "microseconds for milliseconds", (time) => prediction(time * 1000)),
  spoiled("bad_time", "an unset clock", { time: 0 }),
  spoiled("bad_time", "null for a time", { time: null }),
  wrong("future", "ten minutes ahead", (time) => prediction(time + 600_000)),
  wrong("future", "a year ahead", (time) => prediction(time + 365 * 86_400_000)),
  spoiled("bad_features", "features that are an array", { features: [1, 2] }),
  spoiled("bad_scores", "scores that are a number", { scores: 0.5 }),
  spoiled("bad_latency", "a negative latency", { latency_ms: -1 }),
  wrong("bad_latency", "an infinite latency", () => '{"type":"prediction","model":"m","latency_ms":1e400}'),
  spoiled("bad_latency", "a latency that is a text", { latency_ms: "12" }),
  spoiled("bad_status", "a status that nobody knows", { status: "meh" }),
  spoiled("bad_segment", "segments of segments", { segment: { channel: { a: 1 } } }),
  spoiled("bad_segment", "a segment that is a text", { segment: "web" }),
  spoiled("bad_weight", "a weight of 0", { weight: 0 }),
  spoiled("bad_weight", "a negative weight", { weight: -2 }),
  wrong("bad_label", "a label that is an object", (time) => ({ ...outcome(time), label: {} })),
  wrong("bad_value", "a value that is a text", (time) => ({ ...outcome(time), value: "9.99" })),
  wrong("bad_run", "a run in no state", (time) => ({ ...run(time), state: "maybe" })),
  wrong("bad_run", "a run of less than no rows", (time) => ({ ...run(time), rows: -1 })),
];

/** Valid, and made to confuse: each event has to be counted. */
export const oddities: readonly Specimen[] = [
  odd(
    "some of an array's events",
    (time) => [prediction(time), { ...prediction(time), model: 5 }, 7, outcome(time), prediction(time), null],
    {
      rejected: ["bad_model", "not_an_object", "not_an_object"],
      predictions: [
        [model, version],
        [model, version],
      ],
      outcomes: 1,
    },
  ),
  odd("an empty array", () => "[]", { predictions: [] }),
  odd("an outcome", outcome, { predictions: [], outcomes: 1 }),
  odd("a run", run, { predictions: [], runs: 1 }),
  odd("duplicate keys", (time) => `{"type":"outcome","type":"prediction","model":"once","model":"twice","time":${time}}`, {
    predictions: [["twice", "unversioned"]],
  }),
  odd(
    "__proto__ everywhere",
    (time) => `{"__proto__":{"polluted":1},"type":"prediction","model":"__proto__","version":"__proto__","time":${time},
      "features":{"__proto__":{"x":1}},"segment":{"__proto__":"a"},"scores":{"__proto__":0.5}}`,
    { predictions: [["__proto__", "__proto__"]] },
  ),
  odd(
    "names that objects inherit",
    (time) => ({
      ...prediction(time),
      model: "constructor",
      version: "toString",
      features: { hasOwnProperty: 1, valueOf: "toString", constructor: null },
    }),
    { predictions: [["constructor", "toString"]] },
  ),
  odd(
    "a name that would end its line of the page",
    (time) => ({ ...prediction(time), model: 'a"} 1\nevil{x="\\', version: "{}" }),
    { predictions: [['a"} 1\nevil{x="\\', "{}"]] },
  ),
  odd(
    "values that are none",
    (time) =>
      `{"type":"prediction","model":"${model}","version":"${version}","time":${time},"features":
      {"amount":1e400,"text":"NaN","half":"\\ud800","list":[1],"deep":{"a":{"b":1}},"none":null,"large":9007199254740993}}`,
  ),
  odd("a time of RFC 3339", (time) => ({ ...prediction(time), time: new Date(time).toISOString() })),
  odd("no time but the record's", (time) => ({ ...prediction(time), time: undefined })),
  odd("a time long past", (time) => prediction(time - 20 * 365 * 86_400_000), { late: 1 }),
];

/** Dear to look at: hundreds of kilobytes each. */
export const heavy: readonly Specimen[] = [
  wrong("too_large", "one byte more than allowed", (time) => padded(prediction(time), messageBytes + 1)),
  odd("as many bytes as allowed", (time) => padded(prediction(time), messageBytes)),
  wrong("not_an_object", "100,000 arrays inside of each other", () => nested(100_000)),
  odd("a feature of 100,000 arrays inside of each other", (time) => {
    return `{"type":"prediction","model":"${model}","version":"${version}","time":${time},"features":{"deep":${nested(100_000)}}}`;
  }),
  odd("15,000 features", (time) => ({ ...prediction(time), features: manyFeatures(15_000) })),
  wrong("bad_utf8", "invalid UTF-8 at the very end", () =>
    Buffer.concat([Buffer.alloc(messageBytes - 1, " "), Buffer.from([0xff])]),
  ),
  odd(
    "an array of a thousand events, every other one wrong",
    (time) => Array.from({ length: 1000 }, (_, index) => (index % 2 === 0 ? prediction(time) : { type: "prediction" })),
    {
      rejected: Array.from({ length: 500 }, () => "bad_model" as const),
      predictions: Array.from({ length: 500 }, () => [model, version] as const),
    },
  ),
];

/** Many times the limit: one text of 10 MB. */
export const huge: Specimen = wrong("too_large", "10 MB of one text", () => JSON.stringify("x".repeat(10_000_000)));

function padded(event: Json, bytes: number): Buffer {
  const bare = Buffer.byteLength(JSON.stringify({ ...event, note: "" }));
  return Buffer.from(JSON.stringify({ ...event, note: "x".repeat(bytes - bare) }));
}

function manyFeatures(many: number): Json {
  return Object.fromEntries(Array.from({ length: many }, (_, index) => [`f${index}`, index]));
}

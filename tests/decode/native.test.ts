// The native format: what is valid becomes an event, and every way to be wrong has its reason.
import { describe, expect, test } from "vitest";
import { native } from "../../src/decode/native.ts";
import type { Event, PredictionEvent } from "../../src/event/event.ts";
import { type RejectReason, rejectReasons } from "../../src/event/reason.ts";

const options = { messageBytes: 262_144, futureMillis: 300_000 };
const now = Date.parse("2026-11-23T08:00:00.123Z");
const good = { type: "prediction", model: "fraud", version: "3", id: "p-81", time: now, features: { amount: 12.5 } };

function decode(value: unknown, recordMillis = now): { events: Event[]; reasons: RejectReason[] } {
  const bytes =
    value === null || Buffer.isBuffer(value) ? value : Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
  const events: Event[] = [];
  const reasons: RejectReason[] = [];
  native.decode(bytes, recordMillis, options, { event: (event) => events.push(event), reject: (reason) => reasons.push(reason) });
  return { events, reasons };
}

const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);

/** Everything that was seen to go wrong in streams of JSON, with the reason under which it is counted. */
const poison: readonly (readonly [what: string, value: unknown, reason: RejectReason])[] = [
  ["a tombstone", null, "tombstone"],
  ["an empty value", Buffer.alloc(0), "tombstone"],
  ["truncated JSON", '{"type":"prediction","mo', "bad_json"],
  ["a bare NaN", '{"type":"prediction","model":"m","score":NaN}', "bad_json"],
  ["a byte order mark", `\uFEFF${JSON.stringify(good)}`, "bad_json"],
  ["white space", "   ", "bad_json"],
  [
    "invalid UTF-8",
    Buffer.concat([Buffer.from('{"type":"prediction","model":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
    "bad_utf8",
  ],
  ["a larger record than allowed", JSON.stringify({ ...good, id: "x".repeat(300_000) }), "too_large"],
  ["10 MB of one string", JSON.stringify("x".repeat(10_000_000)), "too_large"],
  ["deeply nested arrays", nested(100_000), "not_an_object"],
  ["a number", "5", "not_an_object"],
  ["a text", '"prediction"', "not_an_object"],
  ["null", "null", "not_an_object"],
  ["no type", { ...good, type: undefined }, "bad_type"],
  ["an unknown type", { ...good, type: "toString" }, "bad_type"],
  ["a type of an ancestor", '{"__proto__":{"type":"prediction","model":"m"}}', "bad_type"],
  ["no model", { ...good, model: undefined }, "bad_model"],
  ["an empty model", { ...good, model: "" }, "bad_model"],
  ["a model that is a number", { ...good, model: 7 }, "bad_model"],
  ["a model of 129 characters", { ...good, model: "m".repeat(129) }, "bad_model"],
  ["a model with half a character", '{"type":"prediction","model":"\\ud800","time":1763884800000}', "bad_model"],
  ["a version that is a number", { ...good, version: 3 }, "bad_version"],
  ["an id that is a number", { ...good, id: 2 ** 53 }, "bad_id"],
  ["an outcome without id", { type: "outcome", model: "m", time: now, label: 1 }, "bad_id"],
  ["a time that is not one", { ...good, time: "yesterday" }, "bad_time"],
  ["a time without zone", { ...good, time: "2026-11-23T08:00:00" }, "bad_time"],
  ["30 February", { ...good, time: "2026-02-30T08:00:00Z" }, "bad_time"],
  ["seconds for milliseconds", { ...good, time: now / 1000 }, "bad_time"],
  ["microseconds for milliseconds", { ...good, time: now * 1000 }, "bad_time"],
  ["an unset clock", { ...good, time: 0 }, "bad_time"],
  ["null for a time", { ...good, time: null }, "bad_time"],
  ["next year", { ...good, time: "2027-11-23T08:00:00Z" }, "future"],
  ["features that are an array", { ...good, features: [1, 2] }, "bad_features"],
  ["scores that are a number", { ...good, scores: 0.5 }, "bad_scores"],
  ["a negative latency", { ...good, latency_ms: -1 }, "bad_latency"],
  ["an infinite latency", '{"type":"prediction","model":"m","time":1763884800000,"latency_ms":1e400}', "bad_latency"],
  ["a latency that is a text", { ...good, latency_ms: "12" }, "bad_latency"],
  ["a status that nobody knows", { ...good, status: "meh" }, "bad_status"],
  ["segments of segments", { ...good, segment: { channel: { a: 1 } } }, "bad_segment"],
  ["a segment that is a text", { ...good, segment: "web" }, "bad_segment"],
  ["a weight of 0", { ...good, weight: 0 }, "bad_weight"],
  ["a negative weight", { ...good, weight: -2 }, "bad_weight"],
  ["a label that is an object", { type: "outcome", model: "m", id: "1", time: now, label: {} }, "bad_label"],
  ["a value that is a text", { type: "outcome", model: "m", id: "1", time: now, label: 1, value: "9.99" }, "bad_value"],
  ["a run in no state", { type: "run", model: "m", run_id: "1", time: now, state: "maybe" }, "bad_run"],
];

describe("poison", () => {
  test.each(poison)("%s", (_what, value, reason) => {
    expect(decode(value)).toEqual({ events: [], reasons: [reason] });
  });

  test("every reason has an example; unreadable batches are met before decoding", () => {
    const shown = new Set(poison.map(([, , reason]) => reason));
    expect(rejectReasons.filter((reason) => !shown.has(reason))).toEqual(["unreadable"]);
  });

  test("nothing reaches Object.prototype", () => {
    decode(
      '{"__proto__":{"polluted":1},"type":"prediction","model":"__proto__","time":1763884800000,"features":{"__proto__":{"x":1}}}',
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe("valid", () => {
  test("an array holds several events, each judged for itself", () => {
    const { events, reasons } = decode([good, { ...good, model: 5 }, 7, { ...good, id: "p-82" }]);
    expect(events.map((event) => (event as PredictionEvent).id)).toEqual(["p-81", "p-82"]);
    expect(reasons).toEqual(["bad_model", "not_an_object"]);
  });

  test("names that objects inherit are only names", () => {
    const [event] = decode({
      ...good,
      model: "constructor",
      version: "toString",
      features: JSON.parse('{"__proto__":1,"constructor":2}'),
    }).events;
    expect(event).toMatchObject({ model: "constructor", version: "toString" });
    expect(Object.keys((event as PredictionEvent).features ?? {})).toEqual(["__proto__", "constructor"]);
  });

  test("of duplicate keys the last one counts, as in JSON.parse", () => {
    const [event] = decode('{"type":"outcome","type":"prediction","model":"a","model":"b"}').events;
    expect(event).toMatchObject({ type: "prediction", model: "b" });
  });

  test.each([
    ["2026-11-23T08:00:00.123Z", now],
    ["2026-11-23t09:30:00.123456+01:30", now],
    ["2026-11-23 08:00:00.123Z", now],
    ["2026-11-22T23:59:60Z", Date.parse("2026-11-23T00:00:00Z")],
    [now, now],
    [now + 0.75, now],
  ])("time %s", (time, expected) => {
    expect(decode({ ...good, time }).events[0]?.timeMillis).toBe(expected);
  });

  test("every millisecond of a text is kept", () => {
    for (let millis = 0; millis < 1000; millis++) {
      const time = new Date(now - 123 + millis).toISOString();
      expect(decode({ ...good, time }, now + 1000).events[0]?.timeMillis).toBe(now - 123 + millis);
    }
  });

  test("what is absent has its default", () => {
    expect(decode({ type: "prediction", model: "m" }).events[0]).toEqual({
      type: "prediction",
      model: "m",
      version: "unversioned",
      id: "",
      timeMillis: now,
      features: null,
      score: undefined,
      scores: null,
      prediction: undefined,
      latencyMillis: Number.NaN,
      failed: false,
      segment: null,
      weight: 1,
      horizon: "",
      group: "",
      rank: Number.NaN,
    });
  });
});

describe("the label of an outcome", () => {
  const outcome = { type: "outcome", model: "shop", id: "imp-1", time: now };
  const labelOf = (more: object): unknown =>
    (decode({ ...outcome, ...more }).events[0] as { label?: unknown } | undefined)?.label;

  test.each([
    [{ label: "cat", clicked: true }, "cat"],
    [{ label: null, clicked: true }, 1],
    [{ clicked: false, ordered: true }, 0],
    [{ clicked: null, converted: true, ordered: false }, 1],
    [{ ordered: 3 }, 1],
    [{ ordered: 0 }, 0],
    [{ value: 9.9 }, undefined],
    [{ label: null }, null],
  ])("of %j is %j", (more, label) => {
    expect(labelOf(more)).toBe(label);
  });

  test.each(["yes", -1, [true], {}])("cannot follow from clicked: %j", (clicked) => {
    expect(decode({ ...outcome, clicked }).reasons).toEqual(["bad_label"]);
    expect(decode({ ...outcome, clicked, label: 1 }).reasons).toEqual([]);
  });
});

describe("outcomes that carry their prediction", () => {
  const outcome = { type: "outcome", model: "fraud", id: "p-81", time: now, label: 1 };

  test("have its score, prediction, weight and segments", () => {
    const more = { score: 0.5, prediction: "a", weight: 2, segment: { site: "north" } };
    expect(decode({ ...outcome, ...more }).events[0]).toMatchObject({ carries: true, ...more });
    expect(decode({ ...outcome, weight: 0, prediction: 1 }).reasons).toEqual(["bad_weight"]);
  });

  test("of others these fields are nobody's", () => {
    const more = { score: null, weight: "heavy", segment: [1] };
    expect(decode({ ...outcome, ...more }).events[0]).toMatchObject({ carries: false, weight: 1, segment: null });
  });
});

test.each([
  [3, "3"],
  ["1d", "1d"],
  [undefined, ""],
  [{ steps: 1 }, ""],
  ["x".repeat(200), ""],
])("the horizon %j of a prediction is %j", (horizon, read) => {
  expect(decode({ ...good, horizon }).events[0]).toMatchObject({ horizon: read });
});

// Events of other shapes: found where the mapping says, and then checked like native ones.
import { describe, expect, test } from "vitest";
import { type Mapping, mappedDecoder } from "../../src/decode/mapping.ts";
import type { Event, PredictionEvent } from "../../src/event/event.ts";

const now = Date.parse("2026-11-23T08:00:00Z");

function decode(mapping: Mapping, record: unknown): { events: Event[]; reasons: string[] } {
  const found = { events: [] as Event[], reasons: [] as string[] };
  const text = typeof record === "string" ? record : JSON.stringify(record);
  mappedDecoder(mapping).decode(
    Buffer.from(text),
    now,
    { messageBytes: 10_000, futureMillis: 300_000 },
    {
      event: (event) => found.events.push(event),
      reject: (reason) => found.reasons.push(reason),
    },
  );
  return found;
}

function prediction(mapping: Mapping, record: unknown): PredictionEvent {
  const { events, reasons } = decode(mapping, record);
  expect(reasons).toEqual([]);
  return events[0] as PredictionEvent;
}

describe("a mapping", () => {
  test("finds nested fields, constants and single features", () => {
    const mapping: Mapping = {
      model: { value: "fraud" },
      version: { path: "meta.model.version" },
      id: { path: "request.id" },
      time: { path: "meta.at", unit: "s" },
      score: { path: "out.0.p" },
      horizon: { path: "out.0.ahead" },
      latency_ms: { path: "took", unit: "us" },
      status: { path: "http", ok: [200, 201] },
      features: {
        fields: { amount: { path: "in.amt" }, "a.b": { path: "in.a\\.b" }, source: { value: "api" }, gone: { path: "in.no" } },
      },
      segment: { fields: { channel: { path: "meta.channel" } } },
    };
    const record = {
      meta: { model: { version: "7" }, at: now / 1000 - 5, channel: "web" },
      request: { id: "r-1" },
      out: [{ p: 0.75, ahead: 24 }],
      took: 12_500,
      http: 500,
      in: { amt: 3.5, "a.b": "x" },
    };
    expect(prediction(mapping, record)).toMatchObject({
      type: "prediction",
      model: "fraud",
      version: "7",
      id: "r-1",
      timeMillis: now - 5000,
      score: 0.75,
      horizon: "24",
      latencyMillis: 12.5,
      failed: true,
      segment: { channel: "web" },
    });
    const { features } = prediction(mapping, record);
    expect({ ...features }).toEqual({ amount: 3.5, "a.b": "x", source: "api" });
  });

  test("takes all features that stand at a path", () => {
    expect(prediction({ model: { path: "m" }, features: { path: "x" } }, { m: "a", x: { b: 1 } }).features).toEqual({ b: 1 });
  });

  test.each([
    ["s", now / 1000],
    ["ms", now],
    ["us", now * 1000],
    ["ns", now * 1e6],
  ] as const)("counts time in %s", (unit, value) => {
    expect(prediction({ model: { value: "m" }, time: { path: "t", unit } }, { t: value }).timeMillis).toBe(now);
  });

  test("a time as text is RFC 3339 in any unit", () => {
    expect(prediction({ model: { value: "m" }, time: { path: "t", unit: "s" } }, { t: "2026-11-23T07:59:00Z" }).timeMillis).toBe(
      now - 60_000,
    );
  });

  test("maps each event of an array, and outcomes by a constant type", () => {
    const mapping: Mapping = { type: { value: "outcome" }, model: { path: "m" }, id: { path: "i" }, label: { path: "y" } };
    const { events } = decode(mapping, [
      { m: "a", i: "1", y: 1 },
      { m: "a", i: "2", y: 0 },
    ]);
    expect(events).toMatchObject([
      { type: "outcome", id: "1", label: 1 },
      { type: "outcome", id: "2", label: 0 },
    ]);
  });

  test.each([
    ["a field that is not there", {}, "bad_model"],
    ["a field of an ancestor", '{"__proto__": {"m": "x"}}', "bad_model"],
    ["a path through a text", { m: "x", deep: "text" }, ""],
    ["what is no object", "[1]", "not_an_object"],
    ["bad JSON", "{", "bad_json"],
  ])("%s", (_what, record, reason) => {
    expect(decode({ model: { path: "m" }, id: { path: "deep.er" } }, record).reasons).toEqual(reason === "" ? [] : [reason]);
  });

  test("cannot be led to a prototype by the path or a feature's name", () => {
    const mapping: Mapping = {
      model: { value: "m" },
      id: { path: "constructor.name" },
      features: { fields: { ["__proto__"]: { value: 1 } } },
    };
    const event = prediction(mapping, {});
    expect(event.id).toBe("");
    expect(Object.keys(event.features ?? {})).toEqual(["__proto__"]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

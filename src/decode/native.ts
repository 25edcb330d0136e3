// The native format: UTF-8 JSON, one event or an array of events a record.
//
// Everything but feature values is checked here; every way to be wrong has a reason. Objects are read by fixed keys and
// handed on as JSON.parse made them, never copied: a key such as "__proto__" is then only a name.
import { isUtf8 } from "node:buffer";
import { type Event, type RunState, runStates, unversioned } from "../event/event.ts";
import type { RejectReason } from "../event/reason.ts";
import type { DecodeOptions, Decoder, Receiver } from "./decoder.ts";
import { parseTime } from "./time.ts";

/** Longer names and ids are mistakes, and would be kept. */
const longestName = 128;
const longestId = 512;
/** Longer latencies are mistakes of unit: a day. */
const longestLatencyMillis = 86_400_000;
/** Larger values of outcomes are mistakes: a thousand times a thousand billion. */
const greatestValue = 1e15;

type Json = Readonly<Record<string, unknown>>;

/** What is wrong with an event: thrown inside of this file only, so that checks read as a list. */
class Rejection {
  readonly reason: RejectReason;
  readonly detail: string;

  constructor(reason: RejectReason, detail: string) {
    this.reason = reason;
    this.detail = detail;
  }
}

export const native: Decoder = jsonDecoder("native", (json) => json);

/**
 * A decoder of JSON records.
 * @param shape an object of the record as an object of the native format
 */
export function jsonDecoder(format: string, shape: (json: Json) => Json): Decoder {
  return {
    format,
    decode(value, recordMillis, options, receiver) {
      const parsed = parse(value, options, receiver);
      if (parsed === undefined) return;
      if (!Array.isArray(parsed)) {
        decodeEvent(parsed, shape, recordMillis, options, receiver);
        return;
      }
      for (const element of parsed as unknown[]) decodeEvent(element, shape, recordMillis, options, receiver);
    },
  };
}

/** The record's JSON; undefined where it has none, which was then reported. */
function parse(value: Buffer | null, options: DecodeOptions, receiver: Receiver): unknown {
  if (value === null || value.length === 0) {
    receiver.reject("tombstone", "the record has no value");
    return undefined;
  }
  if (value.length > options.messageBytes) {
    receiver.reject("too_large", `${value.length} bytes; the limit is ${options.messageBytes}`);
    return undefined;
  }
  const text = value.toString("utf8");
  // What is not valid becomes this character, which hardly any text has: only where it is the bytes are looked at again.
  if (text.includes("\uFFFD") && !isUtf8(value)) {
    receiver.reject("bad_utf8", "not valid UTF-8");
    return undefined;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    receiver.reject("bad_json", "not valid JSON");
    return undefined;
  }
}

function decodeEvent(
  element: unknown,
  shape: (json: Json) => Json,
  recordMillis: number,
  options: DecodeOptions,
  receiver: Receiver,
): void {
  if (typeof element !== "object" || element === null || Array.isArray(element)) {
    receiver.reject("not_an_object", "an event is a JSON object");
    return;
  }
  let event: Event;
  try {
    event = toEvent(shape(element as Json), recordMillis);
    if (event.timeMillis > recordMillis + options.futureMillis) {
      throw new Rejection("future", "the event's time is after the record's timestamp");
    }
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    receiver.reject(error.reason, error.detail);
    return;
  }
  receiver.event(event);
}

function toEvent(json: Json, recordMillis: number): Event {
  switch (field(json, "type")) {
    case "prediction":
      return prediction(json, recordMillis);
    case "outcome":
      return outcome(json, recordMillis);
    case "run":
      return run(json, recordMillis);
    default:
      throw new Rejection("bad_type", "type is not prediction, outcome or run");
  }
}

function prediction(json: Json, recordMillis: number): Event {
  return {
    type: "prediction",
    model: name(json, "model", "bad_model"),
    version: version(json, unversioned),
    id: id(json, "id", ""),
    timeMillis: time(json, recordMillis),
    features: object(json, "features", "bad_features"),
    score: field(json, "score"),
    scores: object(json, "scores", "bad_scores"),
    prediction: field(json, "prediction"),
    latencyMillis: number(json, "latency_ms", 0, longestLatencyMillis, "bad_latency"),
    failed: failed(json),
    segment: segment(json),
    weight: weight(json),
  };
}

function outcome(json: Json, recordMillis: number): Event {
  const label = field(json, "label");
  if (typeof label === "object" && label !== null && !Array.isArray(label)) {
    throw new Rejection("bad_label", "label is an object");
  }
  return {
    type: "outcome",
    model: name(json, "model", "bad_model"),
    version: version(json, ""),
    id: id(json, "id", null),
    timeMillis: time(json, recordMillis),
    label,
    value: number(json, "value", -greatestValue, greatestValue, "bad_value"),
    unit: isAbsent(json, "unit") ? "" : name(json, "unit", "bad_value"),
  };
}

function run(json: Json, recordMillis: number): Event {
  const state = field(json, "state");
  if (!runStates.includes(state as RunState)) throw new Rejection("bad_run", `state is not one of ${runStates.join(", ")}`);
  return {
    type: "run",
    model: name(json, "model", "bad_model"),
    version: version(json, unversioned),
    runId: id(json, "run_id", null),
    state: state as RunState,
    timeMillis: time(json, recordMillis),
    rows: number(json, "rows", 0, Number.MAX_SAFE_INTEGER, "bad_run"),
  };
}

/**
 * A field by its fixed name. Objects inherit nothing that is called like a field, and a key "__proto__" is only a key to
 * JSON.parse, so this is a field of the object itself.
 */
function field(json: Json, key: string): unknown {
  return json[key];
}

function name(json: Json, key: string, reason: RejectReason): string {
  const value = field(json, key);
  if (typeof value !== "string" || value === "" || value.length > longestName || !value.isWellFormed()) {
    throw new Rejection(reason, `${key} is not a text of 1 to ${longestName} characters`);
  }
  return value;
}

function isAbsent(json: Json, key: string): boolean {
  const value = field(json, key);
  return value === undefined || value === null;
}

function version(json: Json, absent: string): string {
  return isAbsent(json, "version") ? absent : name(json, "version", "bad_version");
}

/** @param absent what an absent id means; null: it must be there */
function id(json: Json, key: string, absent: string | null): string {
  const value = field(json, key);
  if (value === undefined && absent !== null) return absent;
  if (typeof value !== "string" || value === "" || value.length > longestId) {
    throw new Rejection("bad_id", `${key} is not a text of 1 to ${longestId} characters`);
  }
  return value;
}

function time(json: Json, recordMillis: number): number {
  const value = field(json, "time");
  const millis = value === undefined ? recordMillis : parseTime(value);
  if (Number.isNaN(millis)) throw new Rejection("bad_time", "time is not RFC 3339 or ms since 1970, 2000 to 2099");
  return millis;
}

/** A number in [low, high]; NaN where the field is absent or null. */
function number(json: Json, key: string, low: number, high: number, reason: RejectReason): number {
  const value = field(json, key);
  if (value === undefined || value === null) return Number.NaN;
  if (typeof value !== "number" || !(value >= low && value <= high)) {
    throw new Rejection(reason, `${key} is not a number from ${low} to ${high}`);
  }
  return value;
}

function object(json: Json, key: string, reason: RejectReason): Json | null {
  const value = field(json, key);
  if (value === undefined || value === null) return null;
  if (typeof value !== "object" || Array.isArray(value)) throw new Rejection(reason, `${key} is not an object`);
  return value as Json;
}

function failed(json: Json): boolean {
  const status = field(json, "status");
  if (status === undefined || status === null || status === "ok") return false;
  if (status === "error") return true;
  throw new Rejection("bad_status", "status is not ok or error");
}

function segment(json: Json): Json | null {
  const segments = object(json, "segment", "bad_segment");
  if (segments === null) return null;
  for (const key in segments) {
    const value = segments[key];
    if (typeof value === "object") throw new Rejection("bad_segment", "a segment's value is not a text, number or boolean");
  }
  return segments;
}

function weight(json: Json): number {
  const value = number(json, "weight", 0, Number.MAX_VALUE, "bad_weight");
  if (value === 0) throw new Rejection("bad_weight", "weight is 0");
  return Number.isNaN(value) ? 1 : value;
}

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

/** The fields that events may have, whatever is in them. */
type Fields = {
  readonly [Name in
    | "type"
    | "model"
    | "version"
    | "id"
    | "run_id"
    | "time"
    | "features"
    | "score"
    | "scores"
    | "prediction"
    | "latency_ms"
    | "status"
    | "segment"
    | "weight"
    | "horizon"
    | "label"
    | "clicked"
    | "converted"
    | "ordered"
    | "value"
    | "unit"
    | "state"
    | "rows"]?: unknown;
};

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

/**
 * Fields are read by their fixed names: the engine finds them where they were in the events before, many times faster than by
 * a name that it is handed. Objects inherit nothing that is called like a field, and a key "__proto__" is only a key to
 * JSON.parse, so these are fields of the object itself.
 */
function toEvent(json: Fields, recordMillis: number): Event {
  switch (json.type) {
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

function prediction(json: Fields, recordMillis: number): Event {
  return {
    type: "prediction",
    model: name(json.model, "model", "bad_model"),
    version: version(json.version, unversioned),
    id: id(json.id, "id", ""),
    timeMillis: time(json.time, recordMillis),
    features: object(json.features, "features", "bad_features"),
    score: json.score,
    scores: object(json.scores, "scores", "bad_scores"),
    prediction: json.prediction,
    latencyMillis: number(json.latency_ms, "latency_ms", 0, longestLatencyMillis, "bad_latency"),
    failed: failed(json.status),
    segment: segment(json.segment),
    weight: weight(json.weight),
    horizon: horizon(json.horizon),
  };
}

/** A number or a text; what is neither, or too long, says nothing. */
function horizon(value: unknown): string {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value.length <= longestName ? value.toWellFormed() : "";
}

function outcome(json: Fields, recordMillis: number): Event {
  const carries = !isAbsent(json.score) || !isAbsent(json.prediction);
  return {
    type: "outcome",
    model: name(json.model, "model", "bad_model"),
    version: version(json.version, ""),
    id: id(json.id, "id", null),
    timeMillis: time(json.time, recordMillis),
    label: label(json),
    value: number(json.value, "value", -greatestValue, greatestValue, "bad_value"),
    unit: isAbsent(json.unit) ? "" : name(json.unit, "unit", "bad_value"),
    carries,
    score: json.score,
    prediction: json.prediction,
    weight: carries ? weight(json.weight) : 1,
    segment: carries ? segment(json.segment) : null,
  };
}

/** The label; of an outcome that has none, whether the prediction was clicked, else converted, else ordered: 1 or 0. */
function label(json: Fields): unknown {
  const { label } = json;
  if (typeof label === "object" && label !== null && !Array.isArray(label)) {
    throw new Rejection("bad_label", "label is an object");
  }
  if (!isAbsent(label)) return label;
  return happened(json.clicked, "clicked") ?? happened(json.converted, "converted") ?? happened(json.ordered, "ordered") ?? label;
}

/** True and false, or how often; null where nothing is said. */
function happened(value: unknown, key: string): 0 | 1 | null {
  if (isAbsent(value)) return null;
  if (typeof value !== "boolean" && !(typeof value === "number" && value >= 0)) {
    throw new Rejection("bad_label", `${key} is not true, false or a number from 0 on`);
  }
  return Number(value) > 0 ? 1 : 0;
}

function run(json: Fields, recordMillis: number): Event {
  const state = json.state;
  if (!runStates.includes(state as RunState)) throw new Rejection("bad_run", `state is not one of ${runStates.join(", ")}`);
  return {
    type: "run",
    model: name(json.model, "model", "bad_model"),
    version: version(json.version, unversioned),
    runId: id(json.run_id, "run_id", null),
    state: state as RunState,
    timeMillis: time(json.time, recordMillis),
    rows: number(json.rows, "rows", 0, Number.MAX_SAFE_INTEGER, "bad_run"),
  };
}

function name(value: unknown, key: string, reason: RejectReason): string {
  if (typeof value !== "string" || value === "" || value.length > longestName || !value.isWellFormed()) {
    throw new Rejection(reason, `${key} is not a text of 1 to ${longestName} characters`);
  }
  return value;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function version(value: unknown, absent: string): string {
  return isAbsent(value) ? absent : name(value, "version", "bad_version");
}

/** @param absent what an absent id means; null: it must be there */
function id(value: unknown, key: string, absent: string | null): string {
  if (value === undefined && absent !== null) return absent;
  if (typeof value !== "string" || value === "" || value.length > longestId) {
    throw new Rejection("bad_id", `${key} is not a text of 1 to ${longestId} characters`);
  }
  return value;
}

function time(value: unknown, recordMillis: number): number {
  const millis = value === undefined ? recordMillis : parseTime(value);
  if (Number.isNaN(millis)) throw new Rejection("bad_time", "time is not RFC 3339 or ms since 1970, 2000 to 2099");
  return millis;
}

/** A number in [low, high]; NaN where the field is absent or null. */
function number(value: unknown, key: string, low: number, high: number, reason: RejectReason): number {
  if (value === undefined || value === null) return Number.NaN;
  if (typeof value !== "number" || !(value >= low && value <= high)) {
    throw new Rejection(reason, `${key} is not a number from ${low} to ${high}`);
  }
  return value;
}

function object(value: unknown, key: string, reason: RejectReason): Json | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== "object" || Array.isArray(value)) throw new Rejection(reason, `${key} is not an object`);
  return value as Json;
}

function failed(status: unknown): boolean {
  if (status === undefined || status === null || status === "ok") return false;
  if (status === "error") return true;
  throw new Rejection("bad_status", "status is not ok or error");
}

function segment(value: unknown): Json | null {
  const segments = object(value, "segment", "bad_segment");
  if (segments === null) return null;
  for (const key in segments) {
    const value = segments[key];
    if (typeof value === "object") throw new Rejection("bad_segment", "a segment's value is not a text, number or boolean");
  }
  return segments;
}

function weight(value: unknown): number {
  const weighs = number(value, "weight", 0, Number.MAX_VALUE, "bad_weight");
  if (weighs === 0) throw new Rejection("bad_weight", "weight is 0");
  return Number.isNaN(weighs) ? 1 : weighs;
}

// Simulated streams for tests, and what their records say.
import { native } from "../../src/decode/native.ts";
import type { Event } from "../../src/event/event.ts";
import { type SimulatedRecord, type StreamOptions, simulatedRecords } from "../../src/source/simulator.ts";

export const minute = 60_000;
export const hour = 60 * minute;
/** A Monday. */
export const origin = Date.parse("2026-11-23T06:00:00Z");
export const plain: StreamOptions = { seed: 81, originMillis: origin, incidents: [] };

/** What an event says, by its keys. */
export interface Said {
  readonly type: "prediction" | "outcome" | "run";
  readonly model: string;
  readonly version: string;
  readonly id: string;
  readonly time: string;
  readonly features: Readonly<Record<string, unknown>>;
  readonly score?: number;
  readonly prediction?: number;
  readonly latency_ms: number;
  readonly status: string;
  readonly group: string;
  readonly rank: number;
  readonly horizon: string;
  readonly label?: number;
  readonly source: string;
  readonly clicked?: boolean;
  readonly ordered?: boolean;
  readonly value: number;
  readonly unit: string;
  readonly run_id: string;
  readonly state: string;
  readonly rows?: number;
}

export interface Told extends Said {
  readonly millis: number;
  readonly record: SimulatedRecord;
}

/** Of the records of [from, to). */
export function* told(options: StreamOptions, fromMillis: number, toMillis: number): Generator<Told> {
  for (const record of simulatedRecords(options, fromMillis, toMillis)) {
    const said = JSON.parse(record.value.toString()) as Said;
    yield { ...said, millis: Date.parse(said.time), record };
  }
}

/** Everything there is to know of a record, as a text. */
export function lineOf({ topic, partition, offset, timeMillis, value }: SimulatedRecord): string {
  return `${topic}/${partition}@${offset} ${timeMillis} ${value}`;
}

/** The event of a record as the exporter decodes it, or why it is none. No event may be later than its record. */
export function decoded({ value, timeMillis }: SimulatedRecord): Event | string {
  const found: (Event | string)[] = [];
  const options = { messageBytes: 10_000, futureMillis: 0 };
  native.decode(value, timeMillis, options, {
    event: (event) => found.push(event),
    reject: (reason, detail) => found.push(`${reason}: ${detail}`),
  });
  return found.length === 1 ? (found[0] as Event | string) : `${found.length} events`;
}

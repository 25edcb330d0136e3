// The contract of a wire format: a pure function from a record's bytes to events or reasons. It knows no model.
import type { Event } from "../event/event.ts";
import type { RejectReason } from "../event/reason.ts";

/** Takes what a record holds, in order. */
export interface Receiver {
  event(event: Event): void;
  /** An event, or the whole record, is not one. `detail` says what is wrong, without quoting the payload. */
  reject(reason: RejectReason, detail: string): void;
}

export interface DecodeOptions {
  /** Larger records are rejected unread. */
  readonly messageBytes: number;
  /** An event later than its record's timestamp by more than this is rejected: its clock is wrong. */
  readonly futureMillis: number;
}

export interface Decoder {
  /** The name by which the configuration asks for it. */
  readonly format: string;
  /** @param recordMillis the record's own timestamp, NaN where the source has none */
  decode(value: Buffer | null, recordMillis: number, options: DecodeOptions, receiver: Receiver): void;
}

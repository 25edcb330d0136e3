// The client's messages as a batch of the source contract: offsets and timestamps are read once, on demand.
import type { Log, RecordBatch } from "../source.ts";
import type { UnreadableMark } from "./patches.ts";

/** A message as the client hands it over, or a mark for some that could not be read. */
export interface Message {
  readonly offset: string;
  readonly timestamp: string;
  readonly value: Buffer | null;
  readonly unreadable?: UnreadableMark;
}

export class MessageBatch implements RecordBatch {
  readonly log: Log;
  readonly firstOffset: number;
  readonly nextOffset: number;
  readonly endOffset: number;
  readonly #messages: readonly Message[];

  constructor(log: Log, messages: readonly Message[], firstOffset: number, nextOffset: number, endOffset: number) {
    this.log = log;
    this.#messages = messages;
    this.firstOffset = firstOffset;
    this.nextOffset = nextOffset;
    this.endOffset = endOffset;
  }

  get length(): number {
    return this.#messages.length;
  }

  value(index: number): Buffer | null {
    return (this.#messages[index] as Message).value;
  }

  offset(index: number): number {
    return Number((this.#messages[index] as Message).offset);
  }

  timeMillis(index: number): number {
    const millis = Number((this.#messages[index] as Message).timestamp);
    // Producers of the oldest format send none: -1.
    return millis < 0 ? Number.NaN : millis;
  }
}

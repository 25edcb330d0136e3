// The client's messages as a batch of the source contract. A message stands for all records of a batch as it came over
// the wire, or for one record.
import type { Log, RecordBatch } from "../source.ts";
import type { UnreadableMark } from "./patches.ts";
import type { Records } from "./records.ts";

/** A message as the client hands it over, with what our patches have made of it. */
export interface Message {
  readonly offset: string;
  readonly timestamp: string;
  readonly value: Buffer | null;
  /** The records that it stands for; absent where it is one itself. */
  readonly records?: Records;
  /** It stands for records that could not be read. */
  readonly unreadable?: UnreadableMark;
}

export class MessageBatch implements RecordBatch {
  readonly log: Log;
  readonly length: number;
  readonly firstOffset: number;
  readonly nextOffset: number;
  readonly endOffset: number;
  readonly #parts: readonly Records[];
  /** Records at the beginning that are of before `firstOffset`: batches are fetched whole. */
  readonly #skipped: number;
  /** The part that was looked at last: records are read one after another. */
  #part = 0;
  /** Records before that part. */
  #before = 0;

  constructor(log: Log, messages: readonly Message[], firstOffset: number, nextOffset: number, endOffset: number) {
    this.log = log;
    this.#parts = messages.map((message) => message.records ?? new SingleRecord(message));
    this.firstOffset = firstOffset;
    this.nextOffset = nextOffset;
    this.endOffset = endOffset;
    const total = this.#parts.reduce((sum, part) => sum + part.length, 0);
    let skipped = 0;
    while (skipped < total && this.#partOf(skipped).offset(skipped - this.#before) < firstOffset) skipped += 1;
    this.#skipped = skipped;
    this.length = total - skipped;
  }

  value(index: number): Buffer | null {
    const at = index + this.#skipped;
    return this.#partOf(at).value(at - this.#before);
  }

  offset(index: number): number {
    const at = index + this.#skipped;
    return this.#partOf(at).offset(at - this.#before);
  }

  timeMillis(index: number): number {
    const at = index + this.#skipped;
    return this.#partOf(at).timeMillis(at - this.#before);
  }

  #partOf(index: number): Records {
    if (index < this.#before) {
      this.#part = 0;
      this.#before = 0;
    }
    let part = this.#parts[this.#part] as Records;
    while (index >= this.#before + part.length) {
      this.#before += part.length;
      this.#part += 1;
      part = this.#parts[this.#part] as Records;
    }
    return part;
  }
}

class SingleRecord implements Records {
  readonly length = 1;
  readonly #message: Message;

  constructor(message: Message) {
    this.#message = message;
  }

  value(): Buffer | null {
    return this.#message.value;
  }

  offset(): number {
    return Number(this.#message.offset);
  }

  timeMillis(): number {
    const millis = Number(this.#message.timestamp);
    // Producers of the oldest format send none: -1.
    return millis < 0 ? Number.NaN : millis;
  }
}

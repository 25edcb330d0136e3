// One log of the simulator as it is handed over: where it stands, what is due, whether it is paused.
import type { Log, LogBounds, RecordBatch, Start } from "../source.ts";
import type { Draft } from "./draft-heap.ts";

/** The records of a log, one after another. */
export interface RecordReader {
  /** Offset of the record that is read next. */
  readonly next: number;
  /** Timestamp of the record that is read next; Infinity where there is none. */
  readonly nextMillis: number;
  read(): Draft;
}

export type OpenReader = (log: Log) => RecordReader;

/** Records skipped before others get a turn. */
const skippedAtOnce = 5000;
/** A log is read so far before another one has its turn. */
const stretchMillis = 120_000;
const stretchRecords = 1000;

export class LogFeed {
  readonly log: Log;
  paused = false;
  /** Records before the end that were read when reading began. */
  firstEnd = 0;
  readonly #reader: RecordReader;
  /** Reads ahead as far as records are due, whether the log is paused or not: it tells where the log ends. */
  readonly #counter: RecordReader;
  #start: Start = { offset: 0 };
  /** Where reading begins is known only when the first record that is not too old was found. */
  #placed = true;

  constructor(log: Log, open: OpenReader) {
    this.log = log;
    this.#reader = open(log);
    this.#counter = open(log);
  }

  /** Counts records before a time, some of them. @returns whether there may be more */
  count(untilMillis: number): boolean {
    return skip(this.#counter, untilMillis, Number.POSITIVE_INFINITY);
  }

  get bounds(): LogBounds {
    return { low: 0, end: this.#counter.next };
  }

  begin(start: Start): void {
    this.#start = start;
    this.#placed = "offset" in start;
    this.firstEnd = this.#counter.next;
  }

  /** Timestamp of the record that is read next. */
  get nextMillis(): number {
    return this.#reader.nextMillis;
  }

  /** How many records were read, or skipped where reading began later. */
  get position(): number {
    return this.#reader.next;
  }

  /** Whether there is something to take of what is before a time. */
  isDue(dueMillis: number): boolean {
    return !this.#placed || this.nextMillis < dueMillis;
  }

  /** A stretch of the next records before a time; null where only those were skipped that were not asked for. */
  take(dueMillis: number): RecordBatch | null {
    const start = this.#start;
    const [toMillis, toOffset] = "offset" in start ? [dueMillis, start.offset] : [start.timeMillis, Number.POSITIVE_INFINITY];
    if (skip(this.#reader, Math.min(dueMillis, toMillis), toOffset)) return null;
    const first = this.#reader.next;
    const untilMillis = Math.min(dueMillis, this.nextMillis + stretchMillis);
    const drafts: Draft[] = [];
    while (drafts.length < stretchRecords && this.nextMillis < untilMillis) drafts.push(this.#reader.read());
    if (drafts.length === 0 && this.#placed) return null;
    // The first batch after a start by time tells where that is, even if it is empty. From there on all is read.
    if (!this.#placed) this.#start = { offset: first };
    this.#placed = true;
    return new DraftBatch(this.log, first, drafts, Math.max(this.#counter.next, this.#reader.next));
  }
}

/** Reads over records before a time and an offset, some of them. @returns whether there may be more */
function skip(reader: RecordReader, timeMillis: number, offset: number): boolean {
  for (let skipped = 0; skipped < skippedAtOnce; skipped++) {
    if (reader.next >= offset || reader.nextMillis >= timeMillis) return false;
    reader.read();
  }
  return true;
}

class DraftBatch implements RecordBatch {
  readonly log: Log;
  readonly firstOffset: number;
  readonly endOffset: number;
  readonly #drafts: readonly Draft[];

  constructor(log: Log, firstOffset: number, drafts: readonly Draft[], endOffset: number) {
    this.log = log;
    this.firstOffset = firstOffset;
    this.endOffset = endOffset;
    this.#drafts = drafts;
  }

  get length(): number {
    return this.#drafts.length;
  }

  get nextOffset(): number {
    return this.firstOffset + this.#drafts.length;
  }

  value(index: number): Buffer {
    return Buffer.from((this.#drafts[index] as Draft).text());
  }

  offset(index: number): number {
    return this.firstOffset + index;
  }

  timeMillis(index: number): number {
    return (this.#drafts[index] as Draft).timeMillis;
  }
}

// Records in memory as a source, handed over when they are asked for: for tests of whatever folds a source's records.
import { type GapReason, type Log, logKey, type RecordBatch, type Sink, type Source, type SourceStatus } from "./source.ts";

export interface MemoryRecord {
  readonly value: Buffer | null;
  readonly timeMillis: number;
}

interface MemoryLog {
  readonly log: Log;
  records: MemoryRecord[];
  /** Offset of the first of `records`. */
  low: number;
  next: number;
  paused: boolean;
}

export class MemorySource implements Source {
  /** Failed exchanges by kind. */
  readonly errors = new Map<string, number>();
  /** What `status` says; tests change it. */
  state: { up: boolean; assigned: boolean; problems: string[] } = { up: true, assigned: true, problems: [] };
  readonly committed = new Map<string, number>();
  readonly #logs = new Map<string, MemoryLog>();
  #sink: Sink | null = null;

  /** A log that exists from the start, or appears later. */
  add(log: Log): void {
    this.#logs.set(logKey(log), { log, records: [], low: 0, next: 0, paused: false });
    if (this.#sink !== null) this.#place(this.#of(log), this.#sink);
  }

  /** Writes records to a log's end; nobody is told before `deliver` or `look`. */
  append(log: Log, values: readonly (string | Buffer | null)[], timeMillis = Number.NaN): void {
    const { records } = this.#of(log);
    for (const value of values) records.push({ value: typeof value === "string" ? Buffer.from(value) : value, timeMillis });
  }

  async start(sink: Sink): Promise<void> {
    this.#sink = sink;
    for (const log of this.#logs.values()) this.#place(log, sink);
  }

  #place(memory: MemoryLog, sink: Sink): void {
    const bounds = { low: memory.low, end: memory.low + memory.records.length };
    const start = sink.start(memory.log, bounds);
    const timed = (millis: number): number => memory.low + memory.records.filter((record) => record.timeMillis < millis).length;
    memory.next = "offset" in start ? start.offset : timed(start.timeMillis);
    if (!("offset" in start)) void sink.batch(this.#batch(memory, 0));
  }

  /** Hands over at most so many records of a log, unless it is paused. @returns how many */
  async deliver(log: Log, most = Number.POSITIVE_INFINITY): Promise<number> {
    const memory = this.#of(log);
    if (this.#sink === null || memory.paused) return 0;
    const length = Math.min(most, memory.low + memory.records.length - memory.next);
    const batch = this.#batch(memory, length);
    memory.next += length;
    await this.#sink.batch(batch);
    return length;
  }

  /** Tells what every log holds, as a real source does now and then. */
  look(): void {
    for (const { log, low, records } of this.#logs.values()) this.#sink?.bounds(log, { low, end: low + records.length });
  }

  /** Deletes the oldest records, read or not. */
  deleteBefore(log: Log, offset: number): void {
    const memory = this.#of(log);
    memory.records = memory.records.slice(offset - memory.low);
    memory.low = offset;
    if (this.#sink !== null && memory.next < offset) this.#place(memory, this.#sink);
  }

  /** Says that records cannot be read, and goes on after them. */
  skip(log: Log, count: number, reason: GapReason): void {
    const memory = this.#of(log);
    this.#sink?.gap(log, memory.next, memory.next + count, reason, "for a test");
    memory.next += count;
  }

  /** Says that there is no more. */
  end(): void {
    this.#sink?.ended();
  }

  isPaused(log: Log): boolean {
    return this.#of(log).paused;
  }

  pause(log: Log): void {
    this.#of(log).paused = true;
  }

  resume(log: Log): void {
    this.#of(log).paused = false;
  }

  async commit(positions: ReadonlyMap<Log, number>): Promise<void> {
    for (const [log, offset] of positions) this.committed.set(logKey(log), offset);
  }

  status(): SourceStatus {
    return { ...this.state, rebuilds: 0, errors: this.errors };
  }

  async stop(): Promise<void> {
    this.#sink = null;
  }

  #of(log: Log): MemoryLog {
    const memory = this.#logs.get(logKey(log));
    if (memory === undefined) throw new Error(`no log ${logKey(log)}`);
    return memory;
  }

  #batch({ log, records, low, next }: MemoryLog, length: number): RecordBatch {
    const taken = records.slice(next - low, next - low + length);
    const at = (index: number): MemoryRecord => taken[index] as MemoryRecord;
    return {
      log,
      length,
      firstOffset: next,
      nextOffset: next + length,
      endOffset: low + records.length,
      value: (index) => at(index).value,
      offset: (index) => next + index,
      timeMillis: (index) => at(index).timeMillis,
    };
  }
}

// The simulator's streams as a source that hands over what is due when it is told to, and not before: time is what its caller says.
// It outlives the exporters that read it one after another.
import { type SimulatedRecord, type StreamOptions, simulatedLogs, simulatedRecords } from "../src/source/simulator.ts";
import { type Log, logKey, type RecordBatch, type Sink, type Source, type SourceStatus } from "../src/source/source.ts";

const status: SourceStatus = { up: true, problems: [], assigned: true, rebuilds: 0, errors: new Map() };

export class DueStreams implements Source {
  readonly #records: Iterator<SimulatedRecord>;
  #next: SimulatedRecord | undefined;
  readonly #ends = new Map(simulatedLogs.map((log) => [logKey(log), 0]));
  #sink: Sink | null = null;

  constructor(streams: StreamOptions) {
    this.#records = simulatedRecords(streams, streams.originMillis, Number.POSITIVE_INFINITY);
    this.#next = this.#read();
  }

  /** Reads over what an exporter has read already that went before. */
  skipUntil(millis: number): void {
    for (const _ of this.#due(millis));
  }

  /** Hands over the records before a time, a batch for each log that has some; then says what each log holds. */
  async deliver(untilMillis: number): Promise<void> {
    const byLog = Map.groupBy(this.#due(untilMillis), logKey);
    for (const log of simulatedLogs) {
      const records = byLog.get(logKey(log));
      if (records !== undefined) await this.#sink?.batch(new DueBatch(log, records));
    }
  }

  /** As a real source does every second. */
  look(): void {
    for (const log of simulatedLogs) this.#sink?.bounds(log, { low: 0, end: this.#endOf(log) });
  }

  *#due(untilMillis: number): Generator<SimulatedRecord> {
    while (this.#next !== undefined && this.#next.timeMillis < untilMillis) {
      this.#ends.set(logKey(this.#next), this.#next.offset + 1);
      yield this.#next;
      this.#next = this.#read();
    }
  }

  #read(): SimulatedRecord | undefined {
    const { done, value } = this.#records.next();
    return done === true ? undefined : value;
  }

  #endOf(log: Log): number {
    return this.#ends.get(logKey(log)) as number;
  }

  async start(sink: Sink): Promise<void> {
    this.#sink = sink;
    for (const log of simulatedLogs) {
      const start = sink.start(log, { low: 0, end: this.#endOf(log) });
      const isNext = "offset" in start && start.offset === this.#endOf(log);
      if (!isNext)
        throw new Error(`${logKey(log)}: the state goes on at ${JSON.stringify(start)}, the stream at ${this.#endOf(log)}`);
    }
  }

  async stop(): Promise<void> {
    this.#sink = null;
  }

  // Logs that are read in the order of time are never far ahead of each other.
  pause(log: Log): void {
    throw new Error(`${logKey(log)} runs ahead`);
  }

  resume(): void {}

  async commit(): Promise<void> {}

  status(): SourceStatus {
    return status;
  }
}

class DueBatch implements RecordBatch {
  readonly log: Log;
  readonly #records: readonly SimulatedRecord[];

  constructor(log: Log, records: readonly SimulatedRecord[]) {
    this.log = log;
    this.#records = records;
  }

  get length(): number {
    return this.#records.length;
  }

  get firstOffset(): number {
    return this.#at(0).offset;
  }

  get nextOffset(): number {
    return this.firstOffset + this.length;
  }

  get endOffset(): number {
    return this.nextOffset;
  }

  value(index: number): Buffer {
    return this.#at(index).value;
  }

  offset(index: number): number {
    return this.#at(index).offset;
  }

  timeMillis(index: number): number {
    return this.#at(index).timeMillis;
  }

  #at(index: number): SimulatedRecord {
    return this.#records[index] as SimulatedRecord;
  }
}

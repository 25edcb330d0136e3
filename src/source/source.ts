// The contract between a source of records (Kafka, files, memory) and whoever folds them.
// A source hands over raw records of the logs it owns; it decodes nothing and keeps no state that must survive it.

/** A log: an ordered sequence of records with offsets, such as one partition of a Kafka topic. */
export interface Log {
  readonly topic: string;
  readonly partition: number;
}

/** What a log holds now: offsets `low` (inclusive) to `end` (exclusive), as far as it may be read: not into open transactions. */
export interface LogBounds {
  readonly low: number;
  readonly end: number;
}

/** Where reading a log begins: at an offset, or at the first record not older than a time (ms since the epoch). */
export type Start = { readonly offset: number } | { readonly timeMillis: number };

/**
 * Consecutive records of one log. Offsets may have holes (compaction, transaction markers), so `nextOffset` can be
 * beyond the last record's offset + 1. Accessors take an index in [0, length) and are valid during `Sink.batch` only.
 */
export interface RecordBatch {
  readonly log: Log;
  readonly length: number;
  /** Offset of the first slot that this batch covers. */
  readonly firstOffset: number;
  /** Where reading continues after this batch. */
  readonly nextOffset: number;
  /** End of the log as last seen by the source. */
  readonly endOffset: number;
  /** The record's bytes; null is a tombstone. */
  value(index: number): Buffer | null;
  offset(index: number): number;
  /** The record's own timestamp in ms since the epoch; NaN where the source has none. */
  timeMillis(index: number): number;
}

/** Why a stretch of offsets was never handed over. */
export type GapReason = "deleted" | "recreated" | "unreadable";

/** The receiving side. All calls come from one thread and never overlap for the same log. */
export interface Sink {
  /**
   * A log is about to be read: says where to begin. Called when a log is first owned, owned again, or when the source
   * finds its position outside of `bounds` (retention deleted records; the topic was re-created). The sink compares
   * `bounds` with its own position and counts what it lost.
   */
  start(log: Log, bounds: LogBounds): Start;
  /** Takes a batch; the source reads on when the promise settles (that is the back-pressure). Must not reject. */
  batch(batch: RecordBatch): Promise<void>;
  /** What the log holds now; called at least every few seconds for every owned log, also when nothing is written. */
  bounds(log: Log, bounds: LogBounds): void;
  /** Records [from, to) exist but cannot be read (corrupt batch, unknown codec); reading goes on at `to`. */
  gap(log: Log, from: number, to: number, reason: GapReason, detail: string): void;
  /** A log is no longer owned. */
  revoked(log: Log): void;
  /** A finite source (file, memory) has handed over everything there is. */
  ended(): void;
}

/** How a source is doing, for readiness, the page and the log; plain data, cheap to ask for. */
export interface SourceStatus {
  /** Whether the last exchange with the system behind the source succeeded recently. */
  readonly up: boolean;
  /** In words, what is wrong or what it waits for; empty when all is well. */
  readonly problems: readonly string[];
  /** Whether every configured topic exists and its logs were started. */
  readonly assigned: boolean;
  /** How often the client was rebuilt after it failed or fell silent. */
  readonly rebuilds: number;
  /** Failed exchanges by kind of error (a short fixed vocabulary, usable as a label value). */
  readonly errors: ReadonlyMap<string, number>;
}

export interface Source {
  /** Begins to read; resolves when reading is under way or being retried, rejects only on a configuration mistake. */
  start(sink: Sink): Promise<void>;
  /** Stops handing over this log's records until `resume`; idempotent. Records already handed over stay so. */
  pause(log: Log): void;
  resume(log: Log): void;
  /** Tells the system behind the source how far was durably read (lag tools show it); never throws. */
  commit(positions: ReadonlyMap<Log, number>): Promise<void>;
  status(): SourceStatus;
  /** Ends reading; when it resolves no more calls reach the sink. Bounded in time (at most about 5 s). */
  stop(): Promise<void>;
}

/** One text per log, usable as a map key and in messages. */
export function logKey(log: Log): string {
  return `${log.topic}/${log.partition}`;
}

// How far a log was folded, and how far it has closed event time: its watermark.
import type { RejectReason } from "../event/reason.ts";
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { compareText } from "../primitive/dictionary.ts";
import { minuteMillis } from "../window/resolution.ts";

/** A log's watermark is its k-th greatest event time: fewer wrong clocks than that move nothing. */
export const watermarkRank = 5;

/** Why an event came too late for its pane: its own log had closed it, or the frontier went on without its log. */
export const lateReasons = ["log", "frontier", "ahead"] as const;
export type LateReason = (typeof lateReasons)[number];
export type EventType = "prediction" | "outcome" | "run";

export class LogState {
  readonly topic: string;
  readonly partition: number;
  latenessMillis: number;
  /** Offset of the next record to fold. */
  next = 0;
  /** Panes that end at or before this are closed for the log; NaN until its watermark is known. */
  closedMillis = Number.NaN;
  /** Left out of the frontier: idle, left behind or new, until it has caught up with it. */
  excluded = false;
  /** Records that were lost to retention, to a re-created topic or because they cannot be read. */
  gapRecords = 0;
  /** How often the log was found to be another one than before: its topic was created anew. */
  recreations = 0;
  readonly rejected = new Map<RejectReason, number>();
  readonly late = new Map<LateReason, number>();
  readonly events = new Map<EventType, number>();
  /** The greatest event times, ascending; at most `watermarkRank`. */
  readonly #greatest: number[] = [];

  constructor(topic: string, partition: number, latenessMillis: number) {
    this.topic = topic;
    this.partition = partition;
    this.latenessMillis = latenessMillis;
  }

  /** The greatest event time of all; -Infinity before the first. */
  get latestMillis(): number {
    return this.#greatest.at(-1) ?? Number.NEGATIVE_INFINITY;
  }

  /** The greatest event time that is not later than a limit; -Infinity if there is none. */
  latestUpTo(limitMillis: number): number {
    return this.#greatest.findLast((time) => time <= limitMillis) ?? Number.NEGATIVE_INFINITY;
  }

  /** Takes an event's time into the watermark. */
  see(timeMillis: number): void {
    const greatest = this.#greatest;
    // By hand, as this is done for every event: in its place among those that stay, the least of them drops out.
    let at = greatest.length;
    if (at < watermarkRank) {
      for (; at > 0 && (greatest[at - 1] as number) > timeMillis; at--) greatest[at] = greatest[at - 1] as number;
      greatest[at] = timeMillis;
    } else {
      if (timeMillis <= (greatest[0] as number)) return;
      for (at = 1; at < watermarkRank && (greatest[at] as number) < timeMillis; at++) greatest[at - 1] = greatest[at] as number;
      greatest[at - 1] = timeMillis;
    }
    if (greatest.length < watermarkRank) return;
    const closed = Math.floor(((greatest[0] as number) - this.latenessMillis) / minuteMillis) * minuteMillis;
    if (!(closed <= this.closedMillis)) this.closedMillis = closed;
  }

  reject(reason: RejectReason): void {
    count(this.rejected, reason);
  }

  encode(writer: Writer): void {
    writer.text(this.topic);
    writer.unsigned(this.partition);
    writer.unsigned(this.next);
    writer.float(this.closedMillis);
    writer.boolean(this.excluded);
    writer.unsigned(this.gapRecords);
    writer.unsigned(this.recreations);
    for (const counts of [this.rejected, this.late, this.events]) encodeCounts(counts, writer);
    writeAll(writer, this.#greatest, (time) => writer.float(time));
  }

  static decode(reader: Reader): LogState {
    const log = new LogState(reader.text(), reader.unsigned(), 0);
    log.next = reader.unsigned();
    log.closedMillis = reader.float();
    log.excluded = reader.boolean();
    log.gapRecords = reader.unsigned();
    log.recreations = reader.unsigned();
    for (const counts of [log.rejected, log.late, log.events]) decodeCounts(counts, reader);
    log.#greatest.push(...readAll(reader, () => reader.float()));
    return log;
  }
}

/** Adds one to a named count. */
export function count<Name>(counts: Map<Name, number>, name: Name, by = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + by);
}

export function encodeCounts(counts: ReadonlyMap<string, number>, writer: Writer): void {
  writeAll(
    writer,
    [...counts].sort(([a], [b]) => compareText(a, b)),
    ([name, value]) => {
      writer.text(name);
      writer.unsigned(value);
    },
  );
}

export function decodeCounts<Name extends string>(counts: Map<Name, number>, reader: Reader): void {
  for (const [name, value] of readAll(reader, () => [reader.text(), reader.unsigned()] as const)) {
    counts.set(name as Name, value);
  }
}

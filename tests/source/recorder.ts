// A sink that writes down what reaches it and holds it against the contract: whatever is wrong is a fault.
import type { GapReason, Log, LogBounds, RecordBatch, Sink, Start } from "../../src/source/source.ts";
import { logKey } from "../../src/source/source.ts";

export interface Recorded {
  readonly offset: number;
  readonly value: Buffer | null;
  readonly timeMillis: number;
}

export interface Gap {
  readonly key: string;
  readonly from: number;
  readonly to: number;
  readonly reason: GapReason;
  readonly detail: string;
}

/** Where a log is begun; by default where it stands, or where it begins now if that is gone. */
export type Begin = (log: Log, bounds: LogBounds, next: number | undefined) => Start;

const resume: Begin = (_log, { low, end }, next) => {
  return { offset: next === undefined || next < low || next > end ? low : next };
};

export class Recorder implements Sink {
  readonly faults: string[] = [];
  readonly starts: { readonly key: string; readonly bounds: LogBounds }[] = [];
  readonly gaps: Gap[] = [];
  readonly revocations: string[] = [];
  /** What each log was last said to hold. */
  readonly lastBounds = new Map<string, LogBounds>();
  boundsTold = 0;
  batches = 0;
  hasEnded = false;
  /** Where each log stands; `null` until the first batch after a start by time tells. */
  readonly next = new Map<string, number | null>();
  /** Held before a batch is taken: a slow sink. */
  hold: (batch: RecordBatch) => Promise<void> = () => Promise.resolve();
  readonly #begin: Begin;
  readonly #records = new Map<string, Recorded[]>();
  readonly #working = new Set<string>();
  #sealed = false;

  /** @param positions where logs stand from an earlier life */
  constructor(begin: Begin = resume, positions: ReadonlyMap<string, number> = new Map()) {
    this.#begin = begin;
    for (const [key, next] of positions) this.next.set(key, next);
  }

  /** From now on every call is a fault. */
  seal(): void {
    this.#sealed = true;
  }

  records(log: Log): readonly Recorded[] {
    return this.#records.get(logKey(log)) ?? [];
  }

  values(log: Log): (string | null)[] {
    return this.records(log).map(({ value }) => value?.toString("utf8") ?? null);
  }

  position(log: Log): number | undefined {
    return this.next.get(logKey(log)) ?? undefined;
  }

  positions(): Map<string, number> {
    return new Map([...this.next].flatMap(([key, next]) => (next === null ? [] : [[key, next]])));
  }

  start(log: Log, bounds: LogBounds): Start {
    const key = this.#called("start", log, true);
    this.starts.push({ key, bounds });
    const start = this.#begin(log, bounds, this.next.get(key) ?? undefined);
    this.next.set(key, "offset" in start ? start.offset : null);
    return start;
  }

  async batch(batch: RecordBatch): Promise<void> {
    const key = this.#called("batch", batch.log, true);
    const next = this.next.get(key);
    if (next === undefined) this.faults.push(`${key}: a batch before its start`);
    if (typeof next === "number" && batch.firstOffset !== next) this.faults.push(`${key}: at ${batch.firstOffset}, not ${next}`);
    if (batch.endOffset < batch.nextOffset) this.faults.push(`${key}: read ${batch.nextOffset} of ${batch.endOffset}`);
    const taken: Recorded[] = [];
    let least = batch.firstOffset;
    for (let index = 0; index < batch.length; index++) {
      const offset = batch.offset(index);
      if (offset < least || offset >= batch.nextOffset) this.faults.push(`${key}: offset ${offset} is out of place`);
      least = offset + 1;
      const value = batch.value(index);
      taken.push({ offset, value: value === null ? null : Buffer.from(value), timeMillis: batch.timeMillis(index) });
    }
    this.batches += 1;
    this.#working.add(key);
    await this.hold(batch);
    this.#working.delete(key);
    const all = this.#records.get(key) ?? [];
    for (const record of taken) all.push(record);
    this.#records.set(key, all);
    this.next.set(key, batch.nextOffset);
  }

  bounds(log: Log, bounds: LogBounds): void {
    this.lastBounds.set(this.#called("bounds", log, false), bounds);
    this.boundsTold += 1;
  }

  gap(log: Log, from: number, to: number, reason: GapReason, detail: string): void {
    const key = this.#called("gap", log, true);
    this.gaps.push({ key, from, to, reason, detail });
    this.next.set(key, to);
  }

  revoked(log: Log): void {
    this.revocations.push(this.#called("revoked", log, true));
  }

  ended(): void {
    if (this.#sealed) this.faults.push("ended after the end");
    this.hasEnded = true;
  }

  /** @param alone whether the call must not come while a batch of the log is worked on */
  #called(call: string, log: Log, alone: boolean): string {
    const key = logKey(log);
    if (this.#sealed) this.faults.push(`${key}: ${call} after the end`);
    if (alone && this.#working.has(key)) this.faults.push(`${key}: ${call} during a batch`);
    return key;
  }
}

// Where reading goes on in each log, and the one place from which the sink is called: for each log one thing after
// another. Outlives sessions. Knows nothing of the client.
import { type Log, type LogBounds, logKey, type Sink } from "../source.ts";
import { type Message, MessageBatch } from "./message-batch.ts";

/** Finds the first offset that is not older than a time. */
export type OffsetAt = (log: Log, timeMillis: number, bounds: LogBounds) => Promise<number>;

/** Messages that follow one another, as far as `nextOffset`. */
export interface Stretch {
  readonly messages: readonly Message[];
  readonly nextOffset: number;
  readonly endOffset: number;
}

export class Positions {
  readonly #sink: Sink;
  readonly #next = new Map<string, { readonly log: Log; readonly offset: number }>();
  /** What is going on for a log, to be waited for by what comes after it. */
  readonly #turns = new Map<string, Promise<void>>();
  #closed = false;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  at(log: Log): number | undefined {
    return this.#next.get(logKey(log))?.offset;
  }

  /** The logs that have a position. */
  logs(): Log[] {
    return [...this.#next.values()].map(({ log }) => log);
  }

  /** Does something for a log when all that was begun for it before is done. */
  async inTurn<T>(log: Log, work: () => T | Promise<T>): Promise<T> {
    const key = logKey(log);
    const result = (this.#turns.get(key) ?? Promise.resolve()).then(work);
    const settled = result.then(
      () => undefined,
      () => undefined,
    );
    this.#turns.set(key, settled);
    try {
      return await result;
    } finally {
      if (this.#turns.get(key) === settled) this.#turns.delete(key);
    }
  }

  isBusy(log: Log): boolean {
    return this.#turns.has(logKey(log));
  }

  /** Asks the sink where to begin. To be called in turn. */
  async place(log: Log, bounds: LogBounds, offsetAt: OffsetAt): Promise<void> {
    if (this.#closed) return;
    const start = this.#sink.start(log, bounds);
    if ("offset" in start) {
      this.#move(log, Math.min(Math.max(start.offset, bounds.low), bounds.end));
      return;
    }
    const offset = await offsetAt(log, start.timeMillis, bounds);
    if (this.#closed) return;
    this.#move(log, offset);
    await this.#sink.batch(new MessageBatch(log, [], offset, offset, bounds.end));
  }

  /**
   * Hands over what was read at the position: the messages between marks as batches, the marks as gaps. To be called in
   * turn. @returns whether the position moved all the way
   */
  async hand(log: Log, { messages, nextOffset, endOffset }: Stretch): Promise<boolean> {
    let from = 0;
    for (let at = 0; at <= messages.length; at++) {
      const mark = messages[at]?.unreadable;
      if (at < messages.length && mark === undefined) continue;
      const run = messages.slice(from, at);
      if (run.length > 0 || mark === undefined) {
        const last = run.at(-1);
        await this.#batch(log, run, mark === undefined || last === undefined ? nextOffset : Number(last.offset) + 1, endOffset);
      }
      const position = this.at(log);
      if (this.#closed || position === undefined) return false;
      if (mark !== undefined) {
        this.#move(log, mark.nextOffset);
        this.#sink.gap(log, Math.max(position, mark.firstOffset), mark.nextOffset, "unreadable", mark.detail);
      }
      from = at + 1;
    }
    return true;
  }

  async #batch(log: Log, run: readonly Message[], nextOffset: number, endOffset: number): Promise<void> {
    const position = this.at(log);
    if (this.#closed || position === undefined || nextOffset <= position) return;
    await this.#sink.batch(new MessageBatch(log, run, position, nextOffset, Math.max(endOffset, nextOffset)));
    this.#move(log, nextOffset);
  }

  #move(log: Log, offset: number): void {
    this.#next.set(logKey(log), { log, offset });
  }

  bounds(log: Log, bounds: LogBounds): void {
    if (!this.#closed && this.#next.has(logKey(log))) this.#sink.bounds(log, bounds);
  }

  /** Forgets a log that is no longer owned. To be called in turn. */
  revoke(log: Log): void {
    if (this.#closed || !this.#next.delete(logKey(log))) return;
    this.#sink.revoked(log);
  }

  /** From now on nothing reaches the sink. */
  close(): void {
    this.#closed = true;
  }
}

// Watches over a client that holds logs and does not read them, though the brokers answer: no event of its tells that.
// Outlives sessions, so that a log that stands still for a reason of its own has the client built anew once, not for ever.
import { type Log, logKey } from "../source.ts";
import type { BoundedLog } from "./topic-bounds.ts";

export class Silence {
  readonly #limitMillis: number;
  readonly #now: () => number;
  #fetchedMillis = 0;
  /** When each log last moved. */
  readonly #movedMillis = new Map<string, number>();
  /** Where logs stood when the client was built anew because of them. */
  readonly #stoodAt = new Map<string, number>();
  /** Batches that are worked on: a client waits for them and fetches nothing. Each client has a count of its own. */
  #working = { batches: 0 };

  /** @param now milliseconds of a clock that only goes forward */
  constructor(limitMillis: number, now: () => number) {
    this.#limitMillis = limitMillis;
    this.#now = now;
  }

  /** A new client has all the time that there is. */
  begin(): void {
    this.#fetchedMillis = this.#now();
    this.#movedMillis.clear();
    this.#working = { batches: 0 };
  }

  fetched(): void {
    this.#fetchedMillis = this.#now();
  }

  moved(log: Log): void {
    this.#movedMillis.set(logKey(log), this.#now());
  }

  async whileWorking(work: () => Promise<void>): Promise<void> {
    const working = this.#working;
    working.batches += 1;
    try {
      await work();
    } finally {
      working.batches -= 1;
      if (working === this.#working) this.fetched();
    }
  }

  /** @returns what is wrong with the client as a whole, or null */
  ofClient(): string | null {
    const millis = this.#now() - this.#fetchedMillis;
    if (this.#working.batches > 0 || millis <= this.#limitMillis) return null;
    return `no fetch for ${Math.round(millis / 1000)} s`;
  }

  /**
   * Whether a log that is not paused has records and stands still: for the first time, so that another client may do
   * better, or again at the same place, so that none will.
   */
  ofLog({ log, bounds }: BoundedLog, position: number): "first" | "again" | null {
    const key = logKey(log);
    const since = this.#movedMillis.get(key);
    if (since === undefined || position >= bounds.end) this.moved(log);
    else if (this.#working.batches === 0 && this.#now() - since > this.#limitMillis) return this.#standsStill(key, position);
    return null;
  }

  #standsStill(key: string, position: number): "first" | "again" {
    if (this.#stoodAt.get(key) === position) return "again";
    this.#stoodAt.set(key, position);
    return "first";
  }
}

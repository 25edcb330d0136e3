// Remembers when counters were first shown: one that is new says 0 for a while, so that every scraper sees it begin and
// its first increase is lost to nobody.

export class CounterBirths {
  readonly #zeroMillis: number;
  readonly #now: () => number;
  /** By key; 0 for those that were there before anyone could have seen them begin. */
  readonly #since = new Map<string, number>();
  #watching = false;

  /** @param zeroMillis how long a new counter says 0: longer than the time between two scrapes */
  constructor(zeroMillis: number, now: () => number) {
    this.#zeroMillis = zeroMillis;
    this.#now = now;
  }

  /** From now on whoever is asked about for the first time is new. */
  watch(): void {
    this.#watching = true;
  }

  /** Whether a counter has to say 0 still. */
  isNew(key: string): boolean {
    let since = this.#since.get(key);
    if (since === undefined) {
      since = this.#watching ? this.#now() : 0;
      this.#since.set(key, since);
    }
    return this.#now() - since < this.#zeroMillis;
  }

  forget(key: string): void {
    this.#since.delete(key);
  }
}

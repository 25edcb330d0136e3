// How many series may be on the page: groups of them are admitted or turned away as a whole. Writes no page.

/** Keys turned away that are remembered, so that one that asks at each scrape is counted once. */
const rememberedByDefault = 10_000;

/**
 * First come, first served, and sticky: a group that is admitted stays until it is released, so that no series comes and
 * goes. One that is turned away may ask again and is admitted once there is room.
 */
export class SeriesLimit {
  /** May be changed: who is in stays. */
  limit: number;
  readonly #remembered: number;
  readonly #admitted = new Map<string, number>();
  readonly #turnedAway = new Set<string>();
  #used = 0;
  #turnedAwaySeries = 0;

  /** @param remembered keys turned away that are told from new ones */
  constructor(limit: number, remembered: number = rememberedByDefault) {
    checkCount("limit of series", limit);
    checkCount("number of remembered keys", remembered);
    this.limit = limit;
    this.#remembered = remembered;
  }

  /** Series admitted. */
  get used(): number {
    return this.#used;
  }

  /**
   * Series that were ever turned away, each group once until it is released or admitted. With more groups outside than
   * are remembered it is a lower bound: too few is better than growth at each scrape.
   */
  get turnedAway(): number {
    return this.#turnedAwaySeries;
  }

  /**
   * @param key names the group
   * @param series how many series it has; for a group that is in, the number it was admitted with stands until `release`
   * @returns whether they may be on the page
   */
  admit(key: string, series: number): boolean {
    checkCount("number of series", series);
    if (this.#admitted.has(key)) return true;
    if (this.#used + series > this.limit) {
      this.#turnAway(key, series);
      return false;
    }
    this.#admitted.set(key, series);
    this.#used += series;
    this.#turnedAway.delete(key);
    return true;
  }

  /** Gives a group's series back and forgets what was decided about it. */
  release(key: string): void {
    this.#used -= this.#admitted.get(key) ?? 0;
    this.#admitted.delete(key);
    this.#turnedAway.delete(key);
  }

  #turnAway(key: string, series: number): void {
    if (this.#turnedAway.has(key) || this.#turnedAway.size >= this.#remembered) return;
    this.#turnedAway.add(key);
    this.#turnedAwaySeries += series;
  }
}

function checkCount(what: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${what}: ${value} is not a count`);
}

// Keeps logs from running far ahead of the others in event time: what a log that is ahead brings has to be kept open
// until the slowest has come that far, so catching up would need memory without bound.
import type { Source } from "../source/source.ts";
import type { Fold } from "../state/fold.ts";
import type { Ingest, LogStanding } from "./ingest.ts";

export class Pacing {
  readonly #fold: Fold;
  readonly #ingest: Ingest;
  readonly #source: Source;
  readonly #aheadMillis: number;
  readonly #now: () => number;

  /** @param aheadMillis a log further ahead of the slowest than this is paused, until it is half of it ahead */
  constructor(ingest: Ingest, source: Source, aheadMillis: number, now: () => number) {
    this.#fold = ingest.fold;
    this.#ingest = ingest;
    this.#source = source;
    this.#aheadMillis = aheadMillis;
    this.#now = now;
  }

  pauseThoseAhead(): void {
    const slowest = this.#slowestMillis();
    for (const standing of this.#ingest.standings.values()) {
      const aheadMillis = standing.state.closedMillis - slowest;
      if (!standing.paused && aheadMillis > this.#aheadMillis) this.#pause(standing, true);
      else if (standing.paused && !(aheadMillis > this.#aheadMillis / 2)) this.#pause(standing, false);
    }
  }

  /** What all logs that are waited for have closed; where one of them has closed nothing yet, the least that any has. */
  #slowestMillis(): number {
    const { target } = this.#fold;
    if (!Number.isNaN(target)) return target;
    const closed = [...this.#fold.logs.values()].map((log) => log.closedMillis).filter((millis) => !Number.isNaN(millis));
    return Math.min(...closed);
  }

  #pause(standing: LogStanding, paused: boolean): void {
    standing.paused = paused;
    if (paused) {
      this.#source.pause(standing.log);
      return;
    }
    standing.lastRecordMillis = this.#now();
    this.#source.resume(standing.log);
  }
}

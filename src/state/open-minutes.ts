// Minutes of event time that are open. Each event asks for its own, so most are found without a search.
import { minuteMillis } from "../window/resolution.ts";

/** Open minutes that are found without a search: those of 17 hours in a row. */
const minutesNear = 1024;

export class OpenMinutes {
  readonly #starts = new Set<number>();
  /** By the last bits of a minute's number, the start of an open one. */
  readonly #near = new Float64Array(minutesNear).fill(Number.NaN);

  get starts(): ReadonlySet<number> {
    return this.#starts;
  }

  /** Opens a minute, unless there are as many as may be. @returns whether it is open now */
  admits(start: number, limit: number): boolean {
    if (this.#near[placeOf(start)] === start) return true;
    if (!this.#starts.has(start) && this.#starts.size >= limit) return false;
    this.add(start);
    return true;
  }

  add(start: number): void {
    this.#starts.add(start);
    this.#near[placeOf(start)] = start;
  }

  close(start: number): void {
    this.#starts.delete(start);
    if (this.#near[placeOf(start)] === start) this.#near[placeOf(start)] = Number.NaN;
  }
}

function placeOf(start: number): number {
  return (start / minuteMillis) & (minutesNear - 1);
}

// What is kept by the start of a pane, where every event asks for one that is near to others: most are found without a search.
import { minuteMillis } from "./resolution.ts";

/** Of minutes, those of 17 hours in a row. */
const usualPlaces = 1024;

/** A map by start, and before it a table of the starts that were asked for last, by the last bits of their pane's number. */
export class NearStarts<Kept> {
  readonly #all = new Map<number, Kept>();
  /** The length of a pane. */
  readonly paneMillis: number;
  readonly #mask: number;
  readonly #starts: Float64Array;
  readonly #near: (Kept | undefined)[];

  /**
   * @param paneMillis the length of a pane
   * @param places starts in a row that are found without a search: a power of two
   */
  constructor(paneMillis = minuteMillis, places = usualPlaces) {
    this.paneMillis = paneMillis;
    this.#mask = places - 1;
    this.#starts = new Float64Array(places).fill(Number.NaN);
    this.#near = new Array<Kept | undefined>(places).fill(undefined);
  }

  get all(): ReadonlyMap<number, Kept> {
    return this.#all;
  }

  get size(): number {
    return this.#all.size;
  }

  /** The earliest start; NaN where there is none. */
  get first(): number {
    return this.size === 0 ? Number.NaN : Math.min(...this.#all.keys());
  }

  /** The latest start; NaN where there is none. */
  get last(): number {
    return this.size === 0 ? Number.NaN : Math.max(...this.#all.keys());
  }

  get(start: number): Kept | undefined {
    const place = (start / this.paneMillis) & this.#mask;
    if (this.#starts[place] === start) return this.#near[place];
    const kept = this.#all.get(start);
    if (kept !== undefined) this.#put(place, start, kept);
    return kept;
  }

  set(start: number, kept: Kept): void {
    this.#all.set(start, kept);
    this.#put((start / this.paneMillis) & this.#mask, start, kept);
  }

  delete(start: number): void {
    this.#all.delete(start);
    const place = (start / this.paneMillis) & this.#mask;
    if (this.#starts[place] === start) this.#put(place, Number.NaN, undefined);
  }

  #put(place: number, start: number, kept: Kept | undefined): void {
    this.#starts[place] = start;
    this.#near[place] = kept;
  }
}

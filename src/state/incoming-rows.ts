// Rows of events that came last, side by side. Each belongs to another minute, whose chain lies anywhere in memory, which would be waited
// for: so they are put down here, where the processor's cache has room for them, and brought to their minutes many at a time.
import { blockRows, flagsAt, none, type PendingRows } from "./pending-rows.ts";
import type { RowChains } from "./row-chains.ts";

/** A multiple of the rows of a block. */
const mostRows = 512;

export class IncomingRows {
  readonly #rows: PendingRows;
  readonly #chains: RowChains;
  readonly #chainOf: (startMillis: number, flags: number) => number;
  /** The first row; the others follow. */
  #first = none;
  #size = 0;
  /** Of the minute of each. */
  readonly #starts = new Float64Array(mostRows);
  /** The chain of each, then its row there. */
  readonly #places = new Int32Array(mostRows);

  /** @param chainOf the chain of a minute that takes rows with such flags */
  constructor(rows: PendingRows, chains: RowChains, chainOf: (startMillis: number, flags: number) => number) {
    this.#rows = rows;
    this.#chains = chains;
    this.#chainOf = chainOf;
  }

  /** A row for an event of an open minute; what it holds is to be put there before the next one is asked for. */
  take(startMillis: number): number {
    if (this.#first === none) this.#first = this.#rows.takeBlocks(mostRows / blockRows) * blockRows;
    if (this.#size === mostRows) this.distribute();
    this.#starts[this.#size] = startMillis;
    return this.#first + this.#size++;
  }

  /** Brings all rows into the chains of their minutes, in the order in which they came. */
  distribute(): void {
    const rows = this.#rows;
    const chains = this.#chains;
    const places = this.#places;
    const first = this.#first;
    const size = this.#size;
    // In loops that do little else several minutes are fetched from memory at once.
    for (let at = 0; at < size; at++) {
      places[at] = this.#chainOf(this.#starts[at] as number, rows.short(first + at, flagsAt));
    }
    for (let at = 0; at < size; at++) places[at] = chains.push(places[at] as number);
    for (let at = 0; at < size; at++) rows.copy(first + at, places[at] as number);
    this.#size = 0;
  }
}

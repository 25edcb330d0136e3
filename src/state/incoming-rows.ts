// Rows of events that came last, side by side. Each belongs to another minute, whose chain lies anywhere in memory, which would be waited
// for: so they are put down here, where the processor's cache has room for them, and brought to their minutes many at a time.
import { blockRows, none, type PendingRows } from "./pending-rows.ts";

/** A multiple of the rows of a block. */
const mostRows = 512;

export class IncomingRows {
  readonly #rows: PendingRows;
  /** The first row; the others follow. */
  first = none;
  size = 0;
  /** Of the minute of each. */
  readonly starts = new Float64Array(mostRows);
  /** For whoever brings them away. */
  readonly places = new Int32Array(mostRows);

  constructor(rows: PendingRows) {
    this.#rows = rows;
  }

  get isFull(): boolean {
    return this.size === mostRows;
  }

  /** A row for an event of an open minute, unless they are full. */
  take(startMillis: number): number {
    if (this.first === none) this.first = this.#rows.takeBlocks(mostRows / blockRows) * blockRows;
    this.starts[this.size] = startMillis;
    return this.first + this.size++;
  }
}

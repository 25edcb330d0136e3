// Finds the first row of an id by the 64 bits of its hash: open addressing in 64 parts, so that growing is never a long pause.
// Taking one out moves those behind it up, so there are no marks of what once was there.
import { highAt, type PendingRows } from "./pending-rows.ts";

const partBits = 6;
export const indexParts = 1 << partBits;
/** The part is told by the highest bits of the low half, the place in it by its lowest. */
const partShift = 32 - partBits;
const leastCapacity = 64;
/** How full a part may be. */
const fullest = 3 / 4;

export class PendingIndex {
  /** How many ids there are. */
  size = 0;
  readonly #rows: PendingRows;
  /** By part and place: a row and one more; 0 where there is none. */
  readonly #heads: Int32Array[] = [];
  /** By part and place: the low half of the hash. */
  readonly #lows: Int32Array[] = [];
  readonly #sizes = new Int32Array(indexParts);

  constructor(rows: PendingRows) {
    this.#rows = rows;
    for (let part = 0; part < indexParts; part++) {
      this.#heads.push(new Int32Array(leastCapacity));
      this.#lows.push(new Int32Array(leastCapacity));
    }
  }

  /** The first row of an id; -1 where there is none. */
  find(high: number, low: number): number {
    const part = low >>> partShift;
    const heads = this.#heads[part] as Int32Array;
    return (heads[this.#place(part, high, low)] as number) - 1;
  }

  /** Makes a row the first of its id. */
  put(high: number, low: number, row: number): void {
    const part = low >>> partShift;
    let heads = this.#heads[part] as Int32Array;
    let place = this.#place(part, high, low);
    if (heads[place] === 0) {
      this.size += 1;
      const size = (this.#sizes[part] as number) + 1;
      this.#sizes[part] = size;
      if (size > heads.length * fullest) {
        this.#grow(part);
        heads = this.#heads[part] as Int32Array;
        place = this.#place(part, high, low);
      }
      (this.#lows[part] as Int32Array)[place] = low;
    }
    heads[place] = row + 1;
  }

  /** Takes an id out that is there. */
  remove(high: number, low: number): void {
    const part = low >>> partShift;
    const heads = this.#heads[part] as Int32Array;
    const lows = this.#lows[part] as Int32Array;
    const mask = heads.length - 1;
    let hole = this.#place(part, high, low);
    for (let place = (hole + 1) & mask; heads[place] !== 0; place = (place + 1) & mask) {
      // One moves up unless its own place lies behind the hole.
      const wanted = (lows[place] as number) & mask;
      if (((place - wanted) & mask) < ((place - hole) & mask)) continue;
      heads[hole] = heads[place] as number;
      lows[hole] = lows[place] as number;
      hole = place;
    }
    heads[hole] = 0;
    this.size -= 1;
    this.#sizes[part] = (this.#sizes[part] as number) - 1;
  }

  /** The first rows of all ids, by part; their order is that of chance. */
  *byPart(): Iterable<number[]> {
    for (const heads of this.#heads) {
      const found: number[] = [];
      for (let place = 0; place < heads.length; place++) if (heads[place] !== 0) found.push((heads[place] as number) - 1);
      yield found;
    }
  }

  /** Where an id is, or would be. */
  #place(part: number, high: number, low: number): number {
    const heads = this.#heads[part] as Int32Array;
    const lows = this.#lows[part] as Int32Array;
    const mask = heads.length - 1;
    for (let place = low & mask; ; place = (place + 1) & mask) {
      const head = heads[place] as number;
      if (head === 0 || (lows[place] === low && this.#rows.int(head - 1, highAt) === high)) return place;
    }
  }

  #grow(part: number): void {
    const heads = this.#heads[part] as Int32Array;
    const lows = this.#lows[part] as Int32Array;
    const capacity = heads.length * 2;
    const mask = capacity - 1;
    const grownHeads = new Int32Array(capacity);
    const grownLows = new Int32Array(capacity);
    for (let at = 0; at < heads.length; at++) {
      if (heads[at] === 0) continue;
      let place = (lows[at] as number) & mask;
      while (grownHeads[place] !== 0) place = (place + 1) & mask;
      grownHeads[place] = heads[at] as number;
      grownLows[place] = lows[at] as number;
    }
    this.#heads[part] = grownHeads;
    this.#lows[part] = grownLows;
  }
}

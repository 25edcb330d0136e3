// A sketch of numbers: how many fell into each log-linear bucket, with the sums of their positions inside of it.
// Exact in counts, additive in any order, and re-binnable: bins whose edges are bucket boundaries (or were known
// when the values came, see `cut`) are filled from it without error.
//
// Sums: a value is rounded to 2^-14 of its bucket's width (about 1e-6 of itself), so per bucket the sums of positions
// and of squared positions are integers, exact in a double up to 2^25 values of one bucket.

import type { Group } from "../stats/groups.ts";
import { locate, located, lowerBound, origin, step, upperBound } from "./bucket.ts";
import type { Reader, Writer } from "./bytes.ts";

/** More cells than this are not opened; further values are counted in `overflow`. */
export const maxCells = 4096;

/** Cuts at given edges: a cell is a (bucket, cut) pair. 255 edges at most. */
const cuts = 256;
const empty = 0x7fffffff;

/** A power of two, as every capacity is. */
export const leastCapacity = 16;

export interface Cell {
  readonly bucket: number;
  /** Which of the given edges' intervals; 0 where no edges were given. */
  readonly cut: number;
  readonly count: number;
  /** Sum of (value - from), and of its square, of the cell's values about the bucket's `origin`. */
  readonly sum: number;
  readonly squares: number;
  readonly from: number;
}

export class NumberSketch {
  /** Values of buckets that could not be opened; in no cell. */
  overflow = 0;
  #cells = 0;
  #keys: Int32Array;
  /** Three numbers a cell: count, sum of positions, sum of squared positions. */
  #sums: Float64Array;
  /** Cells stand in order and without gaps; else where the hash of their key leads. */
  #packed = false;

  constructor(capacity = leastCapacity) {
    this.#keys = new Int32Array(capacity).fill(empty);
    this.#sums = new Float64Array(capacity * 3);
  }

  /** How large one should be made that will hold about as much as this one: growing costs more than adding. */
  get fittingCapacity(): number {
    return capacityFor(this.#cells);
  }

  get cells(): number {
    return this.#cells;
  }

  /** Adds a finite number; `cut` says between which given edges it lies. */
  add(value: number, cut = 0): void {
    locate(value);
    const at = this.#find(located.bucket * cuts + cut);
    if (at < 0) {
      this.overflow += 1;
      return;
    }
    const sums = this.#sums;
    const position = located.position;
    sums[at] = (sums[at] as number) + 1;
    sums[at + 1] = (sums[at + 1] as number) + position;
    sums[at + 2] = (sums[at + 2] as number) + position * position;
  }

  /** Adds everything of another sketch to this one. */
  merge(other: NumberSketch): void {
    this.overflow += other.overflow;
    if (this.#cells + other.#cells <= maxCells) {
      for (let slot = 0; slot < other.#keys.length; slot++) this.#mergeCell(other, slot);
      return;
    }
    // Where there is not room for all, the order decides who finds some: that of the values then.
    for (const slot of other.#sortedSlots()) this.#mergeCell(other, slot);
  }

  #mergeCell(other: NumberSketch, slot: number): void {
    const key = other.#keys[slot] as number;
    if (key === empty) return;
    const from = slot * 3;
    const at = this.#find(key);
    if (at < 0) {
      this.overflow += other.#sums[from] as number;
      return;
    }
    for (let part = 0; part < 3; part++) {
      this.#sums[at + part] = (this.#sums[at + part] as number) + (other.#sums[from + part] as number);
    }
  }

  /**
   * Takes no more room than its cells need, as it will not change for a long time: several times less than while it grows.
   * It may change all the same.
   */
  pack(): void {
    if (this.#packed) return;
    const slots = this.#sortedSlots();
    const keys = new Int32Array(slots.length);
    const sums = new Float64Array(slots.length * 3);
    for (const [at, slot] of slots.entries()) {
      keys[at] = this.#keys[slot] as number;
      for (let part = 0; part < 3; part++) sums[at * 3 + part] = this.#sums[slot * 3 + part] as number;
    }
    this.#keys = keys;
    this.#sums = sums;
    this.#packed = true;
  }

  /** The number of values in cells. */
  count(): number {
    let total = 0;
    for (let slot = 0; slot < this.#keys.length; slot++) {
      if (this.#keys[slot] !== empty) total += this.#sums[slot * 3] as number;
    }
    return total;
  }

  /** The cells in ascending order of their values. */
  sorted(): Cell[] {
    return Array.from(this.#sortedSlots(), (slot) => {
      const key = this.#keys[slot] as number;
      const bucket = Math.floor(key / cuts);
      const length = step(bucket);
      return {
        bucket,
        cut: key - bucket * cuts,
        count: this.#sums[slot * 3] as number,
        sum: (this.#sums[slot * 3 + 1] as number) * length,
        squares: (this.#sums[slot * 3 + 2] as number) * length * length,
        from: origin(bucket),
      };
    });
  }

  encode(writer: Writer): void {
    writer.unsigned(this.overflow);
    writer.unsigned(this.#cells);
    let before = 0;
    for (const slot of this.#sortedSlots()) {
      const key = this.#keys[slot] as number;
      writer.integer(key - before);
      before = key;
      for (let part = 0; part < 3; part++) writer.float(this.#sums[slot * 3 + part] as number);
    }
  }

  static decode(reader: Reader): NumberSketch {
    const sketch = new NumberSketch(0);
    sketch.overflow = reader.unsigned();
    sketch.#cells = reader.unsigned();
    sketch.#keys = new Int32Array(sketch.#cells);
    sketch.#sums = new Float64Array(sketch.#cells * 3);
    sketch.#packed = true;
    let key = 0;
    for (let cell = 0; cell < sketch.#cells; cell++) {
      key += reader.integer();
      sketch.#keys[cell] = key;
      for (let part = 0; part < 3; part++) sketch.#sums[cell * 3 + part] = reader.float();
    }
    return sketch;
  }

  /** Where the cells are, in ascending order of their values. */
  #sortedSlots(): Int32Array {
    const slots = new Int32Array(this.#cells);
    if (this.#packed) return slots.map((_, slot) => slot);
    let next = 0;
    for (const key of this.#keys) if (key !== empty) slots[next++] = key;
    // Keys sort many times faster than slots by their keys.
    slots.sort();
    for (let index = 0; index < slots.length; index++) slots[index] = this.#find(slots[index] as number) / 3;
    return slots;
  }

  /** Where the sums of a key are, opening a cell for it if need be; -1 when there is no room. */
  #find(key: number): number {
    if (this.#packed) this.#rehash(capacityFor(this.#cells));
    const mask = this.#keys.length - 1;
    let slot = (Math.imul(key, 0x9e3779b1) >>> 7) & mask;
    for (;;) {
      const there = this.#keys[slot];
      if (there === key) return slot * 3;
      if (there === empty) break;
      slot = (slot + 1) & mask;
    }
    if (this.#cells >= maxCells) return -1;
    if (this.#cells * 4 >= this.#keys.length * 3) {
      this.#rehash(this.#keys.length * 2);
      return this.#find(key);
    }
    this.#cells += 1;
    this.#keys[slot] = key;
    return slot * 3;
  }

  #rehash(capacity: number): void {
    const keys = this.#keys;
    const sums = this.#sums;
    this.#packed = false;
    this.#keys = new Int32Array(capacity).fill(empty);
    this.#sums = new Float64Array(capacity * 3);
    this.#cells = 0;
    for (let slot = 0; slot < keys.length; slot++) {
      const key = keys[slot] as number;
      if (key === empty) continue;
      const at = this.#find(key);
      for (let part = 0; part < 3; part++) this.#sums[at + part] = sums[slot * 3 + part] as number;
    }
  }
}

/** The values of each cell as a group, for pooled moments and quantiles. */
export function sketchGroups(sketch: NumberSketch): Group[] {
  return sketch.sorted().map((cell) => {
    const offset = cell.sum / cell.count;
    return {
      count: cell.count,
      mean: cell.from + offset,
      variance: Math.max(0, cell.squares / cell.count - offset * offset),
      lower: lowerBound(cell.bucket),
      upper: upperBound(cell.bucket),
    };
  });
}

function capacityFor(cells: number): number {
  let capacity = leastCapacity;
  while (cells * 4 >= capacity * 3) capacity *= 2;
  return capacity;
}

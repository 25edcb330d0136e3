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

  constructor(capacity = 16) {
    this.#keys = new Int32Array(capacity).fill(empty);
    this.#sums = new Float64Array(capacity * 3);
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
    for (const key of other.#sortedKeys()) {
      const from = other.#find(key);
      const at = this.#find(key);
      if (at < 0) {
        this.overflow += other.#sums[from] as number;
        continue;
      }
      for (let part = 0; part < 3; part++) {
        this.#sums[at + part] = (this.#sums[at + part] as number) + (other.#sums[from + part] as number);
      }
    }
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
    return Array.from(this.#sortedKeys(), (key) => {
      const bucket = Math.floor(key / cuts);
      const at = this.#find(key);
      const length = step(bucket);
      return {
        bucket,
        cut: key - bucket * cuts,
        count: this.#sums[at] as number,
        sum: (this.#sums[at + 1] as number) * length,
        squares: (this.#sums[at + 2] as number) * length * length,
        from: origin(bucket),
      };
    });
  }

  encode(writer: Writer): void {
    writer.unsigned(this.overflow);
    writer.unsigned(this.#cells);
    let before = 0;
    for (const key of this.#sortedKeys()) {
      const at = this.#find(key);
      writer.integer(key - before);
      before = key;
      for (let part = 0; part < 3; part++) writer.float(this.#sums[at + part] as number);
    }
  }

  static decode(reader: Reader): NumberSketch {
    const overflow = reader.unsigned();
    const cells = reader.unsigned();
    const sketch = new NumberSketch(capacityFor(cells));
    sketch.overflow = overflow;
    let key = 0;
    for (let cell = 0; cell < cells; cell++) {
      key += reader.integer();
      const at = sketch.#find(key);
      for (let part = 0; part < 3; part++) sketch.#sums[at + part] = reader.float();
    }
    return sketch;
  }

  #sortedKeys(): Int32Array {
    const keys = new Int32Array(this.#cells);
    let next = 0;
    for (const key of this.#keys) if (key !== empty) keys[next++] = key;
    return keys.sort();
  }

  /** Where the sums of a key are, opening a cell for it if need be; -1 when there is no room. */
  #find(key: number): number {
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
      this.#grow();
      return this.#find(key);
    }
    this.#cells += 1;
    this.#keys[slot] = key;
    return slot * 3;
  }

  #grow(): void {
    const keys = this.#keys;
    const sums = this.#sums;
    this.#keys = new Int32Array(keys.length * 4).fill(empty);
    this.#sums = new Float64Array(sums.length * 4);
    this.#cells = 0;
    for (let slot = 0; slot < keys.length; slot++) {
      const key = keys[slot] as number;
      if (key === empty) continue;
      this.#sums.set(sums.subarray(slot * 3, slot * 3 + 3), this.#find(key));
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
  let capacity = 16;
  while (cells * 4 >= capacity * 3) capacity *= 2;
  return capacity;
}

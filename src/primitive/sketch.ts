// A sketch of numbers: how many fell into each log-linear bucket, with the sums of their positions inside of it and of
// the targets of their events. Values count with their weights (see weight.ts). Exact in counts, additive in any order,
// and re-binnable: bins whose edges are bucket boundaries (or were known when the values came, see `cut`) are filled from
// it without error.
//
// Sums: a value is rounded to 2^-14 of its bucket's width (about 1e-6 of itself), so per bucket the sum of positions is a
// multiple of 2^-8, exact in a double up to a weight of 2^31 in one bucket. Weighted squares of positions are rounded to
// integers, exact up to 2^25.

import type { Group } from "../stats/groups.ts";
import { locate, located, lowerBound, origin, step, upperBound } from "./bucket.ts";
import type { Reader, Writer } from "./bytes.ts";
import { type Cell, cellParts, sketchCuts } from "./sketch-cell.ts";
import { noTarget, TargetSum, targetStep, targetUnit } from "./target.ts";
import { squaredWeight } from "./weight.ts";

/** More cells than this are not opened; further values are counted in `overflow`. */
export const maxCells = 4096;

const empty = 0x7fffffff;

/** A power of two, as every capacity is. */
export const leastCapacity = 16;

const width = cellParts.length;
/** How full a table may be: beyond three quarters probing takes longer than a larger table does. */
const fullest = 3 / 4;
const visited = { bucket: 0, cut: 0, count: 0, positions: 0, squares: 0, targetCount: 0, targetHigh: 0, targetLow: 0 };

export class NumberSketch {
  /** Weight of values of buckets that could not be opened; in no cell. */
  overflow = 0;
  /** Sum of the squared weights of the values in cells. */
  weightSquares = 0;
  #cells = 0;
  #keys: Int32Array;
  /** The parts of each cell. */
  #sums: Float64Array;
  /** Cells stand in order and without gaps; else where the hash of their key leads. */
  #packed = false;

  constructor(capacity = leastCapacity) {
    this.#keys = new Int32Array(capacity).fill(empty);
    this.#sums = new Float64Array(capacity * width);
  }

  /** How large one should be made that will hold about as much as this one: growing costs more than adding. */
  get fittingCapacity(): number {
    return capacityFor(this.#cells);
  }

  get cells(): number {
    return this.#cells;
  }

  /**
   * Adds a finite number.
   * @param cut between which given edges it lies
   * @param weight what it counts for, as `quantisedWeight` has it
   * @param target of the event that it is a value of
   */
  add(value: number, cut = 0, weight = 1, target: Readonly<TargetSum> = noTarget): void {
    locate(value);
    const at = this.#find(located.bucket * sketchCuts + cut);
    if (at < 0) {
      this.overflow += weight;
      return;
    }
    this.weightSquares += weight === 1 ? 1 : squaredWeight(weight);
    const sums = this.#sums;
    const position = located.position;
    const square = position * position;
    sums[at] = (sums[at] as number) + weight;
    sums[at + 1] = (sums[at + 1] as number) + position * weight;
    sums[at + 2] = (sums[at + 2] as number) + (weight === 1 ? square : Math.round(square * weight));
    this.#addTarget(at, target.count, target.high, target.low);
  }

  #addTarget(at: number, count: number, high: number, low: number): void {
    const sums = this.#sums;
    const rest = (sums[at + 5] as number) + low;
    const carried = rest >= targetUnit ? 1 : rest < 0 ? -1 : 0;
    sums[at + 3] = (sums[at + 3] as number) + count;
    sums[at + 4] = (sums[at + 4] as number) + high + carried;
    sums[at + 5] = rest - carried * targetUnit;
  }

  /** Adds everything of another sketch to this one. */
  merge(other: NumberSketch): void {
    this.overflow += other.overflow;
    this.weightSquares += other.weightSquares;
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
    const from = slot * width;
    const theirs = other.#sums;
    const at = this.#find(key);
    if (at < 0) {
      this.overflow += theirs[from] as number;
      return;
    }
    for (let part = 0; part < 3; part++) {
      this.#sums[at + part] = (this.#sums[at + part] as number) + (theirs[from + part] as number);
    }
    this.#addTarget(at, theirs[from + 3] as number, theirs[from + 4] as number, theirs[from + 5] as number);
  }

  /** Takes away what was merged before: where neither had to turn values away, it is as if that had never come. */
  subtract(other: NumberSketch): void {
    other.visit((cell) => {
      const at = this.#find(cell.bucket * sketchCuts + cell.cut);
      this.#sums[at] = (this.#sums[at] as number) - cell.count;
      this.#sums[at + 1] = (this.#sums[at + 1] as number) - cell.positions;
      this.#sums[at + 2] = (this.#sums[at + 2] as number) - cell.squares;
      this.#addTarget(at, -cell.targetCount, -cell.targetHigh, -cell.targetLow);
    });
    this.overflow -= other.overflow;
    this.weightSquares -= other.weightSquares;
    const left = NumberSketch.of(
      this.sorted().filter(({ count }) => count > 0),
      0,
      0,
    );
    this.#keys = left.#keys;
    this.#sums = left.#sums;
    this.#cells = left.#cells;
    this.#packed = true;
  }

  /** The weight of the values in cells. */
  count(): number {
    let total = 0;
    for (let slot = 0; slot < this.#keys.length; slot++) {
      if (this.#keys[slot] !== empty) total += this.#sums[slot * width] as number;
    }
    return total;
  }

  totalTargets(): TargetSum {
    const total = new TargetSum();
    this.visit(({ targetCount: count, targetHigh: high, targetLow: low }) => total.add({ count, high, low }));
    return total;
  }

  /** The cells in ascending order of their values. */
  sorted(): Cell[] {
    const cells: Cell[] = [];
    this.visit((cell) => cells.push({ ...cell }));
    return cells.sort((a, b) => a.bucket - b.bucket || a.cut - b.cut);
  }

  /** Shows the cells in no order: every time the same object, as there are many of them. */
  visit(see: (cell: Cell) => void): void {
    const sums = this.#sums;
    for (let slot = 0; slot < this.#keys.length; slot++) {
      const key = this.#keys[slot] as number;
      if (key === empty) continue;
      const at = slot * width;
      visited.bucket = Math.floor(key / sketchCuts);
      visited.cut = key - visited.bucket * sketchCuts;
      visited.count = sums[at] as number;
      visited.positions = sums[at + 1] as number;
      visited.squares = sums[at + 2] as number;
      visited.targetCount = sums[at + 3] as number;
      visited.targetHigh = sums[at + 4] as number;
      visited.targetLow = sums[at + 5] as number;
      see(visited);
    }
  }

  /** A sketch of these cells, which are in ascending order. */
  static of(cells: readonly Cell[], overflow: number, weightSquares: number): NumberSketch {
    const sketch = new NumberSketch(0);
    sketch.overflow = overflow;
    sketch.weightSquares = weightSquares;
    sketch.#cells = cells.length;
    sketch.#keys = Int32Array.from(cells, ({ bucket, cut }) => bucket * sketchCuts + cut);
    sketch.#sums = Float64Array.from(cells.flatMap((cell) => cellParts.map((part) => cell[part])));
    sketch.#packed = true;
    return sketch;
  }

  encode(writer: Writer): void {
    writer.amount(this.overflow);
    writer.amount(this.weightSquares);
    writer.unsigned(this.#cells);
    let before = 0;
    for (const slot of this.#sortedSlots()) {
      const key = this.#keys[slot] as number;
      writer.integer(key - before);
      before = key;
      for (let part = 0; part < width - 1; part++) writer.amount(this.#sums[slot * width + part] as number);
      writer.amount((this.#sums[slot * width + width - 1] as number) / targetStep);
    }
  }

  static decode(reader: Reader): NumberSketch {
    const sketch = new NumberSketch(0);
    sketch.overflow = reader.amount();
    sketch.weightSquares = reader.amount();
    const cells = reader.unsigned();
    if (cells > maxCells) throw new RangeError(`${cells} cells`);
    sketch.#cells = cells;
    sketch.#keys = new Int32Array(cells);
    sketch.#sums = new Float64Array(cells * width);
    sketch.#packed = true;
    let key = 0;
    for (let slot = 0; slot < cells; slot++) {
      key += reader.integer();
      sketch.#keys[slot] = key;
      const at = slot * width;
      for (let part = 0; part < width - 1; part++) sketch.#sums[at + part] = reader.amount();
      sketch.#sums[at + width - 1] = reader.amount() * targetStep;
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
    for (let index = 0; index < slots.length; index++) slots[index] = this.#find(slots[index] as number) / width;
    return slots;
  }

  /** Where the sums of a key are, opening a cell for it if need be; -1 when there is no room. */
  #find(key: number): number {
    if (this.#packed) this.#rehash(capacityFor(this.#cells));
    const mask = this.#keys.length - 1;
    let slot = (Math.imul(key, 0x9e3779b1) >>> 7) & mask;
    for (;;) {
      const there = this.#keys[slot];
      if (there === key) return slot * width;
      if (there === empty) break;
      slot = (slot + 1) & mask;
    }
    if (this.#cells >= maxCells) return -1;
    if (this.#cells >= this.#keys.length * fullest) {
      this.#rehash(this.#keys.length * 2);
      return this.#find(key);
    }
    this.#cells += 1;
    this.#keys[slot] = key;
    return slot * width;
  }

  #rehash(capacity: number): void {
    const keys = this.#keys;
    const sums = this.#sums;
    this.#packed = false;
    this.#keys = new Int32Array(capacity).fill(empty);
    this.#sums = new Float64Array(capacity * width);
    this.#cells = 0;
    for (let slot = 0; slot < keys.length; slot++) {
      const key = keys[slot] as number;
      if (key === empty) continue;
      const at = this.#find(key);
      for (let part = 0; part < width; part++) this.#sums[at + part] = sums[slot * width + part] as number;
    }
  }
}

/** The values of each cell as a group, for pooled moments and quantiles. */
export function sketchGroups(sketch: NumberSketch): Group[] {
  return sketch.sorted().map((cell) => {
    const length = step(cell.bucket);
    const offset = (cell.positions / cell.count) * length;
    return {
      count: cell.count,
      mean: origin(cell.bucket) + offset,
      variance: Math.max(0, (cell.squares / cell.count) * length * length - offset * offset),
      lower: lowerBound(cell.bucket),
      upper: upperBound(cell.bucket),
    };
  });
}

function capacityFor(cells: number): number {
  let capacity = leastCapacity;
  while (cells >= capacity * fullest) capacity *= 2;
  return capacity;
}

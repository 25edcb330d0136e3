// A sketch of numbers: how many fell into each log-linear bucket, with the sums of their positions inside of it and of
// the targets of their events. Values count with their weights (see weight.ts). Exact in counts, additive in any order,
// and re-binnable: bins whose edges are bucket boundaries (or were known when the values came, see `cut`) are filled from
// it without error.
//
// Sums: a value is rounded to 2^-14 of its bucket's width (about 1e-6 of itself), so per bucket the sum of positions is a
// multiple of 2^-8, exact in a double up to a weight of 2^31 in one bucket. Weighted squares of positions are rounded to
// integers, exact up to 2^25.

import { locate, located } from "./bucket.ts";
import type { Reader, Writer } from "./bytes.ts";
import { type Cell, cellParts, sketchCuts } from "./sketch-cell.ts";
import { noTarget, TargetSum, targetStep, targetUnit } from "./target.ts";
import { squaredWeight } from "./weight.ts";

/** More cells than this are not opened; further values are counted in `overflow`. */
export const maxCells = 4096;

/** A power of two, as every capacity is. */
export const leastCapacity = 16;

/** Of each cell its key, then its parts. */
const width = 1 + cellParts.length;
/** How full a table may be: beyond three quarters probing takes longer than a larger table does. */
const fullest = 3 / 4;
const visited = { bucket: 0, cut: 0, count: 0, positions: 0, squares: 0, targetCount: 0, targetHigh: 0, targetLow: 0 };

export class NumberSketch {
  /** Weight of values of buckets that could not be opened; in no cell. */
  overflow = 0;
  /** Sum of the squared weights of the values in cells. */
  weightSquares = 0;
  /** How many cells there are: they stand one behind the other, as they came. */
  #cells = 0;
  #sums: Float64Array;
  /** Where the hash of its key leads: the number of a cell, from 1 on; empty until something has to be found. */
  #index: Uint16Array;

  /** @param capacity of the index; there is room for as many cells as it can be full of */
  constructor(capacity = leastCapacity) {
    this.#sums = new Float64Array(capacity * fullest * width);
    this.#index = new Uint16Array(capacity);
  }

  /** Of the index. */
  get capacity(): number {
    return this.#index.length;
  }

  /** Forgets everything but how large it is. */
  clear(): void {
    this.overflow = 0;
    this.weightSquares = 0;
    this.#sums.fill(0, 0, this.#cells * width);
    this.#index.fill(0);
    this.#cells = 0;
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
    sums[at + 1] = (sums[at + 1] as number) + weight;
    sums[at + 2] = (sums[at + 2] as number) + position * weight;
    sums[at + 3] = (sums[at + 3] as number) + (weight === 1 ? square : Math.round(square * weight));
    if (target.count !== 0) this.#addTarget(at, target.count, target.high, target.low);
  }

  #addTarget(at: number, count: number, high: number, low: number): void {
    const sums = this.#sums;
    const rest = (sums[at + 6] as number) + low;
    const carried = rest >= targetUnit ? 1 : rest < 0 ? -1 : 0;
    sums[at + 4] = (sums[at + 4] as number) + count;
    sums[at + 5] = (sums[at + 5] as number) + high + carried;
    sums[at + 6] = rest - carried * targetUnit;
  }

  /** Adds everything of another sketch to this one. */
  merge(other: NumberSketch): void {
    this.overflow += other.overflow;
    this.weightSquares += other.weightSquares;
    if (this.#cells + other.#cells <= maxCells) {
      for (let cell = 0; cell < other.#cells; cell++) this.#mergeCell(other, cell * width);
      return;
    }
    // Where there is not room for all, the order decides who finds some: that of the values then.
    for (const from of other.#sortedPlaces()) this.#mergeCell(other, from);
  }

  #mergeCell(other: NumberSketch, from: number): void {
    const theirs = other.#sums;
    const at = this.#find(theirs[from] as number);
    if (at < 0) {
      this.overflow += theirs[from + 1] as number;
      return;
    }
    for (let part = 1; part <= 3; part++) {
      this.#sums[at + part] = (this.#sums[at + part] as number) + (theirs[from + part] as number);
    }
    this.#addTarget(at, theirs[from + 4] as number, theirs[from + 5] as number, theirs[from + 6] as number);
  }

  /** Takes away what was merged before: where neither had to turn values away, it is as if that had never come. */
  subtract(other: NumberSketch): void {
    other.visit((cell) => {
      const at = this.#find(cell.bucket * sketchCuts + cell.cut);
      this.#sums[at + 1] = (this.#sums[at + 1] as number) - cell.count;
      this.#sums[at + 2] = (this.#sums[at + 2] as number) - cell.positions;
      this.#sums[at + 3] = (this.#sums[at + 3] as number) - cell.squares;
      this.#addTarget(at, -cell.targetCount, -cell.targetHigh, -cell.targetLow);
    });
    this.overflow -= other.overflow;
    this.weightSquares -= other.weightSquares;
    const left = NumberSketch.of(
      this.sorted().filter(({ count }) => count > 0),
      0,
      0,
    );
    this.#sums = left.#sums;
    this.#index = left.#index;
    this.#cells = left.#cells;
  }

  /** The weight of the values in cells. */
  count(): number {
    let total = 0;
    for (let at = 0; at < this.#cells * width; at += width) total += this.#sums[at + 1] as number;
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
    for (let at = 0; at < this.#cells * width; at += width) {
      const key = sums[at] as number;
      visited.bucket = Math.floor(key / sketchCuts);
      visited.cut = key - visited.bucket * sketchCuts;
      visited.count = sums[at + 1] as number;
      visited.positions = sums[at + 2] as number;
      visited.squares = sums[at + 3] as number;
      visited.targetCount = sums[at + 4] as number;
      visited.targetHigh = sums[at + 5] as number;
      visited.targetLow = sums[at + 6] as number;
      see(visited);
    }
  }

  /** A sketch of these cells. */
  static of(cells: readonly Cell[], overflow: number, weightSquares: number): NumberSketch {
    const sketch = new NumberSketch(0);
    sketch.overflow = overflow;
    sketch.weightSquares = weightSquares;
    sketch.#cells = cells.length;
    sketch.#sums = Float64Array.from(
      cells.flatMap((cell) => [cell.bucket * sketchCuts + cell.cut, ...cellParts.map((part) => cell[part])]),
    );
    return sketch;
  }

  encode(writer: Writer): void {
    writer.amount(this.overflow);
    writer.amount(this.weightSquares);
    writer.unsigned(this.#cells);
    const sums = this.#sums;
    let before = 0;
    for (const at of this.#sortedPlaces()) {
      const key = sums[at] as number;
      writer.integer(key - before);
      before = key;
      for (let part = 1; part < width - 1; part++) writer.amount(sums[at + part] as number);
      writer.amount((sums[at + width - 1] as number) / targetStep);
    }
  }

  static decode(reader: Reader): NumberSketch {
    const sketch = new NumberSketch(0);
    sketch.overflow = reader.amount();
    sketch.weightSquares = reader.amount();
    const cells = reader.unsigned();
    if (cells > maxCells) throw new RangeError(`${cells} cells`);
    const sums = new Float64Array(cells * width);
    let key = 0;
    for (let at = 0; at < sums.length; at += width) {
      key += reader.integer();
      sums[at] = key;
      for (let part = 1; part < width - 1; part++) sums[at + part] = reader.amount();
      sums[at + width - 1] = reader.amount() * targetStep;
    }
    sketch.#cells = cells;
    sketch.#sums = sums;
    return sketch;
  }

  /** Where cells begin, in ascending order of their values. */
  #sortedPlaces(): Int32Array {
    const keys = new Int32Array(this.#cells);
    let ascending = true;
    for (let cell = 0; cell < keys.length; cell++) {
      keys[cell] = this.#sums[cell * width] as number;
      if (cell > 0 && (keys[cell] as number) < (keys[cell - 1] as number)) ascending = false;
    }
    if (ascending) return keys.map((_, cell) => cell * width);
    // Keys sort many times faster than places by their keys.
    return keys.sort().map((key) => this.#find(key));
  }

  /** Where the cell of a key begins, which is opened if need be; -1 when there is no room. */
  #find(key: number): number {
    if (this.#index.length === 0) this.#makeIndex(capacityFor(this.#cells));
    const mask = this.#index.length - 1;
    let slot = slotOf(key) & mask;
    for (;;) {
      const cell = this.#index[slot] as number;
      if (cell === 0) return this.#open(key, slot);
      const at = (cell - 1) * width;
      if (this.#sums[at] === key) return at;
      slot = (slot + 1) & mask;
    }
  }

  /** @param slot the free one that its hash leads to */
  #open(key: number, slot: number): number {
    if (this.#cells >= maxCells) return -1;
    if (this.#cells >= this.#index.length * fullest) {
      this.#makeIndex(this.#index.length * 2);
      return this.#find(key);
    }
    const at = this.#cells * width;
    this.#cells += 1;
    this.#index[slot] = this.#cells;
    this.#sums[at] = key;
    return at;
  }

  /** Makes an index of this capacity, and room for as many cells as it can be full of. */
  #makeIndex(capacity: number): void {
    const sums = this.#sums;
    const index = new Uint16Array(capacity);
    for (let cell = 0; cell < this.#cells; cell++) {
      let slot = slotOf(sums[cell * width] as number) & (capacity - 1);
      while (index[slot] !== 0) slot = (slot + 1) & (capacity - 1);
      index[slot] = cell + 1;
    }
    this.#index = index;
    this.#sums = new Float64Array(capacity * fullest * width);
    this.#sums.set(sums.subarray(0, this.#cells * width));
  }
}

/** Fibonacci hashing: keys that are near each other are far apart. */
function slotOf(key: number): number {
  return Math.imul(key, 0x9e3779b1) >>> 7;
}

function capacityFor(cells: number): number {
  let capacity = leastCapacity;
  while (cells >= capacity * fullest) capacity *= 2;
  return capacity;
}

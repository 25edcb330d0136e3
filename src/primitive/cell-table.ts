// A table of the cells of a sketch: by key, sums of values and, where events have them, of targets. Open addressing over arrays
// of numbers: a minute has thousands of cells, and an object for each would cost more than the counting.
import type { Reader, Writer } from "./bytes.ts";
import { targetParts, valueParts } from "./sketch-cell.ts";
import { targetStep, targetUnit } from "./target.ts";

/** A power of two, as every capacity is. */
export const leastCapacity = 16;
/** Of each cell its key, then its sums. */
export const cellWidth = 1 + valueParts.length;
export const targetWidth = targetParts.length;

/** How full a table may be: beyond three quarters probing takes longer than a larger table does. */
const fullest = 3 / 4;
const none = new Float64Array(0);

export class CellTable {
  /** How many there are: they stand one behind the other, as they came. */
  cells = 0;
  /** Of each cell `cellWidth` numbers. */
  sums: Float64Array;
  /** Of each cell `targetWidth` numbers; empty until an event has a target, as most streams have none. */
  targets = none;
  /** Where the hash of its key leads: the number of a cell, from 1 on; empty until something has to be found. */
  #index: Uint16Array;

  /** @param capacity of the index; there is room for as many cells as it can be full of */
  constructor(capacity: number) {
    this.sums = new Float64Array(capacity * fullest * cellWidth);
    this.#index = new Uint16Array(capacity);
  }

  get capacity(): number {
    return this.#index.length;
  }

  /** Forgets everything but how large it is. */
  clear(): void {
    this.sums.fill(0, 0, this.cells * cellWidth);
    this.targets = none;
    this.#index.fill(0);
    this.cells = 0;
  }

  /** Where the cell of a key begins in `sums`; -1 where there is none. */
  find(key: number): number {
    if (this.#index.length === 0) this.#makeIndex(capacityFor(this.cells));
    const index = this.#index;
    const mask = index.length - 1;
    for (let slot = hashOf(key) & mask; ; slot = (slot + 1) & mask) {
      const cell = index[slot] as number;
      if (cell === 0) return -1;
      const at = (cell - 1) * cellWidth;
      if (this.sums[at] === key) return at;
    }
  }

  /** Opens the cell of a key that has none yet. @returns where it begins */
  open(key: number): number {
    if (this.cells >= this.#index.length * fullest) this.#makeIndex(Math.max(leastCapacity, this.#index.length * 2));
    const at = this.cells * cellWidth;
    this.cells += 1;
    enter(this.#index, key, this.cells);
    this.sums[at] = key;
    return at;
  }

  addTarget(at: number, count: number, high: number, low: number): void {
    if (this.targets.length === 0) this.targets = new Float64Array((this.sums.length / cellWidth) * targetWidth);
    const { targets } = this;
    const place = (at / cellWidth) * targetWidth;
    const rest = (targets[place + 2] as number) + low;
    const carried = rest >= targetUnit ? 1 : 0;
    targets[place] = (targets[place] as number) + count;
    targets[place + 1] = (targets[place + 1] as number) + high + carried;
    targets[place + 2] = rest - carried * targetUnit;
  }

  /** Adds the targets that a cell of another table has, which has some. */
  addTargetOf(at: number, { targets }: CellTable, fromAt: number): void {
    const place = (fromAt / cellWidth) * targetWidth;
    const count = targets[place] as number;
    if (count !== 0) this.addTarget(at, count, targets[place + 1] as number, targets[place + 2] as number);
  }

  /** Where cells begin, in ascending order of their keys. */
  sortedPlaces(): Int32Array {
    const keys = new Int32Array(this.cells);
    let ascending = true;
    for (let cell = 0; cell < keys.length; cell++) {
      keys[cell] = this.sums[cell * cellWidth] as number;
      if (cell > 0 && (keys[cell] as number) < (keys[cell - 1] as number)) ascending = false;
    }
    if (ascending) return keys.map((_, cell) => cell * cellWidth);
    // Keys sort many times faster than places by their keys.
    return keys.sort().map((key) => this.find(key));
  }

  /** @param keyStep that every key is a multiple of */
  encode(writer: Writer, keyStep: number): void {
    const { sums, targets, cells } = this;
    writer.unsigned(cells);
    writer.boolean(targets.length > 0);
    let before = 0;
    for (const at of this.sortedPlaces()) {
      const key = (sums[at] as number) / keyStep;
      writer.integer(key - before);
      before = key;
      for (let part = 1; part < cellWidth; part++) writer.amount(sums[at + part] as number);
      if (targets.length === 0) continue;
      const place = (at / cellWidth) * targetWidth;
      writer.amount(targets[place] as number);
      writer.amount(targets[place + 1] as number);
      writer.amount((targets[place + 2] as number) / targetStep);
    }
  }

  /** @throws RangeError where there are more than `most` cells */
  static decode(reader: Reader, keyStep: number, most: number): CellTable {
    const table = new CellTable(0);
    const cells = reader.unsigned();
    if (cells > most) throw new RangeError(`${cells} cells`);
    const sums = new Float64Array(cells * cellWidth);
    const targets = reader.boolean() ? new Float64Array(cells * targetWidth) : none;
    let key = 0;
    for (let cell = 0; cell < cells; cell++) {
      const at = cell * cellWidth;
      key += reader.integer();
      sums[at] = key * keyStep;
      for (let part = 1; part < cellWidth; part++) sums[at + part] = reader.amount();
      if (targets.length === 0) continue;
      const place = cell * targetWidth;
      targets[place] = reader.amount();
      targets[place + 1] = reader.amount();
      targets[place + 2] = reader.amount() * targetStep;
    }
    table.cells = cells;
    table.sums = sums;
    table.targets = targets;
    return table;
  }

  /** Makes an index of this capacity, and room for as many cells as it can be full of. */
  #makeIndex(capacity: number): void {
    const { sums, targets } = this;
    const index = new Uint16Array(capacity);
    for (let cell = 0; cell < this.cells; cell++) enter(index, sums[cell * cellWidth] as number, cell + 1);
    this.#index = index;
    this.sums = new Float64Array(capacity * fullest * cellWidth);
    this.sums.set(sums.subarray(0, this.cells * cellWidth));
    if (targets.length === 0) return;
    this.targets = new Float64Array(capacity * fullest * targetWidth);
    this.targets.set(targets.subarray(0, this.cells * targetWidth));
  }
}

/** How large a table should be made for so many cells: growing costs more than adding. */
export function capacityFor(cells: number): number {
  let capacity = leastCapacity;
  while (cells >= capacity * fullest) capacity *= 2;
  return capacity;
}

/** @param cell its number, from 1 on */
function enter(index: Uint16Array, key: number, cell: number): void {
  const mask = index.length - 1;
  let slot = hashOf(key) & mask;
  while (index[slot] !== 0) slot = (slot + 1) & mask;
  index[slot] = cell;
}

/** Fibonacci hashing: keys that are near each other are far apart. */
function hashOf(key: number): number {
  return Math.imul(key, 0x9e3779b1) >>> 16;
}

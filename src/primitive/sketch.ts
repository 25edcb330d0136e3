// A sketch of numbers: how many fell into each log-linear bucket, or into each slice of one, with the sums of their
// positions inside of it and of the targets of their events. Values count with their weights (see weight.ts). Exact in
// counts, additive in any order, and re-binnable: bins whose edges are boundaries of its cells (or were known when the
// values came: a sketch that is cut at them) are filled from it without error.
//
// Resolution: buckets are as wide as 3 % of a value, which is too wide for values that lie close together far from zero
// (years, pressures, kelvins). A sketch therefore begins with slices, and where these become too many, takes two neighbours
// as one. Positions are those in the bucket, so that is exact; and it depends on nothing but which values there are: it has the
// finest resolution at which all of them have few enough cells.
//
// Sums: a value is rounded to 2^-14 of its bucket's width (about 1e-6 of itself), so per bucket the sum of positions is a
// multiple of 2^-8, exact in a double up to a weight of 2^31 in one bucket. Weighted squares of positions are rounded to
// integers, exact up to 2^25.

import { binOf, type NumericBins } from "./bins.ts";
import { locate, located, sliceBits, sliceOfLocated } from "./bucket.ts";
import type { Reader, Writer } from "./bytes.ts";
import { CellTable, capacityFor, cellWidth, leastCapacity, targetWidth } from "./cell-table.ts";
import { bucketKeys, type Cell, cellUpper, type Resolution, slicesOf, valueParts } from "./sketch-cell.ts";
import { noTarget, TargetSum } from "./target.ts";
import { squaredWeight } from "./weight.ts";

/** More cells than this are not opened; further values are counted in `overflow`. */
export const maxCells = 4096;

/** A sum of many panes takes slices together where there are more cells than this; an open pane only where there is no room. */
export const mostSliced = 320;

/** How the resolution of a sketch that is cut is written. */
const cutCode = sliceBits + 1;
type Visited = { -readonly [Part in keyof Cell]: Cell[Part] };
const visited: Visited = {
  bucket: 0,
  slice: 0,
  resolution: 0,
  count: 0,
  positions: 0,
  squares: 0,
  targetCount: 0,
  targetHigh: 0,
  targetLow: 0,
};

export class NumberSketch {
  /** Weight of values of buckets that could not be opened; in no cell. */
  overflow = 0;
  /** Sum of the squared weights of the values in cells. */
  weightSquares = 0;
  #resolution: Resolution;
  /** Clears those low bits of a key that the resolution does not tell apart. */
  #keyMask: number;
  readonly #mostSliced: number;
  #table: CellTable;

  /**
   * @param resolution that it begins with
   * @param capacity for cells, see `CellTable`
   * @param most cells with which it is less fine than it could be
   */
  constructor(resolution: Resolution = sliceBits, capacity = leastCapacity, most = mostSliced) {
    this.#resolution = resolution;
    this.#keyMask = maskOf(resolution);
    this.#mostSliced = most;
    this.#table = new CellTable(capacity);
  }

  get resolution(): Resolution {
    return this.#resolution;
  }

  get capacity(): number {
    return this.#table.capacity;
  }

  get cells(): number {
    return this.#table.cells;
  }

  /** Forgets everything but how large it is. */
  clear(resolution: Resolution): void {
    this.overflow = 0;
    this.weightSquares = 0;
    this.#resolution = resolution;
    this.#keyMask = maskOf(resolution);
    this.#table.clear();
  }

  /**
   * Adds a finite number.
   * @param weight what it counts for, as `quantisedWeight` has it
   * @param target of the event that it is a value of
   * @param cut of a sketch that is cut: between which edges it lies
   */
  add(value: number, weight = 1, target: Readonly<TargetSum> = noTarget, cut = 0): void {
    locate(value);
    const at = this.#placeOf(located.bucket * bucketKeys + this.#keyInBucket(value, cut));
    if (at < 0) {
      this.overflow += weight;
      return;
    }
    this.weightSquares += weight === 1 ? 1 : squaredWeight(weight);
    const { sums } = this.#table;
    const position = located.position;
    const square = position * position;
    sums[at + 1] = (sums[at + 1] as number) + weight;
    sums[at + 2] = (sums[at + 2] as number) + position * weight;
    sums[at + 3] = (sums[at + 3] as number) + (weight === 1 ? square : Math.round(square * weight));
    if (target.count !== 0) this.#table.addTarget(at, target.count, target.high, target.low);
  }

  /** @param value that was located last */
  #keyInBucket(value: number, cut: number): number {
    if (this.#resolution === 0) return 0;
    return this.#resolution === "cut" ? cut : sliceOfLocated(value);
  }

  /** Where the cell of a key begins, which is opened if need be; -1 when there is no room. */
  #placeOf(exactKey: number): number {
    const key = exactKey & this.#keyMask;
    const at = this.#table.find(key);
    return at < 0 ? this.#open(key) : at;
  }

  #open(key: number): number {
    const { cells } = this.#table;
    if (cells >= this.#mostSliced && this.#resolution !== "cut" && this.#resolution > 0) {
      this.coarsen(this.#resolution - 1);
      return this.#placeOf(key);
    }
    return cells < maxCells ? this.#table.open(key) : -1;
  }

  /**
   * Adds everything of another sketch to this one.
   * @throws RangeError where one of them is cut and the other is not
   */
  merge(other: NumberSketch): void {
    const [mine, theirs] = [this.#resolution, other.#resolution];
    if ((mine === "cut") !== (theirs === "cut")) throw new RangeError(`a sketch of ${theirs} cannot be added to one of ${mine}`);
    if (theirs !== "cut") this.coarsen(theirs);
    this.overflow += other.overflow;
    this.weightSquares += other.weightSquares;
    const from = other.#table;
    if (this.cells + from.cells <= maxCells) {
      for (let at = 0; at < from.cells * cellWidth; at += cellWidth) this.#mergeCell(from, at);
      return;
    }
    // Where there is not room for all, the order decides who finds some: that of the values then.
    for (const at of from.sortedPlaces()) this.#mergeCell(from, at);
  }

  #mergeCell(from: CellTable, fromAt: number): void {
    this.#addTo(this.#placeOf(from.sums[fromAt] as number), from, fromAt);
  }

  /** @param at where a cell of this begins; below 0 there is no room for it */
  #addTo(at: number, from: CellTable, fromAt: number): void {
    if (at < 0) {
      this.overflow += from.sums[fromAt + 1] as number;
      return;
    }
    const { sums } = this.#table;
    for (let part = 1; part < cellWidth; part++) {
      sums[at + part] = (sums[at + part] as number) + (from.sums[fromAt + part] as number);
    }
    if (from.targets.length > 0) this.#table.addTargetOf(at, from, fromAt);
  }

  /** Takes neighbouring slices together, where its resolution is finer than this. One that is cut stays as it is. */
  coarsen(resolution: number): void {
    if (this.#resolution === "cut" || this.#resolution <= resolution) return;
    const finer = this.#table;
    this.#resolution = resolution;
    this.#keyMask = maskOf(resolution);
    this.#table = new CellTable(finer.capacity);
    for (let at = 0; at < finer.cells * cellWidth; at += cellWidth) this.#mergeCell(finer, at);
  }

  /** The same, cut at edges that no cell reaches across. */
  cutAt(edges: readonly number[]): NumberSketch {
    const result = new NumberSketch("cut", this.capacity, this.#mostSliced);
    result.overflow = this.overflow;
    result.weightSquares = this.weightSquares;
    for (const at of this.#table.sortedPlaces()) {
      const cell = this.#visitedAt(at);
      const place = result.#placeOf(cell.bucket * bucketKeys + binOf(edges, cellUpper(cell)));
      result.#addTo(place, this.#table, at);
    }
    return result;
  }

  /** In the cells that panes of these bins have, so that squares of a cell are rounded where theirs are. */
  asPanesHave({ given, parts }: Pick<NumericBins, "given" | "parts">): NumberSketch {
    if (given) return this.#resolution === "cut" ? this : this.cutAt(parts);
    if (this.#resolution === 0) return this;
    const coarse = this.copy();
    coarse.coarsen(0);
    return coarse;
  }

  copy(): NumberSketch {
    const copy = new NumberSketch(this.#resolution, this.capacity, this.#mostSliced);
    copy.merge(this);
    return copy;
  }

  /** The weight of the values in cells. */
  count(): number {
    const { sums, cells } = this.#table;
    let total = 0;
    for (let at = 0; at < cells * cellWidth; at += cellWidth) total += sums[at + 1] as number;
    return total;
  }

  totalTargets(): TargetSum {
    const total = new TargetSum();
    if (this.#table.targets.length === 0) return total;
    this.visit(({ targetCount: count, targetHigh: high, targetLow: low }) => total.add({ count, high, low }));
    return total;
  }

  /** The cells in ascending order of their values. */
  sorted(): Cell[] {
    return Array.from(this.#table.sortedPlaces(), (at) => ({ ...this.#visitedAt(at) }));
  }

  /** Shows the cells in no order: every time the same object, as there are many of them. */
  visit(see: (cell: Cell) => void): void {
    const { cells } = this.#table;
    for (let at = 0; at < cells * cellWidth; at += cellWidth) see(this.#visitedAt(at));
  }

  #visitedAt(at: number): Cell {
    const { sums, targets } = this.#table;
    const key = sums[at] as number;
    visited.bucket = Math.floor(key / bucketKeys);
    visited.slice = key - visited.bucket * bucketKeys;
    visited.resolution = this.#resolution;
    visited.count = sums[at + 1] as number;
    visited.positions = sums[at + 2] as number;
    visited.squares = sums[at + 3] as number;
    const has = targets.length > 0;
    const place = (at / cellWidth) * targetWidth;
    visited.targetCount = has ? (targets[place] as number) : 0;
    visited.targetHigh = has ? (targets[place + 1] as number) : 0;
    visited.targetLow = has ? (targets[place + 2] as number) : 0;
    return visited;
  }

  /** A sketch of cells, all of which have this resolution. */
  static of(cells: readonly Cell[], resolution: Resolution, overflow: number, weightSquares: number): NumberSketch {
    const sketch = new NumberSketch(resolution, capacityFor(cells.length));
    const table = sketch.#table;
    for (const cell of cells) {
      const at = table.open(cell.bucket * bucketKeys + cell.slice);
      for (const [part, name] of valueParts.entries()) table.sums[at + 1 + part] = cell[name];
      if (cell.targetCount !== 0) table.addTarget(at, cell.targetCount, cell.targetHigh, cell.targetLow);
    }
    sketch.overflow = overflow;
    sketch.weightSquares = weightSquares;
    return sketch;
  }

  encode(writer: Writer): void {
    writer.amount(this.overflow);
    writer.amount(this.weightSquares);
    writer.unsigned(this.#resolution === "cut" ? cutCode : this.#resolution);
    this.#table.encode(writer, -this.#keyMask);
  }

  /** @param most as of the constructor: it is not written, as it follows from what a sketch is for */
  static decode(reader: Reader, most = mostSliced): NumberSketch {
    const [overflow, weightSquares] = [reader.amount(), reader.amount()];
    const code = reader.unsigned();
    if (code > cutCode) throw new RangeError(`a resolution of ${code}`);
    const sketch = new NumberSketch(code === cutCode ? "cut" : code, 0, most);
    sketch.overflow = overflow;
    sketch.weightSquares = weightSquares;
    sketch.#table = CellTable.decode(reader, -sketch.#keyMask, maxCells);
    return sketch;
  }
}

function maskOf(resolution: Resolution): number {
  return resolution === "cut" ? -1 : -slicesOf(resolution);
}

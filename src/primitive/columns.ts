// Numbers by bin in several columns: what a pane keeps of each bin, as a view of a part of an array, which may hold other numbers
// beside them (a typed array costs as much memory as 25 numbers). They add up and subtract exactly; sums that are too long for one
// number are pairs of columns, a high part and a rest that stays within its unit.
//
// Encoded: bins whose first column is 0 have nothing in any other and are skipped; of the others each column is written as
// integers of as many bits as the largest needs, in units of the largest power of two that divides them all, or not at all
// where it is 0 or as the first column.
import type { Reader, Writer } from "./bytes.ts";
import { highestBit, lowestBit } from "./double.ts";

/** Which columns there are. The first is the count: where it is 0 so are all others. */
export interface Layout {
  readonly columns: number;
  /** Pairs of columns that are one sum: `high` counts units of the rest, which is the next column, in [0, unit). */
  readonly pairs: readonly { readonly high: number; readonly unit: number }[];
}

export class Columns {
  readonly bins: number;
  readonly #values: Float64Array;
  /** Where they begin. */
  readonly #at: number;
  readonly #layout: Layout;

  /**
   * @param values which have them, column by column; zeros where there are none yet
   * @param at where they begin
   */
  constructor(layout: Layout, bins: number, values: Float64Array = new Float64Array(layout.columns * bins), at = 0) {
    this.#layout = layout;
    this.bins = bins;
    this.#values = values;
    this.#at = at;
  }

  /** A view of all columns, one behind the other. */
  get values(): Float64Array {
    return this.#values.subarray(this.#at, this.#at + this.#layout.columns * this.bins);
  }

  /**
   * What `named` said.
   * @param names which column each name is of
   * @throws RangeError where an array is not as long as that of the first column
   */
  static of<Name extends string>(
    layout: Layout,
    names: Readonly<Record<Name, number>>,
    arrays: Readonly<Record<NoInfer<Name>, readonly number[]>>,
  ): Columns {
    const entries = (Object.keys(names) as Name[]).map((name) => [name, names[name], arrays[name]] as const);
    const columns = new Columns(layout, entries.find(([, index]) => index === 0)?.[2].length ?? 0);
    for (const [name, index, array] of entries) {
      if (array.length !== columns.bins) throw new RangeError(`${name} has ${array.length} bins`);
      columns.column(index).set(array);
    }
    return columns;
  }

  /** All columns as plain numbers. @param names which column each name is of */
  named<Name extends string>(names: Readonly<Record<Name, number>>): Record<Name, number[]> {
    const entries = (Object.keys(names) as Name[]).map((name) => [name, [...this.column(names[name])]] as const);
    return Object.fromEntries(entries) as Record<Name, number[]>;
  }

  /** A view of one column. */
  column(index: number): Float64Array {
    const from = this.#at + index * this.bins;
    return this.#values.subarray(from, from + this.bins);
  }

  /** By bin: the sums whose high parts are in a column, in `unit`s, and whose rests are in the next. */
  pair(high: number, unit: number): Float64Array {
    const rests = this.column(high + 1);
    return this.column(high).map((part, bin) => part * unit + (rests[bin] as number));
  }

  /** Adds to a sum that is a pair of columns. @param rest in [0, unit) */
  addPair(high: number, unit: number, bin: number, amount: number, rest: number): void {
    addToPair(this.#values, this.#at + high * this.bins + bin, this.bins, unit, amount, rest);
  }

  /** Adds to a number that is no part of a pair. */
  add(column: number, bin: number, amount: number): void {
    const at = this.#at + column * this.bins + bin;
    this.#values[at] = (this.#values[at] as number) + amount;
  }

  /** Adds all of another of the same layout and bins. */
  merge(other: Columns): void {
    if (other.bins !== this.bins) throw new RangeError(`${other.bins} bins cannot be added to ${this.bins}`);
    const [into, from] = [this.#values, other.#values];
    const [at, fromAt] = [this.#at, other.#at];
    const numbers = this.#layout.columns * this.bins;
    for (let index = 0; index < numbers; index++)
      into[at + index] = (into[at + index] as number) + (from[fromAt + index] as number);
    for (const { high, unit } of this.#layout.pairs) this.#carry(high, unit);
  }

  /** Brings rests back into their unit. */
  #carry(high: number, unit: number): void {
    const values = this.#values;
    for (let at = this.#at + high * this.bins, end = at + this.bins; at < end; at++) {
      const rest = values[at + this.bins] as number;
      if (rest >= 0 && rest < unit) continue;
      const carried = Math.floor(rest / unit);
      values[at + this.bins] = rest - carried * unit;
      values[at] = (values[at] as number) + carried;
    }
  }

  encode(writer: Writer): void {
    const filled = this.#findFilled();
    writer.unsigned(this.bins);
    for (let bin = 0; bin < this.bins; bin++) writer.bits(this.#values[this.#at + bin] === 0 ? 0 : 1, 1);
    writer.endBits();
    for (let column = 0; column < this.#layout.columns; column++) this.#encodeColumn(column, filled, writer);
  }

  /** Puts the bins whose first column is not 0 into `places`. @returns how many there are */
  #findFilled(): number {
    makeRoom(this.bins);
    let filled = 0;
    for (let bin = 0; bin < this.bins; bin++) if (this.#values[this.#at + bin] !== 0) places[filled++] = bin;
    return filled;
  }

  #encodeColumn(column: number, filled: number, writer: Writer): void {
    const from = this.#at + column * this.bins;
    let [zero, counted] = [true, column > 0];
    for (let index = 0; index < filled; index++) {
      const bin = places[index] as number;
      const number = this.#values[from + bin] as number;
      numbers[index] = number;
      if (number !== 0) zero = false;
      if (number !== this.#values[this.#at + bin]) counted = false;
    }
    if (zero) writer.unsigned(form.zero);
    else if (counted) writer.unsigned(form.counts);
    else writeNumbers(filled, writer);
  }

  static decode(layout: Layout, reader: Reader): Columns {
    const columns = new Columns(layout, encodedBins(reader));
    columns.#combine(reader, 1);
    return columns;
  }

  /** Adds what was encoded (or, with the sign -1, takes it away) without making another one of it. */
  combineEncoded(reader: Reader, sign: 1 | -1): void {
    const bins = encodedBins(reader);
    if (bins !== this.bins) throw new RangeError(`${bins} bins`);
    this.#combine(reader, sign);
  }

  #combine(reader: Reader, sign: 1 | -1): void {
    makeRoom(this.bins);
    let filled = 0;
    for (let bin = 0; bin < this.bins; bin++) if (reader.bits(1) === 1) places[filled++] = bin;
    reader.endBits();
    for (let column = 0; column < this.#layout.columns; column++) this.#combineColumn(column, filled, reader, sign);
    for (const { high, unit } of this.#layout.pairs) this.#carry(high, unit);
  }

  #combineColumn(column: number, filled: number, reader: Reader, sign: 1 | -1): void {
    if (!readNumbers(filled, reader)) return;
    if (column === 0) counts.set(numbers.subarray(0, filled));
    const from = this.#at + column * this.bins;
    for (let index = 0; index < filled; index++) {
      const at = from + (places[index] as number);
      this.#values[at] = (this.#values[at] as number) + sign * (numbers[index] as number);
    }
  }
}

/**
 * Adds to a sum that is a pair of numbers.
 * @param at where its high part is; its rest, in [0, unit), is `width` further
 */
export function addToPair(values: Float64Array, at: number, width: number, unit: number, amount: number, rest: number): void {
  const sum = (values[at + width] as number) + rest;
  const carried = sum >= unit ? 1 : 0;
  values[at] = (values[at] as number) + amount + carried;
  values[at + width] = sum - carried * unit;
}

/** How a column is written, in the lowest bits of its first byte; above them the width of its integers. */
const form = { zero: 0, counts: 1, unsigned: 2, signed: 3 } as const;
const forms = 4;
/** Wider integers are written as doubles: their width is 0 then. */
const mostWidth = 52;
/** So are those of smaller units (subnormal numbers have such), of which one has no inverse that is a double. */
const leastExponent = -1023;
/** More than any configuration or reference has: a number of bins beyond is damage. */
const mostBins = 2 ** 20;

/** How many bins what follows has. */
function encodedBins(reader: Reader): number {
  const bins = reader.unsigned();
  if (bins > mostBins) throw new RangeError(`${bins} bins`);
  return bins;
}

/** The column at hand, without empty bins: which bins they are, its numbers, and those of the first column. */
let places = new Int32Array(0);
let numbers = new Float64Array(0);
let counts = new Float64Array(0);

function makeRoom(bins: number): void {
  if (bins <= places.length) return;
  places = new Int32Array(bins);
  numbers = new Float64Array(bins);
  counts = new Float64Array(bins);
}

/** Writes `numbers`, of which at least one is not 0. */
function writeNumbers(filled: number, writer: Writer): void {
  let exponent = Number.POSITIVE_INFINITY;
  let most = 0;
  let signed = false;
  for (let index = 0; index < filled; index++) {
    const number = numbers[index] as number;
    if (number === 0) continue;
    exponent = Math.min(exponent, lowestBit(number));
    most = Math.max(most, Math.abs(number));
    if (number < 0) signed = true;
  }
  const width = highestBit(most) - exponent + 1 + (signed ? 1 : 0);
  if (width > mostWidth || exponent < leastExponent) {
    writeFloats(filled, writer);
    return;
  }
  writer.unsigned((signed ? form.signed : form.unsigned) + width * forms);
  writer.integer(exponent);
  const factor = 2 ** -exponent;
  for (let index = 0; index < filled; index++) {
    const integer = (numbers[index] as number) * factor;
    writer.bits(signed ? zigzag(integer) : integer, width);
  }
  writer.endBits();
}

function writeFloats(filled: number, writer: Writer): void {
  writer.unsigned(form.unsigned);
  for (let index = 0; index < filled; index++) writer.float(numbers[index] as number);
}

function zigzag(integer: number): number {
  return integer >= 0 ? integer * 2 : -integer * 2 - 1;
}

/** Reads a column into `numbers`. @returns false where all of them are 0 */
function readNumbers(filled: number, reader: Reader): boolean {
  const code = reader.unsigned();
  if (code === form.zero) return false;
  if (code === form.counts) {
    numbers.set(counts.subarray(0, filled));
    return true;
  }
  const width = Math.floor(code / forms);
  const signed = code % forms === form.signed;
  const factor = width === 0 ? 1 : 2 ** reader.integer();
  for (let index = 0; index < filled; index++) {
    const integer = width === 0 ? reader.float() : reader.bits(width);
    numbers[index] = (signed ? (integer % 2 === 0 ? integer / 2 : -(integer + 1) / 2) : integer) * factor;
  }
  reader.endBits();
  return true;
}

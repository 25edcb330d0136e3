// Numbers by bin in several columns: what a pane keeps of each bin, in one array. They add up and subtract exactly; sums
// that are too long for one number are pairs of columns, a high part and a rest that stays within its unit.
//
// Encoded: bins whose first column is 0 have nothing in any other and are skipped; of the others each column is written as
// integers of the largest power of two that divides them all, or not at all where it is 0 or as the first column.
import type { Reader, Writer } from "./bytes.ts";

/** Which columns there are. The first is the count: where it is 0 so are all others. */
export interface Layout {
  readonly columns: number;
  /** Pairs of columns that are one sum: `high` counts units of the rest, which is the next column, in [0, unit). */
  readonly pairs: readonly { readonly high: number; readonly unit: number }[];
}

export class Columns {
  readonly bins: number;
  readonly values: Float64Array;
  readonly #layout: Layout;

  constructor(layout: Layout, bins: number) {
    this.#layout = layout;
    this.bins = bins;
    this.values = new Float64Array(layout.columns * bins);
  }

  /** A view of one column. */
  column(index: number): Float64Array {
    return this.values.subarray(index * this.bins, (index + 1) * this.bins);
  }

  /** By bin: the sums whose high parts are in a column, in `unit`s, and whose rests are in the next. */
  pair(high: number, unit: number): Float64Array {
    const rests = this.column(high + 1);
    return this.column(high).map((part, bin) => part * unit + (rests[bin] as number));
  }

  /** Adds to a sum that is a pair of columns. @param rest in [0, unit) */
  addPair(high: number, unit: number, bin: number, amount: number, rest: number): void {
    const at = high * this.bins + bin;
    const sum = (this.values[at + this.bins] as number) + rest;
    const carried = sum >= unit ? 1 : 0;
    this.values[at] = (this.values[at] as number) + amount + carried;
    this.values[at + this.bins] = sum - carried * unit;
  }

  /** Adds to a number that is no part of a pair. */
  add(column: number, bin: number, amount: number): void {
    const at = column * this.bins + bin;
    this.values[at] = (this.values[at] as number) + amount;
  }

  /** Adds all of another of the same layout and bins. */
  merge(other: Columns): void {
    this.#combine(other, 1);
  }

  /** Takes away what was merged before: what remains is as if it had never been. */
  subtract(other: Columns): void {
    this.#combine(other, -1);
  }

  #combine(other: Columns, sign: 1 | -1): void {
    if (other.bins !== this.bins) throw new RangeError(`${other.bins} bins cannot be added to ${this.bins}`);
    const into = this.values;
    const from = other.values;
    for (let at = 0; at < into.length; at++) into[at] = (into[at] as number) + sign * (from[at] as number);
    for (const { high, unit } of this.#layout.pairs) this.#carry(high, unit);
  }

  /** Brings rests back into their unit. */
  #carry(high: number, unit: number): void {
    const values = this.values;
    for (let at = high * this.bins, end = at + this.bins; at < end; at++) {
      const rest = values[at + this.bins] as number;
      if (rest >= 0 && rest < unit) continue;
      const carried = Math.floor(rest / unit);
      values[at + this.bins] = rest - carried * unit;
      values[at] = (values[at] as number) + carried;
    }
  }

  encode(writer: Writer): void {
    const present = this.#present();
    writer.unsigned(this.bins);
    writer.unsigned(present.length);
    let next = 0;
    for (const bin of present) {
      writer.unsigned(bin - next);
      next = bin + 1;
    }
    for (let column = 0; column < this.#layout.columns; column++) this.#encodeColumn(column, present, writer);
  }

  #present(): number[] {
    const present: number[] = [];
    for (let bin = 0; bin < this.bins; bin++) if (this.values[bin] !== 0) present.push(bin);
    return present;
  }

  #encodeColumn(column: number, present: readonly number[], writer: Writer): void {
    const numbers = present.map((bin) => this.values[column * this.bins + bin] as number);
    const counted = column > 0 && numbers.every((number, index) => number === this.values[present[index] as number]);
    if (numbers.every((number) => number === 0)) writer.unsigned(form.zero);
    else if (counted) writer.unsigned(form.counts);
    else writeNumbers(numbers, writer);
  }

  static decode(layout: Layout, reader: Reader): Columns {
    const bins = reader.unsigned();
    if (bins > mostBins) throw new RangeError(`${bins} bins`);
    const columns = new Columns(layout, bins);
    const present: number[] = [];
    for (let left = reader.unsigned(); left > 0; left--) present.push((present.at(-1) ?? -1) + 1 + reader.unsigned());
    for (let column = 0; column < layout.columns; column++) columns.#decodeColumn(column, present, reader);
    return columns;
  }

  #decodeColumn(column: number, present: readonly number[], reader: Reader): void {
    const written = reader.unsigned();
    const factor = written === form.unsigned || written === form.signed ? 2 ** reader.integer() : 1;
    const read = (bin: number): number => {
      if (written === form.zero) return 0;
      if (written === form.counts) return this.values[bin] as number;
      if (written === form.floats) return reader.float();
      return (written === form.signed ? reader.integer() : reader.unsigned()) * factor;
    };
    for (const bin of present) this.values[column * this.bins + bin] = read(bin);
  }
}

/** How a column is written. */
const form = { zero: 0, counts: 1, unsigned: 2, signed: 3, floats: 4 } as const;
/** Integers below this can be written with their sign. */
const mostInteger = 2 ** 52;
/** More than any configuration or reference has: a number of bins beyond is damage. */
const mostBins = 2 ** 20;
/** The finest fraction that integers are looked for in: rests of targets are multiples of it. */
const finestExponent = -24;

function writeNumbers(numbers: readonly number[], writer: Writer): void {
  const exponent = commonExponent(numbers);
  const integers = numbers.map((number) => number * 2 ** -exponent);
  if (!integers.every((integer) => Number.isInteger(integer) && Math.abs(integer) < mostInteger)) {
    writer.unsigned(form.floats);
    for (const number of numbers) writer.float(number);
    return;
  }
  const signed = integers.some((integer) => integer < 0);
  writer.unsigned(signed ? form.signed : form.unsigned);
  writer.integer(exponent);
  for (const integer of integers) {
    if (signed) writer.integer(integer);
    else writer.unsigned(integer);
  }
}

/** The exponent of the largest power of two, 2^-24 or above, that divides all these numbers, where there is one. */
function commonExponent(numbers: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const number of numbers) {
    if (number === 0) continue;
    let exponent = Math.min(least, Math.floor(Math.log2(Math.abs(number))));
    while (exponent > finestExponent && !Number.isInteger(number * 2 ** -exponent)) exponent -= 1;
    least = exponent;
  }
  return least;
}

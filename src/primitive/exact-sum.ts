// Exact sums of doubles of any size, in a table of sums: a number is split into digits of 24 bits, and each digit adds to its own
// sum. Whole numbers add without rounding, so no order can show; what is read is the sum of all that was added, rounded once.
import { highestBit } from "./double.ts";
import type { SumTable } from "./sum-table.ts";

const digitBits = 24;
const digitSize = 2 ** digitBits;
/** The digit of 2^0 has this number. */
const digitOfOne = 42;
/** How many numbers of a table a sum takes: the greatest double begins in the last digit. */
export const exactWidth = 85;

const least = 2 ** (-digitOfOne * digitBits);

const unitOf = Float64Array.from({ length: exactWidth }, (_, digit) => 2 ** ((digit - digitOfOne) * digitBits));

/** Exact sums beside each other that are added up before they go to a table: a digit is found without a search. */
export class ExactSums {
  readonly #digits: Float64Array;
  /** Of all that was added: the digits that may not be 0, of each sum. */
  #lowest = exactWidth;
  #highest = -1;

  constructor(size: number) {
    this.#digits = new Float64Array(size * exactWidth);
  }

  /**
   * Adds a double to one of the sums. Exact as long as fewer than 2^29 were added; of values, what lies below 2^-1008 is cut off.
   * @param value finite; others add nothing
   */
  add(sum: number, value: number): void {
    if (!Number.isFinite(value) || Math.abs(value) < least) return;
    const isUsual = Math.abs(value) < digitSize;
    const first = isUsual ? digitOfOne : Math.floor(highestBit(value) / digitBits) + digitOfOne;
    const digits = this.#digits;
    const base = sum * exactWidth;
    let digit = first;
    // Counted in units of the digit, so that each further one is a product: all of it is exact.
    for (let rest = value / (unitOf[first] as number); rest !== 0 && digit >= 0; digit--) {
      const whole = Math.trunc(rest);
      digits[base + digit] = (digits[base + digit] as number) + whole;
      rest = (rest - whole) * digitSize;
    }
    if (first > this.#highest) this.#highest = first;
    if (digit < this.#lowest) this.#lowest = digit + 1;
  }

  /** Adds the first doubles of an array to one of the sums, as `add` does each. */
  addAll(sum: number, values: Float64Array, size: number): void {
    for (let at = 0; at < size; at++) this.add(sum, values[at] as number);
  }

  /** Adds the sums to those that take the numbers from `base` on, and begins anew. */
  moveTo(table: SumTable, base: number): void {
    for (let from = 0; from < this.#digits.length; from += exactWidth) {
      for (let digit = this.#lowest; digit <= this.#highest; digit++) {
        const whole = this.#digits[from + digit] as number;
        if (whole === 0) continue;
        table.add(base + from + digit, whole);
        this.#digits[from + digit] = 0;
      }
    }
    this.#lowest = exactWidth;
    this.#highest = -1;
  }
}

const single = new ExactSums(1);

/** Adds a double to the sum that takes the numbers from `base` on. @param value as `ExactSums` takes it */
export function addExact(table: SumTable, base: number, value: number): void {
  single.add(0, value);
  single.moveTo(table, base);
}

const digits = new Float64Array(exactWidth);

/** The digits of a sum that takes the numbers from `base` on, from the lowest that is not 0 to the highest, and the place of the lowest. */
export function exactDigits(table: SumTable, base: number): { readonly lowest: number; readonly digits: readonly number[] } {
  const all = Array.from({ length: exactWidth }, (_, digit) => table.at(base + digit));
  const lowest = Math.max(
    0,
    all.findIndex((digit) => digit !== 0),
  );
  return { lowest, digits: all.slice(lowest, all.findLastIndex((digit) => digit !== 0) + 1) };
}

/** The sum that takes the numbers from `base` on, to the nearest double or its neighbour. */
export function exactSum(table: SumTable, base: number): number {
  let carry = 0;
  for (let digit = 0; digit < exactWidth; digit++) {
    const all = table.at(base + digit) + carry;
    carry = Math.round(all / digitSize);
    digits[digit] = all - carry * digitSize;
  }
  let sum = 0;
  // A digit less, as the greatest double is a little less than what its own digits begin with.
  for (let digit = exactWidth - 1; digit >= 0; digit--) {
    sum += (digits[digit] as number) * ((unitOf[digit] as number) / digitSize);
  }
  return carry === 0 ? sum * digitSize : carry * Number.POSITIVE_INFINITY;
}

// Sums of doubles without rounding: compared with rational arithmetic on big integers.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addExact, ExactSums, exactSum, exactWidth } from "../../src/primitive/exact-sum.ts";
import { SumTable } from "../../src/primitive/sum-table.ts";

const lowestExponent = 1074;

/** A double as a whole number of 2^-1074. */
function units(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const size = exponent === 0 ? fraction : (fraction | (1n << 52n)) << BigInt(exponent - 1);
  return bits >> 63n === 1n ? -size : size;
}

const ordinary = fc.double({ noNaN: true, min: -1e30, max: 1e30 }).filter((value) => value === 0 || Math.abs(value) > 1e-200);

function sumOf(values: readonly number[]): SumTable {
  const table = new SumTable();
  for (const value of values) addExact(table, 5, value);
  return table;
}

describe("exact sums", () => {
  test("that are added up beside each other have the same digits as if each value had been looked up", () => {
    const any = fc.oneof(fc.double(), fc.double({ min: -40, max: 40 }), fc.constantFrom(0, -0, 2 ** 24, -(2 ** 24), 2 ** -1000));
    const value = fc.record({ sum: fc.nat(2), value: any });
    const property = fc.property(fc.array(fc.array(value, { maxLength: 20 }), { maxLength: 4 }), (rounds) => {
      const [beside, single] = [new SumTable(), new SumTable()];
      const sums = new ExactSums(3);
      for (const values of rounds) {
        for (const { sum, value } of values) {
          sums.add(sum, value);
          addExact(single, 5 + sum * exactWidth, value);
        }
        sums.moveTo(beside, 5);
        expect(beside.entries()).toEqual(single.entries());
      }
    });
    fc.assert(property, { numRuns: 1000 });
  });

  test("are the sum of all, rounded once", () => {
    fc.assert(
      fc.property(fc.array(ordinary, { maxLength: 40 }), (values) => {
        const exact = values.reduce((sum, value) => sum + units(value), 0n);
        const own = units(exactSum(sumOf(values), 5));
        const error = own > exact ? own - exact : exact - own;
        const size = exact < 0n ? -exact : exact;
        // Half a unit in the last place is 2^-53 of the value; one more for the digits that are added up.
        expect(error * (1n << 51n) <= size).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("cancel without a rest", () => {
    const table = sumOf([1e300, 1, 2 ** -900, -1e300, -1]);
    expect(exactSum(table, 5)).toBe(2 ** -900);
    addExact(table, 5, -(2 ** -900));
    expect(exactSum(table, 5)).toBe(0);
    expect(table.isZero).toBe(true);
  });

  test("have the same digits in any order", () => {
    fc.assert(
      fc.property(fc.array(ordinary, { maxLength: 40 }), (values) => {
        expect(sumOf([...values].reverse()).entries()).toEqual(sumOf(values).entries());
      }),
    );
  });

  test("take numbers of any size, and nothing that is not one", () => {
    for (const value of [Number.MAX_VALUE, -Number.MAX_VALUE, 2 ** -1000, Math.PI, -1 / 3, 2 ** 53 + 2]) {
      const table = sumOf([value]);
      expect(exactSum(table, 5)).toBe(value);
      for (const [key] of table.entries()) expect(key >= 5 && key < 5 + exactWidth).toBe(true);
    }
    const nothing = sumOf([Number.NaN, Number.POSITIVE_INFINITY, 0, -0, 2 ** -lowestExponent]);
    expect(nothing.entries()).toEqual([]);
  });

  test("of too much is infinite", () => {
    const table = new SumTable();
    for (let times = 0; times < 4; times++) addExact(table, 0, Number.MAX_VALUE);
    expect(exactSum(table, 0)).toBe(Number.POSITIVE_INFINITY);
  });
});

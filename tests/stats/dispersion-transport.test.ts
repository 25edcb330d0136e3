// Deviations in bins of some masses, carried over to the same bins of other masses.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rankPolynomials, transported } from "../../src/stats/dispersion-transport.ts";

const masses = (bins: number) =>
  fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: bins, maxLength: bins }).map((values) => {
    const sum = values.reduce((total, value) => total + value, 0);
    return Float64Array.from(values, (value) => value / sum);
  });
const pairs = fc.integer({ min: 2, max: 20 }).chain((bins) => fc.tuple(masses(bins), masses(bins)));
const inner = (shares: Float64Array, one: Float64Array, other: Float64Array): number =>
  shares.reduce((sum, share, bin) => sum + share * (one[bin] as number) * (other[bin] as number), 0);

/** Of multinomial counts, by one event: diag(p) - p p'. */
const covariance = (p: Float64Array): Float64Array[] =>
  Array.from(p, (one, row) => p.map((other, column) => (row === column ? one : 0) - one * other));

describe("polynomials in midranks", () => {
  test("are orthonormal, of any masses", () => {
    fc.assert(
      fc.property(pairs, ([shares]) => {
        const { values } = rankPolynomials(shares);
        values.forEach((one, degree) => {
          values.forEach((other, at) => {
            expect(Math.abs(inner(shares, one, other) - (degree === at ? 1 : 0))).toBeLessThan(1e-9);
          });
        });
      }),
    );
  });

  test("of two halves are 1 and -1, 1; empty bins have none of their own", () => {
    const [constant, slope] = rankPolynomials(Float64Array.of(0.5, 0.5)).values;
    expect([...(constant as Float64Array)]).toEqual([1, 1]);
    expect([...(slope as Float64Array)]).toEqual([-1, 1]);
    const { values } = rankPolynomials(Float64Array.of(0.5, 0, 0.5));
    expect([...(values[1] as Float64Array)]).toEqual([-1, 0, 1]);
    expect([...(values[2] as Float64Array)]).toEqual([0, 0, 0]);
  });
});

describe("deviations carried over", () => {
  test("to the same masses stay, and keep their sum of 0 in any case", () => {
    fc.assert(
      fc.property(pairs, ([from, to]) => {
        const deviation = Float64Array.from(from, (share, bin) => share - (bin === 0 ? 1 : 0));
        const stayed = transported(deviation, rankPolynomials(from), rankPolynomials(from));
        stayed.forEach((value, bin) => {
          expect(Math.abs(value - (deviation[bin] as number))).toBeLessThan(1e-9);
        });
        const moved = transported(deviation, rankPolynomials(from), rankPolynomials(to));
        expect(Math.abs(moved.reduce((sum, value) => sum + value, 0))).toBeLessThan(1e-9);
      }),
    );
  });

  test("have the covariance of independent events in the bins that they are carried to", () => {
    fc.assert(
      fc.property(pairs, ([from, to]) => {
        const [own, polynomials] = [rankPolynomials(from), rankPolynomials(to)];
        // T C T', first the rows, then the columns.
        const rows = covariance(from).map((row) => transported(row, own, polynomials));
        const both = Array.from(to, (_, column) =>
          transported(
            Float64Array.from(rows, (row) => row[column] as number),
            own,
            polynomials,
          ),
        );
        covariance(to).forEach((row, at) => {
          row.forEach((value, column) => {
            expect(Math.abs((both[at]?.[column] as number) - value)).toBeLessThan(1e-9);
          });
        });
      }),
    );
  });
});

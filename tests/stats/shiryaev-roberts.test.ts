// The recursion of Shiryaev and Roberts: against the sum that it stands for, without logarithms; and its false alarms.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../src/source/simulator/random.ts";
import { logMean, mostLogEvidence, shiryaevRoberts } from "../../src/stats/shiryaev-roberts.ts";

const start = Number.NEGATIVE_INFINITY;
const logEvidenceOf = (values: readonly number[]): number =>
  values.reduce((logEvidence, value) => shiryaevRoberts(logEvidence, Math.log(value)), start);

describe("evidence", () => {
  test("is the sum, over all panes a change may have come at, of the products since", () => {
    const value = fc.double({ min: 0.1, max: 5, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 20 }), (values) => {
        const sum = values.reduce((all, _, from) => all + values.slice(from).reduce((product, one) => product * one, 1), 0);
        expect(Math.exp(logEvidenceOf(values)) / sum).toBeCloseTo(1, 10);
      }),
    );
  });

  test("of one pane is its value; of panes that say nothing, their number", () => {
    expect(logEvidenceOf([0.25])).toBeCloseTo(Math.log(0.25), 15);
    expect(logEvidenceOf([1, 1, 1, 1, 1])).toBeCloseTo(Math.log(5), 15);
  });

  test("is neither lost nor endless, whatever comes", () => {
    expect(shiryaevRoberts(start, -1e6)).toBe(-1e6);
    expect(shiryaevRoberts(-1e6, 3)).toBe(3);
    expect(shiryaevRoberts(40, 1e6)).toBe(mostLogEvidence);
    expect(shiryaevRoberts(mostLogEvidence, -20)).toBeCloseTo(mostLogEvidence - 20, 12);
  });
});

describe("mean", () => {
  test("of several kinds of evidence", () => {
    expect(logMean(Float64Array.of(Math.log(2), Math.log(6)))).toBeCloseTo(Math.log(4), 15);
    expect(logMean(Float64Array.of(start, Math.log(6)))).toBeCloseTo(Math.log(3), 15);
    expect(logMean(Float64Array.of(start, start))).toBe(start);
    expect(logMean(Float64Array.of(-2000, -2000))).toBe(-2000);
  });
});

test("a false alarm at M >= A comes after A panes or more, on average", () => {
  const [wanted, runs] = [200, 400];
  const random = new Random(3);
  let panes = 0;
  for (let run = 0; run < runs; run++) {
    for (let logEvidence = start; logEvidence < Math.log(wanted); panes++) {
      // The likelihood ratio of two normal laws one half apart, of values of the first: its mean is exactly 1.
      logEvidence = shiryaevRoberts(logEvidence, random.normal() / 2 - 1 / 8);
    }
  }
  // It steps over A, so that it comes a little later; the standard error is a twentieth.
  expect(panes / runs).toBeGreaterThan(wanted);
  expect(panes / runs).toBeLessThan(2 * wanted);
});

// Tails of distributions against values of 30 and more digits by mpmath, over grids that reach to 1e-300.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { andersonDarlingLimitSurvival } from "../../src/stats/anderson-darling-law.ts";
import { betaOrder } from "../../src/stats/beta-order.ts";
import { chiSquareSurvival, chiSquareUpperQuantile } from "../../src/stats/chi-square.ts";
import { fSurvival, studentSurvival } from "../../src/stats/f.ts";
import { normalSurvival, normalUpperQuantile } from "../../src/stats/normal.ts";
import { weightedChiSquareSurvival } from "../../src/stats/weighted-chi-square.ts";

/** Each row: the arguments, then the expected probability. */
interface Tails {
  readonly chiSquare: readonly (readonly [x: number, degrees: number, noncentrality: number, p: number])[];
  readonly normal: readonly (readonly [z: number, p: number])[];
  readonly f: readonly (readonly [x: number, numerator: number, denominator: number, p: number])[];
  readonly betaBinomial: readonly (readonly [least: number, of: number, a: number, b: number, p: number])[];
  readonly weightedChiSquare: readonly (readonly [x: number, weights: readonly number[], p: number])[];
  readonly andersonDarlingLimit: readonly (readonly [x: number, p: number])[];
}

const path = new URL("../data/distributions/tails.json", import.meta.url);
const tails = JSON.parse(readFileSync(path, "utf8")) as Tails;

const deviation = (own: number, expected: number): number => Math.abs(own / expected - 1);
const worst = (deviations: readonly number[]): number => {
  expect(deviations.length).toBeGreaterThan(8);
  return Math.max(...deviations);
};

describe("relative deviation of tails", () => {
  test("chi-square: degrees of freedom 0.3 to 300", () => {
    const central = tails.chiSquare.filter(([, , noncentrality]) => noncentrality === 0);
    expect(Math.min(...central.map(([, , , p]) => p))).toBeLessThan(1e-250);
    expect(worst(central.map(([x, degrees, , p]) => deviation(chiSquareSurvival(x, degrees), p)))).toBeLessThan(1e-12);
  });

  test("noncentral chi-square: noncentrality up to 1e5", () => {
    const noncentral = tails.chiSquare.filter(([, , noncentrality]) => noncentrality > 0);
    expect(Math.max(...noncentral.map(([, , noncentrality]) => noncentrality))).toBe(1e5);
    const deviations = noncentral.map(([x, degrees, noncentrality, p]) =>
      deviation(chiSquareSurvival(x, degrees, noncentrality), p),
    );
    expect(worst(deviations)).toBeLessThan(1e-11);
  });

  test("normal", () => {
    expect(worst(tails.normal.map(([z, p]) => deviation(normalSurvival(z), p)))).toBeLessThan(1e-12);
  });

  test("F with 1, 4 and 30 degrees in the numerator", () => {
    expect(worst(tails.f.map(([x, one, other, p]) => deviation(fSurvival(x, one, other), p)))).toBeLessThan(1e-12);
  });

  test("beta-binomial, as the order of two beta variables", () => {
    const deviations = tails.betaBinomial.map(([least, of, a, b, p]) =>
      deviation(betaOrder({ successes: least, failures: of - least + 1 }, { successes: a, failures: b }), p),
    );
    expect(worst(deviations)).toBeLessThan(1e-12);
  });

  test("weighted sums of chi-squares", () => {
    const deviations = tails.weightedChiSquare.map(([x, weights, p]) => deviation(weightedChiSquareSurvival(x, weights), p));
    expect(worst(deviations)).toBeLessThan(1e-10);
  });

  test("Anderson-Darling's limit law", () => {
    const deviations = tails.andersonDarlingLimit.map(([x, p]) => deviation(andersonDarlingLimitSurvival(x), p));
    expect(worst(deviations)).toBeLessThan(1e-8);
  });
});

describe("what they have in common", () => {
  test("equal weights are a chi-square variable", () => {
    for (const degrees of [1, 2, 5, 19, 60, 300]) {
      const weights = new Float64Array(degrees).fill(0.25);
      for (const multiple of [0.01, 0.5, 0.999, 1, 1.5, 4]) {
        const expected = chiSquareSurvival(degrees * multiple, degrees);
        expect(deviation(weightedChiSquareSurvival((degrees * multiple) / 4, weights), expected)).toBeLessThan(1e-12);
      }
    }
  });

  test("the square of a normal variable is chi-square, and t tends to it", () => {
    for (const z of [0.3, 1, 4, 12]) {
      expect(deviation(2 * normalSurvival(z), chiSquareSurvival(z * z, 1))).toBeLessThan(1e-14);
      expect(deviation(studentSurvival(z, 1e9), normalSurvival(z))).toBeLessThan(1e-4);
      expect(studentSurvival(-z, 7) + studentSurvival(z, 7)).toBeCloseTo(1, 14);
      expect([studentSurvival(Number.POSITIVE_INFINITY, z + 1), studentSurvival(Number.NEGATIVE_INFINITY, z + 1)]).toEqual([
        0, 1,
      ]);
    }
  });

  test("quantiles are inverses", () => {
    for (const p of [1e-290, 1e-100, 1e-12, 0.001, 0.3, 0.5, 0.9, 0.999]) {
      expect(deviation(normalSurvival(normalUpperQuantile(p)), p)).toBeLessThan(1e-11);
      for (const degrees of [0.5, 1, 9, 200]) {
        expect(deviation(chiSquareSurvival(chiSquareUpperQuantile(p, degrees), degrees), p)).toBeLessThan(1e-10);
      }
    }
  });

  test("not a number in, not a number out", () => {
    expect(chiSquareSurvival(Number.NaN, 3)).toBeNaN();
    expect(chiSquareSurvival(1, 0)).toBeNaN();
    expect(chiSquareSurvival(1, 3, Number.NaN)).toBeNaN();
    expect(normalSurvival(Number.NaN)).toBeNaN();
    expect(fSurvival(Number.NaN, 1, 2)).toBeNaN();
    expect(weightedChiSquareSurvival(Number.NaN, [1])).toBeNaN();
    expect(weightedChiSquareSurvival(1, [])).toBeNaN();
  });

  test("ends", () => {
    expect(chiSquareSurvival(0, 3)).toBe(1);
    expect(chiSquareSurvival(Number.POSITIVE_INFINITY, 3)).toBe(0);
    expect(chiSquareSurvival(Number.POSITIVE_INFINITY, 3, 5)).toBe(0);
    expect(chiSquareSurvival(1e5, 3)).toBe(0);
    expect(chiSquareSurvival(1e5, 3, 10)).toBe(0);
    expect(normalUpperQuantile(0)).toBe(Number.POSITIVE_INFINITY);
    expect(normalUpperQuantile(1)).toBe(Number.NEGATIVE_INFINITY);
    expect(weightedChiSquareSurvival(0, [1])).toBe(1);
    expect(weightedChiSquareSurvival(1e9, [1])).toBe(0);
  });
});

// Pearson's dispersion of counts: known values, and what independent values have.
import { describe, expect, test } from "vitest";
import { random } from "../../bench/events.ts";
import { dispersionIndex } from "../../src/stats/dispersion-index.ts";

const panes = (...counts: readonly number[][]): Float64Array[] => counts.map((one) => Float64Array.from(one));

describe("known values", () => {
  test("of a table of two by two: chi-square over one degree of freedom", () => {
    // scipy.stats.chi2_contingency([[10, 20], [30, 40]], correction=False): 0.7936507936507936
    expect(dispersionIndex(panes([10, 20], [30, 40]))).toBeCloseTo(0.793_650_793_650_793_6, 12);
  });

  test("of panes that are alike: none", () => {
    expect(dispersionIndex(panes([5, 10, 15], [10, 20, 30]))).toBeCloseTo(0, 12);
  });

  test("empty panes and empty bins say nothing", () => {
    expect(dispersionIndex(panes([10, 0, 20], [0, 0, 0], [30, 0, 40]))).toBeCloseTo(0.793_650_793_650_793_6, 12);
  });

  test("one pane or one bin is not enough", () => {
    expect(dispersionIndex(panes([1, 2]))).toBeNaN();
    expect(dispersionIndex(panes([3, 0], [4, 0]))).toBeNaN();
    expect(dispersionIndex([])).toBeNaN();
  });
});

test("independent values have about 1, values that come in clusters of five have about 5", () => {
  const next = random(11);
  const drawn = (cluster: number) =>
    Array.from({ length: 400 }, () => {
      const counts = new Float64Array(8);
      for (let at = 0; at < 200 / cluster; at++) {
        const bin = Math.floor(8 * next());
        counts[bin] = (counts[bin] as number) + cluster;
      }
      return counts;
    });
  // 399 times 7 degrees of freedom: the standard deviation is 0.027.
  expect(Math.abs(dispersionIndex(drawn(1)) - 1)).toBeLessThan(0.15);
  expect(Math.abs(dispersionIndex(drawn(5)) / 5 - 1)).toBeLessThan(0.15);
});

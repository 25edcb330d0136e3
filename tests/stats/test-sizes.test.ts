// The simulation of test sizes: its draws are right, and the documented table is the one that it found.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { simulate } from "../../bench/test-sizes-cell.ts";
import { autoregressive, sharedByHour } from "../../bench/test-sizes-latent.ts";
import { type CellResult, insertTable, verdicts } from "../../bench/test-sizes-table.ts";
import { changed, clustered, independent, psiOf, seasonal } from "../../bench/test-sizes-traffic.ts";
import { Random } from "../../src/source/simulator/random.ts";
import { logGamma } from "../../src/stats/stirling.ts";

const traffics = [independent, clustered, seasonal, autoregressive, sharedByHour];

describe("draws", () => {
  test.each(traffics.map((traffic) => [traffic(10).name, traffic] as const))(
    "of %s: weights average to 1, and weighted bins to their shares",
    (_, traffic) => {
      const random = new Random(1);
      const draw = traffic(10).windows(1, "none", 0);
      const window = { bins: new Float64Array(10), hours: new Float64Array(24), weight: 0 };
      const many = 4000;
      const shares = new Float64Array(10);
      let weights = 0;
      for (let index = 0; index < many; index++) {
        draw(random, window);
        const events = window.bins.reduce((sum, count) => sum + count, 0);
        weights += window.weight / many;
        for (let bin = 0; bin < 10; bin++)
          shares[bin] = (shares[bin] as number) + (window.weight * (window.bins[bin] as number)) / events / many;
      }
      // A weight is at most 1 / 0.3, so the standard error of the mean is below 3.4 / (2 sqrt 4000) = 0.027.
      expect(Math.abs(weights - 1)).toBeLessThan(0.08);
      for (const share of shares) expect(Math.abs(share - 0.1)).toBeLessThan(0.02);
    },
  );

  test.each(traffics.map((traffic) => [traffic(10).name, traffic] as const))(
    "of %s at a boundary have the PSI that is asked for",
    (_, traffic) => {
      for (const direction of ["shift", "one up", "one down", "halves"] as const) {
        const random = new Random(2);
        const [draw, still] = [traffic(10).windows(24, direction, 0.1), traffic(10).windows(24, "none", 0)];
        const mean = (from: typeof draw): Float64Array => {
          const window = { bins: new Float64Array(10), hours: new Float64Array(24), weight: 0 };
          const sums = new Float64Array(10);
          for (let index = 0; index < 60; index++) {
            from(random, window);
            const events = window.bins.reduce((sum, count) => sum + count, 0);
            for (let bin = 0; bin < 10; bin++)
              sums[bin] = (sums[bin] as number) + (window.weight * (window.bins[bin] as number)) / events;
          }
          const total = sums.reduce((sum, share) => sum + share, 0);
          return sums.map((share) => share / total);
        };
        const found = psiOf(mean(still), mean(draw));
        expect(found).toBeGreaterThan(0.06);
        expect(found).toBeLessThan(0.15);
      }
    },
  );

  test("changes keep probabilities, and moving more changes more", () => {
    const p = new Float64Array(10).fill(0.1);
    for (const direction of ["shift", "one up", "one down", "halves"] as const) {
      const [less, more] = [changed(p, direction, 0.2), changed(p, direction, 0.4)];
      expect(less.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
      expect(psiOf(p, more)).toBeGreaterThan(psiOf(p, less));
    }
  });

  test("ln Gamma of half and of whole numbers", () => {
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 10);
    expect(logGamma(11)).toBeCloseTo(Math.log(3_628_800), 10);
  });
});

test("the same seed gives the same sizes", () => {
  for (const traffic of traffics) {
    const cell = { traffic, bins: 10, panes: 60, hours: 1, references: 2, windows: 3 };
    expect(simulate(cell, 3)).toEqual(simulate(cell, 3));
  }
});

describe("the documented table", () => {
  const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");
  const docs = read("docs/statistics.md");
  const results = read("bench/test-sizes.jsonl")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as CellResult);

  test("is the one of the results, of one version of the code", () => {
    expect(results.length).toBe(30);
    expect(new Set(results.map(({ code }) => code)).size).toBe(1);
    expect(insertTable(docs, results)).toBe(docs);
  });

  test("has no test that rejects more often than 1.2 times its level, or at 0.05 and 0.01 less than a third as often", () => {
    expect(verdicts(results)).toEqual([]);
  });
});

// Properties that all scores share, what each does at its ends, and references matched by the hour.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matchedParts, matchReference } from "../../src/stats/matched-reference.ts";
import { minEffect, minEffectSurvival } from "../../src/stats/min-effect.ts";
import { pearson } from "../../src/stats/pearson.ts";
import { type Sample, samplingScale, total } from "../../src/stats/sample.ts";
import { categoricalScores, independentPValues, methods, numericScores, type Scores } from "../../src/stats/scores.ts";
import type { NumericSample } from "../../src/stats/wasserstein.ts";
import { binnedNumbers } from "./binned-numbers.ts";

const edges = [-1, 0, 0.5, 3] as const;
const numbers = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 1, maxLength: 60 });
const accepted = 0.1;

const binned = (values: readonly number[]): NumericSample => binnedNumbers(values, edges);
const sample = (counts: ArrayLike<number>): Sample => ({ counts, size: total(counts) });
const numeric = (reference: NumericSample, window: NumericSample): Scores => numericScores(reference, window, edges, 1, accepted);

describe("scores", () => {
  test("of merged counts are bit for bit the same for any split", () => {
    fc.assert(
      fc.property(
        numbers,
        numbers,
        fc.array(fc.nat({ max: 4 }), { minLength: 60, maxLength: 60 }),
        (reference, window, panes) => {
          const whole = binned(window);
          const counts = new Float64Array(edges.length + 1);
          for (const pane of [3, 1, 4, 0, 2]) {
            const part = binned(window.filter((_, index) => panes[index] === pane));
            counts.forEach((count, bin) => {
              counts[bin] = count + (part.counts[bin] as number);
            });
          }
          // Sums are merged as integers where they are kept; here they are given.
          const merged = { ...whole, counts, size: total(counts) };
          expect(numeric(binned(reference), merged)).toStrictEqual(numeric(binned(reference), whole));
        },
      ),
    );
  });

  test("are in their ranges, and 0 for equal samples", () => {
    fc.assert(
      fc.property(numbers, numbers, (one, other) => {
        const { effects } = numeric(binned(one), binned(other));
        for (const method of methods) expect(effects[method]).toBeGreaterThanOrEqual(0);
        for (const method of ["jensen_shannon", "hellinger", "total_variation", "kolmogorov_smirnov"] as const) {
          expect(effects[method]).toBeLessThanOrEqual(1 + 1e-12);
        }
        const same = numeric(binned(one), binned(one));
        for (const method of methods) expect(same.effects[method]).toBeLessThan(1e-7);
        expect(same.chiSquare.statistic).toBe(0);
        expect(same.andersonDarling).toBeLessThan(1e-20);
      }),
    );
  });

  test("distances of samples that have nothing in common are 1", () => {
    const { effects } = categoricalScores(sample([5, 0, 0]), sample([0, 7, 1]), false, accepted);
    for (const method of ["jensen_shannon", "hellinger", "total_variation"] as const) expect(effects[method]).toBeCloseTo(1, 14);
  });

  test("of weights that are all equal are those of the counts", () => {
    const [reference, window] = [binned([-3, 0.2, 0.3, 5, 7, 0.1]), binned([0.3, 4, 4, 8])];
    const scaled = (values: ArrayLike<number>): Float64Array => Float64Array.from(values, (value) => value / 4);
    const weighted = {
      counts: scaled(window.counts),
      parts: { ...window.parts, counts: scaled(window.parts.counts), offsets: scaled(window.parts.offsets) },
      size: 4,
    };
    const [plain, other] = [numeric(reference, window), numeric(reference, weighted)];
    for (const method of methods) expect(other.effects[method]).toBeCloseTo(plain.effects[method], 12);
    expect(other.chiSquare.statistic).toBeCloseTo(plain.chiSquare.statistic, 12);
    expect(other.andersonDarling).toBeCloseTo(plain.andersonDarling, 12);
  });

  test("without values are not a number, all of them", () => {
    for (const [reference, window] of [
      [[], [1]],
      [[1], []],
    ] as const) {
      const scores = numeric(binned(reference), binned(window));
      for (const method of methods) expect(scores.effects[method]).toBeNaN();
      for (const p of Object.values(independentPValues(scores, [0.7, 0.3]))) expect(p).toBeNaN();
    }
  });

  test("categories: PSI leaves out what the reference has never seen, the distances and X^2 do not", () => {
    const [reference, window] = [sample([60, 40, 0]), sample([30, 20, 50])];
    const scores = categoricalScores(reference, window, true, accepted);
    expect(scores.bins).toBe(2);
    expect(scores.samplingScale).toBeCloseTo(1 / 100 + 1 / 50, 15);
    expect(scores.effects.psi).toBeLessThan(1e-4);
    expect(scores.effects.total_variation).toBeCloseTo(0.5, 14);
    expect(scores.chiSquare.degreesOfFreedom).toBe(2);
    expect(pearson(reference, window, 2)).toBe(0);
    expect(scores.effects.kolmogorov_smirnov).toBeNaN();
    expect(independentPValues(scores, null).anderson_darling).toBeNaN();
  });
});

describe("minimum-effect test", () => {
  test("a greater accepted effect is less significant, none is the ordinary test", () => {
    const p = [0, 0.02, 0.1, 0.5].map((limit) => minEffectSurvival(minEffect(0.4, 10, 1 / 500, limit)));
    expect([...p].sort((a, b) => a - b)).toEqual(p);
    expect(minEffectSurvival(minEffect(Number.NaN, 10, 1, 0.1))).toBeNaN();
    expect(minEffectSurvival(minEffect(0.2, 1, 0.01, 0.1))).toBeNaN();
  });
});

describe("matched reference", () => {
  const byHour = Array.from({ length: 24 }, (_, hour) => Float64Array.of(100 + hour, 24 - hour, 5));
  const all = sample([0, 1, 2].map((bin) => byHour.reduce((sum, counts) => sum + (counts[bin] as number), 0)));
  const windowSize = 60;

  test("has the proportions of the window's hours, and its scale is 1/m + sum (m_h/m)^2 / n_h", () => {
    const windowByHour = new Float64Array(24);
    windowByHour[3] = 45;
    windowByHour[4] = 15;
    const matched = matchReference(byHour, all, windowByHour);
    const [n3, n4] = [total(byHour[3] as Float64Array), total(byHour[4] as Float64Array)];
    expect((matched.counts[0] as number) / matched.size).toBeCloseTo((0.75 * 103) / n3 + (0.25 * 104) / n4, 14);
    const window = sample([40, 15, 5]);
    expect(samplingScale(matched, window)).toBeCloseTo(1 / windowSize + 0.75 ** 2 / n3 + 0.25 ** 2 / n4, 14);
    expect(matched.uncoveredRatio).toBe(0);
  });

  test("of whole days in the reference's own proportions is the reference", () => {
    const matched = matchReference(
      byHour,
      all,
      byHour.map((counts) => total(counts)),
    );
    expect(matched.size).toBeCloseTo(all.size, 8);
    Array.from(matched.counts).forEach((count, bin) => {
      expect(count).toBeCloseTo(all.counts[bin] as number, 8);
    });
    const parts = { counts: [1, 2, 3, 4], offsets: [3, 2, 1, 0.5], offsetsWithin: [0, 0, 0, 0] };
    const { counts, offsets } = matchedParts(matched, all, parts, [0, 1, 1, 2]);
    for (const [part, count] of parts.counts.entries()) expect(counts[part]).toBeCloseTo(count, 10);
    expect(offsets[0]).toBeCloseTo(3, 10);
  });

  test("says how much of the window it knows nothing of", () => {
    const windowByHour = new Float64Array(24).fill(1);
    const holes = byHour.map((counts, hour) => (hour < 6 ? new Float64Array(3) : counts));
    expect(matchReference(holes, all, windowByHour).uncoveredRatio).toBeCloseTo(0.25, 14);
    expect(matchReference(holes, all, new Float64Array(24)).size).toBeNaN();
  });
});

// The test of a rate: against Fisher's exact test, its size by exact enumeration, and its directions.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Proportion, rateDifference, rateSurvival } from "../../src/stats/rate.ts";
import { logGamma } from "../../src/stats/stirling.ts";

const logChoose = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);

/** Binomial probabilities of 0 to n. */
function binomial(n: number, rate: number): number[] {
  return Array.from({ length: n + 1 }, (_, k) => Math.exp(logChoose(n, k) + k * Math.log(rate) + (n - k) * Math.log1p(-rate)));
}

/** Fisher's exact test, one-sided: the hypergeometric tail. */
function fisher(reference: Proportion, window: Proportion): number {
  const hits = reference.count + window.count;
  let sum = 0;
  for (let k = window.count; k <= Math.min(hits, window.size); k++) {
    if (hits - k > reference.size) continue;
    const logTable = logChoose(window.size, k) + logChoose(reference.size, hits - k);
    sum += Math.exp(logTable - logChoose(reference.size + window.size, hits));
  }
  return sum;
}

const sizes = fc.integer({ min: 1, max: 3000 });
const proportion = fc.tuple(sizes, fc.double({ min: 0, max: 1, noNaN: true })).map(([size, share]) => {
  return { size, count: Math.round(size * share) };
});

describe("without tolerance", () => {
  test("is Fisher's exact test", () => {
    fc.assert(
      fc.property(proportion, proportion, (reference, window) => {
        const expected = fisher(reference, window);
        const own = rateSurvival(reference, window, 0);
        if (expected > 1e-290) expect(Math.abs(own / expected - 1)).toBeLessThan(1e-8);
      }),
    );
  });

  test("reference without any: each value in the window counts", () => {
    // Of 10,000 and 500 values k hits all lie in the window: product of (500 - i) / (10500 - i).
    let expected = 1;
    for (let k = 1; k <= 30; k++) {
      expected *= (501 - k) / (10_501 - k);
      expect(rateSurvival({ count: 0, size: 10_000 }, { count: k, size: 500 }, 0) / expected).toBeCloseTo(1, 10);
    }
  });
});

describe("size", () => {
  /** By count in the reference and in the window. */
  function tableOf(n: number, m: number, tolerance: number): number[][] {
    return Array.from({ length: n + 1 }, (_, c) =>
      Array.from({ length: m + 1 }, (_, k) => rateSurvival({ count: c, size: n }, { count: k, size: m }, tolerance)),
    );
  }

  /** The probability of a p-value up to alpha. */
  function actual(table: number[][], ofReference: number[], ofWindow: number[], alpha: number): number {
    let sum = 0;
    table.forEach((row, c) => {
      row.forEach((p, k) => {
        if (p <= alpha) sum += (ofReference[c] as number) * (ofWindow[k] as number);
      });
    });
    return sum;
  }

  test.each([
    [40, 30, 0],
    [30, 90, 0],
    [60, 60, 0.02],
    [60, 60, 0.1],
    [30, 90, 0.02],
    [90, 30, 0.3],
  ])("of %i reference values, %i in the window, tolerance %f: at most nominal at any rate", (n, m, tolerance) => {
    const table = tableOf(n, m, tolerance);
    for (const rate of [0.001, 0.01, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65]) {
      const [ofReference, ofWindow] = [binomial(n, rate), binomial(m, rate + tolerance)];
      for (const alpha of [0.05, 0.01, 1e-4, 1e-6]) {
        expect(actual(table, ofReference, ofWindow, alpha)).toBeLessThanOrEqual(alpha);
      }
    }
  });
});

describe("clumps of different size", () => {
  // Users come as a Poisson process, each with so many hits at once: the law of their sum by Panjer's recursion (1981).
  const users = 7;
  const hitsOfUser = [0, 0.55, 0.15, 0.08, 0.06, 0.05, 0.04, 0.03, 0.02, 0.01, 0.01];
  const moment = (power: number): number => hitsOfUser.reduce((sum, share, hits) => sum + share * hits ** power, 0);
  const [size, law] = [1000, [Math.exp(-users)]];
  for (let count = 1; count < 300; count++) {
    let sum = 0;
    for (const [hits, share] of hitsOfUser.entries()) sum += hits * share * (law[count - hits] ?? 0);
    law.push((users / count) * sum);
  }
  const reference = { count: moment(1) * users * 1000, size: size * 1000 };
  const dispersion = moment(2) / moment(1);
  const rejected = (level: number, clump: number): number => {
    const significant = (count: number): boolean => rateSurvival(reference, { count, size }, 0, dispersion, clump) < level;
    return law.reduce((sum, probability, count) => sum + (significant(count) ? probability : 0), 0) / level;
  };

  test.each([1e-2, 1e-4, 1e-6])("keep the size at %d, where the dispersion alone does not far out", (level) => {
    expect(rejected(level, moment(3) / moment(2))).toBeLessThan(1.5);
    expect(rejected(level, dispersion)).toBeGreaterThan(level < 1e-5 ? 4 : 0.5);
  });

  test("of one size are as the dispersion says", () => {
    const window = { count: 40, size };
    expect(rateSurvival(reference, window, 0.01, 3, 3)).toBe(rateSurvival(reference, window, 0.01, 3));
    expect(rateSurvival(reference, window, 0, 3, 2)).toBe(rateSurvival(reference, window, 0, 3));
  });
});

describe("direction", () => {
  const tolerance = fc.constantFrom(0, 0.001, 0.02, 0.3);

  test("more in the window is never less significant", () => {
    fc.assert(
      fc.property(proportion, proportion, tolerance, (reference, window, tolerated) => {
        fc.pre(window.count < window.size);
        const p = rateSurvival(reference, window, tolerated);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
        const more = { ...window, count: window.count + 1 };
        expect(rateSurvival(reference, more, tolerated)).toBeLessThanOrEqual(p * (1 + 1e-9));
      }),
    );
  });

  test("more in the reference, or a greater tolerance, is never more significant", () => {
    fc.assert(
      fc.property(proportion, proportion, (reference, window) => {
        fc.pre(reference.count < reference.size);
        const p = rateSurvival(reference, window, 0);
        const more = { ...reference, count: reference.count + 1 };
        expect(rateSurvival(more, window, 0)).toBeGreaterThanOrEqual(p * (1 - 1e-9));
        expect(rateSurvival(reference, window, 0.01)).toBeGreaterThanOrEqual(p * (1 - 1e-9));
      }),
    );
  });

  test("dispersion weakens the evidence as if so many values were one", () => {
    const [reference, window] = [
      { count: 40, size: 4000 },
      { count: 80, size: 2000 },
    ];
    const expected = rateSurvival({ count: 10, size: 1000 }, { count: 20, size: 500 }, 0);
    expect(rateSurvival(reference, window, 0, 4)).toBeCloseTo(expected, 14);
    expect(rateSurvival(reference, window, 0)).toBeLessThan(expected);
  });

  test("within the tolerance nothing is significant; without data there is no p-value", () => {
    expect(rateSurvival({ count: 10, size: 1000 }, { count: 15, size: 1000 }, 0.01)).toBeGreaterThan(0.5);
    expect(rateSurvival({ count: 10, size: 1000 }, { count: 0, size: 1000 }, 0)).toBe(1);
    expect(rateSurvival({ count: 0, size: 0 }, { count: 1, size: 10 }, 0)).toBeNaN();
    expect(rateDifference({ count: 1, size: 10 }, { count: 3, size: 10 })).toBeCloseTo(0.2, 15);
    expect(rateDifference({ count: 1, size: 10 }, { count: 0, size: 0 })).toBeNaN();
  });
});

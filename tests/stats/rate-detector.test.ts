// The detector of risen rates, and Wilson's limit that it begins from: known values, run lengths without drift, directions.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mix, Random } from "../../src/source/simulator/random.ts";
import { createRateDetector, type RateBaseline, rateBaseline, stepRateDetector } from "../../src/stats/rate-detector.ts";
import { wilsonUpperLimit } from "../../src/stats/wilson.ts";

describe("Wilson's limit", () => {
  test("is that of published intervals", () => {
    // R. G. Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
    expect(wilsonUpperLimit({ count: 81, size: 263 }, 0.025)).toBeCloseTo(0.3662, 4);
    expect(wilsonUpperLimit({ count: 15, size: 148 }, 0.025)).toBeCloseTo(0.1605, 4);
    expect(wilsonUpperLimit({ count: 0, size: 20 }, 0.025)).toBeCloseTo(0.1611, 4);
    expect(wilsonUpperLimit({ count: 1, size: 29 }, 0.025)).toBeCloseTo(0.1718, 4);
  });

  test("solves (rate - limit)^2 = z^2 limit (1 - limit) / n", () => {
    const limit = wilsonUpperLimit({ count: 12.5, size: 1000 }, 0.001);
    // z: the upper 0.001 quantile of the standard normal distribution.
    expect((limit - 0.0125) ** 2).toBeCloseTo((3.090_232_306 ** 2 * limit * (1 - limit)) / 1000, 12);
  });

  test("of nothing is not known", () => {
    expect(wilsonUpperLimit({ count: 0, size: 0 }, 0.001)).toBeNaN();
  });
});

describe("baseline", () => {
  test("is the limit of as many values as the reference is worth, and the tolerance", () => {
    const expected = wilsonUpperLimit({ count: 10, size: 1000 }, 0.001) + 0.01;
    expect(rateBaseline({ count: 40, size: 4000 }, 0.01, 4)).toEqual({ rate: expected, temper: 4 });
    expect(rateBaseline({ count: 10, size: 1000 }, 0.01, 0.5)).toEqual({ rate: expected, temper: 1 });
  });

  test.each([
    ["an empty reference", { count: 0, size: 0 }, 0.01],
    ["a rate that cannot be exceeded", { count: 100, size: 100 }, 0.01],
  ])("of %s: steps change nothing", (_, reference, tolerance) => {
    const detector = createRateDetector();
    const baseline = rateBaseline(reference, tolerance, 1);
    expect(stepRateDetector(detector, { count: 10, size: 10 }, baseline)).toBe(Number.NEGATIVE_INFINITY);
    expect(detector).toEqual(createRateDetector());
  });
});

/** One value of a pane's evidence by the formula with both rates: (p1/p0)^hits ((1 - p1)/(1 - p0))^rest. */
function likelihoodRatio(hits: number, rest: number, rate: number, odds: number): number {
  const raised = (odds * rate) / (1 - rate + odds * rate);
  return (raised / rate) ** hits * ((1 - raised) / (1 - rate)) ** rest;
}

describe("a step", () => {
  test("adds the likelihood ratios of raised odds", () => {
    const detector = createRateDetector();
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const first = [1.5, 2.5, 5, 15].map((odds) => likelihoodRatio(3, 7, 0.1, odds));
    const second = first.map((before, at) => (1 + before) * likelihoodRatio(1, 4, 0.2, [1.5, 2.5, 5, 15][at] as number));
    expect(stepRateDetector(detector, { count: 3, size: 10 }, { rate: 0.1, temper: 1 })).toBeCloseTo(Math.log(mean(first)), 12);
    expect(stepRateDetector(detector, { count: 1, size: 5 }, { rate: 0.2, temper: 1 })).toBeCloseTo(Math.log(mean(second)), 12);
  });

  test("takes values that are all the same for one", () => {
    const [plain, tempered] = [createRateDetector(), createRateDetector()];
    for (const count of [0, 3, 1, 6]) {
      const expected = stepRateDetector(plain, { count, size: 12 }, { rate: 0.05, temper: 1 });
      expect(stepRateDetector(tempered, { count: 4 * count, size: 48 }, { rate: 0.05, temper: 4 })).toBeCloseTo(expected, 12);
    }
  });

  test("takes no notice of a pane without values", () => {
    const detector = createRateDetector();
    const baseline = { rate: 0.05, temper: 1 };
    const before = stepRateDetector(detector, { count: 2, size: 9 }, baseline);
    const state = detector.slice();
    expect(stepRateDetector(detector, { count: 0, size: 0 }, baseline)).toBe(before);
    expect(detector).toEqual(state);
  });

  test("has a mean of at most 1 at any accepted rate: sum over all panes of so many values", () => {
    const share = fc.double({ min: 0.001, max: 0.9, noNaN: true });
    fc.assert(
      fc.property(share, fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 12 }), (rate, part, size) => {
        const [truth, baseline] = [rate * part, { rate, temper: 1 }];
        let [mean, probability] = [0, (1 - truth) ** size];
        for (let count = 0; count <= size; count++) {
          mean += probability * Math.exp(stepRateDetector(createRateDetector(), { count, size }, baseline));
          probability *= ((size - count) / (count + 1)) * (truth / (1 - truth));
        }
        expect(mean).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });

  test("grows with the hits and falls with the accepted rate", () => {
    fc.assert(
      fc.property(fc.nat({ max: 20 }), fc.double({ min: 0.001, max: 0.5, noNaN: true }), (count, rate) => {
        const step = (hits: number, accepted: number): number =>
          stepRateDetector(createRateDetector(), { count: hits, size: 21 }, { rate: accepted, temper: 1 });
        expect(step(count + 1, rate)).toBeGreaterThan(step(count, rate));
        expect(step(count, rate * 1.1)).toBeLessThan(step(count, rate));
      }),
    );
  });
});

/** Panes until M reaches a threshold. */
function panesUntil(threshold: number, rate: number, values: number, baseline: RateBaseline, random: Random): number {
  const detector = createRateDetector();
  for (let pane = 1; ; pane++) {
    let count = 0;
    for (let value = 0; value < values; value++) count += random.chance(rate) ? 1 : 0;
    if (stepRateDetector(detector, { count, size: values }, baseline) >= Math.log(threshold)) return pane;
  }
}

test("M >= 200 comes after 200 panes or more on average, where the rate is just what is accepted", () => {
  const runs = Array.from({ length: 200 }, (_, run) =>
    panesUntil(200, 0.03, 17, { rate: 0.03, temper: 1 }, new Random(mix(2, run))),
  );
  expect(runs.reduce((sum, one) => sum + one, 0) / runs.length).toBeGreaterThan(200);
});

test("a rate of 20 % where the reference had none is found in a few minutes, at one false alarm in 57 years", () => {
  const baseline = rateBaseline({ count: 0, size: 28_000 }, 0.01, 1);
  expect(panesUntil(3e7, 0.2, 17, baseline, new Random(8))).toBeLessThanOrEqual(8);
});

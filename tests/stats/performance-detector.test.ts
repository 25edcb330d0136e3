// The detector of worse predictions: its bets by hand and as a martingale, what sums say of a law, panes, references, run lengths.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mix, Random } from "../../src/source/simulator/random.ts";
import { type BoundedLaw, lawOfMoments, lawOfRate, withWorst } from "../../src/stats/bounded-law.ts";
import { type ExponentialBets, exponentialBets } from "../../src/stats/exponential-bets.ts";
import { normalUpperQuantile } from "../../src/stats/normal.ts";
import {
  createPerformanceDetector,
  isPerformanceDetector,
  type LossSums,
  type PerformanceBaseline,
  performanceBaseline,
  stepPerformanceDetector,
} from "../../src/stats/performance-detector.ts";
import { wilsonUpperLimit } from "../../src/stats/wilson.ts";

const start = Number.NEGATIVE_INFINITY;
const betsOf = (baseline: PerformanceBaseline): ExponentialBets => baseline.bets as ExponentialBets;
const errorsOf = (sum: number, size: number): LossSums => ({ size, sum, squares: sum });
const sumsOf = (values: readonly number[]): LossSums => {
  return {
    size: values.length,
    sum: values.reduce((all, x) => all + x, 0),
    squares: values.reduce((all, x) => all + x * x, 0),
  };
};

/** By bet, the e-value of one label. */
function valuesOf({ linear, square, constant }: ExponentialBets, x: number): number[] {
  return Array.from(linear, (by, at) => Math.exp(by * x + (square[at] as number) * x * x + (constant[at] as number)));
}

function meanUnder({ values, weights }: BoundedLaw, of: (x: number) => number): number {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return values.reduce((all, x, at) => all + ((weights[at] as number) * of(x)) / sum, 0);
}

const equally = (values: readonly number[], size: number): BoundedLaw => {
  return { values: Float64Array.from(values), weights: new Float64Array(values.length).fill(size / values.length), size };
};

/** Of a law with the given quantiles, in cells, divided by the 99 % quantile and clipped at 1. */
function clipped(quantile: (upperShare: number) => number): number[] {
  const most = quantile(0.01);
  return Array.from({ length: 200 }, (_, cell) => Math.min(1, quantile(1 - (cell + 0.5) / 200) / most));
}

const share = fc.double({ min: 0.001, max: 0.95, noNaN: true });
const losses = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 12 });

describe("what sums say of a law", () => {
  test("is its mean, its mean square and no more: two values", () => {
    // Mean 0.2 and variance 0.04: 1 with 0.04 / (0.64 + 0.04) = 1/17, else 0.2 - 0.04 / 0.8 = 0.15.
    const law = lawOfMoments(0.2, 0.08, 340);
    expect(law.values[0]).toBeCloseTo(0.15, 12);
    expect(law.values[1]).toBe(1);
    expect(law.weights[0]).toBeCloseTo(320, 10);
    expect(law.weights[1]).toBeCloseTo(20, 10);
  });

  test("of errors is all: those that were made and those that were not", () => {
    const law = lawOfMoments(0.05, 0.05, 1000);
    expect(law.values[0]).toBeCloseTo(0, 12);
    expect(law.weights[1]).toBeCloseTo(50, 10);
  });

  test("has the greatest mean of e^(t x) of all laws with these sums", () => {
    fc.assert(
      fc.property(losses, fc.double({ min: 0.01, max: 10, noNaN: true }), (values, tilt) => {
        const { size, sum, squares } = sumsOf(values);
        fc.pre(sum < size);
        const greatest = meanUnder(lawOfMoments(sum / size, squares / size, size), (x) => Math.exp(tilt * x));
        const own = meanUnder(equally(values, size), (x) => Math.exp(tilt * x));
        expect(own).toBeLessThanOrEqual(greatest * (1 + 1e-9));
      }),
    );
  });

  test("one more observation of the worst value, in units of what the law is taken for", () => {
    const law = withWorst(lawOfRate(40, 800), 200);
    expect(law).toEqual({ values: Float64Array.of(0, 1, 1), weights: Float64Array.of(760, 40, 4), size: 201 });
  });
});

describe("bets against a rate", () => {
  const law = lawOfRate(49, 999);
  const baseline = performanceBaseline(law, 0, 1);
  const limit = wilsonUpperLimit({ count: 50, size: 1000 }, 0.01);

  test("are likelihood ratios of greater odds, against the upper limit of the rate", () => {
    const { linear, square, constant } = betsOf(baseline);
    linear.forEach((logOdds, at) => {
      expect(constant[at]).toBeCloseTo(-Math.log(1 + (Math.exp(logOdds) - 1) * limit), 10);
      expect(square[at]).toBeCloseTo(0, 15);
    });
  });

  test("are right for rates of a given information", () => {
    const information = Array.from(betsOf(baseline).linear, (logOdds) => {
      const raised = (0.05 * Math.exp(logOdds)) / (0.95 + 0.05 * Math.exp(logOdds));
      return raised * Math.log(raised / 0.05) + (1 - raised) * Math.log((1 - raised) / 0.95);
    });
    [0.001, 0.006, 0.04, 0.25].forEach((wanted, at) => {
      expect(information[at]).toBeCloseTo(wanted, 9);
    });
  });

  test("have a mean of exactly 1 at the limit and less below: sum over all panes of so many labels", () => {
    fc.assert(
      fc.property(share, fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 12 }), (rate, part, size) => {
        const one = performanceBaseline(lawOfRate(rate * 500, 500), 0, 1);
        const most = wilsonUpperLimit({ count: rate * 500 + 1, size: 501 }, 0.01);
        const mean = (truth: number): number => {
          let [all, probability] = [0, (1 - truth) ** size];
          for (let count = 0; count <= size; count++) {
            const evidence = stepPerformanceDetector(createPerformanceDetector(), errorsOf(count, size), one);
            all += probability * Math.exp(evidence);
            probability *= ((size - count) / (count + 1)) * (truth / (1 - truth));
          }
          return all;
        };
        expect(mean(most)).toBeCloseTo(1, 8);
        expect(mean(most * part)).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });

  test("accept a tolerance in standard deviations, or what is not known of the reference, whichever is more", () => {
    const rate = 50 / 1000;
    const many = lawOfRate(49_999, 999_999);
    for (const [tolerance, accepted] of [
      [0.02, rate + 0.02 * Math.sqrt(rate * (1 - rate))],
      [0.1, 1.1 * rate],
    ] as const) {
      const { linear, constant } = betsOf(performanceBaseline(many, tolerance, 1));
      linear.forEach((logOdds, at) => {
        expect(constant[at]).toBeCloseTo(-Math.log(1 + (Math.exp(logOdds) - 1) * accepted), 10);
      });
    }
    expect(betsOf(performanceBaseline(law, 0.001, 1))).toEqual(betsOf(performanceBaseline(law, 0, 1)));
  });
});

describe("bets against losses", () => {
  test("have a mean of at most 1 under the reference and whatever is no greater", () => {
    fc.assert(
      fc.property(losses, losses, (values, factors) => {
        const baseline = performanceBaseline(equally(values, 200), 0, 1);
        fc.pre(baseline.bets !== null);
        const smaller = values.map((x, at) => x * (factors[at % factors.length] as number));
        for (const bet of [0, 1, 2, 3]) {
          const mean = (of: readonly number[]): number =>
            of.reduce((sum, x) => sum + (valuesOf(betsOf(baseline), x)[bet] as number), 0) / of.length;
          expect(mean(values)).toBeLessThan(1);
          expect(mean(smaller)).toBeLessThan(1);
        }
      }),
    );
  });

  test("grow with the loss, from 0 to 1", () => {
    const part = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(losses, part, part, (values, one, other) => {
        const baseline = performanceBaseline(equally(values, 200), 0, 1);
        fc.pre(baseline.bets !== null);
        const [less, more] = [valuesOf(betsOf(baseline), Math.min(one, other)), valuesOf(betsOf(baseline), Math.max(one, other))];
        more.forEach((value, bet) => {
          expect(value).toBeGreaterThanOrEqual((less[bet] as number) * (1 - 1e-12));
        });
      }),
    );
  });

  test("look at usual losses where few are great, and at great ones where losses are normal", () => {
    const curvature = (law: BoundedLaw): number => {
      const { linear, square } = exponentialBets(withWorst(law, law.size), 0.01, 0);
      const tilt = (linear[0] as number) + (square[0] as number);
      return -(square[0] as number) / tilt;
    };
    expect(
      curvature(
        equally(
          clipped((upper) => Math.exp(normalUpperQuantile(upper))),
          30_000,
        ),
      ),
    ).toBeCloseTo(1, 10);
    expect(
      curvature(
        equally(
          clipped((upper) => normalUpperQuantile(upper / 2)),
          30_000,
        ),
      ),
    ).toBeCloseTo(-1, 10);
    expect(curvature(lawOfMoments(0.2, 0.08, 30_000))).toBeCloseTo(0, 10);
  });

  test("are right in 99 of 100 references", () => {
    const quantile = (upper: number): number => Math.min(1, Math.exp(normalUpperQuantile(upper)) / 10.24);
    const truth = equally(
      Array.from({ length: 4000 }, (_, cell) => quantile(1 - (cell + 0.5) / 4000)),
      1,
    );
    const wrong = Array.from({ length: 500 }, (_, run) => {
      const random = new Random(mix(4, run));
      const drawn = Array.from({ length: 300 }, () => Math.min(1, random.logNormal(1, 1) / 10.24));
      const { linear, square, constant } = betsOf(performanceBaseline(equally(drawn, 300), 0, 1));
      const at = 1;
      const value = (x: number): number =>
        Math.exp((linear[at] as number) * x + (square[at] as number) * x * x + (constant[at] as number));
      return Number(meanUnder(truth, value) > 1);
    }).reduce((sum, one) => sum + one, 0);
    // 5 are expected, with a standard deviation of 2.2.
    expect(wrong).toBeLessThanOrEqual(11);
  });
});

describe("a reference", () => {
  test.each([
    ["that is empty", lawOfRate(0, 0)],
    ["in which all were errors", lawOfRate(100, 100)],
    ["whose losses are all 1", equally([1, 1, 1], 300)],
  ])("%s: steps change nothing", (_, law) => {
    const detector = createPerformanceDetector();
    expect(stepPerformanceDetector(detector, errorsOf(10, 10), performanceBaseline(law, 0, 1))).toBe(start);
    expect(detector).toEqual(createPerformanceDetector());
  });

  test("without an error has a limit all the same", () => {
    const baseline = performanceBaseline(lawOfRate(0, 10_000), 0, 1);
    for (const value of valuesOf(betsOf(baseline), 1)) expect(value).toBeGreaterThan(1);
    for (const value of valuesOf(betsOf(baseline), 0)) expect(value).toBeLessThan(1);
  });

  test("counts for fewer labels where these depend on each other", () => {
    const [one, other] = [performanceBaseline(lawOfRate(40, 4000), 0, 4), performanceBaseline(lawOfRate(10, 1000), 0, 0.5)];
    betsOf(one).constant.forEach((constant, at) => {
      expect(constant).toBeCloseTo(betsOf(other).constant[at] as number, 12);
    });
    expect([one.temper, other.temper]).toEqual([4, 1]);
  });
});

describe("a step", () => {
  const baseline = performanceBaseline(equally([0.05, 0.1, 0.2, 0.4, 1], 5000), 0, 1);

  test("takes the product over labels, whatever their order, into each bet's evidence", () => {
    const detector = createPerformanceDetector();
    const products = (values: readonly number[]): number[] =>
      [0, 1, 2, 3].map((bet) => values.reduce((all, x) => all * (valuesOf(betsOf(baseline), x)[bet] as number), 1));
    const [first, second] = [products([0.3, 0, 0.9]), products([0.25, 1])];
    stepPerformanceDetector(detector, sumsOf([0.9, 0.3, 0]), baseline);
    const evidence = stepPerformanceDetector(detector, sumsOf([1, 0.25]), baseline);
    const expected = second.map((value, bet) => value * (1 + (first[bet] as number)));
    detector.forEach((log, bet) => {
      expect(Math.exp(log)).toBeCloseTo(expected[bet] as number, 10);
    });
    expect(Math.exp(evidence)).toBeCloseTo(expected.reduce((sum, value) => sum + value, 0) / 4, 10);
  });

  test("takes labels that are all the same for one", () => {
    const tempered = { ...baseline, temper: 4 };
    const [plain, of4] = [createPerformanceDetector(), createPerformanceDetector()];
    for (const values of [[0.1], [0.7, 1], [0.2, 0.2, 0.9]]) {
      const { size, sum, squares } = sumsOf(values);
      const expected = stepPerformanceDetector(plain, { size, sum, squares }, baseline);
      const found = stepPerformanceDetector(of4, { size: 4 * size, sum: 4 * sum, squares: 4 * squares }, tempered);
      expect(found).toBeCloseTo(expected, 12);
    }
  });

  test("counts panes that had no labels, up to a day of minutes", () => {
    const evidenceAfter = (panes: number): number => {
      const detector = createPerformanceDetector();
      stepPerformanceDetector(detector, sumsOf([0.4]), baseline);
      stepPerformanceDetector(detector, sumsOf([0.6]), baseline, panes);
      return Math.exp(detector[0] as number);
    };
    const [first, second] = [0.4, 0.6].map((x) => valuesOf(betsOf(baseline), x)[0] as number) as [number, number];
    expect(evidenceAfter(1)).toBeCloseTo(second * (1 + first), 10);
    expect(evidenceAfter(30)).toBeCloseTo(second * (30 + first), 10);
    expect(evidenceAfter(100_000)).toBeCloseTo(second * (1440 + first), 8);
  });

  test("takes no notice of a pane without labels", () => {
    const detector = createPerformanceDetector();
    const before = stepPerformanceDetector(detector, sumsOf([0.2, 0.8]), baseline);
    const state = detector.slice();
    expect(stepPerformanceDetector(detector, sumsOf([]), baseline)).toBe(before);
    expect(detector).toEqual(state);
  });

  test("begins anew after its evidence is taken away", () => {
    const detector = createPerformanceDetector();
    const first = stepPerformanceDetector(detector, sumsOf([1, 1, 1]), baseline);
    detector.fill(start);
    expect(stepPerformanceDetector(detector, sumsOf([1, 1, 1]), baseline)).toBe(first);
    expect(isPerformanceDetector(detector)).toBe(true);
    expect(isPerformanceDetector(detector.slice(1))).toBe(false);
  });
});

/** Panes until M reaches a threshold. */
function panesUntil(threshold: number, draw: () => number, labels: number, baseline: PerformanceBaseline): number {
  const detector = createPerformanceDetector();
  for (let pane = 1; ; pane++) {
    const values = Array.from({ length: labels }, draw);
    if (stepPerformanceDetector(detector, sumsOf(values), baseline) >= Math.log(threshold)) return pane;
  }
}

test.each([1, 7, 200])(
  "M >= 100 comes after 100 panes or more on average, at the limit of the rate, with %i labels each",
  (labels) => {
    const baseline = performanceBaseline(lawOfRate(50, 1000), 0, 1);
    const limit = wilsonUpperLimit({ count: 51, size: 1001 }, 0.01);
    const runs = Array.from({ length: 100 }, (_, run) => {
      const random = new Random(mix(6, run));
      return panesUntil(100, () => Number(random.chance(limit)), labels, baseline);
    });
    expect(runs.reduce((sum, one) => sum + one, 0) / runs.length).toBeGreaterThan(100);
  },
);

test("every second label an error, where one in twenty was, is found in a few minutes at one false alarm in 57 years", () => {
  const random = new Random(9);
  const baseline = performanceBaseline(lawOfRate(1500, 30_000), 0, 1);
  expect(panesUntil(3e7, () => Number(random.chance(0.5)), 7, baseline)).toBeLessThanOrEqual(8);
});

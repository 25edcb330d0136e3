// The detector of changed histograms: values by hand, what changes nothing, run lengths without drift, and that it finds drift.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Categories } from "../../bench/test-sizes-sampling.ts";
import { binsOfNormal, changed, normalEdges, psiOf } from "../../bench/test-sizes-traffic.ts";
import { mix, Random } from "../../src/source/simulator/random.ts";
import {
  createHistogramDetector,
  type HistogramBaseline,
  histogramBaseline,
  isDetectorOf,
  orderOf,
  stepHistogramDetector,
} from "../../src/stats/histogram-detector.ts";
import { logTolerantBet } from "../../src/stats/tolerant-bet.ts";

const uniform = (bins: number): Float64Array => new Float64Array(bins).fill(1 / bins);
const known = (proportions: Float64Array, reach: number, temper = 1): HistogramBaseline => {
  return { proportions, reach, temper, foreseen: new Float64Array(0) };
};

function draw(random: Random, categories: Categories, values: number): Float64Array {
  const counts = new Float64Array(categories.probabilities.length);
  categories.add(random, values, counts);
  return counts;
}

describe("baseline", () => {
  test("smooths proportions, and reaches as far as is accepted and unknown", () => {
    const { proportions, reach, temper } = histogramBaseline({ counts: [100, 300], size: 400 }, 0.02, 4);
    // Jeffreys: (100 + 1/2) / (400 + 1). The upper 0.001 quantile of chi-square with one degree of freedom: 10.8276.
    expect(Array.from(proportions)).toEqual([expect.closeTo(100.5 / 401, 14), expect.closeTo(300.5 / 401, 14)]);
    expect(reach).toBeCloseTo(Math.sqrt(0.02) + Math.sqrt((10.8276 * 4) / 400), 5);
    expect(temper).toBe(4);
  });

  test("of weighted counts is as large as these are worth; no overdispersion is below that of independent values", () => {
    const weighted = histogramBaseline({ counts: [200, 600], size: 400 }, 0.02, 0.5);
    expect(weighted).toEqual(histogramBaseline({ counts: [100, 300], size: 400 }, 0.02, 1));
  });

  test.each([
    ["an empty reference", { counts: [0, 0, 0], size: 0 }],
    ["a single bin", { counts: [50], size: 50 }],
  ])("of %s: steps change nothing", (_, reference) => {
    const detector = createHistogramDetector(reference.counts.length);
    const pane = reference.counts.map(() => 10);
    expect(stepHistogramDetector(detector, pane, 1, histogramBaseline(reference, 0.02, 1))).toBe(Number.NEGATIVE_INFINITY);
    expect(detector).toEqual(createHistogramDetector(reference.counts.length));
  });
});

describe("a step", () => {
  test("bets on the panes before, mixed with 100 observations like the reference", () => {
    const baseline = known(uniform(2), 0.01);
    const detector = createHistogramDetector(2);
    expect(stepHistogramDetector(detector, [30, 10], 1, baseline)).toBe(Number.NEGATIVE_INFINITY);
    expect(Array.from(detector.past)).toEqual([60, 20]);
    stepHistogramDetector(detector, [5, 3], 1, baseline);
    const bet = logTolerantBet(Float64Array.of(160 / 140, 120 / 140), baseline, 1) as Float64Array;
    expect(detector.logEvidence.at(-1)).toBeCloseTo(5 * (bet[0] as number) + 3 * (bet[1] as number), 12);
    // The 40 observations of the first pane have faded by the 8 of the second: 2^(-8/500).
    expect(detector.past[0]).toBeCloseTo(60 * 2 ** (-8 / 500) + 10, 12);
  });

  test("half of what is past is forgotten after 500 observations, in one pane or in many", () => {
    const baseline = known(uniform(2), 0.01);
    const detector = createHistogramDetector(2);
    detector.past.set([1000, 0]);
    for (let pane = 0; pane < 50; pane++) stepHistogramDetector(detector, [0, 10], 1, baseline);
    expect(detector.past[0]).toBeCloseTo(500, 9);
  });

  test("remembers values relative to the reference of their own pane", () => {
    const [morning, evening] = [Float64Array.of(0.1, 0.2, 0.7), Float64Array.of(0.6, 0.3, 0.1)];
    const detector = createHistogramDetector(3);
    for (const law of [morning, evening, morning]) {
      const counts = law.map((share) => 100 * share);
      stepHistogramDetector(detector, counts, 1, known(law, 0.01));
    }
    // As all came as their references, the past is that of any reference: the same in each bin.
    for (const observations of detector.past) expect(observations).toBeCloseTo(detector.past[0] as number, 10);
  });

  test("takes no notice of a pane without values", () => {
    const baseline = known(uniform(2), 0.01);
    const detector = createHistogramDetector(2);
    for (const pane of [
      [30, 10],
      [5, 3],
    ])
      stepHistogramDetector(detector, pane, 1, baseline);
    const before = structuredClone(detector);
    expect(stepHistogramDetector(detector, [0, 0], Number.NaN, baseline)).toBe(
      stepHistogramDetector(detector, [0, 0], 1, baseline),
    );
    expect(detector).toEqual(before);
  });

  test("takes weighted values, and those that are all the same, for what they are worth", () => {
    const [plain, weighted, tempered] = [0, 1, 2].map(() => createHistogramDetector(3)) as [Detector, Detector, Detector];
    for (const counts of [
      [9, 3, 0],
      [8, 1, 3],
      [12, 0, 0],
    ]) {
      const expected = stepHistogramDetector(plain, counts, 1, known(uniform(3), 0.05));
      const fourfold = counts.map((count) => 4 * count);
      expect(stepHistogramDetector(weighted, fourfold, 1 / 4, known(uniform(3), 0.05))).toBe(expected);
      expect(stepHistogramDetector(tempered, fourfold, 1, known(uniform(3), 0.05, 4))).toBe(expected);
    }
  });

  test("does not ask in what order the parts of its pane were counted", () => {
    const part = fc.array(fc.nat({ max: 20 }), { minLength: 3, maxLength: 3 });
    const panes = fc.array(fc.array(part, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(panes, (all) => {
        const [forth, back] = [createHistogramDetector(3), createHistogramDetector(3)];
        const sum = (parts: number[][]): number[] =>
          parts.reduce((one, other) => one.map((count, bin) => count + (other[bin] ?? 0)));
        for (const parts of all) {
          stepHistogramDetector(forth, sum(parts), 1, known(uniform(3), 0.02));
          stepHistogramDetector(back, sum(parts.toReversed()), 1, known(uniform(3), 0.02));
        }
        expect(forth).toEqual(back);
      }),
    );
  });
});

describe("of bins in order", () => {
  const reference = { counts: new Float64Array(10).fill(2800), size: 28_000 };
  const baseline = histogramBaseline(reference, 0.02, 1, orderOf(reference, 1));

  test("changes of location and of spread are bet on hour by hour, each on its own", () => {
    const detector = createHistogramDetector(10, true);
    const pane = [0, 1, 0, 2, 0, 0, 1, 0, 3, 9];
    const none = new Float64Array(8).fill(Number.NEGATIVE_INFINITY);
    for (let minute = 0; minute < 3; minute++) stepHistogramDetector(detector, pane, 1, baseline, 7);
    expect(detector.logEvidence.slice(3)).toEqual(none);
    stepHistogramDetector(detector, pane, 1, baseline, 8);
    const bets = detector.logEvidence.slice(3);
    expect(bets.length * 10).toBe(baseline.foreseen.length);
    for (const [bet, logEvidence] of bets.entries()) {
      const sum = pane.reduce((all, count, bin) => all + count * (baseline.foreseen[bin * bets.length + bet] as number), 0);
      // M = L (60 + 0): an hour is as good as the 60 minutes that may pass without a false alarm in it.
      expect(logEvidence).toBeCloseTo(3 * sum + Math.log(60), 12);
    }
  });

  test("values that follow the time within an hour are no change", () => {
    const detector = createHistogramDetector(10, true);
    const exact = { counts: new Float64Array(10).fill(1e12), size: 1e13 };
    const known = histogramBaseline(exact, 0.02, 1, orderOf(exact, 1));
    for (let minute = 0; minute < 100 * 60; minute++) {
      const bin = Math.floor((minute % 60) / 6);
      const pane = Float64Array.from({ length: 10 }, (_, one) => (one === bin ? 17 : 0));
      stepHistogramDetector(detector, pane, 1, known, Math.floor(minute / 60));
    }
    expect(Math.max(...detector.logEvidence.slice(3))).toBeLessThan(Math.log(60));
  });

  test("reach as far as the whole reference does not know in one direction", () => {
    const hour = { counts: new Float64Array(10).fill(100), size: 1000 };
    const one = histogramBaseline(hour, 0.02, 1, orderOf(reference, 1));
    // Proportions of an hour, as uniform as those of the whole: the bets are the same.
    for (const [at, log] of one.foreseen.entries()) expect(log).toBeCloseTo(baseline.foreseen[at] as number, 12);
    expect(one.reach).toBeGreaterThan(baseline.reach);
  });

  test("M >= 200 comes after 200 panes or more on average, of a law as far away as is accepted", () => {
    const accepted = 0.1;
    for (const direction of ["shift", "halves"] as const) {
      const size = Array.from({ length: 2000 }, (_, step) => step / 400).findLast(
        (one) => psiOf(uniform(10), changed(uniform(10), direction, one)) <= accepted,
      ) as number;
      const law = changed(uniform(10), direction, size);
      const exact = { counts: new Float64Array(10).fill(1e12), size: 1e13 };
      const known = histogramBaseline(exact, accepted, 1, orderOf(exact, 1));
      expect(runLength(known, law, 100, 200, 1000)).toBeGreaterThan(200);
    }
  });

  test("a detector is told from one with other bins or other bets", () => {
    expect(isDetectorOf(createHistogramDetector(10, true), 10, true)).toBe(true);
    expect(isDetectorOf(createHistogramDetector(10, true), 11, true)).toBe(false);
    expect(isDetectorOf(createHistogramDetector(10), 10, true)).toBe(false);
  });
});

type Detector = ReturnType<typeof createHistogramDetector>;

/** Panes until M >= A, mean of some runs; runs that take longer than `most` count as `most`. */
function runLength(baseline: HistogramBaseline, law: Float64Array, values: number, threshold: number, most: number): number {
  const [categories, runs] = [new Categories(law), 60];
  let panes = 0;
  for (let run = 0; run < runs; run++) {
    const random = new Random(mix(11, run));
    const detector = createHistogramDetector(law.length, baseline.foreseen.length > 0);
    for (let pane = 0; pane < most; pane++) {
      panes += 1;
      const counts = draw(random, categories, values);
      if (stepHistogramDetector(detector, counts, 1, baseline, Math.floor(pane / 60)) >= Math.log(threshold)) break;
    }
  }
  return panes / runs;
}

describe("without drift, M >= 200 comes after 200 panes or more on average", () => {
  const threshold = 200;

  test("of the reference's own law, with nothing accepted", () => {
    expect(runLength(known(uniform(5), 0), uniform(5), 20, threshold, 2000)).toBeGreaterThan(threshold);
  });

  test.each(["shift", "one up", "one down", "halves"] as const)("of a law as far away as is accepted: %s", (direction) => {
    const p = Float64Array.of(0.01, 0.2, 0.2, 0.2, 0.39);
    const accepted = 0.1;
    const sizes = Array.from({ length: 2000 }, (_, step) => step / 400);
    const allowed = sizes.filter((size) => (direction === "shift" || direction === "halves" ? true : size < 1));
    const size = allowed.findLast((one) => psiOf(p, changed(p, direction, one)) <= accepted) as number;
    const law = changed(p, direction, size);
    expect(runLength(known(p, Math.sqrt(accepted)), law, 100, threshold, 1000)).toBeGreaterThan(threshold);
  });
});

describe("drift", () => {
  const reference = { counts: new Float64Array(10).fill(2800), size: 28_000 };
  const threshold = Math.log(3e7);
  const shifted = changed(uniform(10), "shift", 1.5);

  /** The first pane after a change at which the evidence is enough. */
  function found(law: Float64Array, accepted: number, most: number, ordered = false): number {
    const random = new Random(5);
    const [before, after] = [new Categories(uniform(10)), new Categories(law)];
    const detector = createHistogramDetector(10, ordered);
    const baseline = histogramBaseline(reference, accepted, 1, ordered ? orderOf(reference, 1) : null);
    for (let pane = 0; pane < 100; pane++) stepHistogramDetector(detector, draw(random, before, 17), 1, baseline, -2);
    for (let pane = 1; pane <= most; pane++) {
      const counts = draw(random, after, 17);
      if (stepHistogramDetector(detector, counts, 1, baseline, Math.floor(pane / 60)) >= threshold) return pane;
    }
    return Number.POSITIVE_INFINITY;
  }

  test("of a PSI of 0.18 is found within an hour where 0.02 is accepted, and never where 0.2 is", () => {
    expect(psiOf(uniform(10), shifted)).toBeCloseTo(0.18, 2);
    expect(found(shifted, 0.02, 60)).toBeLessThanOrEqual(60);
    expect(found(shifted, 0.2, 1000)).toBe(Number.POSITIVE_INFINITY);
  });

  test("of a quarter of a standard deviation is found within hours where bins have an order", () => {
    const law = binsOfNormal(0.25, normalEdges(10, 1));
    expect(found(law, 0.02, 3000)).toBeGreaterThan(480);
    expect(found(law, 0.02, 3000, true)).toBeLessThanOrEqual(480);
    expect(found(law, 0.1, 1000, true)).toBe(Number.POSITIVE_INFINITY);
  });

  test("that is a pattern of the day is none where the reference has it by hour", () => {
    const random = new Random(6);
    const hours = ["shift", "halves"].map((direction) => changed(uniform(10), direction as "shift", 1));
    const baselines = hours.map((law) =>
      histogramBaseline({ counts: law.map((share) => 28_000 * share), size: 28_000 }, 0.02, 1),
    );
    const run = (baselineOf: (hour: number) => HistogramBaseline): number => {
      const detector = createHistogramDetector(10);
      let most = Number.NEGATIVE_INFINITY;
      for (let pane = 0; pane < 1000; pane++) {
        const hour = Math.floor(pane / 60) % 2;
        const counts = draw(random, new Categories(hours[hour] as Float64Array), 17);
        most = Math.max(most, stepHistogramDetector(detector, counts, 1, baselineOf(hour)));
      }
      return most;
    };
    expect(run((hour) => baselines[hour] as HistogramBaseline)).toBeLessThan(Math.log(100));
    expect(run(() => baselines[0] as HistogramBaseline)).toBeGreaterThan(threshold);
  });
});

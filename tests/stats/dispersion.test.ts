// What a reference's panes tell of the variation of its windows.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../src/source/simulator/random.ts";
import { type Dispersion, type DispersionOptions, dispersionOf } from "../../src/stats/dispersion.ts";
import { groupCount, poolBins, pooled } from "../../src/stats/dispersion-bins.ts";
import { degreesOfFreedom } from "../../src/stats/dispersion-freedom.ts";
import { arrangePanes, type PaneCounts, windowCovariances } from "../../src/stats/dispersion-panes.ts";
import { rateDispersionOf } from "../../src/stats/dispersion-rate.ts";
import { chiSquareScaling } from "../../src/stats/dispersion-scaling.ts";
import { panesNeeded, smallestAlpha } from "../../src/stats/dispersion-support.ts";
import { dispersedAndersonDarling, dispersedDifference, dispersedMinEffect } from "../../src/stats/dispersion-tests.ts";

const hour = 3_600_000;
const day = 24 * hour;
const hourly: DispersionOptions = { paneMillis: hour, windowMillis: hour, byHour: false, ordered: true };

/** Panes whose events come in clusters of one bin each. */
function panesOf(random: Random, panes: number, bins: number, events: number, cluster = 1): PaneCounts[] {
  return Array.from({ length: panes }, (_, pane) => {
    const counts = new Float64Array(bins);
    for (let event = 0; event < events; event += cluster) {
      const bin = random.below(bins);
      counts[bin] = (counts[bin] as number) + cluster;
    }
    return { startMillis: pane * hour, counts };
  });
}

function known(panes: readonly PaneCounts[], options: DispersionOptions): Dispersion {
  const dispersion = dispersionOf(panes, options);
  if (!dispersion.known) throw new Error(dispersion.reason);
  return dispersion;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe("eigenvalues", () => {
  test("independent events have the trace B - 1, of Anderson-Darling nearly 1", () => {
    const { chiSquare, andersonDarling } = known(panesOf(new Random(1), 1000, 10, 500), hourly);
    // The relative standard deviation of the trace is sqrt(2 / (9 x 999)) = 1.5 %: 4 of them.
    expect(Math.abs(chiSquare.trace / 9 - 1)).toBeLessThan(0.06);
    // With 10 equal bins and midranks the weights are 1 / (j (j + 1)) but for the binning: sum 0.91.
    expect(Math.abs((andersonDarling?.trace ?? 0) - 0.91)).toBeLessThan(0.1);
    expect(andersonDarling?.shares[0]).toBeGreaterThan(0.45);
  });

  test("clusters of c events multiply it by c", () => {
    const { chiSquare } = known(panesOf(new Random(2), 1000, 10, 500, 5), hourly);
    expect(Math.abs(chiSquare.trace / 45 - 1)).toBeLessThan(0.06);
  });

  test("whole days of a pattern by hours of the day are steady, single hours are not", () => {
    const panes = Array.from({ length: 480 }, (_, at) => {
      const low = at % 24 < 12 ? 200 : 800;
      return { startMillis: at * hour, counts: [low, 1000 - low] };
    });
    const single = known(panes, hourly).chiSquare.trace;
    // All hours are 300 of 1000 off the half: X^2 is 1000 x (0.3 / 0.5)^2.
    expect(Math.abs(single / 360 - 1)).toBeLessThan(0.01);
    // What is left are windows that reach over the ends of the reference.
    expect(known(panes, { ...hourly, windowMillis: day }).chiSquare.trace).toBeLessThan(single / 4);
    // Nothing is left between equal hours of the day, as no sample of anything has it.
    const matched = dispersionOf(panes, { ...hourly, byHour: true });
    expect(matched).toMatchObject({ known: false, reason: "no_variation", neededPanes: Number.POSITIVE_INFINITY });
  });

  test("shares are positive, descend and sum to 1; the order of categories does not matter", () => {
    const bins = 6;
    const orders = fc.shuffledSubarray([...Array(bins).keys()], { minLength: bins });
    fc.assert(
      fc.property(fc.integer(), orders, (seed, order) => {
        const panes = panesOf(new Random(seed), 70, bins, 100);
        const options = { ...hourly, ordered: false };
        const { chiSquare, andersonDarling } = known(panes, options);
        expect(Math.abs(sum(chiSquare.shares) - 1)).toBeLessThan(1e-12);
        expect(chiSquare.shares.every((share, at, all) => share > 0 && share <= (all[at - 1] ?? 1))).toBe(true);
        expect(andersonDarling).toBeNull();
        const shuffled = panes.map(({ startMillis, counts }) => ({
          startMillis,
          counts: order.map((bin) => counts[bin] as number),
        }));
        const other = known(shuffled, options).chiSquare;
        expect(Math.abs(other.trace / chiSquare.trace - 1)).toBeLessThan(1e-9);
      }),
      { numRuns: 20 },
    );
  });
});

describe("covariance of windows", () => {
  test("is Newey and West's, computed from its definition", () => {
    const width = 5;
    const panes = arrangePanes(panesOf(new Random(3), 40, 3, 60), hour, false);
    const [actual] = windowCovariances(panes, width, [
      { dimensions: 3, deviation: (residuals, _, into) => into.set(residuals) },
    ]) as [Float64Array];
    const mean = panes.means[0] as Float64Array;
    const residuals = panes.counts.map((counts) => counts.map((count, bin) => count - 60 * (mean[bin] as number)));
    const expected = (row: number, column: number): number => {
      let total = 0;
      residuals.forEach((one, k) => {
        residuals.forEach((other, l) => {
          total += Math.max(0, 1 - Math.abs(k - l) / width) * (one[row] as number) * (other[column] as number);
        });
      });
      return total;
    };
    const scale = (actual[0] as number) / expected(0, 0);
    for (let at = 0; at < 9; at++) {
      expect(Math.abs((actual[at] as number) - scale * expected(Math.floor(at / 3), at % 3))).toBeLessThan(1e-9);
    }
  });

  test("is not biased by the means, of independent events, however few windows there are", () => {
    const random = new Random(4);
    for (const options of [
      { ...hourly, windowMillis: 20 * hour },
      { ...hourly, byHour: true },
    ]) {
      const traces = Array.from({ length: 400 }, () => known(panesOf(random, 72, 2, 50), options).chiSquare.trace);
      // The standard deviation of one is sqrt(2 / nu) with nu = 4.4 and 48: this is 4 of the mean's.
      expect(Math.abs(sum(traces) / traces.length - 1)).toBeLessThan(options.byHour ? 0.05 : 0.14);
    }
  });

  test("takes hours without events as hours without deviation", () => {
    const panes = panesOf(new Random(5), 200, 3, 60).filter((_, at) => at % 3 !== 0);
    const withEmpty = [...panes, { startMillis: 0, counts: [0, 0, 0] }].sort((a, b) => a.startMillis - b.startMillis);
    expect(known(withEmpty, hourly)).toEqual(known(panes, hourly));
  });
});

describe("degrees of freedom", () => {
  const freedom = (panes: number, width: number, byHour: boolean): number =>
    degreesOfFreedom(arrangePanes(panesOf(new Random(6), panes, 2, 10), hour, byHour), width);

  test("of equal panes: less one for each mean", () => {
    expect(freedom(60, 1, false)).toBeCloseTo(59, 9);
    expect(freedom(240, 1, true)).toBeCloseTo(216, 9);
  });

  test("of overlapping windows: 1.5 K / width, less what the mean takes", () => {
    const wide = freedom(2400, 24, false);
    expect(wide).toBeGreaterThan(1.45 * 100);
    expect(wide).toBeLessThan(1.5 * 100);
  });

  test("are those that the variance of simulated estimates has", () => {
    const random = new Random(7);
    const options = { ...hourly, windowMillis: 8 * hour };
    const all = Array.from({ length: 1500 }, () => known(panesOf(random, 90, 2, 100), options));
    const traces = all.map(({ chiSquare }) => chiSquare.trace);
    const mean = sum(traces) / traces.length;
    const variance = sum(traces.map((trace) => (trace - mean) ** 2)) / traces.length;
    expect(Math.abs((2 * mean * mean) / variance / (all[0] as Dispersion).degreesOfFreedom - 1)).toBeLessThan(0.2);
  });
});

describe("what a reference can tell", () => {
  test("nothing with fewer than 60 panes or three windows", () => {
    expect(dispersionOf(panesOf(new Random(8), 59, 4, 50), hourly)).toEqual({
      known: false,
      reason: "few_panes",
      panes: 59,
      neededPanes: 60,
    });
    const month = { ...hourly, paneMillis: day, windowMillis: 28 * day };
    expect(dispersionOf([], month)).toEqual({ known: false, reason: "few_panes", panes: 0, neededPanes: 84 });
    expect(dispersionOf(panesOf(new Random(8), 60, 1, 50), hourly)).toMatchObject({ known: false, reason: "one_group" });
  });

  test("1e-5 with 16 degrees of freedom, 1e-6 with 60 hours", () => {
    expect(smallestAlpha(16)).toBeLessThan(1e-5);
    expect(smallestAlpha(59)).toBeLessThan(1e-6);
    expect(panesNeeded(hourly, 1e-6)).toBe(60);
    expect(smallestAlpha(8)).toBeGreaterThan(1e-5);
  });

  test("as many panes as are said to be needed are enough", () => {
    for (const alpha of [0.01, 1e-6, 1e-9]) {
      const options = { ...hourly, windowMillis: 12 * hour };
      const dispersion = known(panesOf(new Random(9), panesNeeded(options, alpha), 3, 50), options);
      expect(dispersion.smallestAlpha).toBeLessThan(alpha);
    }
  });
});

describe("bins", () => {
  test("in order are pooled with neighbours, categories by rarity", () => {
    expect([...poolBins([9, 1, 1, 9, 2], true, 5)]).toEqual([0, 1, 1, 1, 1]);
    expect([...poolBins([9, 1, 1, 9, 2], false, 5)]).toEqual([0, 0, 0, 1, 0]);
    expect([...poolBins([9, 1, 2, 9, 2], false, 5)]).toEqual([1, 0, 0, 2, 0]);
    expect([...pooled([9, 1, 1, 9, 2], [0, 1, 1, 1, 1])]).toEqual([9, 13]);
  });

  test("every group expects enough, and none is lost", () => {
    const bins = fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(bins, fc.boolean(), (expected, ordered) => {
        const groups = poolBins(expected, ordered, 5);
        const sums = [...pooled(expected, groups)];
        expect(Math.abs(sum(sums) - sum(expected))).toBeLessThan(1e-9);
        if (groupCount(groups) > 1) expect(Math.min(...sums)).toBeGreaterThanOrEqual(5);
      }),
    );
  });
});

describe("tests", () => {
  const reference = panesOf(new Random(10), 600, 10, 500, 5);
  const dispersion = known(reference, hourly);
  const counts = Float64Array.from({ length: 10 }, (_, bin) => sum(reference.map((pane) => pane.counts[bin] as number)));
  const all = { counts, size: sum([...counts]) };

  test("reject about as often as they say", () => {
    const windows = panesOf(new Random(11), 4000, 10, 500, 5).map(({ counts }) => ({ counts, size: 500 }));
    for (const p of [dispersedDifference, dispersedAndersonDarling]) {
      const rate = windows.filter((window) => p(dispersion, all, window) < 0.05).length / windows.length;
      expect(rate).toBeGreaterThan(0.05 / 3);
      expect(rate).toBeLessThan(0.05 * 1.4);
    }
  });

  test("find less the more is accepted, and nothing in the reference itself", () => {
    const window = { counts: all.counts.map((count, bin) => (count / 600) * (bin < 5 ? 0.4 : 1.6)), size: 500 };
    const ps = [0, 0.02, 0.1, 0.3, 0.6].map((accepted) => dispersedMinEffect(dispersion, all, window, accepted));
    expect(ps[0]).toBeLessThan(1e-4);
    expect(ps).toEqual([...ps].sort((a, b) => a - b));
    expect(dispersedDifference(dispersion, all, all)).toBe(1);
    expect(dispersedMinEffect(dispersion, all, all, 0.1)).toBeGreaterThan(0.9);
  });

  test("have no answer for an empty window, or order where there is none", () => {
    const empty = { counts: new Float64Array(10), size: 0 };
    expect(dispersedDifference(dispersion, all, empty)).toBeNaN();
    expect(dispersedMinEffect(dispersion, all, empty, 0.1)).toBeNaN();
    expect(dispersedAndersonDarling(dispersion, all, empty)).toBeNaN();
    expect(dispersedAndersonDarling({ ...dispersion, andersonDarling: null }, all, all)).toBeNaN();
  });
});

describe("rates", () => {
  const rates = (random: Random, cluster: number) =>
    Array.from({ length: 500 }, (_, pane) => {
      let hits = 0;
      for (let event = 0; event < 1000; event += cluster) if (random.chance(0.05)) hits += cluster;
      return { startMillis: pane * hour, events: 1000, hits };
    });

  test("of clusters of c events vary c times as much, of independent ones not less than once", () => {
    const clustered = rateDispersionOf(rates(new Random(12), 5), hourly);
    const independent = rateDispersionOf(rates(new Random(13), 1), hourly);
    if (!clustered.known || !independent.known) throw new Error("unknown");
    expect(Math.abs(clustered.overdispersion - 5)).toBeLessThan(1.5);
    expect(independent.overdispersion).toBeGreaterThanOrEqual(1);
    expect(independent.overdispersion).toBeLessThan(1.3);
  });

  test("of rare kinds rest on few hits, of what never happened on nothing", () => {
    const rare = rates(new Random(14), 1).map((pane, at) => ({ ...pane, hits: at % 100 === 0 ? 1 : 0 }));
    const dispersion = rateDispersionOf(rare, hourly);
    expect(dispersion).toMatchObject({ known: true });
    if (dispersion.known) expect(dispersion.degreesOfFreedom).toBeLessThan(10);
    expect(
      rateDispersionOf(
        rare.map((pane) => ({ ...pane, hits: 0 })),
        hourly,
      ),
    ).toMatchObject({ known: false, reason: "no_hits" });
    expect(rateDispersionOf(rare.slice(0, 59), hourly)).toMatchObject({ known: false, reason: "few_panes", neededPanes: 60 });
  });
});

test("chi-square scaling: the squared length is X^2 times the number of values", () => {
  const into = new Float64Array(3);
  chiSquareScaling(3).deviation(Float64Array.of(4, -3, -1), Float64Array.of(50, 30, 20), into);
  expect(sum([...into].map((value) => value * value))).toBeCloseTo(100 * (16 / 50 + 9 / 30 + 1 / 20), 9);
});

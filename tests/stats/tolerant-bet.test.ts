// Bets against all laws within a tolerance: no such law wins, a predicted law wins as much as theory says, and distances.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { distance, logTolerantBet } from "../../src/stats/tolerant-bet.ts";

const normalised = (weights: readonly number[]): Float64Array => {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return Float64Array.from(weights, (weight) => weight / sum);
};
const ratiosOf = (law: Float64Array, p: Float64Array): Float64Array => law.map((share, bin) => share / (p[bin] as number));
const meanUnder = (law: Float64Array, logs: Float64Array, of: (log: number) => number): number =>
  law.reduce((sum, share, bin) => sum + share * of(logs[bin] as number), 0);
const psiOf = (law: Float64Array, p: Float64Array): number =>
  law.reduce((sum, share, bin) => sum + (share - (p[bin] as number)) * Math.log(share / (p[bin] as number)), 0);

/** Several laws of as many bins; logarithms of weights are uniform, so some bins are rare. */
const laws = (many: number): fc.Arbitrary<Float64Array[]> => {
  const logWeight = fc.double({ min: -5, max: 0, noNaN: true });
  return fc.integer({ min: 2, max: 8 }).chain((bins) => {
    const law = fc.array(logWeight, { minLength: bins, maxLength: bins }).map((logs) => normalised(logs.map(Math.exp)));
    return fc.array(law, { minLength: many, maxLength: many });
  });
};

/** The law on the straight line from p to another that has a distance of p, or the other one if that is nearer. */
function within(p: Float64Array, other: Float64Array, measure: (law: Float64Array) => number, most: number): Float64Array {
  const at = (part: number): Float64Array => p.map((share, bin) => share + part * ((other[bin] as number) - share));
  let [low, high] = [0, 1];
  if (measure(other) <= most) return other;
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (measure(at(middle)) <= most) low = middle;
    else high = middle;
  }
  return at(low);
}

describe("no tolerated law wins", () => {
  // That of a thousandth comes with a reference of some 10 million values; below, the bound is rounded by 1e-16 / reach.
  const reach = fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 1.5, noNaN: true }));
  const allowance = fc.constantFrom(0, 0.75, 1);

  test("by distance, whatever was predicted", () => {
    fc.assert(
      fc.property(laws(3), reach, allowance, ([p, predicted, other], most, allowed) => {
        const [proportions, q, direction] = [p, predicted, other] as [Float64Array, Float64Array, Float64Array];
        const bet = logTolerantBet(ratiosOf(q, proportions), { proportions, reach: most }, allowed);
        if (bet === null) return;
        const law = within(proportions, direction, (one) => distance(ratiosOf(one, proportions), proportions), most);
        expect(meanUnder(law, bet, Math.exp)).toBeLessThanOrEqual(1 + 1e-9);
      }),
      { numRuns: 1000 },
    );
  });

  test("by PSI, also along the prediction", () => {
    fc.assert(
      fc.property(laws(2), reach, allowance, ([p, predicted], most, allowed) => {
        const [proportions, q] = [p, predicted] as [Float64Array, Float64Array];
        const bet = logTolerantBet(ratiosOf(q, proportions), { proportions, reach: most }, allowed);
        if (bet === null) return;
        const law = within(proportions, q, (one) => psiOf(one, proportions), most * most);
        expect(meanUnder(law, bet, Math.exp)).toBeLessThanOrEqual(1 + 1e-9);
      }),
      { numRuns: 1000 },
    );
  });

  test("and one of them wins nearly as much as it may: the bound is not higher than it has to be", () => {
    const proportions = normalised([1, 2, 3, 4]);
    const [q, reach] = [normalised([4, 3, 2, 1]), 0.3];
    const bet = logTolerantBet(ratiosOf(q, proportions), { proportions, reach }, 0) as Float64Array;
    let most = 0;
    // Laws of roots on a sphere about the root of p, in 10,000 directions.
    for (let at = 0; at < 10_000; at++) {
      const angles = [at % 100, Math.floor(at / 100)].map((one) => (2 * Math.PI * one) / 100) as [number, number];
      const direction = [
        Math.cos(angles[0]),
        Math.sin(angles[0]) * Math.cos(angles[1]),
        Math.sin(angles[0]) * Math.sin(angles[1]),
      ];
      const other = normalised(Array.from(proportions).map((share, bin) => share * Math.exp(2 * (direction[bin] ?? 0))));
      const law = within(proportions, other, (one) => distance(ratiosOf(one, proportions), proportions), reach);
      most = Math.max(most, meanUnder(law, bet, Math.exp));
    }
    expect(most).toBeGreaterThan(0.999);
  });
});

describe("a predicted law", () => {
  const p = normalised([1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
  const tilted = (by: number): Float64Array => normalised(Array.from(p, (_, bin) => Math.exp((by * bin) / 10)));

  test("without tolerance wins its divergence from the reference, sum q ln(q / p)", () => {
    const q = tilted(1);
    const bet = logTolerantBet(ratiosOf(q, p), { proportions: p, reach: 0 }, 1) as Float64Array;
    for (const [bin, ratio] of ratiosOf(q, p).entries()) expect(bet[bin]).toBeCloseTo(Math.log(ratio), 12);
  });

  test("with a tolerance wins about half the squared distance from it", () => {
    const q = tilted(0.5);
    const far = distance(ratiosOf(q, p), p);
    const bet = logTolerantBet(ratiosOf(q, p), { proportions: p, reach: far / 2 }, 1) as Float64Array;
    expect(meanUnder(q, bet, (log) => log) / (far / 2) ** 2).toBeCloseTo(0.5, 1);
    // A bolder bet wins less of a law that is so near.
    const bold = logTolerantBet(ratiosOf(q, p), { proportions: p, reach: far / 2 }, 0) as Float64Array;
    expect(meanUnder(q, bold, (log) => log)).toBeLessThan(meanUnder(q, bet, (log) => log));
  });

  test("that is tolerated is no bet", () => {
    const q = tilted(0.5);
    const far = distance(ratiosOf(q, p), p);
    expect(logTolerantBet(ratiosOf(q, p), { proportions: p, reach: 1.01 * far }, 1)).toBeNull();
    expect(logTolerantBet(new Float64Array(10).fill(1), { proportions: p, reach: 0.1 }, 0)).toBeNull();
  });
});

describe("distance", () => {
  test("squared is at most the PSI, and it near the reference", () => {
    fc.assert(
      fc.property(laws(2), ([p, q]) => {
        const [proportions, law] = [p, q] as [Float64Array, Float64Array];
        expect(distance(ratiosOf(law, proportions), proportions) ** 2).toBeLessThanOrEqual(psiOf(law, proportions) + 1e-12);
      }),
    );
    const [p, q] = [Float64Array.of(0.5, 0.5), Float64Array.of(0.51, 0.49)];
    expect(distance(ratiosOf(q, p), p) ** 2 / psiOf(q, p)).toBeCloseTo(1, 4);
  });

  test("of two coins by hand: 4 (2 - 2 (sqrt(.4) + sqrt(.1)))", () => {
    const [p, q] = [Float64Array.of(0.5, 0.5), Float64Array.of(0.8, 0.2)];
    expect(distance(ratiosOf(q, p), p) ** 2).toBeCloseTo(4 * (2 - 2 * (Math.sqrt(0.4) + Math.sqrt(0.1))), 14);
  });
});

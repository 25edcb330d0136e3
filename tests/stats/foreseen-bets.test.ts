// Bets on changes of location and of spread: known scores, that no tolerated law wins, and which laws each wins.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { binsOfNormal, normalEdges } from "../../bench/test-sizes-traffic.ts";
import { changeShapes, foreseenBets, foreseenCount } from "../../src/stats/foreseen-bets.ts";
import { distance } from "../../src/stats/tolerant-bet.ts";

const bins = 20;
const edges = normalEdges(bins, 1);
const normal = binsOfNormal(0, edges);
const shifted = (by: number): Float64Array => binsOfNormal(by, edges);
const spread = (by: number): Float64Array =>
  binsOfNormal(
    0,
    edges.map((edge) => edge / by),
  );
const meanUnder = (law: Float64Array, values: (bin: number) => number): number =>
  law.reduce((sum, share, bin) => sum + share * values(bin), 0);
/** By bet, the mean of ln e under a law. */
const growth = (law: Float64Array, bets: Float64Array): number[] =>
  Array.from({ length: foreseenCount }, (_, bet) => meanUnder(law, (bin) => bets[bin * foreseenCount + bet] as number));

describe("shapes", () => {
  test("of location are means of a normal variable between its quantiles", () => {
    const [location = new Float64Array(0)] = changeShapes(new Float64Array(4).fill(1 / 4));
    // Density at the quartile 0.6745: 0.31778; at the median: 0.39894.
    const outer = 0.317_776_5 / 0.25;
    const inner = (0.398_942_3 - 0.317_776_5) / 0.25;
    expect((location[3] as number) / (location[2] as number)).toBeCloseTo(outer / inner, 4);
    expect(location[0]).toBeCloseTo(-(location[3] as number), 9);
    expect(location[1]).toBeCloseTo(-(location[2] as number), 9);
  });

  test("are not correlated with each other, whatever the proportions", () => {
    const weights = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 3, maxLength: 25 });
    fc.assert(
      fc.property(weights, (all) => {
        const sum = all.reduce((total, one) => total + one, 0);
        const p = Float64Array.from(all, (one) => one / sum);
        const [location, ofSpread] = changeShapes(p) as [Float64Array, Float64Array];
        expect(meanUnder(p, (bin) => location[bin] as number)).toBeCloseTo(0, 9);
        expect(meanUnder(p, (bin) => (location[bin] as number) ** 2)).toBeCloseTo(1, 9);
        expect(meanUnder(p, (bin) => (location[bin] as number) * (ofSpread[bin] as number))).toBeCloseTo(0, 8);
      }),
    );
  });
});

describe("bets", () => {
  test("are won by no law within reach, near none or far", () => {
    const weights = fc.array(fc.double({ min: 0.02, max: 1, noNaN: true }), { minLength: 3, maxLength: 8 });
    const reach = fc.double({ min: 0.01, max: 0.8, noNaN: true });
    fc.assert(
      fc.property(weights, weights, reach, (all, other, most) => {
        const many = Math.min(all.length, other.length);
        const normalised = (from: number[]): Float64Array => {
          const sum = from.slice(0, many).reduce((total, one) => total + one, 0);
          return Float64Array.from(from.slice(0, many), (one) => one / sum);
        };
        const [p, direction] = [normalised(all), normalised(other)];
        const law = within(p, direction, most);
        const bets = foreseenBets({ proportions: p, reach: most }, changeShapes(p));
        for (let bet = 0; bet < foreseenCount; bet++) {
          const value = meanUnder(law, (bin) => Math.exp(bets[bin * foreseenCount + bet] as number));
          expect(value).toBeLessThanOrEqual(1 + 1e-9);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("are not won by the tolerated law that is nearest to what they are on", () => {
    const reach = 0.3;
    const bets = foreseenBets({ proportions: normal, reach }, changeShapes(normal));
    for (const law of [2, -2].map((by) => within(normal, shifted(by), reach))) {
      const values = Array.from({ length: foreseenCount }, (_, bet) =>
        meanUnder(law, (bin) => Math.exp(bets[bin * foreseenCount + bet] as number)),
      );
      expect(Math.max(...values)).toBeLessThanOrEqual(1 + 1e-9);
      // Of one bet at least it is near the worst.
      expect(Math.max(...values)).toBeGreaterThan(0.99);
    }
  });

  test("on a higher mean, on a lower one, on more spread and on less win each what they are on", () => {
    const reach = 0.15;
    const bets = foreseenBets({ proportions: normal, reach }, changeShapes(normal));
    // Two bets each: a tenth and three tenths beyond the reach; that of the right size wins about half its square.
    const up = growth(shifted(reach + 0.1), bets);
    expect(up[0] as number).toBeGreaterThan(0.8 * (0.1 ** 2 / 2));
    expect(up.indexOf(Math.max(...up))).toBe(0);
    expect(growth(shifted(reach + 0.3), bets)[1] as number).toBeGreaterThan(0.8 * (0.3 ** 2 / 2));
    const places = [shifted(0.25), shifted(-0.25), spread(1.25), spread(0.8)].map((law) => {
      const won = growth(law, bets);
      return Math.floor(won.indexOf(Math.max(...won)) / 2);
    });
    expect(places).toEqual([0, 1, 2, 3]);
  });

  test("of the spread of two bins, of which there is none, lose all", () => {
    const bets = foreseenBets({ proportions: Float64Array.of(0.5, 0.5), reach: 0.1 }, changeShapes(Float64Array.of(0.5, 0.5)));
    const first = bets.slice(0, foreseenCount);
    expect(Array.from(first, Number.isFinite)).toEqual([true, true, true, true, false, false, false, false]);
    expect(first.at(-1)).toBe(Number.NEGATIVE_INFINITY);
  });
});

/** The law on the straight line from p that is as far as is tolerated; the other one where that is nearer. */
function within(p: Float64Array, other: Float64Array, reach: number): Float64Array {
  const at = (part: number): Float64Array => p.map((share, bin) => share + part * ((other[bin] as number) - share));
  const far = (law: Float64Array): number => {
    return distance(
      law.map((share, bin) => share / (p[bin] as number)),
      p,
    );
  };
  if (far(other) <= reach) return other;
  let [low, high] = [0, 1];
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (far(at(middle)) <= reach) low = middle;
    else high = middle;
  }
  return at(low);
}

// Since when counts differ: where it was drawn so, and by hand.
import { describe, expect, test } from "vitest";
import { Random } from "../../src/source/simulator/random.ts";
import { mostLikelyChange, type Observed } from "../../src/stats/change-point.ts";

const usual = [0.4, 0.3, 0.2, 0.1];
const changed = [0.1, 0.2, 0.3, 0.4];

function drawn(random: Random, shares: readonly number[], size: number): Observed {
  const upTo = shares.map((_, cell) => shares.slice(0, cell + 1).reduce((sum, share) => sum + share, 0));
  const cells = Array.from({ length: size }, () => {
    const at = random.uniform();
    return upTo.slice(0, -1).filter((end) => at >= end).length;
  });
  const counts = shares.map((_, cell) => cells.filter((one) => one === cell).length);
  return { counts, expected: usual.map((share) => share * size) };
}

describe("where it began", () => {
  test("is found to the minute, nearly always", () => {
    const random = new Random(5);
    const distances = Array.from({ length: 200 }, () => {
      const began = 10 + Math.floor(random.uniform() * 40);
      const stretches = Array.from({ length: 60 }, (_, at) => drawn(random, at < began ? usual : changed, 20));
      return Math.abs(mostLikelyChange(stretches, 0) - began);
    });
    expect(distances.filter((distance) => distance === 0).length).toBeGreaterThan(180);
    expect(Math.max(...distances)).toBeLessThanOrEqual(2);
  });

  test("is not long before where values differed by a little that does not matter", () => {
    const slightly = [0.38, 0.3, 0.21, 0.11];
    const stretch = (shares: readonly number[], size: number): Observed => ({
      counts: shares.map((share) => share * size),
      expected: usual.map((share) => share * size),
    });
    const stretches = [...Array.from({ length: 50 }, () => stretch(slightly, 10_000)), stretch(changed, 500)];
    expect(mostLikelyChange(stretches, 0)).toBe(0);
    expect(mostLikelyChange(stretches, 0.02)).toBe(50);
  });

  test("by hand: of two stretches the second differs", () => {
    const first = { counts: [50, 50], expected: [50, 50] };
    const second = { counts: [90, 10], expected: [50, 50] };
    // 90 ln 1.8 + 10 ln 0.2 = 36.8 from the second on; 140 ln 1.4 + 60 ln 0.6 = 16.5 from the first on.
    expect(mostLikelyChange([first, second], 0)).toBe(1);
    expect(mostLikelyChange([second, first], 0)).toBe(0);
  });
});

test("nowhere without counts or where nothing differs, and not at a stretch that has none", () => {
  const empty = { counts: [0, 0], expected: [0, 0] };
  expect(mostLikelyChange([], 0)).toBe(-1);
  expect(mostLikelyChange([empty, empty], 0)).toBe(-1);
  expect(mostLikelyChange([{ counts: [51, 49], expected: [50, 50] }], 0.01)).toBe(-1);
  expect(mostLikelyChange([{ counts: [9, 1], expected: [5, 5] }, empty], 0)).toBe(0);
});

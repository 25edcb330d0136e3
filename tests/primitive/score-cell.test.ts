// Cells of scores: every score lies in its cell, and sums of scores are those of its members.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { locatedScore, locateScore, scoreCells, scoreLimits, scoreSum } from "../../src/primitive/score-cell.ts";

const score = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.integer({ min: 1, max: 40 }).map((power) => 2 ** -power),
  fc.integer({ min: 1, max: 40 }).map((power) => 1 - 2 ** -power),
);

describe("cells of scores", () => {
  test("ascend from 0 to 1, each as wide as a share of its distance to the nearer end", () => {
    expect([scoreLimits[0], scoreLimits[scoreCells], scoreLimits[scoreCells / 2]]).toEqual([0, 1, 0.5]);
    for (let cell = 0; cell < scoreCells; cell++) {
      const [lower, upper] = [scoreLimits[cell] as number, scoreLimits[cell + 1] as number];
      expect(upper).toBeGreaterThan(lower);
      expect(upper - lower).toBeLessThanOrEqual(Math.max(2 ** -20, Math.min(upper, 1 - lower) / 64));
    }
  });

  test("hold the scores that belong to them", () => {
    fc.assert(
      fc.property(score, (value) => {
        locateScore(value);
        const { cell, position } = locatedScore;
        expect(value).toBeGreaterThanOrEqual(scoreLimits[cell] as number);
        expect(value).toBeLessThanOrEqual(scoreLimits[cell + 1] as number);
        const width = (scoreLimits[cell + 1] as number) - (scoreLimits[cell] as number);
        expect(Math.abs(scoreSum(cell, 1, position) - value)).toBeLessThanOrEqual(width / 8192 + Number.EPSILON);
      }),
      { numRuns: 2000 },
    );
  });

  test("keep the order of scores", () => {
    fc.assert(
      fc.property(score, score, (one, other) => {
        locateScore(Math.min(one, other));
        const low = locatedScore.cell;
        locateScore(Math.max(one, other));
        expect(low).toBeLessThanOrEqual(locatedScore.cell);
      }),
      { numRuns: 2000 },
    );
  });
});

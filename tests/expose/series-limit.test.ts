import fc from "fast-check";
import { expect, test } from "vitest";
import { SeriesLimit } from "../../src/expose/series-limit.ts";

test("groups are admitted while they fit, whole or not at all", () => {
  const limit = new SeriesLimit(10);
  expect(limit.admit("a", 6)).toBe(true);
  expect(limit.admit("b", 5)).toBe(false);
  expect(limit.admit("c", 4)).toBe(true);
  expect(limit.used).toBe(10);
  expect(limit.turnedAway).toBe(5);
});

test("who is in stays in, with the number it came with", () => {
  const limit = new SeriesLimit(10);
  limit.admit("a", 6);
  expect(limit.admit("a", 100)).toBe(true);
  expect(limit.used).toBe(6);
});

test("who is turned away is counted once, however often it asks", () => {
  const limit = new SeriesLimit(1);
  for (let scrape = 0; scrape < 5; scrape += 1) expect(limit.admit("a", 2)).toBe(false);
  expect(limit.turnedAway).toBe(2);
  limit.release("a");
  limit.admit("a", 2);
  expect(limit.turnedAway).toBe(4);
});

test("who was turned away gets in when there is room", () => {
  const limit = new SeriesLimit(1);
  limit.admit("a", 1);
  expect(limit.admit("b", 1)).toBe(false);
  limit.release("a");
  expect(limit.used).toBe(0);
  expect(limit.admit("b", 1)).toBe(true);
});

test("keys beyond those that are remembered do not grow the count at each scrape", () => {
  const limit = new SeriesLimit(0, 2);
  for (let scrape = 0; scrape < 3; scrape += 1) for (const key of ["a", "b", "c"]) limit.admit(key, 1);
  expect(limit.turnedAway).toBe(2);
});

test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])("%d is no count", (count) => {
  expect(() => new SeriesLimit(count)).toThrow("is not a count");
  expect(() => new SeriesLimit(1).admit("a", count)).toThrow("is not a count");
});

test("used never exceeds the limit and is the sum of what was admitted", () => {
  const key = fc.constantFrom("a", "b", "c", "d", "e");
  const step = fc.record({ key, series: fc.nat(8), release: fc.boolean() });
  fc.assert(
    fc.property(fc.nat(20), fc.array(step), (most, steps) => {
      const limit = new SeriesLimit(most);
      const admitted = new Map<string, number>();
      for (const { key, series, release } of steps) {
        if (release) {
          limit.release(key);
          admitted.delete(key);
        } else {
          const fits = limit.used + series <= most;
          expect(limit.admit(key, series)).toBe(admitted.has(key) || fits);
          if (fits && !admitted.has(key)) admitted.set(key, series);
        }
        expect(limit.used).toBe([...admitted.values()].reduce((sum, one) => sum + one, 0));
        expect(limit.used).toBeLessThanOrEqual(most);
      }
    }),
  );
});

// The word that was meant: near words are found, far ones are not offered.
import fc from "fast-check";
import { expect, test } from "vitest";
import { editDistance, nearest } from "../../src/config/nearest.ts";

const known = ["brokers", "group", "client_id", "topics", "password_file", "every", "url"];

test.each([
  ["brokes", "brokers"],
  ["borkers", "brokers"],
  ["Brokers", "brokers"],
  ["client-id", "client_id"],
  ["clientId", "client_id"],
  ["topic", "topics"],
  ["password", "password_file"],
  ["evry", "every"],
  ["ur", "url"],
])("%s means %s", (word, meant) => {
  expect(nearest(word, known)).toBe(meant);
});

test.each(["", "x", "retries", "ca", "toString", "grp_of_all", "b".repeat(100_000)])("%.20s means none of them", (word) => {
  expect(nearest(word, known)).toBeUndefined();
});

test("distances of the literature", () => {
  expect(editDistance("kitten", "sitting")).toBe(3);
  expect(editDistance("saturday", "sunday")).toBe(3);
  expect(editDistance("ca", "abc")).toBe(3);
  expect(editDistance("ab", "ba")).toBe(1);
});

test("a distance is symmetric, 0 for the same alone, and at most the longer length", () => {
  const word = fc.string({ unit: fc.constantFrom(..."abc_"), maxLength: 8 });
  fc.assert(
    fc.property(word, word, (one, other) => {
      const distance = editDistance(one, other);
      expect(distance).toBe(editDistance(other, one));
      expect(distance === 0).toBe(one === other);
      expect(distance).toBeGreaterThanOrEqual(Math.abs(one.length - other.length));
      expect(distance).toBeLessThanOrEqual(Math.max(one.length, other.length));
    }),
  );
});

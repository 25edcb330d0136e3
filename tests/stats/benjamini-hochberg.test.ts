import { describe, expect, test } from "vitest";
import { discoveries } from "../../src/stats/benjamini-hochberg.ts";

describe("discoveries", () => {
  // The example of the paper (Benjamini, Hochberg 1995, section 3): fifteen comparisons, four rejected at 0.05.
  const example = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1.0,
  ];

  test("as in the paper's example", () => expect(discoveries(example, 0.05)).toBe(4));

  test("in any order", () => expect(discoveries([...example].reverse(), 0.05)).toBe(4));

  test("a later p-value that keeps to its bound takes all before it along", () => {
    expect(discoveries([0.04, 0.045, 0.05], 0.05)).toBe(3);
    expect(discoveries([0.04, 0.045, 0.051], 0.05)).toBe(0);
  });

  test("what is not known is left out", () => expect(discoveries([Number.NaN, 0.01, Number.NaN, 0.9], 0.05)).toBe(1));

  test("of nothing, nothing", () => expect(discoveries([], 0.05)).toBe(0));
});

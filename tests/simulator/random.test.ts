// The random numbers and the heap that the simulator is made of.
import { describe, expect, test } from "vitest";
import { DraftHeap } from "../../src/source/simulator/draft-heap.ts";
import { mix, mixText, Random } from "../../src/source/simulator/random.ts";

const count = 100_000;
const many = (draw: (random: Random) => number): number[] => {
  const random = new Random(7);
  return Array.from({ length: count }, () => draw(random));
};
const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
/** Expects a mean, off by chance no more than once in 16,000 times. */
function expectMean(numbers: readonly number[], expected: number, deviation: number): void {
  expect(Math.abs(mean(numbers) - expected)).toBeLessThan((4 * deviation) / Math.sqrt(numbers.length));
}

describe("random numbers", () => {
  test("are in their ranges and have the means and variances of their distributions", () => {
    const uniform = many((random) => random.uniform());
    expect(uniform.every((one) => one >= 0 && one < 1)).toBe(true);
    expectMean(uniform, 0.5, Math.sqrt(1 / 12));
    const normal = many((random) => random.normal());
    expectMean(normal, 0, 1);
    expectMean(
      normal.map((one) => one * one),
      1,
      Math.sqrt(2),
    );
    expectMean(
      many((random) => random.exponential(3)),
      3,
      3,
    );
    // Of a geometric distribution: p / (1 - p), and the root of p / (1 - p)^2.
    expectMean(
      many((random) => random.successes(0.4, 1000)),
      2 / 3,
      Math.sqrt(0.4) / 0.6,
    );
    expectMean(
      many((random) => (random.logNormal(5, 0.7) < 5 ? 1 : 0)),
      0.5,
      0.5,
    );
    expectMean(
      many((random) =>
        random.weighted([
          [1, 0.2],
          [0, 0.8],
        ]),
      ),
      0.2,
      0.4,
    );
  });

  test("of neighbouring seeds have nothing to do with each other", () => {
    const firsts = Array.from({ length: count }, (_, number) => new Random(mix(81, number)).uniform());
    expectMean(firsts, 0.5, Math.sqrt(1 / 12));
    const products = firsts.slice(1).map((one, at) => (one - 0.5) * ((firsts[at] as number) - 0.5));
    expectMean(products, 0, 1 / 12);
  });

  test("hashes of different numbers and texts differ", () => {
    expect(new Set(Array.from({ length: count }, (_, number) => mix(3, number))).size).toBe(count);
    expect(mix(3, -1)).not.toBe(mix(3, 1));
    expect(new Set(["", "a", "b", "ab", "ba"].map((text) => mixText(3, text))).size).toBe(5);
  });
});

describe("the heap", () => {
  test("gives the earliest first, and of equal ones the first put", () => {
    const random = new Random(9);
    const heap = new DraftHeap();
    const left: { timeMillis: number; order: number }[] = [];
    const taken: string[] = [];
    const expected: string[] = [];
    for (let order = 0; order < 3000; order++) {
      const timeMillis = random.below(50);
      heap.put(timeMillis, () => `${timeMillis} ${order}`);
      left.push({ timeMillis, order });
      if (random.chance(0.4)) {
        left.sort((a, b) => a.timeMillis - b.timeMillis || a.order - b.order);
        const first = left.shift();
        expected.push(`${first?.timeMillis} ${first?.order}`);
        expect(heap.earliestMillis).toBe(first?.timeMillis);
        taken.push(heap.take().text());
      }
    }
    expect(taken).toEqual(expected);
    while (heap.earliestMillis < Number.POSITIVE_INFINITY) taken.push(heap.take().text());
    expect(taken.length).toBe(3000);
    expect(() => heap.take()).toThrow("no draft is left");
  });
});

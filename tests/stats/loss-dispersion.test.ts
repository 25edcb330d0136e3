// How much more hours differ than chance has it: not at all for independent labels, by as much as they are alike, and more where a
// pattern goes by the time of the day.
import { describe, expect, test } from "vitest";
import { Random } from "../../src/source/simulator/random.ts";
import { type HourlyLosses, lossDispersion } from "../../src/stats/loss-dispersion.ts";

/** Hours of decisions, each of which is made so many times. */
function hoursOf(random: Random, rate: (hour: number) => number, size: number, alike: number): HourlyLosses[] {
  return Array.from({ length: 24 }, (_, hour) => {
    let errors = 0;
    for (let label = 0; label < size; label += alike) if (random.chance(rate(hour))) errors += alike;
    return { hour: 480_000 + hour, sums: { size, sum: errors, squares: errors } };
  });
}

describe("hours of labels", () => {
  test("that are independent and of one law do not differ by more than chance has it", () => {
    const random = new Random(1);
    const found = Array.from({ length: 300 }, () => lossDispersion(hoursOf(random, () => 0.05, 400, 1)));
    // The ratio of hours is taken as it is: chi-square of 23 degrees, by 23, is above 1.53 in 5 % and above 2.12 in 0.1 % of days.
    expect(found.filter((dispersion) => dispersion > 1.53).length).toBeLessThanOrEqual(300 * 0.09);
    // Of each of four other lengths what comes once in a thousand times is not.
    expect(found.filter((dispersion) => dispersion > 2.12).length).toBeLessThanOrEqual(5);
  });

  test("that come in twos and threes are told from independent ones in a day", () => {
    const random = new Random(4);
    const found = Array.from({ length: 100 }, () => lossDispersion(hoursOf(random, () => 0.1, 480, 2))).sort((a, b) => a - b);
    expect(found[50]).toBeGreaterThan(1.8);
    expect(found[50]).toBeLessThan(2.4);
    expect(found[5]).toBeGreaterThan(1);
  });

  test("of which each stands for ten differ ten times as much", () => {
    const random = new Random(2);
    const found = Array.from({ length: 100 }, () => lossDispersion(hoursOf(random, () => 0.2, 400, 10))).sort((a, b) => a - b);
    expect(found[50]).toBeGreaterThan(8);
    expect(found[50]).toBeLessThan(16);
  });

  test("that go by the time of the day differ more the longer one looks", () => {
    const random = new Random(3);
    const pattern = (hour: number): number => 0.2 + 0.15 * Math.sin((2 * Math.PI * hour) / 24);
    const daily = hoursOf(random, pattern, 800, 1);
    // Of hours by themselves n var(mean) / (p (1 - p)): 800 x 0.15^2 / 2 / 0.16.
    expect(lossDispersion(daily)).toBeGreaterThan(3 * ((800 * 0.15 ** 2) / 2 / 0.16));
  });

  test("that are all alike, or none, are as independent ones", () => {
    expect(lossDispersion([])).toBe(1);
    expect(lossDispersion([0, 1].map((hour) => ({ hour, sums: { size: 10, sum: 0, squares: 0 } })))).toBe(1);
  });
});

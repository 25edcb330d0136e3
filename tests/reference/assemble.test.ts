// References from hours: what they are, and that the order in which hours come does not matter.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { byTime, mostDays, mostHours, timeless } from "../../src/reference/assemble.ts";
import type { BasePane } from "../../src/reference/reference.ts";
import { hoursOf } from "./arbitrary.ts";

const hour = 3_600_000;
const day = 24 * hour;
const start = Date.UTC(2026, 0, 1);
const pane = (at: number, ...counts: number[]): BasePane => {
  return { startMillis: start + at * hour, kinds: Float64Array.of(0, 1), counts: Float64Array.from(counts) };
};

test("the order of hours does not matter", () => {
  const shuffled = hoursOf(3).chain((hours) => {
    return fc.tuple(fc.constant(hours), fc.shuffledSubarray(hours, { minLength: hours.length }));
  });
  fc.assert(
    fc.property(shuffled, ([hours, others]) => {
      expect(byTime(others)).toEqual(byTime(hours));
    }),
  );
});

test("hours of one start are added, and what they were made of is left alone", () => {
  const [first, again] = [pane(5, 1, 2), pane(5, 10, 20)];
  expect(byTime([first, pane(4, 7, 7), again]).hours).toEqual([
    pane(4, 7, 7),
    { startMillis: start + 5 * hour, kinds: Float64Array.of(0, 2), counts: Float64Array.of(11, 22) },
  ]);
  expect(first).toEqual(pane(5, 1, 2));
});

test("days are sums of hours by UTC", () => {
  const { days } = byTime([pane(23, 1), pane(24, 2), pane(47, 4), pane(48, 8)]);
  expect(days.map(({ startMillis, counts }) => [startMillis, counts[0]])).toEqual([
    [start, 1],
    [start + day, 6],
    [start + 2 * day, 8],
  ]);
});

describe("counts by hour of the day", () => {
  test("are there from three days on", () => {
    expect(byTime([pane(0, 1), pane(70, 1)]).byHour).toBeNull();
    expect(byTime([pane(0, 1), pane(71, 1)]).byHour).not.toBeNull();
  });

  test("are sums over days", () => {
    const { byHour } = byTime([pane(3, 1, 5), pane(27, 2, 0), pane(75, 4, 0), pane(76, 8, 0)]);
    expect(byHour).toHaveLength(24);
    expect(byHour?.map((counts) => counts[0]).filter((count) => count !== 0)).toEqual([7, 8]);
    expect(byHour?.[3]).toEqual(Float64Array.of(7, 5));
  });
});

test("only the latest hours and days are listed, and it is said how many there were before", () => {
  const hours = Array.from({ length: (mostDays + 2) * 24 }, (_, at) => pane(at, 1));
  const made = byTime(hours);
  expect(made.hours).toHaveLength(mostHours);
  expect(made.hours.at(-1)).toEqual(hours.at(-1));
  expect(made.days).toHaveLength(mostDays);
  expect(made.leftOut).toEqual({ hours: hours.length - mostHours, days: 2 });
  expect(made.byHour?.[0]?.[0]).toBe(mostDays + 2);
});

test("rows without times have neither hours nor days", () => {
  expect(byTime([])).toEqual(timeless);
});

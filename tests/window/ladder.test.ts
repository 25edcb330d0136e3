// Windows are sums of closed panes: what they say is what a sum over the events themselves says, wherever the frontier is.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Reader, Writer } from "../../src/primitive/bytes.ts";
import { finish } from "../../src/window/finish.ts";
import { PaneLadder } from "../../src/window/ladder.ts";
import type { Monoid } from "../../src/window/monoid.ts";
import { dayMillis, hourMillis, minuteMillis, rungsFor, stepOf, windowEnd } from "../../src/window/resolution.ts";

interface Total {
  events: number;
  sum: number;
}

const totals: Monoid<Total> = {
  zero: () => ({ events: 0, sum: 0 }),
  merge(into, from) {
    into.events += from.events;
    into.sum += from.sum;
  },
  pack({ events, sum }) {
    const writer = new Writer();
    writer.unsigned(events);
    writer.integer(sum);
    return writer.bytes().slice();
  },
  combine(into, packed, sign) {
    const reader = new Reader(packed);
    into.events += sign * reader.unsigned();
    into.sum += sign * reader.integer();
  },
  gather: () => undefined,
  copySums: ({ events, sum }) => ({ events, sum }),
  encode: (packed, writer) => writer.blob(packed),
  decode: (reader) => reader.blob().slice(),
};

interface Event {
  readonly timeMillis: number;
  readonly value: number;
}

/** Not on the boundary of an hour or a day. */
const start = Date.parse("2026-03-01T07:13:00Z");
const paneStart = (timeMillis: number): number => Math.floor(timeMillis / minuteMillis) * minuteMillis;

/** What a window of the events is, without panes. */
function direct(events: readonly Event[], endMillis: number, lengthMillis: number): Total {
  const inside = events.filter(({ timeMillis }) => timeMillis >= endMillis - lengthMillis && timeMillis < endMillis);
  return { events: inside.length, sum: inside.reduce((sum, { value }) => sum + value, 0) };
}

function closedPanes(events: readonly Event[], fromMillis: number, toMillis: number): Map<number, Total> {
  const panes = new Map<number, Total>();
  for (const { timeMillis, value } of events) {
    if (timeMillis < fromMillis || timeMillis >= toMillis) continue;
    const pane = panes.get(paneStart(timeMillis)) ?? totals.zero();
    totals.merge(pane, { events: 1, sum: value });
    panes.set(paneStart(timeMillis), pane);
  }
  return panes;
}

const length = fc.oneof(
  fc.integer({ min: 1, max: 120 }).map((minutes) => minutes * minuteMillis),
  fc.integer({ min: 3, max: 47 }).map((hours) => hours * hourMillis),
  fc.integer({ min: 2, max: 6 }).map((days) => days * dayMillis),
);
const event = fc.record({
  timeMillis: fc.integer({ min: 0, max: 9 * dayMillis }).map((after) => start + after),
  value: fc.integer({ min: -1000, max: 1000 }),
});
/** How far the frontier goes at a time: minutes mostly, now and then hours or days at once. */
const stride = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 90 }) },
  { weight: 3, arbitrary: fc.integer({ min: 60, max: 600 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1440, max: 4000 }) },
);

describe("a window", () => {
  test("is the sum over its events, wherever the frontier is, after any expiry and restart", () => {
    const lengths = fc.uniqueArray(length, { minLength: 1, maxLength: 5 });
    const events = fc.array(event, { minLength: 100, maxLength: 400, size: "max" });
    const strides = fc.array(stride, { minLength: 10, maxLength: 60, size: "max" });
    fc.assert(
      fc.property(lengths, events, strides, (windows, all, steps) => {
        let ladder = new PaneLadder(totals, rungsFor(windows));
        let frontier = paneStart(start);
        for (const [turn, minutes] of steps.entries()) {
          const before = frontier;
          frontier += minutes * minuteMillis;
          for (const [at, pane] of closedPanes(all, before, frontier)) ladder.add(at, pane);
          if (turn % 3 !== 0) ladder.expire(frontier);
          if (turn % 7 === 0) ladder = copyOf(ladder, windows);
          for (const window of windows) {
            const end = windowEnd(frontier, window);
            expect(ladder.window(end, window)).toEqual(direct(all, end, window));
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  test("is the sum over its events although other windows come and go: coarser panes are made of finer ones, or grow", () => {
    const lengths = fc.uniqueArray(length, { minLength: 0, maxLength: 4 });
    const events = fc.array(event, { minLength: 100, maxLength: 400, size: "max" });
    const strides = fc.array(fc.tuple(stride, fc.nat({ max: 5 })), { minLength: 10, maxLength: 60, size: "max" });
    fc.assert(
      fc.property(length, fc.tuple(lengths, lengths, lengths), events, strides, (always, others, all, steps) => {
        let ladder = new PaneLadder(totals, rungsFor([always]));
        let frontier = paneStart(start);
        for (const [minutes, turn] of steps) {
          const before = frontier;
          frontier += minutes * minuteMillis;
          for (const [at, pane] of closedPanes(all, before, frontier)) ladder.add(at, pane);
          if (turn % 2 === 0) ladder.expire(frontier);
          const now = [always, ...(others[turn] ?? [])];
          if (turn < 3) ladder.adapt(rungsFor(now));
          if (turn === 1) ladder = copyOf(ladder, now);
          const end = windowEnd(frontier, always);
          expect(ladder.window(end, always)).toEqual(direct(all, end, always));
        }
      }),
      { numRuns: 100 },
    );
  });

  test.each([
    ["made of minutes", [hourMillis, dayMillis]],
    ["grown, where minutes are not kept for so long", [30 * minuteMillis, dayMillis]],
    ["grown, where there are no minutes", [dayMillis]],
  ])("of a day has its last hour when that is over: %s", (_name, windows) => {
    const ladder = new PaneLadder(totals, rungsFor(windows));
    const midnight = Date.parse("2026-03-01T00:00:00Z");
    for (let minute = 0; minute < 90; minute++) ladder.add(midnight + minute * minuteMillis, { events: 1, sum: minute });
    ladder.expire(midnight + 90 * minuteMillis);
    expect(ladder.window(midnight + hourMillis, dayMillis).events).toBe(60);
    expect([...ladder.between(hourMillis, midnight, midnight + dayMillis)].map(([, { events }]) => events)).toEqual([60, 30]);
    // One that comes late is added to what was made.
    ladder.add(midnight + 10 * minuteMillis, { events: 1, sum: 1000 });
    expect(ladder.window(midnight + hourMillis, dayMillis)).toEqual({ events: 61, sum: 1000 + (59 * 60) / 2 });
    expect(copyOf(ladder, windows).window(midnight + 2 * hourMillis, dayMillis).events).toBe(91);
  });

  test("slides by its step, and never ends behind the frontier nor a step before it", () => {
    fc.assert(
      fc.property(length, fc.nat({ max: 100_000 }), (window, minutes) => {
        const frontier = start + minutes * minuteMillis;
        const end = windowEnd(frontier, window);
        expect([end % stepOf(window), end <= frontier, frontier - end < stepOf(window)]).toEqual([0, true, true]);
      }),
    );
  });

  test.each([
    ["1 min", minuteMillis, minuteMillis],
    ["1 h", hourMillis, minuteMillis],
    ["2 h", 2 * hourMillis, minuteMillis],
    ["3 h", 3 * hourMillis, hourMillis],
    ["24 h", dayMillis, hourMillis],
    ["47 h", 47 * hourMillis, hourMillis],
    ["2 d", 2 * dayMillis, dayMillis],
    ["28 d", 28 * dayMillis, dayMillis],
  ])("of %s slides by what is documented", (_name, window, step) => {
    expect(stepOf(window)).toBe(step);
  });

  test("of a day moves on when the hour is full", () => {
    const ladder = new PaneLadder(totals, rungsFor([dayMillis]));
    const midnight = Date.parse("2026-03-01T00:00:00Z");
    for (let minute = 0; minute < 25 * 60; minute++) ladder.add(midnight + minute * minuteMillis, { events: 1, sum: minute });
    expect(ladder.window(windowEnd(midnight + dayMillis + 59 * minuteMillis, dayMillis), dayMillis).events).toBe(1440);
    const later = ladder.window(windowEnd(midnight + dayMillis + hourMillis, dayMillis), dayMillis);
    expect(later).toEqual({ events: 1440, sum: ((60 + 1499) * 1440) / 2 });
  });

  test("that is made in parts is the sum of all panes, also of those that came in between", () => {
    const ladder = new PaneLadder(totals, rungsFor([hourMillis]));
    const midnight = Date.parse("2026-03-01T00:00:00Z");
    for (let minute = 0; minute < 60; minute += 2) ladder.add(midnight + minute * minuteMillis, { events: 1, sum: minute });
    const parts = ladder.windowInParts(midnight + hourMillis, hourMillis);
    for (let part = 0; part < 10; part++) expect(parts.next().done).toBe(false);
    for (let minute = 1; minute < 60; minute += 2) ladder.add(midnight + minute * minuteMillis, { events: 1, sum: minute });
    const sum = { events: 60, sum: (59 * 60) / 2 };
    expect(finish(parts)).toEqual(sum);
    expect(ladder.window(midnight + hourMillis, hourMillis)).toEqual(sum);
  });

  test("of a resolution that is not kept is a mistake of the program", () => {
    const ladder = new PaneLadder(totals, rungsFor([hourMillis]));
    expect(() => ladder.window(start, dayMillis)).toThrow(`no panes are kept for windows of ${dayMillis} ms`);
  });
});

describe("what is kept", () => {
  const panesOf = (ladder: PaneLadder<Total>): number => ladder.size;

  test("is bounded: as many panes as the longest window of each resolution has, and one or two more", () => {
    const windows = [hourMillis, 6 * hourMillis, 3 * dayMillis];
    const ladder = new PaneLadder(totals, rungsFor(windows));
    let most = 0;
    for (let minute = 0; minute < 8 * 1440; minute++) {
      ladder.add(start + minute * minuteMillis, { events: 1, sum: 1 });
      ladder.expire(start + (minute + 1) * minuteMillis);
      most = Math.max(most, panesOf(ladder));
    }
    expect(most).toBeGreaterThanOrEqual(60 + 6 + 3);
    expect(most).toBeLessThanOrEqual(62 + 8 + 5);
  });

  test("is nothing in the end, when nothing comes any more", () => {
    const ladder = new PaneLadder(totals, rungsFor([hourMillis, dayMillis, 7 * dayMillis]));
    ladder.add(start, { events: 1, sum: 1 });
    ladder.expire(start + 6 * dayMillis);
    expect(ladder.empty).toBe(false);
    ladder.expire(start + 10 * dayMillis);
    expect([ladder.empty, panesOf(ladder)]).toEqual([true, 0]);
  });

  test("is its own: a window that was given away stays as it was, and no pane is shared", () => {
    const ladder = new PaneLadder(totals, rungsFor([hourMillis, dayMillis]));
    const pane = { events: 1, sum: 5 };
    ladder.add(start, pane);
    const window = ladder.window(windowEnd(start + hourMillis, hourMillis), hourMillis);
    pane.sum = 100;
    ladder.add(start + hourMillis, { events: 1, sum: 7 });
    const later = ladder.window(windowEnd(start + hourMillis + minuteMillis, hourMillis), hourMillis);
    expect([window, later]).toEqual([
      { events: 1, sum: 5 },
      { events: 1, sum: 7 },
    ]);
    const day = windowEnd(start + dayMillis, dayMillis);
    expect(ladder.window(day, dayMillis)).toEqual({ events: 2, sum: 12 });
  });
});

test("panes before 1970 are aligned as all others", () => {
  const ladder = new PaneLadder(totals, rungsFor([hourMillis, dayMillis]));
  ladder.add(-minuteMillis, { events: 1, sum: 1 });
  ladder.add(0, { events: 1, sum: 2 });
  expect(ladder.window(0, dayMillis)).toEqual({ events: 1, sum: 1 });
  expect(copyOf(ladder, [hourMillis, dayMillis]).window(hourMillis, 2 * hourMillis)).toEqual({ events: 2, sum: 3 });
});

function copyOf(ladder: PaneLadder<Total>, windows: readonly number[]): PaneLadder<Total> {
  const writer = new Writer();
  ladder.encode(writer);
  const copy = new PaneLadder(totals, rungsFor(windows));
  copy.decode(new Reader(writer.bytes()));
  return copy;
}

// Where logs begin that no snapshot knows.
import { expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import { beginAt } from "../../src/pipeline/beginning.ts";
import { dayMillis, hourMillis, minuteMillis } from "../../src/window/resolution.ts";

const bounds = { low: 3, end: 9 };
const now = Date.parse("2026-03-01T00:00:00Z");

const begun = (start: string, more = "") =>
  beginAt(
    parseConfig(`source: {kafka: {brokers: [localhost:9092], topics: {t: {}}, start: ${start}}}\n${more}`, "test"),
    bounds,
    now,
  );
/** How far back before now. */
const back = (more: string, start = "auto"): number => {
  const at = begun(start, more);
  return "timeMillis" in at ? now - at.timeMillis : Number.NaN;
};

test("at the first record that there is, behind the last, or so long ago", () => {
  expect([begun("earliest"), begun("latest")]).toEqual([{ offset: 3 }, { offset: 9 }]);
  expect(back("defaults: {outcomes: {horizon: 30d}}", "12h")).toBe(12 * hourMillis);
  const file = parseConfig("source: {file: {paths: [a]}}", "test");
  expect(beginAt(file, bounds, now)).toEqual({ offset: 3 });
});

test("as far back as learning and the longest window need", () => {
  const usual = "defaults: {learn: 12h, windows: [1h, 24h]}";
  expect(back(usual)).toBe(36 * hourMillis + minuteMillis);
  expect(back(`${usual}\nmodels: {m: {learn: 2d}}`)).toBe(72 * hourMillis + minuteMillis);
});

test("and before that as far as predictions may be whose outcomes come meanwhile", () => {
  const defaults = (outcomes: string): string => `defaults: {learn: 12h, windows: [12h]${outcomes}}`;
  const without = dayMillis + minuteMillis;
  expect(back(defaults(", outcomes: {horizon: 3d}"))).toBe(without + 3 * dayMillis);
  // Nobody says how long: a week.
  expect(back(`${defaults("")}\nmodels: {a: {outcomes: {}}}`)).toBe(without + 7 * dayMillis);
  expect(back(`${defaults("")}\nmodels: {a: {outcomes: {horizon: 2d}}, b: {outcomes: {horizon: 5d}}, c: {}}`)).toBe(
    without + 5 * dayMillis,
  );
  // The default holds for models that nobody lists.
  expect(back(`${defaults(", outcomes: {horizon: 30d}")}\nmodels: {a: {outcomes: {horizon: 1d}}}`)).toBe(
    without + 30 * dayMillis,
  );
});

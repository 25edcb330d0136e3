// Every incident of the demo is seen: in the series that its message names, and on the page.
//
// The demo is played twice on the same clock, once with its incidents and once without: whatever else differs between
// one moment and another, as traffic and chance have it, is the same in both.
import { beforeAll, describe, expect, test, vi } from "vitest";
import { demoScript, type Effect, type ScheduledIncident, scheduled } from "../../src/source/simulator.ts";
import { minute, type Played, played, type Shown, stepMillis } from "./played.ts";
import { saidOn } from "./said.ts";
import { coursesOf, moved, settleMillis, type Time } from "./watched.ts";

/** A Wednesday. */
const momentMillis = Date.parse("2026-11-18T12:00:00Z");
const historyMillis = 4 * 60 * minute;
const aroundMillis = 20 * minute;

/** What a page says, of all that differs, that tells a person what happened. A kind of incident that is new needs its own. */
const telling: { readonly [Kind in Effect["kind"]]: (effect: Extract<Effect, { kind: Kind }>) => RegExp } = {
  scaled: ({ feature }) => new RegExp(`Features / ${feature} / mean: [\\d,]+`),
  missing: ({ feature }) => new RegExp(`Features / ${feature}: .* % missing`),
  renamed: ({ feature, to }) => new RegExp(`What changed: .*feature ${to} appeared.*feature ${feature} vanished`),
  text: ({ feature }) => new RegExp(`Features / ${feature}: .* % wrong type`),
  slow: () => /Latency: mean \d+/,
  no_outcomes: () => /Outcomes: .* (8|9) min ago/,
  cheap_orders: ({ version }) => new RegExp(`Version ${version} / .* / Value: [\\d,]+ +EUR +gained`),
  late_job: () => /Last success: .* \d+ (s|min) overdue/,
  failed_job: () => /Batch runs: .* 1 failed/,
};

let troubled: Played;
let calm: Played;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "setTimeout", "clearTimeout"] });
  try {
    const play = { momentMillis, historyMillis, aroundMillis };
    troubled = await played({ ...play, incidents: true });
    calm = await played({ ...play, incidents: false });
  } finally {
    vi.useRealTimers();
  }
});

test("the script is played as a whole", () => {
  expect(troubled.incidents.map(({ id }) => id)).toEqual(demoScript.map(({ id }) => id));
  expect(calm.incidents).toEqual([]);
  expect(stepMillis).toBeLessThanOrEqual(minute / 2);
});

describe.each(scheduled(demoScript, momentMillis))("$id", (incident) => {
  test.each(incident.watch)("moves $name $labels: $moves", (watch) => {
    const time: Time = { startMillis: incident.startMillis, endMillis: incident.endMillis + settleMillis(watch) };
    const courses = coursesOf(watch, troubled.shown);
    const calmCourses = coursesOf(watch, calm.shown);
    expect(courses.size).toBeGreaterThan(0);
    for (const [labels, course] of courses) {
      const values = [...course].map(([millis, value]) => `${clock(millis)} ${value}`);
      expect(moved(watch, course, calmCourses.get(labels), time), values.join("\n")).toBe(true);
    }
  });

  test("is told by the page that its message names", () => {
    const differing = newOnPage(incident);
    const pattern = (telling[incident.effect.kind] as (effect: Effect) => RegExp)(incident.effect);
    expect(differing.filter((text) => pattern.test(text))[0], differing.join("\n")).toBeDefined();
  });
});

/** What a page says during an incident and soon after it because of it: where all was as it is without it just before. */
function newOnPage({ page, startMillis, endMillis }: ScheduledIncident): string[] {
  const before = troubled.shown.findLastIndex(({ millis }) => millis <= startMillis);
  const ownSaid = saidAt(troubled, before, page);
  const calmSaid = saidAt(calm, before, page);
  const differs = (place: string, own: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean =>
    own.get(place) !== other.get(place);
  return troubled.shown.flatMap(({ millis }: Shown, index): string[] => {
    if (index <= before || millis > endMillis + aroundMillis / 2) return [];
    const [own, other] = [saidAt(troubled, index, page), saidAt(calm, index, page)];
    const places = [...own.keys()].filter((place) => differs(place, own, other) && !differs(place, ownSaid, calmSaid));
    return places.map((place) => `${clock(millis)} ${place}: ${own.get(place)}`);
  });
}

function saidAt({ shown }: Played, index: number, page: string): ReadonlyMap<string, string> {
  return saidOn(shown[index]?.pages.get(page) ?? "");
}

function clock(millis: number): string {
  return new Date(millis).toISOString().slice(11, 19);
}

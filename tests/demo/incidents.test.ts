// Every incident of the demo is seen: in the series that its message names, and on the page.
//
// The demo is played twice on the same clock, once with its incidents and once without: whatever else differs between
// one moment and another, as traffic and chance have it, is the same in both.
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { demoScript, type Effect, type ScheduledIncident, scheduled } from "../../src/source/simulator.ts";
import { minute, type Played, played, type Shown, stepMillis } from "./played.ts";
import { saidOn } from "./said.ts";
import { coursesOf, moved, settleMillis, type Time } from "./watched.ts";

/** A Wednesday. */
const momentMillis = Date.parse("2026-11-18T12:00:00Z");
const historyMillis = 4 * 60 * minute;
const aroundMillis = 20 * minute;

/** Kinds that the demo does not play; tests/e2e/pages.rehearsal.ts does. */
type Rehearsed = "no_predictions" | "accused" | "few_clicks";

/** What a page says, of all that differs, that tells a person what happened. A kind of incident that is new needs its own. */
const telling: { readonly [Kind in Exclude<Effect["kind"], Rehearsed>]: (effect: Extract<Effect, { kind: Kind }>) => RegExp } = {
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

/** Families that the demo does not show, with a test that does. */
const elsewhere: Readonly<Record<string, string>> = {
  // All of its references are files of whole weeks.
  ml_drift_calibration_remaining_seconds: "tests/pipeline/golden/scrape.txt",
  // It is watched when a day of labels has come after the horizon of the first: the demo's past is as long, the past of this test is not.
  ml_performance_alarm: "tests/drift/worse.test.ts",
  ml_performance_alarm_since_timestamp_seconds: "tests/drift/since.test.ts",
  ml_performance_alarm_signal: "tests/drift/worse.test.ts",
  ml_performance_evidence_limit_log10: "tests/drift/worse.test.ts",
  ml_performance_evidence_log10: "tests/drift/worse.test.ts",
  // Windows of a day are judged by their labels once all have come: the demo's past is hardly longer.
  ml_performance_estimate_gap: "tests/status/performance.test.ts",
  // There is nothing to talk to.
  ml_exporter_source_errors_total: "tests/pipeline/collectors.test.ts",
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
    const pattern = (telling[incident.effect.kind as keyof typeof telling] as (effect: Effect) => RegExp)(incident.effect);
    expect(differing.filter((text) => pattern.test(text))[0], differing.join("\n")).toBeDefined();
  });
});

describe("how well models do", () => {
  /** The last value of the one series of some labels. */
  const lastOf = (name: string, labels: Readonly<Record<string, string>>, { shown }: Played = troubled): number => {
    const courses = [...coursesOf({ name, labels: { segment: "", ...labels }, moves: "rises" }, shown).values()];
    expect(courses.length).toBe(1);
    return [...(courses[0] as ReadonlyMap<number, number>).values()].at(-1) as number;
  };
  const byOutcome = { window: "1h", by: "outcome", threshold: "", horizon: "" };

  test("the false-positive rate of the fraud model has risen by more than chance, and is as in its reference without incidents", () => {
    const rate = { ...byOutcome, model: "fraud", version: "3", metric: "false_positive_rate" };
    const usual = coursesOf(
      {
        name: "ml_performance_reference",
        labels: { model: "fraud", version: "3", metric: rate.metric, threshold: "" },
        moves: "rises",
      },
      calm.shown,
    );
    const reference = [...([...usual.values()][0] as ReadonlyMap<number, number>).values()].at(-1) as number;
    expect(lastOf("ml_performance_lower", rate)).toBeGreaterThan(2 * reference);
    expect(lastOf("ml_performance_lower", rate, calm)).toBeLessThan(reference);
    expect(lastOf("ml_performance_upper", rate, calm)).toBeGreaterThan(reference);
  });

  test.each(["2026-10", "2026-11"])("every item that version %s has shown has a label once the horizon is over", (version) => {
    const labels = { model: "recommendation", version };
    const courses = coursesOf(
      { name: "ml_label_coverage_ratio", labels: { ...labels, window: "24h" }, moves: "rises" },
      calm.shown,
    );
    // Windows of a day end with an hour, the horizon is a quarter of one.
    const later = [...([...courses.values()][0] as ReadonlyMap<number, number>)].filter(
      ([millis]) => millis % (60 * minute) > 20 * minute,
    );
    expect(later.length).toBeGreaterThan(20);
    expect(new Set(later.map(([, ratio]) => ratio))).toEqual(new Set([1]));
    // Its scores are how often items are clicked.
    const mean = (metric: string): number => {
      return lastOf("ml_performance", { ...byOutcome, ...labels, by: "prediction", window: "24h", metric }, calm);
    };
    expect(Math.abs(mean("label_mean") / mean("score_mean") - 1)).toBeLessThan(0.1);
  });

  test("forecasts are about a tenth off, at their horizon and altogether", () => {
    for (const horizon of ["15m", ""]) {
      const error = { ...byOutcome, model: "forecast", metric: "wape", horizon };
      expect(lastOf("ml_performance", error, calm)).toBeGreaterThan(0.05);
      expect(lastOf("ml_performance", error, calm)).toBeLessThan(0.12);
    }
  });
});

describe("the catalogue of metrics", () => {
  test("is shown, but for what cannot be in a demo, each of which has a test that shows it", () => {
    const pages = [...troubled.shown, ...calm.shown].map(({ metrics }) => metrics);
    const shown = (name: string): boolean =>
      pages.some((page) => new RegExp(`^${name}(_bucket|_info)?(\\{.*\\})? -?[\\dI]`, "m").test(page));
    const hidden = troubled.families.filter((name) => !shown(name));
    expect(troubled.families.length).toBeGreaterThan(60);
    expect(hidden.sort()).toEqual(Object.keys(elsewhere).sort());
    for (const [name, file] of Object.entries(elsewhere)) {
      expect(readFileSync(new URL(`../../${file}`, import.meta.url), "utf8"), file).toContain(name);
    }
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

// What rules compare with is on the page: as configured, of every version, and otherwise after a reload.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import { thresholdsOf } from "../../src/monitor/threshold-samples.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { midnight, minute, predictions } from "./events.ts";
import { type StartedExporter, World } from "./started-exporter.ts";

const settingsOf = (text: string) => foldSettings(parseConfig(`source: {file: {paths: [a]}}\n${text}`, "test"));

/** As `metric window bound: value`. */
function said(text: string, model = "m"): string[] {
  const settings = settingsOf(text);
  return [...thresholdsOf(settings.models.get(model) ?? settings.defaults)].map(
    ({ metric, window, bound, value }) => `${metric}${window === "" ? "" : ` in ${window}`}: ${bound} ${value}`,
  );
}

describe("thresholds", () => {
  const usual = [
    "drifting_features_ratio: most 0.3",
    "reference_age_seconds: most 15552000",
    "event_delay_seconds: most 300",
    "prediction_silence_seconds: most 900",
    "missing_ratio: most 0.01",
    "null_ratio: most 0.01",
    "wrong_type_ratio: most 0.001",
    "unseen_ratio: most 0.01",
    "schema_violations_ratio: most 0.01",
    "volume_low_ratio: least 0.4",
    "volume_high_ratio: most 2.5",
  ];

  test("of a model that nobody speaks of are the defaults", () => {
    expect(said("")).toEqual(usual);
  });

  test("of one with outcomes and objectives are more: a cohort is as old as its horizon, two windows and an hour", () => {
    const outcomes = "models: {m: {outcomes: {horizon: 2h}, slos: {availability: {objective: 0.9}}}}";
    expect(said(`defaults: {windows: [10m, 1h, 24h]}\n${outcomes}`)).toEqual([
      ...usual,
      "slo_events: least 100",
      "performance_change_ratio: most 0.05",
      "outcome_silence_seconds: most 21600",
      `cohort_age_seconds in 1h: most ${2 * 3600 + 2 * 3600 + 3600}`,
      `cohort_age_seconds in 24h: most ${2 * 3600 + 48 * 3600 + 3600}`,
    ]);
    expect(said("models: {m: {outcomes: {}, slos: {q: {objective: 0.9, metric: error}}}}")).toContain("slo_events: least 100");
  });

  test("are what the model says, and else what all say", () => {
    const text = `
defaults:
  drift: {tolerance: {missing: 0.05}}
  alerts: {drifting_share: 0.5, volume: {low: 0.1}, silence: 1h, performance: {f1: {least: 0.7, window: 24h}, mae: {most: 3, window: 1h}}}
models:
  m:
    outcomes: {}
    drift: {tolerance: {unseen: 0.2}}
    alerts:
      {reference_age: 30d, outcome_silence: 1h, event_delay: 1m, schema_violations: 0, volume: {high: 9}, performance_change: 0.1,
       slo_events: 7, performance: {f1: {least: 0.9, window: 1h}}}
    slos: {latency: {objective: 0.9, below_ms: 1}}`;
    expect(said(text)).toEqual(
      expect.arrayContaining([
        "drifting_features_ratio: most 0.5",
        "reference_age_seconds: most 2592000",
        "event_delay_seconds: most 60",
        "prediction_silence_seconds: most 3600",
        "missing_ratio: most 0.05",
        "unseen_ratio: most 0.2",
        "schema_violations_ratio: most 0",
        "volume_low_ratio: least 0.1",
        "volume_high_ratio: most 9",
        "slo_events: least 7",
        "performance_change_ratio: most 0.1",
        "outcome_silence_seconds: most 3600",
        "f1 in 1h: least 0.9",
        "mae in 1h: most 3",
      ]),
    );
    expect(said(text).filter((one) => one.startsWith("f1"))).toEqual(["f1 in 1h: least 0.9"]);
    // Nobody judges the others: their outcomes are not joined.
    expect(said(text, "other").filter((one) => /f1|mae|outcome|cohort|slo|performance/.test(one))).toEqual([]);
  });

  test("of a batch model know no silence of predictions but its own, and outcomes come with its runs", () => {
    const batch = (more: string): string[] =>
      said(`models: {m: {batch: {every: 24h}, outcomes: {}${more}}}`).filter((one) => one.includes("silence"));
    expect(batch("")).toEqual(["outcome_silence_seconds: most 172800"]);
    expect(batch(", alerts: {silence: 25h, outcome_silence: 1h}")).toEqual([
      "prediction_silence_seconds: most 90000",
      "outcome_silence_seconds: most 3600",
    ]);
  });
});

const log = { topic: "events", partition: 0 };
const labels = (metric: string, bound: string, version = "1"): string =>
  `ml_threshold{model=m,version=${version},feature=,metric=${metric},window=,bound=${bound}}`;

describe("on the page", () => {
  let world: World;
  let started: StartedExporter;
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    world = new World(midnight + 10 * minute);
    world.source.add(log);
    started = await world.start("defaults: {windows: [5m, 1h], learn: 1h}");
    started.pass(1000);
    await started.write(log, predictions(midnight + 9 * minute, 5));
    await started.write(log, predictions(midnight + 9 * minute, 5, { version: "2" }));
  });
  afterEach(async () => {
    await world.close();
    vi.useRealTimers();
  });

  test("every version has them, and how many false alarms are accepted", async () => {
    const page = await started.page();
    for (const version of ["1", "2"]) {
      expect(page.get(labels("event_delay_seconds", "most", version))).toBe(300);
      expect(page.get(labels("volume_low_ratio", "least", version))).toBe(0.4);
      expect(page.get(`ml_drift_false_alarms_per_day{model=m,version=${version}}`)).toBeCloseTo(1 / 30, 12);
    }
    expect([...page.keys()].filter((key) => key.startsWith("ml_threshold{")).length).toBe(22);
  });

  test("a reload changes them", async () => {
    const more = "alerts: {event_delay: 1h}, drift: {false_alarms: 2/1d}, outcomes: {}";
    await started.exporter.reload(world.config(`defaults: {windows: [5m, 1h], learn: 1h, ${more}}`));
    // It takes effect with a minute of which nothing can have been seen.
    expect((await started.page()).get(labels("event_delay_seconds", "most"))).toBe(300);
    started.pass(10 * minute);
    const page = await started.page();
    expect(page.get(labels("event_delay_seconds", "most"))).toBe(3600);
    expect(page.get(labels("performance_change_ratio", "most"))).toBe(0.05);
    // What worse predictions may raise is a part of all.
    expect(page.get("ml_drift_false_alarms_per_day{model=m,version=1}")).toBeCloseTo(2, 12);
  });
});

test("a limit of series turns them away as a whole, and says so", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const world = new World(midnight + 10 * minute);
  try {
    world.source.add(log);
    const started = await world.start("limits: {series: 10}");
    started.pass(1000);
    await started.write(log, predictions(midnight + 9 * minute, 5));
    // What was turned away is on the page that comes next.
    await started.page();
    const page = await started.page();
    expect([...page.keys()].filter((key) => key.startsWith("ml_threshold{"))).toEqual([]);
    expect(page.get("ml_exporter_series_dropped_total{reason=limit}")).toBeGreaterThanOrEqual(12);
  } finally {
    await world.close();
    vi.useRealTimers();
  }
});

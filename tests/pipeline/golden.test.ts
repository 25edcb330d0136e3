// A scrape of the whole exporter after fixed events at a fixed time, to the byte: what a change does to the page is seen
// here. UPDATE_GOLDEN=1 writes it anew. What it says is held against counts that are made here, from the events.
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { lintMetrics } from "../servers/prometheus.ts";
import { midnight, minute } from "./events.ts";
import { type StartedExporter, World } from "./started-exporter.ts";

const golden = new URL("golden/scrape.txt", import.meta.url);
const config = `
defaults: {windows: [10m, 1h], learn: 30m}
models:
  fraud:
    segments: [channel]
    features:
      amount: {type: numeric, edges: [10, 100, 1000], range: [0, 5000], observations: true}
      country: {categories: [DE, FR], other_categories: [AT], observations: true}
`;
/** What series are there for, by the name of their family: written down by hand, so that none is counted elsewhere unnoticed. */
const causes: readonly (readonly [RegExp, string])[] = [
  [/^ml_exporter_/, "exporter"],
  [/^ml_(window_observations|reference_ratio)$/, "bins"],
  [/^ml_(prediction_latency|event_delay)_seconds$/, "latency"],
  [/^ml_(drift_alarm|drift_alpha|drift_evidence|performance_alarm|performance_evidence)/, "alarm"],
  [/^ml_(threshold|drift_false_alarms_per_day)$/, "threshold"],
  [/^ml_(drift_|drifting_|monitored_|root_cause_)/, "drift"],
  [/^ml_(feature_values|schema_)/, "quality"],
  [/^ml_reference_/, "reference"],
  [/^ml_window_(?!end_)/, "distribution"],
  [/^ml_(outcomes|last_outcome|business|predictions_(expired|duplicate|pending)|label_)/, "outcomes"],
  [/^ml_(performance|labels_unusable)/, "performance"],
  [/^ml_slo_/, "slo"],
  [/^ml_batch_/, "batch"],
  [/^ml_(model_info|predictions?_|first_|last_|window_end_)/, "traffic"],
];

/** How long rendering took differs from time to time. */
const timings = /^ml_exporter_scrape_duration_seconds /;

interface Drawn {
  readonly time: number;
  readonly model: string;
  readonly version: string;
  readonly status: string;
  readonly latency_ms: number;
  readonly features: Readonly<Record<string, unknown>>;
  readonly score: number;
  readonly prediction: unknown;
  readonly segment: object;
}

const countries = ["DE", "FR", "AT", "IT", null];
const minutes = 40;
/** Ten a minute in an order that repeats: every number follows from the event's own. */
const events = Array.from({ length: minutes * 10 }, (_, index): Drawn => {
  const fraud = index % 4 !== 0;
  const amount = [7, 10, 55.5, 100, 999, 1001, 6000, "many"][index % 8];
  const features: Record<string, unknown> = fraud ? { amount, country: countries[index % 5] } : { length: (index * 37) % 101 };
  if (index % 50 === 1) delete features.amount;
  return {
    time: midnight + index * 6000,
    model: fraud ? "fraud" : "found",
    version: index % 3 === 0 ? "2" : "1",
    status: index % 20 === 3 ? "error" : "ok",
    latency_ms: (index % 12) * 10,
    features,
    score: ((index * 29) % 100) / 100,
    prediction: fraud ? index % 2 : "yes",
    segment: { channel: index % 6 === 0 ? "app" : "web" },
  };
});
const wrong = ["{", "[]", '{"type":"prediction"}', null];
const lateEvents = 3;

let world: World;
let exporter: StartedExporter;
let page: ReadonlyMap<string, number>;
let text: string;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  world = new World(midnight + minutes * minute);
  const logs = [0, 1].map((partition) => ({ topic: "events", partition }));
  for (const log of logs) world.source.add(log);
  exporter = await world.start(config);
  exporter.pass(1000);
  for (const [partition, log] of logs.entries()) {
    const records = events
      .filter((_, index) => index % 2 === partition)
      .map((event) => JSON.stringify({ type: "prediction", ...event }));
    await exporter.write(log, records, midnight + minutes * minute);
    await exporter.write(log, wrong);
    const late = JSON.stringify({ type: "prediction", model: "fraud", version: "1", time: midnight });
    await exporter.write(log, new Array<string>(lateEvents).fill(late), midnight + minutes * minute);
  }
  const outcome = JSON.stringify({ type: "outcome", model: "fraud", id: "1", time: midnight, label: 1 });
  await exporter.write({ topic: "events", partition: 0 }, [outcome]);
  await exporter.text();
  // Everyone is idle after that, and the counters have said 0 for long enough.
  exporter.pass(2 * minute);
  text = (await exporter.text())
    .split("\n")
    .filter((line) => !timings.test(line))
    .join("\n");
  page = await exporter.page();
});
afterAll(async () => {
  await world.close();
  vi.useRealTimers();
});

test("the page is as it was", () => {
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(golden, text);
  expect(text).toBe(readFileSync(golden, "utf8"));
});

test("promtool has nothing to say to it", async () => {
  expect(await lintMetrics(await exporter.text())).toBe("");
  // Without its one sample the family that was filtered is a header only, which is allowed.
  expect(await lintMetrics(readFileSync(golden, "utf8"))).toBe("");
});

test("series are counted by what they are there for", async () => {
  const families = await exporter.families();
  const names = new Map<string, Set<string>>();
  const counts = new Map<string, number>();
  let lines = 0;
  for (const { name, samples } of families) {
    lines += samples.length;
    if (name === "ml_exporter_series") for (const { labels, value } of samples) counts.set(labels.get("cause") as string, value);
    const cause = causes.find(([pattern]) => pattern.test(name))?.[1] ?? name;
    names.set(cause, (names.get(cause) ?? new Set()).add(name));
  }
  const expected = [...names].map(([cause, of]) => {
    const inCause = families.filter(({ name }) => of.has(name));
    return [cause, inCause.reduce((sum, { samples }) => sum + samples.length, 0)] as const;
  });
  expect(counts).toEqual(new Map(expected));
  expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(lines);
});

describe("it says what the events say", () => {
  const inWindow = (event: Drawn, length: number): boolean => event.time >= midnight + (minutes - length) * minute;
  const of = (model: string, version: string): Drawn[] =>
    events.filter((event) => event.model === model && event.version === version);

  test.each(["1", "2"])("traffic and latency of version %s", (version) => {
    const mine = of("fraud", version);
    const late = version === "1" ? 2 * lateEvents : 0;
    const labels = `model=fraud,version=${version}`;
    expect(page.get(`ml_predictions_total{${labels}}`)).toBe(mine.length + late);
    expect(page.get(`ml_prediction_errors_total{${labels}}`)).toBe(mine.filter(({ status }) => status === "error").length);
    expect(page.get(`ml_prediction_latency_seconds_count{${labels}}`)).toBe(mine.length);
    for (const bound of [0.01, 0.05, 0.1]) {
      const within = mine.filter((event) => event.latency_ms <= bound * 1000).length;
      expect(page.get(`ml_prediction_latency_seconds_bucket{${labels},le=${bound}}`)).toBe(within);
    }
  });

  test.each([10, 60])("counts by bin of amount and country in the last %d minutes", (length) => {
    const window = length === 60 ? "1h" : "10m";
    const mine = of("fraud", "1").filter((event) => inWindow(event, length));
    const amounts = mine.map(({ features }) => features.amount).filter((amount) => typeof amount === "number" && amount <= 5000);
    const bins = [10, 100, 1000, Number.POSITIVE_INFINITY];
    bins.forEach((upper, index) => {
      const count = amounts.filter(
        (amount) => (amount as number) <= upper && (amount as number) > (bins[index - 1] ?? -1),
      ).length;
      const bin = upper === Number.POSITIVE_INFINITY ? "+Inf" : upper;
      const key = `ml_window_observations{model=fraud,version=1,segment=,feature=amount,window=${window},bin=${bin}}`;
      expect([key, page.get(key)]).toEqual([key, count]);
    });
    const names: Record<string, string> = { DE: "DE", FR: "FR", AT: "__other__", IT: "__unseen__" };
    for (const [country, bin] of Object.entries(names)) {
      const count = mine.filter(({ features }) => features.country === country).length;
      const key = `ml_window_observations{model=fraud,version=1,segment=,feature=country,window=${window},bin=${bin}}`;
      expect([key, page.get(key)]).toEqual([key, count]);
    }
  });

  test("states of amount", () => {
    const mine = of("fraud", "1");
    const state = (name: string) => page.get(`ml_feature_values_total{model=fraud,version=1,feature=amount,state=${name}}`);
    const count = (holds: (value: unknown) => boolean): number => mine.filter(({ features }) => holds(features.amount)).length;
    expect(state("ok")).toBe(count((value) => typeof value === "number" && value <= 5000));
    expect(state("out_of_range")).toBe(count((value) => value === 6000));
    expect(state("wrong_type")).toBe(count((value) => value === "many"));
    expect(state("missing")).toBe(count((value) => value === undefined));
    expect(state("null")).toBe(0);
  });

  test("means and deviations", () => {
    const lengths = of("found", "1")
      .filter((event) => inWindow(event, 60))
      .map(({ features }) => features.length as number);
    const mean = lengths.reduce((sum, value) => sum + value, 0) / lengths.length;
    const variance = lengths.reduce((sum, value) => sum + (value - mean) ** 2, 0) / lengths.length;
    const labels = "model=found,version=1,segment=,feature=length,window=1h";
    expect(page.get(`ml_window_samples{${labels}}`)).toBe(lengths.length);
    expect(page.get(`ml_window_mean{${labels}}`)).toBeCloseTo(mean, 4);
    expect(page.get(`ml_window_standard_deviation{${labels}}`)).toBeCloseTo(Math.sqrt(variance), 3);
  });

  test("what was wrong and what was late", () => {
    const rejected = (reason: string) => page.get(`ml_exporter_events_rejected_total{topic=events,reason=${reason}}`);
    expect(["bad_json", "not_an_object", "bad_model", "tombstone"].map(rejected)).toEqual([2, 0, 2, 2]);
    expect(page.get("ml_exporter_late_events_total{topic=events,reason=log}")).toBe(2 * lateEvents);
    const outcomes = [...page].filter(([key]) => key.startsWith("ml_outcomes_total{model=fraud"));
    expect(outcomes.reduce((sum, [, value]) => sum + value, 0)).toBe(1);
  });
});

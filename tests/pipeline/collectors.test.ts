// What is on the page of the whole exporter, and what is not there yet, not any longer or not at all.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parsePage } from "../expose/strict-parser.ts";
import { lintMetrics } from "../servers/prometheus.ts";
import { hour, midnight, minute, prediction, predictions } from "./events.ts";
import { type StartedExporter, World } from "./started-exporter.ts";

const log = { topic: "events", partition: 0 };
const other = { topic: "events", partition: 1 };
const small = "defaults: {windows: [5m, 1h], learn: 1h}";
const second = 1000;
const at = (minutes: number, count = 5, more: object = {}): string[] => predictions(midnight + minutes * minute, count, more);

let world: World;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  world = new World(midnight + 10 * minute);
  world.source.add(log);
});
afterEach(async () => {
  await world.close();
  vi.useRealTimers();
});

/** Started, caught up, and scraped once, so that what comes now is new. */
async function known(config = small): Promise<StartedExporter> {
  const started = await world.start(config);
  started.pass(second);
  await started.page();
  return started;
}

const keysOf = (page: ReadonlyMap<string, number>, part: string): string[] =>
  [...page.keys()].filter((key) => key.includes(part));

test("failed exchanges with the source are counted by kind", async () => {
  const started = await known();
  world.source.errors.set("connection", 3);
  expect((await started.page()).get("ml_exporter_source_errors_total{kind=connection}")).toBe(3);
});

describe("counters", () => {
  test("are withheld after a restart until the log has reached the end that it had", async () => {
    const first = await known();
    await first.write(log, at(10, 10, { latency_ms: 5 }));
    await first.page();
    first.pass(31 * second);
    expect((await first.page()).get("ml_predictions_total{model=m,version=1}")).toBe(10);
    await first.stop();

    world.source.append(log, at(10, 5, { latency_ms: 5 }));
    const next = await world.start(small);
    next.pass(second);
    const early = await next.page();
    expect(next.exporter.waitingFor()).toEqual(["catching up with the logs"]);
    expect(early.get("ml_exporter_restoring")).toBe(1);
    for (const name of ["_total{model=", "ml_prediction_latency", "ml_event_delay", "rejected", "events_total", "late_events"]) {
      expect(keysOf(early, name)).toEqual([]);
    }
    // Gauges are no sums: they are right as they are.
    expect(early.get("ml_model_info{model=m,version=1,task=,team=,tier=standard}")).toBe(1);
    expect(early.get("ml_exporter_consumer_lag_records{topic=events,partition=0}")).toBe(5);

    await world.source.deliver(log, 4);
    next.pass(second);
    expect(keysOf(await next.page(), "ml_predictions_total")).toEqual([]);
    await world.source.deliver(log);
    next.pass(second);
    const late = await next.page();
    expect(late.get("ml_predictions_total{model=m,version=1}")).toBe(15);
    expect(late.get("ml_prediction_latency_seconds_count{model=m,version=1}")).toBe(15);
    expect([late.get("ml_exporter_restoring"), next.exporter.waitingFor()]).toEqual([0, []]);
  });

  test("never go back over restarts", async () => {
    let before = 0;
    for (let process = 0; process < 4; process++) {
      const started = await world.start(small);
      for (let scrape = 0; scrape < 6; scrape++) {
        await started.write(log, at(10, 7));
        started.pass(10 * second);
        const value = (await started.page()).get("ml_predictions_total{model=m,version=1}") ?? before;
        expect(value).toBeGreaterThanOrEqual(before);
        before = value;
      }
      await started.stop();
    }
    expect(before).toBe(4 * 6 * 7);
  });

  test("of a new model say 0 until every scraper has seen it, then what they are", async () => {
    const started = await known();
    await started.write(log, at(10, 8, { latency_ms: 5, status: "error" }));
    for (let passed = 0; passed < 30; passed += 10) {
      const page = await started.page();
      expect(page.get("ml_predictions_total{model=m,version=1}")).toBe(0);
      expect(page.get("ml_prediction_errors_total{model=m,version=1}")).toBe(0);
      expect(page.get("ml_prediction_latency_seconds_bucket{model=m,version=1,le=+Inf}")).toBe(0);
      expect(page.get("ml_prediction_latency_seconds_sum{model=m,version=1}")).toBe(0);
      started.pass(10 * second);
    }
    const page = await started.page();
    expect(page.get("ml_predictions_total{model=m,version=1}")).toBe(8);
    expect(page.get("ml_prediction_errors_total{model=m,version=1}")).toBe(8);
    expect(page.get("ml_prediction_latency_seconds_count{model=m,version=1}")).toBe(8);
    expect(page.get("ml_prediction_latency_seconds_sum{model=m,version=1}")).toBeCloseTo(0.04, 12);
  });

  test("of a new feature of a known model too", async () => {
    const started = await known();
    await started.write(log, at(1, 100, { features: { x: 1 } }));
    started.pass(40 * second);
    await started.page();
    await started.write(log, at(5));
    expect((await started.page()).get("ml_feature_values_total{model=m,version=1,feature=x,state=ok}")).toBe(0);
    started.pass(30 * second);
    const page = await started.page();
    expect(page.get("ml_feature_values_total{model=m,version=1,feature=x,state=ok}")).toBe(100);
    expect(page.get("ml_feature_values_total{model=m,version=1,feature=x,state=missing}")).toBe(5);
  });

  test("that were there before the process are shown at once", async () => {
    world.source.append(log, at(10, 8));
    const started = await world.start(small);
    await world.source.deliver(log);
    started.pass(second);
    expect((await started.page()).get("ml_predictions_total{model=m,version=1}")).toBe(8);
  });

  test("of what is wrong begin at 0 for every reason", async () => {
    const page = await (await known()).page();
    for (const reason of ["bad_json", "tombstone", "future", "unreadable"]) {
      expect(page.get(`ml_exporter_events_rejected_total{topic=events,reason=${reason}}`)).toBe(0);
    }
    for (const reason of ["log", "frontier", "ahead"]) {
      expect(page.get(`ml_exporter_late_events_total{topic=events,reason=${reason}}`)).toBe(0);
    }
    expect(page.get("ml_exporter_offset_gap_records_total{topic=events}")).toBe(0);
  });
});

describe("windows", () => {
  test("end with the frontier, and each minute moves them on", async () => {
    const started = await known();
    await started.write(log, at(8, 100, { features: { x: 4 } }));
    await started.write(log, at(10));
    let page = await started.page();
    expect(page.get("ml_window_end_timestamp_seconds{window=5m}")).toBe((midnight + 9 * minute) / second);
    expect(page.get("ml_window_samples{model=m,version=1,segment=,feature=x,window=5m}")).toBe(100);
    expect(page.get("ml_window_mean{model=m,version=1,segment=,feature=x,window=5m}")).toBe(4);
    await started.write(log, at(15));
    page = await started.page();
    expect(page.get("ml_window_samples{model=m,version=1,segment=,feature=x,window=5m}")).toBe(0);
    expect(page.get("ml_window_samples{model=m,version=1,segment=,feature=x,window=1h}")).toBe(100);
  });

  test("without samples have no mean and no quantile, and nothing on the page is NaN", async () => {
    const started = await known();
    const more = { features: { x: 4, c: "a" }, score: 0.5, prediction: "yes" };
    await started.write(log, at(8, 100, more));
    await started.write(log, at(10, 5, { features: { x: "four", c: null } }));
    await started.write(log, at(15));
    const page = await started.page();
    for (const feature of ["x", "$score"]) {
      expect(page.get(`ml_window_samples{model=m,version=1,segment=,feature=${feature},window=5m}`)).toBe(0);
    }
    for (const name of ["ml_window_mean", "ml_window_standard_deviation", "ml_window_quantile"]) {
      expect(keysOf(page, name).filter((key) => key.includes("window=5m"))).toEqual([]);
      expect(keysOf(page, name).filter((key) => key.includes("window=1h")).length).toBeGreaterThan(0);
    }
    expect([...page.values()].filter(Number.isNaN)).toEqual([]);
    expect(await started.text()).not.toMatch(/NaN|Inf\b(?!")/);
  });

  test("that ended too long ago are withheld, not frozen", async () => {
    const started = await known(`${small.slice(0, -1)}, stale: 15m}`);
    await started.write(log, at(8, 100, { features: { x: 4 } }));
    await started.write(log, at(10));
    await started.page();
    const window = (page: ReadonlyMap<string, number>): number => keysOf(page, "ml_window_samples").length;
    // They end at 9 min; a minute more is the step by which they slide.
    world.clockMillis = midnight + 9 * minute + 16 * minute;
    expect(window(await started.page())).toBe(2);
    world.clockMillis += 1;
    const page = await started.page();
    expect([window(page), keysOf(page, "ml_window_mean").length]).toEqual([0, 0]);
    // When they ended is said still.
    expect(page.get("ml_window_end_timestamp_seconds{window=5m}")).toBe((midnight + 9 * minute) / second);
    expect(page.get("ml_predictions_total{model=m,version=1}")).toBe(105);
    await started.write(log, at(26, 5, { features: { x: 4 } }));
    await started.write(log, at(28));
    expect(window(await started.page())).toBe(2);
  });

  test("are there again right after a restart, the same", async () => {
    const first = await known();
    await first.write(log, at(8, 300, { features: { x: 4, c: "a" }, score: 0.5, prediction: "yes" }));
    await first.write(log, at(10));
    const pick = async (started: StartedExporter): Promise<[string, number][]> =>
      [...(await started.page())].filter(([key]) => key.startsWith("ml_window")).sort();
    const before = await pick(first);
    expect(before.length).toBeGreaterThan(20);
    await first.stop();
    expect(await pick(await world.start(small))).toEqual(before);
  });
});

describe("the limit of series", () => {
  /** Not enough for two models: two histograms alone are more than thirty. */
  const limited = `${small}\nlimits: {series: 60}`;
  /** Series of models; those of windows and totals of all families count. */
  const shownOf = (page: ReadonlyMap<string, number>): number => keysOf(page, "{model=").length;

  test("turns whole groups away and counts them, and they stay away", async () => {
    const started = await known(limited);
    for (let model = 0; model < 5; model++) await started.write(log, at(10, 5, { model: `m${model}`, latency_ms: 1 }));
    await started.page();
    const page = await started.page();
    // A group is whole or not there: each family has the same number of series in every model that has it.
    const perFamily = new Map<string, number[]>();
    for (const { name, samples } of await started.families()) {
      const models = Map.groupBy(samples, ({ labels }) => labels.get("model"));
      models.delete(undefined);
      perFamily.set(
        name,
        [...models.values()].map((all) => all.length),
      );
    }
    for (const [name, sizes] of perFamily) expect(new Set(sizes).size, name).toBeLessThanOrEqual(1);
    const histograms = perFamily.get("ml_prediction_latency_seconds") ?? [];
    expect(histograms.length).toBeGreaterThan(0);
    expect(histograms.length).toBeLessThan(5);
    const shown = shownOf(page);
    expect(page.get("ml_exporter_model_series")).toBe(shown);
    expect(shown).toBeLessThanOrEqual(60);
    const dropped = page.get("ml_exporter_series_dropped_total{reason=limit}") as number;
    expect(dropped).toBeGreaterThan(0);
    expect(page.get("ml_exporter_limit_used{limit=series}")).toBe(shown);
    expect(page.get("ml_exporter_limit{limit=series}")).toBe(60);
    const again = await started.page();
    expect(again.get("ml_exporter_series_dropped_total{reason=limit}")).toBe(dropped);
    expect([...again.keys()]).toEqual([...page.keys()]);
  });

  test("is given back by versions that have expired, and others take it", async () => {
    const started = await known(`${small.slice(0, -1)}, expire: 1h}\nlimits: {series: 60}`);
    await started.write(log, at(10, 5, { model: "old" }));
    await started.page();
    await started.write(log, at(11, 5, { model: "new" }));
    await started.page();
    let page = await started.page();
    expect(keysOf(page, "model=old").length).toBeGreaterThan(keysOf(page, "model=new").length);
    world.clockMillis += 3 * hour;
    for (let minutes = 20; minutes <= 80; minutes += 10) await started.write(log, at(minutes, 5, { model: "new" }));
    await started.page();
    page = await started.page();
    expect(keysOf(page, "model=old")).toEqual([]);
    const shown = shownOf(page);
    expect(page.get("ml_exporter_model_series")).toBe(shown);
    expect(shown).toBeGreaterThan(30);
  });
});

describe("a version that is silent for long", () => {
  test("disappears with all its series, and can come back", async () => {
    const started = await known(`${small.slice(0, -1)}, expire: 1h}`);
    await started.write(log, at(10, 100, { version: "old", features: { x: 1 }, segment: { site: "north" } }));
    await started.write(log, at(20, 5));
    await started.page();
    const before = await started.page();
    expect(keysOf(before, "version=old").length).toBeGreaterThan(40);
    for (let minutes = 30; minutes <= 80; minutes += 10) await started.write(log, at(minutes));
    world.clockMillis = midnight + 80 * minute;
    await started.page();
    const after = await started.page();
    expect(keysOf(after, "version=old")).toEqual([]);
    const used = after.get("ml_exporter_model_series") as number;
    expect(used).toBeLessThan(before.get("ml_exporter_model_series") as number);
    await started.write(log, at(81, 3, { version: "old" }));
    expect((await started.page()).get("ml_predictions_total{model=m,version=old}")).toBe(0);
    started.pass(31 * second);
    expect((await started.page()).get("ml_predictions_total{model=m,version=old}")).toBe(3);
  });
});

describe("late events", () => {
  test("are counted by who had closed their pane, and are not in windows", async () => {
    world.source.add(other);
    const started = await known();
    await started.write(log, at(10));
    await started.write(other, at(3));
    // The second log falls idle: the first goes on, and is not silent itself.
    for (let passed = 0; passed < 40; passed += 10) {
      await started.write(log, at(10, 1));
      started.pass(10 * second);
    }
    await started.write(other, [...at(1, 2), ...at(5, 3)]);
    await started.write(log, at(2, 4));
    const page = await started.page();
    expect(page.get("ml_exporter_late_events_total{topic=events,reason=log}")).toBe(6);
    expect(page.get("ml_exporter_late_events_total{topic=events,reason=frontier}")).toBe(3);
    expect(page.get("ml_exporter_events_total{topic=events,type=prediction}")).toBe(23);
    started.pass(31 * second);
    // Traffic is what came, whenever it came.
    expect((await started.page()).get("ml_predictions_total{model=m,version=1}")).toBe(23);
  });
});

describe("how the exporter is doing", () => {
  test("who holds the frontier, how far it is, and what was not read yet", async () => {
    world.source.add(other);
    const started = await known();
    await started.write(log, at(10));
    await started.write(other, at(3));
    world.source.append(other, at(4, 7));
    world.source.look();
    const page = await started.page();
    expect(page.get("ml_exporter_frontier_held_by{topic=events,partition=1}")).toBe(1);
    expect(page.get("ml_exporter_frontier_held_by{topic=events,partition=0}")).toBe(0);
    expect(page.get("ml_exporter_frontier_timestamp_seconds")).toBe((midnight + 2 * minute) / second);
    expect(page.get("ml_exporter_consumer_lag_records{topic=events,partition=1}")).toBe(7);
    expect(page.get("ml_exporter_consumer_lag_seconds")).toBe((world.clockMillis - (midnight + 3 * minute)) / second);
  });

  test("before the first event nothing is said that is not known", async () => {
    const page = await (await world.start(small)).page();
    expect(keysOf(page, "frontier_timestamp")).toEqual([]);
    expect(page.get("ml_exporter_consumer_lag_seconds")).toBe(0);
    expect(page.get("ml_exporter_kafka_up")).toBe(1);
    world.source.state.up = false;
    const down = await (await world.start(small)).page();
    expect(down.get("ml_exporter_kafka_up")).toBe(0);
  });

  test("records that are lost or wrong", async () => {
    const started = await known();
    await started.write(log, [null, "{", ...at(10)]);
    await started.write(log, [prediction(midnight + hour)], midnight + 10 * minute);
    world.source.append(log, at(10, 5));
    world.source.deleteBefore(log, 11);
    const page = await started.page();
    expect(page.get("ml_exporter_offset_gap_records_total{topic=events}")).toBe(3);
    for (const reason of ["tombstone", "bad_json", "future"]) {
      expect(page.get(`ml_exporter_events_rejected_total{topic=events,reason=${reason}}`)).toBe(1);
    }
  });

  test("the age of the last snapshot", async () => {
    const first = await known();
    await first.stop();
    const next = await world.start(small);
    world.clockMillis += 90 * second;
    expect((await next.page()).get("ml_exporter_snapshot_age_seconds")).toBe(90);
  });

  test("limits say what they turned away", async () => {
    const started = await known(`${small}\nlimits: {models: 2, versions: 2, features: 2, segments: 1}`);
    for (const model of ["a", "b", "c", "c"]) await started.write(log, at(10, 1, { model }));
    for (const version of ["1", "2", "3"]) await started.write(log, at(10, 1, { model: "a", version }));
    await started.write(log, at(10, 1, { model: "b", features: { x: 1, y: 2, z: 3 }, segment: { site: "n" } }));
    await started.write(log, at(10, 1, { model: "b", segment: { site: "s" } }));
    const page = await started.page();
    const turnedAway = (limit: string) => page.get(`ml_exporter_limit_turned_away_total{limit=${limit}}`);
    expect(["models", "versions", "features", "segments"].map(turnedAway)).toEqual([2, 1, 1, 1]);
    started.pass(31 * second);
    expect((await started.page()).get("ml_predictions_total{model=__other__,version=__other__}")).toBe(2);
  });
});

describe("the page", () => {
  /** Everything that there can be, with names that need care. */
  async function full(): Promise<StartedExporter> {
    const started = await known(`${small}\nmodels: {m: {features: {x: {edges: [1, 2]}, c: {categories: [a]}}}}`);
    const names = ['quote"', "back\\slash", "line\nfeed", "é", "__proto__", "constructor", " ", "a".repeat(128)];
    for (const name of names) {
      const more = {
        features: { x: 1.5, c: "a", [name]: 3 },
        score: 0.5,
        prediction: name,
        segment: { [name]: name },
        latency_ms: 3,
      };
      await started.write(log, at(8, 60, more), midnight + 9 * minute);
      await started.write(log, at(8, 60, { ...more, model: name, version: name }), midnight + 9 * minute);
    }
    await started.write(log, [JSON.stringify({ type: "outcome", model: 'quote"', id: "1", time: midnight, label: 1 })]);
    await started.write(log, at(20));
    started.pass(31 * second);
    await started.page();
    return started;
  }

  test("has every family and every series once, in both formats", async () => {
    const started = await full();
    // The parser throws where a family or series comes twice, or a family has no sample.
    const names = parsePage(await started.text("text"), "text").map(({ name }) => name);
    expect(names.length).toBeGreaterThan(35);
    expect(parsePage(await started.text("openmetrics"), "openmetrics")).toHaveLength(names.length);
    const page = await started.page();
    expect(page.get("ml_exporter_duplicate_series")).toBe(0);
    const success = keysOf(page, "collector_success").map((key) => page.get(key));
    expect(success.length).toBeGreaterThanOrEqual(2);
    expect(success).toEqual(success.map(() => 1));
    expect(started.log.of("error")).toEqual([]);
  });

  test("shows nothing that promtool would speak of", async () => {
    expect(await lintMetrics(await (await full()).text())).toBe("");
  });

  test("before anything came neither", async () => {
    const started = await world.start(small);
    expect(await lintMetrics(await started.text())).toBe("");
    parsePage(await started.text("openmetrics"), "openmetrics");
  });
});

// From a topic to Prometheus: what its API answers are the numbers that independent software computed from the events.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type KafkaServer, startKafka } from "../servers/kafka.ts";
import { lintMetrics, type PrometheusServer, startPrometheus } from "../servers/prometheus.ts";
import { until } from "../until.ts";
import { allTargetsUp, awaitReady, ExporterHome, type ExporterProcess, freeAddress, pageText, samples } from "./exporter.ts";

const day = 86_400_000;
const folder = new URL("../data/flights-q2/", import.meta.url);
interface Row {
  readonly window: string;
  readonly start?: string;
  readonly feature: string;
  readonly kind?: string;
  readonly edges?: readonly number[];
  readonly bins?: readonly string[];
  readonly others?: readonly string[];
  readonly counts?: readonly number[];
  readonly [state: string]: unknown;
}
const rowsOf = (text: string): Row[] => (JSON.parse(text) as { rows: Row[] }).rows;
const unzip = (name: string): string => gunzipSync(readFileSync(new URL(name, folder))).toString("utf8");
const bins = rowsOf(readFileSync(new URL("bins.json", folder), "utf8"));
const lines = unzip("events.jsonl.gz").trimEnd().split("\n");

/** The last day of the stream that is looked at, and how far everything is moved so that it ended at the last midnight. */
const lastDay = Date.parse("2013-06-20T00:00:00Z");
const shift = Math.floor(Date.now() / day) * day - (lastDay + day);

/** The events of the two weeks before, moved, in four dealt partitions; then one later event that closes the day. */
function moved(): { partition: number; timestamp: string; value: string }[] {
  const records = [];
  for (const line of lines) {
    const event = JSON.parse(line) as { time: string; id: string };
    const time = Date.parse(event.time);
    if (time < lastDay - 13 * day || time >= lastDay + day) continue;
    const value = JSON.stringify({ ...event, time: new Date(time + shift).toISOString() });
    records.push({ partition: Number(event.id.slice(-1)) % 4, timestamp: String(time + shift), value });
  }
  return records;
}

const announced = JSON.stringify({
  flights: {
    features: Object.fromEntries(
      bins.map(({ feature, kind, edges, bins: names = [], others }) => {
        if (kind === "numeric") return [feature, { type: "numeric", edges, observations: true }];
        const categories = names.filter((name) => name !== "other" && name !== "unseen");
        return [feature, { type: "categorical", categories, other_categories: others ?? [], observations: true }];
      }),
    ),
  },
});

let kafka: KafkaServer;
beforeAll(async () => {
  kafka = await startKafka();
});
afterAll(() => kafka.close());

describe("announced bins", () => {
  const home = new ExporterHome();
  let exporter: ExporterProcess;
  let prometheus: PrometheusServer;
  const records = moved();

  beforeAll(async () => {
    await kafka.createTopic("flights", 4);
    for (let partition = 0; partition < 4; partition++) {
      await kafka.produce(
        "flights",
        partition,
        records.filter((record) => record.partition === partition),
      );
    }
    const after = { type: "prediction", model: "clock", time: lastDay + day + shift + 90_000 };
    await kafka.produce("flights", 0, [{ value: JSON.stringify(after), timestamp: String(after.time) }]);
    const listen = await freeAddress();
    const config = `
source: {kafka: {brokers: ["${kafka.broker}"], group: announced, topics: {flights: {}}, start: earliest}, idle: 1s}
web: {listen: "${listen}"}
defaults: {stale: 2d, windows: [24h, 7d]}
models: ${announced}
`;
    exporter = await home.start(config, listen);
    await awaitReady(exporter);
    prometheus = await startPrometheus(`
global: {scrape_interval: 1s}
scrape_configs:
- {job_name: text, scrape_protocols: [PrometheusText0.0.4], static_configs: [{targets: ["${listen}"]}]}
- {job_name: openmetrics, scrape_protocols: [OpenMetricsText1.0.0], static_configs: [{targets: ["${listen}"]}]}
`);
  });
  afterAll(async () => {
    await prometheus?.stop();
    home.close();
  });

  test("both formats are scraped, and promtool finds nothing", async () => {
    await allTargetsUp(prometheus);
    expect(await lintMetrics(await pageText(exporter))).toBe("");
    const openMetrics = await pageText(exporter, "application/openmetrics-text; version=1.0.0");
    expect(openMetrics.endsWith("# EOF\n")).toBe(true);
  });

  test("predictions and outcomes are counted to the event", async () => {
    const predictions = records.filter(({ value }) => value.includes('"type":"prediction"')).length;
    const outcomes = records.length - predictions;
    await until(
      async () => {
        const found = await prometheus.query('sum without(shard) (ml_predictions_total{job="text",model="flights"})');
        return found[0]?.value === predictions;
      },
      { deadlineMillis: 30_000, what: `${predictions} predictions` },
    );
    const [joined] = await prometheus.query('ml_outcomes_total{job="openmetrics",model="flights"}');
    expect(joined?.value).toBe(outcomes);
  });

  test("counts by bin of the last day and the last week are the reference numbers", async () => {
    const golden = rowsOf(unzip("counts.json.gz"));
    const start = { "24h": lastDay, "7d": Number.NaN };
    const dayRows = golden.filter((row) => row.window === "24h" && Date.parse(row.start as string) === start["24h"]);
    expect(dayRows.length).toBe(bins.length);
    const sampled = await prometheus.query('ml_window_observations{job="text",model="flights",segment="",window="24h"}');
    for (const row of dayRows) {
      const spec = bins.find(({ feature }) => feature === row.feature) as Row;
      expect({ feature: row.feature, counts: countsOf(sampled, spec) }).toEqual({ feature: row.feature, counts: row.counts });
    }
    const weekRows = golden.filter((row) => {
      const at = Date.parse(row.start as string);
      return row.window === "24h" && at > lastDay - 7 * day && at <= lastDay;
    });
    const week = await prometheus.query('ml_window_observations{job="text",model="flights",segment="",window="7d"}');
    for (const spec of bins) {
      const days = weekRows.filter(({ feature }) => feature === spec.feature).map(({ counts }) => counts as readonly number[]);
      const sums = (days[0] as readonly number[]).map((_, bin) => days.reduce((sum, counts) => sum + (counts[bin] as number), 0));
      expect({ feature: spec.feature, counts: countsOf(week, spec) }).toEqual({ feature: spec.feature, counts: sums });
    }
  });

  test("states of values since start are the reference numbers", async () => {
    const golden = rowsOf(unzip("quality.json.gz")).filter((row) => {
      const at = Date.parse(row.start as string);
      return row.window === "24h" && at >= lastDay - 13 * day && at <= lastDay;
    });
    const found = await prometheus.query('sum by (feature, state) (ml_feature_values_total{job="text",model="flights"})');
    const features = [...new Set(golden.map((row) => row.feature))];
    expect(features.length).toBe(18);
    for (const feature of features) {
      for (const state of ["ok", "missing", "null", "wrong_type", "unseen"]) {
        const expected = golden.filter((row) => row.feature === feature).reduce((sum, row) => sum + (row[state] as number), 0);
        const value = found.find(({ metric }) => metric.feature === feature && metric.state === state)?.value;
        expect({ feature, state, value }).toEqual({ feature, state, value: expected });
      }
    }
  });

  test("SIGTERM saves the state and ends with 0 within 10 s", async () => {
    const began = performance.now();
    expect(await exporter.end("SIGTERM")).toBe(0);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

describe("a model that nobody announced, with a configuration of three lines", () => {
  const home = new ExporterHome();
  afterAll(() => home.close());

  test("the page has every aspect", async () => {
    const listen = await freeAddress();
    const config = `source: {kafka: {brokers: ["${kafka.broker}"], topics: {events: {}}}}
state: {directory: ./state}
web: {listen: "${listen}"}
`;
    const exporter = await home.start(config, listen);
    const waiting = await fetch(`${exporter.url}/-/ready`);
    expect(waiting.status).toBe(503);
    await until(
      async () => (await (await fetch(`${exporter.url}/-/ready`)).text()).includes('topic "events" does not exist yet'),
      {
        deadlineMillis: 20_000,
        what: "the page says that the topic is missing",
      },
    );
    await kafka.createTopic("events", 3);
    // Fifty hours up to now: bins are learned from the first day, and both windows are full.
    const now = Date.now();
    const many = 12_000;
    for (let partition = 0; partition < 3; partition++) {
      const mine = Array.from({ length: many / 3 }, (_, index) => {
        const at = index * 3 + partition;
        const time = Math.floor(now - 50 * 3_600_000 * (1 - at / many));
        const features = { amount: (at * 7919) % 1000, country: ["DE", "FR", "IT"][at % 3], age: at % 10 === 0 ? null : at % 80 };
        const event = {
          type: "prediction",
          model: "found",
          version: "1",
          time,
          features,
          score: ((at * 31) % 997) / 997,
          prediction: at % 2,
          latency_ms: at % 90,
          segment: { channel: at % 2 ? "web" : "app" },
          status: at % 100 === 0 ? "error" : "ok",
        };
        return { value: JSON.stringify(event), timestamp: String(time) };
      });
      await kafka.produce("events", partition, mine);
    }
    await awaitReady(exporter);
    const version = 'model="found"';
    await until(
      async () => (await samples(exporter)).has(`ml_window_mean{feature="amount",${version},segment="",version="1",window="1h"}`),
      {
        deadlineMillis: 90_000,
        what: "windows",
      },
    );
    const page = await samples(exporter);
    const has = (start: string, ...labels: string[]): boolean =>
      [...page.keys()].some((key) => key.startsWith(start) && labels.every((label) => key.includes(label)));
    // The topic is read from 48 h and a minute back, as windows and learning need it.
    const counted = page.get('ml_predictions_total{model="found",version="1"}') as number;
    expect(counted).toBeGreaterThan((many * 47) / 50);
    expect(counted).toBeLessThan(many);
    expect(page.get('ml_prediction_errors_total{model="found",version="1"}')).toBeGreaterThan(100);
    expect(has("ml_last_prediction_timestamp_seconds{", version)).toBe(true);
    expect(page.get('ml_prediction_latency_seconds_count{model="found",version="1"}')).toBe(counted);
    expect(page.get('ml_event_delay_seconds_count{model="found",version="1"}')).toBe(counted);
    for (const state of ["ok", "null", "missing", "unseen"])
      expect(has("ml_feature_values_total{", 'feature="age"', `state="${state}"`)).toBe(true);
    for (const feature of ["$score", "$prediction"]) {
      for (const window of ["1h", "24h"])
        expect(has("ml_window_observations{", `feature="${feature}"`, `window="${window}"`)).toBe(true);
    }
    expect(has("ml_window_observations{", 'feature="$score"', 'segment="channel=web"')).toBe(true);
    expect(page.get('ml_window_distinct_values{feature="country",model="found",segment="",version="1",window="24h"}')).toBe(3);
    expect(
      page.get('ml_window_standard_deviation{feature="amount",model="found",segment="",version="1",window="24h"}'),
    ).toBeGreaterThan(250);
    expect(has("ml_window_quantile{", 'feature="amount"', 'q="0.95"')).toBe(true);
    expect(page.get("ml_exporter_kafka_up")).toBe(1);
    expect(await lintMetrics(await pageText(exporter))).toBe("");
    expect(await exporter.end("SIGTERM")).toBe(0);
  });
});

/** The counts of one feature in the order of its bins. */
function countsOf(found: readonly { metric: Readonly<Record<string, string>>; value: number }[], spec: Row): number[] {
  const of = found.filter(({ metric }) => metric.feature === spec.feature);
  const special: Readonly<Record<string, string>> = { other: "__other__", unseen: "__unseen__" };
  const names =
    spec.kind === "numeric"
      ? [...(spec.edges ?? []).map(String), "+Inf"]
      : (spec.bins ?? []).map((name) => special[name] ?? name);
  return names.map((name) => of.find(({ metric }) => metric.bin === name)?.value ?? Number.NaN);
}

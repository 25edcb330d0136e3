// What happens to brokers, topics and processes does not change the counts: stopped and frozen brokers, new partitions,
// late topics, a partition far behind, and a process that is killed.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type KafkaServer, startKafka } from "../servers/kafka.ts";
import { type PrometheusServer, startPrometheus } from "../servers/prometheus.ts";
import { until } from "../until.ts";
import { allTargetsUp, awaitReady, awaitSample, ExporterHome, type ExporterProcess, freeAddress, samples } from "./exporter.ts";

/** How long a broker is away at least: longer than the client's session, which is of 10 s. */
const outageMillis = Number(process.env.OUTAGE_SECONDS ?? 15) * 1000;
const hour = 3_600_000;
const sleep = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));

let kafka: KafkaServer;
/** A broker that may be stopped and frozen: the tests run side by side, as they mostly wait. */
let failing: KafkaServer;
beforeAll(async () => {
  [kafka, failing] = await Promise.all([startKafka(), startKafka()]);
});
afterAll(() => Promise.all([kafka.close(), failing.close()]));

function events(model: string, many: number, time: (index: number) => number): { value: string; timestamp: string }[] {
  return Array.from({ length: many }, (_, index) => {
    const timeMillis = Math.floor(time(index));
    const event = {
      type: "prediction",
      model,
      id: `${model}-${index}`,
      time: timeMillis,
      features: { x: index % 97 },
      score: (index % 100) / 100,
    };
    return { value: JSON.stringify(event), timestamp: String(timeMillis) };
  });
}

const counted = (model: string): string => `ml_predictions_total{model="${model}",version="unversioned"}`;

/** Fetches the page all the while; collects what went wrong. */
function keepScraping(exporter: ExporterProcess): { stop(): Promise<string[]> } {
  const failures: string[] = [];
  let going = true;
  const loop = (async () => {
    while (going) {
      const began = performance.now();
      const answer = await fetch(`${exporter.url}/metrics`, { signal: AbortSignal.timeout(5000) }).catch((error: Error) => error);
      const status = answer instanceof Error ? answer.message : answer.status;
      if (!(answer instanceof Error)) await answer.text();
      if (status !== 200) failures.push(`${status} after ${Math.round(performance.now() - began)} ms`);
      await sleep(200);
    }
  })();
  return {
    stop: async () => {
      going = false;
      await loop;
      return failures;
    },
  };
}

/** Waits until an outage has lasted, and the client was built anew because of it: its session and every retry have ended. */
async function outlasted(exporter: ExporterProcess, rebuildsBefore: number): Promise<void> {
  await sleep(outageMillis);
  const rebuilt = async (): Promise<boolean> => (await rebuildsOf(exporter)) > rebuildsBefore;
  await until(rebuilt, { deadlineMillis: 120_000, what: "the client is built anew" });
}

async function rebuildsOf(exporter: ExporterProcess): Promise<number> {
  return (await samples(exporter)).get("ml_exporter_source_rebuilds_total") ?? Number.NaN;
}

describe.concurrent("a broker that is stopped, frozen, and comes back with more partitions", () => {
  const home = new ExporterHome();
  afterAll(() => home.close());

  test("the page answers and says so; the counts are exact", async () => {
    await failing.createTopic("outage", 2);
    const listen = await freeAddress();
    const exporter = await home.start(
      `
source: {kafka: {brokers: ["${failing.broker}"], group: outage, topics: {outage: {}}}, idle: 1s}
web: {listen: "${listen}", zero_for: 0s}
`,
      listen,
    );
    const scraping = keepScraping(exporter);
    const now = Date.now();
    const produce = async (part: number, partition: number): Promise<void> => {
      await failing.produce(
        "outage",
        partition,
        events("outage", 1000, (index) => now - 1000 * (5000 - part * 1000 - index)),
      );
    };
    await produce(0, 0);
    await awaitSample(exporter, counted("outage"), 1000);

    const atFirst = await rebuildsOf(exporter);
    await failing.stop();
    await awaitSample(exporter, "ml_exporter_kafka_up", 0, 20_000);
    expect((await fetch(`${exporter.url}/-/ready`)).status).toBe(503);
    await outlasted(exporter, atFirst);
    await failing.restart();
    await produce(1, 1);
    await awaitSample(exporter, counted("outage"), 2000, 60_000);
    await awaitSample(exporter, "ml_exporter_kafka_up", 1, 30_000);

    const whenBack = await rebuildsOf(exporter);
    failing.freeze();
    await awaitSample(exporter, "ml_exporter_kafka_up", 0, 20_000);
    await outlasted(exporter, whenBack);
    failing.thaw();
    await produce(2, 0);
    await awaitSample(exporter, counted("outage"), 3000, 90_000);

    await failing.admin.createPartitions({ topicPartitions: [{ topic: "outage", count: 4 }] });
    await until(async () => (await failing.admin.fetchTopicOffsets("outage")).length === 4, { deadlineMillis: 20_000 });
    await produce(3, 3);
    await awaitSample(exporter, counted("outage"), 4000, 90_000);
    await awaitReady(exporter);
    const page = await samples(exporter);
    expect(page.get('ml_exporter_consumer_lag_records{partition="3",topic="outage"}')).toBe(0);
    expect(page.get('ml_exporter_offset_gap_records_total{topic="outage"}')).toBe(0);
    expect(await scraping.stop()).toEqual([]);
    expect(await exporter.end("SIGTERM")).toBe(0);
  }, 420_000);
});

describe.concurrent("a topic of which records or all are deleted", () => {
  const home = new ExporterHome();
  afterAll(() => home.close());

  test("records deleted before they were read are counted as a gap; a topic created anew is read from its start", async () => {
    await kafka.createTopic("deleted", 1);
    const listen = await freeAddress();
    const config = `
source: {kafka: {brokers: ["${kafka.broker}"], group: deleted, topics: {deleted: {}}}, idle: 1s}
state: {directory: deleted}
web: {listen: "${listen}", zero_for: 0s}
`;
    const now = Date.now();
    const first = await home.start(config, listen);
    await kafka.produce(
      "deleted",
      0,
      events("deleted", 100, (index) => now - 10_000 + index),
    );
    await awaitSample(first, counted("deleted"), 100);
    expect(await first.end("SIGTERM")).toBe(0);
    await kafka.produce(
      "deleted",
      0,
      events("deleted", 100, (index) => now - 9000 + index),
    );
    await kafka.admin.fetchTopicOffsets("deleted");
    await kafka.admin.deleteTopicRecords({ topic: "deleted", partitions: [{ partition: 0, offset: "150" }] });
    const second = await home.start(config, listen);
    await awaitSample(second, counted("deleted"), 150);
    await awaitSample(second, 'ml_exporter_offset_gap_records_total{topic="deleted"}', 50);
    await kafka.admin.deleteTopics({ topics: ["deleted"] });
    await kafka.createTopic("deleted", 1);
    await kafka.produce(
      "deleted",
      0,
      events("deleted", 30, (index) => now - 8000 + index),
    );
    await awaitSample(second, counted("deleted"), 180, 90_000);
    expect(await second.end("SIGTERM")).toBe(0);
  }, 240_000);
});

describe.concurrent("topics and partitions that differ", () => {
  const home = new ExporterHome();
  afterAll(() => home.close());

  test("two topics, one created later, one partition 24 h behind: nothing is late, windows are exact", async () => {
    await kafka.createTopic("first", 3);
    const listen = await freeAddress();
    const exporter = await home.start(
      `
source: {kafka: {brokers: ["${kafka.broker}"], group: differ, topics: {first: {}, second: {}}, start: earliest}, idle: 2s}
web: {listen: "${listen}", zero_for: 0s}
defaults: {windows: [1h, 24h]}
models: {behind: {features: {x: {edges: [10, 50], observations: true}}}}
`,
      listen,
    );
    const now = Math.floor(Date.now() / hour) * hour;
    // Partition 0 holds yesterday and today, the others today only: they have to wait for it.
    await kafka.produce(
      "first",
      0,
      events("behind", 5000, (index) => now - 25 * hour + (index * 25 * hour) / 5000),
    );
    for (const partition of [1, 2]) {
      await kafka.produce(
        "first",
        partition,
        events("behind", 2000, (index) => now - hour + (index * hour) / 2000),
      );
    }
    await kafka.createTopic("second", 1);
    await kafka.produce(
      "second",
      0,
      events("behind", 1000, (index) => now - 2 * hour + (index * 2 * hour) / 1000),
    );
    await awaitSample(exporter, counted("behind"), 10_000, 90_000);
    await awaitReady(exporter);
    const inLastDay = 5000 - Math.ceil(5000 / 25) + 4000 + 1000;
    const labels = 'feature="x",model="behind",segment="",version="unversioned",window="24h"';
    await awaitSample(exporter, `ml_window_samples{${labels}}`, inLastDay, 60_000);
    const page = await samples(exporter);
    for (const topic of ["first", "second"]) {
      for (const reason of ["log", "frontier", "ahead"])
        expect(page.get(`ml_exporter_late_events_total{reason="${reason}",topic="${topic}"}`)).toBe(0);
    }
    const bins = ["10", "50", "+Inf"].map((bin) => page.get(`ml_window_observations{bin="${bin}",${labels}}`) as number);
    expect(bins.reduce((sum, count) => sum + count, 0)).toBe(inLastDay);
    expect(await exporter.end("SIGTERM")).toBe(0);
  }, 240_000);
});

describe.concurrent("a process that is killed", () => {
  const home = new ExporterHome();
  let prometheus: PrometheusServer;
  afterAll(async () => {
    await prometheus?.stop();
    home.close();
  });

  test("windows and increase() over the restart are exact", async () => {
    await kafka.createTopic("killed", 2);
    const listen = await freeAddress();
    const config = `
source: {kafka: {brokers: ["${kafka.broker}"], group: killed, topics: {killed: {}}}, idle: 2s}
state: {directory: ./state, every: 1s}
web: {listen: "${listen}", zero_for: 5s}
defaults: {stale: 3h}
models: {killed: {features: {x: {edges: [10, 50], observations: true}}}}
`;
    let exporter = await home.start(config, listen);
    await awaitReady(exporter);
    prometheus = await startPrometheus(`
global: {scrape_interval: 500ms}
scrape_configs:
- {job_name: exporter, static_configs: [{targets: ["${listen}"]}]}
`);
    await allTargetsUp(prometheus);
    const end = Math.floor(Date.now() / hour) * hour;
    const all = events("killed", 6000, (index) => end - 2 * hour + (index * 2 * hour) / 6000);
    const part = async (from: number, to: number): Promise<void> => {
      await Promise.all(
        [0, 1].map((partition) =>
          kafka.produce(
            "killed",
            partition,
            all.slice(from, to).filter((_, index) => index % 2 === partition),
          ),
        ),
      );
    };
    await part(0, 2000);
    await awaitSample(exporter, counted("killed"), 2000);
    await until(async () => (await prometheus.query(counted("killed")))[0]?.value === 2000, {
      deadlineMillis: 20_000,
      what: "Prometheus has 2000",
    });
    const producing = part(2000, 4000);
    expect(await exporter.end("SIGKILL")).toBe("SIGKILL");
    await producing;
    exporter = await home.start(config, listen);
    await part(4000, 6000);
    await awaitSample(exporter, counted("killed"), 6000);
    await until(async () => (await prometheus.query(counted("killed")))[0]?.value === 6000, {
      deadlineMillis: 20_000,
      what: "Prometheus has 6000",
    });
    // The counter stood at 0 when it was first scraped; resets() is what Prometheus would have taken for one.
    const increase = `sum(max_over_time(${counted("killed")}[5m]) - min_over_time(${counted("killed")}[5m]))`;
    expect((await prometheus.query(increase))[0]?.value).toBe(6000);
    expect((await prometheus.query(`resets(${counted("killed")}[5m])`))[0]?.value).toBe(0);
    const extrapolated = (await prometheus.query(`increase(${counted("killed")}[5m])`))[0]?.value as number;
    expect(Math.abs(extrapolated - 6000)).toBeLessThanOrEqual(60);
    const labels = 'feature="x",model="killed",segment="",version="unversioned",window="1h"';
    await awaitSample(exporter, `ml_window_samples{${labels}}`, 3000, 60_000);
    const page = await samples(exporter);
    const expected = [0, 0, 0];
    for (let index = 3000; index < 6000; index++) {
      const bin = index % 97 <= 10 ? 0 : index % 97 <= 50 ? 1 : 2;
      expected[bin] = (expected[bin] ?? 0) + 1;
    }
    expect(["10", "50", "+Inf"].map((bin) => page.get(`ml_window_observations{bin="${bin}",${labels}}`))).toEqual(expected);
    expect(await exporter.end("SIGTERM")).toBe(0);
  }, 240_000);
});

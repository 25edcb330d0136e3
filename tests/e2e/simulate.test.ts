// The simulator's streams through a real Kafka and straight from their source: the same state and the same windows, to
// the byte. Then the command that writes them, and the exporter on what it has written.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { simulation } from "../../src/cli/simulation.ts";
import { parseConfig } from "../../src/config/load.ts";
import { streamSettings } from "../../src/pipeline/exporter.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { Ingest } from "../../src/pipeline/ingest.ts";
import { Rejections } from "../../src/pipeline/rejections.ts";
import { Replay } from "../../src/pipeline/replay.ts";
import { KafkaWriter } from "../../src/source/kafka/writer.ts";
import { partitionCounts, SimulatorSource, simulatedLogs, simulatedRecords } from "../../src/source/simulator.ts";
import type { Source } from "../../src/source/source.ts";
import { Fold } from "../../src/state/fold.ts";
import { Folder } from "../cli/command.ts";
import { stateText } from "../pipeline/assembly.ts";
import { LogLines } from "../pipeline/log-lines.ts";
import { type KafkaServer, startKafka } from "../servers/kafka.ts";
import { kafkaSource, Lines } from "../source/kafka-world.ts";
import { until } from "../until.ts";
import { awaitReady, ExporterHome, freeAddress, samples } from "./exporter.ts";

const minute = 60_000;
const hour = 60 * minute;
const topics = Object.keys(partitionCounts);
const defaults = "defaults: {windows: [5m, 1h], learn: 30m, stale: 1d}";
const models = "models: {fraud: {segments: [channel]}, forecast: {batch: {every: 15m, grace: 2m}}}";

let kafka: KafkaServer;
beforeAll(async () => {
  kafka = await startKafka();
});
afterAll(() => kafka.close());

interface Folded {
  readonly state: string;
  readonly lines: readonly string[];
  readonly rejected: number;
}

/** Folds so many records of a source as `replay` does, whatever the order is in which the logs are read. */
async function folded(source: Source, nowMillis: number, records: number, everyMillis = 5 * minute): Promise<Folded> {
  const fold = new Fold(foldSettings(parseConfig(`source: {simulator: {}}\n${defaults}\n${models}`, "test")));
  // All logs are there before the first record is: one that came later would not be waited for.
  for (const { topic, partition } of simulatedLogs) fold.log(topic, partition, minute);
  const lines: string[] = [];
  const windows = new Replay(fold, { everyMillis, bins: true }, (line) => lines.push(line));
  const options = {
    topics: new Map(topics.map((topic) => [topic, streamSettings()])),
    decode: () => ({ messageBytes: 100_000, futureMillis: 5 * minute }),
    begin: () => ({ offset: 0 }),
    now: () => nowMillis,
  };
  const log = new LogLines();
  const ingest = new Ingest(fold, options, log, new Rejections(log, () => nowMillis), () => windows.advance());
  await source.start(ingest);
  await until(() => ingest.records >= records, { deadlineMillis: 60_000, what: `${records} records` });
  await source.stop();
  expect(ingest.records).toBe(records);
  windows.finish();
  const rejected = [...fold.logs.values()].reduce((sum, one) => sum + one.rejected.size, 0);
  return { state: stateText(fold), lines, rejected };
}

test("streams with incidents give the same windows through Kafka as straight from the simulator", async () => {
  // Half an hour ago: the incidents since then are a part of what is read.
  const streams = simulation({ seed: 7, history: 2 * hour, incidents: true }, Date.now() - 30 * minute);
  const toMillis = streams.momentMillis + 25 * minute;
  const options = { brokers: kafka.brokers, clientId: "writer", group: "writer", topics };
  const writer = await KafkaWriter.open(options, partitionCounts, new Lines());
  let records = 0;
  for (const record of simulatedRecords(streams, streams.originMillis, toMillis)) {
    await writer.write(record);
    records += 1;
  }
  await writer.close();
  const straight = await folded(new SimulatorSource({ ...streams, now: () => toMillis - 1 }), toMillis, records);
  const through = await folded(kafkaSource(kafka, topics), toMillis, records);
  expect(straight.lines.length).toBeGreaterThan(5000);
  expect(straight.rejected).toBe(0);
  expect(through.lines).toEqual(straight.lines);
  expect(through.state === straight.state).toBe(true);
  const another = new SimulatorSource({ ...streams, seed: 8, now: () => toMillis - 1 });
  const others = [...simulatedRecords({ ...streams, seed: 8 }, streams.originMillis, toMillis)].length;
  expect((await folded(another, toMillis, others)).lines).not.toEqual(straight.lines);
});

describe("a topic that is there already", () => {
  test("with fewer partitions is refused: what is for the others would be lost", async () => {
    await kafka.createTopic("narrow", 1);
    const options = { brokers: kafka.brokers, clientId: "writer", group: "writer", topics: ["narrow"] };
    const opened = KafkaWriter.open(options, { narrow: 2 }, new Lines());
    await expect(opened).rejects.toThrow(`brokers ${kafka.broker}: topic "narrow" has 1 partitions, not 2`);
  });

  test("is written to as it is; one that is made is written to once, however soon its partitions are ready", async () => {
    await kafka.createTopic("wide", 3);
    const options = { brokers: kafka.brokers, clientId: "writer", group: "writer", topics: ["wide", "made"] };
    const writer = await KafkaWriter.open(options, { wide: 2, made: 40 }, new Lines());
    for (const [topic, partitions] of [
      ["wide", 2],
      ["made", 40],
    ] as const) {
      for (let partition = 0; partition < partitions; partition++) {
        await writer.write({ topic, partition, timeMillis: Date.now(), value: Buffer.from(`${topic} ${partition}`) });
      }
    }
    await writer.close();
    expect(await endsOf("wide")).toEqual([1, 1, 0]);
    expect(await endsOf("made")).toEqual(Array(40).fill(1));
  });
});

/** How many records each partition of a topic has. */
async function endsOf(topic: string): Promise<number[]> {
  const offsets = await kafka.admin.fetchTopicOffsets(topic);
  return offsets.sort((a, b) => a.partition - b.partition).map(({ high }) => Number(high));
}

test("a broker that goes away while it is written to makes the command end with 1, and say why", async () => {
  const folder = new Folder();
  const doomed = await startKafka();
  try {
    folder.write("doomed.yml", `source: {kafka: {brokers: ["${doomed.broker}"], topics: {predictions: {}}}}\n`);
    const running = folder.start("simulate", "--to", "kafka", "--config", "doomed.yml", "--history", "48h");
    await until(() => running.errors.includes("writing the streams of 2d"), { deadlineMillis: 20_000, what: "it writes" });
    await doomed.kill();
    const { code, errors } = await running.ended;
    expect({ code, says: /^prediction-exporter: .*(ECONNREFUSED|[Cc]onnect|retries)/m.test(errors), errors }).toMatchObject({
      code: 1,
      says: true,
    });
  } finally {
    await doomed.close();
    await folder.close();
  }
});

describe("the command", () => {
  const folder = new Folder();
  const home = new ExporterHome();
  afterAll(async () => {
    home.close();
    await folder.close();
  });

  test("writes topics that the exporter shows as the simulator's own windows", async () => {
    await kafka.admin.deleteTopics({ topics });
    await until(async () => (await kafka.admin.listTopics()).every((topic) => !topics.includes(topic)), {
      deadlineMillis: 30_000,
      what: "the topics are gone",
    });
    const brokers = `source: {kafka: {brokers: ["${kafka.broker}"], topics: {predictions: {}, outcomes: {}, runs: {}}`;
    folder.write("simulate.yml", `${brokers}}}\n`);
    const beganMillis = Date.now();
    const args = ["--to", "kafka", "--config", "simulate.yml", "--seed", "7", "--history", "2h"];
    const { code, output, errors } = await folder.run("simulate", ...args);
    expect({ code, output, errors }).toEqual({
      code: 0,
      output: "",
      errors: expect.stringMatching(/^writing the streams of 2h$/m),
    });

    // The minute may have turned between the look at the clock here and there.
    const candidates = [beganMillis, beganMillis + minute].map((now) =>
      simulation({ seed: 7, history: 2 * hour, incidents: true }, now),
    );
    const counted = candidates.map((streams) => {
      const all = [...simulatedRecords(streams, streams.originMillis, streams.momentMillis)];
      const ends = topics.map((topic) =>
        Array.from({ length: partitionCounts[topic as keyof typeof partitionCounts] }, (_, partition) => {
          return all.filter((record) => record.topic === topic && record.partition === partition).length;
        }),
      );
      return { streams, ends, records: all.length };
    });
    const written = [await endsOf("predictions"), await endsOf("outcomes"), await endsOf("runs")];
    expect(written.map((ends) => ends.length)).toEqual([4, 2, 1]);
    const found = counted.find(({ ends }) => JSON.stringify(ends) === JSON.stringify(written));
    if (found === undefined) throw new Error(`written ${JSON.stringify(written)}, not ${JSON.stringify(counted)}`);

    const listen = await freeAddress();
    const exporter = await home.start(
      `${brokers}, start: earliest}, idle: 1s}\nweb: {listen: "${listen}"}\n${defaults}\n${models}\n`,
      listen,
    );
    await awaitReady(exporter);
    // One page: its windows are all as of its frontier, however far that is.
    const page = await samples(exporter);
    const predictions = [...page].filter(([key]) => key.startsWith("ml_predictions_total{"));
    const count = predictions.reduce((sum, [, value]) => sum + value, 0);
    expect(count).toBe(written[0]?.reduce((sum, end) => sum + end, 0));
    const frontierMillis = (page.get("ml_exporter_frontier_timestamp_seconds") as number) * 1000;
    const { momentMillis } = found.streams;
    const source = new SimulatorSource({ ...found.streams, now: () => momentMillis - 1 });
    const { lines } = await folded(source, momentMillis, found.records, minute);
    const expected = samplesAt(frontierMillis, lines);
    const shown = [...page].filter(([key]) => /^ml_window_(mean|standard_deviation)\{/.test(key));
    expect(shown.length).toBeGreaterThan(50);
    expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(expected));
    expect(await exporter.end("SIGTERM")).toBe(0);
  });
});

interface Row {
  readonly time: string;
  readonly model: string;
  readonly version: string;
  readonly segment: string;
  readonly feature: string;
  readonly window: string;
  readonly metric?: string;
  readonly value: number;
}

/** Means and deviations of an evaluation, as the page names them. */
function samplesAt(millis: number, lines: readonly string[]): Map<string, number> {
  const time = new Date(millis).toISOString();
  const found = new Map<string, number>();
  for (const line of lines) {
    if (!line.includes(time)) continue;
    const { feature, metric, model, segment, value, version, window } = JSON.parse(line) as Row;
    if (metric !== "mean" && metric !== "standard_deviation") continue;
    const labels = Object.entries({ feature, model, segment, version, window }).map(([name, text]) => `${name}="${text}"`);
    found.set(`ml_window_${metric}{${labels.join(",")}}`, value);
  }
  return found;
}

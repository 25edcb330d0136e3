// A hundred thousand records through a real broker, one in a hundred poisoned: every event is counted once, every poison
// under its reason, and memory stays small.
import { afterAll, beforeAll, expect, test } from "vitest";
import { heavy, huge, oddities, poison } from "../../bench/poison.ts";
import { peakResidentMegabytes } from "../../bench/process-usage.ts";
import { differences, partitions, poisonedStream, produceStream, Tally } from "../../bench/stream.ts";
import { rejectReasons } from "../../src/event/reason.ts";
import { type KafkaServer, startKafka } from "../servers/kafka.ts";
import { until } from "../until.ts";
import { awaitReady, ExporterHome, freeAddress, pageText, samples } from "./exporter.ts";

const many = 100_000;
const topic = "volume";
const mostMegabytes = 300;
const home = new ExporterHome();
let kafka: KafkaServer;

beforeAll(async () => {
  kafka = await startKafka();
});
afterAll(async () => {
  await kafka?.close();
  home.close();
});

test("every reason that comes through a broker has a specimen", () => {
  const shown = new Set([...poison, ...oddities, ...heavy, huge].flatMap(({ rejected }) => rejected));
  expect(rejectReasons.filter((reason) => !shown.has(reason))).toEqual(["unreadable"]);
});

test("counts are exact and memory is small", async () => {
  await kafka.createTopic(topic, partitions);
  const producer = await kafka.producer();
  const tally = new Tally(topic);
  await produceStream((messages) => producer.send({ topic, messages, acks: 1 }), poisonedStream(many, Date.now(), tally));
  await producer.disconnect();
  expect(tally.records).toBe(many);
  expect([...tally.rejected.keys()].sort()).toEqual(rejectReasons.filter((reason) => reason !== "unreadable").sort());

  const listen = await freeAddress();
  const source = `{kafka: {brokers: ["${kafka.broker}"], group: ${topic}, topics: {${topic}: {}}, start: earliest}, idle: 1s}`;
  const exporter = await home.start(`source: ${source}\nweb: {listen: "${listen}"}\n`, listen);
  await awaitReady(exporter);
  const wrong = async (expected: ReadonlyMap<string, number>): Promise<string[]> =>
    differences(await samples(exporter), expected);
  // A page may be a second old; counts that are right once must not move on from there.
  await until(async () => (await wrong(tally.samples())).length === 0, { deadlineMillis: 5000 }).catch(() => undefined);
  expect(await wrong(tally.samples())).toEqual([]);
  const closed = new Map([...tally.samples(), ...tally.closedSamples()]);
  await until(async () => (await wrong(closed)).length === 0, { deadlineMillis: 20_000 }).catch(() => undefined);
  expect(await wrong(closed)).toEqual([]);
  expect(await pageText(exporter)).not.toMatch(/^evil/m);
  if (process.platform === "linux") expect(peakResidentMegabytes(exporter.pid)).toBeLessThan(mostMegabytes);
  expect(await exporter.end("SIGTERM")).toBe(0);
});

// Predictions and outcomes in random order through a real broker: what becomes of each is what a map of objects says, also over a
// process that is killed, and where the limit turns some away.
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  JoinStream,
  joinConfig,
  joinModel,
  latenessHours,
  outcomeTopic,
  partitions,
  predictionTopic,
  produceJoin,
} from "../../bench/join-stream.ts";
import { differences } from "../../bench/stream.ts";
import { type KafkaServer, startKafka } from "../servers/kafka.ts";
import { until } from "../until.ts";
import { awaitReady, ExporterHome, type ExporterProcess, freeAddress, samples } from "./exporter.ts";

const [predictions, outcomes] = [60_000, 54_000];
const eventsOf = (topic: string, type: string): string => `ml_exporter_events_total{topic="${topic}",type="${type}"}`;
const turnedAway = 'ml_exporter_limit_turned_away_total{limit="pending"}';

let kafka: KafkaServer;
let stream: JoinStream;
const homes: ExporterHome[] = [];

beforeAll(async () => {
  kafka = await startKafka();
  stream = new JoinStream(predictions, outcomes, Date.now());
});
afterAll(async () => {
  for (const home of homes) home.close();
  await kafka?.close();
});

/** Starts an exporter; started again with the same home it goes on. */
async function started(home: ExporterHome, config: (more: string) => string): Promise<ExporterProcess> {
  const listen = await freeAddress();
  const exporter = await home.start(config(`state: {every: 1s}\nweb: {listen: "${listen}", zero_for: 0s}\n`), listen);
  await awaitReady(exporter);
  return exporter;
}

function newHome(): ExporterHome {
  const home = new ExporterHome();
  homes.push(home);
  return home;
}

/** Waits for the samples of a page; says which are others. */
async function awaitSamples(exporter: ExporterProcess, expected: ReadonlyMap<string, number>): Promise<void> {
  const wrong = async (): Promise<string[]> => differences(await samples(exporter), expected).filter(isOurs);
  await until(async () => (await wrong()).length === 0, { deadlineMillis: 60_000 }).catch(() => undefined);
  expect(await wrong()).toEqual([]);
}

/** There are predictions of the clock, too. */
const isOurs = (difference: string): boolean => !difference.includes('model="clock"');

/** What depends on events alone: all that is told of models, and what limits and lateness did. */
function ofEvents(page: ReadonlyMap<string, number>): Map<string, number> {
  const kept = /^ml_(?!exporter_)|^ml_exporter_(limit_turned_away|late_events|events)_/;
  // A record's delay is by the broker's clock, and when a page was made is by ours.
  return new Map([...page].filter(([key]) => kept.test(key) && !/delay_seconds_(sum|bucket)\{model="clock"/.test(key)));
}

test("counts are exact, and over a process that is killed with all of it pending the page is the same", async () => {
  for (const topic of [predictionTopic, outcomeTopic]) await kafka.createTopic(topic, partitions);
  const kept = newHome();
  // A pair has two rows, and nearly all of them wait at once.
  const config = (group: string) => (more: string) =>
    joinConfig(kafka.broker, group, true, "10m", `limits: {pending: ${(predictions + outcomes) / 2}}\n${more}`);
  let exporter = await started(kept, config("killed"));
  const produce = kafka.produce;
  const parts = [0, 0.4, 0.7, 1].map((share) => Math.floor(share * stream.length));
  const [begin, first, second, end] = parts as [number, number, number, number];
  await produceJoin(stream.records(begin, first), produce);
  const seen = async (): Promise<number> => {
    const page = await samples(exporter);
    return (page.get(eventsOf(predictionTopic, "prediction")) ?? 0) + (page.get(eventsOf(outcomeTopic, "outcome")) ?? 0);
  };
  await until(async () => (await seen()) === first, { deadlineMillis: 60_000, what: "the first part is read" });
  await produceJoin(stream.records(first, second), produce);
  // In the middle of what no snapshot has.
  await until(async () => (await seen()) > first, { deadlineMillis: 60_000, what: "more is read" });
  await exporter.end("SIGKILL");
  await produceJoin(stream.records(second, end), produce);
  exporter = await started(kept, config("killed"));
  await until(async () => (await seen()) === stream.length, { deadlineMillis: 60_000, what: "all is read" });
  const full = await samples(exporter);
  expect(full.get('ml_exporter_limit_used{limit="pending"}')).toBe(stream.length / 2);
  expect(full.get(turnedAway)).toBe(0);
  await exporter.end("SIGKILL");
  await produceJoin(stream.marks(), produce);
  exporter = await started(kept, config("killed"));
  const undisturbed = await started(newHome(), config("undisturbed"));
  await awaitSamples(undisturbed, stream.samples());
  await awaitSamples(exporter, stream.samples());
  expect(ofEvents(await samples(exporter))).toEqual(ofEvents(await samples(undisturbed)));
}, 240_000);

test("beyond the limit the same events are turned away over a process that is killed", async () => {
  const topic = "both";
  await kafka.createTopic(topic);
  const limit = 20_000;
  const config = (group: string) => (more: string) =>
    `
source: {kafka: {brokers: ["${kafka.broker}"], group: ${group}, topics: {${topic}: {lateness: ${latenessHours}h}}, start: earliest}, idle: 10m}
limits: {pending: ${limit}}
models: {${joinModel}: {segments: [channel], outcomes: {horizon: 2h}}}
${more}`;
  const produce = (_: string, __: number, values: readonly string[]): Promise<void> => kafka.produce(topic, 0, values);
  const half = Math.floor(stream.length / 2);
  const kept = newHome();
  let exporter = await started(kept, config("full"));
  await produceJoin(stream.records(0, half), produce);
  const turned = async (): Promise<number> => (await samples(exporter)).get(turnedAway) ?? 0;
  await until(async () => (await turned()) === half - 2 * limit, { deadlineMillis: 60_000, what: "the table is full" });
  await exporter.end("SIGKILL");
  await produceJoin(stream.records(half), produce);
  await produceJoin(stream.marks(), produce);
  exporter = await started(kept, config("full"));
  const undisturbed = await started(newHome(), config("undisturbed-full"));
  const all = stream.length - 2 * limit;
  for (const one of [exporter, undisturbed]) {
    const isDone = async (): Promise<boolean> => {
      const page = await samples(one);
      return page.get(turnedAway) === all && page.get(`ml_predictions_pending{model="${joinModel}"}`) === 0;
    };
    await until(isDone, { deadlineMillis: 60_000, what: "all is settled" });
  }
  const page = ofEvents(await samples(exporter));
  expect(page).toEqual(ofEvents(await samples(undisturbed)));
  expect(page.get(`ml_outcomes_total{model="${joinModel}",state="joined",version="1"}`)).toBeGreaterThan(1000);
}, 240_000);

// A cardinality bomb: 100,000 invented models, versions, features, segments and categories each, and numbers of every
// size, over three days of event time, into an exporter as it runs but for Kafka and HTTP. Memory and the page have to
// level off, and the limits have to say what they turned away. Ends with 1 where one of these does not hold.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "../src/config/load.ts";
import { Renderer } from "../src/expose/render.ts";
import { Exporter, topicSettings } from "../src/pipeline/exporter.ts";
import { MemorySource } from "../src/source/memory.ts";
import { until } from "../tests/until.ts";
import { random } from "./events.ts";

const many = Number(process.argv[2] ?? 10_000_000);
const invented = 100_000;
/** Models of which every other event is, so that each gets enough of them to reach its own limits. */
const popular = 100;
const spanMillis = 3 * 86_400_000;
const start = Date.parse("2026-11-01T00:00:00Z");
const batchRecords = 1000;
const reports = 40;
/** Of so many events the first fifth comes in one moment, of one model: no minute of the rest fills a sketch. */
const blockEvents = 50_000;
const burstEvents = 10_000;
/** What memory may grow by from the second quarter of the stream to the last. */
const mostGrowth = 1.15;
/** Families of one sample each window or model, which no limit has to count. */
const unlimited = /^ml_(exporter|window_end_timestamp_seconds|outcomes_total)/;

/** Models and versions have one place more, where those are counted that were turned away. */
const beyond = 1;

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const next = random(3);
const upTo = (limit: number): number => Math.floor(next() * limit);
const directory = mkdtempSync(join(tmpdir(), "cardinality-"));
const config = parseConfig(
  `source: {kafka: {brokers: ["none:9092"], topics: {bomb: {}}, start: earliest}}
state: {directory: ${JSON.stringify(directory)}}
defaults: {learn: 1h, stale: 7d}`,
  "bench",
);
const log = { topic: "bomb", partition: 0 };
const source = new MemorySource();
source.add(log);
let time = start;
const write = (fields: object, message: string): void => print(`${message} ${JSON.stringify(fields)}`);
const silent = (): void => undefined;
const logger = { error: write, warn: silent, info: silent };
const exporter = await Exporter.create({
  config,
  source,
  topics: topicSettings(config),
  version: "bench",
  logger,
  now: () => time,
});
const renderer = new Renderer({
  collectors: () => exporter.collectors,
  now: () => performance.now(),
  logger,
  maxAgeMillis: 0,
});

/** Any number there is, of either sign. */
const anyNumber = (): number => Math.exp(1400 * (next() - 0.5)) * (next() < 0.5 ? -1 : 1);

function bombLine(index: number): string {
  const burst = index % blockEvents < burstEvents;
  return JSON.stringify({
    type: "prediction",
    model: burst ? "burst" : `model-${upTo(next() < 0.5 ? popular : invented)}`,
    version: burst ? "1" : `version-${upTo(invented)}`,
    time,
    segment: { place: `place-${upTo(invented)}`, [`attribute-${upTo(invented)}`]: "a" },
    score: next(),
    prediction: `class-${upTo(invented)}`,
    features: {
      [`feature-${upTo(invented)}`]: next() * 1e6,
      [`category-${upTo(invented)}`]: `value-${upTo(invented)}`,
      fixed: `value-${upTo(invented)}`,
      wide: anyNumber(),
    },
  });
}

function timeOf(index: number): number {
  const block = Math.floor(index / blockEvents);
  const inBlock = Math.max(0, (index % blockEvents) - burstEvents) / (blockEvents - burstEvents);
  return start + Math.floor((((block + inBlock) * blockEvents) / many) * spanMillis);
}

interface Report {
  readonly share: number;
  readonly megabytes: number;
  readonly series: number;
}

/** The page as its lines of samples; nobody keeps them, as a piece of a text keeps all of it alive. */
async function pageLines(): Promise<string[]> {
  const text = (await renderer.render("text")).toString("utf8");
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

async function report(events: number): Promise<Report> {
  const series = (await pageLines()).filter((line) => line.startsWith("ml_") && !unlimited.test(line)).length;
  const megabytes = process.memoryUsage.rss() / 2 ** 20;
  const hours = Math.round((time - start) / 3_600_000);
  print(`${String(events).padStart(9)} events, ${hours} h: resident ${Math.round(megabytes)} MB, ${series} series of models`);
  return { share: events / many, megabytes, series };
}

/** Prints every limit of the page. @returns what of it is wrong */
async function judgeLimits(): Promise<string[]> {
  const wrong: string[] = [];
  const page = new Map<string, number>();
  for (const line of await pageLines()) {
    const end = line.lastIndexOf(" ");
    if (line.startsWith("ml_exporter_")) page.set(line.slice(0, end), Number(line.slice(end)));
  }
  for (const [key, most] of page) {
    const label = /^ml_exporter_limit(\{.*\})$/.exec(key)?.[1];
    if (label === undefined) continue;
    const used = page.get(`ml_exporter_limit_used${label}`) as number;
    print(`limit ${label}: ${used} of ${most}`);
    const allowed = /"(models|versions)"/.test(label) ? most + beyond : most;
    if (used > allowed) wrong.push(`limit ${label}: ${used} is more than ${most}`);
  }
  for (const [key, count] of page) {
    if (!/^ml_exporter_(limit_turned_away|series_dropped)_total/.test(key)) continue;
    print(`${key} ${count}`);
    if (!(count > 0)) wrong.push(`${key} is ${count}: it was not reached`);
  }
  return wrong;
}

const most = (of: readonly Report[], from: number, to: number): number =>
  Math.max(...of.filter(({ share }) => share > from && share <= to).map(({ megabytes }) => megabytes));

async function judge(all: readonly Report[]): Promise<string[]> {
  const wrong = await judgeLimits();
  const series = Math.max(...all.map((one) => one.series));
  print(`most series of models: ${series} of ${config.limits.series}`);
  if (series > config.limits.series) wrong.push("more series than the limit");
  print(`largest resident set: first half ${Math.round(most(all, 0, 0.5))} MB, second half ${Math.round(most(all, 0.5, 1))} MB`);
  const growth = most(all, 0.75, 1) / most(all, 0.25, 0.5);
  print(`last quarter / second quarter: ${growth.toFixed(3)}`);
  if (!(growth <= mostGrowth)) wrong.push("memory grows");
  return wrong;
}

async function readBomb(): Promise<Report[]> {
  const all: Report[] = [];
  const recordsAReport = Math.ceil(many / batchRecords / reports) * batchRecords;
  for (let index = 0; index < many; index += batchRecords) {
    time = timeOf(index);
    source.append(
      log,
      Array.from({ length: batchRecords }, (_, at) => bombLine(index + at)),
      time,
    );
    await source.deliver(log);
    source.deleteBefore(log, index + batchRecords);
    const read = index + batchRecords;
    if (read % recordsAReport === 0 || read >= many) all.push(await report(read));
  }
  return all;
}

try {
  await exporter.start();
  // Counters are on the page once the log, still empty, was caught up with.
  await until(() => exporter.waitingFor().length === 0, { deadlineMillis: 10_000 });
  const began = performance.now();
  const wrong = await judge(await readBomb());
  print(`${Math.round(many / ((performance.now() - began) / 1000))} events/s, made and read by one process`);
  await exporter.stop();
  print(wrong.length === 0 ? "bounded" : wrong.join("\n"));
  process.exitCode = wrong.length === 0 ? 0 : 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}

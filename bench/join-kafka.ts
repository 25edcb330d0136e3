// Joining through a real broker: a stream of predictions and outcomes in random order is read by exporters with the join off and
// on, which run by turns; each count beside what it should be, memory with all of it pending, and what joining costs an event.
import { median } from "simple-statistics";
import { ExporterHome, type ExporterProcess, freeAddress, samples } from "../tests/e2e/exporter.ts";
import { type KafkaServer, startKafka } from "../tests/servers/kafka.ts";
import { until } from "../tests/until.ts";
import { JoinStream, joinConfig, outcomeTopic, partitions, predictionTopic, produceJoin } from "./join-stream.ts";
import { peakResidentMegabytes, processorSeconds } from "./process-usage.ts";
import { Turns } from "./turns.ts";

/** The bars. */
const mostMicros = 1.5;
const mostMegabytes = 450;
const longestRoundMillis = 600_000;

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const verdict = (holds: boolean): string => (holds ? "holds" : "does not hold");

interface Round {
  readonly micros: number;
  readonly megabytes: number;
  readonly page: ReadonlyMap<string, number>;
}

/** How an exporter reads the stream. */
interface Reading {
  readonly group: string;
  readonly isJoined: boolean;
  /** How often the state is saved. */
  readonly every: string;
}

/** Exporters that read the stream at once, by turns. @returns what each took, in their order */
async function readStream(kafka: KafkaServer, stream: JoinStream, readings: readonly Reading[]): Promise<Round[]> {
  const turns = new Turns();
  const homes = readings.map(() => new ExporterHome());
  try {
    const started: { readonly exporter: ExporterProcess; readonly before: number; readonly isJoined: boolean }[] = [];
    for (const [at, { group, isJoined, every }] of readings.entries()) {
      const listen = await freeAddress();
      const more = `state: {every: ${every}}\nweb: {listen: "${listen}", zero_for: 0s}\n`;
      const config = joinConfig(kafka.broker, group, isJoined, "10m", more);
      const exporter = await (homes[at] as ExporterHome).start(config, listen);
      turns.add(exporter.pid);
      started.push({ exporter, before: processorSeconds(exporter.pid), isJoined });
    }
    turns.begin();
    const settled = started.map(async ({ exporter, before, isJoined }) => {
      const page = await settledPage(exporter, isJoined);
      const micros = ((processorSeconds(exporter.pid) - before) * 1e6) / stream.length;
      turns.leave(exporter.pid);
      return { micros, megabytes: peakResidentMegabytes(exporter.pid), page };
    });
    const rounds = await Promise.all(settled);
    for (const { exporter } of started) await exporter.end("SIGTERM");
    return rounds;
  } finally {
    turns.end();
    for (const home of homes) home.close();
  }
}

/** The page when all is read and its minutes are closed: the marks let the frontier go far. */
async function settledPage(exporter: ExporterProcess, isJoined: boolean): Promise<ReadonlyMap<string, number>> {
  let page: ReadonlyMap<string, number> = new Map();
  const isSettled = async (): Promise<boolean> => {
    if (!exporter.log().includes('"msg":"caught up"')) return false;
    page = await samples(exporter);
    const open = page.get('ml_exporter_limit_used{limit="panes"}');
    return open === 1 && (!isJoined || page.get('ml_exporter_limit_used{limit="pending"}') === 0);
  };
  await until(isSettled, { deadlineMillis: longestRoundMillis, what: "all is read and closed" });
  return page;
}

/** @returns whether all are as they should be */
function printCounts(page: ReadonlyMap<string, number>, expected: ReadonlyMap<string, number>): boolean {
  let isExact = true;
  for (const [key, count] of expected) {
    const isRight = page.get(key) === count;
    isExact &&= isRight;
    print(`${String(page.get(key)).padStart(12)}${String(count).padStart(12)}  ${isRight ? "" : "WRONG "}${key}`);
  }
  return isExact;
}

/** Every record once: without that, a producer whose broker was slow to answer sends a batch again. */
async function produceAll(kafka: KafkaServer, stream: JoinStream): Promise<void> {
  for (const topic of [predictionTopic, outcomeTopic]) await kafka.createTopic(topic, partitions);
  const producer = kafka.client.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const send = (topic: string, partition: number, values: readonly string[]): Promise<unknown> =>
    producer.send({ topic, acks: -1, messages: values.map((value) => ({ partition, value })) });
  await produceJoin(stream.records(), send);
  await produceJoin(stream.marks(), send);
  await producer.disconnect();
}

/** @returns whether all bars hold */
export async function measureThroughKafka(predictions: number, outcomes: number, rounds: number): Promise<boolean> {
  const kafka = await startKafka();
  try {
    const stream = new JoinStream(predictions, outcomes, Date.now());
    await produceAll(kafka, stream);
    print(`${predictions} predictions, ${outcomes} outcomes`);
    const off: Round[] = [];
    const on: Round[] = [];
    const differences: number[] = [];
    for (let round = 1; round <= rounds; round++) {
      const [without, joined] = (await readStream(kafka, stream, [
        { group: `off-${round}`, isJoined: false, every: "1h" },
        { group: `on-${round}`, isJoined: true, every: "1h" },
      ])) as [Round, Round];
      const more = joined.micros - without.micros;
      off.push(without);
      on.push(joined);
      differences.push(more);
      print(
        `round ${round}: ${without.micros.toFixed(3)} us of processor time an event off, ${joined.micros.toFixed(3)} on: ` +
          `${more.toFixed(3)} more, ${(joined.micros / without.micros).toFixed(3)} times as much`,
      );
    }
    const [saved] = (await readStream(kafka, stream, [{ group: "saved", isJoined: true, every: "5s" }])) as [Round];
    print("       found      should");
    const isExact = printCounts(saved.page, stream.samples());
    const micros = median(differences);
    const megabytes = Math.max(...on.map((one) => one.megabytes));
    const [isFast, isSmall] = [micros <= mostMicros, megabytes < mostMegabytes];
    print(`counts are exact: ${verdict(isExact)}`);
    print(`${micros.toFixed(3)} us an event for the join (median of the rounds), at most ${mostMicros}: ${verdict(isFast)}`);
    print(`${Math.round(megabytes)} MB at the most with all pending, below ${mostMegabytes}: ${verdict(isSmall)}`);
    const without = Math.max(...off.map((one) => one.megabytes));
    print(`${Math.round(saved.megabytes)} MB with snapshots every 5 s, ${Math.round(without)} MB with the join off`);
    return isExact && isFast && isSmall;
  } finally {
    await kafka.close();
  }
}

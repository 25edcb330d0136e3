// How fast the exporter reads a topic beside the bare loop of the same client: a million predictions of 20 features in
// four partitions of a real broker, one record in a hundred poisoned. Then whether every one of them was counted.
//
// Both are processes of their own and take turns. Events per processor second is what to compare: the broker takes its
// share of the same cores. Start-up is left out: measuring begins with the first record and ends with the last, of the
// exporter when it says so, up to half a second later. Its page is scraped once a second meanwhile.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { ExporterHome, type ExporterProcess, freeAddress, samples } from "../tests/e2e/exporter.ts";
import { type KafkaServer, startKafka } from "../tests/servers/kafka.ts";
import { until } from "../tests/until.ts";
import { peakResidentMegabytes, processorSeconds } from "./process-usage.ts";
import { differences, partitions, poisonedStream, produceStream, Tally } from "./stream.ts";

const many = Number(process.argv[2] ?? 1_000_000);
const rounds = Number(process.argv[3] ?? 3);
const topic = "ingest";
const scrapeMillis = 1000;
const longestRoundMillis = 300_000;
/** The bars: a share of the bare loop's events, and memory. */
const leastRatio = 0.2;
const mostMegabytes = 300;

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const sleep = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));

interface Measured {
  readonly eventsASecond: number;
  readonly eventsAProcessorSecond: number;
  readonly peakMegabytes: number;
}

/** From the first record to the last. */
class Stretch {
  readonly #pid: number;
  readonly #processorSeconds: number;
  readonly #beganMillis = performance.now();

  constructor(pid: number) {
    this.#pid = pid;
    this.#processorSeconds = processorSeconds(pid);
  }

  end(): Measured {
    const wallSeconds = (performance.now() - this.#beganMillis) / 1000;
    return {
      eventsASecond: many / wallSeconds,
      eventsAProcessorSecond: many / (processorSeconds(this.#pid) - this.#processorSeconds),
      peakMegabytes: peakResidentMegabytes(this.#pid),
    };
  }
}

async function measureBare(broker: string, round: number): Promise<Measured> {
  const program = fileURLToPath(new URL("bare-loop.ts", import.meta.url));
  const child = spawn(process.execPath, [program, broker, topic, `bare-${round}`, String(many)], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_NO_WARNINGS: "1" },
  });
  const deadline = setTimeout(() => child.kill("SIGKILL"), longestRoundMillis);
  try {
    let stretch: Stretch | null = null;
    for await (const line of createInterface(child.stdout)) {
      if (line === "first") stretch = new Stretch(child.pid as number);
      else if (stretch !== null) return stretch.end();
    }
    throw new Error("the bare loop ended before the last record");
  } finally {
    clearTimeout(deadline);
    child.kill("SIGKILL");
  }
}

/** Reads the stream with a fresh exporter. @returns what it took, and what it counted wrongly */
async function measureExporter(broker: string, round: number, tally: Tally): Promise<Measured & { wrong: string[] }> {
  const home = new ExporterHome();
  try {
    const listen = await freeAddress();
    const kafka = `{brokers: ["${broker}"], group: exporter-${round}, topics: {${topic}: {}}, start: earliest}`;
    const exporter = await home.start(`source: {kafka: ${kafka}, idle: 1s}\nweb: {listen: "${listen}"}\n`, listen);
    // The stream's first records are rejected, of which a line of the log tells at once.
    await hasSaid(exporter, "rejected", 5);
    const stretch = new Stretch(exporter.pid);
    const scraping = setInterval(() => void samples(exporter).catch(() => undefined), scrapeMillis);
    await hasSaid(exporter, "caught up", 50).finally(() => clearInterval(scraping));
    const measured = stretch.end();
    const wrong = await whatIsWrong(exporter, tally);
    const peakMegabytes = peakResidentMegabytes(exporter.pid);
    const code = await exporter.end("SIGTERM");
    if (code !== 0) wrong.push(`the exporter ended with ${code}`);
    return { ...measured, peakMegabytes, wrong };
  } finally {
    home.close();
  }
}

async function hasSaid(exporter: ExporterProcess, message: string, everyMillis: number): Promise<void> {
  const deadline = performance.now() + longestRoundMillis;
  while (!exporter.log().includes(`"msg":"${message}"`)) {
    if (performance.now() > deadline) throw new Error(`the exporter has not said "${message}": ${exporter.log()}`);
    await sleep(everyMillis);
  }
}

/** Everything is read; a page of the last second may be of before, and the last minutes are closed a little later. */
async function whatIsWrong(exporter: ExporterProcess, tally: Tally): Promise<string[]> {
  const expected = new Map([...tally.samples(), ...tally.closedSamples()]);
  let wrong: string[] = [];
  const right = async (): Promise<boolean> => {
    wrong = differences(await samples(exporter), expected);
    return wrong.length === 0;
  };
  await until(right, { deadlineMillis: 20_000 }).catch(() => undefined);
  return wrong;
}

async function produce(kafka: KafkaServer): Promise<Tally> {
  await kafka.createTopic(topic, partitions);
  const producer = await kafka.producer();
  const tally = new Tally(topic);
  const began = performance.now();
  await produceStream((messages) => producer.send({ topic, messages, acks: 1 }), poisonedStream(many, Date.now(), tally));
  await producer.disconnect();
  print(`${many} records produced in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return tally;
}

function median(measured: readonly Measured[], of: keyof Measured): number {
  const sorted = measured.map((one) => one[of]).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

function row(what: string, cells: readonly (string | number)[]): void {
  print(
    [what.padEnd(22), ...cells.map((cell) => String(typeof cell === "number" ? Math.round(cell) : cell).padStart(22))].join(""),
  );
}

/** Prints a table of medians. @returns the bars that were missed */
function judge(bare: readonly Measured[], exporter: readonly Measured[]): string[] {
  const columns: readonly (keyof Measured)[] = ["eventsASecond", "eventsAProcessorSecond", "peakMegabytes"];
  row(`medians of ${rounds}`, ["events/s", "events/processor s", "peak resident MB"]);
  for (const [what, measured] of Object.entries({ "bare client": bare, exporter }))
    row(
      what,
      columns.map((column) => median(measured, column)),
    );
  const ratios = columns.slice(0, 2).map((column) => median(exporter, column) / median(bare, column));
  row(
    "exporter / bare",
    ratios.map((ratio) => ratio.toFixed(3)),
  );
  const peak = Math.max(...exporter.map((one) => one.peakMegabytes));
  const missed = ratios.some((ratio) => ratio < leastRatio) ? [`less than ${leastRatio} of the bare client's events`] : [];
  return peak > mostMegabytes ? [...missed, `${Math.round(peak)} MB resident; the bar is ${mostMegabytes}`] : missed;
}

const kafka = await startKafka();
const wrong: string[] = [];
try {
  const tally = await produce(kafka);
  const bare: Measured[] = [];
  const exporter: Measured[] = [];
  for (let round = 1; round <= rounds; round++) {
    bare.push(await measureBare(kafka.broker, round));
    const one = await measureExporter(kafka.broker, round, tally);
    exporter.push(one);
    wrong.push(...one.wrong.map((text) => `round ${round}: ${text}`));
  }
  for (const missed of judge(bare, exporter)) print(`bar missed: ${missed}`);
  print(wrong.length === 0 ? "exact" : wrong.join("\n"));
} finally {
  await kafka.close();
}
process.exitCode = wrong.length === 0 ? 0 : 1;

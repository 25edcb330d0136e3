// The command `simulate`: writes the demo's streams to files or to Kafka, for trying out what reads them.
import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseDuration } from "../config/duration.ts";
import { ConfigError, loadConfig } from "../config/load.ts";
import { formats } from "../decode/index.ts";
import type { Logger } from "../pipeline/logger.ts";
import { KafkaWriter } from "../source/kafka/writer.ts";
import { partitionCounts, type SimulatedRecord, simulatedRecords } from "../source/simulator.ts";
import { createLogger } from "./logger.ts";
import { ProgressBar } from "./progress-bar.ts";
import { type Simulation, simulation } from "./simulation.ts";
import { kafkaOptions } from "./source.ts";

export interface SimulateCommand {
  /** Says where the brokers are; needed for Kafka only. */
  readonly config?: string;
  readonly to: string;
  /** Folder of the files. */
  readonly output: string;
  readonly seed: number;
  readonly history: string;
  /** Goes on in real time when the history is written. */
  readonly follow: boolean;
}

/** What records are written to. */
interface Target {
  write(record: SimulatedRecord): Promise<void>;
  /** Lets go of what was kept back to be written together. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** @throws ConfigError for bad usage */
export async function simulate(command: SimulateCommand): Promise<void> {
  const history = parseDuration(command.history);
  if (!(history > 0)) throw new ConfigError(`--history ${command.history}: a duration such as 25h`);
  const logger = createLogger("warn");
  const target = await open(command, logger);
  const streams = simulation({ seed: command.seed, history, incidents: true }, Date.now());
  try {
    await writeHistory(streams, target);
    if (command.follow) await follow(streams, target);
  } finally {
    await target.close();
  }
}

async function open({ to, config, output }: SimulateCommand, logger: Logger): Promise<Target> {
  if (to === "file") return Files.open(output);
  if (to !== "kafka") throw new ConfigError(`--to ${to}: kafka or file`);
  if (config === undefined) throw new ConfigError("--to kafka needs --config, which says where the brokers are");
  const { kafka } = loadConfig(config, formats).source;
  if (kafka === undefined) throw new ConfigError(`${config}: source.kafka is missing: it says where the brokers are`);
  return KafkaWriter.open(kafkaOptions(kafka), partitionCounts, logger);
}

async function writeHistory(streams: Simulation, target: Target): Promise<void> {
  const { originMillis, momentMillis } = streams;
  const bar = new ProgressBar(`writing the streams of ${Math.round((momentMillis - originMillis) / 3_600_000)} hours`);
  let written = 0;
  for (const record of simulatedRecords(streams, originMillis, momentMillis)) {
    await target.write(record);
    if (++written % 1000 === 0) bar.show((record.timeMillis - originMillis) / (momentMillis - originMillis));
  }
  await target.flush();
  bar.end();
}

async function follow(streams: Simulation, target: Target): Promise<void> {
  const ended = new AbortController();
  process.once("SIGINT", () => ended.abort());
  process.once("SIGTERM", () => ended.abort());
  for (const record of simulatedRecords(streams, streams.momentMillis, Number.POSITIVE_INFINITY)) {
    const earlyMillis = record.timeMillis - Date.now();
    if (earlyMillis > 0) await target.flush();
    if (earlyMillis > 0) await rest(earlyMillis, ended.signal);
    if (ended.signal.aborted) return;
    await target.write(record);
  }
}

function rest(millis: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, millis);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

/** A file for each topic, one line a record. */
class Files implements Target {
  readonly #streams: ReadonlyMap<string, WriteStream>;

  private constructor(streams: ReadonlyMap<string, WriteStream>) {
    this.#streams = streams;
  }

  static async open(directory: string): Promise<Files> {
    await mkdir(directory, { recursive: true });
    const streams = new Map(
      Object.keys(partitionCounts).map((topic) => [topic, createWriteStream(join(directory, `${topic}.jsonl`))] as const),
    );
    for (const stream of streams.values()) await once(stream, "open");
    return new Files(streams);
  }

  async write({ topic, value }: SimulatedRecord): Promise<void> {
    const stream = this.#streams.get(topic) as WriteStream;
    stream.write(value);
    if (!stream.write("\n")) await once(stream, "drain");
  }

  async flush(): Promise<void> {}

  async close(): Promise<void> {
    for (const stream of this.#streams.values()) {
      stream.end();
      await once(stream, "finish");
    }
  }
}

// The command `simulate`: writes the demo's streams to files or to Kafka, for trying out what reads them.
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as rest } from "node:timers/promises";
import { formatDuration, parseDuration } from "../config/duration.ts";
import { ConfigError, loadConfig, loadIncidents } from "../config/load.ts";
import { formats } from "../decode/index.ts";
import type { Logger } from "../pipeline/logger.ts";
import { KafkaWriter } from "../source/kafka/writer.ts";
import { partitionCounts, type SimulatedRecord, simulatedRecords } from "../source/simulator.ts";
import { type Clock, processClock } from "./clock.ts";
import { createLogger } from "./logger.ts";
import { ProgressBar } from "./progress-bar.ts";
import { type SimulatedStreams, simulation, withIncidents } from "./simulation.ts";
import { kafkaOptions } from "./source.ts";

export interface SimulateCommand {
  /** Says where the brokers are; needed for Kafka only. */
  readonly config?: string;
  readonly to: string;
  /** Folder of the files. */
  readonly output: string;
  readonly seed: number;
  readonly history: string;
  /** A file of incidents, in place of those of the demo. */
  readonly incidents?: string;
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

const rehearsalRestMillis = 100;

/** @throws ConfigError for bad usage */
export async function simulate(command: SimulateCommand): Promise<void> {
  const history = parseDuration(command.history);
  if (!(history > 0)) throw new ConfigError(`--history ${command.history}: a duration such as 25h`);
  const entries = command.incidents === undefined ? undefined : loadIncidents(command.incidents);
  const clock = processClock();
  const logger = createLogger("warn");
  const target = await openTarget(command, logger);
  const ofDemo = simulation({ seed: command.seed, history, incidents: true }, clock.beginsMillis ?? clock.now());
  const streams = entries === undefined ? ofDemo : withIncidents(ofDemo, entries);
  try {
    await writeHistory(streams, target);
    if (command.follow) await follow(streams, target, clock);
  } finally {
    await target.close();
  }
}

/** Who goes on in real time waits for brokers that go away, as any producer does. */
async function openTarget({ to, config, output, follow }: SimulateCommand, logger: Logger): Promise<Target> {
  if (to === "file") return Files.open(output);
  if (to !== "kafka") throw new ConfigError(`--to ${to}: kafka or file`);
  if (config === undefined) throw new ConfigError("--to kafka needs --config, which says where the brokers are");
  const { kafka } = loadConfig(config, formats).source;
  if (kafka === undefined) throw new ConfigError(`${config}: source.kafka is missing: it says where the brokers are`);
  return KafkaWriter.open(kafkaOptions(kafka), partitionCounts, logger, follow);
}

async function writeHistory(streams: SimulatedStreams, target: Target): Promise<void> {
  const { originMillis, momentMillis } = streams;
  const bar = new ProgressBar(`writing the streams of ${formatDuration(momentMillis - originMillis)}`);
  let written = 0;
  for (const record of simulatedRecords(streams, originMillis, momentMillis)) {
    await target.write(record);
    if (++written % 1000 === 0) bar.show((record.timeMillis - originMillis) / (momentMillis - originMillis));
  }
  await target.flush();
  bar.end();
}

/** Each record when it falls due; in a rehearsal, where many do at once, those of a tenth of a second together. */
async function follow(streams: SimulatedStreams, target: Target, { now, pace }: Clock): Promise<void> {
  const leastRestMillis = pace === 1 ? 0 : rehearsalRestMillis;
  const ended = new AbortController();
  process.once("SIGINT", () => ended.abort());
  process.once("SIGTERM", () => ended.abort());
  for (const record of simulatedRecords(streams, streams.momentMillis, Number.POSITIVE_INFINITY)) {
    const earlyMillis = (record.timeMillis - now()) / pace;
    if (earlyMillis > 0) await target.flush();
    if (earlyMillis > 0)
      await rest(Math.max(earlyMillis, leastRestMillis), undefined, { signal: ended.signal }).catch(() => undefined);
    if (ended.signal.aborted) return;
    await target.write(record);
  }
}

/** A file for each topic, one line a record. */
class Files implements Target {
  readonly #files: ReadonlyMap<string, LinesFile>;

  private constructor(files: ReadonlyMap<string, LinesFile>) {
    this.#files = files;
  }

  static async open(directory: string): Promise<Files> {
    await mkdir(directory, { recursive: true });
    const files = new Map<string, LinesFile>();
    for (const topic of Object.keys(partitionCounts)) {
      const path = join(directory, `${topic}.jsonl`);
      files.set(topic, new LinesFile(path, await open(path, "w")));
    }
    return new Files(files);
  }

  write({ topic, value }: SimulatedRecord): Promise<void> {
    return (this.#files.get(topic) as LinesFile).write(value);
  }

  async flush(): Promise<void> {
    for (const file of this.#files.values()) await file.flush();
  }

  async close(): Promise<void> {
    for (const file of this.#files.values()) await file.close();
  }
}

/** Bytes that are written together. */
const together = 65_536;
const lineEnd = Buffer.from("\n");

class LinesFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  #waiting: Buffer[] = [];
  #bytes = 0;

  constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  async write(line: Buffer): Promise<void> {
    this.#waiting.push(line, lineEnd);
    this.#bytes += line.length + lineEnd.length;
    if (this.#bytes >= together) await this.flush();
  }

  /** @throws with the file's name where it cannot be written */
  async flush(): Promise<void> {
    const data = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#bytes = 0;
    try {
      await this.#handle.appendFile(data);
    } catch (error) {
      throw new Error(`${this.#path}: ${(error as Error).message}`);
    }
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.#handle.close();
    }
  }
}

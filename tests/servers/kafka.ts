// A real Apache Kafka for tests: one KRaft node from Maven Central's jars, on the loopback, in a folder of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Admin, Kafka, logLevel, type Message, type Producer } from "kafkajs";
import { until } from "../until.ts";
import { cacheDirectory, runTool } from "./cache.ts";

const kafkaVersion = "4.4.0";
const recipe = fileURLToPath(new URL("../../tools/kafka/", import.meta.url));
const small = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];

/** Fetches the jars once and checks them against the committed list. @returns the folder that holds them */
export async function prepareKafka(): Promise<string> {
  const directory = join(cacheDirectory(), `kafka-${kafkaVersion}`);
  if (existsSync(directory)) return directory;
  process.stderr.write(`fetching Kafka ${kafkaVersion} with Maven (kept in ${directory})\n`);
  runTool("java", ["-version"], "Java 17 or newer");
  mkdirSync(cacheDirectory(), { recursive: true });
  const temporary = mkdtempSync(`${directory}-`);
  const goal = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";
  runTool("mvn", ["-q", "-B", "-f", join(recipe, "pom.xml"), goal, `-DoutputDirectory=${temporary}`], "Maven 3.8 or newer");
  checkSums(temporary);
  rmSync(directory, { recursive: true, force: true });
  renameSync(temporary, directory);
  return directory;
}

/** The jars have to be the ones of the committed list, no more and no fewer. */
function checkSums(directory: string): void {
  const file = join(recipe, "checksums.txt");
  const sums = readdirSync(directory)
    .sort()
    .map(
      (jar) =>
        `${createHash("sha256")
          .update(readFileSync(join(directory, jar)))
          .digest("hex")}  ${jar}\n`,
    )
    .join("");
  if (process.env.WRITE_CHECKSUMS === "1") writeFileSync(file, sums);
  if (readFileSync(file, "utf8") !== sums) throw new Error(`the jars in ${directory} are not those of ${file}`);
}

export interface KafkaServer {
  readonly broker: string;
  readonly admin: Admin;
  createTopic(topic: string, partitions?: number): Promise<void>;
  /** Produces records to one partition; each a value or a message. */
  produce(topic: string, partition: number, records: readonly (string | Buffer | null | Message)[]): Promise<void>;
  producer(): Promise<Producer>;
  /** Ends the broker in order; `restart` brings it back with its data and port. */
  stop(): Promise<void>;
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** Freezes the broker's process, as a machine that hangs does. */
  freeze(): void;
  thaw(): void;
  /** Ends everything and removes the data. */
  close(): Promise<void>;
}

export async function startKafka(): Promise<KafkaServer> {
  const jars = await prepareKafka();
  const directory = mkdtempSync(join(tmpdir(), "kafka-"));
  const port = await freePort();
  writeFileSync(join(directory, "server.properties"), properties(directory, port, await freePort()));
  writeFileSync(join(directory, "log4j2.xml"), loggingConfig);
  const format = ["-Xmx128m", ...small, "-cp", `${jars}/*`, "kafka.tools.StorageTool", "format", "-t", "AAAAAAAAAAAAAAAAAAAAAQ"];
  runTool("java", [...format, "-c", join(directory, "server.properties")], "Java 17 or newer");
  const node = new Node(jars, directory, port);
  await node.start();
  const broker = `127.0.0.1:${port}`;
  const retry = { initialRetryTime: 100, maxRetryTime: 1000, retries: 60 };
  const kafka = new Kafka({ clientId: "tests", brokers: [broker], logLevel: logLevel.NOTHING, retry });
  const admin = kafka.admin();
  await admin.connect();
  let shared: Producer | null = null;
  const producer = async (): Promise<Producer> => {
    const made = kafka.producer();
    await made.connect();
    return made;
  };
  return {
    broker,
    admin,
    createTopic: async (topic, partitions = 1) => {
      await admin.createTopics({ topics: [{ topic, numPartitions: partitions, replicationFactor: 1 }], waitForLeaders: true });
    },
    produce: async (topic, partition, records) => {
      shared ??= await producer();
      for (let from = 0; from < records.length; from += 2000) {
        const messages = records.slice(from, from + 2000).map((record) => ({ ...messageOf(record), partition }));
        await shared.send({ topic, messages });
      }
    },
    producer,
    stop: () => node.end("SIGTERM"),
    kill: () => node.end("SIGKILL"),
    restart: () => node.start(),
    freeze: () => node.signal("SIGSTOP"),
    thaw: () => node.signal("SIGCONT"),
    close: async () => {
      await shared?.disconnect();
      await admin.disconnect();
      await node.end("SIGKILL");
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function messageOf(record: string | Buffer | null | Message): Message {
  if (record === null || typeof record === "string" || Buffer.isBuffer(record)) return { value: record };
  return record;
}

/** One broker process, which may end and come back. */
class Node {
  readonly #jars: string;
  readonly #directory: string;
  readonly #port: number;
  #child: ChildProcess | null = null;
  readonly #killAtExit = (): void => void this.#child?.kill("SIGKILL");

  constructor(jars: string, directory: string, port: number) {
    this.#jars = jars;
    this.#directory = directory;
    this.#port = port;
    process.once("exit", this.#killAtExit);
  }

  async start(): Promise<void> {
    const log = openSync(join(this.#directory, "broker.log"), "a");
    const logging = `-Dlog4j2.configurationFile=file:${join(this.#directory, "log4j2.xml")}`;
    const args = [
      "-Xms64m",
      "-Xmx320m",
      ...small,
      logging,
      "-cp",
      `${this.#jars}/*`,
      "kafka.Kafka",
      join(this.#directory, "server.properties"),
    ];
    const child = spawn("java", args, { stdio: ["ignore", log, log] });
    this.#child = child;
    let ended = false;
    child.once("exit", () => {
      ended = true;
    });
    const answers = async (): Promise<boolean> => {
      if (ended) throw new Error(readFileSync(join(this.#directory, "broker.log"), "utf8").slice(-4000));
      return answersApiVersions(this.#port);
    };
    await until(answers, { deadlineMillis: 90_000, what: "the broker answers" });
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    if (signal === "SIGKILL") child.kill("SIGCONT");
    await ended;
  }
}

/** One ApiVersions request (version 0); the answer has to carry its correlation id. */
function answersApiVersions(port: number): Promise<boolean> {
  const correlation = 77;
  const request = Buffer.alloc(14);
  request.writeInt32BE(10, 0);
  request.writeInt16BE(18, 4);
  request.writeInt16BE(0, 6);
  request.writeInt32BE(correlation, 8);
  request.writeInt16BE(-1, 12);
  return new Promise((resolve) => {
    const socket = new Socket();
    const done = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(1000, () => done(false));
    socket.once("error", () => done(false));
    socket.once("data", (data) => done(data.length >= 8 && data.readInt32BE(4) === correlation));
    socket.connect(port, "127.0.0.1", () => socket.write(request));
  });
}

/** A port outside of the range from which outgoing connections take theirs. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer().once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
}

function properties(directory: string, port: number, controller: number): string {
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controller}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs=${join(directory, "data")}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=250
log.cleaner.threads=1
log.cleaner.dedupe.buffer.size=4194304
message.max.bytes=16777216
num.network.threads=2
num.io.threads=2
auto.create.topics.enable=false
`;
}

const loggingConfig = `<Configuration status="ERROR"><Appenders><Console name="C"><PatternLayout pattern="%d %p %c{1} %m%n"/></Console></Appenders>
<Loggers><Root level="WARN"><AppenderRef ref="C"/></Root></Loggers></Configuration>
`;

// A real Apache Kafka for tests: KRaft nodes from Maven Central's jars, on the loopback, in a folder of their own.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Admin, Kafka, logLevel, type Message, type Producer } from "kafkajs";
import { until } from "../until.ts";
import { runTool } from "./cache.ts";
import { kafkaJars } from "./kafka-jars.ts";
import { type Account, formatArguments, loggingConfig, type NodePorts, properties, type Security } from "./kafka-properties.ts";
import { freePort } from "./port.ts";

const small = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];

// As this is loaded, where no time runs out: fetching may take minutes.
const jars = await kafkaJars();

export interface KafkaOptions {
  /** Brokers, each of which is a controller too; replication is as wide as there are brokers. */
  readonly nodes?: number;
  /** Listeners that ask for a password, for TLS, or for both, beside the plain one. */
  readonly security?: Security;
}

/** One broker of several. */
export interface KafkaNode {
  readonly broker: string;
  stop(): Promise<void>;
  kill(): Promise<void>;
  restart(): Promise<void>;
}

export interface KafkaServer {
  readonly broker: string;
  readonly brokers: readonly string[];
  /** Addresses of the listeners of `security`. */
  readonly secure: { readonly sasl: string; readonly tls: string; readonly saslTls: string };
  readonly admin: Admin;
  /** A client of the plain listener, for what the methods here do not do. */
  readonly client: Kafka;
  createTopic(topic: string, partitions?: number, config?: Readonly<Record<string, string>>): Promise<void>;
  /** Produces records to one partition; each a value or a message. */
  produce(topic: string, partition: number, records: readonly (string | Buffer | null | Message)[]): Promise<void>;
  producer(): Promise<Producer>;
  /** Ends the brokers in order; `restart` brings them back with their data and ports. */
  stop(): Promise<void>;
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** Freezes the brokers' processes, as a machine that hangs does. */
  freeze(): void;
  thaw(): void;
  /** The node that leads a partition. */
  leaderOf(topic: string, partition: number): Promise<KafkaNode>;
  /** Ends everything and removes the data. */
  close(): Promise<void>;
}

export async function startKafka({ nodes: count = 1, security }: KafkaOptions = {}): Promise<KafkaServer> {
  const directory = mkdtempSync(join(tmpdir(), "kafka-"));
  const ports: NodePorts[] = [];
  for (let id = 1; id <= count; id++) ports.push(await freePorts());
  const nodes = await Promise.all(
    ports.map(async (own, index) => {
      const home = join(directory, String(index + 1));
      mkdirSync(home);
      writeFileSync(join(home, "server.properties"), properties(home, index + 1, ports, security));
      writeFileSync(join(home, "log4j2.xml"), loggingConfig);
      await format(home, security?.accounts ?? []);
      return new Node(home, own.plain);
    }),
  );
  const every = async (act: (node: Node) => Promise<void>): Promise<void> => void (await Promise.all(nodes.map(act)));
  await every((node) => node.start());
  const brokers = nodes.map(({ broker }) => broker);
  const retry = { initialRetryTime: 100, maxRetryTime: 1000, retries: 60 };
  const client = new Kafka({ clientId: "tests", brokers, logLevel: logLevel.NOTHING, retry });
  const admin = client.admin();
  await admin.connect();
  let shared: Producer | null = null;
  const producer = async (): Promise<Producer> => {
    const made = client.producer();
    await made.connect();
    return made;
  };
  const first = ports[0] as NodePorts;
  return {
    broker: brokers[0] as string,
    brokers,
    secure: { sasl: `127.0.0.1:${first.sasl}`, tls: `127.0.0.1:${first.tls}`, saslTls: `127.0.0.1:${first.saslTls}` },
    admin,
    client,
    createTopic: async (topic, partitions = 1, config = {}) => {
      const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
      const wanted = { topic, numPartitions: partitions, replicationFactor: count, configEntries };
      await admin.createTopics({ topics: [wanted], waitForLeaders: false });
      // The admin's own wait fails where a topic of this name was deleted a moment ago.
      const partitionsOf = async (): Promise<unknown> =>
        (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0]?.partitions;
      await until(async () => (await partitionsOf()) !== undefined, { deadlineMillis: 30_000, what: `topic ${topic}` });
    },
    produce: async (topic, partition, records) => {
      for (let from = 0; from < records.length; from += 2000) {
        const messages = records.slice(from, from + 2000).map((record) => ({ ...messageOf(record), partition }));
        // A producer that does not know of a partition, or of its leader, drops what is for it, without a word.
        for (let isSent = false; !isSent; ) {
          shared ??= await producer();
          isSent = (await shared.send({ topic, messages })).length > 0;
          if (isSent) continue;
          await shared.disconnect();
          shared = null;
        }
      }
    },
    producer,
    stop: () => every((node) => node.stop()),
    kill: () => every((node) => node.kill()),
    restart: () => every((node) => node.start()),
    freeze: () => {
      for (const node of nodes) node.signal("SIGSTOP");
    },
    thaw: () => {
      for (const node of nodes) node.signal("SIGCONT");
    },
    leaderOf: async (topic, partition) => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      const found = topics[0]?.partitions.find(({ partitionId }) => partitionId === partition);
      const node = nodes[(found?.leader ?? 0) - 1];
      if (node === undefined) throw new Error(`${topic}/${partition} has no leader`);
      return node;
    },
    close: async () => {
      await shared?.disconnect();
      await admin.disconnect();
      await every((node) => node.kill());
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function format(home: string, accounts: readonly Account[]): Promise<void> {
  const tool = ["-Xmx128m", ...small, "-cp", `${jars}/*`, "kafka.tools.StorageTool", "format"];
  await runTool("java", [...tool, ...formatArguments(join(home, "server.properties"), accounts)], "Java 17 or newer");
}

function messageOf(record: string | Buffer | null | Message): Message {
  if (record === null || typeof record === "string" || Buffer.isBuffer(record)) return { value: record };
  return record;
}

/** One broker process, which may end and come back. */
class Node implements KafkaNode {
  readonly broker: string;
  readonly #directory: string;
  readonly #port: number;
  #child: ChildProcess | null = null;
  readonly #killAtExit = (): void => void this.#child?.kill("SIGKILL");

  constructor(directory: string, port: number) {
    this.#directory = directory;
    this.#port = port;
    this.broker = `127.0.0.1:${port}`;
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
      `${jars}/*`,
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
    await until(answers, { deadlineMillis: 240_000, what: "the broker answers" });
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  restart(): Promise<void> {
    return this.start();
  }

  stop(): Promise<void> {
    return this.#end("SIGTERM");
  }

  kill(): Promise<void> {
    return this.#end("SIGKILL");
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
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

async function freePorts(): Promise<NodePorts> {
  return {
    plain: await freePort(),
    controller: await freePort(),
    sasl: await freePort(),
    tls: await freePort(),
    saslTls: await freePort(),
  };
}

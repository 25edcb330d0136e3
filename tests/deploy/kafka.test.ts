// What docker-compose.yml tells the image of Apache Kafka, given to the program with which the image makes its configuration
// (kafka.docker.KafkaDockerWrapper, a part of Kafka), and to a broker that then runs with it. Only ports and hosts are others.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kafkaJars } from "../servers/kafka-jars.ts";
import { loggingConfig } from "../servers/kafka-properties.ts";
import { freePort } from "../servers/port.ts";
import { until } from "../until.ts";
import { serviceOf } from "./stack.ts";

const classPath = join(await kafkaJars(), "*");
const { environment = {}, tmpfs = [], volumes = [] } = serviceOf("kafka");
const directory = mkdtempSync(join(tmpdir(), "kafka-image-"));
const [defaults, mounted, final, data] = ["defaults", "mounted", "final", "data"].map((name) => join(directory, name)) as [
  string,
  string,
  string,
  string,
];
const logging = `-Dlog4j2.configurationFile=${join(directory, "log4j2.xml")}`;

let server: ChildProcess;
let log = "";
let broker = "";

beforeAll(async () => {
  for (const folder of [defaults, mounted, final]) mkdirSync(folder);
  writeFileSync(join(directory, "log4j2.xml"), loggingConfig);
});
afterAll(async () => {
  if (server !== undefined && server.exitCode === null) {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGKILL");
    await ended;
  }
  rmSync(directory, { recursive: true });
});

test("what the image writes to may be written to", () => {
  expect(tmpfs.map((entry) => entry.split(":")[0])).toEqual(["/opt/kafka/config", "/opt/kafka/logs", "/tmp"]);
  expect(volumes.map(({ target }) => target)).toEqual([environment.KAFKA_LOG_DIRS]);
});

describe("on the machine of the test", () => {
  beforeAll(async () => {
    const ports = { 29093: await freePort(), 9092: await freePort(), 19092: await freePort() };
    broker = `127.0.0.1:${ports[9092]}`;
    const here = (value: string): string => {
      const hosts = value.replaceAll(/(kafka|localhost)?:(?=(29093|9092|19092)\b)/g, "127.0.0.1:");
      return hosts.replaceAll(/:(29093|9092|19092)\b/g, (_all, port: keyof typeof ports) => `:${ports[port]}`);
    };
    const values = Object.entries(environment).map(([name, value]) => [name, here(value)] as const);
    const told = { ...Object.fromEntries(values), KAFKA_LOG_DIRS: data, PATH: process.env.PATH };
    const folders = ["--default-configs-dir", defaults, "--mounted-configs-dir", mounted, "--final-configs-dir", final];
    const args = ["-cp", classPath, logging, "kafka.docker.KafkaDockerWrapper", "setup", ...folders];
    const { status, stdout, stderr } = spawnSync("java", args, { env: told, encoding: "utf8" });
    if (status !== 0) throw new Error(`setup ended with ${status}: ${stdout}${stderr}`);
    const heap = environment.KAFKA_HEAP_OPTS ?? "";
    server = spawn("java", ["-cp", classPath, heap, logging, "kafka.Kafka", join(final, "server.properties")], { env: told });
    for (const stream of [server.stdout, server.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        log += text;
      });
    }
  });

  test("every variable but two becomes a property, and storage is made for the cluster", () => {
    const properties = readFileSync(join(final, "server.properties"), "utf8").trim().split("\n");
    const expected = Object.keys(environment)
      .filter((name) => name !== "CLUSTER_ID" && name !== "KAFKA_HEAP_OPTS")
      .map((name) => name.replace("KAFKA_", "").toLowerCase().replaceAll("_", "."));
    expect(properties.map((line) => line.split("=")[0]).sort()).toEqual(expected.sort());
    expect(readdirSync(data)).toContain("meta.properties");
    expect(readFileSync(join(data, "meta.properties"), "utf8")).toContain(`cluster.id=${environment.CLUSTER_ID}`);
  });

  test("a broker runs, and makes no topic that nobody asked for", async () => {
    const retry = { initialRetryTime: 100, maxRetryTime: 500, retries: 10 };
    const client = new Kafka({ clientId: "tests", brokers: [broker], logLevel: logLevel.NOTHING, retry });
    const admin = client.admin();
    try {
      const answers = async (): Promise<boolean> => {
        if (server.exitCode !== null) throw new Error(`the broker ended with ${server.exitCode}: ${log}`);
        await admin.connect();
        return true;
      };
      await until(answers, { deadlineMillis: 120_000, what: "the broker answers" });
      expect(await admin.describeCluster()).toMatchObject({ clusterId: environment.CLUSTER_ID, controller: 1 });
      await expect(admin.fetchTopicMetadata({ topics: ["predictions"] })).rejects.toThrow(/does not host this topic/);
      await admin.createTopics({ topics: [{ topic: "predictions", numPartitions: 4 }], waitForLeaders: true });
      expect((await admin.fetchTopicMetadata({ topics: ["predictions"] })).topics[0]?.partitions).toHaveLength(4);
      // The topics that Kafka keeps for itself can be made with one node.
      const group = client.consumer({ groupId: "g" });
      await group.connect();
      await group.subscribe({ topics: ["predictions"] });
      await group.run({ eachMessage: () => Promise.resolve() });
      await until(async () => (await admin.describeGroups(["g"])).groups[0]?.state === "Stable", { deadlineMillis: 60_000 });
      await group.disconnect();
    } finally {
      await admin.disconnect();
    }
  });
});

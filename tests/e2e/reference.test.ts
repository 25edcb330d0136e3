// A reference from a real Kafka: the same as from a file of the same rows, without the exporter's group being touched. And
// what is running as the new reference, while the exporter runs.
import { existsSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decodeReference } from "../../src/reference/file.ts";
import type { Reference } from "../../src/reference/reference.ts";
import { Folder } from "../cli/command.ts";
import { type KafkaServer, startKafka } from "../servers/kafka.ts";

const hour = 3_600_000;
const topic = "scored";
const group = "exporter";
const folder = new Folder();
let kafka: KafkaServer;

beforeAll(async () => {
  kafka = await startKafka();
  await kafka.createTopic(topic, 2);
  const source = `{kafka: {brokers: ["${kafka.broker}"], group: ${group}, topics: {${topic}: {}}}}`;
  folder.write("kafka.yml", `source: ${source}\n`);
});
afterAll(async () => {
  await kafka.close();
  await folder.close();
});

const reference = (name: string): Reference => decodeReference(folder.read(name), name, { model: "fraud" });

test("history is read from a time to the ends, and not beyond what retention has left", async () => {
  const now = Date.now();
  const row = (index: number, ageMillis: number, model = "fraud"): string =>
    JSON.stringify({
      type: "prediction",
      model,
      time: now - ageMillis,
      features: { amount: (index * 37) % 101 },
      score: (index % 50) / 50,
    });
  const old = Array.from({ length: 100 }, (_, index) => row(index, 5 * hour));
  const rows = Array.from({ length: 1500 }, (_, index) => row(index, hour - index));
  const records = (values: readonly string[], ageMillis: number) =>
    values.map((value) => ({ value: Buffer.from(value), timestamp: String(now - ageMillis) }));
  await kafka.produce(topic, 0, records(old, 5 * hour));
  await kafka.produce(topic, 0, records([...rows.slice(0, 900), "no event", row(1, hour, "churn")], hour));
  await kafka.produce(topic, 1, records(rows, hour));
  // The first 900 of the second partition are those of the first one: they are gone from here.
  await kafka.admin.deleteTopicRecords({ topic, partitions: [{ partition: 1, offset: "900" }] });

  const { code, errors } = await folder.run(
    ...["reference", "build", "--config", "kafka.yml", "--model", "fraud", "--from-kafka", "2h", "--output", "K.json"],
  );
  expect(code, errors).toBe(0);
  expect(errors).toContain("passed over: 1 rows, bad_json\n");
  expect(errors).toContain(`  ${topic}/0 at 1000: not valid JSON\n`);
  expect(errors).toContain("passed over: 1 rows of other models or versions\n");
  folder.write("rows.jsonl", rows.join("\n"));
  const args = ["--config", "kafka.yml", "--model", "fraud", "--input", "rows.jsonl", "--output", "F.json"];
  expect((await folder.run("reference", "build", ...args)).code).toBe(0);
  expect(reference("K.json").hash).toBe(reference("F.json").hash);
  expect(reference("K.json").provenance).toMatchObject({ kind: "kafka", source: [topic], rows: rows.length });
  const { groups } = await kafka.admin.listGroups();
  expect(groups.map(({ groupId }) => groupId)).not.toContain(group);
  expect(existsSync(folder.place("state"))).toBe(false);
});

test("a topic without records of the model is no reference", async () => {
  const args = ["--config", "kafka.yml", "--model", "nobody", "--from-kafka", "2h", "--output", "N.json"];
  const { code, errors } = await folder.run("reference", "build", ...args);
  expect(code).toBe(1);
  expect(errors).toMatch(/no rows of model "nobody"; 1501 of others\n$/);
  expect(existsSync(folder.place("N.json"))).toBe(false);
});

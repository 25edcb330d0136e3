// Three brokers, of which the one that leads dies: whatever was acknowledged is read, and nothing twice.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Log } from "../../src/source/source.ts";
import { type KafkaServer, startKafka } from "../servers/kafka.ts";
import { kafkaSource, reached, shortTimes } from "./kafka-world.ts";
import { Recorder } from "./recorder.ts";

let kafka: KafkaServer;
beforeAll(async () => {
  kafka = await startKafka({ nodes: 3 });
});
afterAll(() => kafka.close());

test("the leader is killed while records are written and read", async () => {
  const topic = "replicated";
  const logs = [0, 1, 2].map((partition): Log => ({ topic, partition }));
  await kafka.createTopic(topic, 3);
  const sink = new Recorder();
  const source = kafkaSource(kafka, [topic], { times: shortTimes });
  await source.start(sink);
  const producer = await kafka.producer();
  const acknowledged: string[] = [];
  const rounds = 60;
  const write = async (): Promise<void> => {
    for (let round = 0; round < rounds; round++) {
      for (const { partition } of logs) {
        const messages = Array.from({ length: 20 }, (_, index) => ({ partition, value: `p${partition} ${round} ${index}` }));
        const answers = await producer.send({ topic, messages, acks: -1 });
        // While a partition has no leader the producer drops what is for it, without an error and without an answer.
        if (answers.length > 0) acknowledged.push(...messages.map(({ value }) => value));
      }
    }
  };
  const writing = write();
  await reached("some of all partitions is read", () => logs.every((log) => sink.records(log).length > 0));
  const killed = await kafka.leaderOf(topic, 0);
  await killed.kill();
  await writing;
  await producer.disconnect();
  expect(acknowledged.length).toBeGreaterThan(2 * rounds * 20);
  await reached("everything is read", () => {
    const read = new Set(logs.flatMap((log) => sink.values(log)));
    return acknowledged.every((value) => read.has(value));
  });
  // What a producer sent again is in the log twice; the source hands over what is in the log, as another one finds it.
  const late = new Recorder();
  const again = kafkaSource(kafka, [topic], { times: shortTimes });
  await again.start(late);
  await reached("the same, for one that comes later", () => logs.every((log) => late.position(log) === sink.position(log)));
  for (const log of logs) {
    expect(sink.values(log)).toEqual(late.values(log));
    expect(sink.records(log).map(({ offset }) => offset)).toEqual(sink.records(log).map((_, offset) => offset));
  }
  await reached("all is well", () => source.status().up && source.status().assigned && source.status().problems.length === 0);
  await killed.restart();
  await Promise.all([source.stop(), again.stop()]);
  expect([sink.faults, sink.gaps, late.faults]).toEqual([[], [], []]);
});

// What happens to topics and groups while they are read: records deleted ahead, topics deleted, created, widened; a second
// member of the group. All on a real broker, and without a restart of the process.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KafkaSource } from "../../src/source/kafka.ts";
import { type Log, logKey, type Source } from "../../src/source/source.ts";
import { type KafkaServer, startKafka } from "../servers/kafka.ts";
import { kafkaSource, Lines, reached, shortTimes } from "./kafka-world.ts";
import { Recorder } from "./recorder.ts";

let kafka: KafkaServer;
beforeAll(async () => {
  kafka = await startKafka();
});
afterAll(() => kafka.close());

const texts = (count: number, name: string, from = 0): string[] => {
  return Array.from({ length: count }, (_, index) => `${name} ${from + index}`);
};

async function started(topic: string, sink: Recorder): Promise<Source> {
  const source = kafkaSource(kafka, [topic], { times: shortTimes });
  await source.start(sink);
  return source;
}

async function finish(source: Source, sink: Recorder): Promise<void> {
  await source.stop();
  sink.seal();
  expect(sink.faults).toEqual([]);
}

/** Deleting asks for the partitions' leaders, which the client knows only after it was asked for something else. */
async function deleteBefore(topic: string, offset: number): Promise<void> {
  await kafka.admin.fetchTopicOffsets(topic);
  await kafka.admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(offset) }] });
}

async function recreate(topic: string): Promise<void> {
  await kafka.admin.deleteTopics({ topics: [topic] });
  // The name is free when the deletion has gone round.
  await reached("the topic can be created again", async () => !(await kafka.admin.listTopics()).includes(topic));
  await kafka.createTopic(topic);
}

describe("records deleted ahead of the position", () => {
  test("the sink is asked again, with the bounds that show what is lost", async () => {
    const topic = "deleted";
    const log: Log = { topic, partition: 0 };
    await kafka.createTopic(topic);
    await kafka.produce(topic, 0, texts(10, "record"));
    const sink = new Recorder();
    const source = await started(topic, sink);
    await reached("the first records", () => sink.position(log) === 10);
    source.pause(log);
    await kafka.produce(topic, 0, texts(90, "record", 10));
    await deleteBefore(topic, 60);
    source.resume(log);
    await reached("the last records", () => sink.position(log) === 100);
    // A few of the deleted ones may have come, if they were fetched before; none of the others is missing or repeated.
    expect(sink.starts.at(-1)).toEqual({ key: logKey(log), bounds: { low: 60, end: 100 } });
    expect(sink.values(log)).toEqual([...texts(10, "record"), ...texts(40, "record", 60)]);
    await finish(source, sink);
  });

  test("also where the position was lost while the process was down", async () => {
    const topic = "deleted-before";
    const log: Log = { topic, partition: 0 };
    await kafka.createTopic(topic);
    await kafka.produce(topic, 0, texts(100, "record"));
    await deleteBefore(topic, 60);
    const sink = new Recorder(undefined, new Map([[logKey(log), 10]]));
    const source = await started(topic, sink);
    await reached("the last records", () => sink.position(log) === 100);
    expect(sink.starts).toEqual([{ key: logKey(log), bounds: { low: 60, end: 100 } }]);
    expect(sink.values(log)).toEqual(texts(40, "record", 60));
    await finish(source, sink);
  });

  test("not while a batch is worked on that was read before", async () => {
    const topic = "deleted-meanwhile";
    const log: Log = { topic, partition: 0 };
    await kafka.createTopic(topic);
    await kafka.produce(topic, 0, texts(100, "record"));
    const sink = new Recorder();
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    sink.hold = () => released;
    const source = await started(topic, sink);
    await reached("a batch", () => sink.batches > 0);
    await deleteBefore(topic, 100);
    const told = (): boolean => sink.lastBounds.get(logKey(log))?.low === 100;
    await reached("the deletion is seen", told);
    release();
    await reached("the batch is done", () => sink.position(log) === 100);
    await kafka.produce(topic, 0, ["later"]);
    await reached("the later record", () => sink.values(log).includes("later"));
    expect(sink.values(log)).toEqual([...texts(100, "record"), "later"]);
    expect(sink.starts.length).toBe(1);
    await finish(source, sink);
  });
});

describe("a topic that is deleted and created anew", () => {
  test("is read from its beginning", async () => {
    const topic = "recreated";
    const log: Log = { topic, partition: 0 };
    await kafka.createTopic(topic);
    await kafka.produce(topic, 0, texts(50, "old"));
    const sink = new Recorder();
    const source = await started(topic, sink);
    await reached("the old records", () => sink.position(log) === 50);
    await recreate(topic);
    await kafka.produce(topic, 0, texts(20, "new"));
    await reached("the new records", () => sink.records(log).length === 70);
    expect(sink.values(log)).toEqual([...texts(50, "old"), ...texts(20, "new")]);
    expect(sink.starts.length).toBeGreaterThan(1);
    await finish(source, sink);
  });

  test("also when it was seen to be gone, and holds more than before when it is seen again", async () => {
    const topic = "gone";
    const log: Log = { topic, partition: 0 };
    await kafka.createTopic(topic);
    await kafka.produce(topic, 0, texts(50, "old"));
    const sink = new Recorder();
    const source = await started(topic, sink);
    await reached("the old records", () => sink.position(log) === 50);
    await kafka.admin.deleteTopics({ topics: [topic] });
    await reached("the problem is told", () => source.status().problems.join().includes(`topic "${topic}" does not exist`));
    expect(source.status().assigned).toBe(false);
    await reached("the position is given up", () => sink.starts.length === 2);
    expect(sink.starts[1]).toEqual({ key: logKey(log), bounds: { low: 0, end: 0 } });
    await kafka.createTopic(topic);
    await kafka.produce(topic, 0, texts(80, "new"));
    await reached("the new records", () => sink.records(log).length === 130);
    expect(sink.values(log)).toEqual([...texts(50, "old"), ...texts(80, "new")]);
    await reached("all is well", () => source.status().assigned && source.status().problems.length === 0);
    await finish(source, sink);
  });
});

test("a topic that does not exist at the start is waited for, and read from its beginning", async () => {
  const topic = "missing";
  const log: Log = { topic, partition: 0 };
  const sink = new Recorder();
  const source = await started(topic, sink);
  await reached("the problem is told", () => source.status().problems.join() === `topic "${topic}" does not exist yet`);
  expect(source.status()).toMatchObject({ up: true, assigned: false, rebuilds: 0 });
  await kafka.createTopic(topic);
  await kafka.produce(topic, 0, texts(30, "record"));
  await reached("the records", () => sink.position(log) === 30);
  expect(sink.values(log)).toEqual(texts(30, "record"));
  await reached("all is well", () => source.status().assigned && source.status().problems.length === 0);
  await finish(source, sink);
});

test("partitions that are added are read from their beginning within seconds, with the usual times", async () => {
  const topic = "widened";
  const [first, added]: [Log, Log] = [
    { topic, partition: 0 },
    { topic, partition: 2 },
  ];
  await kafka.createTopic(topic);
  await kafka.produce(topic, 0, texts(5, "first"));
  const sink = new Recorder();
  const source = kafkaSource(kafka, [topic]);
  await source.start(sink);
  await reached("the first partition", () => sink.position(first) === 5);
  await kafka.admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] });
  await reached(
    "the partitions are there",
    async () => (await kafka.admin.fetchTopicMetadata({ topics: [topic] })).topics[0]?.partitions.length === 3,
  );
  const began = performance.now();
  const producer = await kafka.producer();
  await producer.send({ topic, messages: texts(5, "added").map((value) => ({ value, partition: 2 })) });
  await producer.disconnect();
  await reached("the added partition", () => sink.position(added) === 5, 20_000);
  expect(performance.now() - began).toBeLessThan(20_000);
  await kafka.produce(topic, 0, texts(5, "first", 5));
  await reached("the first one goes on", () => sink.position(first) === 10);
  expect([sink.values(first), sink.values(added)]).toEqual([texts(10, "first"), texts(5, "added")]);
  expect(source.status().rebuilds).toBe(0);
  await finish(source, sink);
});

test("a second member of the group is named; when it leaves, nothing is lost or repeated", async () => {
  const topic = "shared";
  const logs = Array.from({ length: 4 }, (_, partition): Log => ({ topic, partition }));
  await kafka.createTopic(topic, 4);
  let sent = 0;
  const produce = async (): Promise<void> => {
    for (const { partition } of logs) await kafka.produce(topic, partition, texts(50, `p${partition}`, sent));
    sent += 50;
  };
  const member = () =>
    new KafkaSource(
      { brokers: kafka.brokers, clientId: "source", group: "shared", topics: [topic], times: shortTimes },
      new Lines(),
    );
  await produce();
  const [sink, otherSink] = [new Recorder(), new Recorder()];
  const source = member();
  await source.start(sink);
  await reached("everything", () => logs.every((log) => sink.position(log) === sent));
  const other = member();
  await other.start(otherSink);
  const names = (one: Source): boolean => one.status().problems.join().includes('another member of group "shared" holds shared/');
  await reached("both tell of each other", () => names(source) && names(other));
  expect([source.status().assigned, other.status().assigned]).toEqual([false, false]);
  expect(sink.revocations.length).toBe(2);
  await produce();
  const kept = logs.filter((log) => !sink.revocations.includes(logKey(log)));
  await reached("what each still holds", () => kept.every((log) => sink.position(log) === sent));
  await kafka.admin.createPartitions({ topicPartitions: [{ topic, count: 5 }] });
  await reached("the new partition is held", () =>
    [sink, otherSink].some(({ starts }) => starts.some(({ key }) => key === `${topic}/4`)),
  );
  await finish(other, otherSink);
  await produce();
  // A producer that knows of the partition.
  const added = await kafka.producer();
  await added.send({ topic, messages: texts(sent, "p4").map((value) => ({ value, partition: 4 })) });
  await added.disconnect();
  logs.push({ topic, partition: 4 });
  await reached("everything again", () => logs.every((log) => sink.position(log) === sent), 60_000);
  for (const log of logs) expect(sink.values(log)).toEqual(texts(sent, `p${log.partition}`));
  await reached("all is well", () => source.status().assigned && source.status().problems.length === 0);
  await finish(source, sink);
});

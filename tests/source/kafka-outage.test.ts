// Brokers that hang, end, and come back: what status says meanwhile, and that nothing is lost or repeated.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { defaultKafkaTimes } from "../../src/source/kafka/options.ts";
import type { KafkaSource } from "../../src/source/kafka.ts";
import type { Log } from "../../src/source/source.ts";
import { type KafkaServer, startKafka } from "../servers/kafka.ts";
import { kafkaSource, reached, shortTimes } from "./kafka-world.ts";
import { Recorder } from "./recorder.ts";

let kafka: KafkaServer;
beforeAll(async () => {
  kafka = await startKafka();
});
afterEach(() => kafka.thaw());
afterAll(() => kafka.close());

/** With looks as far apart as they usually are: how soon an outage is seen depends on them. */
const times = { ...shortTimes, boundsMillis: defaultKafkaTimes.boundsMillis };
const untilDownMillis = 12_000;
const untilReadMillis = 10_000;

async function startedAt(topic: string): Promise<{ source: KafkaSource; sink: Recorder; log: Log }> {
  const log = { topic, partition: 0 };
  await kafka.createTopic(topic);
  await kafka.produce(topic, 0, ["before"]);
  const sink = new Recorder();
  const source = kafkaSource(kafka, [topic], { times });
  await source.start(sink);
  await reached("the first record", () => sink.values(log).length === 1 && source.status().assigned);
  return { source, sink, log };
}

/** Waits until so long has passed since a moment: outages are as long as they are. */
function passed(since: number, millis: number, meanwhile: () => void = () => undefined): Promise<void> {
  const isOver = (): boolean => {
    meanwhile();
    return performance.now() - since >= millis;
  };
  return reached(`${millis} ms`, isOver, millis + 5000);
}

async function finish(source: KafkaSource, sink: Recorder): Promise<void> {
  await source.stop();
  sink.seal();
  expect(sink.faults).toEqual([]);
}

describe("a broker that hangs for longer than the session", () => {
  test("is told within ten seconds; afterwards everything arrives once", async () => {
    const { source, sink, log } = await startedAt("frozen");
    kafka.freeze();
    const since = performance.now();
    await reached("the outage is told", () => !source.status().up, untilDownMillis);
    expect(source.status().problems.length).toBeGreaterThan(0);
    await passed(since, 2.5 * times.sessionMillis);
    kafka.thaw();
    const thawed = performance.now();
    await kafka.produce("frozen", 0, ["after"]);
    await reached("the record after it", () => sink.values(log).length === 2, 20_000);
    expect(performance.now() - thawed).toBeLessThan(20_000);
    await reached("all is well", () => source.status().up && source.status().assigned && source.status().problems.length === 0);
    expect(sink.values(log)).toEqual(["before", "after"]);
    await finish(source, sink);
  });

  test("does not hold up the end", async () => {
    const { source, sink } = await startedAt("frozen-end");
    kafka.freeze();
    const began = performance.now();
    await finish(source, sink);
    expect(performance.now() - began).toBeLessThan(5500);
  });

  test("does not hold up the end before anything was read", async () => {
    kafka.freeze();
    const sink = new Recorder();
    const source = kafkaSource(kafka, ["frozen-start"], { times });
    await source.start(sink);
    await reached("the outage is told", () => !source.status().up, untilDownMillis);
    const began = performance.now();
    await finish(source, sink);
    expect(performance.now() - began).toBeLessThan(5500);
  });
});

describe("a broker that ends", () => {
  test.each([
    ["for a moment", "kill", 0],
    ["for long enough that the client is built anew", "stop", 20_000],
  ] as const)("%s: reads on within seconds of its return", async (_name, how, millis) => {
    const topic = `ended-by-${how}`;
    const { source, sink, log } = await startedAt(topic);
    const since = performance.now();
    await kafka[how]();
    await source.commit(new Map([[log, 1]]));
    if (millis > 0) {
      await reached("the outage is told", () => !source.status().up, untilDownMillis);
      expect(source.status().problems.length).toBeGreaterThan(0);
      // Whatever a client that has ended makes of being paused, it is no mistake.
      const mistakes: unknown[] = [];
      await passed(since, millis, () => {
        try {
          source.pause(log);
          source.resume(log);
        } catch (error) {
          mistakes.push(error);
        }
      });
      expect(mistakes).toEqual([]);
      expect(source.status().rebuilds).toBeGreaterThan(0);
      expect(source.status().errors.get("connection")).toBeGreaterThan(0);
    }
    await kafka.restart();
    await kafka.produce(topic, 0, ["after"]);
    const returned = performance.now();
    await reached("the record after it", () => sink.values(log).length === 2);
    expect(performance.now() - returned).toBeLessThan(untilReadMillis);
    await reached("all is well", () => source.status().up && source.status().assigned && source.status().problems.length === 0);
    expect(sink.values(log)).toEqual(["before", "after"]);
    await finish(source, sink);
  });
});

test("a batch that is still worked on when the client is built anew is neither repeated nor overtaken", async () => {
  const topic = "slow";
  const log = { topic, partition: 0 };
  await kafka.createTopic(topic);
  await kafka.produce(topic, 0, ["a", "b"]);
  const sink = new Recorder();
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  sink.hold = () => released;
  const source = kafkaSource(kafka, [topic], { times: shortTimes });
  await source.start(sink);
  await reached("a batch", () => sink.batches === 1);
  await kafka.kill();
  await reached("the client is built anew", () => source.status().rebuilds > 0);
  await kafka.restart();
  await kafka.produce(topic, 0, ["c"]);
  await reached("the new client reads", () => source.status().assigned);
  // A client that waits for nothing would hand its first batch over within one of its waits for records.
  await passed(performance.now(), 10 * shortTimes.fetchWaitMillis);
  expect(sink.batches).toBe(1);
  release();
  await reached("the record after it", () => sink.position(log) === 3);
  expect(sink.values(log)).toEqual(["a", "b", "c"]);
  await finish(source, sink);
});

// What may be in a topic, read from a real broker: every codec, huge batches, damaged ones, transactions.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codecs } from "../../src/source/kafka/codecs.ts";
import { type Log, logKey } from "../../src/source/source.ts";
import { type KafkaServer, startKafka } from "../servers/kafka.ts";
import * as compression from "./kafka-codecs.ts";
import { kafkaSource, reached, shortTimes } from "./kafka-world.ts";
import { Recorder } from "./recorder.ts";

const { CompressionTypes, changeCodec } = compression;
let kafka: KafkaServer;
beforeAll(async () => {
  kafka = await startKafka();
});
afterAll(() => kafka.close());

/** Values of 600 bytes, one half noise, the other the same again and again: as compressible as records are. */
function values(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const noise = Array.from({ length: 20 }, (_, at) => Math.sin(index * 41 + at).toString(36)).join("");
    return `${index} ${noise.slice(0, 300)}`.padEnd(600, "the same again ");
  });
}

describe("a batch of more than a megabyte", () => {
  const cases = [
    ["gzip", CompressionTypes.GZIP, null],
    ["snappy as snappy-java frames it", CompressionTypes.Snappy, compression.xerial],
    ["snappy without a frame", CompressionTypes.Snappy, compression.rawSnappy],
    ["an LZ4 frame", CompressionTypes.LZ4, compression.lz4Frame],
    ["zstd without a size", CompressionTypes.ZSTD, compression.zstdWithoutSize],
  ] as const;

  test.each(cases)("%s comes through exactly", async (name, type, compress) => {
    const sent = values(3000);
    const topic = `codec-${name.replaceAll(" ", "-")}`;
    await kafka.createTopic(topic);
    const sizes: { plain: number; compressed: number }[] = [];
    if (compress !== null) {
      changeCodec(type, {
        compress: async ({ buffer }) => {
          const compressed = compress(buffer);
          sizes.push({ plain: buffer.length, compressed: compressed.length });
          return compressed;
        },
      });
    }
    const producer = await kafka.producer();
    await producer.send({ topic, compression: type, messages: sent.map((value) => ({ value })) });
    await producer.disconnect();
    for (const { plain, compressed } of sizes) {
      expect(plain).toBeGreaterThan(1_000_000);
      expect(compressed).toBeLessThan(0.95 * plain);
    }
    const sink = new Recorder();
    const source = kafkaSource(kafka, [topic], { times: shortTimes });
    await source.start(sink);
    const log = { topic, partition: 0 };
    await reached("all records", () => sink.position(log) === sent.length);
    expect(sink.values(log)).toEqual(sent);
    await source.stop();
    expect([sink.faults, sink.gaps]).toEqual([[], []]);
  });

  test("the frames are what they are called", () => {
    const data = Buffer.alloc(2_000_000, "abc");
    // The descriptor after the magic: the upper two bits tell the width of the size, the next one that it is there.
    expect((compression.zstdWithoutSize(data)[4] as number) & 0xe0).toBe(0);
    expect(compression.xerial(data).subarray(1, 7).toString()).toBe("SNAPPY");
    expect(compression.rawSnappy(data).subarray(1, 7).toString()).not.toBe("SNAPPY");
  });
});

test("a batch of more than 130,000 records passes", async () => {
  const topic = "many";
  const count = 135_000;
  await kafka.createTopic(topic);
  const producer = await kafka.producer();
  const all = Array.from({ length: count }, (_, index) => ({ value: String(index) }));
  // The client groups messages by partition in a way that copies all of them for each: here they are grouped already.
  const messages = Object.assign(all, { reduce: () => ({ 0: all }) });
  await producer.send({ topic, compression: CompressionTypes.GZIP, messages });
  await producer.send({ topic, messages: [{ value: "behind" }] });
  await producer.disconnect();
  const sink = new Recorder();
  const source = kafkaSource(kafka, [topic], { times: shortTimes });
  await source.start(sink);
  const log = { topic, partition: 0 };
  await reached("all records", () => sink.position(log) === count + 1);
  expect(sink.values(log).every((value, index) => value === (index < count ? String(index) : "behind"))).toBe(true);
  expect(source.status().rebuilds).toBe(0);
  await source.stop();
  expect([sink.faults, sink.gaps]).toEqual([[], []]);
});

describe("a batch that cannot be decoded", () => {
  const topic = "damaged";
  const log: Log = { topic, partition: 0 };
  const gap = { key: logKey(log), reason: "unreadable", detail: "damaged", to: 15 };

  beforeAll(async () => {
    changeCodec(CompressionTypes.ZSTD, { compress: async ({ buffer }) => compression.zstdWithoutSize(buffer) });
    const { zstd } = codecs;
    codecs.zstd = (compressed) => {
      const data = zstd(compressed);
      if (data.includes("poison")) throw new Error("damaged");
      return data;
    };
    await kafka.createTopic(topic);
    const producer = await kafka.producer();
    const send = (texts: readonly string[]): Promise<unknown> => {
      return producer.send({ topic, compression: CompressionTypes.ZSTD, messages: texts.map((value) => ({ value })) });
    };
    await send(["0", "1", "2", "3", "4"]);
    await send(Array.from({ length: 10 }, () => "poison"));
    await send(["15", "16"]);
    await producer.disconnect();
  });

  test.each([
    [0, ["0", "1", "2", "3", "4", "15", "16"], 5],
    [9, ["15", "16"], 9],
  ])("is one gap, when reading begins at %i; reading goes on behind it", async (offset, expected, from) => {
    const sink = new Recorder(() => ({ offset }));
    const source = kafkaSource(kafka, [topic], { times: shortTimes });
    await source.start(sink);
    await reached("all records", () => sink.position(log) === 17);
    expect(sink.values(log)).toEqual(expected);
    expect(sink.gaps).toEqual([{ ...gap, from }]);
    expect(source.status().rebuilds).toBe(0);
    await source.stop();
    expect(sink.faults).toEqual([]);
  });

  test("at the end of the log is passed too", async () => {
    const last = "damaged-last";
    await kafka.createTopic(last);
    const producer = await kafka.producer();
    const messages = [{ value: "poison" }, { value: "poison" }];
    await producer.send({ topic: last, compression: CompressionTypes.ZSTD, messages });
    const sink = new Recorder();
    const source = kafkaSource(kafka, [last], { times: shortTimes });
    await source.start(sink);
    await reached("the end", () => sink.position({ topic: last, partition: 0 }) === 2);
    await producer.send({ topic: last, messages: [{ value: "later" }] });
    await producer.disconnect();
    await reached("the later record", () => sink.values({ topic: last, partition: 0 }).includes("later"));
    expect(sink.gaps).toEqual([{ key: `${last}/0`, from: 0, to: 2, reason: "unreadable", detail: "damaged" }]);
    await source.stop();
    expect(sink.faults).toEqual([]);
  });
});

describe("transactions", () => {
  async function transact(topic: string, texts: readonly string[], end: "commit" | "abort"): Promise<void> {
    const producer = kafka.client.producer({ transactionalId: `${topic}-producer`, maxInFlightRequests: 1, idempotent: true });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: texts.map((value) => ({ value, partition: 0 })) });
    await transaction[end]();
    await producer.disconnect();
  }

  test("what was aborted is not handed over, and nothing stands still over it", async () => {
    const topic = "transactions";
    const log = { topic, partition: 0 };
    await kafka.createTopic(topic);
    const sink = new Recorder();
    const source = kafkaSource(kafka, [topic], { times: shortTimes });
    await source.start(sink);
    const atEnd = async (): Promise<boolean> => {
      const [found] = await kafka.admin.fetchTopicOffsets(topic);
      return sink.position(log) === Number(found?.high) && sink.lastBounds.get(logKey(log))?.end === Number(found?.high);
    };
    await transact(topic, ["a", "b"], "commit");
    await reached("the end after a commit", atEnd);
    await transact(topic, ["c", "d"], "abort");
    await reached("the end after an abort", atEnd);
    await transact(topic, ["e"], "abort");
    await transact(topic, ["f"], "commit");
    await transact(topic, ["g", "h"], "abort");
    await reached("the end after the last abort", atEnd);
    expect(sink.values(log)).toEqual(["a", "b", "f"]);
    const late = new Recorder();
    const again = kafkaSource(kafka, [topic], { times: shortTimes });
    await again.start(late);
    await reached("the end, for one that comes later", () => late.position(log) === sink.position(log));
    expect(late.values(log)).toEqual(["a", "b", "f"]);
    expect(source.status()).toMatchObject({ up: true, rebuilds: 0, problems: [] });
    await Promise.all([source.stop(), again.stop()]);
    expect([sink.faults, late.faults, sink.gaps]).toEqual([[], [], []]);
  });

  test("one that stays open is not taken for a client that hangs; its records come when it is committed", async () => {
    const topic = "open-transaction";
    const log = { topic, partition: 0 };
    await kafka.createTopic(topic);
    const producer = kafka.client.producer({ transactionalId: topic, maxInFlightRequests: 1, idempotent: true });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ value: "a" }] });
    const sink = new Recorder();
    const times = { ...shortTimes, silenceMillis: 1000 };
    const source = kafkaSource(kafka, [topic], { times });
    await source.start(sink);
    await reached("reading begins", () => source.status().assigned);
    const since = performance.now();
    await reached("a hanging client would have been seen twice", () => performance.now() - since > 3 * times.silenceMillis);
    expect(source.status()).toMatchObject({ problems: [], rebuilds: 0 });
    expect(sink.lastBounds.get(logKey(log))).toEqual({ low: 0, end: 0 });
    await transaction.commit();
    await producer.disconnect();
    await reached("the record", () => sink.position(log) === 2);
    expect(sink.values(log)).toEqual(["a"]);
    await source.stop();
    expect(sink.faults).toEqual([]);
  });
});

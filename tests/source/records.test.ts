// Records read from the bytes of a batch: against the client's own encoder and decoder, and from damaged bytes. Then
// several batches as one of the source contract.
import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
// Makes the client decompress with every codec.
import "../../src/source/kafka/client.ts";
import { type Message, MessageBatch } from "../../src/source/kafka/message-batch.ts";
import { isTransactional, lastOffsetOf, type Records, readRecords } from "../../src/source/kafka/records.ts";
import * as compression from "./kafka-codecs.ts";

const { CompressionTypes, changeCodec } = compression;
const load = createRequire(import.meta.url);

type Header = string | Buffer;
interface Draft {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Header>>;
  /** From the batch's first offset; from the offset of the record before. */
  readonly step: number;
  readonly timestampDelta: number;
}

interface ClientRecord {
  readonly offset: string;
  readonly timestamp: string;
  readonly value: Buffer | null;
}

const encodeRecord = load("kafkajs/src/protocol/recordBatch/record/v0") as (record: object) => object;
const { RecordBatch: encodeBatch } = load("kafkajs/src/protocol/recordBatch/v0") as {
  RecordBatch(batch: object): Promise<{ readonly buffer: Buffer }>;
};
const decodeBatch = load("kafkajs/src/protocol/recordBatch/v0/decoder") as (
  decoder: object,
) => Promise<{ readonly records: readonly ClientRecord[] }>;
const Decoder = load("kafkajs/src/protocol/decoder") as new (buffer: Buffer) => object;

changeCodec(CompressionTypes.Snappy, { compress: async ({ buffer }) => compression.xerial(buffer) });
changeCodec(CompressionTypes.LZ4, { compress: async ({ buffer }) => compression.lz4Frame(buffer) });
changeCodec(CompressionTypes.ZSTD, { compress: async ({ buffer }) => compression.zstdWithoutSize(buffer) });
const { None, GZIP, Snappy, LZ4, ZSTD } = CompressionTypes;
const byName = { none: None, gzip: GZIP, snappy: Snappy, lz4: LZ4, zstd: ZSTD };

const attributesAt = 21;
const logAppendTime = 0x08;
const headerBytes = 61;

interface BatchOptions {
  readonly firstOffset?: number;
  readonly firstMillis?: number;
  readonly codec?: number;
  readonly ofBroker?: boolean;
  readonly transactional?: boolean;
}

async function batchOf(drafts: readonly Draft[], options: BatchOptions = {}): Promise<Buffer> {
  const { firstOffset = 0, firstMillis = 0, codec = CompressionTypes.None, ofBroker = false, transactional = false } = options;
  let offsetDelta = 0;
  const records = drafts.map(({ key, value, headers, step, timestampDelta }, index) => {
    offsetDelta += index === 0 ? step - 1 : step;
    return encodeRecord({ offsetDelta, timestampDelta, key, value, headers });
  });
  const maxTimestamp = firstMillis + Math.max(0, ...drafts.map(({ timestampDelta }) => timestampDelta));
  const { buffer } = await encodeBatch({
    compression: codec,
    firstOffset,
    firstTimestamp: firstMillis,
    maxTimestamp,
    lastOffsetDelta: offsetDelta,
    transactional,
    records,
  });
  if (ofBroker) buffer.writeInt16BE(buffer.readInt16BE(attributesAt) | logAppendTime, attributesAt);
  return buffer;
}

const plainly = (records: Records): unknown[] =>
  Array.from({ length: records.length }, (_, index) => ({
    offset: records.offset(index),
    timeMillis: records.timeMillis(index),
    value: records.value(index)?.toString("hex") ?? null,
  }));

async function byClient(batch: Buffer): Promise<unknown[]> {
  const { records } = await decodeBatch(new Decoder(batch));
  return records.map(({ offset, timestamp, value }) => ({
    offset: Number(offset),
    timeMillis: Number(timestamp) < 0 ? Number.NaN : Number(timestamp),
    value: value?.toString("hex") ?? null,
  }));
}

const bytes = (maxLength: number): fc.Arbitrary<Buffer> => fc.uint8Array({ maxLength }).map((some) => Buffer.from(some));
const text = fc.string({ unit: "binary", maxLength: 12 }).filter((one) => one.isWellFormed());
const headers = fc.dictionary(
  text.filter((one) => one !== "__proto__"),
  fc.oneof(text, bytes(20)),
  { maxKeys: 3, noNullPrototype: true },
);
/** With lengths of one, two and three bytes. */
const values = fc.oneof(bytes(200), fc.constant(Buffer.alloc(0)), fc.constant(Buffer.alloc(20_000, "long ")));
const draft: fc.Arbitrary<Draft> = fc.record({
  key: fc.option(bytes(80)),
  value: fc.option(values),
  headers,
  step: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 100_000 })),
  timestampDelta: fc.oneof(fc.constant(0), fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: -(2 ** 40), max: 2 ** 40 })),
});
const drafts = fc.array(draft, { maxLength: 8 });
const places = fc.record({
  firstOffset: fc.oneof(fc.nat(1000), fc.integer({ min: 0, max: 2 ** 52 })),
  firstMillis: fc.oneof(fc.constant(-1), fc.integer({ min: 0, max: 2 ** 45 })),
  codec: fc.constantFrom(...Object.values(byName)),
  ofBroker: fc.boolean(),
});

describe("the client's own decoder", () => {
  test("finds the same records in random batches of every codec", async () => {
    await fc.assert(
      fc.asyncProperty(drafts, places, async (some, options) => {
        const batch = await batchOf(some, options);
        expect(plainly(readRecords(batch))).toEqual(await byClient(batch));
      }),
      { numRuns: 300 },
    );
  });

  test("finds the same first and last record of a large batch", async () => {
    const some = Array.from({ length: 20_000 }, (_, index) => ({
      key: null,
      value: Buffer.from(String(index)),
      headers: {},
      step: 1,
      timestampDelta: index,
    }));
    for (const codec of Object.values(byName)) {
      const batch = await batchOf(some, { codec, firstOffset: 5, firstMillis: 1_700_000_000_000 });
      const [read, expected] = [plainly(readRecords(batch)), await byClient(batch)];
      expect(read.length).toBe(20_000);
      expect([read[0], read.at(-1)]).toEqual([expected[0], expected.at(-1)]);
    }
  });
});

describe("a batch", () => {
  const one: Draft = { key: null, value: Buffer.from("v"), headers: {}, step: 1, timestampDelta: 0 };

  test("tells its last offset, whatever compaction has left, and whether it is of a transaction", async () => {
    const batch = await batchOf([one, { ...one, step: 7 }], { firstOffset: 100 });
    expect([lastOffsetOf(batch), isTransactional(batch)]).toEqual([107n, false]);
    batch.writeInt32BE(20, 23);
    expect([lastOffsetOf(batch), readRecords(batch).offset(1)]).toEqual([120n, 107]);
    expect(isTransactional(await batchOf([one], { transactional: true }))).toBe(true);
  });

  test("of the broker's time has it for all records", async () => {
    const some = [one, { ...one, timestampDelta: 500 }, { ...one, timestampDelta: 20 }];
    const records = readRecords(await batchOf(some, { firstMillis: 1000, ofBroker: true }));
    expect([0, 1, 2].map((index) => records.timeMillis(index))).toEqual([1500, 1500, 1500]);
  });

  test("without timestamps has none", async () => {
    expect(readRecords(await batchOf([one], { firstMillis: -1 })).timeMillis(0)).toBeNaN();
  });

  test("without records has none", async () => {
    for (const codec of Object.values(byName)) expect(readRecords(await batchOf([], { codec })).length).toBe(0);
  });

  test("of a codec that there is none of is an error", async () => {
    const batch = await batchOf([one]);
    batch.writeInt16BE(5, attributesAt);
    expect(() => readRecords(batch)).toThrow("unknown compression codec 5");
  });
});

describe("damaged bytes", () => {
  /** Whoever reads a small batch for longer hangs: a damaged length makes a decompressor read on for minutes. */
  const longestMillis = 2000;

  /** Reads all there is. @returns why it cannot be, or null */
  function readAll(batch: Buffer): Error | null {
    const beganMillis = performance.now();
    try {
      return readEach(batch);
    } finally {
      expect(performance.now() - beganMillis).toBeLessThan(longestMillis);
    }
  }

  function readEach(batch: Buffer): Error | null {
    let records: Records;
    try {
      records = readRecords(batch);
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
      return error as Error;
    }
    let total = 0;
    for (let index = 0; index < records.length; index++) {
      const value = records.value(index);
      const offset = records.offset(index);
      expect(offset).toBeGreaterThanOrEqual(Number(batch.readBigInt64BE(0)));
      expect(offset).toBeLessThanOrEqual(Number(lastOffsetOf(batch)));
      total += value?.length ?? 0;
      if (batch.readInt16BE(attributesAt) % 8 === 0 && value !== null && value.length > 0) {
        expect(value.buffer).toBe(batch.buffer);
        expect(value.byteOffset).toBeGreaterThanOrEqual(batch.byteOffset + headerBytes);
        expect(value.byteOffset + value.length).toBeLessThanOrEqual(batch.byteOffset + batch.length);
      }
    }
    // Values follow one another: together they are no larger than what they are of, however they are compressed.
    if (batch.readInt16BE(attributesAt) % 8 === 0) expect(total).toBeLessThanOrEqual(batch.length);
    return null;
  }

  const small = fc.array(
    draft.filter(({ value }) => (value?.length ?? 0) <= 200),
    { minLength: 1, maxLength: 5 },
  );

  test("one byte changed gives records within the batch, or an error", async () => {
    await fc.assert(
      fc.asyncProperty(small, places, fc.nat(), fc.integer({ min: 1, max: 255 }), async (some, options, place, change) => {
        const batch = await batchOf(some, options);
        const at = attributesAt + (place % (batch.length - attributesAt));
        batch[at] = (batch[at] as number) ^ change;
        readAll(batch);
      }),
      { numRuns: 2000 },
    );
  });

  test("each byte of a batch changed to each extreme is survived, by every codec", async () => {
    const some: Draft[] = [
      { key: Buffer.from("k"), value: Buffer.from("first value"), headers: { h: "x" }, step: 1, timestampDelta: 3 },
      { key: null, value: null, headers: {}, step: 2, timestampDelta: -3 },
      { key: Buffer.alloc(0), value: Buffer.alloc(300, "abc"), headers: {}, step: 1, timestampDelta: 2 ** 33 },
    ];
    for (const codec of Object.values(byName)) {
      const batch = await batchOf(some, { codec, firstOffset: 9, firstMillis: 1_700_000_000_000 });
      for (let at = attributesAt; at < batch.length; at++) {
        for (const byte of [0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff]) {
          const damaged = Buffer.from(batch);
          damaged[at] = byte;
          readAll(damaged);
        }
      }
    }
  });

  test("every truncation of plain records is an error", async () => {
    await fc.assert(
      fc.asyncProperty(small, fc.nat(), async (some, place) => {
        const batch = await batchOf(some);
        expect(readAll(batch.subarray(0, place % batch.length))).toBeInstanceOf(Error);
      }),
      { numRuns: 500 },
    );
  });

  test("every truncation of compressed records is an error", async () => {
    const some: Draft[] = [{ key: null, value: Buffer.alloc(400, "abcdefg"), headers: {}, step: 1, timestampDelta: 0 }];
    const kept: string[] = [];
    for (const [name, codec] of Object.entries(byName)) {
      const batch = await batchOf(some, { codec });
      for (let end = 0; end < batch.length; end++) if (readAll(batch.subarray(0, end)) === null) kept.push(`${name} at ${end}`);
    }
    expect(kept).toEqual([]);
  });

  test("an offset behind the batch's last is an error: reading would go on there, and skip what is between", async () => {
    const batch = await batchOf([{ key: null, value: Buffer.from("v"), headers: {}, step: 1, timestampDelta: 0 }]);
    batch[headerBytes + 3] = 0x7e;
    expect(() => readRecords(batch)).toThrow("record 0 has an offset of another batch");
  });

  test("a number that does not end is an error", async () => {
    const batch = await batchOf([{ key: null, value: Buffer.alloc(400, 0x80), headers: {}, step: 1, timestampDelta: 0 }]);
    batch.fill(0x80, headerBytes);
    batch[batch.length - 1] = 0;
    expect(() => readRecords(batch)).toThrow("a number of more than 64 bits");
  });

  test("a count that the bytes cannot hold is refused before anything is kept for it", async () => {
    const batch = await batchOf([{ key: null, value: null, headers: {}, step: 1, timestampDelta: 0 }]);
    for (const count of [2, 2 ** 31 - 1, -1]) {
      batch.writeInt32BE(count, 57);
      expect(() => readRecords(batch)).toThrow(`${count} records in`);
    }
  });
});

describe("several batches as one", () => {
  const log = { topic: "t", partition: 3 };
  const withRecords = (records: Records, offset: number): Message => ({
    offset: String(offset),
    timestamp: "0",
    value: null,
    records,
  });
  const parts = fc.array(fc.oneof(fc.array(draft, { maxLength: 4 }), fc.constant(null)), { minLength: 1, maxLength: 5 });

  test("have all records from the position on, in any order of asking", async () => {
    await fc.assert(
      fc.asyncProperty(parts, fc.nat(), fc.array(fc.nat(), { maxLength: 30 }), async (some, position, asked) => {
        const messages: Message[] = [];
        const expected: { offset: number; timeMillis: number; value: string | null }[] = [];
        let next = 50;
        for (const part of some) {
          if (part === null) {
            // One record as the client decodes it: of a transaction, or of an old format.
            messages.push({ offset: String(next), timestamp: "77", value: Buffer.from("single") });
            expected.push({ offset: next, timeMillis: 77, value: Buffer.from("single").toString("hex") });
            next += 1;
            continue;
          }
          const batch = await batchOf(part, { firstOffset: next, firstMillis: 2 ** 41 });
          const records = readRecords(batch);
          messages.push(withRecords(records, Number(lastOffsetOf(batch))));
          expected.push(...(plainly(records) as typeof expected));
          next = Number(lastOffsetOf(batch)) + 1;
        }
        const firstOffset = 50 + (position % (next - 50 + 1));
        const batch = new MessageBatch(log, messages, firstOffset, next, next + 5);
        const kept = expected.filter(({ offset }) => offset >= firstOffset);
        expect(batch).toMatchObject({ log, length: kept.length, firstOffset, nextOffset: next, endOffset: next + 5 });
        expect(plainly(batch)).toEqual(kept);
        for (const one of asked.map((index) => index % Math.max(1, kept.length)).slice(0, kept.length === 0 ? 0 : undefined)) {
          const found = {
            offset: batch.offset(one),
            timeMillis: batch.timeMillis(one),
            value: batch.value(one)?.toString("hex") ?? null,
          };
          expect(found).toEqual(kept[one]);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("of which all are before the position have none", () => {
    const message: Message = { offset: "4", timestamp: "-1", value: null };
    expect(new MessageBatch(log, [message], 5, 5, 5).length).toBe(0);
    expect(new MessageBatch(log, [], 5, 5, 5).length).toBe(0);
    const [kept] = [new MessageBatch(log, [message], 4, 5, 5)];
    expect([kept.length, kept.value(0), kept.offset(0), kept.timeMillis(0)]).toEqual([1, null, 4, Number.NaN]);
  });
});

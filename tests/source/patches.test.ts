// The patches of the client: what becomes of batches without the broker, and that nothing ticks when nothing waits.
import { createRequire } from "node:module";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { decodeAll, patchKafkajs } from "../../src/source/kafka/patches.ts";
import type { Records } from "../../src/source/kafka/records.ts";

const load = createRequire(import.meta.url);
beforeAll(() => patchKafkajs(load));

/** A record batch as on the wire, without its records: offset, length, magic, and the offset of its last record. It is of a transaction, so the client decodes it. */
function batchBytes(firstOffset: number, records: number, attributes = 0x10): Buffer {
  const bytes = Buffer.alloc(61);
  bytes.writeBigInt64BE(BigInt(firstOffset), 0);
  bytes.writeInt32BE(bytes.length - 12, 8);
  bytes.writeInt8(2, 16);
  bytes.writeInt16BE(attributes, 21);
  bytes.writeInt32BE(records - 1, 23);
  return bytes;
}

describe("batches", () => {
  const withOffsets = (...offsets: number[]) => ({ records: offsets.map((offset) => ({ offset: String(offset) })) });

  test("more records than an argument list takes", async () => {
    const offsets = Array.from({ length: 200_000 }, (_, offset) => offset);
    const many = { records: offsets.map((offset) => ({ offset: String(offset) })) };
    expect((await decodeAll(batchBytes(0, 200_000), async () => many)).length).toBe(200_000);
  });

  test("one that cannot be decoded is a mark at its last offset; the others are decoded", async () => {
    const decode = async (batch: Buffer) => {
      const first = Number(batch.readBigInt64BE(0));
      if (first === 2) throw new Error("damaged");
      return withOffsets(first, first + 1);
    };
    const bytes = Buffer.concat([batchBytes(0, 2), batchBytes(2, 5), batchBytes(7, 2)]);
    const all = await decodeAll(bytes, decode);
    expect(all).toMatchObject([
      { offset: "0" },
      { offset: "1" },
      { offset: "6", isControlRecord: false, unreadable: { firstOffset: 2, nextOffset: 7, detail: "damaged" } },
      { offset: "7" },
      { offset: "8" },
    ]);
  });

  test("one that is cut off is left for the next fetch", async () => {
    const bytes = Buffer.concat([batchBytes(0, 1), batchBytes(1, 1).subarray(0, 40)]);
    expect(await decodeAll(bytes, async () => withOffsets(0))).toEqual([{ offset: "0" }]);
  });

  test("one that compaction has emptied, or whose end it took, is passed as a whole", async () => {
    expect(await decodeAll(batchBytes(10, 5), async () => withOffsets())).toMatchObject([
      { offset: "14", isControlRecord: true },
    ]);
    expect(await decodeAll(batchBytes(10, 5), async () => withOffsets(11))).toMatchObject([
      { offset: "11" },
      { offset: "14", isControlRecord: true },
    ]);
  });

  test("one of no transaction is one message at its last offset, or none but that when compaction has emptied it", async () => {
    const never = async () => expect.unreachable("the client need not decode it");
    expect(await decodeAll(batchBytes(10, 5, 0), never)).toMatchObject([{ offset: "14", isControlRecord: true }]);
    const one = batchBytes(10, 5, 0);
    one.writeInt32BE(1, 57);
    const record = Buffer.from([12, 0, 0, 6, 1, 1, 0]);
    const withRecord = Buffer.concat([one, record]);
    withRecord.writeInt32BE(withRecord.length - 12, 8);
    const [message, ...others] = (await decodeAll(withRecord, never)) as { offset: string; records: Records }[];
    expect([message?.offset, message?.records.length, message?.records.offset(0), message?.records.value(0)]).toEqual([
      "14",
      1,
      13,
      null,
    ]);
    expect(others).toEqual([]);
  });

  test("the client passes an emptied batch with all of its offsets", async () => {
    type Batch = new (
      topic: string,
      offset: string,
      data: object,
    ) => { lastOffset(): string; messages: object[]; isEmptyDueToFiltering(): boolean };
    const ClientBatch = load("kafkajs/src/consumer/batch") as Batch;
    const messages = await decodeAll(batchBytes(10, 5), async () => withOffsets());
    const batch = new ClientBatch("topic", "12", { partition: 0, highWatermark: "20", abortedTransactions: [], messages });
    expect(batch.messages).toEqual([]);
    expect(batch.isEmptyDueToFiltering()).toBe(true);
    expect(batch.lastOffset()).toBe("14");
  });
});

describe("the timer of a connection", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  interface Queue {
    pending: { send(): void; expectResponse: boolean }[];
    inflight: Map<number, unknown>;
    throttledUntil: number;
    checkPendingRequests(): void;
    maybeThrottle(millis: number): void;
    destroy(): void;
  }

  function makeQueue(): Queue {
    const QueueClass = load("kafkajs/src/network/requestQueue") as new (options: object) => Queue;
    return new QueueClass({
      instrumentationEmitter: null,
      maxInFlightRequests: 1,
      requestTimeout: 1000,
      enforceRequestTimeout: false,
      clientId: "test",
      broker: "test",
      logger: { debug: () => undefined },
      isConnected: () => true,
    });
  }

  test("is not set while nothing waits", () => {
    vi.useFakeTimers();
    const queue = makeQueue();
    for (let answer = 0; answer < 3; answer++) queue.checkPendingRequests();
    expect(vi.getTimerCount()).toBe(0);
  });

  test("looks again soon while something waits, and no more when it was sent", () => {
    vi.useFakeTimers();
    const queue = makeQueue();
    const send = vi.fn();
    queue.inflight.set(1, {});
    queue.pending.push({ send, expectResponse: true });
    queue.checkPendingRequests();
    expect([vi.getTimerCount(), send.mock.calls.length]).toEqual([1, 0]);
    queue.inflight.clear();
    vi.advanceTimersByTime(10);
    expect([vi.getTimerCount(), send.mock.calls.length]).toEqual([0, 1]);
  });

  test("waits for the end of a throttling", () => {
    vi.useFakeTimers();
    const queue = makeQueue();
    const send = vi.fn();
    queue.maybeThrottle(500);
    queue.pending.push({ send, expectResponse: true });
    queue.checkPendingRequests();
    vi.advanceTimersByTime(499);
    expect(send).not.toHaveBeenCalled();
    vi.advanceTimersByTime(20);
    expect(send).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });
});

// Positions of logs: one thing after another for each log, whatever the client does meanwhile.
import { expect, test } from "vitest";
import type { Message } from "../../src/source/kafka/message-batch.ts";
import { Positions } from "../../src/source/kafka/positions.ts";
import type { Log } from "../../src/source/source.ts";
import { Recorder } from "./recorder.ts";

const log: Log = { topic: "topic", partition: 0 };
const other: Log = { topic: "topic", partition: 1 };
const bounds = { low: 0, end: 100 };
const offsetAt = async (): Promise<number> => 40;

function message(offset: number): Message {
  return { offset: String(offset), timestamp: "1", value: Buffer.from(String(offset)) };
}

function unreadable(firstOffset: number, nextOffset: number): Message {
  return { ...message(nextOffset - 1), value: null, unreadable: { firstOffset, nextOffset, detail: "damaged" } };
}

/** A sink that holds its batches until they are released. */
function holding(sink: Recorder): () => void {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  sink.hold = () => released;
  return release;
}

test("messages between marks are batches without holes between them, marks are gaps", async () => {
  const sink = new Recorder();
  const positions = new Positions(sink);
  await positions.place(log, bounds, offsetAt);
  const messages = [message(0), message(3), unreadable(5, 9), unreadable(9, 12), message(12)];
  expect(await positions.hand(log, { messages, nextOffset: 15, endOffset: 100 })).toBe(true);
  expect(sink.values(log)).toEqual(["0", "3", "12"]);
  expect(sink.gaps.map(({ from, to }) => [from, to])).toEqual([
    [5, 9],
    [9, 12],
  ]);
  expect([positions.at(log), sink.position(log)]).toEqual([15, 15]);
  expect(sink.faults).toEqual([]);
});

test("of a mark, only what is not read yet is a gap", async () => {
  const sink = new Recorder(() => ({ offset: 7 }));
  const positions = new Positions(sink);
  await positions.place(log, bounds, offsetAt);
  await positions.hand(log, { messages: [unreadable(5, 9)], nextOffset: 9, endOffset: 100 });
  expect(sink.gaps.map(({ from, to }) => [from, to])).toEqual([[7, 9]]);
});

test("where the sink begins by time, it is told the offset", async () => {
  const sink = new Recorder(() => ({ timeMillis: 1 }));
  const positions = new Positions(sink);
  await positions.place(log, bounds, offsetAt);
  expect([positions.at(log), sink.position(log)]).toEqual([40, 40]);
});

test("a place outside of the bounds is moved into them", async () => {
  const positions = new Positions(new Recorder(({ partition }) => ({ offset: partition === 0 ? 500 : -1 })));
  await positions.place(log, bounds, offsetAt);
  await positions.place(other, { low: 10, end: 20 }, offsetAt);
  expect([positions.at(log), positions.at(other)]).toEqual([100, 10]);
});

test("a log that is revoked during a batch is forgotten after it, and begun anew when it comes back", async () => {
  const sink = new Recorder();
  const release = holding(sink);
  const positions = new Positions(sink);
  await positions.place(log, bounds, offsetAt);
  const handed = positions.inTurn(log, () => positions.hand(log, { messages: [message(0)], nextOffset: 1, endOffset: 100 }));
  const revoked = positions.inTurn(log, () => positions.revoke(log));
  await positions.inTurn(other, () => positions.place(other, bounds, offsetAt));
  expect([positions.isBusy(log), positions.isBusy(other), sink.revocations]).toEqual([true, false, []]);
  release();
  await Promise.all([handed, revoked]);
  expect([positions.at(log), sink.revocations]).toEqual([undefined, ["topic/0"]]);
  await positions.inTurn(log, () => positions.place(log, bounds, offsetAt));
  expect(positions.at(log)).toBe(1);
  expect(sink.faults).toEqual([]);
});

test("a turn that fails does not hold up the next one", async () => {
  const positions = new Positions(new Recorder());
  const failed = positions.inTurn(log, () => Promise.reject(new Error("no answer")));
  const next = positions.inTurn(log, () => "done");
  await expect(failed).rejects.toThrow("no answer");
  expect(await next).toBe("done");
});

test("once closed, nothing reaches the sink: not even the rest of what is being handed over", async () => {
  const sink = new Recorder();
  const release = holding(sink);
  const positions = new Positions(sink);
  await positions.place(log, bounds, offsetAt);
  const messages = [message(0), unreadable(1, 2), message(2)];
  const handed = positions.hand(log, { messages, nextOffset: 3, endOffset: 100 });
  positions.close();
  sink.seal();
  release();
  expect(await handed).toBe(false);
  positions.bounds(log, bounds);
  positions.revoke(log);
  await positions.place(other, bounds, offsetAt);
  expect(sink.faults).toEqual([]);
});

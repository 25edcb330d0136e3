// Kafka's history as rows: the same stretch each time, from a time to the ends as of the beginning, whatever happens
// meanwhile.
import { describe, expect, test } from "vitest";
import { Frame } from "../../src/event/frame.ts";
import { Schema } from "../../src/event/schema.ts";
import { streamSettings } from "../../src/pipeline/exporter.ts";
import { History } from "../../src/pipeline/reference/history.ts";
import { RowPass } from "../../src/pipeline/reference/row-pass.ts";
import { MemorySource } from "../../src/source/memory.ts";
import { prediction } from "./events.ts";

const log = { topic: "t", partition: 0 };
const from = Date.parse("2026-03-01T00:00:00Z");
const rows = (first: number, many: number): string[] =>
  Array.from({ length: many }, (_, index) => prediction(from + first + index));

function history(): History {
  return new History({
    fromMillis: from,
    topics: new Map([["t", streamSettings()]]),
    decode: { messageBytes: 1000, futureMillis: Number.POSITIVE_INFINITY },
  });
}

interface Taken {
  readonly pass: RowPass;
  readonly times: number[];
  readonly progress: number[];
}

function taken(): Taken {
  const target = { schema: new Schema(10, { left: 10 }), frame: new Frame() };
  const [times, progress]: [number[], number[]] = [[], []];
  const wanted = { model: "m", version: null };
  const pass = new RowPass(wanted, {
    ...target,
    ids: false,
    row: () => times.push(target.frame.timeMillis - from),
    outcome: () => undefined,
    progress: (share) => progress.push(share),
  });
  return { pass, times, progress };
}

const upTo = (many: number): number[] => Array.from({ length: many }, (_, index) => index);

describe("a stretch", () => {
  test("is from the time to the end as it was, both times, though more is written", async () => {
    const source = new MemorySource();
    source.add(log);
    source.append(log, rows(-5, 5), from - 1);
    source.append(log, rows(0, 10), from);
    const stretch = history();
    const first = taken();
    const sink = stretch.pass(first.pass);
    await source.start(sink);
    expect(sink.isDone).toBe(false);
    source.append(log, rows(10, 4), from);
    await source.deliver(log);
    expect([sink.isDone, first.times]).toEqual([true, upTo(10)]);
    expect(first.progress.at(-1)).toBe(1);
    stretch.complete();

    const second = taken();
    const again = stretch.pass(second.pass);
    source.add({ topic: "t", partition: 1 });
    source.append({ topic: "t", partition: 1 }, rows(0, 3), from);
    await source.start(again);
    expect(again.isDone).toBe(false);
    await source.deliver({ topic: "t", partition: 1 });
    while ((await source.deliver(log, 3)) > 0);
    expect([again.isDone, again.failure, second.times]).toEqual([true, "", upTo(10)]);
  });

  test("has no batch of a log with nothing in it, and is done without, both times", async () => {
    const source = new MemorySource();
    const empty = { topic: "t", partition: 1 };
    for (const one of [log, empty]) source.add(one);
    source.append(log, rows(0, 3), from);
    const stretch = history();
    for (const one of [taken(), taken()]) {
      const sink = stretch.pass(one.pass);
      await source.start(sink);
      await source.deliver(log);
      expect([sink.isDone, one.times]).toEqual([true, upTo(3)]);
      stretch.complete();
      await source.stop();
    }
  });

  test("of nothing is done at once", async () => {
    const source = new MemorySource();
    source.add(log);
    const sink = history().pass(taken().pass);
    await source.start(sink);
    expect(sink.isDone).toBe(true);
  });
});

describe("what happens meanwhile", () => {
  test("records that cannot be read are bad rows", () => {
    const { pass } = taken();
    const sink = history().pass(pass);
    sink.start(log, { low: 0, end: 10 });
    sink.gap(log, 3, 5, "unreadable", "a codec that is not known");
    expect([...pass.counts.bad]).toEqual([["unreadable", 2]]);
    expect(pass.counts.examples).toEqual(["t/0 at 3: a codec that is not known", "t/0 at 4: a codec that is not known"]);
    expect(sink.failure).toBe("");
  });

  test("records that are deleted before they were read are a failure", async () => {
    const source = new MemorySource();
    source.add(log);
    source.append(log, rows(0, 10), from);
    const sink = history().pass(taken().pass);
    await source.start(sink);
    await source.deliver(log, 4);
    expect(sink.start(log, { low: 4, end: 10 })).toEqual({ offset: 4 });
    expect(sink.failure).toBe("");
    sink.start(log, { low: 7, end: 10 });
    expect(sink.failure).toBe("t/0: records were deleted while they were read");
  });

  test("a topic that is made anew is a failure", async () => {
    const source = new MemorySource();
    source.add(log);
    source.append(log, rows(0, 10), from);
    const sink = history().pass(taken().pass);
    await source.start(sink);
    await source.deliver(log);
    sink.start(log, { low: 0, end: 2 });
    expect(sink.failure).toBe("t/0: the topic was made anew while it was read");
  });
});

// Where a log is begun, gone on with and lost track of; what is counted on the way.
import { describe, expect, test } from "vitest";
import type { RecordBatch } from "../../src/source/source.ts";
import { Assembly, logAt, topic } from "./assembly.ts";
import { hour, midnight, minute, prediction, predictions } from "./events.ts";

const log = logAt(0);
const counted = (assembly: Assembly): number =>
  [...assembly.fold.logs.values()].reduce((sum, log) => sum + (log.events.get("prediction") ?? 0), 0);

/** Consecutive records of a log as a source hands them over. */
function batchOf(values: readonly string[], firstOffset: number, more: Partial<RecordBatch> = {}): RecordBatch {
  return {
    log,
    length: values.length,
    firstOffset,
    nextOffset: firstOffset + values.length,
    endOffset: firstOffset + values.length,
    value: (index) => Buffer.from(values[index] as string),
    offset: (index) => firstOffset + index,
    timeMillis: () => Number.NaN,
    ...more,
  };
}

describe("a log begins", () => {
  test("where it is told to when no snapshot knows it", async () => {
    const assembly = await Assembly.of(1, { begin: () => ({ offset: 3 }) });
    expect(assembly.state(log).next).toBe(3);
  });

  test("at the state's position after a restart, and folds nothing twice", async () => {
    const assembly = await Assembly.of(1);
    await assembly.write(log, predictions(midnight, 7));
    const next = await assembly.restarted();
    expect(next.state(log).next).toBe(7);
    await next.write(log, predictions(midnight, 4));
    expect([next.state(log).next, counted(next), next.ingest.records]).toEqual([11, 11, 4]);
  });

  test("at the position also when the source owns it again in the middle", async () => {
    const assembly = await Assembly.of(1);
    await assembly.write(log, predictions(midnight, 7));
    assembly.ingest.revoked(log);
    expect(assembly.ingest.standings.size).toBe(0);
    await assembly.ingest.batch(batchOf(predictions(midnight, 5), 7));
    expect(counted(assembly)).toBe(7);
    expect(assembly.ingest.start(log, { low: 0, end: 12 })).toEqual({ offset: 7 });
  });

  test("without settings for its topic it is a mistake of the program", () => {
    const assembly = new Assembly();
    expect(() => assembly.ingest.start({ topic: "else", partition: 0 }, { low: 0, end: 0 })).toThrow(
      'no settings for topic "else"',
    );
  });
});

describe("a start by time", () => {
  const byTime = { begin: () => ({ timeMillis: midnight }) };

  test("is placed by the first batch", async () => {
    const assembly = new Assembly(byTime);
    assembly.source.add(log);
    assembly.source.append(log, predictions(midnight - hour, 10), midnight - hour);
    assembly.source.append(log, predictions(midnight, 2), midnight);
    await assembly.source.start(assembly.ingest);
    expect(assembly.standing(log).unplaced).toBe(false);
    expect(assembly.state(log).next).toBe(10);
    await assembly.source.deliver(log);
    expect([assembly.state(log).next, counted(assembly), assembly.state(log).gapRecords]).toEqual([12, 2, 0]);
  });

  test("does not count as caught up before it is placed", async () => {
    const assembly = new Assembly(byTime);
    expect(assembly.ingest.start(log, { low: 5, end: 9 })).toEqual({ timeMillis: midnight });
    expect(assembly.ingest.caughtUp).toBe(false);
    await assembly.ingest.batch(batchOf([], 9));
    expect(assembly.ingest.caughtUp).toBe(true);
  });

  test("is asked for again when the source starts the log again before a record came", () => {
    const assembly = new Assembly(byTime);
    assembly.ingest.start(log, { low: 5, end: 9 });
    expect(assembly.ingest.start(log, { low: 7, end: 9 })).toEqual({ timeMillis: midnight });
    expect(assembly.state(log).gapRecords).toBe(0);
  });
});

describe("a batch", () => {
  test("that overlaps what was read counts only what is new", async () => {
    const assembly = await Assembly.of(1);
    await assembly.ingest.batch(batchOf(predictions(midnight, 10), 0));
    await assembly.ingest.batch(batchOf(predictions(midnight, 10), 4));
    await assembly.ingest.batch(batchOf(predictions(midnight, 3), 2));
    expect([counted(assembly), assembly.state(log).next, assembly.ingest.records]).toEqual([14, 14, 14]);
  });

  test("may have holes, which are no loss, and end in one", async () => {
    const assembly = await Assembly.of(1);
    const offsets = [2, 3, 7];
    const holes = { offset: (index: number) => offsets[index] as number, nextOffset: 12, endOffset: 12 };
    await assembly.ingest.batch(batchOf(predictions(midnight, 3), 0, holes));
    expect([counted(assembly), assembly.state(log).next, assembly.state(log).gapRecords]).toEqual([3, 12, 0]);
  });

  test("with anything at all in its records moves on", async () => {
    const assembly = await Assembly.of(1);
    const poison = [
      "",
      "{",
      "null",
      "[[]]",
      "[{}]",
      '{"type":"prediction","model":"__proto__","time":"2026-03-01T00:00:00Z"}',
      "9".repeat(10_001),
    ];
    await assembly.write(log, [null, ...poison]);
    expect(assembly.state(log).next).toBe(8);
    expect(Object.fromEntries(assembly.state(log).rejected)).toEqual({
      tombstone: 2,
      bad_json: 1,
      not_an_object: 2,
      bad_type: 1,
      too_large: 1,
    });
    expect(counted(assembly)).toBe(1);
  });

  test("of many records gives others their turn", async () => {
    const assembly = await Assembly.of(1, { sliceMillis: 10 });
    assembly.source.append(log, predictions(midnight, 60_000, { features: { x: 1, y: "a" }, score: 0.5 }));
    let turns = 0;
    let longestMillis = 0;
    let before = performance.now();
    let done = false;
    const turn = (): void => {
      const now = performance.now();
      longestMillis = Math.max(longestMillis, now - before);
      before = now;
      turns += 1;
      if (!done) setImmediate(turn);
    };
    setImmediate(turn);
    const beganMillis = performance.now();
    await assembly.source.deliver(log);
    const tookMillis = performance.now() - beganMillis;
    done = true;
    // A slice is some 10 ms; the machine may be busy, so only a part of it is asked for.
    expect(turns).toBeGreaterThan(Math.max(3, tookMillis / 100));
    expect(longestMillis).toBeLessThan(tookMillis / 2);
    expect(counted(assembly)).toBe(60_000);
  });
});

describe("what is lost", () => {
  test("deleted records are a gap, once", async () => {
    const assembly = await Assembly.of(1);
    await assembly.write(log, predictions(midnight, 10));
    assembly.source.append(log, predictions(midnight, 10));
    assembly.source.deleteBefore(log, 15);
    expect([assembly.state(log).next, assembly.state(log).gapRecords]).toEqual([15, 5]);
    expect(assembly.log.of("error")).toEqual([
      { level: "error", message: "records were deleted before they were read", topic, partition: 0, next: 10, low: 15, end: 20 },
    ]);
    // The source may tell the same again, in either way.
    assembly.ingest.start(log, { low: 15, end: 20 });
    assembly.ingest.gap(log, 10, 15, "deleted", "again");
    const next = await assembly.restarted();
    expect([next.state(log).gapRecords, next.state(log).next]).toEqual([5, 15]);
    await next.source.deliver(log);
    expect(counted(next)).toBe(15);
  });

  test("a topic that was created anew is read from its beginning", async () => {
    const assembly = await Assembly.of(1);
    await assembly.write(log, predictions(midnight, 10));
    expect(assembly.ingest.start(log, { low: 0, end: 4 })).toEqual({ offset: 0 });
    expect([assembly.state(log).next, assembly.state(log).gapRecords]).toEqual([0, 0]);
    expect(assembly.log.of("error")).toMatchObject([{ topic, partition: 0, next: 10, low: 0, end: 4 }]);
    await assembly.ingest.batch(batchOf(predictions(midnight + minute, 4), 0));
    expect(counted(assembly)).toBe(14);
  });

  test("what cannot be read is counted and said with its place", async () => {
    const assembly = await Assembly.of(2);
    const log = logAt(1);
    await assembly.write(log, predictions(midnight, 3));
    assembly.source.append(log, predictions(midnight, 5));
    assembly.source.skip(log, 4, "unreadable");
    await assembly.source.deliver(log);
    const state = assembly.state(log);
    expect([state.gapRecords, state.rejected.get("unreadable"), state.next, counted(assembly)]).toEqual([4, 1, 8, 4]);
    expect(assembly.log.of("warn")).toEqual([
      {
        level: "warn",
        message: "rejected",
        topic,
        partition: 1,
        offset: 3,
        reason: "unreadable",
        detail: "for a test",
        sinceLastLine: 0,
      },
    ]);
  });

  test("a gap before the position counts nothing, one across it only what lies behind", async () => {
    const assembly = await Assembly.of(1);
    await assembly.write(log, predictions(midnight, 10));
    assembly.ingest.gap(log, 2, 10, "unreadable", "");
    expect([assembly.state(log).gapRecords, assembly.state(log).next]).toEqual([0, 10]);
    assembly.ingest.gap(log, 8, 13, "deleted", "");
    expect([assembly.state(log).gapRecords, assembly.state(log).next]).toEqual([3, 13]);
    assembly.ingest.gap({ topic, partition: 9 }, 0, 5, "deleted", "not ours");
  });

  test("rejections are said now and then, and never what was in the record", async () => {
    const assembly = await Assembly.of(1);
    await assembly.write(log, ["secret", "secret", "secret", "[]", '{"type":"secret"}']);
    assembly.clockMillis += 9999;
    await assembly.write(log, ["secret"]);
    assembly.clockMillis += 1;
    await assembly.write(log, ["secret"]);
    const said = assembly.log.of("warn").map(({ offset, reason, sinceLastLine }) => [offset, reason, sinceLastLine]);
    expect(said).toEqual([
      [0, "bad_json", 0],
      [4, "bad_type", 0],
      [6, "bad_json", 3],
    ]);
    expect(JSON.stringify(assembly.log.lines)).not.toContain("secret");
    expect(assembly.state(log).rejected.get("bad_json")).toBe(5);
  });
});

describe("caught up", () => {
  test("is nobody before the first log is there", () => {
    expect(new Assembly().ingest.caughtUp).toBe(false);
  });

  test("is an empty log at once, and one with records when it has reached the end that it had", async () => {
    const assembly = new Assembly();
    const [one, other] = [logAt(0), logAt(1)];
    assembly.source.add(one);
    assembly.source.append(one, predictions(midnight, 10));
    assembly.source.add(other);
    await assembly.source.start(assembly.ingest);
    await assembly.source.deliver(one, 9);
    expect(assembly.ingest.caughtUp).toBe(false);
    // What comes meanwhile is not waited for.
    assembly.source.append(one, predictions(midnight, 100));
    assembly.source.look();
    await assembly.source.deliver(one, 1);
    expect(assembly.ingest.caughtUp).toBe(true);
  });

  test("is what was deleted before it could be read", async () => {
    const assembly = new Assembly();
    assembly.source.add(log);
    assembly.source.append(log, predictions(midnight, 10));
    await assembly.source.start(assembly.ingest);
    expect(assembly.ingest.caughtUp).toBe(false);
    assembly.ingest.bounds(log, { low: 10, end: 10 });
    expect(assembly.ingest.caughtUp).toBe(true);
  });

  test("keeps the first end when the source starts the log again", async () => {
    const assembly = new Assembly();
    assembly.ingest.start(log, { low: 0, end: 3 });
    assembly.ingest.start(log, { low: 0, end: 50 });
    await assembly.ingest.batch(
      batchOf([prediction(midnight), prediction(midnight), prediction(midnight)], 0, { endOffset: 50 }),
    );
    expect(assembly.ingest.caughtUp).toBe(true);
  });

  test("a finite source says once that there is no more", async () => {
    const assembly = await Assembly.of(1);
    let told = 0;
    assembly.ingest.whenFinished = () => {
      told += 1;
    };
    await assembly.write(log, predictions(midnight + minute, 2));
    expect(assembly.fold.frontierMillis).toBeNaN();
    assembly.source.end();
    expect([told, assembly.ingest.finished, assembly.frontierMinutes]).toEqual([1, true, 2]);
  });
});

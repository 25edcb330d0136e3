// What every source has to do, as tests that each of them runs through. What one of them cannot do, it gives a reason for.
import { describe, expect, type TestContext, test } from "vitest";
import { type Log, logKey, type Source } from "../../src/source/source.ts";
import { until } from "../until.ts";
import { Recorder } from "./recorder.ts";

export interface Written {
  readonly value: Buffer | null;
  readonly timeMillis: number;
}

/** Logs with records in them, and sources that read them. */
export interface World {
  readonly logs: readonly Log[];
  /** Another source over the same logs; several may be made one after another. */
  source(): Source;
  append(log: Log, records: readonly Written[]): Promise<void>;
  /** Gives a source that does nothing by itself its turn. */
  turn(): void;
}

/** What a kind of source cannot do, and why. */
export interface Reasons {
  readonly times?: string;
  readonly tombstones?: string;
  readonly anyBytes?: string;
  readonly append?: string;
  readonly ends?: string;
}

export type OpenWorld = (records: readonly (readonly Written[])[]) => Promise<World>;

const deadlineMillis = 30_000;
const longestStopMillis = 5500;
const errorKinds = ["connection", "timeout", "authentication", "crash", "silence", "other"];
/** A time of the first record; each later one is a second on. */
const firstMillis = 1_700_000_000_000;
const secondMillis = 1000;

export function written(values: readonly (string | Buffer | null)[], from = firstMillis): Written[] {
  return values.map((value, index) => ({
    value: typeof value === "string" ? Buffer.from(value) : value,
    timeMillis: from + index * secondMillis,
  }));
}

function numbered(count: number, name: string): string[] {
  return Array.from({ length: count }, (_, index) => `${name} ${index}`);
}

export function sourceContract(open: OpenWorld, cannot: Reasons): void {
  const unless = (context: TestContext, reason: string | undefined): void => {
    if (reason !== undefined) context.skip(reason);
  };

  /** Waits, and gives a source that does nothing by itself its turns meanwhile. */
  const reached = (world: World, what: string, holds: () => boolean): Promise<void> => {
    const condition = (): boolean => {
      world.turn();
      return holds();
    };
    return until(condition, { deadlineMillis, what });
  };

  const started = async (world: World, sink: Recorder): Promise<Source> => {
    const source = world.source();
    await source.start(sink);
    return source;
  };

  const finish = async (source: Source, sink: Recorder): Promise<void> => {
    await source.stop();
    sink.seal();
    expect(sink.faults).toEqual([]);
  };

  const two = (world: World): [Log, Log] => [world.logs[0] as Log, world.logs[1] as Log];

  describe("reading", () => {
    test("hands over every record of every log once, in order, with its offset", async () => {
      const values = [numbered(2500, "one"), numbered(7, "other")];
      const world = await open(values.map((some) => written(some)));
      const sink = new Recorder();
      const source = await started(world, sink);
      await reached(world, "all records", () => world.logs.every((log, at) => sink.records(log).length === values[at]?.length));
      for (const [at, log] of world.logs.entries()) {
        expect(sink.values(log)).toEqual(values[at]);
        expect(sink.records(log).map(({ offset }) => offset)).toEqual(values[at]?.map((_, offset) => offset));
        expect(sink.position(log)).toBe(values[at]?.length);
      }
      await finish(source, sink);
    });

    test("hands over exactly the bytes that were written", async (context) => {
      unless(context, cannot.anyBytes);
      const bytes = [
        Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
        Buffer.alloc(0),
        Buffer.from("ä\n€\r\n\u{1f600}"),
      ];
      const world = await open([written(bytes), []]);
      const sink = new Recorder();
      const source = await started(world, sink);
      const [log] = two(world);
      await reached(world, "three records", () => sink.records(log).length === 3);
      expect(sink.records(log).map(({ value }) => value?.toString("hex"))).toEqual(bytes.map((value) => value.toString("hex")));
      await finish(source, sink);
    });

    test("hands over tombstones as null", async (context) => {
      unless(context, cannot.tombstones);
      const world = await open([written(["a", null, "b"]), []]);
      const sink = new Recorder();
      const source = await started(world, sink);
      const [log] = two(world);
      await reached(world, "three records", () => sink.records(log).length === 3);
      expect(sink.values(log)).toEqual(["a", null, "b"]);
      await finish(source, sink);
    });

    test("hands over the records' own timestamps, or NaN", async () => {
      const world = await open([written(["a", "b"]), []]);
      const sink = new Recorder();
      const source = await started(world, sink);
      const [log] = two(world);
      await reached(world, "two records", () => sink.records(log).length === 2);
      const times = cannot.times === undefined ? [firstMillis, firstMillis + secondMillis] : [Number.NaN, Number.NaN];
      expect(sink.records(log).map(({ timeMillis }) => timeMillis)).toEqual(times);
      await finish(source, sink);
    });

    test("goes on with records that are written later", async (context) => {
      unless(context, cannot.append);
      const world = await open([written(["a"]), []]);
      const sink = new Recorder();
      const source = await started(world, sink);
      const [log, other] = two(world);
      await reached(world, "the first record", () => sink.records(log).length === 1);
      await world.append(log, written(["b"]));
      await world.append(other, written(["c"]));
      await reached(world, "the later ones", () => sink.records(log).length === 2 && sink.records(other).length === 1);
      expect([sink.values(log), sink.values(other)]).toEqual([["a", "b"], ["c"]]);
      await finish(source, sink);
    });

    test("says that there is no more", async (context) => {
      unless(context, cannot.ends);
      const world = await open([written(["a"]), written(["b"])]);
      const sink = new Recorder();
      const source = await started(world, sink);
      await reached(world, "the end", () => sink.hasEnded);
      expect(world.logs.map((log) => sink.values(log))).toEqual([["a"], ["b"]]);
      await finish(source, sink);
    });
  });

  describe("beginning", () => {
    test("at an offset", async () => {
      const world = await open([written(numbered(20, "one")), written(numbered(10, "other"))]);
      const [log, other] = two(world);
      const sink = new Recorder(({ topic, partition }) => {
        return { offset: logKey({ topic, partition }) === logKey(log) ? 13 : 10 };
      });
      const source = await started(world, sink);
      await reached(world, "the last records", () => sink.records(log).length === 7);
      expect(sink.values(log)).toEqual(numbered(20, "one").slice(13));
      expect(sink.values(other)).toEqual([]);
      await finish(source, sink);
    });

    test("at a time: the first record that is not older", async (context) => {
      unless(context, cannot.times);
      const world = await open([written(numbered(20, "one")), written(numbered(5, "other"))]);
      const [log, other] = two(world);
      const sink = new Recorder(() => ({ timeMillis: firstMillis + 7 * secondMillis - 1 }));
      const source = await started(world, sink);
      await reached(world, "the last records", () => sink.records(log).length === 13 && sink.position(other) === 5);
      expect(sink.values(log)).toEqual(numbered(20, "one").slice(7));
      await world.append(other, written(["later"]));
      await reached(world, "the record after the end", () => sink.records(other).length === 1);
      expect(sink.values(other)).toEqual(["later"]);
      await finish(source, sink);
    });

    test("again, at the position of before: nothing is read twice and nothing is lost", async () => {
      const values = numbered(3000, "one");
      const world = await open([written(values), written(["other"])]);
      const [log, other] = two(world);
      const first = new Recorder();
      const before = await started(world, first);
      await reached(world, "some records", () => first.records(log).length > 0);
      await finish(before, first);
      const second = new Recorder(undefined, first.positions());
      const after = await started(world, second);
      await reached(world, "the rest", () => second.position(log) === 3000 && (second.position(other) ?? 0) === 1);
      expect([...first.values(log), ...second.values(log)]).toEqual(values);
      expect([...first.values(other), ...second.values(other)]).toEqual(["other"]);
      await finish(after, second);
    });
  });

  describe("being held up", () => {
    test("a log that is paused waits, others go on; then it goes on too", async () => {
      const values = numbered(1500, "one");
      const world = await open([written(values), written(["other"])]);
      const [log, other] = two(world);
      const sink = new Recorder();
      const source = world.source();
      source.pause(other);
      source.pause(other);
      await source.start(sink);
      await reached(world, "the log that is not paused", () => sink.records(log).length === 1500);
      expect(sink.records(other)).toEqual([]);
      source.resume(other);
      source.resume(other);
      await reached(world, "the log that was paused", () => sink.records(other).length === 1);
      expect([sink.values(log), sink.values(other)]).toEqual([values, ["other"]]);
      await finish(source, sink);
    });

    test("a log may be paused and resumed in the middle, again and again", async (context) => {
      unless(context, cannot.append);
      const world = await open([written(["one 0"]), written(["other 0"])]);
      const [log, other] = two(world);
      const sink = new Recorder();
      const source = await started(world, sink);
      await reached(world, "both logs", () => sink.records(log).length === 1 && sink.records(other).length === 1);
      for (let round = 1; round <= 3; round++) {
        source.pause(log);
        await world.append(log, written([`one ${round}`]));
        await world.append(other, written([`other ${round}`]));
        const isTold = (): boolean => sink.lastBounds.get(logKey(log))?.end === round + 1;
        await reached(world, "the log that goes on", () => sink.records(other).length === round + 1 && isTold());
        expect(sink.values(log)).toEqual(numbered(round, "one"));
        source.resume(log);
        await reached(world, "the log that was paused", () => sink.records(log).length === round + 1);
      }
      expect(sink.values(log)).toEqual(numbered(4, "one"));
      await finish(source, sink);
    });

    test("a slow sink gets one batch of a log at a time", async () => {
      const values = numbered(4000, "one");
      const world = await open([written(values), written(["other"])]);
      const [log] = two(world);
      const sink = new Recorder();
      let atOnce = 0;
      let most = 0;
      sink.hold = async (batch) => {
        if (logKey(batch.log) !== logKey(log)) return;
        atOnce += 1;
        most = Math.max(most, atOnce);
        await new Promise((resolve) => setTimeout(resolve, 100));
        atOnce -= 1;
      };
      const source = await started(world, sink);
      await reached(world, "all records", () => sink.records(log).length === 4000);
      expect(most).toBe(1);
      expect(sink.values(log)).toEqual(values);
      await finish(source, sink);
    });
  });

  describe("telling", () => {
    test("what every log holds", async () => {
      const world = await open([written(numbered(20, "one")), written(numbered(3, "other"))]);
      const sink = new Recorder();
      const source = await started(world, sink);
      await reached(world, "bounds", () => world.logs.every((log) => sink.lastBounds.get(logKey(log))?.end));
      expect(world.logs.map((log) => sink.lastBounds.get(logKey(log)))).toEqual([
        { low: 0, end: 20 },
        { low: 0, end: 3 },
      ]);
      await finish(source, sink);
    });

    test("what every log holds, also when nothing is written", async (context) => {
      unless(context, cannot.append);
      const world = await open([written(["a"]), []]);
      const sink = new Recorder();
      const source = await started(world, sink);
      const [log, other] = two(world);
      await reached(world, "the record", () => sink.records(log).length === 1);
      const told = sink.boundsTold;
      await reached(world, "bounds of idle logs", () => sink.boundsTold >= told + 4);
      expect(sink.lastBounds.get(logKey(other))).toEqual({ low: 0, end: 0 });
      await finish(source, sink);
    });

    test("how it is, in the fixed vocabulary", async () => {
      const world = await open([written(["a"]), []]);
      const sink = new Recorder();
      const source = await started(world, sink);
      await reached(world, "the record", () => sink.records(world.logs[0] as Log).length === 1 && source.status().assigned);
      const { up, problems, assigned, rebuilds, errors } = source.status();
      expect({ up, problems, assigned, rebuilds }).toEqual({ up: true, problems: [], assigned: true, rebuilds: 0 });
      for (const [kind, count] of errors) {
        expect(errorKinds).toContain(kind);
        expect(count).toBe(0);
      }
      await finish(source, sink);
    });

    test("a commit never throws: not of what is unknown, not before the start, not after the end", async () => {
      const world = await open([written(["a"]), []]);
      const [log] = two(world);
      const sink = new Recorder();
      const source = world.source();
      const positions = new Map([
        [log, 1],
        [{ topic: "unknown", partition: 5 }, 7],
      ]);
      await source.commit(positions);
      await source.start(sink);
      await reached(world, "the record", () => sink.records(log).length === 1);
      await source.commit(positions);
      await finish(source, sink);
      await source.commit(positions);
    });
  });

  describe("ending", () => {
    test("while a batch is worked on: nothing comes after it", async () => {
      const world = await open([written(numbered(3000, "one")), written(numbered(3, "other"))]);
      const sink = new Recorder();
      let release: () => void = () => undefined;
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      sink.hold = () => released;
      const source = await started(world, sink);
      await reached(world, "a batch", () => sink.batches > 0);
      const batches = sink.batches;
      const stopped = source.stop();
      release();
      await stopped;
      sink.seal();
      expect(sink.faults).toEqual([]);
      // A source that goes on all the same would do it within one of its waits.
      for (let turn = 0; turn < 20; turn++) {
        world.turn();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      expect(sink.batches).toBe(batches);
      expect(sink.faults).toEqual([]);
    });

    test("with a sink that never comes back: within five seconds", async () => {
      const world = await open([written(["a", "b"]), []]);
      const sink = new Recorder();
      sink.hold = () => new Promise(() => undefined);
      const source = await started(world, sink);
      await reached(world, "a batch", () => sink.batches > 0);
      const began = performance.now();
      await finish(source, sink);
      expect(performance.now() - began).toBeLessThan(longestStopMillis);
    });

    test("twice, while paused, or before the start: is no mistake", async () => {
      const world = await open([written(["a"]), []]);
      const sink = new Recorder();
      await world.source().stop();
      const source = world.source();
      for (const log of world.logs) source.pause(log);
      await source.start(sink);
      await source.stop();
      await finish(source, sink);
    });
  });
}

// The simulator as a source: through the contract with logs that the tests write, and with its own stories on a clock
// that only the tests move.
import { afterEach, describe, expect, test } from "vitest";
import { LogFeed, type RecordReader } from "../../src/source/simulator/log-feed.ts";
import { type SimulatedRecord, SimulatorSource, simulatedLogs, simulatedRecords } from "../../src/source/simulator.ts";
import { type Log, logKey } from "../../src/source/source.ts";
import { sourceContract, type World, type Written } from "../source/contract.ts";
import { type Begin, Recorder } from "../source/recorder.ts";
import { until } from "../until.ts";
import { hour, minute, origin, plain } from "./streams.ts";

/** Reads what a test has written. */
class WrittenReader implements RecordReader {
  next = 0;
  readonly #records: readonly Written[];

  constructor(records: readonly Written[]) {
    this.#records = records;
  }

  get nextMillis(): number {
    return this.#records[this.next]?.timeMillis ?? Number.POSITIVE_INFINITY;
  }

  read(): { timeMillis: number; text: () => string } {
    const { timeMillis, value } = this.#records[this.next++] as Written;
    return { timeMillis, text: () => (value as Buffer).toString() };
  }
}

sourceContract(
  async (some) => {
    const records = some.map((ones) => [...ones]);
    const logs = records.map((_, partition) => ({ topic: "written", partition }));
    const open = ({ partition }: Log): RecordReader => new WrittenReader(records[partition] as Written[]);
    const world: World = {
      logs,
      source: () => new SimulatorSource({ ...plain, now: Date.now }, open, logs),
      append: async ({ partition }, more) => {
        records[partition]?.push(...more);
      },
      turn: () => undefined,
    };
    return world;
  },
  {
    anyBytes: "its records are texts",
    tombstones: "it writes none",
    ends: "its streams go on for ever",
  },
);

const deadlineMillis = 30_000;
let clockMillis = origin;
const running: SimulatorSource[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((source) => source.stop()));
});

function sourceAt(millis: number): SimulatorSource {
  clockMillis = millis;
  const source = new SimulatorSource({ ...plain, now: () => clockMillis });
  running.push(source);
  return source;
}

/** What has been simulated once: records by log, by the time before which they are. */
const simulated = new Map<number, ReadonlyMap<string, SimulatedRecord[]>>();

/** All records of a log with timestamps before a time. */
function expectedOf(log: Log, toMillis: number): readonly SimulatedRecord[] {
  let records = simulated.get(toMillis);
  if (records === undefined) {
    records = Map.groupBy(simulatedRecords(plain, origin, toMillis), logKey);
    simulated.set(toMillis, records);
  }
  return records.get(logKey(log)) ?? [];
}

const plainly = (records: readonly { offset: number; timeMillis: number; value: Buffer | null }[]): string[] =>
  records.map(({ offset, timeMillis, value }) => `${offset} ${timeMillis} ${value}`);

const handed = (sink: Recorder): number => simulatedLogs.reduce((sum, log) => sum + sink.records(log).length, 0);

async function reached(sink: Recorder, millis: number): Promise<void> {
  const count = simulatedLogs.reduce((sum, log) => sum + expectedOf(log, millis).length, 0);
  await until(() => handed(sink) === count, { deadlineMillis, what: `${count} records` });
}

describe("history", () => {
  test("is handed over up to now, each log as one reads it alone, all of them abreast", async () => {
    const source = sourceAt(origin + hour);
    const sink = new Recorder();
    const latest = new Map<string, number>();
    sink.hold = async (batch) => {
      latest.set(logKey(batch.log), batch.timeMillis(batch.length - 1));
      // The log of runs is silent for a quarter of an hour at a time.
      const busy = [...latest].filter(([key]) => key.startsWith("predictions")).map(([, millis]) => millis);
      expect(Math.max(...busy) - Math.min(...busy)).toBeLessThan(3 * minute);
    };
    await source.start(sink);
    await reached(sink, origin + hour + 1);
    for (const log of simulatedLogs) expect(plainly(sink.records(log))).toEqual(plainly(expectedOf(log, origin + hour + 1)));
    await until(() => sink.boundsTold > 0, { deadlineMillis });
    for (const log of simulatedLogs) {
      expect(sink.lastBounds.get(logKey(log))).toEqual({ low: 0, end: sink.records(log).length });
      expect(sink.starts.find(({ key }) => key === logKey(log))?.bounds).toEqual(sink.lastBounds.get(logKey(log)));
    }
    expect(sink.faults).toEqual([]);
  });

  test("shows how far it is", async () => {
    const source = sourceAt(origin + hour);
    expect(source.progress).toEqual({ historyEndMillis: Number.NaN, historyRecords: 0, historyRead: 0, handedRecords: 0 });
    const sink = new Recorder();
    const shares: number[] = [];
    sink.hold = async () => {
      shares.push(source.progress.historyRead / source.progress.historyRecords);
    };
    await source.start(sink);
    await reached(sink, origin + hour + 1);
    await until(() => source.progress.handedRecords === handed(sink), { deadlineMillis });
    const records = handed(sink);
    expect(source.progress).toEqual({
      historyEndMillis: origin + hour,
      historyRecords: records,
      historyRead: records,
      handedRecords: records,
    });
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(0)).toBeLessThan(0.1);
    expect(shares.at(-1)).toBe(1);
  });

  test("may be begun at an offset or at a time", async () => {
    const time = origin + 40 * minute + 1;
    const begin: Begin = ({ topic }) => (topic === "predictions" ? { offset: 700 } : { timeMillis: time });
    const sink = new Recorder(begin);
    await sourceAt(origin + hour).start(sink);
    const expected = (log: Log): readonly SimulatedRecord[] =>
      expectedOf(log, origin + hour + 1).filter(({ offset, timeMillis }) => {
        return log.topic === "predictions" ? offset >= 700 : timeMillis >= time;
      });
    await until(() => simulatedLogs.every((log) => sink.records(log).length === expected(log).length), { deadlineMillis });
    for (const log of simulatedLogs) expect(plainly(sink.records(log))).toEqual(plainly(expected(log)));
    expect(sink.faults).toEqual([]);
  });

  test("may be begun at its end: the position of every log is told, and what comes later is read", async () => {
    const sink = new Recorder(() => ({ timeMillis: origin + 2 * hour }));
    await sourceAt(origin + hour).start(sink);
    await until(() => simulatedLogs.every((log) => sink.position(log) !== undefined), { deadlineMillis });
    expect(handed(sink)).toBe(0);
    clockMillis += 20 * minute;
    const expected = (log: Log): readonly SimulatedRecord[] =>
      expectedOf(log, clockMillis + 1).filter(({ timeMillis }) => timeMillis > origin + hour);
    await until(() => simulatedLogs.every((log) => sink.records(log).length === expected(log).length), { deadlineMillis });
    expect(sink.faults).toEqual([]);
  });
});

describe("after history", () => {
  test("each record comes when it is due, and bounds grow with the clock", async () => {
    const source = sourceAt(origin + 5 * minute);
    const sink = new Recorder();
    await source.start(sink);
    await reached(sink, clockMillis + 1);
    for (const step of [1000, 7000, 20 * minute]) {
      clockMillis += step;
      await reached(sink, clockMillis + 1);
      const isTold = (log: Log): boolean => sink.lastBounds.get(logKey(log))?.end === sink.records(log).length;
      await until(() => simulatedLogs.every(isTold), { deadlineMillis, what: "bounds" });
    }
    expect(source.progress.historyEndMillis).toBe(origin + 5 * minute);
    expect(source.progress.historyRead).toBe(source.progress.historyRecords);
    expect(sink.faults).toEqual([]);
  });

  test("a log that is paused holds no other back; its bounds are told all the same", async () => {
    const source = sourceAt(origin + 5 * minute);
    const sink = new Recorder();
    const paused = { topic: "predictions", partition: 2 };
    await source.start(sink);
    await reached(sink, clockMillis + 1);
    source.pause({ ...paused });
    source.pause({ topic: "unknown", partition: 0 });
    const before = sink.records(paused).length;
    clockMillis += 30 * minute;
    const others = simulatedLogs.filter((log) => logKey(log) !== logKey(paused));
    const whole = (log: Log): boolean => sink.records(log).length === expectedOf(log, clockMillis + 1).length;
    await until(() => others.every(whole), { deadlineMillis });
    const end = expectedOf(paused, clockMillis + 1).length;
    await until(() => sink.lastBounds.get(logKey(paused))?.end === end, { deadlineMillis, what: "bounds of the paused log" });
    expect(sink.records(paused).length).toBe(before);
    source.resume(paused);
    await until(() => whole(paused), { deadlineMillis });
    expect(plainly(sink.records(paused))).toEqual(plainly(expectedOf(paused, clockMillis + 1)));
    expect(sink.faults).toEqual([]);
  });
});

describe("the end", () => {
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

  test.each([
    ["in history", 20 * hour, 2000],
    ["after history", 5 * minute, 0],
  ])("%s comes at once and leaves no timer", async (_, historyMillis, least) => {
    const before = timers();
    const source = sourceAt(origin + historyMillis);
    const sink = new Recorder();
    await source.start(sink);
    if (least > 0) await until(() => handed(sink) > least, { deadlineMillis });
    else await reached(sink, clockMillis + 1);
    const began = performance.now();
    await source.stop();
    expect(performance.now() - began).toBeLessThan(1000);
    expect(timers()).toBeLessThanOrEqual(before);
    sink.seal();
    clockMillis += hour;
    // Longer than any rest of the source: what it would still do, it would have done by then.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(sink.faults).toEqual([]);
    // Those of the tests' runner end by themselves.
    await until(() => timers() === 0, { deadlineMillis, what: "no timer" });
  });

  test("while the records are still counted: nothing is begun", async () => {
    const source = sourceAt(origin + 48 * hour);
    const sink = new Recorder();
    const started = source.start(sink);
    await source.stop();
    sink.seal();
    await started;
    expect(sink.starts).toEqual([]);
    expect(sink.faults).toEqual([]);
  });
});

test("a feed reads nothing twice and skips what is not asked for", () => {
  const records = Array.from({ length: 10 }, (_, at) => ({ value: Buffer.from(String(at)), timeMillis: at * 1000 }));
  const feed = new LogFeed({ topic: "written", partition: 0 }, () => new WrittenReader(records));
  while (feed.count(8001));
  feed.begin({ offset: 3 });
  expect([feed.bounds, feed.firstEnd, feed.position]).toEqual([{ low: 0, end: 9 }, 9, 0]);
  const batch = feed.take(5001);
  expect(batch).toMatchObject({ length: 3, firstOffset: 3, nextOffset: 6, endOffset: 9 });
  expect([batch?.offset(2), batch?.timeMillis(2), String(batch?.value(2))]).toEqual([5, 5000, "5"]);
  expect(feed.take(5001)).toBeNull();
  expect(feed.isDue(6000)).toBe(false);
  expect(feed.isDue(6001)).toBe(true);
});

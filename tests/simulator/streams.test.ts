// Simulated streams as streams: the same for the same seed however they are read, in order, valid, as dense as they should be.
import { createHash } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { LogReader } from "../../src/source/simulator/log-reader.ts";
import { Random } from "../../src/source/simulator/random.ts";
import { Arrivals, browsingShape, paymentShape, relativeRate } from "../../src/source/simulator/traffic.ts";
import {
  partitionCounts,
  type SimulatedRecord,
  type StreamOptions,
  simulatedLogs,
  simulatedRecords,
} from "../../src/source/simulator.ts";
import { decoded, hour, lineOf, minute, origin, plain } from "./streams.ts";

const day = 24 * hour;

function linesOf(options: StreamOptions, fromMillis: number, toMillis: number): string[] {
  return Array.from(simulatedRecords(options, fromMillis, toMillis), lineOf);
}

describe("the same seed, origin and incidents", () => {
  test("give the same records, wherever one begins to read", () => {
    const whole = linesOf(plain, origin, origin + hour);
    const parts = [0, 7, 20, 60].map((minutes) => origin + minutes * minute);
    const joined = parts.slice(1).flatMap((to, at) => linesOf(plain, parts[at] as number, to));
    expect(joined).toEqual(whole);
    expect(whole.length).toBeGreaterThan(5000);
  });

  test("give each log the same records whether it is read alone, skipped through, or with the others", () => {
    const whole = linesOf(plain, origin, origin + hour);
    for (const log of simulatedLogs) {
      const reader = new LogReader(log, plain);
      const alone: string[] = [];
      while (reader.nextMillis < origin + hour) {
        const offset = reader.next;
        const { timeMillis, text } = reader.read();
        // Of every third record the text is never asked for.
        if (offset % 3 !== 0) alone.push(`${log.topic}/${log.partition}@${offset} ${timeMillis} ${text()}`);
      }
      const ours = whole.filter((line) => line.startsWith(`${log.topic}/${log.partition}@`));
      expect(alone).toEqual(ours.filter((_, offset) => offset % 3 !== 0));
    }
  });

  test("give the same bytes with every Node and on every machine", () => {
    const hash = createHash("sha256");
    for (const line of linesOf(plain, origin, origin + hour)) hash.update(line).update("\n");
    expect(hash.digest("hex")).toBe("4635a59f19b8e6a61be107fd4fbbac9ceb7f10e7bd0a3eed296838304a5c43bd");
  });
});

test("other seeds and other origins give other records and other ids", () => {
  const ids = ({ seed, originMillis }: { seed: number; originMillis: number }): Set<string> => {
    const options = { ...plain, seed, originMillis };
    const records = simulatedRecords(options, originMillis, originMillis + 10 * minute);
    return new Set(Array.from(records, ({ value }) => (JSON.parse(value.toString()) as { id: string }).id));
  };
  const [one, seed, origins] = [plain, { ...plain, seed: 82 }, { ...plain, originMillis: origin + minute }].map(ids);
  expect([...(one ?? [])].filter((id) => seed?.has(id) || origins?.has(id))).toEqual([]);
});

describe("25 hours", () => {
  const records: Omit<SimulatedRecord, "value">[] = [];
  const problems: string[] = [];
  const models = new Map<string, number>();
  let late = 0;
  let cpuSeconds = 0;
  beforeAll(() => {
    const before = process.cpuUsage();
    for (const _ of simulatedRecords(plain, origin, origin + 25 * hour));
    const { user, system } = process.cpuUsage(before);
    cpuSeconds = (user + system) / 1e6;
    for (const record of simulatedRecords(plain, origin, origin + 25 * hour)) {
      const { value, ...rest } = record;
      records.push(rest);
      const event = decoded(record);
      if (typeof event === "string") {
        problems.push(`${event}: ${value}`);
        continue;
      }
      if (event.type === "prediction") models.set(event.model, (models.get(event.model) ?? 0) + 1);
      if (record.timeMillis - event.timeMillis > minute) late += 1;
    }
  });

  test("are valid to the native decoder, and no event is later than its record", () => {
    expect(problems).toEqual([]);
  });

  test("are ordered by timestamps in each log, with offsets from 0 on", () => {
    for (const { topic, partition } of simulatedLogs) {
      const ours = records.filter((record) => record.topic === topic && record.partition === partition);
      expect(ours.length).toBeGreaterThan(100);
      expect(ours.map(({ offset }) => offset)).toEqual(ours.map((_, offset) => offset));
      expect(ours.every(({ timeMillis }, at) => timeMillis >= (ours[at - 1]?.timeMillis ?? origin))).toBe(true);
      expect(ours.every(({ timeMillis }) => Number.isInteger(timeMillis))).toBe(true);
    }
    expect(new Set(records.map(({ topic }) => topic))).toEqual(new Set(Object.keys(partitionCounts)));
  });

  test("are more than 300,000 predictions, of two models about the same, dealt evenly over partitions", () => {
    const predictions = [...models.values()].reduce((sum, count) => sum + count, 0);
    expect(predictions / (25 * 3600)).toBeGreaterThan(3);
    expect(predictions / (25 * 3600)).toBeLessThan(4);
    expect(models.get("forecast")).toBe(99 * 200);
    expect((models.get("fraud") as number) / (models.get("recommendation") as number)).toBeCloseTo(0.9, 0);
    for (let partition = 0; partition < 4; partition++) {
      const share =
        records.filter((record) => record.topic === "predictions" && record.partition === partition).length / predictions;
      expect(Math.abs(share - 0.25)).toBeLessThan(0.01);
    }
  });

  test("bring few events after more than a minute", () => {
    expect(late).toBeGreaterThan(0);
    expect(late / records.length).toBeLessThan(1 / 2000);
  });

  test("are made in less than 20 s of processor time", () => {
    expect(cpuSeconds).toBeLessThan(20);
  });
});

describe("traffic", () => {
  test.each([
    ["payments", paymentShape, [18, 4], [5, 0]],
    ["browsing", browsingShape, [20, 3], [6, 1]],
  ] as const)("of %s has peaks and quiet times, by the hour and by the day, and keeps its mean", (_, shape, hours, days) => {
    const monday = Date.UTC(2026, 10, 23);
    const rates = Array.from({ length: 7 * 24 * 60 }, (_, at) => relativeRate(shape, monday + at * minute));
    expect(rates.reduce((sum, rate) => sum + rate, 0) / rates.length).toBeCloseTo(1, 3);
    expect(relativeRate(shape, monday + hours[0] * hour)).toBeGreaterThan(2.5 * relativeRate(shape, monday + hours[1] * hour));
    expect(relativeRate(shape, monday + days[0] * day)).toBeGreaterThan(1.1 * relativeRate(shape, monday + days[1] * day));
  });

  test("comes as often as its shape says, in each hour of a week", () => {
    const arrivals = new Arrivals(new Random(5), origin, paymentShape, 0.5);
    for (let at = 0; at < 7 * 24; at++) {
      const from = origin + at * hour;
      const first = arrivals.number;
      while (arrivals.timeMillis < from + hour) arrivals.advance();
      const parts = Array.from({ length: 60 }, (_, part) => relativeRate(paymentShape, from + part * minute));
      const expected = parts.reduce((sum, rate) => sum + rate, 0) * 60 * 0.5;
      // Poisson: in one of a million weeks one hour is further off.
      expect(Math.abs(arrivals.number - first - expected)).toBeLessThan(5.8 * Math.sqrt(expected));
    }
  });
});

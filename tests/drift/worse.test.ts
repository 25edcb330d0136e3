// The alarm of worse predictions: silent while they are as before, raised within hours by more errors, ended when they are gone; the
// same after a restart, and however the stream is dealt over minutes.
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import { decoderFor } from "../../src/decode/index.ts";
import type { Page } from "../../src/expose/sample.ts";
import { performance } from "../../src/monitor/performance.ts";
import { tellAlarms } from "../../src/pipeline/alarm-lines.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { performanceMemoryOf, performanceTotalsOf } from "../../src/pipeline/of-performance.ts";
import { Reader, Writer } from "../../src/primitive/bytes.ts";
import { Random } from "../../src/source/simulator/random.ts";
import { Fold } from "../../src/state/fold.ts";
import { applyLines } from "../state/lines.ts";

const minute = 60_000;
const hour = 60 * minute;
const start = Date.parse("2026-11-01T00:00:00Z");
const settings = foldSettings(
  parseConfig("source: {file: {paths: [none]}}\ndefaults: {windows: [1h, 24h], learn: 1d, outcomes: {horizon: 1h}}", "test"),
);

type Told = {
  readonly time: string;
  readonly alert: string;
  readonly state: string;
  readonly test: string;
  readonly text: string;
};

/** Folds hours of labels, ten a minute, of which a share are errors by hour. @param restarts after so many hours */
function played(hours: number, errors: (hour: number) => number, line: (random: Random, rate: number) => object, restart = -1) {
  const random = new Random(7);
  let fold = new Fold(settings);
  const told: Told[] = [];
  const listen = (): void => tellAlarms(fold, (change) => told.push(change));
  listen();
  for (let at = 0; at < hours; at++) {
    if (at === restart) {
      const writer = new Writer();
      fold.encode(writer);
      fold = Fold.decode(new Reader(writer.bytes().slice()), settings);
      listen();
    }
    const log = fold.log("outcomes", 0, 0);
    const lines: string[] = [];
    for (let label = 0; label < 600; label++) {
      const time = new Date(start + at * hour + label * 6000).toISOString();
      const outcome = { type: "outcome", model: "m", version: "1", id: `${at}-${label}`, time };
      lines.push(JSON.stringify({ ...outcome, ...line(random, errors(at)) }));
    }
    applyLines(fold, log, decoderFor("native"), lines);
    fold.closeThrough(start + (at + 1) * hour);
  }
  return { told, fold };
}

/** A decision that is wrong with the given probability. */
const decided = (random: Random, rate: number): object => {
  const label = random.chance(0.5) ? 1 : 0;
  return { prediction: random.chance(rate) ? 1 - label : label, score: random.chance(0.5) ? 0.9 : 0.1, label };
};

describe("errors of decisions", () => {
  test("as before raise nothing in a week", () => {
    const { told } = played(7 * 24, () => 0.05, decided);
    expect(told.filter(({ alert }) => alert === "performance")).toEqual([]);
  });

  test("that are more raise the alarm within hours, in words, and it ends when they are gone", () => {
    const { told } = played(72, (at) => (at >= 36 && at < 48 ? 0.12 : 0.05), decided);
    const own = told.filter(({ alert, test: loss }) => alert === "performance" && loss === "error");
    expect(own.map(({ state }) => state)).toEqual(["on", "off"]);
    const [on, off] = own as [Told, Told];
    expect(Date.parse(on.time) - start).toBeGreaterThan(36 * hour);
    expect(Date.parse(on.time) - start).toBeLessThan(39 * hour);
    expect(on.text).toMatch(/^performance alarm: error rate 5(\.\d+)? % → \d+(\.\d+)? % of \d+ labels, evidence /);
    expect(Date.parse(off.time) - start).toBeGreaterThan(48 * hour);
    expect(off.text).toBe("error rate is as before: the performance alarm ends");
  });

  test("after a restart are known as before", () => {
    const worse = (at: number): number => (at >= 36 ? 0.12 : 0.05);
    const without = played(40, worse, decided);
    for (const restart of [10, 30, 37]) expect(played(40, worse, decided, restart).told).toEqual(without.told);
  });
});

test("the alarm is on the page, with what raised it and the evidence beside its limit", () => {
  const shown = (fold: Fold): Map<string, number> => {
    const model = fold.models.get("m");
    const version = model?.versions.get("1");
    if (model === undefined || version === undefined) throw new Error("nothing was folded");
    const lines = new Map<string, number>();
    const page: Page = { sample: ({ prefix }, value) => lines.set(prefix.trim(), value), histogram: () => undefined };
    const [totals, memory] = [performanceTotalsOf(version), performanceMemoryOf(model)];
    performance.totalsWriter({ model: "m", version: "1" }).writeState(totals, memory, page, () => "shown");
    return lines;
  };
  const of = (name: string, loss = ""): string => `${name}{model="m",version="1"${loss}}`;
  const worse = shown(played(40, (at) => (at >= 36 ? 0.12 : 0.05), decided).fold);
  expect(worse.get(of("ml_performance_alarm"))).toBe(1);
  expect(worse.get(of("ml_performance_alarm_signal", ',loss="error"'))).toBe(1);
  const limit = worse.get(of("ml_performance_evidence_limit_log10")) as number;
  // A tenth of one in 30 days, of which 70 % are divided over two losses: once in 1,234,286 minutes.
  expect(limit).toBeCloseTo(Math.log10((30 * 1440) / (0.1 * 0.7 * 0.5)), 12);
  expect(worse.get(of("ml_performance_evidence_log10", ',loss="error"'))).toBeGreaterThan(limit);
  const calm = shown(played(40, () => 0.05, decided).fold);
  expect(calm.get(of("ml_performance_alarm"))).toBe(0);
  expect(calm.get(of("ml_performance_alarm_signal", ',loss="error"'))).toBe(0);
  // Before a day of labels there is nothing to compare with.
  expect(shown(played(20, () => 0.05, decided).fold).has(of("ml_performance_alarm"))).toBe(false);
});

test("absolute errors that have grown raise it", () => {
  const { told } = played(
    60,
    (at) => (at >= 36 ? 1.5 : 1),
    (random, scale) => ({ prediction: 100 + scale * random.logNormal(1, 0.5), label: 100 }),
  );
  const own = told.filter(({ alert }) => alert === "performance");
  expect(own.map(({ state, test: loss }) => [state, loss])).toEqual([["on", "absolute_error"]]);
  expect(Date.parse(own[0]?.time ?? "") - start).toBeLessThan(42 * hour);
});

// Objectives of quality: which predictions and windows count, and which are bad; the same after a restart.
import { describe, expect, test } from "vitest";
import { countPair, QualityTotals, type Tallies } from "../../src/monitor/quality-objectives.ts";
import type { LabelledPair, PairSettings, QualityObjective } from "../../src/performance/labelled-pair.ts";
import { addPair } from "../../src/performance/pairs.ts";
import type { PerformancePane } from "../../src/performance/pane.ts";
import { Reader, Writer } from "../../src/primitive/bytes.ts";
import { pairOf } from "../performance/plain-pair.ts";

const minute = 60_000;
const hour = 60 * minute;
const settings: PairSettings = { task: "", positive: null, thresholds: [], percentageFloor: 0 };
const objective = (fields: Partial<QualityObjective>): QualityObjective => {
  return { name: "o", objective: 0.95, metric: "error", overMillis: null, side: "below", limit: Number.NaN, ...fields };
};

function counted(objectives: readonly QualityObjective[], pairs: readonly LabelledPair[]): Tallies {
  const tallies: Tallies = new Map();
  for (const one of pairs) countPair(tallies, one, objectives, settings);
  return tallies;
}

describe("of single predictions", () => {
  test("a wrong decision is bad, of two classes and of several", () => {
    const tallies = counted(
      [objective({})],
      [
        pairOf({ score: 0.9, label: 1 }),
        pairOf({ score: 0.9, label: 0 }),
        pairOf({ prediction: "a", label: "b" }),
        pairOf({ prediction: "a", label: "a" }),
        pairOf({ prediction: 1.5, label: 2 }),
        pairOf({ score: 0.5 }),
      ],
    );
    expect(tallies.get("o")).toEqual({ events: 4, bad: 2 });
  });

  test("an error beyond its limit is bad: just at it, too", () => {
    const within = objective({ metric: "absolute_percentage_error", limit: 0.2 });
    const near = objective({ name: "near", metric: "absolute_error", limit: 1.5 });
    const tallies = counted(
      [within, near],
      [pairOf({ prediction: 11, label: 10 }), pairOf({ prediction: 12, label: 10 }), pairOf({ prediction: 1, label: 0 })],
    );
    expect(tallies.get("o")).toEqual({ events: 2, bad: 1 });
    expect(tallies.get("near")).toEqual({ events: 3, bad: 1 });
  });
});

describe("of windows", () => {
  const rate = objective({ metric: "false_positive_rate", overMillis: hour, limit: 0.05 });
  /** A minute with so many negatives, of which so many are decided as positive. */
  const minuteOf = (wrong: number, of: number): PerformancePane => {
    const pane: PerformancePane = new Map();
    for (let at = 0; at < of; at++) addPair(pane, pairOf({ score: at < wrong ? 0.9 : 0.1, label: 0 }), settings);
    return pane;
  };
  const close = (totals: QualityTotals, at: number, pane: PerformancePane): void =>
    totals.close(at, pane, new Map(), [rate], settings);

  test("each is judged once, when a later one begins, and those with few labels are not", () => {
    const totals = new QualityTotals();
    close(totals, 0, minuteOf(1, 40));
    close(totals, 59 * minute, minuteOf(1, 10));
    expect(totals.tallies.size).toBe(0);
    close(totals, 60 * minute, minuteOf(0, 20));
    expect(totals.tallies.get("o")).toEqual({ events: 1, bad: 0 });
    close(totals, 3 * hour, minuteOf(9, 100));
    expect(totals.tallies.get("o")).toEqual({ events: 1, bad: 0 });
    close(totals, 4 * hour, minuteOf(0, 1));
    expect(totals.tallies.get("o")).toEqual({ events: 2, bad: 1 });
  });

  test("a restart in the midst of one changes nothing", () => {
    const totals = new QualityTotals();
    close(totals, 0, minuteOf(3, 30));
    const writer = new Writer();
    totals.encode(writer);
    const again = QualityTotals.decode(new Reader(writer.bytes()));
    for (const one of [totals, again]) {
      close(one, minute, minuteOf(0, 29));
      close(one, hour, minuteOf(0, 1));
      expect(one.tallies.get("o")).toEqual({ events: 1, bad: 1 });
    }
  });
});

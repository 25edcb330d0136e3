// Tallies of latency and availability: what counts, what is bad, and what a change of the promise does.
import { describe, expect, test } from "vitest";
import { Frame } from "../../src/event/frame.ts";
import type { ModelSettings, ObjectiveSettings } from "../../src/monitor/monitor.ts";
import { objectives } from "../../src/monitor/objectives.ts";
import type { Tallies } from "../../src/monitor/quality-objectives.ts";
import { Reader, Writer } from "../../src/primitive/bytes.ts";
import { noSettings } from "./no-settings.ts";

const latency: ObjectiveSettings = { name: "latency", objective: 0.99, belowMillis: 200 };
const availability: ObjectiveSettings = { name: "availability", objective: 0.999, belowMillis: null };

function settings(...promised: ObjectiveSettings[]): ModelSettings {
  return { ...noSettings, objectives: promised };
}

function counted(promised: ModelSettings, predictions: readonly { latency?: number; failed?: boolean }[]): Tallies {
  const state = objectives.zero();
  const frame = new Frame();
  for (const { latency: millis = Number.NaN, failed = false } of predictions) {
    frame.latencyMillis = millis;
    frame.failed = failed;
    objectives.count?.(state, frame, promised);
  }
  return state;
}

describe("objectives", () => {
  test("a prediction slower than promised is bad, one just as slow is not; one that says no latency does not count", () => {
    const state = counted(settings(latency), [{ latency: 10 }, { latency: 200 }, { latency: 200.001 }, {}]);
    expect(state.get("latency")).toEqual({ events: 3, bad: 1 });
  });

  test("a prediction that failed is bad for availability, whatever its latency", () => {
    const state = counted(settings(availability), [{ failed: true }, {}, { latency: 9000 }]);
    expect(state.get("availability")).toEqual({ events: 3, bad: 1 });
  });

  test("each has three series; a model without objectives none", () => {
    expect(objectives.series(objectives.zero(), settings(latency, availability))).toBe(6);
    expect(objectives.series(objectives.zero(), settings())).toBe(0);
  });

  test("what is written is read", () => {
    const state = counted(settings(latency, availability), [{ latency: 300, failed: true }, { latency: 3 }]);
    const writer = new Writer();
    objectives.encode(state, writer);
    expect([...objectives.decode(new Reader(writer.bytes()))].sort()).toEqual([...state].sort());
  });
});

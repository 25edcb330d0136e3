// Predictions, failures, and when the first and the last were made: of any events in any order.
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import { Frame } from "../../src/event/frame.ts";
import { type Traffic, traffic } from "../../src/monitor/traffic.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { Reader, Writer } from "../../src/primitive/bytes.ts";
import { noSettings } from "./no-settings.ts";

const settings = foldSettings(parseConfig("source: {file: {paths: [none]}}", "test")).defaults;
const event = fc.record({ timeMillis: fc.integer({ min: 0, max: 1e12 }), failed: fc.boolean() });

function counted(events: readonly { timeMillis: number; failed: boolean }[]): Traffic {
  const state = traffic.zero();
  const frame = new Frame();
  for (const one of events) traffic.count?.(state, Object.assign(frame, one), settings);
  return state;
}

test("is what the events are", () => {
  fc.assert(
    fc.property(fc.array(event, { minLength: 1 }), (events) => {
      const times = events.map(({ timeMillis }) => timeMillis);
      const expected: Traffic = {
        predictions: events.length,
        errors: events.filter(({ failed }) => failed).length,
        firstMillis: Math.min(...times),
        lastMillis: Math.max(...times),
      };
      expect(counted(events)).toEqual(expected);
      expect(counted([...events].reverse())).toEqual(expected);
      const writer = new Writer();
      traffic.encode(counted(events), writer);
      expect(traffic.decode(new Reader(writer.bytes()))).toEqual(expected);
    }),
  );
});

test("without an event there is no first and no last on the page", () => {
  const samples: [string, number][] = [];
  const page = {
    sample: ({ family }: { family: { name: string } }, value: number) => void samples.push([family.name, value]),
    histogram: () => expect.unreachable("gauges and counters only"),
  };
  traffic.writer({ model: "m", version: "1" }).write(counted([]), noSettings, page, false);
  expect(samples).toEqual([
    ["ml_predictions_total", 0],
    ["ml_prediction_errors_total", 0],
  ]);
});

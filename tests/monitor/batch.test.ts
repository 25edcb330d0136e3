// Batch runs: the same whatever order their events are read in, and what is said of them.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RunEvent, RunState } from "../../src/event/event.ts";
import type { Page } from "../../src/expose/sample.ts";
import { type BatchRuns, batch } from "../../src/monitor/batch.ts";
import type { ModelSettings } from "../../src/monitor/monitor.ts";
import { Reader, Writer } from "../../src/primitive/bytes.ts";
import { noSettings } from "./no-settings.ts";

const day = 86_400_000;
const settings: ModelSettings = { ...noSettings, batch: { everyMillis: day, graceMillis: 7_200_000, minRows: 9000 } };

const run = (runId: string, state: RunState, timeMillis: number, rows = Number.NaN): RunEvent => {
  return { type: "run", model: "m", version: "1", runId, state, timeMillis, rows };
};

function fold(events: readonly RunEvent[]): BatchRuns {
  const state = batch.zero();
  for (const event of events) batch.run?.(state, event);
  return state;
}

function bytes(state: BatchRuns): string {
  const writer = new Writer();
  batch.encode(state, writer);
  return Buffer.from(writer.bytes()).toString("hex");
}

function written(state: BatchRuns): Record<string, number> {
  const samples: Record<string, number> = {};
  const page: Page = {
    sample: (series, value) => {
      if (!Number.isNaN(value)) samples[[series.family.name, ...series.labelValues.slice(2, -1)].join(" ")] = value;
    },
    histogram: () => undefined,
  };
  batch.writer({ model: "m", version: "1" }).write(state, settings, page, false);
  return samples;
}

describe("batch runs", () => {
  const first = [run("a", "started", 1000), run("a", "succeeded", 61_000, 10_000)];
  const second = [run("b", "started", day), run("b", "failed", day + 5000, 17)];

  test("are counted by state; of the latest success the end and the rows, of the latest end the duration", () => {
    expect(written(fold([...first, ...second]))).toEqual({
      "ml_batch_runs_total started": 2,
      "ml_batch_runs_total succeeded": 1,
      "ml_batch_runs_total failed": 1,
      ml_batch_last_success_timestamp_seconds: 61,
      ml_batch_rows: 10_000,
      ml_batch_duration_seconds: 5,
      ml_batch_period_seconds: 86_400,
      ml_batch_grace_seconds: 7200,
      ml_batch_expected_rows: 9000,
    });
  });

  test("without a start have no duration; without rows no rows", () => {
    const samples = written(fold([run("a", "succeeded", 61_000)]));
    expect(samples).not.toHaveProperty("ml_batch_duration_seconds");
    expect(samples).not.toHaveProperty("ml_batch_rows");
    expect(samples.ml_batch_last_success_timestamp_seconds).toBe(61);
  });

  test("a version without runs has no series", () => {
    expect(batch.series(batch.zero(), settings)).toBe(0);
    expect(batch.series(fold(first), settings)).toBe(9);
  });

  test("are the same in any order, and after being written and read", () => {
    const event = fc.record({
      id: fc.constantFrom("a", "b", "c", "d"),
      state: fc.constantFrom<RunState>("started", "succeeded", "failed"),
      time: fc.nat({ max: 20 }),
      rows: fc.option(fc.nat({ max: 3 }), { nil: Number.NaN }),
    });
    const drawn = fc.array(event, { maxLength: 12 }).chain((events) => {
      return fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length }));
    });
    fc.assert(
      fc.property(drawn, ([events, shuffled]) => {
        const of = (list: typeof events): BatchRuns => fold(list.map(({ id, state, time, rows }) => run(id, state, time, rows)));
        const state = of(events);
        expect(bytes(of(shuffled))).toBe(bytes(state));
        expect(bytes(batch.decode(new Reader(Buffer.from(bytes(state), "hex"))))).toBe(bytes(state));
      }),
    );
  });

  test("that never end do not pile up", () => {
    const state = fold(Array.from({ length: 1000 }, (_, index) => run(`r${index}`, "started", index)));
    expect(state.runs.size).toBeLessThan(20);
    expect(state.runs.has("r999")).toBe(true);
  });
});

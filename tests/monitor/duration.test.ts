// Durations in buckets (a, b], their sum exact in any order; and the two monitors that keep them.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import { Frame } from "../../src/event/frame.ts";
import type { Page } from "../../src/expose/sample.ts";
import { delay } from "../../src/monitor/delay.ts";
import { addDuration, decodeDurations, durationSum, encodeDurations, zeroDurations } from "../../src/monitor/duration.ts";
import { latency } from "../../src/monitor/latency.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { Reader, Writer } from "../../src/primitive/bytes.ts";

const bounds = [0.001, 0.25, 1, 10] as const;

function added(millis: readonly number[]) {
  const state = zeroDurations(bounds);
  for (const one of millis) addDuration(state, bounds, one);
  return state;
}

describe("buckets", () => {
  test.each([
    [0, 0],
    [1, 0],
    [1.0000001, 1],
    [250, 1],
    [250.5, 2],
    [1000, 2],
    [1000.001, 3],
    [10_000, 3],
    [10_001, 4],
    [86_400_000, 4],
  ])("%d ms are in bucket %d: a bound belongs to the bucket below it", (millis, bucket) => {
    expect([...added([millis]).counts].indexOf(1)).toBe(bucket);
  });

  test("hold every value once", () => {
    const millis = fc.array(fc.double({ min: 0, max: 86_400_000, noNaN: true }));
    fc.assert(
      fc.property(millis, (all) => {
        const { counts } = added(all);
        [...bounds, Number.POSITIVE_INFINITY].forEach((upper, index) => {
          const lower = bounds[index - 1] ?? -1;
          expect(counts[index]).toBe(all.filter((one) => one / 1000 > lower && one / 1000 <= upper).length);
        });
      }),
    );
  });
});

describe("the sum", () => {
  const millis = fc.array(fc.double({ min: 0, max: 86_400_000, noNaN: true }), { maxLength: 200 });

  test("is the same in any order, to the last bit", () => {
    fc.assert(
      fc.property(millis, fc.integer(), (all, seed) => {
        const shuffled = fc.sample(fc.shuffledSubarray(all, { minLength: all.length }), { seed, numRuns: 1 })[0] as number[];
        expect(added(shuffled)).toEqual(added(all));
      }),
    );
  });

  test("is that of the values, each to half a microsecond", () => {
    fc.assert(
      fc.property(millis, (all) => {
        const direct = all.reduce((sum, one) => sum + BigInt(Math.round(one * 1000)), 0n);
        const state = added(all);
        expect(BigInt(state.sumSeconds) * 1_000_000n + BigInt(state.sumMicros)).toBe(direct);
        expect(state.sumMicros).toBeLessThan(1_000_000);
      }),
    );
  });

  test("carries at a whole second", () => {
    const state = added([999.999, 0.001]);
    expect([state.sumSeconds, state.sumMicros]).toEqual([1, 0]);
  });

  test("does not lose what is small beside what is large", () => {
    const state = added([...new Array<number>(1000).fill(86_400_000), ...new Array<number>(1000).fill(0.001)]);
    expect([state.sumSeconds, state.sumMicros]).toEqual([86_400_000, 1000]);
    expect(durationSum(state)).toBe(86_400_000.001);
  });
});

test("what is written is read back", () => {
  const state = added([0, 0.5, 999.999, 1000, 123_456.789]);
  const writer = new Writer();
  encodeDurations(state, writer);
  expect(decodeDurations(new Reader(writer.bytes()))).toEqual(state);
});

/** What a monitor writes of one event a frame. */
function written(monitor: typeof latency, frames: readonly Partial<Frame>[], zero = false) {
  const state = monitor.zero();
  const frame = new Frame();
  for (const one of frames) monitor.count?.(state, Object.assign(frame, one), settings);
  const found: { total: number; sum: number; labels: readonly string[]; within: (bound: number) => number }[] = [];
  const page: Page = {
    sample: () => expect.unreachable("a histogram only"),
    histogram: ({ labelValues }, upper, counts, sum) => {
      const parts = Array.from(counts);
      const within = (bound: number): number =>
        parts.slice(0, Array.from(upper).indexOf(bound) + 1).reduce((total, count) => total + count, 0);
      found.push({ total: parts.reduce((total, count) => total + count, 0), sum, labels: labelValues, within });
    },
  };
  monitor.writer({ model: "m", version: "1" }).write(state, settings, page, zero);
  expect(found).toHaveLength(1);
  return found[0] as (typeof found)[0];
}

const settings = foldSettings(parseConfig("source: {file: {paths: [none]}}", "test")).defaults;

describe("latency", () => {
  test("is what events say; those that say nothing are not in it", () => {
    const frames = [{ latencyMillis: 50 }, { latencyMillis: 100 }, { latencyMillis: 100.1 }, { latencyMillis: Number.NaN }];
    const { total, sum, labels, within } = written(latency, frames);
    expect([total, within(0.05), within(0.1), within(0.2)]).toEqual([3, 1, 2, 3]);
    expect(sum).toBeCloseTo(0.2501, 12);
    expect(labels).toEqual(["m", "1", "all"]);
  });

  test("says 0 while it is new, whatever it holds", () => {
    const { total, sum } = written(latency, [{ latencyMillis: 50 }], true);
    expect([total, sum]).toEqual([0, 0]);
  });
});

describe("delay", () => {
  test("is from the event to its record, and 0 where the event is later", () => {
    const frames = [
      { timeMillis: 1000, recordMillis: 1000 },
      { timeMillis: 1000, recordMillis: 61_000 },
      { timeMillis: 1000, recordMillis: 61_001 },
      { timeMillis: 5000, recordMillis: 1000 },
      { timeMillis: 5000, recordMillis: Number.NaN },
    ];
    const { total, sum, within } = written(delay, frames);
    expect([total, within(0.1), within(60), within(120)]).toEqual([4, 2, 3, 4]);
    expect(sum).toBeCloseTo(120.001, 9);
  });
});

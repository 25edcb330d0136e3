// A window of features that slid on, pane by pane, is to the byte the sum of its panes: with values that come and go, late
// panes, gaps, bins that are learned meanwhile, restarts and other resolutions.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import type { PredictionEvent } from "../../src/event/event.ts";
import { Frame } from "../../src/event/frame.ts";
import { Schema } from "../../src/event/schema.ts";
import type { FeatureMemory } from "../../src/monitor/feature-memory.ts";
import type { ClosedFeatures } from "../../src/monitor/feature-pane.ts";
import type { FeatureTotals } from "../../src/monitor/feature-totals.ts";
import { features } from "../../src/monitor/features.ts";
import type { Lesson } from "../../src/monitor/monitor.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { BinCounts } from "../../src/primitive/bin-counts.ts";
import { Reader, Writer } from "../../src/primitive/bytes.ts";
import { quantisedWeight } from "../../src/primitive/weight.ts";
import { finish } from "../../src/window/finish.ts";
import { PaneLadder } from "../../src/window/ladder.ts";
import type { Monoid } from "../../src/window/monoid.ts";
import { hourMillis, minuteMillis, rungsFor, windowEnd } from "../../src/window/resolution.ts";

const start = Date.parse("2026-03-01T22:30:00Z");
const settings = foldSettings(
  parseConfig(
    `source: {file: {paths: [none]}}
defaults: {learn: 40m}
limits: {categories: 100}
models: {m: {features: {x: {edges: [-1, 0, 2.5]}, c: {categories: [a, b], other_categories: [z]}, r: {type: numeric, range: [0, 1]}}}}`,
    "test",
  ),
).models.get("m");
const someWindows = [5 * minuteMillis, hourMillis, 3 * hourMillis, 8 * hourMillis];

type Values = Record<string, unknown>;
const number = fc.double({ min: -5, max: 5, noNaN: true });
const event = fc.record({
  features: fc.record(
    {
      x: fc.oneof(number, fc.constantFrom<unknown>(null, "text", 1e300)),
      c: fc.constantFrom<unknown>("a", "b", "z", "new", 3),
      r: number,
      n: fc.double({ min: 0, max: 100, noNaN: true }),
      t: fc.constantFrom("one", "two", "three"),
      rare: fc.constantFrom<unknown>(1, "one"),
    },
    { requiredKeys: ["n", "t"] },
  ) as fc.Arbitrary<Values>,
  score: fc.option(number, { nil: undefined }),
  weight: fc.constantFrom(1, 1, 2.5, 33.3, 70_000),
});
type Drawn = typeof event extends fc.Arbitrary<infer T> ? T : never;

const step = fc.record({
  /** Minutes until the pane: mostly the next one, sometimes after a gap. */
  stride: fc.oneof({ weight: 12, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 700 }) }),
  /** Minutes by which another pane of the same events is late. */
  late: fc.oneof({ weight: 12, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 90 }) }),
  events: fc.array(event, { minLength: 0, maxLength: 12 }),
  asks: fc.boolean(),
  expires: fc.boolean(),
  restart: fc.nat({ max: 30 }),
});

/** What comes of work in parts. */
/** A model's panes, closed as the fold closes them, in a ladder and, unpacked, in a list. */
class Panes {
  readonly memory: FeatureMemory = features.createMemory(settings as NonNullable<typeof settings>);
  readonly monoid: Monoid<ClosedFeatures> = features.monoid(this.memory);
  ladder = new PaneLadder(this.monoid, rungsFor(someWindows));
  readonly kept: { readonly startMillis: number; readonly pane: ClosedFeatures }[] = [];
  conversions = 0;
  readonly #schema = new Schema(100, { left: 100 });
  readonly #totals: FeatureTotals = features.createTotals(settings as NonNullable<typeof settings>);

  close(startMillis: number, events: readonly Drawn[]): void {
    const open = features.open(settings as NonNullable<typeof settings>);
    const frame = new Frame();
    for (const drawn of events) {
      frame.weight = quantisedWeight(drawn.weight);
      this.#schema.extract({ ...empty, ...drawn } as PredictionEvent, frame);
      features.observe(open, frame, this.memory, this.#schema, "all");
    }
    this.#take(features.settle(this.memory, [open], this.#schema));
    const of = { segment: "", scope: "all", endMillis: startMillis + minuteMillis } as const;
    const pane = finish(features.close(open, this.memory, this.#totals, this.#schema, of));
    this.ladder.add(startMillis, pane);
    this.kept.push({ startMillis, pane });
    const learned = features.learn(this.memory, [{ segment: "", closed: pane }], startMillis, of.endMillis);
    this.#take(finish(learned));
  }

  #take(lesson: Lesson<ClosedFeatures> | null): void {
    if (lesson === null) return;
    this.conversions += 1;
    const converted = finish(this.ladder.converted((pane) => lesson.convert(pane)));
    for (const { pane } of this.kept) for (const _ of lesson.convert(pane));
    lesson.adopt();
    this.ladder.replace(converted);
  }

  /** A ladder of the same panes, without any window. */
  restarted(): PaneLadder<ClosedFeatures> {
    const writer = new Writer();
    this.ladder.encode(writer);
    const ladder = new PaneLadder(this.monoid, rungsFor(someWindows));
    ladder.decode(new Reader(writer.bytes()));
    return ladder;
  }

  /** The sum of the panes of a window, one after another. */
  sum(end: number, length: number): ClosedFeatures {
    const sum = this.monoid.zero();
    const inside = this.kept.filter(({ startMillis }) => startMillis >= end - length && startMillis < end);
    for (const { pane } of inside.sort((a, b) => a.startMillis - b.startMillis)) this.monoid.merge(sum, pane);
    return sum;
  }

  /** All but the squares, which are rounded when a pane of any resolution is given its bins. */
  exact(pane: ClosedFeatures): string {
    const copy = this.monoid.zero();
    this.monoid.merge(copy, pane);
    for (const part of copy.features.values()) {
      if (!(part.numbers instanceof BinCounts)) continue;
      const { bins, columns } = part.numbers;
      part.numbers = BinCounts.of(bins, { ...columns, squaresHigh: 0, squaresLow: 0 });
    }
    return this.bytes(copy);
  }

  bytes(pane: ClosedFeatures): string {
    const writer = new Writer();
    this.monoid.encode(this.monoid.pack(pane), writer);
    return Buffer.from(writer.bytes()).toString("base64");
  }
}

const empty = { features: null, scores: null, score: undefined, prediction: undefined };

/** @returns the panes, and how many windows were compared */
function slide(steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[]): { panes: Panes; compared: number } {
  const panes = new Panes();
  let [at, compared] = [start, 0];
  for (const { stride, late, events, asks, expires, restart } of steps) {
    at += stride * minuteMillis;
    panes.close(at, events);
    if (late > 0) panes.close(at - late * minuteMillis, events);
    if (restart === 0) panes.ladder = panes.restarted();
    if (expires) panes.ladder.expire(at + minuteMillis);
    if (!asks) continue;
    const anew = panes.restarted();
    for (const length of someWindows) {
      const end = windowEnd(at + minuteMillis, length);
      const window = panes.ladder.window(end, length);
      expect(panes.bytes(window)).toBe(panes.bytes(anew.window(end, length)));
      expect(panes.exact(window)).toBe(panes.exact(panes.sum(end, length)));
      compared += 1;
    }
  }
  return { panes, compared };
}

describe("a window of features that slid", () => {
  const steps = fc.array(step, { minLength: 60, maxLength: 160, size: "max" });

  test("is the sum of its panes", () => {
    fc.assert(
      fc.property(steps, (drawn) => {
        slide(drawn);
      }),
      { numRuns: 25, endOnFailure: true },
    );
  });

  test("the property is not empty: types settle, bins are learned, windows slide on", () => {
    const { panes, compared } = slide(fc.sample(steps, { seed: 5, numRuns: 1 })[0] ?? []);
    expect(compared).toBeGreaterThan(100);
    expect(panes.conversions).toBeGreaterThan(1);
    expect(panes.memory.of("n").bins?.edges.length).toBeGreaterThan(10);
    expect(panes.memory.of("t").categories?.names.length).toBe(3);
  });

  test("what is encoded does not depend on whether windows were asked for", () => {
    fc.assert(
      fc.property(steps, (drawn) => {
        const encoded = [true, false].map((asks) => {
          const writer = new Writer();
          slide(drawn.map((one) => ({ ...one, asks: one.asks && asks }))).panes.ladder.encode(writer);
          return Buffer.from(writer.bytes()).toString("base64");
        });
        expect(encoded[0]).toBe(encoded[1]);
      }),
      { numRuns: 10, endOnFailure: true },
    );
  });
});

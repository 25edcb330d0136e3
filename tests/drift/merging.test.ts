// Scores follow from merged counts: however the same events are split over panes and shards, they are the same bit by bit.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ClosedFeatures } from "../../src/monitor/feature-pane.ts";
import { features } from "../../src/monitor/features.ts";
import { closedAt, type Event, folded, foldOf, hour, learned, memoryOf, said, windowIn } from "./compared.ts";

const text = "defaults: {windows: [1h], learn: 1h, drift: {dispersion: off, min_samples: 1, min_samples_per_degree: 1}}";

/** Spread over 60 minutes. */
function spread(events: readonly Event[]): [number, Event][] {
  return events.map((event, index) => [(index * 60) / events.length, event]);
}

const calm = Array.from({ length: 1200 }, (_, index) => ({
  features: { x: Math.sin(index) * 50 + (index % 7), c: `c${index % 5}`, big: 1e9 + (index % 97) },
  score: (index % 101) / 101,
}));
const reference = learned(closedAt(folded(foldOf(text), spread(calm)), 60));
const references = new Map([["r.json", reference]]);
const compared = `${text}\nmodels: {m: {reference: r.json}}`;

const number = fc.oneof(fc.double({ min: -1e3, max: 1e3, noNaN: true }), fc.constantFrom(0, 1e-300, 5e-324, -0, 1e15, 0.1));
const event = fc.record({
  features: fc.record({
    x: fc.oneof({ weight: 9, arbitrary: number }, fc.constant(null)),
    c: fc.constantFrom("c0", "c1", "c4", "new"),
    big: fc.double({ min: 9e8, max: 2e9, noNaN: true }),
  }),
  score: fc.double({ min: 0, max: 1, noNaN: true }),
  weight: fc.constantFrom(1, 1, 1, 4, 2.5, 1 / 3),
});
const placed = fc.array(fc.record({ event, minute: fc.nat({ max: 59 }), shard: fc.nat({ max: 2 }) }), {
  minLength: 40,
  maxLength: 120,
});

test("the same events give the same scores, whatever their panes and shards", () => {
  fc.assert(
    fc.property(placed, (all) => {
      const together = closedAt(
        folded(
          foldOf(compared, references),
          all.map((one): [number, Event] => [0, one.event]),
        ),
        60,
      );
      const shards = [0, 1, 2].map((shard) => {
        const mine = all.filter((one) => one.shard === shard).map((one): [number, Event] => [one.minute, one.event]);
        return mine.length === 0 ? null : closedAt(folded(foldOf(compared, references), mine), 60);
      });
      const whole = windowIn(together, hour);
      const merged: ClosedFeatures = { events: 0, failed: 0, features: new Map() };
      const monoid = features.monoid(memoryOf(together));
      for (const shard of shards) if (shard !== null) monoid.merge(merged, windowIn(shard, hour).closed);
      const [one, other] = [said(whole, memoryOf(together)), said({ ...whole, closed: merged }, memoryOf(together))];
      expect(one.size).toBeGreaterThan(20);
      expect(other).toEqual(one);
    }),
    { numRuns: 60 },
  );
});

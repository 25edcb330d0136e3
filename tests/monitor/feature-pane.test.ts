// What a window holds of a feature beside its counts: weights, targets of the events by bin, hours of the day.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FeatureMemory } from "../../src/monitor/feature-memory.ts";
import { type ClosedFeature, type ClosedFeatures, targetsElsewhere } from "../../src/monitor/feature-pane.ts";
import { BinCounts } from "../../src/primitive/bin-counts.ts";
import type { CategoryCounts } from "../../src/primitive/category-counts.ts";
import { effectiveSamples } from "../../src/primitive/weight.ts";
import { windowEnd } from "../../src/window/resolution.ts";
import { Folded, times } from "./folded.ts";

const config = `
defaults: {windows: [1h], learn: 1h}
models: {m: {features: {x: {edges: [0, 10]}, c: {categories: [a, b]}}}}
`;
const hour = 3_600_000;

function partOf(folded: Folded, feature: string): ClosedFeature {
  folded.close();
  const model = folded.fold.models.get("m");
  const ladder = model?.versions.get("1")?.all.ladders[0];
  const window = ladder?.window(windowEnd(folded.fold.frontierMillis, hour), hour) as ClosedFeatures;
  return window.features.get(feature) as ClosedFeature;
}

function numbersOf(folded: Folded, feature: string): BinCounts {
  const { numbers } = partOf(folded, feature);
  if (!(numbers instanceof BinCounts)) throw new Error(`${feature} has no bins`);
  return numbers;
}

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((all, one) => all + one, 0);

describe("weights", () => {
  const folded = new Folded(config)
    .minute(0, times(10, { x: 5, c: "a" }, { weight: 2.5 }))
    .minute(1, [...times(4, { x: 20, c: "new" }), ...times(1, { x: null }, { weight: 7 })]);

  test("count in the distribution, and not in the states of values", () => {
    const x = partOf(folded, "x");
    expect([...(x.numbers as BinCounts).counts]).toEqual([0, 25, 4]);
    expect((x.numbers as BinCounts).weightSquares).toBe(10 * 6.25 + 4);
    expect(folded.value("x", "ok")).toBe(14);
    expect(folded.value("x", "null")).toBe(1);
    expect(folded.value("x", "mean")).toBe((25 * 5 + 4 * 20) / 29);
  });

  test("count in categories; unseen values are a number of values", () => {
    const { texts } = partOf(folded, "c");
    expect([...(texts as CategoryCounts).counts]).toEqual([25, 0, 0, 4]);
    expect(folded.value("c", "unseen")).toBe(4);
  });

  test("say how many events of equal weight the values are worth", () => {
    const { counts, weightSquares } = numbersOf(folded, "x");
    expect(effectiveSamples(sum(counts), weightSquares)).toBeCloseTo(29 ** 2 / 66.5, 10);
  });

  test("of fractions are no trouble to totals and snapshots", () => {
    const odd = new Folded(config).minute(0, times(30, { x: 1, c: "new" }, { weight: 1.3 })).close();
    expect([odd.value("x", "ok"), odd.value("c", "unseen")]).toEqual([30, 30]);
  });
});

describe("targets", () => {
  test("are scores where there are any, else numeric predictions", () => {
    const folded = new Folded(config).minute(0, [
      { features: { x: 5 }, score: 0.25, prediction: 9 },
      { features: { x: 5 }, prediction: 3 },
      { features: { x: 20 }, prediction: "yes" },
      { features: { x: 20 }, score: "0.5", prediction: 4 },
      { features: { x: -1 } },
    ]);
    const { counts, sums } = numbersOf(folded, "x").targets();
    expect([[...counts], [...sums]]).toEqual([
      [0, 2, 1],
      [0, 3.25, 4],
    ]);
  });

  test("add up over bins and the events that have no value: nothing is lost, whatever the values are", () => {
    const event = fc.record({
      features: fc.record(
        { x: fc.constantFrom<unknown>(1, 5, 50, null, "text", 1e300), c: fc.constantFrom<unknown>("a", "b", "new", 3, null) },
        { requiredKeys: [] },
      ),
      score: fc.option(
        fc.integer({ min: -1000, max: 1000 }).map((parts) => parts / 64),
        { nil: undefined },
      ),
      weight: fc.constantFrom(1, 2, 0.5),
    });
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 60 }), (events) => {
        // Once with all features, so that both are known from the start.
        const all = [{ features: { x: 1, c: "a" }, score: 0, weight: 1 }, ...events];
        const folded = new Folded(config).minute(0, all);
        const targeted = all.filter(({ score }) => score !== undefined);
        for (const name of ["x", "c"]) {
          const part = partOf(folded, name);
          const inside = (part.numbers as BinCounts | null) ?? (part.texts as CategoryCounts | null);
          const { counts, sums } = inside?.targets() ?? { counts: [], sums: [] };
          const elsewhere = targetsElsewhere(part);
          expect(sum(counts) + elsewhere.count).toBe(sum(targeted.map(({ weight }) => weight)));
          expect(sum(sums) + elsewhere.sum).toBe(sum(targeted.map(({ weight, score }) => weight * (score as number))));
        }
      }),
      { numRuns: 60 },
    );
  });

  test("beyond 2^37 are clipped, and counted as such", () => {
    const folded = new Folded(config).minute(0, times(3, { x: 5 }, { score: 1e200 })).close();
    expect([...numbersOf(folded, "x").targets().sums]).toEqual([0, 3 * 2 ** 37, 0]);
    const memory = folded.fold.models.get("m")?.memories[0] as FeatureMemory;
    expect(memory.turnedAway.get("targets")).toBe(3);
  });
});

describe("hours of the day", () => {
  test("are those of the panes, by weight of the values in the distribution", () => {
    const folded = new Folded(config)
      .minute(59, times(3, { x: 5, c: "a" }, { weight: 2 }))
      .minute(60, [...times(4, { x: 5 }), ...times(2, { x: "wrong" })]);
    const { hours } = partOf(folded, "x");
    expect([...(hours?.byHour ?? [])].slice(0, 3)).toEqual([6, 4, 0]);
    expect(hours?.total).toBe(10);
    expect(partOf(folded, "c").hours?.total).toBe(6);
  });

  test("while the type is open are kept of numbers and of texts, and those of the right ones remain", () => {
    const mixed = [...times(30, { y: 1 }), ...times(20, { y: "one" })];
    const later = (events: object[]): ClosedFeature => partOf(new Folded().minute(0, mixed).minute(1, events), "y");
    expect(partOf(new Folded().minute(0, mixed), "y").hours?.total).toBe(30);
    const numeric = later(times(60, { y: 1 }));
    expect([numeric.hours?.total, numeric.textHours]).toEqual([90, null]);
    const categorical = later(times(60, { y: "one" }));
    expect([categorical.hours?.total, categorical.textHours]).toEqual([80, null]);
  });
});

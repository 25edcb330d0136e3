// References from rows: counts are those of a count by hand, types and bins those of the stream, in any order of rows.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { random } from "../../bench/events.ts";
import { kind } from "../../src/event/value.ts";
import type { FeatureMemory } from "../../src/monitor/feature-memory.ts";
import type { BinCounts } from "../../src/primitive/bin-counts.ts";
import type { FeatureReference } from "../../src/reference/reference.ts";
import { Folded } from "../monitor/folded.ts";
import { built, type Row } from "./built.ts";

const start = Date.parse("2026-03-01T00:00:00Z");
const hour = 3_600_000;
const channels = ["web", "app", "store"];

/** Rows of four days: a number with nulls, one value for a third of them, texts, an output. */
function someRows(many: number, seed = 1): Row[] {
  const next = random(seed);
  return Array.from({ length: many }, (_, index): Row => {
    const amount = next() < 0.3 ? 0 : Math.exp(4 * next());
    return {
      timeMillis: start + Math.floor((index / many) * 96 * hour),
      features: {
        amount: index % 17 === 0 ? null : amount,
        channel: channels[Math.floor(3 * next() * next())],
        flag: next() < 0.5,
      },
      score: next(),
      prediction: next() < 0.2 ? 1 : 0,
      segment: { channel: channels[index % 3] },
      failed: index % 50 === 0,
    };
  });
}

const rows = someRows(5000);
const featureOf = (features: ReadonlyMap<string, FeatureReference>, name: string): FeatureReference =>
  features.get(name) as FeatureReference;

function binned(values: readonly number[], edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (const value of values) {
    const bin = edges.findIndex((edge) => value <= edge);
    const at = bin === -1 ? edges.length : bin;
    counts[at] = (counts[at] as number) + 1;
  }
  return counts;
}

const numbers = (of: readonly Row[]): number[] =>
  of.map((row) => row.features?.amount).filter((value): value is number => typeof value === "number");

describe("counts", () => {
  test("of numbers are those of a count by hand: of all, by hour of the day, by hour, by day", async () => {
    const { reference } = await built(rows);
    const amount = featureOf(reference.features, "amount");
    const edges = amount.bins?.edges as readonly number[];
    expect([...(amount.all.numbers?.counts ?? [])]).toEqual(binned(numbers(rows), edges));
    for (const [width, panes] of [[hour, amount.hours] as const, [24 * hour, amount.days] as const]) {
      expect(panes).toHaveLength(96 / (width / hour));
      for (const { startMillis, counts, kinds } of panes) {
        const those = rows.filter(({ timeMillis = 0 }) => timeMillis >= startMillis && timeMillis < startMillis + width);
        expect([...counts]).toEqual(binned(numbers(those), edges));
        expect(kinds.reduce((sum, count) => sum + count, 0)).toBe(those.length);
      }
    }
    const atNine = rows.filter(({ timeMillis = 0 }) => new Date(timeMillis).getUTCHours() === 9);
    expect([...(amount.byHour?.[9] ?? [])]).toEqual(binned(numbers(atNine), edges));
  });

  test("sums say the mean and the standard deviation to a part in a million", async () => {
    const { reference } = await built(rows);
    const amount = featureOf(reference.features, "amount");
    const values = numbers(rows);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    const moments = (amount.all.numbers as BinCounts).moments();
    expect(Math.abs(moments.mean / mean - 1)).toBeLessThan(1e-6);
    expect(Math.abs(moments.standardDeviation / deviation - 1)).toBeLessThan(1e-6);
  });

  test("of texts are those of a count by hand, booleans are texts", async () => {
    const { reference } = await built(rows);
    const channel = featureOf(reference.features, "channel");
    const names = channel.categories?.names ?? [];
    expect([...names].sort()).toEqual([...channels].sort());
    const expected = names.map((name) => rows.filter(({ features }) => features?.channel === name).length);
    expect([...(channel.all.texts?.counts ?? [])]).toEqual([...expected, 0, 0]);
    expect(featureOf(reference.features, "flag")).toMatchObject({
      type: "categorical",
      categories: { names: expect.arrayContaining(["true", "false"]) },
    });
  });

  test("of kinds: what is null, and what is absent; of outputs only where the prediction did not fail", async () => {
    const some = [...rows, { timeMillis: start, features: {}, failed: true }, { timeMillis: start, features: {} }];
    const { reference } = await built(some);
    const { kinds } = featureOf(reference.features, "amount").all;
    expect([kinds[kind.null], kinds[kind.absent]]).toEqual([rows.filter(({ features }) => features?.amount === null).length, 2]);
    const score = featureOf(reference.features, "$score").all.kinds;
    // As many predictions that failed have a score all the same.
    expect(score[kind.absent]).toBe(0);
    expect(score[kind.number]).toBe(rows.length);
  });

  test("of segments: outputs of every attribute, or all features of those that are configured", async () => {
    const plain = (await built(rows)).reference;
    expect(featureOf(plain.features, "amount").segments.size).toBe(0);
    expect([...featureOf(plain.features, "$score").segments.keys()].sort()).toEqual(
      channels.map((name) => `channel=${name}`).sort(),
    );
    const { reference } = await built(rows, { config: "models: {m: {segments: [channel]}}" });
    const amount = featureOf(reference.features, "amount");
    const web = numbers(rows.filter(({ segment }) => segment?.channel === "web"));
    expect([...(amount.segments.get("channel=web")?.numbers?.counts ?? [])]).toEqual(binned(web, amount.bins?.edges ?? []));
  });

  test("a prediction of few whole numbers is a class", async () => {
    const { reference } = await built(rows);
    expect(featureOf(reference.features, "$prediction")).toMatchObject({ type: "categorical", numbersAsTexts: true });
  });
});

describe("the order of rows", () => {
  test("does not matter, to the byte", async () => {
    const few = rows.slice(0, 1500);
    const { reference } = await built(few);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(few, { minLength: few.length }), async (shuffled) => {
        expect((await built(shuffled)).reference.hash).toBe(reference.hash);
      }),
      { numRuns: 10 },
    );
  });

  test("does not matter where there are more texts than are remembered, nor more segments", async () => {
    const next = random(3);
    const many = Array.from({ length: 4000 }, (): Row => {
      const text = `t${Math.floor(900 * next() * next())}`;
      return { timeMillis: start, features: { text }, score: next(), segment: { shop: text } };
    });
    const { reference } = await built(many);
    const { categories } = featureOf(reference.features, "text");
    expect(categories).toMatchObject({ open: true });
    expect((categories?.names.length ?? 0) + (categories?.others.size ?? 0)).toBe(500);
    expect(featureOf(reference.features, "$score").segments.size).toBe(20);
    expect((await built(many.toReversed())).reference.hash).toBe(reference.hash);
  });
});

describe("types and bins", () => {
  test("are those that the stream learns from the same values", async () => {
    const { reference } = await built(rows);
    const folded = new Folded("defaults: {windows: [1h], learn: 1h}");
    const events = rows.map(({ features, score, prediction, failed }) => ({
      features,
      score,
      prediction,
      status: failed ? "error" : "ok",
    }));
    folded.minute(0, events).minute(61, [{}]).close();
    const memory = folded.fold.models.get("m")?.memories[0] as FeatureMemory;
    for (const feature of reference.features.values()) {
      const { type, numbersAsTexts, bins, categories } = memory.of(feature.name);
      expect({ type, numbersAsTexts, bins, categories }, feature.name).toEqual({
        type: feature.type,
        numbersAsTexts: feature.numbersAsTexts,
        bins: feature.bins,
        categories: feature.categories,
      });
    }
    expect(reference.features.size).toBe(memory.features.size);
  });

  test("are those of the configuration where it has some; what is out of range is in no bin", async () => {
    const config = `models: {m: {features: {amount: {edges: [1, 5], range: [0, 20]}, channel: {categories: [web], other_categories: [app]}}}}`;
    const { reference } = await built(rows, { config });
    const amount = featureOf(reference.features, "amount");
    const inside = numbers(rows).filter((value) => value <= 20);
    expect([...(amount.all.numbers?.counts ?? [])]).toEqual(binned(inside, [1, 5]));
    expect(amount.all.kinds[kind.outOfRange]).toBe(numbers(rows).length - inside.length);
    const of = (name: string): number => rows.filter(({ features }) => features?.channel === name).length;
    expect([...(featureOf(reference.features, "channel").all.texts?.counts ?? [])]).toEqual([of("web"), of("app"), of("store")]);
  });

  test("numbers of a feature that is configured as categorical are texts", async () => {
    const config = "models: {m: {features: {zip: {type: categorical}}}}";
    const zips = Array.from({ length: 300 }, (_, index): Row => ({ timeMillis: start, features: { zip: 10_000 + (index % 3) } }));
    const { reference } = await built(zips, { config });
    expect(featureOf(reference.features, "zip").categories?.names).toEqual(["10000", "10001", "10002"]);
  });

  test("are those of another reference where one is given", async () => {
    const { reference: like } = await built(rows);
    const others = someRows(400, 9);
    const { reference } = await built(others, { like });
    const amount = featureOf(reference.features, "amount");
    expect(amount.bins).toEqual(featureOf(like.features, "amount").bins);
    expect([...(amount.all.numbers?.counts ?? [])]).toEqual(binned(numbers(others), amount.bins?.edges ?? []));
    expect(amount.all.kinds.reduce((sum, count) => sum + count, 0)).toBe(others.length);
  });

  test("a feature of too few values is left out, and it is said", async () => {
    const { reference, leftOut } = await built([...rows, { timeMillis: start, features: { rare: 1 } }]);
    expect(reference.features.has("rare")).toBe(false);
    expect(leftOut).toEqual([{ name: "rare", why: "has 1 numbers; bins need 200" }]);
  });
});

describe("rows are refused", () => {
  test("where there are none of the model", async () => {
    await expect(built([{ model: "other", timeMillis: start }])).rejects.toThrow('no rows of model "m"; 1 of others');
  });

  test("where some have a time and some have not", async () => {
    await expect(built([{ timeMillis: start }, {}])).rejects.toThrow("1 of 2 rows have no time: either all have one, or none");
  });

  test("where there are others the second time", async () => {
    let times = 0;
    const growing = (): Row[] => rows.slice(0, 300 + times++);
    await expect(built(growing)).rejects.toThrow("there were 300 rows, and 301 the second time");
  });
});

test("rows without times have counts, but neither hours nor days nor a period", async () => {
  const { reference } = await built(rows.map(({ timeMillis: _time, ...row }) => row));
  const timed = (await built(rows)).reference;
  const amount = featureOf(reference.features, "amount");
  expect(amount).toMatchObject({ byHour: null, hours: [], days: [] });
  expect(amount.all).toEqual(featureOf(timed.features, "amount").all);
  expect(reference.provenance.fromMillis).toBeNaN();
});

test("a version's own reference is of its rows", async () => {
  const two = rows.map((row, index) => ({ ...row, version: index % 4 === 0 ? "2" : "1" }));
  const { reference, counts } = await built(two, { options: { version: "2" } });
  expect([reference.version, reference.provenance.rows, counts.others]).toEqual(["2", 1250, 3750]);
});

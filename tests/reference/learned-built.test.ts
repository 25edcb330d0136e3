// A reference that is built from events and one that is learned from the stream of the same events are one and the same.
import { describe, expect, test } from "vitest";
import { random } from "../../bench/events.ts";
import type { BinCounts } from "../../src/primitive/bin-counts.ts";
import { encodeReference } from "../../src/reference/file.ts";
import type { BasePane, Distribution, FeatureReference, Reference } from "../../src/reference/reference.ts";
import { closedAt, type Event, folded, foldOf, learned, start } from "../drift/compared.ts";
import { built, type Row } from "./built.ts";

const minute = 60_000;
/** Long enough for a pattern by hour of the day. */
const days = 4;
const minutes = days * 24 * 60;
const whole = [1, 1, 5, 300];
const weights = [...whole, 2.5, 1 / 3, 40.7];
const channels = ["web", "app", "store"];
/** The last two are not in the configured dictionary: one is configured as other, one is seen by nobody before. */
const countries = ["DE", "FR", "IT", "CH"];

interface Given {
  readonly minutes: number;
  readonly event: Event;
}

/** @param amountOf a number from a random one in [0, 1) */
function given(amountOf: (uniform: number) => number, weights: readonly number[], many = 4000): Given[] {
  const next = random(7);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(next() * items.length)] as Item;
  return Array.from({ length: many }, (_, index) => {
    const features: Record<string, unknown> = { amount: amountOf(next()), country: pick(countries), flag: next() < 0.5 };
    // Every feature has a value in the first minute: what comes before its first value is not learned from.
    if (index > 0 && next() < 0.05) features.amount = pick([null, "many", {}]);
    if (index > 0 && next() < 0.05) delete features.country;
    const failed = index > 0 && next() < 0.02;
    const outputs = failed ? { status: "error" } : { score: next() * 3000 - 1000, prediction: pick([0, 1, 2]) };
    // One is heavier than events may be.
    const weight = index === 99 ? 1e6 : pick(weights);
    const event = { features, weight, segment: { channel: pick(channels) }, ...outputs };
    return { minutes: index === 0 ? 0 : Math.floor(next() * minutes), event };
  });
}

function fromStream(events: readonly Given[], config: string): Reference {
  const fold = foldOf(`defaults: {windows: [1h], learn: ${days}d}\n${config}`);
  folded(
    fold,
    events.map(({ minutes, event }) => [minutes, event]),
  );
  return learned(closedAt(fold, minutes));
}

async function fromRows(events: readonly Given[], config: string): Promise<Reference> {
  const rows = events.map(({ minutes, event }): Row => {
    const { status, ...fields } = event;
    return { ...(fields as Row), timeMillis: start + minutes * minute, failed: status === "error" };
  });
  return (await built(rows, { config })).reference;
}

/** Their content without what differs by intent: when they were made, and of what. */
function content(reference: Reference): string {
  const { provenance: _provenance, ...rest } = JSON.parse(encodeReference(reference)) as Record<string, unknown>;
  return JSON.stringify(rest, null, 1);
}

/**
 * Features by bin. Edges that are configured have parts where a reference is built of all rows; a stream is counted in its bins
 * before it is known where parts are of use.
 */
function withoutParts({ features }: Reference): unknown {
  const byBin = ({ numbers, ...rest }: Distribution): unknown => ({ ...rest, numbers: numbers && summed(numbers) });
  return [...features.values()].map(({ bins, all, segments, hours, days, growing: _growing, ...rest }) => {
    const { edges = null } = bins ?? {};
    return {
      ...rest,
      edges,
      all: byBin(all),
      segments: [...segments].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, part]) => [name, byBin(part)]),
      hours: hours.map(asRead),
      days: days.map(asRead),
    };
  });
}

/** Panes that are packed have their numbers only for whoever asks. */
function asRead({ startMillis, kinds, counts }: BasePane): BasePane {
  return { startMillis, kinds, counts };
}

function summed(numbers: BinCounts): unknown {
  const sums = new Float64Array(numbers.counts.length);
  for (const [part, sum] of numbers.sums().entries()) {
    const bin = numbers.bins.binOfPart[part] as number;
    sums[bin] = (sums[bin] as number) + sum;
  }
  const { targetCount, targetHigh, targetLow, weightSquares } = numbers.columns;
  // Sums of several parts are rounded where they are added up.
  return {
    counts: numbers.counts,
    sums: Array.from(sums, (sum) => sum.toPrecision(13)),
    targetCount,
    targetHigh,
    targetLow,
    weightSquares,
  };
}

const segmented = "models: {m: {segments: [channel]}}";
const configured = `models: {m: {segments: [channel], features: {
  amount: {edges: [3, 20, 250], range: [0, 900]},
  country: {categories: [DE, FR], other_categories: [IT]}}}}`;

describe("a learned and a built reference of the same events are the same, to the hash", () => {
  test.each([
    ["all features by segment", segmented],
    ["outputs by segment", ""],
  ])("with learned bins: %s", async (_what, config) => {
    const events = given((uniform) => Math.exp(12 * uniform - 4) - 2, weights);
    const [stream, rows] = [fromStream(events, config), await fromRows(events, config)];
    expect(content(rows)).toBe(content(stream));
    expect(rows.hash).toBe(stream.hash);
  });

  // Where bins are known before, each minute has its squares rounded: these numbers and weights leave nothing to round.
  test("with configured edges and categories: others, unseen ones and what is out of range", async () => {
    const events = given((uniform) => Math.floor(1000 * uniform), whole);
    const [stream, rows] = [fromStream(events, configured), await fromRows(events, configured)];
    expect(withoutParts(rows)).toEqual(withoutParts(stream));
  });

  test("with configured edges and any weights: but for squares, by less than one of their units a value", async () => {
    const events = given((uniform) => 1000 * uniform, weights);
    const [stream, rows] = [fromStream(events, configured), await fromRows(events, configured)];
    expect(withoutParts(rows)).toEqual(withoutParts(stream));
    const [some, same] = [rows, stream].map(({ features }) => features.get("amount")?.all.numbers?.columns);
    expect(Math.abs((some?.squaresLow ?? Number.NaN) - (same?.squaresLow ?? Number.NaN))).toBeLessThan(events.length);
  });
});

test("and hold what was given: weights, targets, other and unseen texts, segments, hours of the day", async () => {
  const events = given((uniform) => Math.floor(1000 * uniform), weights);
  const { features } = await fromRows(events, configured);
  const { all, segments, byHour } = features.get("country") as FeatureReference;
  const weigh = (of: readonly Given[]): number => of.reduce((sum, { event }) => sum + weightOf(event), 0);
  const of = (country: string) => events.filter(({ event }) => (event.features as Event).country === country);
  expect([...(all.texts?.counts ?? [])]).toEqual(countries.map((country) => weigh(of(country))));
  expect(all.texts?.unseen).toBe(of("CH").length);
  const scored = events.filter(({ event }) => "score" in event);
  expect(all.targets.count).toBe(weigh(scored));
  const sum = scored.reduce((total, { event }) => total + weightOf(event) * Number(event.score), 0);
  expect(Math.abs(all.targets.sum - sum)).toBeLessThan(all.targets.count * 2 ** -17);
  const web = of("DE").filter(({ event }) => (event.segment as Event).channel === "web");
  expect(segments.get("channel=web")?.texts?.counts[0]).toBe(weigh(web));
  const atNine = of("DE").filter(({ minutes }) => Math.floor(minutes / 60) % 24 === 9);
  expect(byHour?.[9]?.[0]).toBe(weigh(atNine));
});

/** As it is documented: a multiple of 1/256, at most 65,536. */
function weightOf(event: Event): number {
  return Math.min(Math.round(Number(event.weight) * 256) / 256, 65_536);
}

// The fold does not depend on how logs are interleaved, nor on restarts; windows do not depend on how events are dealt.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import { decoderFor } from "../../src/decode/index.ts";
import type { FeatureMemory } from "../../src/monitor/feature-memory.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { Replay } from "../../src/pipeline/replay.ts";
import { Writer } from "../../src/primitive/bytes.ts";
import { Fold } from "../../src/state/fold.ts";
import type { ModelState } from "../../src/state/model-state.ts";
import type { FoldSettings } from "../../src/state/settings.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/state/snapshot.ts";
import { applyLines } from "./lines.ts";

const logs = 4;
const start = Date.parse("2026-03-01T00:00:00Z");
const native = decoderFor("native");

function settings(extra = ""): FoldSettings {
  const text = `
source: {file: {paths: [none]}}
defaults: {windows: [5m, 1h, 3h], learn: 40m}
models:
  fixed:
    features:
      x: {edges: [-1, 0, 2.5]}
      c: {categories: [a, b], other_categories: [z]}
      r: {type: numeric, range: [0, 1]}
    segments: [site]
${extra}`;
  return foldSettings(parseConfig(text, "test"));
}

/** A feature value of every kind, mostly of the right one. */
const value = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -5, max: 5, noNaN: true }) },
  { weight: 4, arbitrary: fc.integer({ min: -3, max: 3 }) },
  { weight: 4, arbitrary: fc.constantFrom("a", "b", "z", "new", "é") },
  { weight: 1, arbitrary: fc.constantFrom(null, true, [1], { k: 1 }, 1e300, -0) },
);

const event = fc.record({
  model: fc.constantFrom("fixed", "found", "found", "found", "found", "other"),
  version: fc.constantFrom("1", "2"),
  /** Some are half an hour late: with four logs, five events and a minute are some eight minutes. */
  jitter: fc.oneof({ weight: 9, arbitrary: fc.nat({ max: 60_000 }) }, { weight: 1, arbitrary: fc.nat({ max: 1_800_000 }) }),
  features: fc.record({ x: value, c: value, n: fc.double({ min: 0, max: 100, noNaN: true }) }, { requiredKeys: ["n"] }),
  score: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
  prediction: fc.constantFrom(0, 1, undefined),
  latency: fc.option(fc.double({ min: 0, max: 500, noNaN: true }), { nil: undefined }),
  failed: fc.boolean(),
  weight: fc.constantFrom(undefined, 1, 2.5, 33.3, 70_000),
  site: fc.constantFrom("north", "south", undefined),
  log: fc.nat({ max: logs - 1 }),
});
type Drawn = typeof event extends fc.Arbitrary<infer T> ? T : never;

const outcomeEvery = 7;

/** Lines in order of time, some seconds apart, with what is too late for a minute's lateness among them. */
function lines(events: readonly Drawn[], jitter = true): string[] {
  return events.map((drawn, index) => {
    const time = start + index * 23_000 - (jitter ? drawn.jitter : 0);
    const { model, version, features, score, prediction } = drawn;
    if (index % outcomeEvery === 0) return JSON.stringify({ type: "outcome", model, id: `i${index}`, time, label: 1 });
    const segment = drawn.site === undefined ? undefined : { site: drawn.site };
    const status = drawn.failed ? "error" : "ok";
    return JSON.stringify({
      type: "prediction",
      model,
      version,
      time,
      features,
      score,
      prediction,
      status,
      segment,
      weight: drawn.weight,
      latency_ms: drawn.latency,
    });
  });
}

/** The lines of each log, in order. */
function deal(all: readonly string[], events: readonly Drawn[], shift = 0): string[][] {
  const dealt: string[][] = Array.from({ length: logs }, () => []);
  all.forEach((line, index) => {
    dealt[((events[index] as Drawn).log + shift) % logs]?.push(line);
  });
  return dealt;
}

function addLogs(fold: Fold): void {
  for (let log = 0; log < logs; log++) fold.log("t", log, 60_000);
}

/** Folds dealt lines in an order that `choices` decide, advancing and restarting from snapshots now and then. */
function foldInOrder(dealt: readonly string[][], choices: readonly number[], under: FoldSettings): Fold {
  let fold = new Fold(under);
  addLogs(fold);
  const next = dealt.map(() => 0);
  let turn = 0;
  while (next.some((at, log) => at < (dealt[log] as string[]).length)) {
    const choice = choices[turn++ % choices.length] as number;
    let log = choice % logs;
    while ((next[log] as number) >= (dealt[log] as string[]).length) log = (log + 1) % logs;
    const many = 1 + (Math.floor(choice / 4) % 9);
    const chunk = (dealt[log] as string[]).slice(next[log], (next[log] as number) + many);
    applyLines(fold, fold.log("t", log, 60_000), native, chunk);
    next[log] = (next[log] as number) + chunk.length;
    if (choice % 3 === 0) fold.advance();
    if (choice % 11 === 0) fold = restarted(fold, under);
  }
  fold.advance();
  return fold;
}

function restarted(fold: Fold, under: FoldSettings): Fold {
  const loaded = decodeSnapshot(encodeSnapshot(fold, 0), under);
  if (!("fold" in loaded)) throw new Error(loaded.refused);
  return loaded.fold;
}

function bytes(fold: Fold): string {
  const writer = new Writer();
  fold.encode(writer);
  return Buffer.from(writer.bytes()).toString("base64");
}

const drawn = fc.array(event, { minLength: 400, maxLength: 700, size: "max" });
const choices = fc.array(fc.nat({ max: 1000 }), { minLength: 5, maxLength: 60 });

// Each run is of hundreds of events with values of every kind: mistakes that were put into the fold on trial (weights as they
// came, lateness by the frontier, sketches left as they were, values kept of what is a category) were each found in the first one.
describe("order", () => {
  test("any interleaving, with restarts anywhere, gives the same bytes", () => {
    fc.assert(
      fc.property(drawn, choices, choices, (events, one, other) => {
        const under = settings();
        const dealt = deal(lines(events), events);
        const first = foldInOrder(dealt, one, under);
        const second = foldInOrder(dealt, other, under);
        expect(bytes(second) === bytes(first)).toBe(true);
      }),
      { numRuns: 16 },
    );
  });

  test("the property is not empty: types settle, bins are learned, events are late", () => {
    const events = fc.sample(drawn, { seed: 7, numRuns: 1 })[0] as Drawn[];
    const fold = foldInOrder(deal(lines(events), events), [0, 5, 2, 7, 9, 14], settings());
    expect(fold.frontierMillis).toBeGreaterThan(start + 3_600_000);
    expect([...fold.logs.values()].some((log) => (log.late.get("log") ?? 0) > 0)).toBe(true);
    const found = fold.models.get("found") as ModelState;
    const learned = (found.memories[0] as FeatureMemory).features;
    expect(learned.get("n")?.bins?.edges.length).toBeGreaterThan(10);
    expect(learned.get("c")?.type).not.toBe("undecided");
  });

  test("a restart in a minute with more values than a sum of minutes tells apart changes nothing", () => {
    const all = Array.from({ length: 900 }, (_, index) => {
      const features = { n: 1000 + (index * 7919) / 1000 };
      return JSON.stringify({ type: "prediction", model: "found", version: "1", time: start + index * 60, features });
    });
    const under = settings();
    const foldOf = (restartsAt: number): Fold => {
      let fold = new Fold(under);
      fold.log("t", 0, 60_000);
      applyLines(fold, fold.log("t", 0, 60_000), native, all.slice(0, restartsAt));
      if (restartsAt > 0) fold = restarted(fold, under);
      applyLines(fold, fold.log("t", 0, 60_000), native, all.slice(restartsAt));
      fold.closeThrough(start + 60_000);
      return fold;
    };
    expect(bytes(foldOf(600)) === bytes(foldOf(0))).toBe(true);
  });

  test("a different dealing gives the same windows where nothing is late", () => {
    fc.assert(
      fc.property(drawn, fc.integer({ min: 1, max: logs - 1 }), choices, (events, shift, order) => {
        const spread = events.map((one, index) => ({ ...one, log: index % 2 === 0 ? one.log : (one.log + shift) % logs }));
        const all = lines(events, false);
        expect(windows(deal(all, spread), order)).toEqual(windows(deal(all, events), order));
      }),
      { numRuns: 8 },
    );
  });
});

function windows(dealt: readonly string[][], order: readonly number[]): string[] {
  const fold = new Fold(settings());
  addLogs(fold);
  const written: string[] = [];
  const replay = new Replay(fold, { everyMillis: 300_000, bins: true }, (line) => written.push(line));
  const lengths = dealt.map((log) => log.length);
  const next = dealt.map(() => 0);
  for (let turn = 0; next.some((at, log) => at < (lengths[log] as number)); turn++) {
    let log = (order[turn % order.length] as number) % logs;
    while ((next[log] as number) >= (lengths[log] as number)) log = (log + 1) % logs;
    applyLines(fold, fold.log("t", log, 60_000), native, [(dealt[log] as string[])[next[log] as number] as string]);
    next[log] = (next[log] as number) + 1;
    if (turn % 10 === 0) replay.advance();
  }
  replay.finish();
  return written;
}

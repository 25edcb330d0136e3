// A learned reference is the same to the byte, whatever the interleaving of logs, restarts while it is learned, and in replay
// as in a live run; the windows that are compared with it are full at the moment it is frozen.
import fc from "fast-check";
import { expect, test } from "vitest";
import { decoderFor } from "../../src/decode/index.ts";
import { Replay } from "../../src/pipeline/replay.ts";
import { encodeReference } from "../../src/reference/file.ts";
import { Random } from "../../src/source/simulator/random.ts";
import type { Fold } from "../../src/state/fold.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/state/snapshot.ts";
import { applyLines } from "../state/lines.ts";
import { foldOf, hour, learned, memoryOf, minute, said, start, windowIn } from "./compared.ts";

const logs = 4;
const text =
  "defaults: {windows: [1h, 24h], learn: 2h, drift: {min_samples: 50, min_samples_per_degree: 1}}\nmodels: {m: {segments: [site]}}";
const native = decoderFor("native");

/** Three hours; the lines of each log in order. */
const random = new Random(11);
const dealt: string[][] = Array.from({ length: logs }, () => []);
for (let index = 0; index < 3600; index++) {
  const event = {
    type: "prediction",
    model: "m",
    version: String(1 + random.below(2)),
    time: start + index * 3000,
    features: { x: random.normal() * 3, c: ["a", "b", "c"][random.below(3)], n: random.chance(0.1) ? null : random.below(5) },
    segment: { site: random.chance(0.3) ? "north" : "south" },
    score: random.uniform(),
    weight: random.chance(0.2) ? 2.5 : 1,
  };
  dealt[random.below(logs)]?.push(JSON.stringify(event));
}

/** What is learned and said after three hours. */
function resultOf(fold: Fold): { reference: string; scores: Map<string, number> } {
  return { reference: encodeReference(learned(fold)), scores: said(windowIn(fold, hour), memoryOf(fold)) };
}

/** Takes some lines of a log that `choices` name, and restarts from a snapshot now and then. */
function live(choices: readonly number[]): Fold {
  let fold = foldOf(text);
  for (let log = 0; log < logs; log++) fold.log("t", log, minute);
  const next = dealt.map(() => 0);
  const left = (log: number): boolean => (next[log] as number) < (dealt[log] as string[]).length;
  for (let turn = 0; next.some((_, log) => left(log)); turn++) {
    const choice = choices[turn % choices.length] as number;
    let log = choice % logs;
    while (!left(log)) log = (log + 1) % logs;
    const from = next[log] as number;
    next[log] = from + 1 + (choice % 37);
    applyLines(fold, fold.log("t", log, minute), native, (dealt[log] as string[]).slice(from, next[log]));
    if (choice % 3 === 0) fold.advance();
    if (choice % 13 === 0) fold = restarted(fold);
  }
  fold.closeThrough(start + 3 * hour);
  return fold;
}

function restarted(fold: Fold): Fold {
  const loaded = decodeSnapshot(encodeSnapshot(fold, 0), fold.settings);
  if (!("fold" in loaded)) throw new Error(loaded.refused);
  return loaded.fold;
}

function replayed(): Fold {
  const fold = foldOf(text);
  const replay = new Replay(fold, { everyMillis: hour, bins: false }, () => undefined);
  for (let log = 0; log < logs; log++) applyLines(fold, fold.log("t", log, minute), native, dealt[log] as string[]);
  replay.finish();
  return fold;
}

const expected = resultOf(replayed());

test("is not empty: every feature has one, of two hours, with hours and segments", () => {
  const memory = memoryOf(replayed());
  expect([...memory.features.keys()].sort()).toEqual(["$score", "c", "n", "x"]);
  for (const { reference, frozenMillis } of memory.features.values()) {
    expect(frozenMillis).toBe(start + 2 * hour);
    expect([...(reference?.segments.keys() ?? [])].sort()).toEqual(["site=north", "site=south"]);
    expect(reference?.hours.length).toBe(3);
  }
  expect(expected.scores.get("x psi")).toBeGreaterThan(0);
});

test("any interleaving with restarts gives what replay gives, to the byte", () => {
  const choices = fc.array(fc.nat({ max: 1000 }), { minLength: 3, maxLength: 40 });
  fc.assert(
    fc.property(choices, (order) => {
      expect(resultOf(live(order))).toEqual(expected);
    }),
    { numRuns: 12 },
  );
});

test("windows are full at the moment it is frozen", () => {
  const fold = foldOf(text);
  for (let log = 0; log < logs; log++) applyLines(fold, fold.log("t", log, minute), native, dealt[log] as string[]);
  fold.closeThrough(start + 2 * hour - minute);
  expect(said(windowIn(fold, hour), memoryOf(fold)).size).toBe(0);
  fold.closeThrough(start + 2 * hour);
  const [all, inHour] = [2, 1].map((hours) => {
    return dealt.flat().filter((line) => {
      const { time, version } = JSON.parse(line) as { time: number; version: string };
      return version === "1" && time >= start + (2 - hours) * hour && time < start + 2 * hour;
    }).length;
  });
  const samples = (length: number): number => {
    const kinds = windowIn(fold, length).closed.features.get("x")?.kinds ?? [];
    return kinds.reduce((sum, count) => sum + count, 0);
  };
  expect([samples(24 * hour), samples(hour)]).toEqual([all, inHour]);
  expect(said(windowIn(fold, hour), memoryOf(fold)).get("x psi")).toBeGreaterThan(0);
});

test("while references freeze, part by part, whoever reads finds all as it was or all as it is", () => {
  const fold = foldOf("defaults: {windows: [1h], learn: 1h, drift: {min_samples: 50, min_samples_per_degree: 1}}");
  for (const [log, lines] of dealt.entries()) applyLines(fold, fold.log("t", log, 24 * hour), native, lines);
  fold.closeThrough(start + hour - minute);
  const kindOf = (counted: object | null): string | undefined => counted?.constructor.name;
  const seen = (): string => {
    const known = [...memoryOf(fold).features.values()];
    const counts = [...windowIn(fold, hour).closed.features].map(([name, { numbers, texts }]) => [
      name,
      kindOf(numbers),
      kindOf(texts),
    ]);
    return JSON.stringify([known.map(({ reference }) => reference !== null), counts]);
  };
  const states = [seen()];
  let parts = 0;
  for (const _ of fold.closing(start + hour)) {
    parts += 1;
    if (seen() !== states.at(-1)) states.push(seen());
  }
  expect(parts).toBeGreaterThan(100);
  expect(states).toHaveLength(2);
  expect(states[0]).toMatch(/NumberSketch.*Dictionary/);
  expect(states[1]).not.toMatch(/Sketch|Dictionary|false/);
});

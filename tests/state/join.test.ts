// Predictions meet outcomes by id: what becomes of each is that which a plain reckoning over all events says, in any order
// of the logs, with restarts anywhere.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import { decoderFor } from "../../src/decode/index.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { Writer } from "../../src/primitive/bytes.ts";
import { Fold } from "../../src/state/fold.ts";
import type { JoinVersion } from "../../src/state/join-model.ts";
import type { JoinedPair } from "../../src/state/joined-pair.ts";
import type { FoldSettings } from "../../src/state/settings.ts";
import { choices, deal, events, inOrder, logs, type Read } from "./drawn-outcomes.ts";
import { applyLines } from "./lines.ts";

const start = Date.parse("2026-03-01T00:00:00Z");
const minute = 60_000;
const horizon = 20 * minute;
const native = decoderFor("native");

function settings(outcomes = "horizon: 20m", limit = 1000): FoldSettings {
  const text = `
source: {file: {paths: [none]}}
limits: {pending: ${limit}}
defaults: {windows: [5m, 1h, 3h]}
models: {m: {outcomes: {${outcomes}}, segments: [site]}}`;
  return foldSettings(parseConfig(text, "test"));
}

interface Line {
  readonly type: "prediction" | "outcome";
  readonly id: string;
  readonly time: number;
}

const prediction = (id: string, time: number, more: object = {}): Line => {
  return { type: "prediction", id, time: start + time, ...{ model: "m", version: "1", score: 0.5, ...more } };
};
const outcome = (id: string, time: number, more: object = {}): Line => {
  return { type: "outcome", id, time: start + time, ...{ model: "m", label: 1, ...more } };
};

/** Folds lines of one log and closes everything through a time. */
function folded(lines: readonly Line[], through: number, under = settings()): { fold: Fold; pairs: JoinedPair[] } {
  const fold = new Fold(under);
  const pairs: JoinedPair[] = [];
  fold.join.onJoined = (pair) => pairs.push({ ...pair });
  // No lateness of its own: panes are closed by `closeThrough` alone.
  applyLines(
    fold,
    fold.log("t", 0, 1e12),
    native,
    lines.map((line) => JSON.stringify(line)),
  );
  fold.closeThrough(start + through);
  return { fold, pairs };
}

function versionOf(fold: Fold, version: string): JoinVersion {
  return fold.join.models.get("m")?.versions.get(version) as JoinVersion;
}

function bytes(fold: Fold): string {
  const writer = new Writer();
  fold.encode(writer);
  return Buffer.from(writer.bytes()).toString("base64");
}

describe("a pair", () => {
  test("holds what is known of both sides", () => {
    const { pairs } = folded(
      [
        prediction("a", 1000, {
          score: 0.75,
          prediction: true,
          weight: 2.5,
          horizon: 3,
          segment: { site: "north", other: "x" },
        }),
        outcome("a", 90_000, { label: "fraud" }),
      ],
      minute * 2,
    );
    expect(pairs).toEqual([
      {
        model: "m",
        version: "1",
        segments: "site=north",
        weight: 2.5,
        score: 0.75,
        prediction: "true",
        label: "fraud",
        horizon: "3",
        classes: [],
        scores: [],
        group: Number.NaN,
        rank: Number.NaN,
        predictedMillis: start + 1000,
        outcomeMillis: start + 90_000,
        closingMillis: start + minute,
      },
    ]);
  });

  test("that an outcome carries itself needs no other event", () => {
    const { fold, pairs } = folded(
      [outcome("a", 0, { version: "2", score: 0.25, prediction: 0, segment: { site: "s" } })],
      minute,
    );
    expect(pairs).toMatchObject([{ version: "2", score: 0.25, prediction: 0, label: 1, segments: "site=s", weight: 1 }]);
    expect(pairs).toMatchObject([{ predictedMillis: Number.NaN, outcomeMillis: start, closingMillis: start }]);
    expect([versionOf(fold, "2").joined, fold.join.table.outcomes.size]).toEqual([1, 0]);
  });

  test("that an outcome carries is one, however often it comes, until the horizon", () => {
    const carrying = (time: number, more: object = {}): Line => outcome("a", time, { score: 0.25, ...more });
    const { fold, pairs } = folded(
      [
        carrying(2 * minute),
        carrying(1000, { label: 0 }),
        carrying(900, { label: 2 }),
        prediction("b", 0),
        outcome("a", 3 * minute),
      ],
      2 * horizon,
    );
    expect(pairs.map(({ label }) => label)).toEqual([2]);
    expect(versionOf(fold, "")).toMatchObject({ joined: 1, duplicate: 3, repeated: 0, absent: 0, expired: 0, orphaned: 0 });
    expect(versionOf(fold, "").cohorts.ratio(3_600_000, start + 2 * horizon)).toBeNaN();
    expect([fold.join.table.used, fold.join.models.get("m")?.waiting]).toEqual([0, 0]);
  });

  test("is of the prediction that came by itself, where an outcome carries one too", () => {
    const { fold, pairs } = folded([outcome("a", 2 * minute, { score: 0.25 }), prediction("a", 0, { score: 0.75 })], 3 * minute);
    expect(pairs.map(({ score, predictedMillis }) => [score, predictedMillis])).toEqual([[0.75, start]]);
    expect(versionOf(fold, "1")).toMatchObject({ joined: 1, repeated: 0 });
  });

  test("is made when the later of its minutes closes, whichever came first", () => {
    for (const lines of [
      [prediction("a", 0), outcome("a", 5 * minute)],
      [outcome("a", 5 * minute), prediction("a", 0)],
      [outcome("a", 0), prediction("a", 5 * minute)],
    ]) {
      const { fold, pairs } = folded(lines, 5 * minute);
      expect(pairs).toEqual([]);
      fold.closeThrough(start + 6 * minute);
      expect(pairs.length).toBe(1);
      expect(versionOf(fold, "1").joined).toBe(1);
    }
  });
});

describe("counts", () => {
  test("an outcome at the horizon is in time, one behind it is an orphan, and its prediction expires", () => {
    const { fold } = folded(
      [prediction("a", 500), outcome("a", 500 + horizon), prediction("b", 500), outcome("b", 501 + horizon)],
      2 * horizon + 2 * minute,
    );
    expect(versionOf(fold, "1")).toMatchObject({ joined: 1, expired: 1 });
    expect(versionOf(fold, "")).toMatchObject({ orphaned: 1 });
    expect([fold.join.table.predictions.size, fold.join.table.used]).toEqual([0, 0]);
  });

  test("a prediction expires with the minute in which its horizon ends", () => {
    const { fold } = folded([prediction("a", 500)], horizon);
    expect(versionOf(fold, "1").expired).toBe(0);
    fold.closeThrough(start + horizon + minute);
    expect(versionOf(fold, "1").expired).toBe(1);
  });

  test("of several with one id the first by event time stands", () => {
    const { fold, pairs } = folded(
      [
        prediction("a", 3000, { score: 0.3 }),
        prediction("a", 1000, { score: 0.1 }),
        prediction("a", 2 * minute, { score: 0.2 }),
        outcome("a", 9 * minute, { label: "third" }),
        outcome("a", 5 * minute + 1, { label: "second" }),
        outcome("a", 5 * minute, { label: "first" }),
      ],
      10 * minute,
    );
    expect(pairs.map(({ score, label }) => [score, label])).toEqual([[0.1, "first"]]);
    expect(versionOf(fold, "1").repeated).toBe(2);
    expect(versionOf(fold, "").duplicate).toBe(2);
  });

  test("of several at one time the one of the first topic, partition and offset stands", () => {
    const places = [
      ["b", 0],
      ["a", 10],
      ["a", 2],
    ] as const;
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ]) {
      const fold = new Fold(settings());
      const pairs: JoinedPair[] = [];
      fold.join.onJoined = (pair) => pairs.push({ ...pair });
      for (const at of order) {
        const [topic, partition] = places[at] as (typeof places)[number];
        const lines = [0, 1].map((offset) => JSON.stringify(prediction("a", 0, { score: (at * 2 + offset) / 10 })));
        applyLines(fold, fold.log(topic, partition, 1e12), native, lines);
      }
      applyLines(fold, fold.log("c", 0, 1e12), native, [JSON.stringify(outcome("a", 1))]);
      fold.closeThrough(start + minute);
      expect(pairs.map(({ score }) => score)).toEqual([0.4]);
    }
  });

  test("an id is free again when its prediction has left", () => {
    const later = horizon + 5 * minute;
    const { fold } = folded(
      [prediction("a", 0), outcome("a", 1), prediction("a", later), outcome("a", later + 1)],
      later + minute,
    );
    expect(versionOf(fold, "1")).toMatchObject({ joined: 2, repeated: 0 });
    expect(versionOf(fold, "").duplicate).toBe(0);
  });

  test("late ones take no part", () => {
    const { fold } = folded([prediction("a", 0), prediction("b", 3 * minute)], 3 * minute);
    applyLines(
      fold,
      fold.log("t", 0, 1e12),
      native,
      [outcome("a", minute, { version: "1" })].map((line) => JSON.stringify(line)),
    );
    fold.closeThrough(start + 2 * horizon);
    expect(versionOf(fold, "1")).toMatchObject({ late: 1, joined: 0, expired: 2 });
  });

  test("with absent, no outcome by the horizon is a label", () => {
    const { fold, pairs } = folded([prediction("a", 0)], horizon + minute, settings("horizon: 20m, absent: 0"));
    expect(pairs).toMatchObject([{ label: 0, predictedMillis: start, outcomeMillis: start + horizon }]);
    expect(versionOf(fold, "1")).toMatchObject({ absent: 1, expired: 0, joined: 0 });
  });

  test("a sample is of ids, weighs as much more, and both sides agree", () => {
    const ids = Array.from({ length: 2000 }, (_, index) => `id-${index}`);
    const lines = ids.flatMap((id, index) => [prediction(id, index), outcome(id, index + minute)]);
    const { fold, pairs } = folded(lines, 4 * minute, settings("horizon: 20m, sample: 0.25", 10_000));
    expect(new Set(pairs.map(({ weight }) => weight))).toEqual(new Set([4]));
    expect(Math.abs(pairs.length - 500)).toBeLessThan(80);
    expect(versionOf(fold, "1").joined).toBe(pairs.length);
    expect(fold.join.totals.byModel.get("m")?.get("")).toMatchObject({ count: 2000, unjoined: 2000 - pairs.length });
  });

  test("what is beyond the limit is turned away and counted", () => {
    const ids = Array.from({ length: 50 }, (_, index) => `id-${index}`);
    const lines = [...ids.map((id) => prediction(id, 0)), ...ids.map((id) => outcome(id, 1))];
    const { fold } = folded(lines, minute, settings("horizon: 20m", 30));
    // 30 pairs are 60 events.
    expect(versionOf(fold, "1").joined).toBe(10);
    expect([fold.join.table.turnedAway, fold.join.models.get("m")?.waiting]).toEqual([40, 40]);
  });

  test("models of which nobody says that outcomes are joined only count them", () => {
    const lines = [prediction("a", 0, { model: "other" }), outcome("a", 1, { model: "other" })];
    const { fold } = folded(lines, minute);
    expect([fold.join.models.size, fold.join.table.used]).toEqual([0, 0]);
    expect(fold.join.totals.byModel.get("other")?.get("")).toMatchObject({ count: 1, unjoined: 1 });
  });

  test("coverage is by the time of the prediction", () => {
    const lines = [
      prediction("a", 0),
      prediction("b", 1, { weight: 3 }),
      prediction("c", 6 * minute),
      outcome("a", 7 * minute),
      outcome("c", 8 * minute),
    ];
    const { cohorts } = versionOf(folded(lines, 10 * minute).fold, "1");
    expect(cohorts.ratio(3_600_000, start + 10 * minute)).toBe(2 / 5);
    expect(cohorts.ratio(5 * minute, start + 10 * minute)).toBe(1);
    expect(cohorts.ratio(5 * minute, start + 5 * minute)).toBe(1 / 4);
    expect(cohorts.ratio(minute, start + 5 * minute)).toBeNaN();
  });
});

const variants = ["horizon: 20m", "horizon: 3m, absent: 0", "horizon: 1h, sample: 0.5", "horizon: 30s, absent: no"].map((text) =>
  settings(text),
);

describe("order", () => {
  test("any interleaving, with restarts anywhere, gives the same bytes", () => {
    fc.assert(
      fc.property(events, choices, choices, fc.nat({ max: variants.length - 1 }), (drawn, one, other, variant) => {
        const under = variants[variant] as FoldSettings;
        const dealt = deal(drawn);
        const first = inOrder(dealt, { choices: one, restarts: false }, new Fold(under));
        const second = inOrder(dealt, { choices: other, restarts: true }, new Fold(under));
        expect(bytes(second) === bytes(first)).toBe(true);
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });
});

/** What a map of objects says of the events of one model, given all of them in the order of event time. */
function reckoned(all: readonly Read[]): Record<string, number> {
  const counts = { joined: 0, orphaned: 0, duplicate: 0, expired: 0, repeated: 0 };
  const waiting = new Map<string, { prediction?: Read | undefined; outcome?: Read | undefined; joined: boolean }>();
  const minuteOf = (time: number): number => Math.floor(time / minute);
  const leaves = ({ time }: Read): number => Math.ceil((time + horizon) / minute) - 1;
  const leave = (before: number): void => {
    for (const [id, entry] of waiting) {
      if (entry.prediction !== undefined && leaves(entry.prediction) < before) {
        if (!entry.joined && !entry.prediction.carried) counts.expired += 1;
        entry.prediction = undefined;
        entry.joined = false;
      }
      if (entry.outcome !== undefined && leaves(entry.outcome) < before) {
        counts.orphaned += 1;
        entry.outcome = undefined;
      }
      if (entry.prediction === undefined && entry.outcome === undefined) waiting.delete(id);
    }
  };
  const sorted = [...all].sort((a, b) => a.time - b.time || a.log - b.log || a.offset - b.offset);
  for (const event of sorted) {
    leave(minuteOf(event.time));
    const entry = waiting.get(event.id) ?? { joined: false };
    waiting.set(event.id, entry);
    // An outcome that carries its prediction is both, one after the other.
    for (const side of event.carried ? ["prediction", "outcome"] : [event.type]) {
      if (side === "prediction") {
        if (entry.prediction === undefined) entry.prediction = event;
        else if (!event.carried) counts.repeated += 1;
      } else if (entry.joined || entry.outcome !== undefined) counts.duplicate += 1;
      else entry.outcome = event;
      const { prediction: one, outcome: other, joined } = entry;
      if (joined || one === undefined || other === undefined || Math.abs(one.time - other.time) > horizon) continue;
      counts.joined += 1;
      entry.joined = true;
      entry.outcome = undefined;
    }
  }
  leave(Number.POSITIVE_INFINITY);
  return counts;
}

test("counts are those of a plain reckoning", () => {
  const total = { joined: 0, orphaned: 0, duplicate: 0, expired: 0, repeated: 0 };
  fc.assert(
    fc.property(events, choices, (drawn, order) => {
      const dealt = deal(drawn);
      const under = variants[0] as FoldSettings;
      const fold = new Fold(under);
      let pairs = 0;
      fold.join.onJoined = () => {
        pairs += 1;
      };
      const next = dealt.map(() => 0);
      for (let turn = 0; next.some((at, log) => at < (dealt[log] as Read[]).length); turn++) {
        let log = (order[turn % order.length] as number) % logs;
        while ((next[log] as number) >= (dealt[log] as Read[]).length) log = (log + 1) % logs;
        applyLines(fold, fold.log("t", log, 1e12), native, [(dealt[log] as Read[])[next[log] as number]?.line ?? ""]);
        next[log] = (next[log] as number) + 1;
      }
      fold.closeThrough(start + drawn.length * 9000 + 3 * horizon);
      const versions = [...(fold.join.models.get("m")?.versions.values() ?? [])];
      const counts = Object.fromEntries(
        Object.keys(total).map((name) => [name, versions.reduce((sum, one) => sum + one[name as keyof typeof total], 0)]),
      );
      expect(counts).toEqual(reckoned(dealt.flat().filter(({ model }) => model === "m")));
      expect(pairs).toBe(counts.joined);
      for (const name of Object.keys(total)) total[name as keyof typeof total] += counts[name] ?? 0;
      expect([fold.join.table.used, fold.join.models.get("m")?.waiting]).toEqual([0, 0]);
      expect(fold.join.models.get("m")?.texts.size).toBe(0);
    }),
    { numRuns: 60, endOnFailure: true },
  );
  for (const count of Object.values(total)) expect(count).toBeGreaterThan(100);
});

// Other settings, by a restart or by a reload: what they do not change goes on, what they change begins anew at a
// recorded pane, and counters never step back.
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import { decoderFor } from "../../src/decode/index.ts";
import type { FeatureMemory } from "../../src/monitor/feature-memory.ts";
import type { ClosedFeatures } from "../../src/monitor/feature-pane.ts";
import type { Traffic } from "../../src/monitor/traffic.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { Fold } from "../../src/state/fold.ts";
import type { FoldSettings } from "../../src/state/settings.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/state/snapshot.ts";
import type { VersionState } from "../../src/state/version-state.ts";
import { hourMillis, minuteMillis } from "../../src/window/resolution.ts";
import { applyLines } from "./lines.ts";

const start = Date.parse("2026-03-01T00:00:00Z");

function settings(models: object, defaults: object = { windows: ["1h", "24h"] }, more: object = {}): FoldSettings {
  return foldSettings(parseConfig(JSON.stringify({ source: { file: { paths: ["-"] } }, defaults, models, ...more }), "test"));
}

/** One event of two models a second, from one minute to another. */
function lines(fromMinute: number, toMinute: number): string[] {
  return Array.from({ length: (toMinute - fromMinute) * 60 }, (_, second) => {
    const time = start + fromMinute * minuteMillis + second * 1000;
    return ["kept", "changed"].map((model) => JSON.stringify({ type: "prediction", model, time, features: { x: second % 10 } }));
  }).flat();
}

function feed(fold: Fold, fromMinute: number, toMinute: number): void {
  applyLines(fold, fold.log("t", 0, minuteMillis), decoderFor("native"), lines(fromMinute, toMinute));
  fold.advance();
}

const version = (fold: Fold, model: string): VersionState => fold.models.get(model)?.versions.get("unversioned") as VersionState;
const predictions = (fold: Fold, model: string): number => (version(fold, model).totals[0] as Traffic).predictions;

/** Counts by bin of x in the minutes [from, to). */
function counts(fold: Fold, model: string, fromMinute: number, toMinute: number): readonly number[] {
  const length = (toMinute - fromMinute) * minuteMillis;
  const pane = version(fold, model).all.ladders[0]?.window(start + toMinute * minuteMillis, length) as ClosedFeatures;
  const numbers = pane.features.get("x")?.numbers;
  return numbers !== null && numbers !== undefined && "counts" in numbers ? [...(numbers.counts as Float64Array)] : [];
}

const edges = (...given: number[]): object => ({ features: { x: { edges: given } } });
const before = settings({ kept: edges(4), changed: edges(4) });
const after = settings({ kept: edges(4), changed: edges(1, 6) });

describe("a reload", () => {
  test("takes effect with the first pane of which nothing was seen", () => {
    const fold = new Fold(before);
    feed(fold, 0, 10);
    const from = fold.reload(after, Number.POSITIVE_INFINITY);
    expect(from).toBe(start + 10 * minuteMillis);
    expect(fold.registry.pendingMillis).toBe(from);
    feed(fold, 10, 12);
    expect(fold.settings).toBe(after);
    expect(fold.registry.pendingMillis).toBe(Number.POSITIVE_INFINITY);
  });

  test("leaves the panes of models that it does not change, and cuts those of others anew from there on", () => {
    const fold = new Fold(before);
    feed(fold, 0, 10);
    fold.reload(after, Number.POSITIVE_INFINITY);
    expect(counts(fold, "changed", 0, 8)).toEqual([8 * 30, 8 * 30]);
    feed(fold, 10, 20);
    expect(counts(fold, "kept", 0, 18)).toEqual([18 * 30, 18 * 30]);
    expect(counts(fold, "changed", 0, 18)).toEqual([8 * 12, 8 * 30, 8 * 18]);
  });

  test("keeps what was counted of every version, and counts nothing twice", () => {
    const fold = new Fold(before);
    feed(fold, 0, 10);
    fold.reload(after, Number.POSITIVE_INFINITY);
    for (let minute = 10; minute < 20; minute++) {
      feed(fold, minute, minute + 1);
      expect([predictions(fold, "kept"), predictions(fold, "changed")]).toEqual([(minute + 1) * 60, (minute + 1) * 60]);
    }
  });

  test("of wrong clocks' panes it does not wait", () => {
    const fold = new Fold(before);
    feed(fold, 0, 10);
    const wrong = JSON.stringify({ type: "prediction", model: "kept", time: start + 1000 * hourMillis });
    applyLines(fold, fold.log("t", 0, minuteMillis), decoderFor("native"), [wrong]);
    expect(fold.reload(after, start + hourMillis)).toBe(start + 10 * minuteMillis);
  });

  test("before the first event holds at once", () => {
    const fold = new Fold(before);
    fold.reload(after, Number.POSITIVE_INFINITY);
    expect(fold.settings).toBe(after);
  });

  test("while another is pending waits for it, and the last one counts", () => {
    const fold = new Fold(before);
    feed(fold, 0, 10);
    fold.reload(settings({ changed: edges(3) }), Number.POSITIVE_INFINITY);
    fold.reload(settings({ changed: edges(2) }), Number.POSITIVE_INFINITY);
    fold.reload(after, Number.POSITIVE_INFINITY);
    feed(fold, 10, 20);
    feed(fold, 20, 30);
    expect(fold.settings).toBe(after);
    expect(counts(fold, "changed", 25, 28)).toEqual([3 * 12, 3 * 30, 3 * 18]);
    expect(predictions(fold, "changed")).toBe(30 * 60);
  });

  test("with a new model, a model no longer listed and a new limit is the same as a start with them", () => {
    const fold = new Fold(before);
    feed(fold, 0, 10);
    const other = settings(
      { kept: edges(4), added: edges(9) },
      { windows: ["1h", "24h"] },
      { limits: { features: 7, slots: 70 } },
    );
    fold.reload(other, Number.POSITIVE_INFINITY);
    feed(fold, 10, 20);
    const memory = fold.models.get("changed")?.memories[0] as FeatureMemory;
    expect(memory.features.get("x")?.edges).toBeNull();
    expect(fold.models.get("kept")?.schema.limit).toBe(7);
    expect(fold.registry.budget.left).toBe(70 - 2);
  });

  test("that lists what is monitored drops all else", () => {
    const fold = new Fold(settings({ kept: edges(4) }));
    feed(fold, 0, 10);
    fold.reload(settings({ kept: edges(4) }, { windows: ["1h", "24h"] }, { discover: false }), Number.POSITIVE_INFINITY);
    feed(fold, 10, 20);
    expect([...fold.models.keys()]).toEqual(["kept"]);
    feed(fold, 20, 21);
    expect([...fold.models.keys()].sort()).toEqual(["__other__", "kept"]);
    expect(predictions(fold, "kept")).toBe(21 * 60);
  });

  test("with a longer window sums what is kept, and a shorter one drops what is not needed", () => {
    const fold = new Fold(settings({ kept: edges(4) }, { windows: ["2h"] }));
    feed(fold, 0, 100);
    fold.reload(settings({ kept: edges(4) }, { windows: ["1h", "24h"] }), Number.POSITIVE_INFINITY);
    feed(fold, 100, 122);
    const day = version(fold, "kept").all.ladders[0]?.window(start + 2 * hourMillis, 24 * hourMillis) as ClosedFeatures;
    expect(day.events).toBe(120 * 60);
    expect(counts(fold, "kept", 0, 59)).toEqual([]);
  });
});

describe("a restart under other settings", () => {
  function restarted(fold: Fold, under: FoldSettings): Fold {
    const loaded = decodeSnapshot(encodeSnapshot(fold, 0), under);
    if (!("fold" in loaded)) throw new Error(loaded.refused);
    return loaded.fold;
  }

  test("continues what they do not change; of what they change the counters", () => {
    const fold = new Fold(before);
    feed(fold, 0, 10);
    const next = restarted(fold, after);
    expect(next.registry.begunAnew).toEqual(["changed"]);
    expect(counts(next, "kept", 0, 8)).toEqual(counts(fold, "kept", 0, 8));
    expect(counts(next, "changed", 0, 8)).toEqual([]);
    feed(next, 10, 20);
    expect(predictions(next, "changed")).toBe(20 * 60);
    expect(counts(next, "changed", 10, 18)).toEqual([8 * 12, 8 * 30, 8 * 18]);
  });

  test("that are pending already continues the panes made for them", () => {
    const fold = new Fold(before);
    feed(fold, 0, 10);
    fold.reload(after, Number.POSITIVE_INFINITY);
    applyLines(fold, fold.log("t", 0, minuteMillis), decoderFor("native"), lines(10, 12));
    const next = restarted(fold, after);
    expect(next.registry.begunAnew).toEqual([]);
    feed(next, 12, 20);
    expect(counts(next, "changed", 10, 18)).toEqual([8 * 12, 8 * 30, 8 * 18]);
    expect(predictions(next, "changed")).toBe(20 * 60);
  });

  test("whose windows are others sums what is kept", () => {
    const fold = new Fold(settings({ kept: edges(4) }, { windows: ["2h"] }));
    feed(fold, 0, 122);
    const next = restarted(fold, settings({ kept: edges(4) }, { windows: ["1h", "24h"] }));
    const day = version(next, "kept").all.ladders[0]?.window(start + 2 * hourMillis, 24 * hourMillis) as ClosedFeatures;
    expect(day.events).toBe(120 * 60);
  });
});

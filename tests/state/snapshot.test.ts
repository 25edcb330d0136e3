// Snapshots: whole or refused, never half; the store keeps two and survives what can happen to files.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import { decoderFor } from "../../src/decode/index.ts";
import type { FeatureMemory } from "../../src/monitor/feature-memory.ts";
import type { ClosedFeatures } from "../../src/monitor/feature-pane.ts";
import type { FeatureTotals } from "../../src/monitor/feature-totals.ts";
import { features } from "../../src/monitor/features.ts";
import type { WindowOf } from "../../src/monitor/monitor.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { featureTotalsOf } from "../../src/pipeline/of-features.ts";
import { performanceTotalsOf } from "../../src/pipeline/of-performance.ts";
import { restore } from "../../src/pipeline/snapshotter.ts";
import { Writer } from "../../src/primitive/bytes.ts";
import { DirectoryStore } from "../../src/state/directory-store.ts";
import { Fold } from "../../src/state/fold.ts";
import type { FoldSettings } from "../../src/state/settings.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/state/snapshot.ts";
import { windowAt, windowOf } from "../../src/state/window-of.ts";
import { windowEnd } from "../../src/window/resolution.ts";
import { alarmedFold, alarmedLines, alarmedSettings, changeMillis } from "./alarmed.ts";
import { applyLines } from "./lines.ts";

const settings = foldSettings(
  parseConfig("source: {file: {paths: [none]}}\ndefaults: {learn: 1d, windows: [1h, 24h, 2d]}", "test"),
);
const events = gunzipSync(readFileSync(new URL("../data/segments/events.jsonl.gz", import.meta.url)))
  .toString("utf8")
  .split("\n");
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

function folded(lines: number): Fold {
  const fold = new Fold(settings);
  const log = fold.log("events", 0, 60_000);
  applyLines(fold, log, decoderFor("native"), events.slice(0, lines));
  fold.advance();
  return fold;
}

function stateOf(fold: Fold): Buffer {
  const writer = new Writer();
  fold.encode(writer);
  return Buffer.from(writer.bytes());
}

const soonLearned = foldSettings(
  parseConfig("source: {file: {paths: [none]}}\ndefaults: {learn: 1h, windows: [1h, 24h, 2d]}", "test"),
);

/** With two features only. */
function few(lines: readonly string[]): string[] {
  return lines.map((line) => {
    const event = JSON.parse(line) as { features?: Record<string, number> | undefined; scores?: unknown };
    const { p1b1, p1b2 } = event.features ?? {};
    return JSON.stringify({ ...event, scores: undefined, features: event.features && { p1b1, p1b2 } });
  });
}

function foldedFew(lines: number): Fold {
  const fold = new Fold(soonLearned);
  applyLines(fold, fold.log("events", 0, 60_000), decoderFor("native"), few(events.slice(0, lines)));
  fold.advance();
  return fold;
}

function windowsOf(
  fold: Fold,
  windowMillis: number,
): { memory: FeatureMemory; window: WindowOf<ClosedFeatures, FeatureTotals> }[] {
  return [...fold.models.values()].flatMap((model) => {
    const memory = model.memories[0] as FeatureMemory;
    return [...model.versions.values()].map((version) => {
      const end = windowEnd(fold.frontierMillis, windowMillis);
      const result = windowAt(model, version, version.all, "", windowMillis, end);
      return { memory, window: windowOf(result, 0) as WindowOf<ClosedFeatures, FeatureTotals> };
    });
  });
}

/** What a window says, to the digits to which sums of an earlier format were rounded. */
function rowsOf(fold: Fold, windowMillis: number): unknown[] {
  const rows = windowsOf(fold, windowMillis).flatMap(({ window, memory }) => [...features.rows(window, memory)]);
  return rows.map((row) =>
    "metric" in row ? { ...row, value: row.value.toPrecision(row.metric === "standard_deviation" ? 4 : 7) } : row,
  );
}

/** Without what says how numbers lie inside of buckets and in which bins: that is known more finely than format 1 had it. */
function unshaped(rows: readonly unknown[]): unknown[] {
  return (rows as readonly Readonly<Record<string, unknown>>[])
    .filter(({ metric }) => typeof metric !== "string" || !metric.startsWith("quantile_"))
    .map((row) => ("bins" in row ? { ...row, bins: sumOf(row.bins as number[]) } : row));
}

const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

function knownHours(fold: Fold): number {
  const parts = windowsOf(fold, 86_400_000).flatMap(({ window }) => [...window.closed.features.values()]);
  return parts.reduce((sum, { hours }) => sum + (hours?.total ?? 0), 0);
}

const fold = folded(3000);
const snapshot = encodeSnapshot(fold, 1_700_000_000_000);

describe("bytes", () => {
  test("a snapshot is the state, to the byte", () => {
    const loaded = decodeSnapshot(snapshot, settings);
    if (!("fold" in loaded)) throw new Error(loaded.refused);
    expect(stateOf(loaded.fold).equals(stateOf(fold))).toBe(true);
    expect(loaded.savedMillis).toBe(1_700_000_000_000);
  });

  test("cut anywhere, it is refused", () => {
    for (let length = 0; length < snapshot.length; length += 1021) {
      expect(decodeSnapshot(snapshot.slice(0, length), settings)).toHaveProperty("refused");
    }
  });

  test("with one bit turned anywhere, it is refused", () => {
    for (let trial = 0; trial < 1000; trial++) {
      const damaged = Uint8Array.from(snapshot);
      const at = Math.floor((trial / 1000) * damaged.length);
      damaged[at] = (damaged[at] as number) ^ (1 << (trial % 8));
      expect(decodeSnapshot(damaged, settings)).toHaveProperty("refused");
    }
  });

  test.each([
    { format: 3, bytes: () => Buffer.from(snapshot) },
    { format: 2, bytes: () => readFileSync(new URL("fixtures/format-2-binned.snapshot", import.meta.url)) },
    { format: 1, bytes: () => readFileSync(new URL("fixtures/format-1-binned.snapshot", import.meta.url)) },
  ])(
    "of format $format, with any bit of its header turned, it is refused: another format is not taken for it",
    ({ format, bytes }) => {
      expect(bytes().readUInt32LE(8)).toBe(format);
      for (let bit = 0; bit < 8 * 16; bit++) {
        const damaged = bytes();
        damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(decodeSnapshot(damaged, soonLearned)).toHaveProperty("refused");
      }
    },
  );

  test("of a later format it says so", () => {
    const later = Uint8Array.from(snapshot);
    later[8] = 4;
    expect(decodeSnapshot(later, settings)).toEqual({ refused: "format 4; this version reads formats 1 to 3" });
  });
});

describe("kept files of earlier formats", () => {
  const loadedFrom = (name: string, under: FoldSettings): Fold => {
    const loaded = decodeSnapshot(readFileSync(new URL(`fixtures/${name}`, import.meta.url)), under);
    if (!("fold" in loaded)) throw new Error(loaded.refused);
    return loaded.fold;
  };

  test.each([
    { format: 1, file: "format-1.snapshot", under: settings, fold: () => folded(400) },
    { format: 1, file: "format-1-binned.snapshot", under: soonLearned, fold: () => foldedFew(420) },
  ])("format $format, $file: goes on as if it had been written now, but for hours", ({ file, under, fold }) => {
    const [old, anew] = [loadedFrom(file, under), fold()];
    expect(old.frontierMillis).toBe(anew.frontierMillis);
    for (const window of under.windowsMillis) expect(unshaped(rowsOf(old, window))).toEqual(unshaped(rowsOf(anew, window)));
    expect(knownHours(anew)).toBeGreaterThan(0);
    expect(knownHours(old)).toBe(0);
  });

  test("format 2, format-2-binned.snapshot: goes on as if it had been written now", () => {
    const [old, anew] = [loadedFrom("format-2-binned.snapshot", soonLearned), foldedFew(420)];
    expect(stateOf(old).length).toBe(stateOf(anew).length);
    for (const window of soonLearned.windowsMillis) expect(rowsOf(old, window)).toEqual(rowsOf(anew, window));
    expect(knownHours(old)).toBe(knownHours(anew));
  });

  test("format 2 with alarms that are on: they are, and since when follows from what it remembers of them", () => {
    const episodesOf = (fold: Fold) => {
      const version = fold.models.get("m")?.versions.get("1");
      if (version === undefined) throw new Error("no version");
      const [drift, performance] = [featureTotalsOf(version), performanceTotalsOf(version).alarm];
      return { drift: drift.alarm.on && drift.episode, performance: performance.alarm.on && performance.episode };
    };
    const old = episodesOf(loadedFrom("format-2-alarm.snapshot", alarmedSettings));
    const anew = episodesOf(alarmedFold(alarmedLines()));
    expect(anew.drift).toMatchObject({ sinceMillis: expect.closeTo(changeMillis + 21 * 60_000, -1) });
    // Where the change began was not looked for.
    expect(old.drift).toEqual({ ...anew.drift, firstDeviationMillis: Number.NaN });
    expect(old.performance).toEqual(anew.performance);
  });

  test("a state of format 1 is continued by events, and what they bring has its hours", () => {
    const old = loadedFrom("format-1-binned.snapshot", soonLearned);
    const log = old.log("events", 0, 60_000);
    applyLines(old, log, decoderFor("native"), few(events.slice(420, 460)));
    old.advance();
    expect(knownHours(old)).toBeGreaterThan(0);
  });
});

describe("directory", () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "prediction-exporter-"));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  test("keeps the last two, and falls back to the one before when the newest is damaged", async () => {
    const store = new DirectoryStore(join(directory, "two"));
    await store.prepare();
    for (const lines of [100, 200, 300]) await store.save(encodeSnapshot(folded(lines), lines));
    const names = (await store.list()).map(({ name }) => name);
    expect(names).toEqual(["state-000000000000003.snapshot", "state-000000000000002.snapshot"]);
    writeFileSync(join(store.directory, names[0] as string), "half a file");
    expect((await restore(store, settings, silent)).savedMillis).toBe(200);
  });

  test("an empty directory is an empty state", async () => {
    const store = new DirectoryStore(join(directory, "none"));
    await store.prepare();
    const restored = await restore(store, settings, silent);
    expect([restored.fold.logs.size, restored.savedMillis]).toEqual([0, Number.NaN]);
  });

  test("what was left by a crash while writing is not looked at", async () => {
    const store = new DirectoryStore(join(directory, "crash"));
    await store.prepare();
    await store.save(encodeSnapshot(folded(100), 1));
    writeFileSync(join(store.directory, ".state-000000000000002.snapshot.partial"), snapshot.slice(0, 1000));
    expect((await restore(store, settings, silent)).savedMillis).toBe(1);
    await store.save(encodeSnapshot(folded(200), 2));
    expect((await restore(store, settings, silent)).savedMillis).toBe(2);
    expect(readdirSync(store.directory).filter((name) => name.endsWith(".snapshot")).length).toBe(2);
  });

  test("a directory that is a file is an error that names it", async () => {
    const path = join(directory, "file");
    writeFileSync(path, "");
    await expect(new DirectoryStore(path).prepare()).rejects.toThrow(path);
  });
});

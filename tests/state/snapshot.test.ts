// Snapshots: whole or refused, never half; the store keeps two and survives what can happen to files.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import { decoderFor } from "../../src/decode/index.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { restore } from "../../src/pipeline/snapshotter.ts";
import { Writer } from "../../src/primitive/bytes.ts";
import { DirectoryStore } from "../../src/state/directory-store.ts";
import { Fold } from "../../src/state/fold.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/state/snapshot.ts";
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

  test("of a later format it says so", () => {
    const later = Uint8Array.from(snapshot);
    later[8] = 2;
    expect(decodeSnapshot(later, settings)).toEqual({ refused: "format 2; this version reads format 1" });
  });

  test("format 1 loads for ever: a kept file", () => {
    const fixture = new URL("fixtures/format-1.snapshot", import.meta.url);
    const small = folded(400);
    if (process.env.WRITE_FIXTURES === "1") writeFileSync(fixture, encodeSnapshot(small, 0));
    const loaded = decodeSnapshot(readFileSync(fixture), settings);
    if (!("fold" in loaded)) throw new Error(loaded.refused);
    expect(stateOf(loaded.fold).equals(stateOf(small))).toBe(true);
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

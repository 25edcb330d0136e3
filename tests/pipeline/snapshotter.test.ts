// Saving and restoring as the exporter does it: what is kept, what is refused, what happens when a disk fails, and that
// what is committed is never ahead of what is saved.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { type Restored, restore, Snapshotter } from "../../src/pipeline/snapshotter.ts";
import { MemorySource } from "../../src/source/memory.ts";
import { DirectoryStore } from "../../src/state/directory-store.ts";
import type { Content } from "../../src/state/durable-file.ts";
import { Fold } from "../../src/state/fold.ts";
import type { FoldSettings } from "../../src/state/settings.ts";
import { until } from "../until.ts";
import { Assembly, logAt, settings, stateText } from "./assembly.ts";
import { midnight, minute, predictions } from "./events.ts";
import { LogLines } from "./log-lines.ts";

const root = mkdtempSync(join(tmpdir(), "snapshotter-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const log = logAt(0);

/** An assembly whose state is saved in a directory of its own. */
class Saved {
  readonly directory = mkdtempSync(join(root, "state-"));
  readonly store = new DirectoryStore(this.directory);
  readonly assembly: Assembly;
  readonly snapshotter: Snapshotter;

  constructor(assembly: Assembly, store?: DirectoryStore) {
    this.assembly = assembly;
    const now = () => assembly.clockMillis;
    this.snapshotter = new Snapshotter(assembly.ingest, store ?? this.store, assembly.source, Number.NaN, now, assembly.log);
  }

  /** Folds some more and saves. @returns the state that was saved */
  async more(records: number): Promise<string> {
    await this.assembly.write(log, predictions(this.assembly.clockMillis, records));
    this.assembly.clockMillis += minute;
    await this.snapshotter.save();
    return stateText(this.assembly.fold);
  }

  get files(): string[] {
    return readdirSync(this.directory).sort();
  }

  path(number: number): string {
    return join(this.directory, `state-${String(number).padStart(15, "0")}.snapshot`);
  }

  restore(under: FoldSettings = settings): Promise<Restored & { lines: LogLines }> {
    const lines = new LogLines();
    return restore(this.store, under, lines).then((restored) => ({ ...restored, lines }));
  }
}

let saved: Saved;
beforeEach(async () => {
  saved = new Saved(await Assembly.of(2));
});

describe("what is kept", () => {
  test("the last two, and the newest is what is restored", async () => {
    const states: string[] = [];
    for (const records of [5, 7, 9, 11]) states.push(await saved.more(records));
    expect(saved.files).toEqual(["state-000000000000003.snapshot", "state-000000000000004.snapshot"]);
    const { fold, savedMillis, lines } = await saved.restore();
    expect([stateText(fold), savedMillis]).toEqual([states[3], midnight + 4 * minute]);
    expect(lines.lines).toEqual([
      { level: "info", message: "restored", snapshot: "state-000000000000004.snapshot", logs: 2, models: 1 },
    ]);
    rmSync(saved.path(4));
    expect(stateText((await saved.restore()).fold)).toBe(states[2]);
  });

  test("nothing that is not a snapshot is looked at or removed", async () => {
    const others = [
      "notes.txt",
      "state-1.snapshot",
      ".state-000000000000009.snapshot.partial",
      "state-000000000000009.snapshot.old",
    ];
    for (const name of others) writeFileSync(join(saved.directory, name), "x");
    for (const records of [5, 5, 5]) await saved.more(records);
    expect(saved.files.filter((name) => others.includes(name)).sort()).toEqual(others.sort());
    expect((await saved.restore()).lines.of("error")).toEqual([]);
  });

  test("when it was saved is known after a restart; before the first save it is the start", async () => {
    expect(saved.snapshotter.savedMillis).toBe(midnight);
    await saved.more(5);
    expect(saved.snapshotter.savedMillis).toBe(midnight + minute);
    const restored = await saved.restore();
    const { ingest } = saved.assembly;
    const now = () => Number.NaN;
    const next = new Snapshotter(ingest, saved.store, new MemorySource(), restored.savedMillis, now, new LogLines());
    expect(next.savedMillis).toBe(midnight + minute);
  });
});

describe("a damaged newest", () => {
  let before: string;
  let bytes: Buffer;
  beforeEach(async () => {
    before = await saved.more(40);
    await saved.more(60);
    bytes = readFileSync(saved.path(2));
  });

  const expectBefore = async (): Promise<void> => {
    const { fold, savedMillis, lines } = await saved.restore();
    expect([stateText(fold) === before, savedMillis]).toEqual([true, midnight + minute]);
    const errors = lines.of("error");
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ message: "snapshot not used", snapshot: "state-000000000000002.snapshot" });
    expect(errors[0]?.reason).toMatch(/^(damaged|not a snapshot|format|unreadable)/);
    // Kept for whoever wants to know why, but no longer one of the snapshots.
    expect(saved.files).toContain("state-000000000000002.snapshot.refused");
    expect(saved.files).not.toContain("state-000000000000002.snapshot");
  };

  test("with a bit turned anywhere falls back to the one before", async () => {
    // Every bit of the header, then one of some bytes behind it and of places all over.
    const header = 16 * 8;
    const bits = Array.from({ length: header + 184 }, (_, trial) => {
      if (trial < header) return trial;
      const other = trial - header;
      return 8 * (other < 24 ? 16 + other : Math.floor((other / 184) * bytes.length)) + (other % 8);
    });
    for (const bit of bits) {
      const damaged = Buffer.from(bytes);
      const at = bit >> 3;
      damaged[at] = (damaged[at] as number) ^ (1 << (bit & 7));
      writeFileSync(saved.path(2), damaged);
      await expectBefore();
    }
  });

  test("cut anywhere falls back to the one before", async () => {
    for (let trial = 0; trial < 100; trial++) {
      writeFileSync(saved.path(2), bytes.subarray(0, trial < 40 ? trial : Math.floor((trial / 100) * bytes.length)));
      await expectBefore();
    }
  });

  test("with something behind its end, or of another kind, too", async () => {
    writeFileSync(saved.path(2), Buffer.concat([bytes, Buffer.from([0])]));
    await expectBefore();
    rmSync(`${saved.path(2)}.refused`);
    mkdirSync(saved.path(2));
    await expectBefore();
  });

  test("does not push out the good one: after the next save there are two good ones", async () => {
    writeFileSync(saved.path(2), bytes.subarray(0, 100));
    await expectBefore();
    const state = await saved.more(5);
    expect(saved.files.filter((name) => name.endsWith(".snapshot"))).toEqual([
      "state-000000000000001.snapshot",
      "state-000000000000002.snapshot",
    ]);
    expect(stateText((await saved.restore()).fold)).toBe(state);
  });

  test("both damaged: an empty state, and both are named", async () => {
    writeFileSync(saved.path(1), bytes.subarray(0, 100));
    writeFileSync(saved.path(2), "");
    const { fold, savedMillis, lines } = await saved.restore();
    expect([fold.logs.size, fold.models.size, savedMillis]).toEqual([0, 0, Number.NaN]);
    expect(lines.lines).toEqual([
      { level: "error", message: "snapshot not used", snapshot: "state-000000000000002.snapshot", reason: "not a snapshot" },
      {
        level: "error",
        message: "snapshot not used",
        snapshot: "state-000000000000001.snapshot",
        reason: "damaged: the checksum does not match",
      },
    ]);
  });

  test("the next save is newer than all of them", async () => {
    writeFileSync(saved.path(2), "");
    await saved.more(5);
    expect(saved.files.at(-1)).toBe("state-000000000000003.snapshot");
    expect(stateText((await saved.restore()).fold)).toBe(stateText(saved.assembly.fold));
  });
});

test.each([
  ["the same", "defaults: {windows: [5m, 1h]}"],
  ["other windows", "defaults: {windows: [5m, 2h, 3d]}"],
  ["other limits", "defaults: {windows: [5m, 1h]}\nlimits: {models: 5}"],
  ["other settings of a model", "defaults: {windows: [5m, 1h]}\nmodels: {m: {features: {x: {edges: [1]}}}}"],
  ["other settings that the fold does not know of", "source: {file: {paths: [other]}, idle: 1m}\ndefaults: {stale: 1h}"],
])("under %s a snapshot is continued at its positions", async (_what, text) => {
  await saved.more(5);
  const source = text.startsWith("source") ? "" : "source: {file: {paths: [none]}}\n";
  const { fold, lines } = await saved.restore(foldSettings(parseConfig(source + text, "test")));
  expect(lines.of("error")).toEqual([]);
  expect([fold.logs.get("t/0")?.next, fold.logs.get("t/0")?.events.get("prediction"), [...fold.models.keys()]]).toEqual([
    5,
    5,
    ["m"],
  ]);
});

describe("a disk that fails", () => {
  /** Replaces the directory by a file, as if it could not be written to: permissions do not stop everyone. */
  const fail = (): void => {
    renameSync(saved.directory, `${saved.directory}-away`);
    writeFileSync(saved.directory, "");
  };
  const recover = (): void => {
    rmSync(saved.directory);
    renameSync(`${saved.directory}-away`, saved.directory);
  };

  test("is counted and said, harms nothing that was saved, and is tried again", async () => {
    const first = await saved.more(5);
    const savedMillis = saved.snapshotter.savedMillis;
    fail();
    await saved.more(5);
    await saved.more(5);
    expect([saved.snapshotter.errors, saved.snapshotter.savedMillis]).toEqual([2, savedMillis]);
    expect(saved.assembly.log.of("error")).toMatchObject([
      { message: "snapshot not saved", directory: saved.directory, reason: expect.stringContaining("ENOTDIR") },
      { message: "snapshot not saved" },
    ]);
    recover();
    expect(stateText((await saved.restore()).fold)).toBe(first);
    const second = await saved.more(5);
    expect([saved.snapshotter.errors, stateText((await saved.restore()).fold) === second]).toEqual([2, true]);
    expect(saved.files).toEqual(["state-000000000000001.snapshot", "state-000000000000002.snapshot"]);
  });

  test("in the middle of a save leaves no half file", async () => {
    await saved.more(5);
    // Where the next one would be written to there is something that cannot be replaced.
    mkdirSync(join(saved.path(2), "in the way"), { recursive: true });
    // It is taken for the newest: the one after it is written.
    await saved.more(5);
    expect(saved.files).toEqual(["state-000000000000002.snapshot", "state-000000000000003.snapshot"]);
    mkdirSync(join(saved.directory, ".state-000000000000004.snapshot.partial"));
    await saved.more(5);
    expect(saved.snapshotter.errors).toBe(1);
    expect(saved.files.filter((name) => name.endsWith("4.snapshot"))).toEqual([]);
  });

  test("a state that cannot be written down is an error too, and nothing throws", async () => {
    saved.assembly.state(log).gapRecords = -1;
    await saved.snapshotter.save();
    expect(saved.snapshotter.errors).toBe(1);
    expect(saved.files).toEqual([]);
  });
});

/** A store whose save waits until it is let go. */
class SlowStore extends DirectoryStore {
  readonly waiting: (() => void)[] = [];

  override async save(content: Content): Promise<void> {
    await new Promise<void>((resolve) => this.waiting.push(resolve));
    await super.save(content);
  }
}

describe("what is committed", () => {
  const committed = (): number | undefined => saved.assembly.source.committed.get("t/0");

  test("is what was saved, of the logs that are owned", async () => {
    await saved.more(5);
    expect([...saved.assembly.source.committed]).toEqual([
      ["t/0", 5],
      ["t/1", 0],
    ]);
    saved.assembly.ingest.revoked(logAt(1));
    saved.assembly.source.committed.clear();
    await saved.more(2);
    expect([...saved.assembly.source.committed]).toEqual([["t/0", 7]]);
  });

  test("is nothing before the save is done, and then not what came meanwhile", async () => {
    const store = new SlowStore(saved.directory);
    saved = new Saved(saved.assembly, store);
    await saved.assembly.write(log, predictions(midnight, 5));
    const saving = saved.snapshotter.save();
    await saved.assembly.write(log, predictions(midnight, 100));
    expect([committed(), store.waiting.length]).toEqual([undefined, 1]);
    store.waiting.pop()?.();
    await saving;
    expect(committed()).toBe(5);
    const { fold } = await restore(store, settings, new LogLines());
    expect(fold.logs.get("t/0")?.next).toBe(5);
  });

  test("is nothing when the save failed", async () => {
    await saved.more(5);
    await saved.assembly.write(log, predictions(midnight, 5));
    saved.assembly.state(log).gapRecords = -1;
    await saved.snapshotter.save();
    expect([committed(), saved.snapshotter.errors]).toEqual([5, 1]);
  });

  test("one save at a time; the last one waits and takes what came meanwhile", async () => {
    const store = new SlowStore(saved.directory);
    saved = new Saved(saved.assembly, store);
    await saved.assembly.write(log, predictions(midnight, 5));
    const saves = [saved.snapshotter.save(), saved.snapshotter.save()];
    const last = saved.snapshotter.saveLast();
    await saved.assembly.write(log, predictions(midnight, 3));
    expect(store.waiting.length).toBe(1);
    store.waiting.pop()?.();
    await Promise.all(saves);
    expect(committed()).toBe(5);
    await until(() => store.waiting.length > 0, { deadlineMillis: 5000, what: "the last save has begun" });
    store.waiting.pop()?.();
    await last;
    expect(committed()).toBe(8);
    expect(readdirSync(saved.store.directory)).toEqual([]);
  });
});

test("a directory without a snapshot is an empty state, and nothing is said", async () => {
  const { fold, savedMillis, lines } = await saved.restore();
  expect([stateText(fold), savedMillis, lines.lines]).toEqual([stateText(new Fold(settings)), Number.NaN, []]);
});

// Closing panes in slices: whatever happens between them, the state comes out as if it had been done at once, and whoever
// reads meanwhile finds windows that are whole. A slice is a single part here.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ClosedFeatures } from "../../src/monitor/feature-pane.ts";
import { Snapshotter } from "../../src/pipeline/snapshotter.ts";
import { Windows } from "../../src/pipeline/windows.ts";
import type { Log } from "../../src/source/source.ts";
import type { DirectoryStore } from "../../src/state/directory-store.ts";
import { decodeSnapshot } from "../../src/state/snapshot.ts";
import { Assembly, idleMillis, logAt, settings, stateText } from "./assembly.ts";
import { midnight, minute, prediction, predictions } from "./events.ts";

const [a, b] = [logAt(0), logAt(1)];
const [models, versions, eventsAMinute] = [4, ["1", "2"], 6];
const cut = { sliceMillis: 0 };

/** As many events in each minute of each version of each model, each with two features and of one of two segments. */
function minutes(from: number, to: number): string[] {
  const records: string[] = [];
  for (let time = midnight + from * minute; time < midnight + to * minute; time += minute / eventsAMinute) {
    for (let model = 0; model < models; model++) {
      for (const version of versions) {
        const at = (time - midnight) / 1000;
        const segment = { site: at % 3 === 0 ? "north" : "south" };
        records.push(prediction(time, { model: `m${model}`, version, features: { x: at, c: `c${at % 4}` }, segment }));
      }
    }
  }
  return records;
}

const turn = (): Promise<void> => new Promise(setImmediate);

/** Begins to write minutes, and comes back when the first is closed in some models and open in others. */
async function midClosing(assembly: Assembly, records: readonly string[]): Promise<{ readonly written: Promise<void> }> {
  const written = assembly.write(a, records);
  const isOpen = (model: string): boolean => assembly.fold.models.get(model)?.versions.get("1")?.all.open.has(midnight) === true;
  for (let turns = 0; isOpen("m0") || !isOpen("m3"); turns++) {
    if (turns > 10_000) throw new Error("no closing was cut");
    await turn();
  }
  expect(assembly.ingest.holding).toBe(true);
  return { written };
}

/** Minutes are open, and nothing but the one before them was closed. */
async function withOpen(minutesOpen: number): Promise<Assembly> {
  const assembly = await Assembly.of(2);
  await assembly.write(a, minutes(0, minutesOpen));
  assembly.fold.closeThrough(midnight);
  return assembly;
}

/** A store that keeps what was saved. */
class KeptSnapshots implements Pick<DirectoryStore, "save" | "directory"> {
  readonly directory = "memory";
  readonly saved: Uint8Array[] = [];

  async save(pieces: readonly Uint8Array[]): Promise<void> {
    this.saved.push(Buffer.concat(pieces));
  }
}

function snapshotterOf(assembly: Assembly): { readonly snapshotter: Snapshotter; readonly store: KeptSnapshots } {
  const store = new KeptSnapshots();
  const now = () => assembly.clockMillis;
  const of = new Snapshotter(assembly.ingest, store as unknown as DirectoryStore, assembly.source, Number.NaN, now, assembly.log);
  return { snapshotter: of, store };
}

/** Delivers records of two logs in turns of some length, with snapshots in between, nobody waiting for anybody. */
async function played(assembly: Assembly, chunks: readonly number[]): Promise<string> {
  const { snapshotter } = snapshotterOf(assembly);
  for (const log of [a, b]) assembly.source.append(log, minutes(0, 8));
  const handedOver = async (log: Log): Promise<void> => {
    for (let index = 0; (await assembly.source.deliver(log, chunks[index % chunks.length] as number)) > 0; index++) {
      if (index % 2 === 0) void snapshotter.save();
    }
  };
  await Promise.all([handedOver(a), handedOver(b)]);
  await snapshotter.settled();
  expect([assembly.log.of("error"), assembly.frontierMinutes]).toEqual([[], 6]);
  return stateText(assembly.fold);
}

describe("the state", () => {
  test("is the same to the byte whether closing was cut or not, however batches and snapshots come in between", async () => {
    const whole = await played(await Assembly.of(2), [1000]);
    const chunks = fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(chunks, async (lengths) => {
        expect((await played(await Assembly.of(2, cut), lengths)) === whole).toBe(true);
      }),
      { numRuns: 15, endOnFailure: true },
    );
  });
});

describe("in the middle of a closing", () => {
  test("the frontier moves minute by minute", async () => {
    const { fold } = await withOpen(3);
    const seen = new Set(Array.from(fold.closing(midnight + 3 * minute), () => fold.frontierMillis));
    expect([...seen].map((millis) => (millis - midnight) / minute)).toEqual([0, 1, 2, 3]);
  });

  test("a batch waits", async () => {
    const assembly = await Assembly.of(2, cut);
    await assembly.write(b, minutes(0, 3));
    const { written } = await midClosing(assembly, minutes(0, 3));
    const other = assembly.write(b, minutes(3, 4));
    const { records } = assembly.ingest;
    let turns = 0;
    for (; assembly.ingest.holding; turns++) {
      expect(assembly.ingest.records).toBe(records);
      await turn();
    }
    expect(turns).toBeGreaterThan(10);
    await Promise.all([written, other]);
    expect(assembly.ingest.records).toBeGreaterThan(records);
  });

  test("a snapshot waits, holds the minute that was being closed, and is committed at its own positions", async () => {
    const assembly = await Assembly.of(1, cut);
    const { snapshotter, store } = snapshotterOf(assembly);
    const { written } = await midClosing(assembly, minutes(0, 3));
    const saving = snapshotter.saveLast();
    await turn();
    expect([assembly.ingest.holding, store.saved]).toEqual([true, []]);
    await Promise.all([saving, written]);
    const loaded = decodeSnapshot(store.saved[0] as Uint8Array, settings);
    if (!("fold" in loaded)) throw new Error(loaded.refused);
    expect((loaded.fold.frontierMillis - midnight) / minute).toBeGreaterThanOrEqual(1);
    expect(loaded.fold.openPanes).toBeGreaterThan(0);
    expect(assembly.source.committed.get("t/0")).toBe(loaded.fold.logs.get("t/0")?.next);
  });

  test("a reload waits", async () => {
    const assembly = await Assembly.of(1, cut);
    const { written } = await midClosing(assembly, minutes(0, 3));
    let reloaded = false;
    const reload = assembly.ingest.hold(async () => {
      assembly.fold.reload({ ...settings, discover: false }, Number.POSITIVE_INFINITY);
      reloaded = true;
    });
    await turn();
    expect([assembly.ingest.holding, reloaded]).toEqual([true, false]);
    await Promise.all([reload, written]);
    expect([reloaded, assembly.frontierMinutes]).toEqual([true, 1]);
  });

  test("windows are those as of the frontier, of all models and segments alike", async () => {
    const assembly = await Assembly.of(1, cut);
    const windows = new Windows(assembly.fold);
    let looks = 0;
    let done = false;
    const written = assembly.write(a, minutes(0, 9)).then(() => {
      done = true;
    });
    while (!done) {
      for (const model of assembly.fold.models.values()) {
        for (const version of model.versions.values()) {
          for (const { panes, windowMillis, endMillis, segment } of windows.of(model, version)) {
            const closed = Math.max(0, Math.min(endMillis - midnight, windowMillis) / minute);
            const share = segment === "" ? 1 : segment === "site=north" ? 1 / 3 : 2 / 3;
            expect((panes[0] as ClosedFeatures).events).toBeCloseTo(closed * eventsAMinute * share, 9);
            looks += 1;
          }
        }
      }
      await turn();
    }
    await written;
    expect(looks).toBeGreaterThan(1000);
  });

  test("the clock decides nothing, and nothing is closed twice", async () => {
    const assembly = await Assembly.of(1, cut);
    const { written } = await midClosing(assembly, minutes(0, 3));
    const before = stateOfLogs(assembly);
    assembly.pass(10 * minute);
    expect(stateOfLogs(assembly)).toBe(before);
    await written;
    assembly.pass(idleMillis + 5000);
    await assembly.ingest.settled();
    expect(assembly.frontierMinutes).toBe(3);
  });

  test("a log that appears is not waited for, as it is not when the frontier has moved", async () => {
    const assembly = await Assembly.of(1, cut);
    // Few enough for the first look at what is due to come after all of them.
    const first = [0, 1, 2, 3].map((model) => prediction(midnight, { model: `m${model}`, version: "1" }));
    const { written } = await midClosing(assembly, [...first, ...predictions(midnight + 3 * minute)]);
    expect(assembly.fold.frontierMillis).toBeNaN();
    assembly.source.add(b);
    expect(assembly.state(b).excluded).toBe(true);
    await written;
  });

  test("the fold refuses to be changed or encoded", () => {
    const { fold } = new Assembly();
    const log = fold.log("t", 0, minute);
    fold.registry.version(fold.registry.model("m"), "1");
    for (const _ of fold.closing(midnight)) {
      const refused = "panes are being closed";
      const event = { type: "run", model: "m", version: "1", timeMillis: midnight } as Parameters<typeof fold.apply>[1];
      expect(() => fold.apply(log, event, Number.NaN)).toThrow(refused);
      expect(() => fold.closeThrough(midnight + minute)).toThrow(refused);
      expect(() => fold.reload(settings, midnight)).toThrow(refused);
      expect(() => stateText(fold)).toThrow(refused);
    }
    expect(stateText(fold)).not.toBe("");
  });
});

describe("what waits for it", () => {
  test("a batch is taken when the panes that it has made due are closed", async () => {
    const assembly = await Assembly.of(1, cut);
    await assembly.write(a, minutes(0, 3));
    expect([assembly.ingest.holding, assembly.frontierMinutes]).toEqual([false, 1]);
  });

  test("a finite source's end is told when everything is closed", async () => {
    const assembly = await Assembly.of(1, cut);
    await assembly.write(a, minutes(0, 3));
    let frontierMinutes = Number.NaN;
    assembly.ingest.whenFinished = () => {
      frontierMinutes = assembly.frontierMinutes;
    };
    assembly.source.end();
    expect([assembly.ingest.holding, frontierMinutes]).toEqual([true, Number.NaN]);
    await assembly.ingest.settled();
    await turn();
    expect(frontierMinutes).toBe(3);
  });

  test("also where the end comes while a snapshot is encoded", async () => {
    const assembly = await Assembly.of(1, cut);
    await assembly.write(a, minutes(0, 3));
    let letGo = (): void => undefined;
    const held = assembly.ingest.hold(() => new Promise((resolve) => (letGo = resolve)));
    let frontierMinutes = Number.NaN;
    const told = new Promise<void>((resolve) => {
      assembly.ingest.whenFinished = () => {
        frontierMinutes = assembly.frontierMinutes;
        resolve();
      };
    });
    assembly.source.end();
    letGo();
    await Promise.all([held, told]);
    expect(frontierMinutes).toBe(3);
  });
});

function stateOfLogs(assembly: Assembly): string {
  return JSON.stringify([...assembly.fold.logs.values()].map(({ excluded, closedMillis }) => [excluded, closedMillis]));
}

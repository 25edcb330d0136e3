// What is running as a new reference: its counts are those of the panes in the window, its bins those in force.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadReferences } from "../../src/cli/references.ts";
import { loadDocument, parseConfig } from "../../src/config/load.ts";
import { decoderFor, formats } from "../../src/decode/index.ts";
import type { FeatureMemory } from "../../src/monitor/feature-memory.ts";
import type { ClosedFeatures } from "../../src/monitor/feature-pane.ts";
import { paneMonitors } from "../../src/monitor/index.ts";
import { performanceOf } from "../../src/performance/pairs.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { acceptedReference } from "../../src/pipeline/reference/accept.ts";
import { decodeReference, encodeReference } from "../../src/reference/file.ts";
import type { Reference } from "../../src/reference/reference.ts";
import { featuresOfOtherBins } from "../../src/reference/same-bins.ts";
import { DirectoryStore } from "../../src/state/directory-store.ts";
import { Fold } from "../../src/state/fold.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/state/snapshot.ts";
import { Folder } from "../cli/command.ts";
import { applyLines } from "../state/lines.ts";

const hour = 3_600_000;
const start = Date.parse("2026-03-01T00:00:00Z");
const text = (windows: string): string =>
  `source: {file: {paths: [none]}}\nstate: {directory: state}\ndefaults: {windows: ${windows}, learn: 2h}\nmodels: {m: {reference: R.json}}\n`;

/** Five days, an event in six minutes; amounts grow by the day. */
function folded(windows: string): Fold {
  const fold = new Fold(foldSettings(parseConfig(text(windows), "test")));
  const lines = Array.from({ length: 1200 }, (_, index) =>
    JSON.stringify({
      ...{ type: "prediction", model: "m", version: index % 4 === 0 ? "2" : "1", time: start + (index * hour) / 10 },
      ...{ features: { amount: (index % 40) + 10 * Math.floor(index / 240), channel: index % 3 === 0 ? "web" : "app" } },
      ...{ score: (index % 10) / 10, segment: { channel: index % 3 === 0 ? "web" : "app" } },
    }),
  );
  applyLines(fold, fold.log("t", 0, 60_000), decoderFor("native"), lines);
  fold.closeThrough(start + 120 * hour);
  return fold;
}

const provenance = { kind: "accepted", source: ["s"], madeMillis: 0, madeBy: "test", history: [] } as const;
const accept = (fold: Fold, windowMillis: number, version: string | null = null): Reference =>
  acceptedReference(fold, { model: "m", version, windowMillis, provenance });
const amounts = (from: number, to: number, of = (_index: number) => true): number[] =>
  Array.from({ length: to - from }, (_, index) => index + from)
    .filter(of)
    .map((index) => (index % 40) + 10 * Math.floor(index / 240));

function binned(values: readonly number[], edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (const value of values) {
    const at = edges.filter((edge) => value > edge).length;
    counts[at] = (counts[at] as number) + 1;
  }
  return counts;
}

describe("panes of the window", () => {
  const fold = folded("[1h, 24h, 3d]");

  test("of hours, where they are kept for so long", () => {
    const { features, provenance: made } = accept(fold, 24 * hour);
    const amount = features.get("amount");
    const edges = amount?.bins?.edges ?? [];
    expect([...(amount?.all.numbers?.counts ?? [])]).toEqual(binned(amounts(960, 1200), edges));
    expect(amount?.hours).toHaveLength(24);
    expect([...(amount?.hours[3]?.counts ?? [])]).toEqual(binned(amounts(990, 1000), edges));
    expect(made).toMatchObject({ rows: 240, fromMillis: start + 96 * hour, toMillis: start + 120 * hour });
  });

  test("of minutes, put together to hours, for a short one", () => {
    const { features } = accept(fold, 2 * hour);
    expect(features.get("amount")?.hours).toHaveLength(2);
    expect([...(features.get("channel")?.all.texts?.counts ?? [])].reduce((sum, count) => sum + count, 0)).toBe(20);
  });

  test("of days, where nothing finer is left", () => {
    const { features } = accept(fold, 72 * hour);
    const amount = features.get("amount");
    expect([amount?.hours.length, amount?.days.length, amount?.byHour]).toEqual([0, 3, null]);
    expect([...(amount?.all.numbers?.counts ?? [])]).toEqual(binned(amounts(480, 1200), amount?.bins?.edges ?? []));
  });

  test("of one version, and of segments", () => {
    const { features, version } = accept(fold, 24 * hour, "2");
    const amount = features.get("amount");
    expect(version).toBe("2");
    expect([...(amount?.all.numbers?.counts ?? [])]).toEqual(
      binned(
        amounts(960, 1200, (index) => index % 4 === 0),
        amount?.bins?.edges ?? [],
      ),
    );
    const web = features.get("$score")?.segments.get("channel=web")?.numbers?.counts ?? [];
    expect([...web].reduce((sum, count) => sum + count, 0)).toBe(20);
  });

  test("can be written and read again", () => {
    const made = accept(fold, 24 * hour);
    expect(decodeReference(encodeReference(made), "R.json").hash).toBe(made.hash);
    expect(featuresOfOtherBins(made, accept(fold, 72 * hour))).toEqual([]);
  });

  test("that are not kept are refused, and so is what is not there", () => {
    expect(() => accept(fold, 30 * 24 * hour)).toThrow("no panes are kept for so long");
    expect(() => accept(fold, 24 * hour, "9")).toThrow('the state has no version "9"');
    expect(() => acceptedReference(fold, { model: "x", version: null, windowMillis: hour, provenance })).toThrow(
      'the state has no model "x"',
    );
    expect(() => accept(new Fold(fold.settings), hour)).toThrow('the state has no model "m"');
    const young = new Fold(fold.settings);
    applyLines(young, young.log("t", 0, 60_000), decoderFor("native"), [
      JSON.stringify({ type: "prediction", model: "m", version: "1", time: start, score: 0.5 }),
    ]);
    expect(() => accept(young, hour)).toThrow("no minute of the state is over yet");
  });
});

describe("how well the model does", () => {
  /** Five days, an event in six minutes, some with their label; more of them are right by the day. */
  function labelled(outcomes: string, delayMillis: number, { versions = ["1"], every = 1 } = {}): Fold {
    const config = `${text("[1h, 24h, 3d]").replace("learn: 2h", `learn: 2h, outcomes: ${outcomes}`)}`;
    const fold = new Fold(foldSettings(parseConfig(config, "test")));
    const lines = Array.from({ length: 1200 }, (_, index) => {
      const [time, id] = [start + (index * hour) / 10, String(index)];
      const label = index % 10 <= 2 * Math.floor(index / 240) ? 1 : 0;
      const version = versions[index % versions.length];
      const prediction = { type: "prediction", model: "m", version, id, time, score: 0.9, prediction: 1 };
      const outcome = { type: "outcome", model: "m", id, time: time + delayMillis, label };
      return index % every === 0 ? [prediction, outcome] : [prediction];
    }).flat();
    const sorted = lines.sort((one, other) => one.time - other.time).map((event) => JSON.stringify(event));
    applyLines(fold, fold.log("t", 0, 60_000), decoderFor("native"), sorted);
    fold.closeThrough(start + 120 * hour);
    return fold;
  }
  const late = labelled("{horizon: 30h, mature: 0.99}", 24 * hour);
  const accuracy = (reference: Reference) => {
    const settings = { task: "", positive: null, thresholds: [], percentageFloor: 0 };
    const [first] = performanceOf(reference.performance ?? new Map(), settings);
    return [first?.metric, first?.value, first?.samples];
  };

  test("is that of the newest predictions that have labels", () => {
    // Until the labels of the fifth day come there are those of the fourth.
    expect(accuracy(accept(late, 24 * hour))).toEqual(["accuracy", 0.7, 240]);
    expect(accuracy(accept(labelled("{horizon: 30h, mature: 0.99}", 0, { versions: ["1", "2"] }), 24 * hour))).toEqual([
      "accuracy",
      0.9,
      240,
    ]);
  });

  test("is that of outcomes where too few predictions have labels", () => {
    // One in four has: those of the fourth day came on the fifth.
    const fold = labelled("{horizon: 30h}", 24 * hour, { every: 4 });
    expect(accuracy(accept(fold, 24 * hour))).toEqual(["accuracy", 0.8, 60]);
  });

  test("is that of predictions whose horizon is over where to have no outcome is a label", () => {
    // Every fourth has an outcome, at once. Within 30 hours none is known to have none: the newest day that is known ends on the
    // fourth at 18 h, and the others of it are wrong.
    const known = labelled("{horizon: 30h, absent: 0}", 0, { every: 4 });
    const [metric, value, samples] = accuracy(accept(known, 24 * hour));
    expect([metric, samples]).toEqual(["accuracy", 240]);
    expect(value).toBeLessThan(0.25);
    const never = labelled("{horizon: 6d, absent: 0}", 0, { every: 4 });
    expect(accept(never, 24 * hour).performance).toBeNull();
  });

  test("is not known without outcomes", () => {
    expect(accept(folded("[1h, 24h, 3d]"), 24 * hour).performance).toBeNull();
  });

  test("is in the file", () => {
    const made = accept(late, 24 * hour);
    expect(accuracy(decodeReference(encodeReference(made), "R.json"))).toEqual(accuracy(made));
  });
});

describe("the command", () => {
  const folder = new Folder();
  const run = (...args: readonly string[]) => folder.run("reference", "accept", "--config", "c.yml", "--model", "m", ...args);
  beforeAll(async () => {
    folder.write("c.yml", text("[1h, 24h, 3d]"));
    const store = new DirectoryStore(folder.place("state"));
    await store.prepare();
    await store.save(encodeSnapshot(folded("[1h, 24h, 3d]"), start));
    await store.save(Buffer.from("damaged"));
  });
  afterAll(() => folder.close());

  test("writes the model's reference by the newest snapshot that is whole, and keeps its history", async () => {
    const first = await run("--window", "24h", "--reason", "a new season");
    expect(first.code, first.errors).toBe(0);
    const before = decodeReference(folder.read("R.json"), "R.json");
    expect(before.provenance).toMatchObject({ kind: "accepted", source: ["state-000000000000001.snapshot"], rows: 240 });
    expect((await run("--window", "3d", "--reason", "longer")).code).toBe(0);
    const { history, rows } = decodeReference(folder.read("R.json"), "R.json").provenance;
    expect(rows).toBe(720);
    expect(history).toMatchObject([
      { hash: "none", reason: "a new season" },
      { hash: before.hash, reason: "longer" },
    ]);
  });

  test("refuses in words", async () => {
    expect(await run("--window", "long", "--reason", "x")).toMatchObject({
      code: 2,
      errors: "--window long: a duration such as 7d\n",
    });
    expect((await run("--window", "24h")).code).toBe(2);
    folder.write("other.yml", text("[1h, 24h, 3d]").replace("learn: 2h", "learn: 3h"));
    const { code, errors } = await folder.run(
      ...["reference", "accept", "--config", "other.yml", "--model", "m", "--window", "24h", "--reason", "x"],
    );
    expect([code, errors]).toEqual([1, expect.stringContaining("the settings of m are others than those of the state")]);
  });
});

describe("an exporter that reads what was accepted", () => {
  const folder = new Folder();
  const windows = "[1h, 24h, 3d]";
  const featuresAt = paneMonitors.findIndex(({ name }) => name === "features");
  const accepted = (fold: Fold) => {
    folder.write("R.json", encodeReference(accept(fold, 24 * hour)));
    folder.write("c.yml", text(windows).replace("R.json", folder.place("R.json")));
    const loaded = loadDocument(folder.place("c.yml"), formats);
    const references = loadReferences(loaded);
    return { references, settings: foldSettings(loaded.config, references) };
  };
  const memory = (fold: Fold) => fold.models.get("m")?.memories[featuresAt] as FeatureMemory;
  /** What the three days before the end hold of each feature. */
  const window = (fold: Fold) => {
    const ladder = fold.models.get("m")?.versions.get("1")?.all.ladders[featuresAt];
    const closed = ladder?.window(start + 120 * hour, 72 * hour) as ClosedFeatures;
    const { events, features } = closed;
    const parts = [...features].map(([name, { kinds, numbers, texts }]) => {
      return [name, { kinds: [...kinds], numbers: columns(numbers), texts: columns(texts) }] as const;
    });
    return { events, features: new Map(parts) };
  };
  const columns = (counts: unknown): unknown => (counts as { columns?: unknown } | null)?.columns ?? null;
  afterAll(() => folder.close());

  test("loads it, with the bins that were in force", () => {
    const fold = folded(windows);
    const { references } = accepted(fold);
    const [reference] = references.values();
    expect(references.size).toBe(1);
    for (const [name, { bins, categories }] of reference?.features ?? []) {
      const known = memory(fold).of(name);
      expect({ bins, categories }, name).toEqual({ bins: known.bins, categories: known.categories });
    }
    expect([...(reference?.features.keys() ?? [])]).toEqual(["$score", "amount", "channel"]);
  });

  test("after a reload goes on with its windows, which are compared with it from then on", () => {
    const fold = folded(windows);
    const before = window(fold);
    const { settings, references } = accepted(fold);
    fold.reload(settings, Number.POSITIVE_INFINITY);
    expect(fold.settings).toBe(settings);
    expect(window(fold)).toEqual(before);
    expect(before.events).toBe(72 * 10 * 0.75);
    expect([...memory(fold).replaced]).toEqual([]);
    const [reference] = references.values();
    expect(memory(fold).of("amount").reference).toBe(reference?.features.get("amount"));
    expect(memory(fold).of("amount").learning).toBeNull();
  });

  test("after a restart with it goes on as well", () => {
    const fold = folded(windows);
    const before = window(fold);
    const loaded = decodeSnapshot(encodeSnapshot(fold, 0), accepted(fold).settings);
    if (!("fold" in loaded)) throw new Error(loaded.refused);
    expect(loaded.fold.registry.begunAnew).toEqual([]);
    expect(window(loaded.fold)).toEqual(before);
    expect(memory(loaded.fold).of("amount").reference?.all.numbers?.columns).toEqual(
      accept(fold, 24 * hour).features.get("amount")?.all.numbers?.columns,
    );
  });
});

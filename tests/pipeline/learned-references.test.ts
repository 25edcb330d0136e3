// References that were learned, beside the state: readable files, and what is normal when the state itself is gone.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { decoderFor } from "../../src/decode/index.ts";
import { labelledWeight } from "../../src/performance/pairs.ts";
import { packPane } from "../../src/performance/pane.ts";
import { LearnedReferences, readLearnedReferences } from "../../src/pipeline/learned-references.ts";
import type { Logger } from "../../src/pipeline/logger.ts";
import { performanceMemoryOf } from "../../src/pipeline/of-performance.ts";
import { decodeReference } from "../../src/reference/file.ts";
import { Fold } from "../../src/state/fold.ts";
import {
  closedAt,
  type Event,
  folded,
  foldOf,
  hour,
  memoryOf,
  minute,
  modelOf,
  said,
  start,
  windowIn,
} from "../drift/compared.ts";
import { applyLines } from "../state/lines.ts";

const directory = mkdtempSync(join(tmpdir(), "learned-"));
afterAll(() => rmSync(directory, { recursive: true }));
const lines: string[] = [];
const note = (...[, message]: readonly unknown[]): void => void lines.push(String(message));
const logger = { info: note, warn: note, error: note, debug: note } as unknown as Logger;

const events = (from: number, to: number): [number, Event][] =>
  Array.from({ length: (to - from) * 20 }, (_, index) => [
    from + index / 20,
    { features: { x: (index * 7.3) % 100, c: `c${index % 4}` }, score: (index % 10) / 10 },
  ]);
const text = "defaults: {windows: [1h], learn: 1h, drift: {min_samples: 100, min_samples_per_degree: 1}}";
const fold = closedAt(folded(foldOf(text), events(0, 180)), 180);
const options = { directory, version: "1.2.3", now: () => start + 180 * minute };

test("are written when they are frozen, with their hours, and not again while nothing has changed", async () => {
  const learned = new LearnedReferences(fold, options, logger);
  await learned.save();
  await learned.save();
  expect(lines).toEqual(["learned reference written"]);
  expect(readdirSync(join(directory, "references"))).toEqual(["m.json"]);
  const written = decodeReference(readFileSync(join(directory, "references", "m.json"), "utf8"), "m.json", { model: "m" });
  expect(written.provenance).toMatchObject({
    kind: "learned",
    madeBy: "1.2.3",
    rows: 1200,
    fromMillis: start,
    toMillis: start + hour,
  });
  expect([...written.features.keys()]).toEqual(["$score", "c", "x"]);
  // The last hour may not be over.
  expect(written.features.get("x")?.hours.map(({ startMillis }) => startMillis)).toEqual([start, start + hour]);
  expect(memoryOf(fold).learnedHash).toBe(written.hash);
});

test("without the state they go on: the same bins, scores at once, and hours that go on growing", async () => {
  const learned = await readLearnedReferences(directory, logger);
  const anew = new Fold({ ...foldOf(text).settings, learned });
  closedAt(folded(anew, events(180, 240)), 240);
  const [feature, before] = [memoryOf(anew).of("x"), memoryOf(fold).of("x")];
  expect(feature.bins).toEqual(before.bins);
  expect(feature.reference?.all.numbers?.columns).toEqual(before.reference?.all.numbers?.columns);
  expect(said(windowIn(anew, hour), memoryOf(anew)).get("x psi")).toBeLessThan(0.1);
  expect(feature.panes?.hours.map(({ startMillis }) => (startMillis - start) / hour)).toEqual([0, 1, 3]);
});

test("what is read again of the time that was learned adds nothing to its hours", async () => {
  const learned = await readLearnedReferences(directory, logger);
  const anew = new Fold({ ...foldOf(text).settings, learned });
  closedAt(folded(anew, events(0, 120)), 120);
  const hours = memoryOf(anew).of("x").panes?.hours ?? [];
  expect(hours.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0))).toEqual([1200, 1200]);
});

test("a file that cannot be read is left out, and that is said", async () => {
  writeFileSync(join(directory, "references", "broken.json"), "{");
  lines.length = 0;
  expect([...(await readLearnedReferences(directory, logger)).keys()]).toEqual(["m"]);
  expect(lines).toEqual(["learned reference not used"]);
});

test("a folder that is not there holds none", async () => {
  expect((await readLearnedReferences(join(directory, "none"), logger)).size).toBe(0);
});

test("how well the model did while that was learned goes into the file, and is known again without the state", async () => {
  const place = mkdtempSync(join(tmpdir(), "labelled-"));
  const labelled = (from: number, to: number): string[] =>
    events(from, to)
      .flatMap(([minutes, event], index) => {
        const [time, id] = [start + minutes * minute, `${from} ${index}`];
        const prediction = { type: "prediction", model: "m", version: "1", id, time, ...event };
        return [prediction, { type: "outcome", model: "m", id, time: time + 1000, label: index % 3 === 0 ? 1 : 0 }];
      })
      .map((one) => JSON.stringify(one));
  const settings = `${text.slice(0, -1)}, outcomes: {horizon: 1h}}`;
  const before = foldOf(settings);
  applyLines(before, before.log("t", 0, 365 * 24 * hour), decoderFor("native"), labelled(0, 180));
  closedAt(before, 180);
  await new LearnedReferences(before, { ...options, directory: place }, logger).save();
  const learned = await readLearnedReferences(place, logger);
  const performance = learned.get("m")?.performance ?? null;
  // An hour of outcomes from the first on.
  expect(labelledWeight(performance ?? new Map())).toBe(1200);
  const anew = new Fold({ ...foldOf(settings).settings, learned });
  applyLines(anew, anew.log("t", 0, 365 * 24 * hour), decoderFor("native"), labelled(180, 182));
  closedAt(anew, 182);
  const known = (of: Fold) => packPane(performanceMemoryOf(modelOf(of)).reference ?? new Map());
  expect(known(anew)).toEqual(packPane(performance ?? new Map()));
  expect(known(anew)).toEqual(known(before));
  rmSync(place, { recursive: true });
});

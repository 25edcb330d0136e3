// A model that goes on under another reference: what its windows hold of features whose bins are others now, and of all else.
import { describe, expect, test } from "vitest";
import { random } from "../../bench/events.ts";
import { parseConfig } from "../../src/config/load.ts";
import { binCounts } from "../../src/monitor/feature-pane.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import type { Reference } from "../../src/reference/reference.ts";
import type { Fold } from "../../src/state/fold.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/state/snapshot.ts";
import { closedAt, type Event, folded, foldOf, hour, learned, memoryOf, windowIn } from "./compared.ts";

const defaults = "defaults: {windows: [1h], learn: 3h}";
const configured = `${defaults}\nmodels: {m: {reference: r.json}}`;
const perMinute = 10;

/** @param late whether the feature y is there; it comes later than x */
function traffic(from: number, to: number, late: boolean, scale = 1): [number, Event][] {
  const next = random(5);
  return Array.from({ length: (to - from) * perMinute }, (_, index) => {
    const features = { x: scale * next(), ...(late ? { y: next() } : {}) };
    return [from + index / perMinute, { features }];
  });
}

/** As after a restart with another configuration or other files. */
function under(fold: Fold, text: string, references: ReadonlyMap<string, Reference>): Fold {
  const config = parseConfig(`source: {file: {paths: [none]}}\n${text}`, "test");
  const loaded = decodeSnapshot(encodeSnapshot(fold, 0), foldSettings(config, references));
  if (!("fold" in loaded)) throw new Error(loaded.refused);
  return loaded.fold;
}

const inWindow = (fold: Fold, feature: string): number => {
  const part = windowIn(fold, hour).closed.features.get(feature);
  return part === undefined ? 0 : Array.from(binCounts(part)).reduce((sum, count) => sum + count, 0);
};

const referenceOf = (scale: number): Reference => learned(closedAt(folded(foldOf(defaults), traffic(0, 180, false, scale)), 180));
const [small, large] = [referenceOf(1), referenceOf(1000)];

describe("a model that goes on under another reference", () => {
  test("which is its first, while it was learning: its window is counted in that one's bins, old panes and new", () => {
    const learning = closedAt(folded(foldOf(defaults), traffic(0, 90, false)), 90);
    expect(memoryOf(learning).of("x").bins).toBeNull();
    const fold = under(learning, configured, new Map([["r.json", small]]));
    expect(memoryOf(fold).of("x").bins?.edges).toEqual(small.features.get("x")?.bins?.edges);
    expect(inWindow(fold, "x")).toBe(60 * perMinute);
    closedAt(folded(fold, traffic(90, 120, false)), 120);
    expect(inWindow(fold, "x")).toBe(60 * perMinute);
  });

  test("of other bins: its window begins anew, and is still there when another feature's bins are frozen", () => {
    const first = new Map([["r.json", small]]);
    const before = closedAt(folded(foldOf(configured, first), traffic(0, 60, false)), 60);
    expect(inWindow(before, "x")).toBe(60 * perMinute);
    const fold = under(before, configured, new Map([["r.json", large]]));
    expect(inWindow(fold, "x")).toBe(0);
    closedAt(folded(fold, traffic(60, 90, true)), 90);
    expect(inWindow(fold, "x")).toBe(30 * perMinute);
    closedAt(folded(fold, traffic(90, 241, true)), 241);
    expect(memoryOf(fold).of("y").bins).not.toBeNull();
    expect(inWindow(fold, "x")).toBe(60 * perMinute);
  });
});

// Since when an alarm is on, and since when what raised it differs: the same after a restart, and gone with the alarm.
import { beforeAll, describe, expect, test } from "vitest";
import type { Page } from "../../src/expose/sample.ts";
import { features } from "../../src/monitor/features.ts";
import { performance } from "../../src/monitor/performance.ts";
import { featureMemoryOf, featureTotalsOf } from "../../src/pipeline/of-features.ts";
import { performanceMemoryOf, performanceTotalsOf } from "../../src/pipeline/of-performance.ts";
import type { Reference } from "../../src/reference/reference.ts";
import { Random } from "../../src/source/simulator/random.ts";
import type { Fold } from "../../src/state/fold.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/state/snapshot.ts";
import { alarmedFold, alarmedLines, alarmedSettings, changeMillis } from "../state/alarmed.ts";
import { closedAt, type Event, folded, foldOf, hour, learned, minute, start } from "./compared.ts";

function shown(fold: Fold): ReadonlyMap<string, number> {
  const model = fold.models.get("m");
  const version = model?.versions.get("1");
  if (model === undefined || version === undefined) throw new Error("nothing was folded");
  const lines = new Map<string, number>();
  const page: Page = {
    sample: ({ prefix }, value) => {
      if (!Number.isNaN(value)) lines.set(prefix.slice(0, prefix.indexOf("{")), value);
    },
    histogram: () => undefined,
  };
  const subject = { model: "m", version: "1" };
  features.totalsWriter(subject).writeState(featureTotalsOf(version), featureMemoryOf(model), page, () => "shown");
  performance.totalsWriter(subject).writeState(performanceTotalsOf(version), performanceMemoryOf(model), page, () => "shown");
  return lines;
}

const since = "ml_drift_alarm_since_timestamp_seconds";
const first = "ml_drift_alarm_first_deviation_timestamp_seconds";
const worseSince = "ml_performance_alarm_since_timestamp_seconds";

describe("alarms of the values and of their labels", () => {
  let fold: Fold;
  beforeAll(() => {
    fold = alarmedFold(alarmedLines());
  });

  test("that are on say since when, and the first minute that differs", () => {
    const page = shown(fold);
    const version = fold.models.get("m")?.versions.get("1");
    if (version === undefined) throw new Error("no version");
    const began = featureTotalsOf(version).alarm.recent.find(({ alarm }) => alarm)?.timeMillis as number;
    expect(page.get(since)).toBe(began / 1000);
    expect(Math.abs((page.get(first) as number) - changeMillis / 1000)).toBeLessThanOrEqual(120);
    const worse = performanceTotalsOf(version).alarm.alarm.recent.find(({ alarm }) => alarm)?.timeMillis as number;
    expect(page.get(worseSince)).toBe(worse / 1000);
    expect(worse).toBeGreaterThan(changeMillis);
  });

  test("say so after a restart", () => {
    const loaded = decodeSnapshot(encodeSnapshot(fold, 0), alarmedSettings);
    if (!("fold" in loaded)) throw new Error(loaded.refused);
    expect(shown(loaded.fold)).toEqual(shown(fold));
  });

  test("that are off say nothing", () => {
    const page = shown(alarmedFold(alarmedLines(false)));
    expect([page.get("ml_drift_alarm"), page.get("ml_performance_alarm")]).toEqual([0, 0]);
    for (const name of [since, first, worseSince]) expect(page.has(name)).toBe(false);
  });
});

/** In minutes: what is learned is normal; a change comes and goes. */
const [begins, ends] = [80 * 60 + 95, 80 * 60 + 155];
const configuration = (more: string): string =>
  `defaults: {${more}, drift: {min_effect: 0.02, min_samples: 200, min_samples_per_degree: 5}}\nmodels: {m: {reference: r.json}}`;

function traffic(from: number, to: number, perMinute: number, seed: number, change: (event: Event, at: number) => Event) {
  const random = new Random(seed);
  return Array.from({ length: (to - from) * perMinute }, (_, index): [number, Event] => {
    const at = from + index / perMinute;
    return [at, change({ features: { amount: 50 + 10 * random.normal() } }, at)];
  });
}

const same = (event: Event): Event => event;
const missing = (event: Event, at: number): Event => (at >= begins && at < ends ? { features: { other: 1 } } : event);

describe("with a reference", () => {
  let reference: Reference;
  beforeAll(() => {
    const learning = foldOf("defaults: {windows: [1h], learn: 80h}");
    reference = learned(closedAt(folded(learning, traffic(0, 80 * 60, 2, 1, same)), 80 * 60));
  });

  test("is the same however far the frontier moves at once, and wherever the process is restarted", () => {
    const events = traffic(80 * 60, ends, 10, 2, missing);
    const text = configuration("windows: [1h, 24h]");
    const references = new Map([["r.json", reference]]);
    const expected = shown(closedAt(folded(foldOf(text, references), events), ends));
    expect(expected.get(first)).toBe(start / 1000 + begins * 60);
    let fold = folded(foldOf(text, references), events);
    for (let at = 80 * 60; at <= ends; at++) {
      closedAt(fold, at);
      if (at % 7 !== 0) continue;
      const loaded = decodeSnapshot(encodeSnapshot(fold, 0), fold.settings);
      if (!("fold" in loaded)) throw new Error(loaded.refused);
      fold = loaded.fold;
    }
    expect(shown(fold)).toEqual(expected);
  });

  const playedTo = (minutes: number, windows: string, change: (event: Event, at: number) => Event): Fold => {
    const fold = foldOf(configuration(windows), new Map([["r.json", reference]]));
    return closedAt(folded(fold, traffic(80 * 60, minutes, 10, 2, change)), minutes);
  };

  test("a feature that is missing is so since the minute in which it vanished", () => {
    const page = shown(playedTo(ends, "windows: [1h]", missing));
    expect(page.get("ml_drift_alarm")).toBe(1);
    expect(page.get(first)).toBe(start / 1000 + begins * 60);
    expect(page.get(since)).toBeGreaterThan(page.get(first) as number);
  });

  test("an alarm that has ended says nothing, and the next one begins anew", () => {
    const again = (event: Event, at: number): Event => missing(event, at >= ends + 300 ? at - 400 : at);
    const calm = shown(playedTo(ends + 300, "windows: [1h]", again));
    expect([calm.get("ml_drift_alarm"), calm.has(since), calm.has(first)]).toEqual([0, false, false]);
    const next = shown(playedTo(begins + 430, "windows: [1h]", again));
    expect(next.get("ml_drift_alarm")).toBe(1);
    expect(next.get(first)).toBe(start / 1000 + (begins + 400) * 60);
  });

  test("of windows of hours alone it is the hour", () => {
    const fold = playedTo(80 * 60 + 12 * 60, "windows: [6h]", (event, at) => (at >= begins ? { features: { other: 1 } } : event));
    const page = shown(fold);
    expect(page.get("ml_drift_alarm")).toBe(1);
    expect(page.get(first)).toBe((start + Math.floor((begins * minute) / hour) * hour) / 1000);
  });
});

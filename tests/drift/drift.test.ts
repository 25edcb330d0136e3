// A window against its reference, as a whole: what is said, from how many values, and what is not said while it is not known.
import { beforeAll, describe, expect, test } from "vitest";
import { SettledDrift } from "../../src/monitor/comparison.ts";
import type { FeatureDrift } from "../../src/monitor/feature-drift.ts";
import { changeOf } from "../../src/monitor/root-cause.ts";
import { driftOf, prepareDrift, windowDriftOf } from "../../src/monitor/window-drift.ts";
import { encodeReference } from "../../src/reference/file.ts";
import type { Reference } from "../../src/reference/reference.ts";
import { Random } from "../../src/source/simulator/random.ts";
import type { Fold } from "../../src/state/fold.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/state/snapshot.ts";
import { driftTests, methods } from "../../src/stats/scores.ts";
import { closedAt, type Event, folded, foldOf, hour, learned, memoryOf, modelOf, windowIn } from "./compared.ts";

const perMinute = 20;
const dayMinutes = 1440;
const windows = "windows: [1h, 24h]";

/** Traffic with a pattern by hour of the day; `change` says what is different. */
function traffic(
  from: number,
  to: number,
  random: Random,
  change: (event: Event) => Event = (event) => event,
): [number, Event][] {
  return Array.from({ length: (to - from) * perMinute }, (_, index) => {
    const minutes = from + index / perMinute;
    const tide = Math.sin((2 * Math.PI * minutes) / dayMinutes);
    const x = random.normal() + 3 * tide;
    const event = {
      features: { x, c: random.chance(0.7) ? "a" : "b", m: random.chance(0.01) ? null : 1 + random.uniform() },
      segment: { site: random.chance(0.5) ? "north" : "south" },
      score: 1 / (1 + Math.exp(-x / 3)),
    };
    return [minutes, change(event)];
  });
}

function driftIn(fold: Fold, feature: string, length: number, of = {}): FeatureDrift {
  const drift = driftOf(feature, windowIn(fold, length, of), memoryOf(fold));
  if (drift === null) throw new Error(`no drift of ${feature}`);
  return drift;
}

const learnedDays = 4;
const learnedMinutes = learnedDays * dayMinutes;
let reference: Reference;
beforeAll(() => {
  const learning = foldOf(`defaults: {${windows}, learn: ${learnedDays}d}\nmodels: {m: {segments: [site]}}`);
  reference = learned(closedAt(folded(learning, traffic(0, learnedMinutes, new Random(1))), learnedMinutes));
});

const configured = `defaults: {${windows}, drift: {min_effect: 0.02}}\nmodels: {m: {segments: [site], reference: r.json}}`;
/** Events of a time after the reference, folded until an hour later. */
function compared(hours: number, change?: (event: Event) => Event, text = configured): Fold {
  const [from, to] = [learnedMinutes, learnedMinutes + hours * 60];
  const fold = foldOf(text, new Map([["r.json", reference]]));
  return closedAt(folded(fold, traffic(from, to, new Random(2), change)), to);
}

let undrifted: Fold;
beforeAll(() => {
  undrifted = compared(1);
});

const shifted = (event: Event): Event => {
  const features = event.features as { x: number };
  return { ...event, features: { ...features, x: features.x + 1 } };
};

describe("windows of an hour, against the same hours of the day", () => {
  test("without drift: nothing to see, and it is known how much hours differ", () => {
    for (const feature of ["x", "c", "m", "$score"]) {
      const drift = driftIn(undrifted, feature, hour);
      expect(drift.matched).toBe(true);
      expect(drift.calibration).toEqual({ known: true });
      expect(drift.scores.psi_adjusted).toBeLessThan(0.02);
      expect(drift.pValue("min_effect")).toBeGreaterThan(0.01);
    }
  });

  test("a shift of one standard deviation is found, as far as it went", () => {
    const drift = driftIn(compared(1, shifted), "x", hour);
    const { scores, samples } = drift;
    expect(samples).toBe(60 * perMinute);
    expect(scores.psi).toBeGreaterThan(0.5);
    // The reference's own deviation is that of all hours: sqrt(1 + 9 / 2).
    expect(scores.wasserstein).toBeGreaterThan(0.35);
    expect(scores.wasserstein).toBeLessThan(0.5);
    for (const test of ["min_effect", "chi_square", "anderson_darling"] as const) expect(drift.pValue(test)).toBeLessThan(1e-6);
  });

  test("against whole days the time of day would look like drift", () => {
    const off = "defaults: {windows: [1h, 24h], drift: {min_effect: 0.02}}\nmodels: {m: {reference: r.json}}";
    const fold = foldOf(off, new Map([["r.json", { ...reference, features: withoutHours(reference) }]]));
    closedAt(folded(fold, traffic(learnedMinutes + 360, learnedMinutes + 420, new Random(2))), learnedMinutes + 420);
    expect(driftIn(fold, "x", hour).scores.psi).toBeGreaterThan(1);
  });
});

function withoutHours({ features }: Reference): Reference["features"] {
  return new Map([...features].map(([name, feature]) => [name, { ...feature, byHour: null }]));
}

describe("what is not a part of the distribution", () => {
  test("a category that nobody knew is a rate, tested for itself", () => {
    let at = 0;
    const fold = compared(1, (event) => ({
      ...event,
      features: { ...(event.features as object), ...(at++ % 5 === 0 ? { c: "new" } : {}) },
    }));
    const drift = driftIn(fold, "c", hour);
    const unseen = drift.states.find(({ state }) => state === "unseen");
    expect(unseen?.window.count).toBe(240);
    expect(unseen?.pValue).toBeLessThan(1e-6);
    // The others are as they were among themselves.
    expect(drift.scores.psi_adjusted).toBeLessThan(0.02);
    expect(drift.scores.total_variation).toBeGreaterThan(0.15);
  });

  test("values that are missing or null more often", () => {
    let at = 0;
    const fold = compared(1, (event) => {
      const { m, ...others } = event.features as { m: number | null };
      at += 1;
      return { ...event, features: at % 10 === 0 ? others : { ...others, m: at % 20 === 1 ? null : m } };
    });
    const { states } = driftIn(fold, "m", hour);
    const of = (name: string) => states.find(({ state }) => state === name);
    expect(of("missing")?.window.count).toBe(120);
    expect(of("missing")?.pValue).toBeLessThan(1e-6);
    expect(of("null")?.difference).toBeGreaterThan(0.04);
    expect(of("null")?.pValue).toBeLessThan(1e-4);
    expect(of("wrong_type")?.pValue).toBe(1);
  });

  test("of what is missing altogether the p-value is 0, and not unknown", () => {
    const fold = compared(1, (event) => ({ ...event, features: { ...(event.features as object), m: null } }));
    expect(driftIn(fold, "m", hour).states.find(({ state }) => state === "null")?.pValue).toBe(0);
  });

  test("is told of the window itself, also where the values that are left are too few for it", () => {
    let at = 0;
    const change = (event: Event): Event => {
      const { m, ...others } = event.features as { m: number | null };
      at += 1;
      const recent = at > 5 * 60 * perMinute;
      return { ...event, features: recent && at % 20 > 4 ? others : { ...others, m } };
    };
    const fold = compared(6, change);
    const drift = windowDriftOf("m", windowIn(fold, hour), memoryOf(fold));
    // A quarter of 1,200 values is left, so their distribution is that of longer.
    expect(drift?.values.windowMillis).toBeGreaterThan(hour);
    expect(drift?.rates.windowMillis).toBe(hour);
    expect(drift?.rates.states.find(({ state }) => state === "missing")?.window).toEqual({ count: 900, size: 1200 });
    expect(drift?.rates.alpha).toBeLessThan(drift?.values.alpha ?? 0);
  });

  test("as often as in the reference, and within what is tolerated, it is not noticed", () => {
    for (const { state, pValue } of driftIn(undrifted, "m", hour).states) {
      expect({ state, known: pValue > 0.01 }).toEqual({ state, known: true });
    }
  });
});

describe("when all that is exported was computed", () => {
  const everything = (drift: FeatureDrift | undefined): unknown => {
    if (drift === undefined) return null;
    const { samples, windowMillis, samplesNeeded, matched, alpha, states, calibration } = drift;
    const scores = methods.map((method) => drift.scores[method]);
    const pValues = driftTests.map((test) => drift.pValue(test));
    return { samples, windowMillis, samplesNeeded, matched, alpha, states, calibration, scores, pValues };
  };
  const wrong = (event: Event, index: number): Event => {
    return index % 4 === 0 ? event : { ...event, features: { ...(event.features as object), m: null } };
  };

  test.each([
    ["of what the window has", 1, (event: Event) => event],
    ["of a longer window, and of rates in this one", 6, wrong],
  ])("only numbers are kept, and nothing else is said: %s", (_what, hours, change) => {
    let at = 0;
    const fold = compared(hours, (event) => change(event, at++));
    const [window, memory] = [windowIn(fold, hour), memoryOf(fold)];
    const all = ["x", "c", "m", "$score"].map((feature) => {
      const drift = windowDriftOf(feature, window, memory);
      expect(drift?.values.states.length).toBeGreaterThan(2);
      expect(drift?.values.pValue("min_effect")).toBeGreaterThan(0);
      return { feature, drift, said: [everything(drift?.values), everything(drift?.rates)] };
    });
    for (const _ of prepareDrift(window, memory));
    for (const { feature, drift, said } of all) {
      const settled = windowDriftOf(feature, window, memory);
      expect(settled?.values).toBeInstanceOf(SettledDrift);
      expect([everything(settled?.values), everything(settled?.rates)]).toEqual(said);
      expect(settled?.rates === settled?.values).toBe(drift?.rates === drift?.values);
    }
  });
});

describe("too few values", () => {
  const rare = (hours: number, text = configured): Fold => {
    const [from, to] = [learnedMinutes, learnedMinutes + hours * 60];
    const events = traffic(from, to, new Random(3)).filter((_, index) => index % 8 === 0);
    return closedAt(folded(foldOf(text, new Map([["r.json", reference]])), events), to);
  };

  test("a window looks back as far as it has to, and says so", () => {
    const drift = driftIn(rare(24), "x", hour);
    expect(drift.windowMillis).toBe(6 * hour);
    expect(drift.samples).toBeGreaterThanOrEqual(drift.samplesNeeded);
    expect(drift.scores.psi).toBeGreaterThan(0);
  });

  test("where there is nothing to look back to, there is no score", () => {
    const drift = driftIn(rare(1), "x", hour);
    expect(drift.samples).toBe(150);
    expect(drift.samplesNeeded).toBeGreaterThan(500);
    expect(Object.values(drift.scores).every(Number.isNaN)).toBe(true);
    expect((["min_effect", "chi_square", "anderson_darling"] as const).map((test) => drift.pValue(test))).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
  });
});

describe("weights", () => {
  test("the sample size is what weighted events are worth", () => {
    let at = 0;
    const { samples } = driftIn(
      compared(1, (event) => ({ ...event, weight: at++ % 2 === 0 ? 1 : 9 })),
      "x",
      hour,
    );
    // (600 + 5400)^2 / (600 + 81 * 600)
    expect(samples).toBeCloseTo(6000 ** 2 / 49_200, 6);
  });

  test("equal weights change no score", () => {
    const plain = driftIn(undrifted, "x", hour);
    const weighted = driftIn(
      compared(1, (event) => ({ ...event, weight: 16 })),
      "x",
      hour,
    );
    expect(weighted.samples).toBe(plain.samples);
    expect(weighted.scores.psi).toBeCloseTo(plain.scores.psi, 12);
  });
});

describe("segments and versions", () => {
  test("a segment is compared with its own", () => {
    const only = (event: Event): Event => ((event.segment as { site: string }).site === "south" ? shifted(event) : event);
    const fold = compared(2, only);
    expect(driftIn(fold, "x", hour, { segment: "site=south" }).scores.psi).toBeGreaterThan(0.3);
    expect(driftIn(fold, "x", hour, { segment: "site=south" }).matched).toBe(false);
    expect(reference.features.get("x")?.segments.size).toBe(2);
  });

  test("a segment that the reference does not know has no score", () => {
    const fold = compared(1, (event) => ({ ...event, segment: { site: "west" } }));
    expect(driftOf("x", windowIn(fold, hour, { segment: "site=west" }), memoryOf(fold))).toBeNull();
  });

  test("a version with a reference of its own is compared with that", () => {
    const all = reference.features.get("x");
    const own = { ...reference, features: new Map([["x", { ...(all as NonNullable<typeof all>), byHour: null }]]) };
    const text = `defaults: {${windows}}\nmodels: {m: {reference: r.json, versions: {"1": {reference: own.json}}}}`;
    const fold = foldOf(
      text,
      new Map([
        ["r.json", reference],
        ["own.json", own],
      ]),
    );
    closedAt(folded(fold, traffic(learnedMinutes, learnedMinutes + 60, new Random(2))), learnedMinutes + 60);
    expect([driftIn(fold, "x", hour).matched, driftIn(fold, "c", hour).matched]).toEqual([false, true]);
  });
});

describe("a reference that is learned", () => {
  const text = `defaults: {${windows}, learn: 24h}`;

  test("is there with a full window, and says when it will know how much windows differ", () => {
    const fold = closedAt(folded(foldOf(text), traffic(0, dayMinutes, new Random(5))), dayMinutes);
    const drift = driftIn(fold, "x", hour);
    expect(drift.samples).toBe(60 * perMinute);
    expect(drift.scores.psi).toBeGreaterThan(0);
    expect(drift.pValue("min_effect")).toBeNaN();
    // 60 hours are needed; of the first 24 the last is not over when the next begins.
    expect(drift.calibration).toEqual({ known: false, reason: "few_panes", remainingMillis: 37 * hour });
  });

  test("goes on learning how much they differ, also over a restart, and then has p-values", () => {
    const first = closedAt(folded(foldOf(text), traffic(0, 2 * dayMinutes, new Random(5))), 2 * dayMinutes);
    const loaded = decodeSnapshot(encodeSnapshot(first, 0), first.settings);
    if (!("fold" in loaded)) throw new Error(loaded.refused);
    const fold = closedAt(folded(loaded.fold, traffic(2 * dayMinutes, 3 * dayMinutes, new Random(6))), 3 * dayMinutes);
    expect(driftIn(fold, "x", hour).calibration).toEqual({ known: true });
    expect(driftIn(fold, "x", hour).pValue("min_effect")).toBeGreaterThan(0.001);
    expect(encodeReference(learned(fold))).not.toBe("");
    // Its counts stay as they were frozen.
    const counts = (of: Fold) => learned(of).features.get("x")?.all.numbers?.columns;
    expect(counts(fold)).toEqual(counts(first));
    expect(modelOf(fold).versions.size).toBe(1);
  });
});

describe("why a mean changed", () => {
  test("the feature that moved the score explains it, and no other", () => {
    const learning = foldOf(`defaults: {${windows}, learn: 24h}`);
    const score = (event: Event): Event => {
      const { c } = event.features as { c: string };
      return { ...event, score: c === "a" ? 0.2 : 0.6 };
    };
    const before = learned(closedAt(folded(learning, traffic(0, dayMinutes, new Random(7), score)), dayMinutes));
    const moved = (event: Event): Event => score({ ...event, features: { ...(event.features as object), c: "b" } });
    let at = 0;
    const half = (event: Event): Event => (at++ % 2 === 0 ? moved(event) : score(event));
    const fold = foldOf(`defaults: {${windows}}\nmodels: {m: {reference: r.json}}`, new Map([["r.json", before]]));
    closedAt(folded(fold, traffic(dayMinutes, dayMinutes + 60, new Random(8), half)), dayMinutes + 60);
    const change = changeOf(windowIn(fold, hour), memoryOf(fold));
    expect([change?.metric, change?.notable]).toEqual(["$score", true]);
    const moveBy = (change?.windowMean ?? 0) - (change?.referenceMean ?? 0);
    expect(moveBy).toBeGreaterThan(0.1);
    const [first, ...others] = change?.causes ?? [];
    expect(first?.feature).toBe("c");
    expect((first?.mix ?? 0) / moveBy).toBeCloseTo(1, 1);
    for (const { mix } of others) expect(Math.abs(mix / moveBy)).toBeLessThan(0.2);
    // Without a change there is nothing to explain.
    const same = foldOf(`defaults: {${windows}}\nmodels: {m: {reference: r.json}}`, new Map([["r.json", before]]));
    closedAt(folded(same, traffic(dayMinutes, dayMinutes + 60, new Random(8), score)), dayMinutes + 60);
    expect(changeOf(windowIn(same, hour), memoryOf(same))?.notable).toBe(false);
  });
});

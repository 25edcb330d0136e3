// What the fold is told of models: everything that a configuration says arrives, and what it does not say is said.
import { expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import { methods as schemaMethods, tests as schemaTests } from "../../src/config/schema/drift.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { driftTests, methods } from "../../src/stats/scores.ts";

const settingsOf = (models: string) => foldSettings(parseConfig(`source: {file: {paths: [a]}}\nmodels: ${models}`, "test"));

test("labels, required features, objectives and batch runs", () => {
  const { models } = settingsOf(`
  fraud:
    task: binary
    team: payments
    tier: critical
    features: {amount: {required: true}, age: {required: false}, country: {}}
    slos: {latency: {objective: 0.99, below_ms: 200}, availability: {objective: 0.999}, f1: {objective: 0.9, metric: f1, over: 1h, above: 0.5}, right: {objective: 0.99, metric: absolute_percentage_error, below: 0.2}}
    outcomes: {threshold: [0.3, 0.5], percentage_floor: 2, mature: 0.5}
    batch: {every: 1d, min_rows: 9}
`);
  const fraud = models.get("fraud");
  expect(fraud).toMatchObject({ task: "binary", team: "payments", tier: "critical" });
  expect([...(fraud?.features ?? [])].map(([name, { required }]) => [name, required])).toEqual([
    ["amount", true],
    ["age", false],
    ["country", undefined],
  ]);
  expect(fraud?.objectives).toEqual([
    { name: "latency", objective: 0.99, belowMillis: 200 },
    { name: "availability", objective: 0.999, belowMillis: null },
  ]);
  expect(fraud?.performance).toEqual({
    pairs: { task: "binary", positive: null, thresholds: [0.3, 0.5], percentageFloor: 2 },
    mature: 0.5,
    ripeMillis: 0,
    horizonMillis: 7 * 86_400_000,
    confusion: false,
    tolerance: 0.02,
    objectives: [
      { name: "f1", objective: 0.9, metric: "f1", overMillis: 3_600_000, side: "above", limit: 0.5 },
      { name: "right", objective: 0.99, metric: "absolute_percentage_error", overMillis: null, side: "below", limit: 0.2 },
    ],
    falseAlarms: { count: 0.1, millis: 30 * 86_400_000 },
  });
  expect(fraud?.batch).toEqual({ everyMillis: 86_400_000, graceMillis: 0, minRows: 9 });
});

test("of a model of which nothing is said, and of one that is not listed, the same", () => {
  const { models, defaults } = settingsOf("{fraud: {}}");
  expect(models.get("fraud")).toEqual(defaults);
  expect(defaults).toMatchObject({ task: "", team: "", tier: "standard", objectives: [], batch: null });
});

test("methods and tests have the names that the statistics give them", () => {
  expect([...schemaMethods]).toEqual([...methods]);
  expect([...schemaTests]).toEqual([...driftTests]);
});

test("drift: the defaults, what a model says instead, and all methods and tests", () => {
  const { models, defaults } = settingsOf("{fraud: {drift: {min_effect: 0.2, tests: all, tolerance: {null: 0.5}}}}");
  expect(defaults.drift).toEqual({
    minEffect: 0.1,
    falseAlarms: { count: 1, millis: 30 * 86_400_000 },
    windows: [
      { millis: 3_600_000, name: "1h" },
      { millis: 86_400_000, name: "24h" },
    ],
    minSamples: 500,
    minSamplesPerDegree: 40,
    dispersion: true,
    methods: ["psi_adjusted", "total_variation", "wasserstein"],
    tests: ["min_effect"],
    tolerance: { missing: 0.01, null: 0.01, wrong_type: 0.001, unseen: 0.01 },
  });
  expect(models.get("fraud")?.drift).toEqual({
    ...defaults.drift,
    minEffect: 0.2,
    tests: [...driftTests],
    tolerance: { ...defaults.drift.tolerance, null: 0.5 },
  });
});

test("outcomes: off where nobody speaks of them, else the model's own before the defaults", () => {
  const of = (text: string) => foldSettings(parseConfig(`source: {file: {paths: [a]}}\n${text}`, "test"));
  expect(of("models: {fraud: {}}").models.get("fraud")?.outcomes).toBeNull();
  const own = of("models: {fraud: {outcomes: {absent: false, positive: 1}}}");
  expect(own.defaults.outcomes).toBeNull();
  expect(own.models.get("fraud")?.outcomes).toEqual({
    horizonMillis: 7 * 86_400_000,
    sample: 1,
    absent: "false",
  });
  expect(own.models.get("fraud")?.performance).toEqual({
    pairs: { task: "", positive: 1, thresholds: [], percentageFloor: 0 },
    mature: 0.8,
    ripeMillis: 7 * 86_400_000,
    horizonMillis: 7 * 86_400_000,
    confusion: false,
    tolerance: 0.02,
    objectives: [],
    falseAlarms: { count: 0.1, millis: 30 * 86_400_000 },
  });
  // What worse predictions may raise is a part of all, and not more.
  expect(own.models.get("fraud")?.drift.falseAlarms).toEqual({ count: 0.9, millis: 30 * 86_400_000 });
  expect(own.defaults.drift.falseAlarms.count).toBe(1);
  const both = of("defaults: {outcomes: {horizon: 1h, sample: 0.5}}\nmodels: {fraud: {outcomes: {sample: 0.1, threshold: 0.3}}}");
  expect(both.defaults.outcomes).toMatchObject({ horizonMillis: 3_600_000, sample: 0.5 });
  expect(both.defaults.performance?.pairs.thresholds).toEqual([]);
  expect(both.models.get("fraud")?.outcomes).toMatchObject({ horizonMillis: 3_600_000, sample: 0.1 });
  expect(both.models.get("fraud")?.performance?.pairs.thresholds).toEqual([0.3]);
  expect(both.limits.pending).toBe(2_000_000);
});

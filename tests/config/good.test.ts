// Configurations without mistakes: what is not said has a default, and what is said arrives.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseConfig, parseDocument } from "../../src/config/load.ts";
import { notYetUsed } from "../../src/config/not-yet-used.ts";
import type { Config } from "../../src/config/schema.ts";
import { formats } from "../../src/decode/index.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const parse = (text: string): Config => parseConfig(text, "test", formats);

test("three lines are enough", () => {
  const config = parse(`
source: {kafka: {brokers: [localhost:9092], topics: {predictions: {}}}}
state: {directory: ./state}
web: {listen: 127.0.0.1:9877}
`);
  expect(config).toEqual({
    source: {
      kafka: {
        brokers: ["localhost:9092"],
        group: "prediction-exporter",
        client_id: "prediction-exporter",
        topics: { predictions: { format: "native", lateness: minute } },
        start: "auto",
      },
      idle: 30_000,
      stuck: 10 * minute,
      ahead: hour,
    },
    state: { directory: "./state", every: 30_000 },
    web: { listen: "127.0.0.1:9877", zero_for: 30_000 },
    limits: {
      series: 50_000,
      models: 100,
      versions: 20,
      features: 500,
      slots: 10_000,
      segments: 20,
      categories: 500,
      message_bytes: 262_144,
      pending: 2_000_000,
    },
    defaults: {
      windows: [hour, day],
      learn: day,
      observations: "outputs",
      drift: {
        min_effect: 0.1,
        false_alarms: { count: 1, millis: 30 * day },
        min_samples: 500,
        min_samples_per_degree: 40,
        dispersion: "reference",
        tests: ["min_effect"],
        tolerance: { missing: 0.01, null: 0.01, wrong_type: 0.001, unseen: 0.01 },
      },
      scores: ["psi_adjusted", "total_variation", "wasserstein"],
      future: 5 * minute,
      stale: 15 * minute,
      expire: 7 * day,
      alerts: {
        drifting_share: 0.3,
        reference_age: 180 * day,
        silence: 15 * minute,
        outcome_silence: 6 * hour,
        event_delay: 5 * minute,
        schema_violations: 0.01,
        volume: { low: 0.4, high: 2.5 },
        performance_change: 0.05,
        slo_events: 100,
        performance: {},
      },
    },
    discover: true,
    models: {},
  });
});

test("a topic without anything said of it has the defaults", () => {
  const { source } = parse("source:\n  kafka:\n    brokers: [localhost:9092]\n    topics:\n      predictions:\n");
  expect(source.kafka?.topics).toEqual({ predictions: { format: "native", lateness: minute } });
});

test.each([
  ["earliest", "earliest"],
  ["12h", 12 * hour],
])("a log may begin at %s", (text, start) => {
  const { source } = parse(`source: {kafka: {brokers: ["[::1]:9092"], topics: {t: {}}, start: ${text}}}`);
  expect(source.kafka?.start).toBe(start);
});

test.each(["1m", "2h", "3h", "47h", "2d", "28d"])("a window of %s", (length) => {
  expect(parse(`source: {file: {paths: [a]}}\ndefaults: {windows: [${length}]}`).defaults.windows).toHaveLength(1);
});

test("an alias stands for what it names", () => {
  const { models } = parse(`
source: {file: {paths: [a]}}
models:
  one: {features: &shared {amount: {edges: [1, 2]}}}
  two: {features: *shared}
`);
  expect(models.two).toEqual(models.one);
});

test("what is said of a model arrives", () => {
  const { models } = parse(`
source: {file: {paths: [a]}}
models:
  fraud: {task: binary, team: payments, tier: critical, features: {amount: {required: true}}}
  churn: {slos: {latency: {objective: 0.9, below_ms: 250}}, batch: {every: 1d}}
`);
  expect(models.fraud).toEqual({ task: "binary", team: "payments", tier: "critical", features: { amount: { required: true } } });
  expect(models.churn).toEqual({
    tier: "standard",
    features: {},
    slos: { latency: { objective: 0.9, below_ms: 250 } },
    batch: { every: day, grace: 0 },
  });
});

describe("the example of the contract", () => {
  const contract = readFileSync(new URL("contract.md", import.meta.url), "utf8");
  const [, text] = /```yaml\n([\s\S]*?)```/.exec(contract) as unknown as [string, string];

  test("is accepted, and what is not used yet is named with its line", () => {
    const { config, document } = parseDocument(text, "contract.yml", formats);
    expect(config.models.fraud).toMatchObject({
      reference: "references/fraud.json",
      outcomes: { horizon: 7 * day, sample: 1, positive: 1, threshold: 0.5 },
      fairness: { attribute: "channel", reference_group: "web" },
      business: { cost_per_prediction: 0.001, unit: "EUR" },
      slos: { false_positives: { objective: 0.95, metric: "false_positive_rate", over: hour, below: 0.05 } },
      batch: { every: day, grace: 2 * hour, min_rows: 9000 },
    });
    expect(config.defaults.drift).toEqual({
      min_effect: 0.1,
      false_alarms: { count: 1, millis: 30 * day },
      min_samples: 500,
      min_samples_per_degree: 40,
      dispersion: "reference",
      tests: ["min_effect"],
      tolerance: { missing: 0.01, null: 0.01, wrong_type: 0.001, unseen: 0.01 },
    });
    expect(config.defaults.scores).toEqual(["psi_adjusted", "total_variation", "wasserstein"]);
    expect(notYetUsed(document)).toEqual([
      "contract.yml:32: models.fraud.fairness is accepted but not used by this version",
      "contract.yml:33: models.fraud.business is accepted but not used by this version",
    ]);
  });
});

// Configurations without mistakes: what is not said has a default, and what is said arrives.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
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
    },
    defaults: {
      windows: [hour, day],
      learn: day,
      observations: "outputs",
      future: 5 * minute,
      stale: 15 * minute,
      expire: 7 * day,
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

describe("the example in the README", () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const blocks = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text as string);

  test("is accepted", () => {
    expect(blocks.length).toBeGreaterThanOrEqual(2);
    for (const block of blocks) parse(block);
  });

  test("says each default as it is", () => {
    const stated = parse(blocks.find((block) => block.includes("limits:")) as string);
    const defaults = parse("source: {kafka: {brokers: [localhost:9092], topics: {predictions: {}}}}");
    const { models: _, source, ...rest } = stated;
    const { models: __, source: defaultSource, ...defaultRest } = defaults;
    expect(rest).toEqual(defaultRest);
    expect({ ...source, kafka: { ...source.kafka, ssl: undefined } }).toEqual({
      ...defaultSource,
      kafka: { ...defaultSource.kafka, ssl: undefined },
    });
  });
});

// The examples: accepted, complete, and the defaults that they show are the defaults.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadPrices, parseConfig, parseDocument } from "../../src/config/load.ts";
import { notYetUsed } from "../../src/config/not-yet-used.ts";
import { type Config, configSchema } from "../../src/config/schema.ts";
import { parseYaml } from "../../src/config/yaml.ts";
import type { Receiver } from "../../src/decode/decoder.ts";
import { formats } from "../../src/decode/index.ts";
import { mappedDecoder } from "../../src/decode/mapping.ts";
import { keysOfSchema, keysOfValue, uncommented } from "./schema-keys.ts";

const folder = new URL("../../examples/", import.meta.url);
const prices = "prices.yml";
const examples = readdirSync(folder).filter((name) => name.endsWith(".yml") && name !== prices);
const textOf = (name: string): string => readFileSync(new URL(name, folder), "utf8");
const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const blocks = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text as string);

test("there are some", () => {
  expect(examples).toEqual(["exporter.yml", "mapped.yml", "minimal.yml"]);
  expect(blocks.length).toBeGreaterThanOrEqual(1);
});

test.each([
  ...examples.map((name) => [`examples/${name}`, textOf(name)]),
  ...blocks.map((text, index) => [`README.md, block ${index + 1}`, text]),
])("%s is accepted, and uses nothing that is not used yet", (name, text) => {
  expect(notYetUsed(parseDocument(text as string, name as string, formats).document)).toEqual([]);
});

test("the prices are accepted", () => {
  const { offers } = loadPrices(fileURLToPath(new URL(prices, folder)));
  expect(offers.map(({ name }) => name)).toContain("own Prometheus");
});

/** But for what has to be said, and what is only shown. */
function defaultsOf({ models: _, source: { kafka, ...source }, ...rest }: Config): unknown {
  const { topics, brokers: __, ...others } = kafka as NonNullable<typeof kafka>;
  return { ...rest, source, kafka: { ...others, ssl: others.ssl ?? false }, topic: topics.predictions };
}

const minimal = defaultsOf(parseConfig(textOf("minimal.yml"), "minimal.yml", formats));

test("the example states the defaults as they are, all of them", () => {
  expect(defaultsOf(parseConfig(textOf("exporter.yml"), "exporter.yml", formats))).toEqual(minimal);
  // Stated, not merely left out: as much is in the file as it means.
  const stated = parseYaml(textOf("exporter.yml")).value as Config;
  for (const section of ["state", "web", "limits", "defaults"] as const) {
    expect(Object.keys(stated[section])).toEqual(Object.keys((minimal as Config)[section]));
  }
});

test("a block of the README that states limits states the defaults as they are", () => {
  for (const block of blocks.filter((text) => text.includes("limits:"))) {
    expect(defaultsOf(parseConfig(block, "README.md", formats))).toEqual(minimal);
  }
});

test("three lines are the shortest example", () => {
  expect(textOf("minimal.yml").trimEnd().split("\n").length).toBe(3);
});

const known = keysOfSchema(configSchema);

test("every key of the schema is in the example", () => {
  expect(known.size).toBeGreaterThan(80);
  const text = textOf("exporter.yml");
  const shown = keysOfValue(parseYaml(uncommented(text)).value, known);
  const missing = [...known].filter((key) => !shown.has(key));
  // Fields of mappings have an example of their own; a few alternatives are in the comment beside.
  const mapped = keysOfValue(parseYaml(textOf("mapped.yml")).value, known);
  const elsewhere = missing.filter((key) => !mapped.has(key) && !/\.map\b/.test(key));
  for (const key of elsewhere) expect(text).toMatch(new RegExp(`#.*\\b${key.split(".").at(-1)}\\b`));
  expect(elsewhere.sort()).toEqual([
    "defaults.observations.top",
    "models.*.slos.*.above",
    "source.kafka.ssl.ca_file",
    "source.kafka.ssl.cert_file",
    "source.kafka.ssl.key_file",
  ]);
  const fields = [...known].filter((key) => /^source\.kafka\.topics\.\*\.map\.[a-z_]+$/.test(key));
  expect(fields.length).toBe(25);
  for (const key of fields) expect(textOf("mapped.yml")).toMatch(new RegExp(`\\b${key.split(".").at(-1)}\\b`));
});

test("what is commented out in the example is accepted too, and is what is not used yet", () => {
  const all = uncommented(textOf("exporter.yml")).replace(/^ {2}(file|simulator):.*$/gm, "");
  const { document } = parseDocument(all, "exporter.yml", formats);
  expect(notYetUsed(document).map((message) => message.split(": ")[1]?.split(" ")[0])).toEqual([
    "state.kafka",
    "web.config_file",
    "models.fraud.fairness",
    "models.fraud.business",
  ]);
});

test("the record that mapped.yml shows is read as it says", () => {
  const text = textOf("mapped.yml");
  const record = /^# {3}(\{[\s\S]*?\}\})\n#\n/m.exec(text)?.[1]?.replaceAll(/^#/gm, "") as string;
  const { source } = parseConfig(text, "mapped.yml", formats);
  const events: unknown[] = [];
  const receiver: Receiver = {
    event: (event) => events.push({ ...event }),
    reject: (reason, detail) => events.push({ reason, detail }),
  };
  const decoder = mappedDecoder(source.kafka?.topics["scoring-log"]?.map ?? {});
  decoder.decode(Buffer.from(record), 1_795_420_800_000, { messageBytes: 10_000, futureMillis: 0 }, receiver);
  expect(events).toMatchObject([
    {
      type: "prediction",
      model: "fraud",
      version: "3",
      id: "p-81",
      timeMillis: 1_795_420_800_000,
      score: 0.91,
      latencyMillis: 12.4,
    },
  ]);
  expect(JSON.stringify(events)).toContain('"amount":12.5');
  expect(JSON.stringify(events)).toContain('"channel":"web"');
});

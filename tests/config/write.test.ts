// What `check` prints is a configuration again, of the same meaning; nothing in it is secret.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import { redact, writeConfig } from "../../src/config/write.ts";
import { uncommented } from "./schema-keys.ts";

const formats = ["native"];
const example = (name: string): string => readFileSync(new URL(`../../examples/${name}`, import.meta.url), "utf8");
const full = uncommented(example("exporter.yml")).replace(/^ {2}(file|simulator):.*$/gm, "");

function roundTrip(text: string): void {
  const config = parseConfig(text, "first", formats);
  const written = writeConfig(config);
  expect(parseConfig(written, "second", formats)).toEqual(config);
  expect(writeConfig(parseConfig(written, "second", formats))).toBe(written);
}

describe("read again it means the same", () => {
  test.each(["exporter.yml", "mapped.yml", "minimal.yml"])("of %s", (name) => roundTrip(example(name)));

  test("of everything there is", () => roundTrip(full));

  test("of a file as the source", () =>
    roundTrip("source: {file: {paths: ['a b', \"#c\", '1h', 'null', 'x: y'], map: {id: 'a\\.b'}}}"));

  test("whatever names, texts, numbers and durations it has", () => {
    const name = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
      .filter((one) => one !== "__proto__" && one !== "<<");
    const odd = fc.constantFrom(
      "yes",
      "null",
      "~",
      "1",
      "1e3",
      "0x1",
      "- a",
      "a: b",
      "#",
      "*a",
      "&a",
      "!x",
      "%",
      "a\nb",
      " a ",
      "constructor",
    );
    const text = fc.oneof(name, odd);
    const duration = fc
      .tuple(fc.integer({ min: 1, max: 5000 }), fc.constantFrom("ms", "s", "m", "h", "d", "w"))
      .map((parts) => parts.join(""));
    const feature = fc.oneof(
      fc.record({
        range: fc.tuple(fc.integer({ max: 0 }), fc.double({ min: 1, noNaN: true, noDefaultInfinity: true })),
        required: fc.boolean(),
      }),
      fc.record({ categories: fc.uniqueArray(text, { minLength: 1, maxLength: 4 }) }),
    );
    const model = fc.record({
      team: text,
      learn: duration,
      features: fc.dictionary(text, feature, { maxKeys: 3 }),
      batch: fc.record({ every: duration, grace: duration }),
    });
    const source = fc.oneof(
      text.map((path) => ({ path })),
      text,
      text.map((value) => ({ value })),
      text.map((path) => ({ path, unit: "us" })),
    );
    const map = fc.record({
      id: source,
      features: fc.oneof(
        text,
        fc.dictionary(text, source, { maxKeys: 3 }).map((fields) => ({ fields })),
      ),
    });
    fc.assert(
      fc.property(fc.dictionary(text, model, { maxKeys: 3 }), map, duration, (models, mapping, idle) => {
        for (const one of Object.values(models)) {
          for (const key of Object.keys(one.features)) if (key.startsWith("$score")) delete one.features[key];
        }
        roundTrip(JSON.stringify({ source: { file: { paths: ["a"], map: mapping }, idle }, models }));
      }),
      { numRuns: 200 },
    );
  });
});

test("it is written as people write it", () => {
  const written = writeConfig(parseConfig(full, "full", formats));
  for (const line of [
    "  idle: 30s",
    '    brokers: ["localhost:9092"]',
    "  windows: [1h, 24h]",
    "    false_alarms: 1/30d",
    "          id: request.id",
    "      password_file: /run/secrets/kafka",
    "        range: [0, 100000]",
    "      grace: 2h",
  ]) {
    expect(written.replaceAll("[localhost:9092]", '["localhost:9092"]').split("\n")).toContain(line);
  }
  expect(written).not.toMatch(/undefined|&ref/);
});

describe("secrets", () => {
  test.each([
    "password",
    "client_secret",
    "sasl-password",
    "API_KEY",
    "apikey",
    "auth_token",
    "credentials",
    "private_key",
    "passphrase",
  ])("a text called %s is hidden", (key) => {
    expect(redact({ [key]: "hunter2", inner: [{ [key]: "hunter2" }] }, "")).toEqual({
      [key]: "<redacted>",
      inner: [{ [key]: "<redacted>" }],
    });
  });

  test("keys and users of URLs are hidden wherever they stand", () => {
    expect(redact({ a: "-----BEGIN RSA PRIVATE KEY-----\nMII", b: ["https://alice:hunter2@host/x"] }, "")).toEqual({
      a: "<redacted>",
      b: ["https://<redacted>@host/x"],
    });
  });

  test("the place of a secret is shown, and what only sounds like one", () => {
    const shown = {
      password_file: "/run/secrets/kafka",
      private_key_file: "k.pem",
      tokens: 5,
      password: { type: "numeric" },
      fields: { token: "a.b" },
    };
    expect(redact(shown, "")).toEqual(shown);
  });
});

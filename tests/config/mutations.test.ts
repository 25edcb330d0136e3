// Whatever happens to a configuration: it is accepted, or refused with messages that name a line of the file. Nothing else.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ConfigError, parseConfig } from "../../src/config/load.ts";
import { parseYaml, writeYaml } from "../../src/config/yaml.ts";
import { uncommented } from "./schema-keys.ts";

const example = (name: string): string => readFileSync(new URL(`../../examples/${name}`, import.meta.url), "utf8");
const text = uncommented(example("exporter.yml")).replace(/^ {2}(file|simulator):.*$/gm, "");
const texts = [text, example("mapped.yml"), example("minimal.yml")];
const values = texts.map((one) => parseYaml(one).value);

/** @returns whether it is accepted */
function judged(written: string): boolean {
  try {
    parseConfig(written, "f.yml", ["native"]);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const last = written.split(/\r\n?|\n/).length;
    for (const message of (error as Error).message.split("\n")) {
      const line = Number(/^f\.yml:(\d+)(:\d+)?: \S/.exec(message)?.[1]);
      expect(line, message).toBeGreaterThanOrEqual(1);
      expect(line, message).toBeLessThanOrEqual(last);
      // Words of ours, not of the library's.
      if (!message.includes(": not valid YAML: ")) expect(message).not.toMatch(/undefined|Invalid|expected|Too |\[object/);
    }
    return false;
  }
}

type Mutable = Record<string, unknown>;

/** Every object and list of a value, with their keys. */
function holders(value: unknown): { holder: Mutable; key: string }[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [{ holder: value as Mutable, key }, ...holders(inner)]);
}

const wrong = fc.constantFrom<unknown>(
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  Number.POSITIVE_INFINITY,
  "",
  "1h",
  "text",
  [],
  [1, 2],
  ["a", "a"],
  {},
  { x: 1 },
  { path: 1 },
  { value: "v" },
  [[{}]],
);
const newName = fc.constantFrom("", "x", "__proto__", "constructor", "<<", "brokes", "a.b", "value", "path", "features", "1");

const mutation = fc.oneof(
  fc.record({ what: fc.constant("replace" as const), by: wrong }),
  fc.record({ what: fc.constant("rename" as const), by: newName }),
  fc.record({ what: fc.constant("delete" as const), by: fc.constant(null) }),
);

test("a value deleted, renamed or of another type", () => {
  let accepted = 0;
  fc.assert(
    fc.property(
      fc.nat(texts.length - 1),
      fc.array(fc.tuple(fc.nat(), mutation), { minLength: 1, maxLength: 4 }),
      (index, all) => {
        const value = structuredClone(values[index]);
        for (const [at, { what, by }] of all) {
          const places = holders(value);
          const place = places[at % places.length];
          if (place === undefined) continue;
          const { holder, key } = place;
          const before = holder[key];
          if (what === "replace") holder[key] = structuredClone(by);
          else delete holder[key];
          if (what !== "rename") continue;
          Object.defineProperty(holder, by as string, { value: before, enumerable: true, configurable: true, writable: true });
        }
        if (judged(writeYaml(value))) accepted += 1;
        judged(JSON.stringify(value, null, 2));
      },
    ),
    { numRuns: 600 },
  );
  expect(accepted).toBeGreaterThan(10);
});

test("letters and lines deleted, put in or exchanged", () => {
  const piece = fc.constantFrom(
    "",
    "\n",
    ":",
    ": ",
    "{",
    "}",
    "[",
    "]",
    "'",
    '"',
    "#",
    "- ",
    "  ",
    "\t",
    "&a ",
    "*a",
    "? ",
    "!x ",
    "|",
    "\r",
    "é",
    "\0",
  );
  fc.assert(
    fc.property(
      fc.nat(texts.length - 1),
      fc.array(fc.tuple(fc.nat(), fc.nat(3), piece), { minLength: 1, maxLength: 3 }),
      (index, all) => {
        let written = texts[index] as string;
        for (const [at, removed, put] of all) {
          const place = at % (written.length + 1);
          written = written.slice(0, place) + put + written.slice(place + removed);
        }
        judged(written);
      },
    ),
    { numRuns: 600 },
  );
  for (const one of texts) {
    const lines = one.split("\n");
    for (const [index] of lines.entries()) judged(lines.filter((_, other) => other !== index).join("\n"));
  }
});

test("any text at all", () => {
  const soup = fc.string({ unit: fc.constantFrom(..."abc:{}[],-?&*!|>'\"%@`#\n \t~1."), maxLength: 60 });
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), soup), (any) => {
      judged(any);
      judged(`source: {file: {paths: [a]}}\nmodels:\n  ${any}`);
    }),
    { numRuns: 1000 },
  );
});

// Configurations with mistakes, as files in the folder `bad`, each with its exact message in a text file beside it.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ConfigError, loadConfig, parseConfig } from "../../src/config/load.ts";

/** As if there were no other, so that one more does not change messages. */
const formats = ["native"];
const folder = new URL("bad/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".yml"));
const textOf = (name: string): string => readFileSync(new URL(name, folder), "utf8");

function mistakesOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  return "accepted";
}

describe("files", () => {
  test.each(files)("%s", (name) => {
    const message = mistakesOf(() => parseConfig(textOf(name), name, formats));
    expect(`${message}\n`).toBe(textOf(name.replace(".yml", ".txt")));
    // Each mistake is a line that names the file and a line of it, in the order of lines.
    const lines = message.split("\n").map((line) => Number(new RegExp(`^${name}:(\\d+)(:\\d+)?: \\S`).exec(line)?.[1]));
    expect(lines).toEqual([...lines].sort((first, second) => first - second));
    for (const line of lines) expect(line).toBeLessThanOrEqual(Math.max(1, textOf(name).trimEnd().split("\n").length));
  });

  test("are many", () => {
    expect(files.length).toBeGreaterThanOrEqual(40);
  });

  test("each message belongs to a file", () => {
    const messages = readdirSync(folder).filter((name) => name.endsWith(".txt"));
    expect(messages.map((name) => name.replace(".txt", ".yml"))).toEqual(files);
  });
});

describe("the file itself", () => {
  const directory = mkdtempSync(join(tmpdir(), "config-"));
  afterAll(() => rmSync(directory, { recursive: true }));
  const place = (name: string): string => join(directory, name);

  test("that is not there is named", () => {
    const path = place("none.yml");
    expect(mistakesOf(() => loadConfig(path, formats))).toBe(`${path}: ENOENT: no such file or directory, stat '${path}'`);
  });

  test("that is a folder is named", () => {
    expect(mistakesOf(() => loadConfig(directory, formats))).toMatch(`${directory}: EISDIR`);
  });

  test("that is too large is not read", () => {
    const path = place("large.yml");
    writeFileSync(path, `# ${"x".repeat(1_048_576)}\n`);
    expect(mistakesOf(() => loadConfig(path, formats))).toBe(`${path}: larger than 1048576 bytes`);
  });

  test("with a mistake in it is named in each message", () => {
    const path = place("mistake.yml");
    writeFileSync(path, textOf("limits.yml"));
    const expected = textOf("limits.txt").trimEnd().replaceAll("limits.yml", path);
    expect(mistakesOf(() => loadConfig(path, formats))).toBe(expected);
  });
});

describe("names that objects have by themselves", () => {
  test("are names like others", () => {
    const config = "source: {file: {paths: [a]}}\nmodels: {constructor: {features: {toString: {edges: [1]}}}}\n";
    const { models } = parseConfig(config, "test", formats);
    expect(Object.keys(models)).toEqual(["constructor"]);
    expect(Object.keys(new Map(Object.entries(models)).get("constructor")?.features ?? {})).toEqual(["toString"]);
  });

  test("or are refused, and change nothing", () => {
    const unknown = 'source: {file: {paths: [a]}}\n"__proto__": {polluted: 1}\n';
    const message = "test:2: __proto__: not a name that a configuration can have";
    expect(mistakesOf(() => parseConfig(unknown, "test", formats))).toBe(message);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

test("of very many mistakes the first are named, and how many there are", () => {
  const features = Array.from({ length: 40 }, (_, index) => `      f${index}: {typ: 1}\n`).join("");
  const config = `source: {file: {paths: [a]}}\nmodels:\n  m: &m\n    features:\n${features}  n: *m\n  o: *m\n`;
  const lines = mistakesOf(() => parseConfig(config, "test", formats)).split("\n");
  expect(lines.length).toBe(101);
  expect(lines[2]).toBe('test:5: models.o.features.f0.typ: no such key; did you mean "type"?');
  expect(lines[100]).toBe("test:38: (top): and 20 mistakes more");
});

test("what stands where a secret belongs is not shown", () => {
  const sasl = (rest: string): string =>
    `source: {kafka: {brokers: ["b:1"], topics: {t: }, sasl: {mechanism: plain, username: u, ${rest}}}}`;
  for (const rest of ["password: hunter2", "password_file: {a: hunter2}", "password_file: [hunter2]", "password_file: 7.25"]) {
    const message = mistakesOf(() => parseConfig(sasl(rest), "test", formats));
    expect(message).toMatch(/^test:1: source\.kafka\.sasl\./);
    expect(message).not.toMatch(/hunter2|7\.25/);
  }
});

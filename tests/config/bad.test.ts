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
    // Of several mistakes each is a line that begins with the file; what a parser shows of the file is indented.
    for (const line of message.split("\n")) expect(line).toMatch(new RegExp(`^${name}: |^[ -]|^$`));
  });

  // Not as a file, as the linter would not have it.
  test("a mistake of syntax is shown with its place", () => {
    const text = "source: {file: {paths: [events.jsonl]}\nstate: {directory: ./state}\n";
    expect(mistakesOf(() => parseConfig(text, "syntax.yml", formats))).toBe(
      [
        'syntax.yml: deficient indentation in "syntax.yml" (2:1)',
        "",
        " 1 | source: {file: {paths: [events.j ...",
        " 2 | state: {directory: ./state}",
        "-----^",
      ].join("\n"),
    );
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

test("a key that objects have by themselves is a key like others", () => {
  const config = "source: {file: {paths: [a]}}\nmodels: {constructor: {features: {toString: {edges: [1]}}}}\n";
  const { models } = parseConfig(config, "test", formats);
  expect(Object.keys(models)).toEqual(["constructor"]);
  expect(Object.keys(models.constructor as object)).toContain("features");
  const unknown = 'source: {file: {paths: [a]}}\n"__proto__": {x: 1}\n';
  expect(mistakesOf(() => parseConfig(unknown, "test", formats))).toBe('test: (top): Unrecognized key: "__proto__"');
});

// Places in YAML: which line a key stands in, whatever the style; what is not YAML is said in plain words, once.
import { describe, expect, test } from "vitest";
import { ConfigDocument, keyText } from "../../src/config/document.ts";
import { parseConfig } from "../../src/config/load.ts";
import { parseYaml } from "../../src/config/yaml.ts";

function messageOf(text: string): string {
  try {
    parseConfig(text, "f.yml", ["native"]);
  } catch (error) {
    return (error as Error).message;
  }
  return "accepted";
}

describe("places", () => {
  const text = [
    "# first",
    '"source":',
    "  { \"file\": { 'paths': [a,",
    "        b],",
    "      lateness: 1m },",
    "    idle: 5s }",
    "models: &models",
    "  ? fraud",
    "  : features: &shared",
    "      ? amount",
    "      : range: [1,",
    "          2]",
    '      "card \\"country\\"":',
    "        categories:",
    "          - DE",
    "",
    "          -",
    "      12: {}",
    "      0x0D: {type: numeric}",
    "      empty:",
    "  churn:",
    "    features: *shared",
    "",
  ];
  const lines: readonly (readonly [number, ...(string | number)[]])[] = [
    [2],
    [2, "source"],
    [3, "source", "file"],
    [3, "source", "file", "paths", 0],
    [4, "source", "file", "paths", 1],
    [5, "source", "file", "lateness"],
    [6, "source", "idle"],
    [8, "models", "fraud"],
    [9, "models", "fraud", "features"],
    [10, "models", "fraud", "features", "amount"],
    [11, "models", "fraud", "features", "amount", "range", 0],
    [12, "models", "fraud", "features", "amount", "range", 1],
    [13, "models", "fraud", "features", 'card "country"'],
    [15, "models", "fraud", "features", 'card "country"', "categories", 0],
    [18, "models", "fraud", "features", "12"],
    [19, "models", "fraud", "features", "13", "type"],
    [20, "models", "fraud", "features", "empty"],
    [21, "models", "churn"],
    [22, "models", "churn", "features"],
    [12, "models", "churn", "features", "amount", "range", 1],
    // What is not there stands where the innermost around it does.
    [21, "models", "churn", "learn"],
    [10, "models", "fraud", "features", "amount", "edges", 3, "x"],
    [13, "models", "fraud", "features", 'card "country"', "every"],
    [2, "nothing"],
  ];

  test.each([
    ["as Unix ends lines", "\n"],
    ["as Windows does", "\r\n"],
    ["as old Macs did", "\r"],
  ])("are found, %s", (_, end) => {
    for (const mark of ["", "\uFEFF"]) {
      const { value, place, mistakes } = parseYaml(mark + text.join(end));
      expect(mistakes).toEqual([]);
      const document = new ConfigDocument("f", value, place);
      for (const [line, ...keys] of lines) expect([keys, document.line(keys)]).toEqual([keys, line]);
    }
  });

  test("every key of the value has its own", () => {
    const { value, place } = parseYaml(text.join("\n"));
    const document = new ConfigDocument("f", value, place);
    const walk = (inner: unknown, keys: readonly (string | number)[], atLeast: number): void => {
      if (typeof inner !== "object" || inner === null) return;
      for (const [name, deeper] of Object.entries(inner)) {
        const at = [...keys, Array.isArray(inner) ? Number(name) : name];
        expect(document.at(at)).toBe(deeper);
        if (keys[1] !== "churn") expect(document.line(at)).toBeGreaterThanOrEqual(atLeast);
        walk(deeper, at, document.line(at));
      }
    };
    walk(value, [], 1);
  });
});

test("keys are joined by dots; those that are no words are in quotes", () => {
  expect(keyText(["models", "a.b", "features", "$score", "x\ny", 0])).toBe('models."a.b".features.$score."x\\ny".0');
  expect(keyText([])).toBe("(top)");
});

// Not as files, as the linter would not have them.
describe("what is not YAML", () => {
  const start = "source: {file: {paths: [a]}}\n";
  test.each([
    [
      "a bracket that is not closed",
      "source: {file: {paths: [a]}\nstate: {}\n",
      "2:1: not indented enough, or a quote, bracket or brace before it was not closed",
    ],
    ["a tab", `${start}state:\n\tdirectory: x\n`, "3:1: a tab cannot indent; use spaces"],
    ["a quote that is not closed", `${start}web:\n  listen: "x\n`, "4:1: not indented enough, or a quote"],
    ["a quote that is not closed at the end", `${start}scores: 'all`, "2:13: a quote was not closed"],
    ["two keys in a line", `${start}state: directory: x\n`, "2:17: does not go on from what stands before"],
    ["a sign that YAML reserves", `${start}web: @all\n`, "2:6: does not go on from what stands before"],
    ["an item too far left", `${start}defaults:\n  windows:\n    - 1h\n   - 2h\n`, "5:4: "],
    ["a missing comma", `${start}limits: {series: 1 "models": 2}\n`, "2:28: a comma is missing"],
    ["a value without a key", `${start}state\nweb: {}\n`, "3:4: a key and a colon are missing"],
    ["a zero byte", "source: \u0000\n", "1:9: not a text file"],
    ["a tag", `${start}web: {listen: !env L}\n`, "2:15: unknown scalar tag"],
    ["nesting without an end", `a: ${"[".repeat(500)}`, "1:103: "],
  ])("%s", (_, text, says) => {
    const message = messageOf(text);
    expect(message).toContain(`f.yml:${says.split(": ")[0]}: not valid YAML: ${says.split(": ").slice(1).join(": ")}`);
    expect(message).not.toContain("\n");
  });

  test("a key that is a list", () => {
    expect(messageOf(`${start}models:\n  ? [a, b]\n  : {}\n`)).toBe("f.yml:3:5: a key is a text, not a list or a mapping");
  });
});

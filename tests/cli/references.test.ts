// References that a configuration names: read, and every mistake named with the line of the configuration and the place in
// the file.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadReferences } from "../../src/cli/references.ts";
import { ConfigError, parseDocument } from "../../src/config/load.ts";
import { encodeReference } from "../../src/reference/file.ts";
import type { Reference } from "../../src/reference/reference.ts";
import { closedAt, type Event, folded, foldOf, learned } from "../drift/compared.ts";

const directory = mkdtempSync(join(tmpdir(), "references-"));
afterAll(() => rmSync(directory, { recursive: true }));
const place = (name: string): string => join(directory, name);

function reference(values: number): Reference {
  const events = Array.from({ length: 600 }, (_, index): [number, Event] => [
    index / 10,
    { features: { x: index % values, c: index % 2 === 0 ? "a" : "b" } },
  ]);
  return learned(closedAt(folded(foldOf("defaults: {learn: 1h}"), events), 60));
}

const one = reference(50);
const text = encodeReference(one);
writeFileSync(place("one.json"), text);
writeFileSync(place("other.json"), encodeReference(reference(300)));
writeFileSync(place("edited.json"), text.replace(/"kinds": \{"number":600\}/, '"kinds": {"number":601}'));
writeFileSync(place("cut.json"), text.slice(0, 500));

/** @param model what is said of model m; `@` stands before names of files */
function load(model: string, name = "m"): ReturnType<typeof loadReferences> {
  const yaml = `source: {file: {paths: [a]}}\nmodels:\n  ${name}:\n    ${model.replaceAll("@", `${directory}/`)}\n`;
  return loadReferences(parseDocument(yaml, "exporter.yml"));
}

function refusal(model: string, name?: string): string {
  try {
    load(model, name);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message.replaceAll(`${directory}/`, "@");
  }
  return "accepted";
}

test("what is named is read, once", () => {
  const found = load('{reference: "@one.json", versions: {"2": {reference: "@one.json"}}}');
  expect([...found.keys()]).toEqual([place("one.json")]);
  expect(found.get(place("one.json"))?.hash).toBe(one.hash);
});

test.each([
  ['{reference: "@none.json"}', "m", "exporter.yml:4: models.m.reference: @none.json: no such file; `reference build` makes one"],
  ['{reference: "@one.json"}', "n", 'exporter.yml:4: models.n.reference: @one.json: model: is of "m", not of "n"'],
  [
    '{versions: {"2": {reference: "@one.json"}}}',
    "m",
    "exporter.yml:4: models.m.versions.2.reference: only beside a reference of the model, whose bins it has",
  ],
  [
    '{reference: "@one.json", features: {c: {type: numeric}}}',
    "m",
    "exporter.yml:4: models.m.features.c.type: is not what it is in @one.json",
  ],
  [
    '{reference: "@one.json", features: {x: {edges: [1, 2]}}}',
    "m",
    "exporter.yml:4: models.m.features.x.edges: is not what it is in @one.json",
  ],
])("%s of model %s is refused", (model, name, message) => {
  expect(refusal(model, name)).toBe(message);
});

test("a version's own reference has the bins of the model's", () => {
  const message = refusal('{reference: "@one.json", versions: {"2": {reference: "@other.json"}}}');
  expect(message).toMatch(
    /^exporter\.yml:4: models\.m\.versions\.2\.reference: feature x has other bins than in @one\.json: build it with --like @one\.json$/,
  );
});

test("a file that was changed by hand, or is not whole, says where", () => {
  expect(refusal('{reference: "@edited.json"}')).toMatch(
    /^exporter\.yml:4: models\.m\.reference: @edited\.json: hash: does not fit the content/,
  );
  expect(refusal('{reference: "@cut.json"}')).toMatch(/^exporter\.yml:4: models\.m\.reference: @cut\.json:\d+: not valid JSON/);
});

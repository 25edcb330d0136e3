// The advice by what really drifted: a reference of a real April, the scores that `replay` writes of May and June by it.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { driftFamilies } from "../../src/monitor/drift-samples.ts";
import { Folder } from "./command.ts";

const day = 86_400_000;
const may = "2013-05-01T00:00:00Z";
const folder = new Folder();
/** A day has some 300 flights: fewer than are asked for by default. */
const fewer = "drift: {min_samples: 100, min_samples_per_degree: 5}";
const config = (more: string): string =>
  `source: {file: {paths: [none]}}\ndefaults: {windows: [24h], ${fewer}}\nmodels: {flights: {${more}}}\n`;
/** Weather of one month says little of the next: days that go so far beyond it are rare, but not one in a hundred thousand. */
const alpha = 0.05;

beforeAll(async () => {
  const packed = readFileSync(new URL("../data/flights-q2/events.jsonl.gz", import.meta.url));
  const lines = gunzipSync(packed).toString("utf8").trimEnd().split("\n");
  const april = lines.filter((line) => (JSON.parse(line) as { time: string }).time < may);
  folder.write("april.jsonl", april.join("\n"));
  folder.write("later.jsonl", lines.slice(april.length).join("\n"));
  folder.write("build.yml", config(""));
  folder.write("replay.yml", config("reference: R.json"));
  const args = ["--config", "build.yml", "--model", "flights", "--input", "april.jsonl", "--output", "R.json"];
  const built = await folder.run("reference", "build", ...args);
  expect(built.code, built.errors).toBe(0);
  const inputs = ["--config", "replay.yml", "--input", "later.jsonl", "--output", "scores.jsonl", "--every", "24h"];
  const replayed = await folder.run("replay", ...inputs);
  expect(replayed.code, replayed.errors).toBe(0);
});
afterAll(() => folder.close());

interface Line {
  readonly time: string;
  readonly segment: string;
  readonly feature: string;
  readonly test?: string;
  readonly value: number;
}

test("replay's scores are those that advice is made of: the minimum-effect test over all traffic, of four weeks", async () => {
  const lines = folder
    .read("scores.jsonl")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
  const tests = lines.filter((line) => line.test === "min_effect" && line.segment === "");
  const latest = Math.max(...tests.map(({ time }) => Date.parse(time)));
  const lately = tests.filter(({ time }) => Date.parse(time) > latest - 28 * day);
  const drifting = lately.filter(({ value }) => value < alpha);
  // It is warmer in June than in April; where planes start is as it was.
  const features = new Set(drifting.map(({ feature }) => feature));
  expect([features.has("temp"), features.has("origin")]).toEqual([true, false]);
  expect(lately.length).toBeGreaterThan(28 * 10);
  expect(tests.length).toBeGreaterThan(lately.length);
  const args = [
    "R.json",
    "--max-age",
    "10000d",
    "--min-rows",
    "1000",
    "--alpha",
    String(alpha),
    "--scores",
    "scores.jsonl",
    "--json",
  ];
  const { code, output, errors } = await folder.run("reference", "advise", ...args);
  const { findings } = JSON.parse(output) as { findings: { about: string; fair: boolean; value: number; words: string }[] };
  const share = drifting.length / lately.length;
  const found = findings.find(({ about }) => about === "drift");
  expect(found?.words, errors).toContain(`${drifting.length} of ${lately.length} windows in drift lately`);
  expect(found).toMatchObject({ value: share, fair: share <= 0.2 });
  expect(code).toBe(findings.every(({ fair }) => fair) ? 0 : 1);
});

test("Prometheus is asked for a series that the page has", () => {
  const family = driftFamilies.find(({ name }) => name === "ml_drift_p_value");
  expect(family?.labels).toEqual(expect.arrayContaining(["model", "segment", "test"]));
});

// References as files: the same again when they are read, and a word with a key path for all that is wrong with one.
import fc from "fast-check";
import { expect, test } from "vitest";
import { assembleReference } from "../../src/reference/assemble.ts";
import { decodeReference, encodeReference } from "../../src/reference/file.ts";
import type { BasePane, Distribution, FeatureReference, Reference } from "../../src/reference/reference.ts";
import { references } from "./arbitrary.ts";
import { small } from "./small.ts";

/** Panes that are packed have their numbers only for whoever asks. */
function asRead({ startMillis, kinds, counts }: BasePane): BasePane {
  return { startMillis, kinds, counts };
}

/** Private fields are not compared by themselves. */
function plain(reference: Reference): unknown {
  const distribution = ({ kinds, targets, numbers, texts }: Distribution) => {
    return { kinds, targets: { ...targets }, numbers: numbers?.columns ?? null, texts: texts?.columns ?? null };
  };
  const features = [...reference.features.values()].map((feature) => ({
    ...feature,
    all: distribution(feature.all),
    segments: [...feature.segments].map(([name, segment]) => [name, distribution(segment)]),
    hours: feature.hours.map(asRead),
    days: feature.days.map(asRead),
  }));
  return { ...reference, features };
}

test("a reference is the same after it was written and read, and so are the bytes", () => {
  fc.assert(
    fc.property(references, (reference) => {
      const text = encodeReference(reference);
      const read = decodeReference(text, "R.json");
      expect(plain(read)).toEqual(plain(reference));
      expect(encodeReference(read)).toBe(text);
    }),
  );
});

test("a pane stands on one line, a list of numbers too", () => {
  const lines = encodeReference(small).split("\n");
  expect(lines.filter((line) => line.trim() === '["2026-01-01T00:00:00Z",{"absent":1,"number":3},[1,2]],')).toHaveLength(1);
  expect(lines).toContain('          "counts": [2,3],');
  expect(lines[1]).toBe('  "format": 1,');
});

test("the provenance is no part of the hash", () => {
  const text = encodeReference(small).replace('"rows": 7', '"rows": 8');
  expect(decodeReference(text, "R.json").provenance.rows).toBe(8);
});

const written = encodeReference(small);
const changed: readonly (readonly [what: string, from: string | RegExp, to: string, error: string | RegExp])[] = [
  ["another format", '"format": 1', '"format": 2', "R.json: format: is 2; this version reads format 1"],
  ["no format", '"format": 1,', "", "R.json: format is missing"],
  ["a text for the format", '"format": 1', '"format": "1"', "R.json: format: not a whole number from 0 on"],
  ["a key that is none", '"version": null', '"versoin": 1, "version": null', 'R.json: "versoin" is no key here'],
  [
    "a count that was changed",
    '"counts": [2,3]',
    '"counts": [2,4]',
    /^R\.json: hash: does not fit the content, whose hash is [0-9a-f]{64}/,
  ],
  [
    "too few counts",
    '"counts": [2,3]',
    '"counts": [2]',
    "R.json: features.amount.all.numbers.counts: has 1 numbers; there are 2 bins",
  ],
  [
    "a count that is no number",
    '"counts": [2,3]',
    '"counts": [2,"3"]',
    "R.json: features.amount.all.numbers.counts[1]: not a number from 0 on",
  ],
  ["a count below 0", "[1,2]],", "[-1,2]],", "R.json: features.amount.hours[0][2][0]: not a number from 0 on"],
  [
    "a count of targets below 0",
    '"target_counts": [2,3]',
    '"target_counts": [2,-3]',
    "R.json: features.amount.all.numbers.target_counts[1]: not a number from 0 on",
  ],
  [
    "half a value of a kind",
    '{"absent":1,"number":3}',
    '{"absent":1,"number":2.5}',
    "R.json: features.amount.hours[0][1].number: not a whole number from 0 on",
  ],
  [
    "a sum that is no number",
    '"sums_high": [0,2]',
    '"sums_high": [true,2]',
    "R.json: features.amount.all.numbers.sums_high[0]: not a number",
  ],
  ["a list that is missing", /\s+"sums_low": \[[^\]]*\],/, "", "R.json: features.amount.all.numbers: sums_low is missing"],
  [
    "half an unseen value",
    '"unseen_values": 0',
    '"unseen_values": 0.5',
    "R.json: features.country.all.texts.unseen_values: not a whole number from 0 on",
  ],
  [
    "squares of weights below 0",
    '"weight_squares": 5',
    '"weight_squares": -5',
    "R.json: features.amount.all.numbers.weight_squares: not a number from 0 on",
  ],
  [
    "a sum of targets that is no number",
    '"targets": {"count":7,"high":0,"low":1.75}',
    '"targets": {"count":7,"high":null,"low":1.75}',
    "R.json: features.amount.all.targets.high: not a number",
  ],
  [
    "a kind that is none",
    '{"absent":1,"number":3}',
    '{"abesnt":1,"number":3}',
    'R.json: features.amount.hours[0][1]: "abesnt" is no key here',
  ],
  [
    "an hour between hours",
    '["2026-01-01T00:00:00Z",{"absent"',
    '["2026-01-01T00:30:00Z",{"absent"',
    "R.json: features.amount.hours[0][0]: not the start of such a pane",
  ],
  [
    "an hour that is none",
    '"2026-01-01T00:00:00Z",{',
    '"today",{',
    "R.json: features.amount.hours[0][0]: not a time such as 2026-11-23T08:00:00Z",
  ],
  [
    "hours out of order",
    "2026-01-01T01:00:00Z",
    "2026-01-01T00:00:00Z",
    "R.json: features.amount.hours[1][0]: not after the one before",
  ],
  [
    "edges out of order",
    '"edges": [10]',
    '"edges": [10,10]',
    "R.json: features.amount.bins.edges: edge 10 is not above the one before",
  ],
  ["no reach", '"reach": 10', '"reach": 0', "R.json: features.amount.bins.reach: not above 0"],
  [
    "a bin's edge that is none of its parts",
    '"part_edges": [10]',
    '"part_edges": [9]',
    "R.json: features.amount.bins.part_edges: edge 10 of a bin is not among them",
  ],
  [
    "a type that is none",
    '"type": "numeric"',
    '"type": "number"',
    "R.json: features.amount.type: not one of numeric, categorical",
  ],
  [
    "bins of a category",
    '"bins": null',
    '"bins": {"edges": [1], "part_edges": [1], "reach": 1, "given": true}',
    "R.json: features.country.bins: a categorical feature has none",
  ],
  ["a category twice", '["DE","FR"]', '["DE","DE"]', "R.json: features.country.categories: a text comes twice"],
  ["a feature twice", '"name": "country"', '"name": "amount"', 'R.json: features[1].name: "amount" comes twice'],
  [
    "a kind of provenance that is none",
    '"kind": "file"',
    '"kind": "hearsay"',
    "R.json: provenance.kind: not one of file, kafka, learned, accepted",
  ],
];

function refusal(text: string): string {
  try {
    decodeReference(text, "R.json");
  } catch (error) {
    return (error as Error).message;
  }
  return "not refused";
}

const literally = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

test.each(changed)("%s is refused in words", (_what, from, to, error) => {
  const text = written.replace(from, to);
  expect(text).not.toBe(written);
  expect(refusal(text)).toMatch(typeof error === "string" ? new RegExp(`^${literally(error)}$`) : error);
});

test("a file that ends too early is refused with its line", () => {
  const lines = written.split("\n").slice(0, 12);
  expect(() => decodeReference(lines.join("\n"), "R.json")).toThrow(/^R\.json:12: not valid JSON: /);
});

test("what is no JSON is refused with its line", () => {
  expect(() => decodeReference(written.replace('"model"', "model"), "R.json")).toThrow(/^R\.json:3: not valid JSON: /);
});

test("a reference of another model is refused", () => {
  expect(() => decodeReference(written, "R.json", { model: "churn" })).toThrow('R.json: model: is of "fraud", not of "churn"');
  expect(decodeReference(written, "R.json", { model: "fraud" }).hash).toBe(small.hash);
});

test("a name such as __proto__ is only a name", () => {
  const [first] = small.features.values();
  const odd = assembleReference(
    "__proto__",
    "constructor",
    [{ ...(first as FeatureReference), name: "__proto__" }],
    small.provenance,
  );
  const read = decodeReference(encodeReference(odd), "R.json");
  expect([read.model, read.version, [...read.features.keys()]]).toEqual(["__proto__", "constructor", ["__proto__"]]);
});

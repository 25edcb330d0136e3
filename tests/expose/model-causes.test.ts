// Why an output's mean changed, in words.
import { expect, test } from "vitest";
import { causeList } from "../../src/expose/model-causes.ts";
import type { ChangeView } from "../../src/expose/model-view.ts";
import { PageBudget } from "../../src/expose/page-budget.ts";
import { exampleCause, exampleChange } from "./drift-example.ts";
import { readMarkup } from "./markup.ts";

const germany = { name: "DE", lower: null, upper: null, count: 3, reference: 0.2 };

function textOf(...changes: readonly ChangeView[]): string {
  return readMarkup(causeList(changes, new PageBudget(10_000), "/api/v1/models/m").text).text;
}

function sentenceOf(change: ChangeView): string {
  const text = textOf(change);
  return text.replace("Why it changed", "").replace(/All parts.*/s, "");
}

test("the three most important features, with the bins that most of it comes from", () => {
  const four = [
    exampleCause("amount", 0.049),
    exampleCause("country", 0.016, { bin: germany }),
    exampleCause("age", 0.008, { bin: null }),
    exampleCause("seats", 0.001),
  ];
  expect(sentenceOf(exampleChange(four))).toBe(
    "score mean 0.12 → 0.2 (+0.08) in 24h: amount explains 61.2 %, most of it the bin above 250; country 20 %, most of it DE; age 10 %; since 2026-03-01 10:00",
  );
});

test.each([
  ["one that explains more than all", 0.12, "amount alone would explain more than all of it (+0.12)"],
  ["one that works against it", -0.02, "amount works against it (−0.02)"],
  ["one that explains all", 0.0625, "amount explains 100 %"],
])("of %s", (_about, mix, text) => {
  const change = exampleChange([exampleCause("amount", mix, { bin: null })], { referenceMean: 0.125, windowMean: 0.1875 });
  expect(sentenceOf(change)).toContain(`in 24h: ${text}`);
});

test("of a mean that falls a part of the same sign explains it", () => {
  const change = exampleChange([exampleCause("amount", -0.04)], { referenceMean: 0.2, windowMean: 0.12, sinceMillis: null });
  expect(sentenceOf(change)).toBe("score mean 0.2 → 0.12 (−0.08) in 24h: amount explains 50 %, most of it the bin above 250");
});

test.each([
  ["is nothing", 0.12],
  ["is but rounding", 0.12 + 1e-14],
  ["is small beside its parts", 0.125],
])("of a change that %s there are no per cents", (_about, windowMean) => {
  const features = [exampleCause("amount", 0.06), exampleCause("country", -0.058, { bin: germany })];
  const text = sentenceOf(exampleChange(features, { windowMean }));
  expect(text).toContain(
    "parts of it cancel each other: amount +0.06, most of it the bin above 250; country −0.058, most of it DE",
  );
  expect(text).not.toContain("%");
});

test("a bin that is less than half of its feature's part is its largest; one against it is not named", () => {
  const text = sentenceOf(exampleChange([exampleCause("a", 0.04, { binMix: 0.01 }), exampleCause("b", 0.02, { binMix: -0.01 })]));
  expect(text).toContain("a explains 50 %, the largest part of it the bin above 250; b 25 %; since");
});

test.each([
  [{ name: "2", lower: 1, upper: 2, count: 0, reference: 0 }, "the bin (1, 2]"],
  [{ name: "1", lower: null, upper: 1, count: 0, reference: 0 }, "the bin up to 1"],
])("a bin %o is %s", (bin, words) => {
  expect(sentenceOf(exampleChange([exampleCause("a", 0.04, { bin })]))).toContain(`most of it ${words};`);
});

test("where no feature explains anything, that is said", () => {
  expect(sentenceOf(exampleChange([exampleCause("a", 0)]))).toContain("in 24h: no feature explains it by its shares; since");
  expect(textOf()).toBe("");
});

test("five are in the table, with parts against it and beyond all of it", () => {
  const mixes = [0.12, -0.02, 0.01, 0.005, 0.002, 0.001];
  const text = textOf(exampleChange(mixes.map((mix, index) => exampleCause(`f${index}`, mix))));
  const rows = text
    .slice(text.indexOf("The bin's part") + "The bin's part".length)
    .trim()
    .split("\n");
  expect(rows).toEqual([
    "f0+0.12150 %the bin above 250+0.096",
    "f1−0.02−25 %the bin above 250−0.016",
    "f2+0.0112.5 %the bin above 250+0.008",
    "f3+0.0056.2 %the bin above 250+0.004",
    "f4+0.0022.5 %the bin above 250+0.0016",
  ]);
});

test.each([1e-300, 1e300])("means of size %d", (size) => {
  const change = exampleChange([exampleCause("a", size / 2)], { referenceMean: size, windowMean: 2 * size });
  expect(sentenceOf(change)).toMatch(/: a explains 50 %, most of it the bin above 250;/);
});

test("changes beyond the page's room are counted", () => {
  const text = textOf(...Array.from({ length: 100 }, () => exampleChange([exampleCause("amount", 0.04)])));
  const shown = text.split("score mean").length - 1;
  expect(shown).toBeGreaterThan(5);
  expect(text).toContain(`${100 - shown} more are in the JSON.`);
});

import { expect, test } from "vitest";
import { longestLabelValue, shownLabelValue } from "../../src/expose/label-value.ts";
import { boundText, numberText } from "../../src/expose/number-text.ts";
import type { Family } from "../../src/expose/sample.ts";
import { createSeries } from "../../src/expose/series.ts";

const family: Family = { name: "x_ratio", help: "X.", type: "gauge", labels: ["model", "version"] };
const histogram: Family = { name: "x_seconds", help: "X.", type: "histogram", labels: ["model"] };

test("the prefix is the whole line up to the value", () => {
  expect(createSeries(family, ["fraud", "3"]).prefix).toBe('x_ratio{model="fraud",version="3"} ');
  expect(createSeries({ ...family, labels: [] }, []).prefix).toBe("x_ratio ");
});

test("quotes, backslashes and newlines are escaped", () => {
  expect(createSeries(family, ['a"b', "c\\d\ne"]).prefix).toBe('x_ratio{model="a\\"b",version="c\\\\d\\ne"} ');
});

test("a histogram's prefixes are made once for an array of bounds", () => {
  const series = createSeries(histogram, ["fraud"]);
  const bounds = [0.5, 1, 1e6];
  const prefixes = series.histogramPrefixes(bounds);
  expect(prefixes).toEqual({
    buckets: [
      'x_seconds_bucket{model="fraud",le="0.5"} ',
      'x_seconds_bucket{model="fraud",le="1.0"} ',
      'x_seconds_bucket{model="fraud",le="1e+06"} ',
      'x_seconds_bucket{model="fraud",le="+Inf"} ',
    ],
    sum: 'x_seconds_sum{model="fraud"} ',
    count: 'x_seconds_count{model="fraud"} ',
  });
  expect(series.histogramPrefixes(bounds)).toBe(prefixes);
  expect(series.histogramPrefixes([2]).buckets).toHaveLength(2);
});

test("values that can be shown stay as they are", () => {
  for (const value of ["", "fraud", "ünïcödé \u{1F950}", "a\nb", "x".repeat(longestLabelValue)])
    expect(shownLabelValue(value)).toBe(value);
});

test("others are cleaned, cut and marked, so that two that differ stay two", () => {
  const pairs = [
    ["a\u0000", "a\u0001"],
    ["a\uD800", "a\uD801"],
    [`${"x".repeat(200)}1`, `${"x".repeat(200)}2`],
    [`${"\u{1F950}".repeat(100)}1`, `${"\u{1F950}".repeat(100)}2`],
  ] as const;
  for (const [one, other] of pairs) {
    const shown = [shownLabelValue(one), shownLabelValue(other)];
    expect(shown[0]).not.toBe(shown[1]);
    for (const value of shown) {
      expect(value.length).toBeLessThanOrEqual(longestLabelValue);
      expect(value.isWellFormed()).toBe(true);
      expect(value).toMatch(/^\P{Cc}*…[0-9a-f]{10}$/u);
    }
  }
});

test("a cut never halves a pair of surrogates", () => {
  expect(shownLabelValue("\u{1F950}".repeat(100))).toMatch(/^\u{1F950}+…/u);
  expect(shownLabelValue(`x${"\u{1F950}".repeat(100)}`)).toMatch(/^x\u{1F950}+…/u);
});

test.each([
  [0, "0.0"],
  [-0, "0.0"],
  [1, "1.0"],
  [-2.5, "-2.5"],
  [0.0001, "0.0001"],
  [0.00001, "1e-05"],
  [0.0000125, "1.25e-05"],
  [999_999, "999999.0"],
  [100_000.5, "100000.5"],
  [1_000_000, "1e+06"],
  [12_345_678, "1.2345678e+07"],
  [1e100, "1e+100"],
  [Number.POSITIVE_INFINITY, "+Inf"],
])("bound %d is written as Prometheus stores it: %s", (bound, text) => {
  expect(boundText(bound)).toBe(text);
});

test.each([
  [0, "0"],
  [-0, "0"],
  [9_007_199_254_740_991, "9007199254740991"],
  [1e21, "1e+21"],
  [0.1 + 0.2, "0.30000000000000004"],
  [Number.POSITIVE_INFINITY, "+Inf"],
  [Number.NEGATIVE_INFINITY, "-Inf"],
])("number %d is written %s", (value, text) => {
  expect(numberText(value)).toBe(text);
});

test.each([
  ["labels that do not fit", family, ["fraud"], "has 2 labels, not 1"],
  ["a bad name", { ...family, name: "x-ratio" }, ["a", "b"], "not a metric name"],
  ["a counter without _total", { ...family, type: "counter" }, ["a", "b"], "has to end in _total"],
  ["a gauge with _total", { ...family, name: "x_total" }, ["a", "b"], "may not end in _total"],
  ["a gauge with _bucket", { ...family, name: "x_bucket" }, ["a", "b"], "may not end in _bucket"],
  ["a bad label", { ...family, labels: ["a", "b-c"] }, ["a", "b"], '"b-c" cannot be a label'],
  ["a reserved label", { ...family, labels: ["a", "__b"] }, ["a", "b"], '"__b" cannot be a label'],
  ["a histogram's own label", { ...histogram, labels: ["le"] }, ["a"], '"le" cannot be a label'],
  ["a label twice", { ...family, labels: ["a", "a"] }, ["a", "b"], "named twice"],
])("%s: thrown", (_, wrong, labelValues, complaint) => {
  expect(() => createSeries(wrong as Family, labelValues)).toThrow(complaint);
});

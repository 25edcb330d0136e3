import { expect, test } from "vitest";
import type { Format } from "../../src/expose/negotiate.ts";
import { TextPage } from "../../src/expose/page.ts";
import type { Family } from "../../src/expose/sample.ts";
import { createSeries } from "../../src/expose/series.ts";
import { examplePage } from "./example-page.ts";
import { parsePage } from "./strict-parser.ts";

const formats: readonly Format[] = ["text", "openmetrics"];
const gauge: Family = { name: "a_ratio", help: "A ratio.", type: "gauge", labels: ["name"] };
const histogram: Family = { name: "b_seconds", help: "Seconds.", type: "histogram", labels: [] };

test.each(formats)("the example page in %s is as it was", async (format) => {
  await expect(examplePage().body(format).toString()).toMatchFileSnapshot(`golden/page.${format}.txt`);
});

test.each(formats)("the example page in %s passes the strict parser, line by line", (format) => {
  const page = examplePage();
  const families = parsePage(page.body(format).toString(), format);
  const lines = families.reduce((sum, family) => sum + family.samples.length, 0);
  const leftOutOfOpenMetrics = format === "openmetrics" ? 2 : 0;
  expect(lines).toBe(page.series - leftOutOfOpenMetrics);
});

test("families stand in the order of their declaration, once, and not at all without samples", () => {
  const families = parsePage(examplePage().body("text").toString(), "text");
  expect(families.map(({ name }) => name)).toEqual([
    "bakery_requests_total",
    "bakery_oven_celsius",
    "bakery_open",
    "bakery_wait_seconds",
    "bakery_balance_euros",
  ]);
});

test("OpenMetrics names a counter's family without _total", () => {
  const [requests] = parsePage(examplePage().body("openmetrics").toString(), "openmetrics");
  expect(requests?.name).toBe("bakery_requests");
  expect(requests?.samples[0]?.name).toBe("bakery_requests_total");
});

test("a histogram with a negative bound has no sum and no count in OpenMetrics, both in text", () => {
  const namesIn = (format: Format) =>
    parsePage(examplePage().body(format).toString(), format)
      .find(({ name }) => name === "bakery_balance_euros")
      ?.samples.map(({ name }) => name.replace("bakery_balance_euros", ""));
  expect(namesIn("openmetrics")).toEqual(Array(5).fill("_bucket"));
  expect(namesIn("text")).toEqual([...Array(5).fill("_bucket"), "_sum", "_count"]);
});

test("buckets are cumulated, the last is the count", () => {
  const page = new TextPage();
  page.open([histogram]).histogram(createSeries(histogram, []), [1, 2.5], [3, 0, 4], 12);
  expect(page.body("text").toString()).toContain(
    'b_seconds_bucket{le="1.0"} 3\nb_seconds_bucket{le="2.5"} 3\nb_seconds_bucket{le="+Inf"} 7\nb_seconds_sum 12\nb_seconds_count 7\n',
  );
  expect(page.series).toBe(5);
});

test("a sum that is not known is left out, the buckets stay", () => {
  const page = new TextPage();
  page.open([histogram]).histogram(createSeries(histogram, []), [1], [3, 1], Number.NaN);
  expect(page.body("text").toString()).not.toContain("_sum");
  expect(page.body("text").toString()).toContain("b_seconds_count 4");
  expect(page.body("openmetrics").toString()).not.toContain("_count");
});

test("of a series that comes twice the first stands and the second is counted", () => {
  const page = new TextPage();
  const section = page.open([gauge, histogram]);
  section.sample(createSeries(gauge, ["same"]), 1);
  section.sample(createSeries(gauge, ["same"]), 2);
  const series = createSeries(histogram, []);
  section.histogram(series, [1], [1, 1], 1);
  section.histogram(series, [1], [2, 2], 2);
  expect(page.duplicates).toBe(2);
  expect(page.series).toBe(5);
  expect(page.body("text").toString()).toContain('a_ratio{name="same"} 1\n# HELP b_seconds');
});

test("NaN does not take the place of a number that comes later", () => {
  const page = new TextPage();
  const section = page.open([gauge]);
  section.sample(createSeries(gauge, ["same"]), Number.NaN);
  section.sample(createSeries(gauge, ["same"]), 2);
  expect(page.duplicates).toBe(0);
  expect(page.body("text").toString()).toContain('a_ratio{name="same"} 2\n');
});

test("an empty page is an empty body, in OpenMetrics its end", () => {
  expect(new TextPage().body("text").toString()).toBe("");
  expect(new TextPage().body("openmetrics").toString()).toBe("# EOF\n");
});

test("a group that is dropped leaves nothing, and its names are free again", () => {
  const page = new TextPage();
  page.open([gauge]).sample(createSeries(gauge, ["x"]), 1);
  page.drop([gauge]);
  expect(page.series).toBe(0);
  expect(page.body("text").length).toBe(0);
  expect(() => page.open([{ ...gauge }])).not.toThrow();
});

test.each([
  ["the same name", { ...gauge, help: "Another." }, "a_ratio is taken"],
  ["a line of a histogram", { ...gauge, name: "b_seconds" }, "b_seconds is taken"],
  ["the OpenMetrics name of a counter", { ...gauge, name: "c_runs" }, "c_runs is taken"],
])("a family with %s cannot join, and nothing of its group does", (_, family, complaint) => {
  const page = new TextPage();
  page.open([gauge, histogram, { name: "c_runs_total", help: "Runs.", type: "counter", labels: [] }]);
  const other: Family = { ...gauge, name: "z_ratio" };
  expect(() => page.open([other, family as Family])).toThrow(complaint);
  expect(() => page.open([other])).not.toThrow();
});

test("programming mistakes are thrown, not shown", () => {
  const page = new TextPage();
  const section = page.open([gauge, histogram]);
  const undeclared = createSeries({ ...gauge, name: "other_ratio" }, ["x"]);
  expect(() => section.sample(undeclared, 1)).toThrow("other_ratio is not among those that were declared");
  expect(() => section.sample(createSeries(histogram, []), 1)).toThrow("is a histogram");
  expect(() => section.histogram(createSeries(gauge, ["x"]), [1], [1, 2], 3)).toThrow("not a histogram");
  expect(() => section.histogram(createSeries(histogram, []), [1], [1], 3)).toThrow("1 counts for 1 bounds");
  expect(() => section.histogram(createSeries(histogram, []), [2, 1], [1, 2, 3], 3)).toThrow("ascending");
});

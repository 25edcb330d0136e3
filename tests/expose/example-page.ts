// Small invented families with everything in them that has ever broken an exposition.
import { TextPage } from "../../src/expose/page.ts";
import type { Family } from "../../src/expose/sample.ts";
import { createSeries } from "../../src/expose/series.ts";

const requests: Family = {
  name: "bakery_requests_total",
  help: 'Requests by "customer", with a \\ backslash\nand a second line.',
  type: "counter",
  labels: ["customer"],
};
const temperature: Family = { name: "bakery_oven_celsius", help: "Temperature of an oven.", type: "gauge", labels: ["oven"] };
const open: Family = { name: "bakery_open", help: "Whether it is open.", type: "gauge", labels: [] };
const wait: Family = { name: "bakery_wait_seconds", help: "Time in the queue.", type: "histogram", labels: ["day", "counter"] };
const balance: Family = { name: "bakery_balance_euros", help: "What customers owe.", type: "histogram", labels: [] };
const silent: Family = { name: "bakery_silent", help: "Never has a sample.", type: "gauge", labels: [] };

export const nastyValues = [
  "plain",
  "",
  'a"} 1\nevil{x="\\',
  "\\n is no newline",
  "emoji \u{1F950} and ünïcödé",
  "lone \uD800 surrogate",
  "control \u0000\u0007\r\u007f\u0085 characters",
  "long ".repeat(40),
  `${"x".repeat(116)}\u{1F950}${"y".repeat(83)}`,
] as const;

const numbers = [0, -0, 1, -273.15, 0.1 + 0.2, 1e21, 1.5e-9, Number.MAX_SAFE_INTEGER, 5e-324, 1.7976931348623157e308, 123456789];

export function examplePage(): TextPage {
  const page = new TextPage();
  const section = page.open([requests, temperature, open, wait, balance, silent]);
  numbers.forEach((number, index) => {
    // One line of each family in turn: the page has to bring them together.
    section.sample(createSeries(temperature, [`number ${index}`]), number);
    const customer = nastyValues[index];
    if (customer !== undefined) section.sample(createSeries(requests, [customer]), index);
  });
  section.sample(createSeries(temperature, ["hot"]), Number.POSITIVE_INFINITY);
  section.sample(createSeries(temperature, ["cold"]), Number.NEGATIVE_INFINITY);
  section.sample(createSeries(temperature, ["unknown"]), Number.NaN);
  section.sample(createSeries(open, []), 1);
  const seconds = [0.00001, 0.005, 0.5, 1, 10, 250_000, 2_500_000];
  section.histogram(createSeries(wait, ["monday", "left"]), seconds, [1, 0, 2, 3, 0, 1, 0, 1], 300_002.75);
  section.histogram(createSeries(wait, ["tuesday", 'ri"ght']), seconds, [0, 0, 0, 0, 0, 0, 0, 0], 0);
  section.histogram(createSeries(balance, []), [-100, -0.5, 0, 100], [1, 2, 3, 4, 5], -17.5);
  return page;
}

// Samples, memory and money that follow from a number of series, worked out by hand.
import { expect, test } from "vitest";
import type { Offer } from "../../src/config/schema/prices.ts";
import { costOf, exporterBytes, usageOf } from "../../src/estimate/cost.ts";

const thousand = usageOf(1000, 15_000);

test("samples and memory of a thousand series", () => {
  // 30 days of 86,400 s, one sample in 15 s.
  expect(thousand.samples).toBe(1000 * 172_800);
  expect(usageOf(1000, 60_000).samples).toBe(1000 * 43_200);
  expect(thousand.prometheusBytes).toEqual({ least: 4e6, most: 8e6 });
  expect(exporterBytes(1000, 10)).toBe(270_000 + 327_680);
});

test.each<[string, Offer, number]>([
  ["series", { name: "a", series: { per_thousand: 8, free: 0 } }, 8],
  [
    "series of which each may have a sample a minute",
    { name: "a", series: { per_thousand: 8, free: 0, included_per_minute: 1 } },
    32,
  ],
  ["series that are free in part", { name: "a", series: { per_thousand: 8, free: 3000, included_per_minute: 1 } }, 8],
  ["series that are free", { name: "a", series: { per_thousand: 8, free: 10_000 } }, 0],
  ["samples", { name: "a", samples: { per_million: 0.06, free: 0 } }, 10.368],
  ["samples that are free in part", { name: "a", samples: { per_million: 0.06, free: 72_800_000 } }, 6],
  // A month holds 172.8 million samples, half a month half of them, each 2 bytes.
  ["disk", { name: "a", disk: { per_gb: 10, retention: 15 * 86_400_000, bytes_per_sample: 2 } }, 1.728],
  ["memory, in the middle of what it may be", { name: "a", memory: { per_gb: 5 } }, 0.03],
  [
    "all together",
    { name: "a", samples: { per_million: 0.06, free: 0 }, memory: { per_gb: 5 }, series: { per_thousand: 8, free: 0 } },
    18.398,
  ],
])("the price of %s", (_, offer, cost) => {
  expect(costOf(thousand, offer)).toBeCloseTo(cost, 9);
});

test("no series cost nothing", () => {
  expect(costOf(usageOf(0, 15_000), { name: "a", series: { per_thousand: 8, free: 0, included_per_minute: 1 } })).toBe(0);
});

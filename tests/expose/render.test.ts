import { gunzipSync } from "node:zlib";
import { expect, test, vi } from "vitest";
import { Renderer, type RendererOptions } from "../../src/expose/render.ts";
import type { Collector } from "../../src/expose/sample.ts";
import { failingHalfway, gauges, heldUp } from "./collectors.ts";
import { parsePage } from "./strict-parser.ts";

function setUp(collectors: readonly Collector[], options: Partial<RendererOptions> = {}) {
  const clock = { millis: 0 };
  const logged: { fields: object; message: string }[] = [];
  const logger = { error: (fields: object, message: string) => logged.push({ fields, message }) };
  const renderer = new Renderer({ collectors: () => collectors, now: () => clock.millis, logger, ...options });
  const samples = async () =>
    new Map(
      parsePage((await renderer.render("text")).toString(), "text").flatMap((family) =>
        family.samples.map(({ name, labels, value }) => [[name, ...labels.values()].join(" "), value] as const),
      ),
    );
  return { renderer, clock, logged, samples };
}

test("a page holds what the collectors say and what it says of itself", async () => {
  const { samples } = setUp([gauges("a", 2), gauges("b", 1)]);
  expect([...(await samples())]).toEqual([
    ["a_ratio 0", 0],
    ["a_ratio 1", 1],
    ["b_ratio 0", 0],
    ["ml_exporter_collector_success a", 1],
    ["ml_exporter_collector_success b", 1],
    ["ml_exporter_scrape_duration_seconds", 0],
    ["ml_exporter_duplicate_series", 0],
    ["ml_exporter_series a", 2],
    ["ml_exporter_series b", 1],
    ["ml_exporter_series exporter", 7],
  ]);
});

test("series are counted by what a collector says that they are there for", async () => {
  const both = { ...gauges("b", 3), causeOf: () => "a" };
  const { samples } = setUp([gauges("a", 2), both, gauges("empty", 0)]);
  const page = await samples();
  const counted = [...page].filter(([name]) => name.startsWith("ml_exporter_series "));
  expect(counted).toEqual([
    ["ml_exporter_series a", 5],
    ["ml_exporter_series exporter", 7],
  ]);
  expect(counted.reduce((sum, [, count]) => sum + count, 0)).toBe(page.size);
});

test("a collector that fails half way leaves nothing and does not blank the page; it is logged once", async () => {
  const { samples, logged } = setUp([failingHalfway("bad"), gauges("good", 1)], { maxAgeMillis: 0 });
  for (let scrape = 0; scrape < 3; scrape += 1) {
    const page = await samples();
    expect(page.get("ml_exporter_collector_success bad")).toBe(0);
    expect(page.get("ml_exporter_collector_success good")).toBe(1);
    expect(page.get("good_ratio 0")).toBe(0);
    expect(page.has("bad_ratio half")).toBe(false);
  }
  expect(logged).toHaveLength(1);
  expect(logged[0]?.fields).toMatchObject({ collector: "bad", err: new Error("half way") });
});

test.each<[string, Partial<Collector>]>([
  ["cannot prepare", { prepare: () => Promise.reject(new Error("no")) }],
  [
    "cannot say its families",
    {
      get families(): never {
        throw new Error("no");
      },
    },
  ],
  ["takes another's families", { families: [{ name: "good_ratio", help: "", type: "gauge", labels: [] }] }],
  ["has a family that no page can show", { families: [{ name: "bad name", help: "", type: "gauge", labels: [] }] }],
])("a collector that %s fails alone", async (_, parts) => {
  const bad: Collector = Object.defineProperties(gauges("bad", 1), Object.getOwnPropertyDescriptors(parts));
  const { samples } = setUp([gauges("good", 1), bad]);
  const page = await samples();
  expect(page.get("ml_exporter_collector_success bad")).toBe(0);
  expect(page.get("good_ratio 0")).toBe(0);
});

test("a series that comes twice is said on the page", async () => {
  const one = gauges("a", 1);
  const twice: Collector = {
    ...one,
    *collect(page) {
      yield* one.collect(page);
      yield* one.collect(page);
    },
  };
  expect((await setUp([twice]).samples()).get("ml_exporter_duplicate_series")).toBe(1);
});

test("all who ask while it is rendered share one rendering, in both formats and encodings", async () => {
  const collector = heldUp("a");
  const { renderer } = setUp([collector]);
  const asked = [
    ...Array.from({ length: 20 }, () => renderer.render("text")),
    ...Array.from({ length: 20 }, () => renderer.render("openmetrics")),
  ];
  const zipped = [renderer.render("text", "gzip"), renderer.render("text", "gzip"), renderer.render("openmetrics", "gzip")];
  collector.go();
  const bodies = await Promise.all(asked);
  const [textZipped, again, openMetricsZipped] = await Promise.all(zipped);
  expect(renderer.renderings).toBe(1);
  expect(new Set(bodies).size).toBe(2);
  expect(again).toBe(textZipped);
  expect(gunzipSync(textZipped ?? Buffer.alloc(0))).toEqual(bodies[0]);
  expect(gunzipSync(openMetricsZipped ?? Buffer.alloc(0))).toEqual(bodies[20]);
});

test("a page is used again for a second, then there is a new one", async () => {
  const { renderer, clock } = setUp([gauges("a", 1)]);
  const first = await renderer.render("text");
  clock.millis = 999;
  expect(await renderer.render("text")).toBe(first);
  clock.millis = 1000;
  expect(await renderer.render("text")).not.toBe(first);
  expect(renderer.renderings).toBe(2);
});

test("who asks long after a rendering began waits for one more, together with all others", async () => {
  const collector = heldUp("a");
  const { renderer, clock } = setUp([collector]);
  const first = renderer.render("text");
  await vi.waitUntil(() => renderer.renderings === 1);
  clock.millis = 5000;
  const later = Array.from({ length: 5 }, () => renderer.render("text"));
  expect(renderer.renderings).toBe(1);
  collector.go();
  const bodies = new Set(await Promise.all(later));
  expect(bodies.size).toBe(1);
  expect(bodies.has(await first)).toBe(false);
  expect(renderer.renderings).toBe(2);
});

test("others run between slices", async () => {
  const clock = { millis: 0 };
  let turns = 0;
  const slow: Collector = {
    name: "slow",
    families: [],
    *collect() {
      for (let step = 0; step < 100; step += 1) {
        clock.millis += 4;
        yield;
      }
    },
  };
  const { renderer } = setUp([slow], { now: () => clock.millis });
  const count = () => {
    turns += 1;
    setImmediate(count);
  };
  const counting = setImmediate(count);
  await renderer.render("text");
  clearImmediate(counting);
  // 400 ms of work, a slice ends with the third step of 4 ms.
  expect(turns).toBeGreaterThanOrEqual(30);
});

test("a rendering that cannot be made is not kept: the next to ask begins anew", async () => {
  let broken = true;
  const collectors = () => {
    if (broken) throw new Error("no list");
    return [gauges("a", 1)];
  };
  const { renderer } = setUp([], { collectors });
  await expect(renderer.render("text")).rejects.toThrow("no list");
  broken = false;
  await expect(renderer.render("text")).resolves.toBeInstanceOf(Buffer);
});

import { expect, test } from "vitest";
import { EventLoopLag } from "../../src/expose/event-loop-lag.ts";
import { TextPage } from "../../src/expose/page.ts";
import { ProcessMetrics } from "../../src/expose/process-metrics.ts";
import { Renderer } from "../../src/expose/render.ts";
import type { Collector } from "../../src/expose/sample.ts";
import { parsePage } from "./strict-parser.ts";

const logger = { error: () => {} };

test("names survive a change of format: the library's own renderer loses _total for ever", async () => {
  const metrics = new ProcessMetrics();
  const renderer = new Renderer({ collectors: () => [metrics], now: () => 0, logger, maxAgeMillis: 0 });
  const families = async (format: "text" | "openmetrics") =>
    parsePage((await renderer.render(format)).toString(), format).map(({ name }) => name);
  const before = await families("text");
  const openMetrics = await families("openmetrics");
  expect(before).toContain("process_cpu_seconds_total");
  expect(openMetrics).toContain("process_cpu_seconds");
  expect(await families("text")).toEqual(expect.arrayContaining(before));
});

test("what the library calls _total without counting is left out", async () => {
  const metrics = new ProcessMetrics();
  await metrics.prepare();
  for (const { name, type } of metrics.families) expect(name.endsWith("_total")).toBe(type === "counter");
});

function onlyValue(collector: Collector): number | undefined {
  const page = new TextPage();
  for (const _ of collector.collect(page.open(collector.families)));
  return parsePage(page.body("text").toString(), "text")[0]?.samples[0]?.value;
}

test("lag is what exceeds the timer's interval, the worse of this interval and the one before", () => {
  const clock = { millis: 0 };
  const histogram = {
    count: 0,
    percentile99: 0,
    enable: () => true,
    reset: () => (histogram.count = 0),
    percentile: () => histogram.percentile99,
  };
  const lag = new EventLoopLag(() => clock.millis, histogram);
  const tick = (millis: number) => Object.assign(histogram, { count: 1, percentile99: millis * 1e6 });
  expect(onlyValue(lag)).toBeUndefined();
  tick(9.9);
  expect(onlyValue(lag)).toBe(0);
  tick(60);
  clock.millis = 30_000;
  expect(onlyValue(lag)).toBeCloseTo(0.05);
  expect(histogram.count).toBe(0);
  expect(onlyValue(lag)).toBeCloseTo(0.05);
  tick(20);
  clock.millis = 60_000;
  expect(onlyValue(lag)).toBeCloseTo(0.05);
  tick(15);
  expect(onlyValue(lag)).toBeCloseTo(0.01);
});

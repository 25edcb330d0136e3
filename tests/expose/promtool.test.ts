// What the linter of Prometheus says to our pages. It reads the text format only; OpenMetrics is held by the strict
// parser here and by a real scrape elsewhere.
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { EventLoopLag } from "../../src/expose/event-loop-lag.ts";
import { ProcessMetrics } from "../../src/expose/process-metrics.ts";
import { Renderer } from "../../src/expose/render.ts";
import { lintMetrics } from "../servers/prometheus.ts";
import { examplePage } from "./example-page.ts";

const now = () => performance.now();

test("promtool has nothing to say to the example page", async () => {
  expect(await lintMetrics(examplePage().body("text").toString())).toBe("");
});

test("promtool has nothing to say to the metrics of the process and of the page", async () => {
  const collectors = [new ProcessMetrics(), new EventLoopLag(now)];
  const renderer = new Renderer({ collectors: () => collectors, now, logger: { error: () => {} }, maxAgeMillis: 0 });
  await causeCollectionOfGarbage();
  const page = (await renderer.render("text")).toString();
  for (const name of [
    "process_cpu_seconds_total",
    "nodejs_gc_duration_seconds_bucket",
    "ml_exporter_event_loop_lag_seconds",
    "ml_exporter_series",
  ]) {
    expect(page).toContain(`\n${name}`);
  }
  expect(await lintMetrics(page)).toBe("");
});

test("promtool does complain where there is reason to", async () => {
  expect(await lintMetrics("# TYPE a_total gauge\na_total 1\n")).toContain("a_total");
});

/** The histogram of garbage collections has lines only after one. */
async function causeCollectionOfGarbage(): Promise<void> {
  const kept: unknown[] = [];
  for (let index = 0; index < 1_000_000; index += 1) kept[index % 1000] = { index };
  await wait(100);
}

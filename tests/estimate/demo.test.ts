// The estimate of the demo's configuration beside its page, on which a real Prometheus counts the series: the exporter as it is, fed
// with the demo's streams. The time is given: a job runs every quarter of an hour, and for most of it its windows of 5 minutes are
// empty: both are looked at.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { demoConfig } from "../../src/cli/demo-config.ts";
import { loadReferences } from "../../src/cli/references.ts";
import { simulation } from "../../src/cli/simulation.ts";
import { parseDocument } from "../../src/config/load.ts";
import type { SimulatorConfig } from "../../src/config/schema.ts";
import { type Assumptions, usualAssumptions } from "../../src/estimate/assumptions.ts";
import { estimateModels, seriesIn } from "../../src/estimate/estimate.ts";
import { ownSeries } from "../../src/estimate/own-series.ts";
import { EventLoopLag } from "../../src/expose/event-loop-lag.ts";
import { ProcessMetrics } from "../../src/expose/process-metrics.ts";
import { Renderer } from "../../src/expose/render.ts";
import { Exporter, topicSettings } from "../../src/pipeline/exporter.ts";
import { SimulatorSource } from "../../src/source/simulator.ts";
import { parsePage } from "../expose/strict-parser.ts";
import { LogLines } from "../pipeline/log-lines.ts";
import { startPrometheus } from "../servers/prometheus.ts";
import { until } from "../until.ts";

const minuteMillis = 60_000;
const hourMillis = 60 * minuteMillis;
const historyMillis = 6 * hourMillis;
/** A job runs at this time, and every quarter of an hour before. */
const momentMillis = Date.parse("2026-11-16T14:00:00Z");
/** How long after it pages are looked at: with its run in windows of 5 minutes, and without. */
const minutesAfter = [3, 10] as const;
/** Of the fraud model a second version is tried out, of the recommendations two are compared; the forecast has one. */
const assumptions: Assumptions = { ...usualAssumptions, versionsOf: new Map([["forecast", 1]]) };
/** Prometheus adds some series of its own to each target: up, and of the scrape its duration, samples (twice) and series added. */
const ofTarget = 5;
/**
 * How far a cause may be off, where it is by more than some single series: of a version that has few labels, short windows have no
 * metrics, or no intervals; evidence that losses have grown needs a day.
 */
const accepted: Readonly<Record<string, number>> = { performance: 0.25, alarm: 0.15 };
const longestMillis = 300_000;

/** To be made once in a process. */
const ofProcess = new ProcessMetrics();
const directory = mkdtempSync(join(tmpdir(), "estimate-demo-"));
let pages: readonly string[];
/** What a real Prometheus scrapes. */
let page = "";
let estimated: Map<string, number>;
let server: Server;

beforeAll(async () => {
  const loaded = parseDocument(demoConfig("127.0.0.1:0", 1, directory), "demo");
  const { config } = loaded;
  const references = loadReferences(loaded);
  pages = await pagesOf(loaded.config, references);
  const { counts } = estimateModels(config, references, assumptions);
  const causes = new Set(counts.map(({ cause }) => cause));
  estimated = new Map(await ownSeries(config, assumptions.partitions, causes.size, ofProcess));
  for (const { cause, series } of counts) estimated.set(cause, (estimated.get(cause) ?? 0) + series);
  server = createServer((_, response) => response.setHeader("content-type", "text/plain; version=0.0.4").end(page));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
}, longestMillis);
afterAll(() => {
  server.close();
  rmSync(directory, { recursive: true, force: true });
});

type Loaded = ReturnType<typeof parseDocument>;

async function pagesOf(config: Loaded["config"], references: ReturnType<typeof loadReferences>): Promise<string[]> {
  const simulator = { ...(config.source.simulator as SimulatorConfig), history: historyMillis, incidents: false };
  // Logs that are silent are waited for by this clock: it goes on when all is read.
  let clockMillis = momentMillis + minutesAfter[0] * minuteMillis;
  const now = (): number => clockMillis;
  const logger = new LogLines();
  const source = new SimulatorSource({ ...simulation(simulator, momentMillis, now) });
  const exporter = await Exporter.create({
    config,
    references,
    source,
    topics: topicSettings(config),
    version: "1",
    logger,
    now,
  });
  await exporter.start();
  const collectors = [...exporter.collectors, ofProcess, new EventLoopLag(() => performance.now())];
  const renderer = new Renderer({ collectors: () => collectors, now: () => performance.now(), logger });
  await until(() => exporter.waitingFor().length === 0, { deadlineMillis: longestMillis });
  const texts: string[] = [];
  for (const minutes of minutesAfter) {
    const untilMillis = momentMillis + minutes * minuteMillis;
    const passed = (): boolean => {
      clockMillis = Math.min(clockMillis + 1000, untilMillis + minuteMillis);
      return exporter.ingest.fold.frontierMillis > untilMillis - 3 * minuteMillis;
    };
    await until(passed, { deadlineMillis: longestMillis });
    await exporter.settled();
    texts.push((await renderer.render("text")).toString("utf8"));
  }
  await exporter.stop();
  return texts;
}

function countedBy(text: string): Map<string, number> {
  const family = parsePage(text, "text").find(({ name }) => name === "ml_exporter_series");
  return new Map(family?.samples.map(({ labels, value }) => [labels.get("cause") as string, value]));
}

test.each([0, 1])("it is within 10 % of page %d, and so is what each series is there for", (which) => {
  const text = pages[which] as string;
  const counted = countedBy(text);
  const [estimate, real] = [estimated, counted].map((one) => [...one.values()].reduce((sum, series) => sum + series, 0));
  expect(text.split("\n").filter((line) => line !== "" && !line.startsWith("#")).length).toBe(real);
  const ratios = [...counted].map(([cause, series]) => [cause, (estimated.get(cause) ?? 0) / series] as const);
  expect([...estimated.keys()].sort()).toEqual([...counted.keys()].sort());
  expect(Math.abs((estimate as number) / (real as number) - 1)).toBeLessThanOrEqual(0.1);
  expect(ratios.filter(([cause, ratio]) => !(Math.abs(ratio - 1) <= (accepted[cause] ?? 0.03)))).toEqual([]);
});

test.each([0, 1])("it is within 10 % of what a real Prometheus counts of page %d", { timeout: longestMillis }, async (which) => {
  page = pages[which] as string;
  const { address, port } = server.address() as AddressInfo;
  const prometheus = await startPrometheus({ targets: [`${address}:${port}`] });
  try {
    const count = async () => (await prometheus.query('count({job="test"})'))[0]?.value ?? 0;
    await until(async () => (await count()) > ofTarget, { deadlineMillis: longestMillis, what: "Prometheus has the page" });
    const real = (await count()) - ofTarget;
    expect(real).toBe(seriesIn([...countedBy(page).values()].map((series) => ({ series }))));
    const estimate = [...estimated.values()].reduce((sum, series) => sum + series, 0);
    expect(Math.abs(estimate / real - 1)).toBeLessThanOrEqual(0.1);
  } finally {
    await prometheus.stop();
  }
});

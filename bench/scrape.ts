// What a scrape costs: pages of gauges with four labels, rendered beside the stream, and prom-client on the same gauges.
// Run: node bench/scrape.ts. Says milliseconds, CPU and how long anything else had to wait.
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { Gauge, Registry } from "prom-client";
import { Renderer } from "../src/expose/render.ts";
import type { Collector, Family, Page, Series } from "../src/expose/sample.ts";
import { createSeries } from "../src/expose/series.ts";

const sizes = [1000, 10_000, 50_000] as const;
const rounds = 15;
const warmUps = 3;
const labels = ["model", "version", "feature", "window"] as const;
const seriesPerFamily = 1000;
/** As the collector of models does. */
const samplesPerYield = 1000;

function labelValues(index: number): string[] {
  return [
    `model-${index % 10}`,
    `2026-11-${index % 28}`,
    `a_feature_name_${Math.floor(index / 2)}`,
    index % 2 === 0 ? "1h" : "24h",
  ];
}

/** A third counts, the rest fractions with all their digits: as on a page of scores. */
function exampleValue(index: number, round: number): number {
  return index % 3 === 0 ? index * round : Math.sin(index + round);
}

class Gauges implements Collector {
  readonly name = "gauges";
  readonly families: Family[] = [];
  round = 0;
  readonly #series: Series[] = [];

  constructor(count: number) {
    for (let index = 0; index < count; index += 1) {
      if (index % seriesPerFamily === 0)
        this.families.push({ name: `bench_${index}_ratio`, help: "A gauge.", type: "gauge", labels });
      const family = this.families.at(-1);
      if (family !== undefined) this.#series.push(createSeries(family, labelValues(index)));
    }
  }

  *collect(page: Page): Iterable<void> {
    for (const [index, series] of this.#series.entries()) {
      page.sample(series, exampleValue(index, this.round));
      if (index % samplesPerYield === 0) yield;
    }
  }
}

interface Measured {
  readonly bytes: number;
  readonly millis: number;
  readonly cpuMillis: number;
  readonly stallMillis: number;
}

/** Medians over rounds; the worst stall of all. A timer of a millisecond stands for whoever waits. */
async function measure(render: (round: number) => Promise<number>): Promise<Measured> {
  const millis: number[] = [];
  const cpuMillis: number[] = [];
  const stall = monitorEventLoopDelay({ resolution: 1 });
  let bytes = 0;
  for (let round = -warmUps; round < rounds; round += 1) {
    if (round === 0) stall.enable();
    await wait(20);
    const cpu = process.cpuUsage();
    const began = performance.now();
    bytes = await render(round);
    millis.push(performance.now() - began);
    const used = process.cpuUsage(cpu);
    cpuMillis.push((used.user + used.system) / 1000);
  }
  await wait(20);
  stall.disable();
  const tickMillis = 1;
  return { bytes, millis: median(millis), cpuMillis: median(cpuMillis), stallMillis: stall.max / 1e6 - tickMillis };
}

const median = (values: readonly number[]): number =>
  values.slice(warmUps).sort((one, other) => one - other)[Math.floor(rounds / 2)] ?? Number.NaN;

function measureOurs(count: number, encoding: "identity" | "gzip"): Promise<Measured> {
  const gauges = new Gauges(count);
  const renderer = new Renderer({ collectors: () => [gauges], now: () => performance.now(), logger: console, maxAgeMillis: 0 });
  return measure(async (round) => {
    gauges.round = round;
    return (await renderer.render("text", encoding)).length;
  });
}

function measurePromClient(count: number): Promise<Measured> {
  const registry = new Registry();
  const gauges: Gauge[] = [];
  for (let first = 0; first < count; first += seriesPerFamily) {
    gauges.push(new Gauge({ name: `bench_${first}_ratio`, help: "A gauge.", labelNames: labels, registers: [registry] }));
  }
  for (let index = 0; index < count; index += 1)
    gauges[Math.floor(index / seriesPerFamily)]?.labels(...labelValues(index)).set(exampleValue(index, 1));
  return measure(async () => Buffer.from(await registry.metrics()).length);
}

function row(what: string, count: number, { bytes, millis, cpuMillis, stallMillis }: Measured, ratio: number): string {
  return line([
    what,
    String(count),
    String(bytes),
    ...[millis, cpuMillis, stallMillis, ratio].map((number) => number.toFixed(1)),
  ]);
}

const line = (cells: readonly string[]): string =>
  cells.map((cell, index) => (index === 0 ? cell.padEnd(12) : cell.padStart(11))).join("");

console.log(line(["rendering", "series", "bytes", "ms", "CPU ms", "stall ms", "x faster"]));
for (const count of sizes) {
  // Ours first: the garbage of the other would be collected at our expense.
  const ours = await measureOurs(count, "identity");
  const zipped = await measureOurs(count, "gzip");
  const theirs = await measurePromClient(count);
  console.log(row("ours", count, ours, theirs.cpuMillis / ours.cpuMillis));
  console.log(row("ours, gzip", count, zipped, theirs.cpuMillis / zipped.cpuMillis));
  console.log(row("prom-client", count, theirs, 1));
}

// Pages for Prometheus of some of the demo's hours, incidents included: the exporter over the simulator with the demo's
// configuration, on a clock that is put forward from one scrape to the next. Needs fake timers: intervals and timeouts.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { demoConfig } from "../../src/cli/demo-config.ts";
import { loadReferences } from "../../src/cli/references.ts";
import { simulation } from "../../src/cli/simulation.ts";
import { parseDocument } from "../../src/config/load.ts";
import { EventLoopLag } from "../../src/expose/event-loop-lag.ts";
import { ProcessMetrics } from "../../src/expose/process-metrics.ts";
import { Renderer } from "../../src/expose/render.ts";
import { Exporter, topicSettings } from "../../src/pipeline/exporter.ts";
import { SimulatorSource } from "../../src/source/simulator.ts";
import { allIsRead, startOnFakeTimers, timersMillis } from "../demo/turns.ts";
import { LogLines } from "../pipeline/log-lines.ts";

/** A log is idle when it was silent for 5 s and has been looked at again: looked at so long before a scrape, last at its time. */
const shortlyBefore = [20_000, 15_000, 10_000, 5000, 0];

/** How busy this machine is, is nothing for boards. */
const quickLoop = { count: 1, percentile: () => 12_000_000, enable: () => undefined, reset: () => undefined };

export interface Scrape {
  readonly seconds: number;
  /** In the text format. */
  readonly page: string;
}

export interface DemoHours {
  /** The first scrape. */
  readonly startMillis: number;
  readonly endMillis: number;
  readonly everyMillis: number;
  /** When the script of incidents begins. */
  readonly scriptMillis: number;
  /** For so long before the script events have come. */
  readonly historyMillis: number;
}

export async function* demoPages({
  startMillis,
  endMillis,
  everyMillis,
  scriptMillis,
  historyMillis,
}: DemoHours): AsyncGenerator<Scrape> {
  const directory = mkdtempSync(join(tmpdir(), "demo-pages-"));
  const loaded = parseDocument(demoConfig("127.0.0.1:0", 1, directory), "demo");
  const { config } = loaded;
  let clockMillis = startMillis;
  const now = (): number => clockMillis;
  const source = new SimulatorSource(simulation({ seed: 1, history: historyMillis, incidents: true }, scriptMillis, now));
  const logger = new LogLines();
  const references = loadReferences(loaded);
  // Timers are moved on without waiting: what a tick closes is closed before the next.
  const options = { logger, now, sliceMillis: Number.POSITIVE_INFINITY, version: "1.2.3" };
  const exporter = await Exporter.create({ config, references, source, topics: topicSettings(config), ...options });
  const collectors = [...exporter.collectors, new ProcessMetrics(), new EventLoopLag(() => clockMillis, quickLoop)];
  const renderer = new Renderer({ collectors: () => collectors, now: () => performance.now(), logger, maxAgeMillis: 0 });
  try {
    await startOnFakeTimers(exporter);
    await exporter.settled();
    for (let atMillis = startMillis; atMillis <= endMillis; atMillis += everyMillis) {
      for (const before of shortlyBefore) {
        clockMillis = Math.max(clockMillis, atMillis - before);
        await allIsRead(exporter);
        // What is under way would keep the next tick from its work, or not, as it happens.
        await exporter.settled();
      }
      vi.advanceTimersByTime(timersMillis);
      await exporter.settled();
      yield { seconds: clockMillis / 1000, page: (await renderer.render("text")).toString("utf8") };
    }
  } finally {
    await exporter.stop();
    rmSync(directory, { recursive: true, force: true });
  }
  const problems = logger.of("error");
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
}

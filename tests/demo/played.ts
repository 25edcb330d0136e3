// The demo without a process: the exporter over the simulator with the demo's configuration, on a clock that is put
// forward in steps, and everything that it showed on the way. Needs fake timers: intervals and timeouts.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { demoConfig } from "../../src/cli/demo-config.ts";
import { loadReferences } from "../../src/cli/references.ts";
import { type Simulation, simulation } from "../../src/cli/simulation.ts";
import { parseDocument } from "../../src/config/load.ts";
import { modelPage } from "../../src/expose/model-page.ts";
import { Renderer } from "../../src/expose/render.ts";
import { scrapeFamilies } from "../../src/expose/scrape-samples.ts";
import { Exporter, topicSettings } from "../../src/pipeline/exporter.ts";
import { SimulatorSource, scriptMillis } from "../../src/source/simulator.ts";
import { LogLines } from "../pipeline/log-lines.ts";
import { allIsRead, startOnFakeTimers } from "./turns.ts";

export const minute = 60_000;
/** What was shown is looked at once in this time. */
export const stepMillis = minute / 2;
/** The clock is put forward by this much at once: as long as a log has to be silent to be idle. */
const leapMillis = 5000;

/** What was shown at one moment. */
export interface Shown {
  readonly millis: number;
  /** The page for Prometheus, as text. */
  readonly metrics: string;
  /** Pages of models by their paths. */
  readonly pages: ReadonlyMap<string, string>;
}

export interface Play {
  /** When the script begins. */
  readonly momentMillis: number;
  readonly historyMillis: number;
  /** For so long before the script, and after it, is looked at what is shown. */
  readonly aroundMillis: number;
  readonly incidents: boolean;
}

export interface Played {
  readonly incidents: Simulation["incidents"];
  readonly shown: readonly Shown[];
  /** Names of the families that may be on the page for Prometheus. */
  readonly families: readonly string[];
}

/** Plays the script once, from its beginning to its end. */
export async function played({ momentMillis, historyMillis, aroundMillis, incidents }: Play): Promise<Played> {
  const directory = mkdtempSync(join(tmpdir(), "played-"));
  const loaded = parseDocument(demoConfig("127.0.0.1:0", 1, directory), "demo");
  const { config } = loaded;
  const references = loadReferences(loaded);
  let clockMillis = momentMillis - aroundMillis;
  const now = (): number => clockMillis;
  const streams = simulation({ seed: 1, history: historyMillis, incidents }, momentMillis, now);
  const source = new SimulatorSource(streams);
  const logger = new LogLines();
  // Timers are moved on without waiting: what a tick closes is closed before the next.
  const options = { logger, now, sliceMillis: Number.POSITIVE_INFINITY };
  const topics = topicSettings(config);
  const exporter = await Exporter.create({ config, references, source, topics, version: "1.2.3", ...options });
  const renderer = new Renderer({ collectors: () => exporter.collectors, now: () => performance.now(), logger, maxAgeMillis: 0 });
  const shown: Shown[] = [];
  const families = [...exporter.collectors.flatMap((collector) => collector.families), ...scrapeFamilies].map(({ name }) => name);
  try {
    await startOnFakeTimers(exporter);
    const endMillis = momentMillis + scriptMillis + aroundMillis;
    for (; clockMillis <= endMillis; clockMillis += leapMillis) {
      await allIsRead(exporter);
      if ((clockMillis - momentMillis) % stepMillis === 0) shown.push(await shownBy(exporter, renderer, clockMillis));
    }
  } finally {
    await exporter.stop();
    rmSync(directory, { recursive: true, force: true });
  }
  const problems = logger.of("error");
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const played = streams.incidents.filter(({ startMillis }) => startMillis < momentMillis + scriptMillis);
  return { incidents: played, shown, families };
}

async function shownBy(exporter: Exporter, renderer: Renderer, millis: number): Promise<Shown> {
  await exporter.settled();
  const metrics = (await renderer.render("text")).toString("utf8");
  const pages = new Map<string, string>();
  for (const name of exporter.ingest.fold.models.keys()) {
    const view = await exporter.status.model(name);
    if (view !== undefined) pages.set(`/models/${name}`, modelPage(view));
  }
  return { millis, metrics, pages };
}

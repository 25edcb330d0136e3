// The command `demo`: the exporter on simulated streams, without a broker and without a configuration. Says what to open
// and, when an incident begins, what to look at.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError, parseDocument } from "../config/load.ts";
import type { SimulatorConfig } from "../config/schema.ts";
import { parseListenAddress } from "../expose/listen-address.ts";
import { topicSettings } from "../pipeline/exporter.ts";
import { type ScheduledIncident, SimulatorSource, type Watch } from "../source/simulator.ts";
import { demoConfig } from "./demo-config.ts";
import { createLogger } from "./logger.ts";
import { ProgressBar } from "./progress-bar.ts";
import { loadReferences } from "./references.ts";
import { serve } from "./serve.ts";
import { type Simulation, simulation } from "./simulation.ts";

export interface DemoCommand {
  /** Ends by itself so many minutes after it is ready; undefined: when it is told to. */
  readonly minutes?: number;
  readonly seed: number;
  readonly listen: string;
}

const minuteMillis = 60_000;
const lookMillis = 100;

/** @throws ConfigError for an address that is none */
export async function demo({ minutes, seed, listen }: DemoCommand, version: string): Promise<void> {
  parseListenAddressOf(listen);
  const directory = mkdtempSync(join(tmpdir(), "prediction-exporter-demo-"));
  const loaded = parseDocument(demoConfig(listen, seed, directory), "demo");
  const { config } = loaded;
  const references = loadReferences(loaded);
  const streams = simulation(config.source.simulator as SimulatorConfig, Date.now());
  const source = new SimulatorSource(streams);
  const logger = createLogger("warn");
  const atEnd = (): void => rmSync(directory, { recursive: true, force: true });
  const served = await serve({ config, references, source, topics: topicSettings(config), version, logger, atEnd }).catch(
    (error: unknown) => {
      atEnd();
      throw error;
    },
  );
  const bar = new ProgressBar("folding the last 25 hours");
  await whenReady(
    () => served.exporter.waitingFor().length === 0,
    () => bar.show(shareOf(source)),
  );
  bar.end();
  const url = `http://${served.listen}`;
  say(`
Three models, simulated: fraud, recommendation, forecast. Open

  ${url}/          what is going on
  ${url}/metrics   the same for Prometheus

Incidents follow one after another, for as long as this runs; Ctrl-C ends it.
`);
  announce(streams, url);
  if (minutes !== undefined) setTimeout(served.end, minutes * minuteMillis);
}

function parseListenAddressOf(listen: string): void {
  try {
    parseListenAddress(listen);
  } catch (error) {
    throw new ConfigError(`--listen ${listen}: ${(error as Error).message}`);
  }
}

function shareOf({ progress: { historyRead, historyRecords } }: SimulatorSource): number {
  return historyRecords === 0 ? 0 : historyRead / historyRecords;
}

async function whenReady(isReady: () => boolean, meanwhile: () => void): Promise<void> {
  while (!isReady()) {
    meanwhile();
    await new Promise((resolve) => setTimeout(resolve, lookMillis));
  }
}

/** Tells of each incident when it begins. */
function announce({ incidents }: Simulation, url: string): void {
  const coming = incidents.filter(({ startMillis }) => startMillis > Date.now()).sort((a, b) => a.startMillis - b.startMillis);
  const tellNext = (): void => {
    const incident = coming.shift();
    if (incident === undefined) return;
    setTimeout(() => {
      say(announcement(incident, url));
      tellNext();
    }, incident.startMillis - Date.now()).unref();
  };
  tellNext();
}

/** What a person is told of an incident. */
export function announcement({ startMillis, message, page, watch }: ScheduledIncident, url: string): string {
  const series = watch.map((one) => `         ${selector(one)} ${one.moves}`);
  return [
    `${new Date(startMillis).toTimeString().slice(0, 5)}  ${message}`,
    `       See ${url}${page} and, on /metrics,`,
    ...series,
    "",
  ].join("\n");
}

function selector({ name, labels }: Watch): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${name}{${pairs.join(", ")}}`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

// The exporter as it is put together for a process, without one: a source in memory, a state directory of its own, a
// clock that only the test moves, and the page as everyone gets it. Needs fake timers of intervals.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import type { Config } from "../../src/config/schema.ts";
import { formats } from "../../src/decode/index.ts";
import { Renderer } from "../../src/expose/render.ts";
import { Exporter, topicSettings } from "../../src/pipeline/exporter.ts";
import { MemorySource } from "../../src/source/memory.ts";
import type { Log } from "../../src/source/source.ts";
import { type ParsedFamily, parsePage } from "../expose/strict-parser.ts";
import { LogLines } from "./log-lines.ts";

/** The exporter takes decisions that need a clock once in this time. */
const tickMillis = 500;

/** What outlives a process: the logs, the state and the time. */
export class World {
  readonly source = new MemorySource();
  readonly directory = mkdtempSync(join(tmpdir(), "exporter-state-"));
  clockMillis: number;
  readonly #running: StartedExporter[] = [];

  constructor(clockMillis: number) {
    this.clockMillis = clockMillis;
  }

  /** @param text the configuration without source (the topic `events`) and state */
  config(text: string): Config {
    const source = "source: {kafka: {brokers: [localhost:9092], topics: {events: {}}, start: earliest}}";
    const state = `state: {directory: ${JSON.stringify(this.directory)}, every: 1d}`;
    return parseConfig(`${source}\n${state}\n${text}`, "test", formats);
  }

  /** @param text as of `config` */
  async start(text: string): Promise<StartedExporter> {
    const config = this.config(text);
    const log = new LogLines();
    // `pass` does not wait: what a tick closes is closed when the next one comes, however busy the machine is.
    const sliceMillis = Number.POSITIVE_INFINITY;
    const options = { config, source: this.source, topics: topicSettings(config), version: "1.2.3", logger: log, sliceMillis };
    const exporter = await Exporter.create({ ...options, now: () => this.clockMillis });
    await exporter.start();
    const started = new StartedExporter(this, exporter, log);
    this.#running.push(started);
    return started;
  }

  async close(): Promise<void> {
    for (const exporter of this.#running) await exporter.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export class StartedExporter {
  readonly exporter: Exporter;
  readonly log: LogLines;
  readonly #world: World;
  readonly #renderer: Renderer;
  #stopped = false;

  constructor(world: World, exporter: Exporter, log: LogLines) {
    this.#world = world;
    this.exporter = exporter;
    this.log = log;
    const collectors = () => exporter.collectors;
    this.#renderer = new Renderer({ collectors, now: () => performance.now(), logger: log, maxAgeMillis: 0 });
  }

  async write(log: Log, records: readonly (string | null)[], recordMillis?: number): Promise<void> {
    this.#world.source.append(log, records, recordMillis);
    await this.#world.source.deliver(log);
  }

  /** Lets some ticks pass, each with a look at the logs. */
  pass(millis: number): void {
    for (let passed = 0; passed < millis; passed += tickMillis) {
      this.#world.clockMillis += tickMillis;
      this.#world.source.look();
      vi.advanceTimersByTime(tickMillis);
    }
  }

  async text(format: "text" | "openmetrics" = "text"): Promise<string> {
    await this.exporter.settled();
    return (await this.#renderer.render(format)).toString("utf8");
  }

  async families(): Promise<ParsedFamily[]> {
    return parsePage(await this.text(), "text");
  }

  /** The page's samples by `name{label="value",...}` in the page's order of labels, without `shard`. */
  async page(): Promise<Map<string, number>> {
    const samples = new Map<string, number>();
    for (const family of await this.families()) {
      for (const { name, labels, value } of family.samples) {
        const shown = [...labels].filter(([label]) => label !== "shard").map(([label, text]) => `${label}=${text}`);
        samples.set(shown.length === 0 ? name : `${name}{${shown.join(",")}}`, value);
      }
    }
    return samples;
  }

  /** Stops as at SIGTERM, which saves the state; once. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    await this.exporter.stop();
  }
}

// The exporter's parts put together on streams that come in their own time: its page as of any minute, as fast as events are folded.
// Nothing here waits and nothing reads a clock but that of the streams.
import { demoConfig } from "../src/cli/demo-config.ts";
import { loadReferences } from "../src/cli/references.ts";
import { parseDocument } from "../src/config/load.ts";
import type { Config } from "../src/config/schema.ts";
import { Renderer } from "../src/expose/render.ts";
import type { Collector } from "../src/expose/sample.ts";
import { SeriesLimit } from "../src/expose/series-limit.ts";
import { beginAt } from "../src/pipeline/beginning.ts";
import { Configuration } from "../src/pipeline/configuration.ts";
import { topicSettings } from "../src/pipeline/exporter.ts";
import { ExporterCollector } from "../src/pipeline/exporter-collector.ts";
import { foldSettings } from "../src/pipeline/fold-settings.ts";
import { Ingest } from "../src/pipeline/ingest.ts";
import type { Logger } from "../src/pipeline/logger.ts";
import { ModelCollector } from "../src/pipeline/model-collector.ts";
import { OutcomeCollector } from "../src/pipeline/outcome-collector.ts";
import { Progress } from "../src/pipeline/progress.ts";
import { Rejections } from "../src/pipeline/rejections.ts";
import { restore, Snapshotter } from "../src/pipeline/snapshotter.ts";
import { Windows } from "../src/pipeline/windows.ts";
import { DirectoryStore } from "../src/state/directory-store.ts";
import type { DueStreams } from "./quiet-weeks-streams.ts";
import { WantedFamilies } from "./quiet-weeks-wanted.ts";

/** Records are handed over so often, and what needs a clock is decided: six times within what counts as in time (a minute). */
const stepMillis = 10_000;
/** A log is idle only when it was looked at as often after its last record. */
const looks = 2;
/** What no window ever is. */
const never = Number.NEGATIVE_INFINITY;

export interface QuietOptions {
  readonly streams: DueStreams;
  readonly seed: number;
  /** Where the state is; one that is there is gone on with. */
  readonly state: string;
  readonly fromMillis: number;
  /** Families to show: the others are collected as well, but nobody reads them. */
  readonly wanted: ReadonlySet<string>;
}

export class QuietExporter {
  clockMillis: number;
  readonly #streams: DueStreams;
  readonly #ingest: Ingest;
  readonly #progress: Progress;
  readonly #snapshotter: Snapshotter;
  readonly #renderer: Renderer;
  #withWindows = false;

  private constructor({ streams, fromMillis, wanted }: QuietOptions, config: Config, parts: Parts) {
    const now = (): number => this.clockMillis;
    this.clockMillis = fromMillis;
    this.#streams = streams;
    const { fold, store, savedMillis } = parts;
    const topics = topicSettings(config);
    const futureMillis = config.defaults.future;
    this.#ingest = new Ingest(
      fold,
      {
        topics,
        decode: () => ({ messageBytes: config.limits.message_bytes, futureMillis }),
        begin: (bounds) => beginAt(config, bounds, now()),
        now,
        // Nobody else waits for the thread.
        sliceMillis: Number.POSITIVE_INFINITY,
      },
      logger,
      new Rejections(logger, now),
      () => this.#progress.advance(),
    );
    const { idle: idleMillis, stuck: stuckMillis, ahead: aheadMillis } = config.source;
    const waits = { idleMillis, stuckMillis, aheadMillis, futureMillis: () => futureMillis, now };
    this.#progress = new Progress(this.#ingest, streams, waits, logger);
    this.#snapshotter = new Snapshotter(this.#ingest, store, streams, savedMillis, now, logger);
    this.#renderer = this.#rendererOf(config, [...topics.keys()], wanted);
  }

  #rendererOf(config: Config, topics: readonly string[], wanted: ReadonlySet<string>): Renderer {
    const now = (): number => this.clockMillis;
    const limit = new SeriesLimit(config.limits.series);
    const countersKnown = (): boolean => true;
    // What is withheld need not be computed.
    const holdMillis = (): number => (this.#withWindows ? 0 : Number.POSITIVE_INFINITY);
    const staleMillis = (): number => (this.#withWindows ? config.defaults.stale : never);
    const { fold } = this.#ingest;
    const windows = new Windows(fold, { holdMillis, now });
    const models = { countersKnown, zeroMillis: config.web.zero_for, staleMillis, now };
    const own = { ingest: this.#ingest, progress: this.#progress, source: this.#streams, snapshotter: this.#snapshotter };
    const configuration = new Configuration(config, null, now());
    const collectors: readonly Collector[] = [
      new ExporterCollector({ ...own, limit, version: "quiet weeks", topics, configuration, countersKnown, now }),
      new ModelCollector(fold, windows, limit, models),
      new OutcomeCollector(fold, limit, models),
    ].map((collector) => new WantedFamilies(collector, wanted));
    return new Renderer({ collectors: () => collectors, now, logger, maxAgeMillis: 0 });
  }

  /** Restores the state, if there is one, and begins to read. */
  static async start(options: QuietOptions): Promise<QuietExporter> {
    const loaded = parseDocument(demoConfig("127.0.0.1:0", options.seed, options.state), "demo");
    const store = new DirectoryStore(options.state);
    await store.prepare();
    const restored = await restore(store, foldSettings(loaded.config, loadReferences(loaded)), logger);
    const exporter = new QuietExporter(options, loaded.config, { ...restored, store });
    await options.streams.start(exporter.#ingest);
    return exporter;
  }

  /** Reads and folds what comes before a time. */
  async passUntil(millis: number): Promise<void> {
    while (this.clockMillis < millis) {
      this.clockMillis = Math.min(this.clockMillis + stepMillis, millis);
      await this.#streams.deliver(this.clockMillis);
      for (let look = 0; look < looks; look++) this.#streams.look();
      this.#progress.tick();
    }
  }

  /** The page as it is scraped, in OpenMetrics text, with or without what is said of windows. */
  async page(withWindows: boolean): Promise<string> {
    this.#withWindows = withWindows;
    return (await this.#renderer.render("openmetrics")).toString();
  }

  /** Saves the state and stops. */
  async stop(): Promise<void> {
    await this.#snapshotter.saveLast();
    await this.#streams.stop();
  }
}

interface Parts extends Awaited<ReturnType<typeof restore>> {
  readonly store: DirectoryStore;
}

/** What an exporter logs as an error has no place in quiet weeks. */
const logger: Logger = {
  info: () => undefined,
  warn: () => undefined,
  error(fields, message) {
    throw new Error(`${message}: ${JSON.stringify(fields)}`);
  },
};

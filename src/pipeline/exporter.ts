// The exporter put together: source, fold, snapshots and collectors, with a clock for what needs one. Serves no HTTP.
import type { Config } from "../config/schema.ts";
import { decoderFor } from "../decode/index.ts";
import type { Collector } from "../expose/sample.ts";
import { SeriesLimit } from "../expose/series-limit.ts";
import type { LogBounds, Source, Start } from "../source/source.ts";
import { DirectoryStore } from "../state/directory-store.ts";
import { minuteMillis } from "../window/ladder.ts";
import { ExporterCollector } from "./exporter-collector.ts";
import { foldSettings } from "./fold-settings.ts";
import { Ingest, type TopicSettings } from "./ingest.ts";
import type { Logger } from "./logger.ts";
import { ModelCollector } from "./model-collector.ts";
import { OutcomeCollector } from "./outcome-collector.ts";
import { Progress } from "./progress.ts";
import { Rejections } from "./rejections.ts";
import { restore, Snapshotter } from "./snapshotter.ts";
import { Windows } from "./windows.ts";

/** How often decisions that need a clock are looked at. */
const tickMillis = 500;

export interface ExporterOptions {
  readonly config: Config;
  readonly source: Source;
  readonly topics: ReadonlyMap<string, TopicSettings>;
  readonly version: string;
  readonly logger: Logger;
  readonly now: () => number;
}

export class Exporter {
  readonly collectors: readonly Collector[];
  readonly ingest: Ingest;
  readonly #options: ExporterOptions;
  readonly #progress: Progress;
  readonly #snapshotter: Snapshotter;
  readonly #timers: NodeJS.Timeout[] = [];
  #caughtUp = false;
  #catchingUp: Promise<void> | null = null;

  private constructor(options: ExporterOptions, ingest: Ingest, progress: Progress, snapshotter: Snapshotter) {
    const { config, source, version, topics, now } = options;
    const limit = new SeriesLimit(config.limits.series);
    const countersKnown = (): boolean => this.#caughtUp;
    this.#options = options;
    this.ingest = ingest;
    this.#progress = progress;
    this.#snapshotter = snapshotter;
    const modelOptions = { countersKnown, zeroMillis: config.web.zero_for, staleMillis: config.defaults.stale, now };
    this.collectors = [
      new ExporterCollector({
        ingest,
        progress,
        source,
        snapshotter,
        limit,
        version,
        topics: [...topics.keys()],
        countersKnown,
        now,
      }),
      new ModelCollector(ingest.fold, new Windows(ingest.fold), limit, modelOptions),
      new OutcomeCollector(ingest.fold, limit, modelOptions),
    ];
  }

  /** Restores the state; reads nothing yet. @throws where the state's directory cannot be used */
  static async create(options: ExporterOptions): Promise<Exporter> {
    const { config, source, topics, logger, now } = options;
    const settings = foldSettings(config);
    const store = new DirectoryStore(config.state.directory);
    await store.prepare();
    const restored = await restore(store, settings, logger);
    for (const [key, log] of restored.fold.logs) if (!topics.has(log.topic)) restored.fold.logs.delete(key);
    const decode = { messageBytes: config.limits.message_bytes, futureMillis: config.defaults.future };
    const begin = (bounds: LogBounds): Start => beginAt(config, bounds, now());
    const ingestOptions = { topics, decode, begin, now };
    const ingest = new Ingest(restored.fold, ingestOptions, logger, new Rejections(logger, now), () => progress.advance());
    const progressOptions = {
      idleMillis: config.source.idle,
      stuckMillis: config.source.stuck,
      aheadMillis: config.source.ahead,
      futureMillis: config.defaults.future,
      now,
    };
    const progress: Progress = new Progress(ingest, source, progressOptions, logger);
    const snapshotter = new Snapshotter(ingest, store, source, restored.savedMillis, now, logger);
    return new Exporter(options, ingest, progress, snapshotter);
  }

  /** @throws where the source cannot be read as it is configured; nothing goes on then */
  async start(): Promise<void> {
    this.#every(tickMillis, () => this.#tick());
    this.#every(this.#options.config.state.every, () => void this.#snapshotter.save());
    try {
      await this.#options.source.start(this.ingest);
    } catch (error) {
      this.#endTimers();
      throw error;
    }
  }

  /** What keeps the page from being complete; empty when it is. */
  waitingFor(): string[] {
    const status = this.#options.source.status();
    const waiting = [...status.problems];
    if (!status.assigned && waiting.length === 0) waiting.push("the source has not begun");
    if (status.assigned && !this.#caughtUp) waiting.push("catching up with the logs");
    return waiting;
  }

  /** Stops reading and saves the state. */
  async stop(): Promise<void> {
    this.#endTimers();
    await this.#options.source.stop();
    await this.#snapshotter.saveLast();
  }

  #tick(): void {
    this.#progress.tick();
    if (this.#catchingUp === null && this.#options.source.status().assigned && this.ingest.caughtUp) {
      this.#catchingUp = this.#showCounters();
    }
  }

  /**
   * Counters are shown once a snapshot has them: a process that ends before would make them begin lower the next time,
   * which whoever scrapes would take for as many new events.
   */
  async #showCounters(): Promise<void> {
    await this.#snapshotter.saveLast();
    this.#caughtUp = true;
    this.#options.logger.info({ records: this.ingest.records }, "caught up");
  }

  /** Resolves when what is under way in the background is done. */
  async settled(): Promise<void> {
    await this.#catchingUp;
    await this.#snapshotter.settled();
  }

  #endTimers(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  #every(millis: number, work: () => void): void {
    this.#timers.push(setInterval(work, millis));
  }
}

/** Where a log is begun that no snapshot knows. */
function beginAt(config: Config, bounds: LogBounds, nowMillis: number): Start {
  const start = config.source.kafka?.start ?? "earliest";
  if (start === "earliest") return { offset: bounds.low };
  if (start === "latest") return { offset: bounds.end };
  const learnMillis = Math.max(config.defaults.learn, ...Object.values(config.models).map((model) => model.learn ?? 0));
  const backMillis = start === "auto" ? learnMillis + Math.max(...config.defaults.windows) + minuteMillis : start;
  return { timeMillis: nowMillis - backMillis };
}

/** What the configuration says of each topic. */
export function topicSettings(config: Config): Map<string, TopicSettings> {
  const topics = new Map<string, TopicSettings>();
  for (const [name, { format, lateness }] of Object.entries(config.source.kafka?.topics ?? {})) {
    topics.set(name, { decoder: decoderFor(format), latenessMillis: lateness });
  }
  const file = config.source.file;
  for (const path of file?.paths ?? []) {
    topics.set(path, { decoder: decoderFor(file?.format ?? "native"), latenessMillis: file?.lateness ?? minuteMillis });
  }
  return topics;
}

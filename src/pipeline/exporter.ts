// The exporter put together: source, fold, snapshots and collectors, with a clock for what needs one. Serves no HTTP.
import { isDeepStrictEqual } from "node:util";
import type { Config } from "../config/schema.ts";
import type { DecodeOptions } from "../decode/decoder.ts";
import { decoderFor } from "../decode/index.ts";
import { type Mapping, mappedDecoder } from "../decode/mapping.ts";
import type { Collector } from "../expose/sample.ts";
import { SeriesLimit } from "../expose/series-limit.ts";
import { simulatedLogs } from "../source/simulator.ts";
import type { LogBounds, Source, Start } from "../source/source.ts";
import { DirectoryStore } from "../state/directory-store.ts";
import { Fold } from "../state/fold.ts";
import type { FoldSettings } from "../state/settings.ts";
import { minuteMillis } from "../window/resolution.ts";
import { beginAt } from "./beginning.ts";
import { Configuration } from "./configuration.ts";
import { ExporterCollector } from "./exporter-collector.ts";
import { foldSettings, type References } from "./fold-settings.ts";
import { Ingest, type TopicSettings } from "./ingest.ts";
import { LearnedReferences, readLearnedReferences } from "./learned-references.ts";
import type { Logger } from "./logger.ts";
import { ModelCollector } from "./model-collector.ts";
import { NoticeLog } from "./notice-log.ts";
import { OutcomeCollector } from "./outcome-collector.ts";
import { Progress } from "./progress.ts";
import { Rejections } from "./rejections.ts";
import { restore, Snapshotter } from "./snapshotter.ts";
import { Status } from "./status.ts";
import { inSlices, usualSliceMillis } from "./turns.ts";
import { Windows } from "./windows.ts";

/** How often decisions that need a clock are looked at. */
const tickMillis = 500;
/** Timers come no more often than this, however fast time goes. */
const leastTimerMillis = 50;

export interface ExporterOptions {
  readonly config: Config;
  /** Where the configuration was read from; absent where it is not from a file. */
  readonly configPath?: string;
  /** What the configuration names as normal. */
  readonly references?: References;
  readonly source: Source;
  readonly topics: ReadonlyMap<string, TopicSettings>;
  readonly version: string;
  readonly logger: Logger;
  readonly now: () => number;
  /** How many times faster than timers `now` runs; absent: as fast. */
  readonly pace?: number;
  /** See `IngestOptions`. */
  readonly sliceMillis?: number;
}

/** While logs are caught up with, windows are computed anew this often at most. */
const heldWhileBehind = 10_000;

/** What a reload cannot change, as it would need other connections, files or sockets. */
const fixedParts = ["source", "state", "web"] as const;

export class Exporter {
  readonly collectors: readonly Collector[];
  readonly status: Status;
  readonly ingest: Ingest;
  readonly #options: ExporterOptions;
  readonly #configuration: Configuration;
  readonly #progress: Progress;
  readonly #snapshotter: Snapshotter;
  readonly #limit: SeriesLimit;
  readonly #notices: NoticeLog;
  readonly #learned: LearnedReferences;
  #savingReferences: Promise<void> | null = null;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #windows: Windows;
  #preparing: Promise<void> | null = null;
  #preparedMillis = Number.NaN;
  #caughtUp = false;
  #catchingUp: Promise<void> | null = null;

  private constructor(options: ExporterOptions, parts: Parts) {
    const { source, version, now, logger } = options;
    const { configuration, ingest, progress, snapshotter, rejections } = parts;
    const limit = new SeriesLimit(configuration.current.limits.series);
    const countersKnown = (): boolean => this.#caughtUp;
    this.#options = options;
    this.#configuration = configuration;
    this.ingest = ingest;
    this.#progress = progress;
    this.#snapshotter = snapshotter;
    this.#limit = limit;
    this.#notices = new NoticeLog(ingest.fold, logger);
    const { directory } = configuration.current.state;
    this.#learned = new LearnedReferences(ingest.fold, { directory, version, now }, logger);
    const topics = [...options.topics.keys()];
    const holdMillis = (): number => (this.#caughtUp ? 0 : heldWhileBehind);
    const windows = new Windows(ingest.fold, { holdMillis, now });
    this.#windows = windows;
    const staleMillis = (): number => configuration.current.defaults.stale;
    const models = { countersKnown, zeroMillis: configuration.current.web.zero_for, staleMillis, now };
    const shared = { ingest, progress, source, snapshotter, limit, version, topics, configuration, now };
    this.collectors = [
      new ExporterCollector({ ...shared, countersKnown }),
      new ModelCollector(ingest.fold, windows, limit, models),
      new OutcomeCollector(ingest.fold, limit, models),
    ];
    const waitingFor = (): string[] => this.waitingFor();
    const saveMillis = configuration.current.state.every;
    this.status = new Status({ ...shared, windows, rejections, startedMillis: now(), saveMillis, staleMillis, waitingFor });
  }

  /** Restores the state; reads nothing yet. @throws where the state's directory cannot be used */
  static async create(options: ExporterOptions): Promise<Exporter> {
    const { config, references, source, topics, logger, now } = options;
    const configuration = new Configuration(config, options.configPath ?? null, now());
    const store = new DirectoryStore(config.state.directory);
    await store.prepare();
    const settings = foldSettings(config, references);
    const found = await restore(store, settings, logger);
    // Without a state to go on with, what was learned before is still normal.
    const learned = Number.isNaN(found.savedMillis) ? await readLearnedReferences(config.state.directory, logger) : new Map();
    const restored = learned.size > 0 ? { ...found, fold: new Fold({ ...settings, learned }) } : found;
    for (const [key, log] of restored.fold.logs) if (!topics.has(log.topic)) restored.fold.logs.delete(key);
    const decode = (): DecodeOptions => decodeOptions(configuration.current);
    const begin = (bounds: LogBounds): Start => beginAt(config, bounds, now());
    const rejections = new Rejections(logger, now);
    const ingestOptions = { topics, decode, begin, now, sliceMillis: options.sliceMillis ?? usualSliceMillis };
    const ingest = new Ingest(restored.fold, ingestOptions, logger, rejections, () => progress.advance());
    const { idle, stuck, ahead } = config.source;
    const futureMillis = (): number => configuration.current.defaults.future;
    const progressOptions = { idleMillis: idle, stuckMillis: stuck, aheadMillis: ahead, futureMillis, now };
    const progress: Progress = new Progress(ingest, source, progressOptions, logger);
    const snapshotter = new Snapshotter(ingest, store, source, restored.savedMillis, now, logger);
    return new Exporter(options, { configuration, ingest, progress, snapshotter, rejections });
  }

  /**
   * Goes on under another configuration, all of it or none: from the first minute on of which nothing was seen. Models
   * that it does not change keep their state.
   * @throws where it cannot be: the configuration before stays
   */
  async reload(config: Config, references?: References): Promise<void> {
    const { logger, now } = this.#options;
    const before = this.#configuration.current;
    const fixed = fixedParts.filter((part) => !isDeepStrictEqual(config[part], before[part]));
    if (fixed.length > 0) throw new Error(`${fixed.join(", ")}: cannot be changed by a reload, only by a restart`);
    const { fold } = this.ingest;
    const settings = foldSettings(config, references);
    await this.ingest.hold(async () => {
      const replaced = changedReferences(fold.settings, settings);
      const fromMillis = fold.reload(settings, now() + config.defaults.future);
      const from = Number.isFinite(fromMillis) ? new Date(fromMillis).toISOString() : "now";
      logger.info({ from }, "configuration reloaded");
      for (const change of replaced) logger.warn({ from, ...change }, "reference changed");
    });
    this.#limit.limit = config.limits.series;
    this.#configuration.replaced(config, now());
  }

  /** Another configuration could not be loaded: says so on the pages; the one before stays. */
  reloadFailed(reason: string): void {
    this.#configuration.failed(reason, this.#options.now());
  }

  /** @throws where the source cannot be read as it is configured; nothing goes on then */
  async start(): Promise<void> {
    this.#every(tickMillis, () => this.#tick());
    this.#every(this.#options.config.state.every, () => void this.#save());
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

  /**
   * Windows are computed when panes have closed, not when someone scrapes; but not each of those that are caught up with, and
   * not while there are more to come.
   */
  #prepareWindows(): void {
    const { frontierMillis } = this.ingest.fold;
    if (!this.#caughtUp || this.#preparing !== null || this.ingest.holding) return;
    if (frontierMillis === this.#preparedMillis || Number.isNaN(frontierMillis)) return;
    this.#preparedMillis = frontierMillis;
    this.#preparing = inSlices(this.#windows.prepare()).finally(() => {
      this.#preparing = null;
    });
  }

  async #save(): Promise<void> {
    await this.#snapshotter.save();
    await this.#saveReferences();
  }

  /** One save at a time. */
  async #saveReferences(): Promise<void> {
    this.#savingReferences ??= this.#learned.save().finally(() => {
      this.#savingReferences = null;
    });
    await this.#savingReferences;
  }

  /** Stops reading and saves the state. */
  async stop(): Promise<void> {
    this.#endTimers();
    await this.#options.source.stop();
    await this.#snapshotter.saveLast();
    await this.#saveReferences();
  }

  #tick(): void {
    this.#progress.tick();
    this.#notices.tell();
    this.#prepareWindows();
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
    await this.ingest.settled();
    await this.#catchingUp;
    await this.#snapshotter.settled();
    await this.#savingReferences;
    await this.#preparing;
  }

  #endTimers(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  #every(millis: number, work: () => void): void {
    this.#timers.push(setInterval(work, Math.max(millis / (this.#options.pace ?? 1), Math.min(millis, leastTimerMillis))));
  }
}

/** Models whose configured reference another configuration replaces. */
function changedReferences(before: FoldSettings, after: FoldSettings): { model: string; was: string; is: string }[] {
  const hashOf = (settings: FoldSettings, model: string): string => settings.models.get(model)?.reference?.hash ?? "learned";
  const models = new Set([...before.models.keys(), ...after.models.keys()]);
  return [...models]
    .map((model) => ({ model, was: hashOf(before, model), is: hashOf(after, model) }))
    .filter(({ was, is }) => was !== is);
}

/** What an exporter is made of. */
interface Parts {
  readonly configuration: Configuration;
  readonly ingest: Ingest;
  readonly progress: Progress;
  readonly snapshotter: Snapshotter;
  readonly rejections: Rejections;
}

function decodeOptions({ limits, defaults }: Config): DecodeOptions {
  return { messageBytes: limits.message_bytes, futureMillis: defaults.future };
}

/** What the configuration says of each topic. */
export function topicSettings(config: Config): Map<string, TopicSettings> {
  const topics = new Map<string, TopicSettings>();
  const { kafka, file, simulator } = config.source;
  for (const [name, stream] of Object.entries(kafka?.topics ?? {})) topics.set(name, streamSettings(stream));
  for (const path of file?.paths ?? []) topics.set(path, streamSettings(file));
  for (const { topic } of simulator === undefined ? [] : simulatedLogs) topics.set(topic, streamSettings());
  return topics;
}

/** What is said of a stream; of the simulator's nothing is. */
export function streamSettings({ format = "native", lateness = minuteMillis, map }: StreamConfig = {}): TopicSettings {
  return { decoder: map === undefined ? decoderFor(format) : mappedDecoder(map), latenessMillis: lateness };
}

type StreamConfig = { readonly format?: string; readonly lateness?: number; readonly map?: Mapping | undefined };

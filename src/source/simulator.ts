// Simulated streams of three stories as a source: their history as fast as the sink takes it, then each record when it
// falls due. What a log holds follows from the options alone; nothing is kept that must survive.
//
// Each log is told by a reader of its own, so a paused one holds no other back. The log that is furthest behind in time
// is read first: all logs move through history together.
import { LogFeed, type OpenReader } from "./simulator/log-feed.ts";
import { LogReader, simulatedLogs } from "./simulator/log-reader.ts";
import type { StreamOptions } from "./simulator/story.ts";
import { type Log, logKey, type Sink, type Source, type SourceStatus } from "./source.ts";
import { Rest, within } from "./waiting.ts";

export { batchEveryMillis } from "./simulator/forecast.ts";
export type { Effect, Incident } from "./simulator/incident.ts";
export { simulatedLogs } from "./simulator/log-reader.ts";
export { storyOutcomes, storyPredictions } from "./simulator/predictions.ts";
export { type SimulatedRecord, simulatedRecords } from "./simulator/records.ts";
export {
  demoScript,
  type ScheduledIncident,
  type ScriptedIncident,
  scheduled,
  scriptMillis,
  type Watch,
} from "./simulator/script.ts";
export { partitionCounts, type StoryName, type StreamOptions, storyNames, type Topic } from "./simulator/story.ts";

export interface SimulatorOptions extends StreamOptions {
  readonly now: () => number;
}

/** How far the history has been handed over. */
export interface SimulatorProgress {
  /** When reading began: what is older is history. NaN before the start. */
  readonly historyEndMillis: number;
  /** Records of the history; 0 until they are counted. */
  readonly historyRecords: number;
  /** Those of them that were handed over, or skipped because reading begins after them. */
  readonly historyRead: number;
  /** Records handed over since the start, history or not. */
  readonly handedRecords: number;
}

/** When nothing is due, the clock is looked at this often. */
const restMillis = 200;
const boundsMillis = 1000;
/** A sink that does not come back is not waited for longer when reading ends. */
const longestEndMillis = 4000;

export class SimulatorSource implements Source {
  readonly #now: () => number;
  readonly #feeds: readonly LogFeed[];
  readonly #rest = new Rest();
  #historyEndMillis = Number.NaN;
  #handed = 0;
  #assigned = false;
  #stopping = false;
  #boundsTimer: NodeJS.Timeout | undefined;
  #telling: Promise<void> = Promise.resolve();
  #starting: Promise<void> = Promise.resolve();
  #reading: Promise<void> = Promise.resolve();

  /** @param open where the records of a log come from, if not from the stories */
  constructor(options: SimulatorOptions, open: OpenReader = (log) => new LogReader(log, options), logs = simulatedLogs) {
    this.#now = options.now;
    this.#feeds = logs.map((log) => new LogFeed(log, open));
  }

  async start(sink: Sink): Promise<void> {
    this.#historyEndMillis = this.#now();
    this.#starting = this.#place(sink);
    await this.#starting;
    if (this.#stopping) return;
    this.#boundsTimer = setInterval(() => this.#tellBounds(sink), boundsMillis);
    this.#reading = this.#read(sink);
  }

  async #place(sink: Sink): Promise<void> {
    await this.#count();
    if (this.#stopping) return;
    for (const feed of this.#feeds) feed.begin(sink.start(feed.log, feed.bounds));
    this.#assigned = true;
  }

  async #read(sink: Sink): Promise<void> {
    let inHistory = true;
    while (!this.#stopping) {
      // What is stamped with this very millisecond is due.
      const dueMillis = Math.floor(this.#now()) + 1;
      const feed = this.#furthestBehind(dueMillis);
      if (feed !== null) {
        await this.#hand(feed, dueMillis, sink);
        continue;
      }
      if (inHistory) this.#tellBounds(sink);
      inHistory = false;
      await this.#rest.of(restMillis);
    }
  }

  #furthestBehind(dueMillis: number): LogFeed | null {
    let furthest: LogFeed | null = null;
    for (const feed of this.#feeds) {
      if (feed.paused || !feed.isDue(dueMillis)) continue;
      if (furthest === null || feed.nextMillis < furthest.nextMillis) furthest = feed;
    }
    return furthest;
  }

  async #hand(feed: LogFeed, dueMillis: number, sink: Sink): Promise<void> {
    const batch = feed.take(dueMillis);
    if (batch !== null) {
      await sink.batch(batch);
      this.#handed += batch.length;
    }
    await turnOfOthers();
  }

  /** Also while the sink works on a batch: bounds are no part of the sequence. */
  #tellBounds(sink: Sink): void {
    this.#telling = this.#telling.then(async () => {
      await this.#count();
      if (this.#stopping) return;
      for (const feed of this.#feeds) sink.bounds(feed.log, feed.bounds);
    });
  }

  /** Counts what is due by now. */
  async #count(): Promise<void> {
    const dueMillis = Math.floor(this.#now()) + 1;
    for (const feed of this.#feeds) {
      while (!this.#stopping && feed.count(dueMillis)) await turnOfOthers();
    }
  }

  get progress(): SimulatorProgress {
    const sum = (count: (feed: LogFeed) => number): number => this.#feeds.reduce((total, feed) => total + count(feed), 0);
    return {
      historyEndMillis: this.#historyEndMillis,
      historyRecords: sum((feed) => feed.firstEnd),
      historyRead: sum((feed) => Math.min(feed.position, feed.firstEnd)),
      handedRecords: this.#handed,
    };
  }

  pause(log: Log): void {
    const feed = this.#feed(log);
    if (feed !== undefined) feed.paused = true;
  }

  resume(log: Log): void {
    const feed = this.#feed(log);
    if (feed !== undefined) feed.paused = false;
    this.#rest.wake();
  }

  #feed(log: Log): LogFeed | undefined {
    return this.#feeds.find((feed) => logKey(feed.log) === logKey(log));
  }

  async commit(): Promise<void> {}

  status(): SourceStatus {
    return { up: true, problems: [], assigned: this.#assigned, rebuilds: 0, errors: new Map() };
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#boundsTimer);
    this.#rest.wake();
    await Promise.all([this.#starting, this.#telling]);
    await within(this.#reading, longestEndMillis).catch(() => undefined);
  }
}

function turnOfOthers(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

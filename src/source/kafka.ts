// Kafka as a source: reads all partitions of some topics as the only member of its consumer group, at positions of its
// own. The one file that imports the client. Decodes nothing; group offsets are written for lag tools, never read.
//
// A session is one life of the client. It ends when the client fails or falls silent, and another one begins; positions
// outlive it. What the client does not tell (a hung broker, a reset of its position) is seen by asking for bounds.
import { createRequire } from "node:module";
import type { Admin, CompressionTypes, Consumer, EachBatchPayload, Kafka, LogEntry, SASLOptions } from "kafkajs";
import { codecs, type Decompress } from "./kafka/codecs.ts";
import { Health, kindOf } from "./kafka/health.ts";
import { type Message, MessageBatch } from "./kafka/message-batch.ts";
import { bytesPerFetch, bytesPerPartition, defaultKafkaTimes, type KafkaOptions, type KafkaTimes } from "./kafka/options.ts";
import { patchKafkajs } from "./kafka/patches.ts";
import { type Log, type LogBounds, logKey, type Sink, type Source, type SourceStatus } from "./source.ts";

export interface SourceLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

// Loaded by require, not by import: what is to be patched has to be patched before the client loads it.
const require = createRequire(import.meta.url);
patchKafkajs(require);
const client = require("kafkajs") as typeof import("kafkajs");
const types = client.CompressionTypes;
const compressGzip = client.CompressionCodecs[types.GZIP]().compress as Compress;
register(types.GZIP, codecs.gzip, compressGzip);
register(types.Snappy, codecs.snappy);
register(types.LZ4, codecs.lz4);
register(types.ZSTD, codecs.zstd);

type Compress = (encoder: unknown) => Promise<Buffer>;

function register(type: CompressionTypes, decompress: Decompress, compress: Compress = noCompression): void {
  const codec = { compress, decompress: async (buffer: Buffer) => decompress(buffer) };
  Object.assign(client.CompressionCodecs, { [type]: () => codec });
}

function noCompression(): Promise<Buffer> {
  throw new Error("this codec is for reading only");
}

/** Heartbeats go on while a batch is worked on. */
const heartbeatMillis = 3000;
/** The longest that the end of a session may take. */
const longestEndMillis = 4000;
const firstBackOffMillis = 500;
/** Looks at bounds that may fail before the client is built anew. */
const failuresOfBounds = 5;

export class KafkaSource implements Source {
  readonly #options: KafkaOptions;
  readonly #times: KafkaTimes;
  readonly #logger: SourceLogger;
  readonly #health: Health;
  /** Where reading goes on, by log; outlives sessions. */
  readonly #positions = new Map<string, number>();
  readonly #paused = new Set<string>();
  #session: Session | null = null;
  #running: Promise<void> = Promise.resolve();
  #stopping = false;
  #wake: () => void = () => undefined;

  constructor(options: KafkaOptions, logger: SourceLogger, now: () => number = Date.now) {
    this.#options = options;
    this.#times = { ...defaultKafkaTimes, ...options.times };
    this.#logger = logger;
    this.#health = new Health(now, 2 * this.#times.boundsMillis + 4000);
  }

  async start(sink: Sink): Promise<void> {
    this.#running = this.#live(sink);
  }

  /** One session after another until the end, with growing pauses while they fail. */
  async #live(sink: Sink): Promise<void> {
    let backOffMillis = firstBackOffMillis;
    while (!this.#stopping) {
      const session = new Session(this.#options, this.#times, this.#logger, this.#health, sink, this.#positions, this.#paused);
      this.#session = session;
      try {
        await session.run();
      } catch (error) {
        if (this.#stopping) return;
        if (error instanceof NewPartitions) {
          await session.end();
          continue;
        }
        this.#health.failed(kindOf(error), (error as Error).message);
        this.#logger.error({ reason: (error as Error).message }, "the Kafka client is built anew");
      }
      await session.end();
      if (this.#stopping) return;
      this.#health.rebuilds += 1;
      backOffMillis = session.lived ? firstBackOffMillis : Math.min(backOffMillis * 2, this.#times.backOffMillis);
      await this.#rest(backOffMillis);
    }
  }

  #rest(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, millis);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  pause(log: Log): void {
    this.#paused.add(logKey(log));
    this.#session?.pause(log);
  }

  resume(log: Log): void {
    this.#paused.delete(logKey(log));
    this.#session?.resume(log);
  }

  async commit(positions: ReadonlyMap<Log, number>): Promise<void> {
    await this.#session?.commit(positions);
  }

  status(): SourceStatus {
    return this.#health.status();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake();
    await this.#session?.end();
    await this.#running;
  }
}

/** Ends a session so that the next one reads partitions that were added; the client would look for them much later. */
class NewPartitions extends Error {}

/** Where the topics' partitions stand, as the brokers say. */
type Bounds = Map<string, { readonly log: Log; readonly bounds: LogBounds }>;

class Session {
  /** Whether it came as far as reading. */
  lived = false;
  readonly #topics: readonly string[];
  readonly #group: string;
  readonly #times: KafkaTimes;
  readonly #logger: SourceLogger;
  readonly #health: Health;
  readonly #sink: Sink;
  readonly #positions: Map<string, number>;
  readonly #paused: ReadonlySet<string>;
  readonly #admin: Admin;
  readonly #consumer: Consumer;
  /** Logs that the group has given to this member, by key. */
  readonly #owned = new Map<string, Log>();
  #bounds: Bounds = new Map();
  #lastFetchMillis = performance.now();
  /** When each log last moved, for the watch over those that have records and do not. */
  readonly #movedMillis = new Map<string, number>();
  #working = 0;
  #ended = false;
  #fail: (error: Error) => void = () => undefined;

  constructor(
    options: KafkaOptions,
    times: KafkaTimes,
    logger: SourceLogger,
    health: Health,
    sink: Sink,
    positions: Map<string, number>,
    paused: ReadonlySet<string>,
  ) {
    this.#topics = options.topics;
    this.#group = options.group;
    this.#times = times;
    this.#logger = logger;
    this.#health = health;
    this.#sink = sink;
    this.#positions = positions;
    this.#paused = paused;
    const kafka = createClient(options, times, logger);
    this.#admin = kafka.admin({ retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 2 } });
    this.#consumer = kafka.consumer({
      groupId: options.group,
      sessionTimeout: times.sessionMillis,
      heartbeatInterval: Math.min(heartbeatMillis, Math.floor(times.sessionMillis / 3)),
      rebalanceTimeout: 2 * times.sessionMillis,
      metadataMaxAge: times.metadataMillis,
      maxWaitTimeInMs: times.fetchWaitMillis,
      maxBytesPerPartition: bytesPerPartition,
      maxBytes: bytesPerFetch,
      // Brokers that are away for a while are waited for inside of the session; what goes on longer is the watch's.
      retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 60, restartOnFailure: async () => false },
    });
  }

  /** Reads until something fails. @throws what failed */
  async run(): Promise<void> {
    const failure = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    await Promise.race([this.#read(), failure]);
  }

  async #read(): Promise<void> {
    await this.#within(this.#admin.connect());
    await this.#awaitTopics();
    if (this.#ended) return;
    await this.#look();
    await this.#placeAll();
    this.#listen();
    await this.#within(this.#consumer.connect());
    await this.#consumer.subscribe({ topics: [...this.#topics], fromBeginning: true });
    await this.#consumer.run({
      eachBatchAutoResolve: false,
      autoCommit: false,
      eachBatch: (payload) => this.#take(payload),
    });
    this.lived = true;
    this.#lastFetchMillis = performance.now();
    await this.#watch();
  }

  async #awaitTopics(): Promise<void> {
    while (!this.#ended) {
      const known = new Set(await this.#within(this.#admin.listTopics()));
      this.#health.answered();
      const missing = this.#topics.filter((topic) => !known.has(topic));
      for (const topic of this.#topics) {
        this.#health.problem(`topic ${topic}`, missing.includes(topic) ? `topic "${topic}" does not exist yet` : null);
      }
      if (missing.length === 0) return;
      await sleep(this.#times.boundsMillis);
    }
  }

  /** Looks at what the logs hold and tells the sink of those it reads. */
  async #look(): Promise<void> {
    const found: Bounds = new Map();
    for (const topic of this.#topics) {
      for (const { partition, low, high } of await this.#within(this.#admin.fetchTopicOffsets(topic))) {
        const log = this.#owned.get(`${topic}/${partition}`) ?? { topic, partition };
        found.set(logKey(log), { log, bounds: { low: Number(low), end: Number(high) } });
      }
    }
    const added = [...found.keys()].filter((key) => !this.#bounds.has(key));
    const grown = this.lived && added.length > 0;
    this.#bounds = found;
    this.#health.answered();
    for (const [key, { log, bounds }] of found) if (this.#positions.has(key)) this.#sink.bounds(log, bounds);
    if (!grown) return;
    this.#logger.info({ added }, "new partitions");
    throw new NewPartitions();
  }

  /** Finds a place to begin at for every log that has none, or whose place is gone. */
  async #placeAll(): Promise<void> {
    for (const [key, { log, bounds }] of this.#bounds) {
      const position = this.#positions.get(key);
      if (position === undefined || position < bounds.low || position > bounds.end) await this.#place(log, bounds);
    }
  }

  async #place(log: Log, bounds: LogBounds): Promise<void> {
    const start = this.#sink.start(log, bounds);
    const key = logKey(log);
    if ("offset" in start) {
      this.#positions.set(key, start.offset);
    } else {
      const offset = await this.#offsetAt(log, start.timeMillis, bounds);
      this.#positions.set(key, offset);
      await this.#sink.batch(new MessageBatch(log, [], offset, offset, bounds.end));
    }
    if (!this.#owned.has(key)) return;
    this.#seek(log);
    this.#applyPause(log);
  }

  async #offsetAt(log: Log, timeMillis: number, bounds: LogBounds): Promise<number> {
    const offsets = await this.#within(this.#admin.fetchTopicOffsetsByTimestamp(log.topic, timeMillis));
    const found = offsets.find(({ partition }) => partition === log.partition);
    return found === undefined ? bounds.low : Math.min(Math.max(Number(found.offset), bounds.low), bounds.end);
  }

  #listen(): void {
    const { GROUP_JOIN, CRASH, FETCH, END_BATCH_PROCESS } = this.#consumer.events;
    // Runs before the first fetch of the new generation: what is sought and paused here holds for it.
    this.#consumer.on(GROUP_JOIN, ({ payload }) => this.#join(payload.memberAssignment));
    this.#consumer.on(CRASH, ({ payload }) => this.#fail(payload.error));
    this.#consumer.on(FETCH, () => {
      this.#lastFetchMillis = performance.now();
    });
    this.#consumer.on(END_BATCH_PROCESS, ({ payload }) => this.#passFiltered(payload));
  }

  #join(assignment: Record<string, number[]>): void {
    const assigned = new Map<string, Log>();
    for (const topic of this.#topics) {
      for (const partition of assignment[topic] ?? []) assigned.set(`${topic}/${partition}`, { topic, partition });
    }
    for (const [key, log] of this.#owned) {
      if (assigned.has(key)) continue;
      this.#owned.delete(key);
      this.#positions.delete(key);
      this.#sink.revoked(log);
    }
    for (const [key, log] of assigned) {
      this.#owned.set(key, log);
      this.#movedMillis.set(key, performance.now());
      if (this.#positions.has(key)) {
        this.#seek(log);
        this.#applyPause(log);
      } else {
        this.#consumer.pause([{ topic: log.topic, partitions: [log.partition] }]);
      }
    }
    this.#tellWhoHoldsWhat();
  }

  /** One process needs every partition: another member of the group is a mistake that has to be seen. */
  #tellWhoHoldsWhat(): void {
    const missing = [...this.#bounds.keys()].filter((key) => !this.#owned.has(key));
    const message = `another member of group "${this.#group}" holds ${missing.join(", ")}; one process needs all partitions`;
    this.#health.problem("group", missing.length === 0 ? null : message);
    if (missing.length > 0) this.#logger.error({ missing }, message);
    this.#health.assigned = missing.length === 0;
  }

  #seek(log: Log): void {
    const offset = this.#positions.get(logKey(log));
    if (offset !== undefined) this.#consumer.seek({ topic: log.topic, partition: log.partition, offset: String(offset) });
  }

  #applyPause(log: Log): void {
    const partitions = [{ topic: log.topic, partitions: [log.partition] }];
    if (this.#paused.has(logKey(log))) this.#consumer.pause(partitions);
    else this.#consumer.resume(partitions);
  }

  pause(log: Log): void {
    if (this.#owned.has(logKey(log))) this.#applyPause(log);
  }

  resume(log: Log): void {
    this.#movedMillis.set(logKey(log), performance.now());
    if (this.#owned.has(logKey(log))) this.#applyPause(log);
  }

  async #take({ batch, heartbeat, isRunning, isStale, resolveOffset }: EachBatchPayload): Promise<void> {
    const log = this.#owned.get(`${batch.topic}/${batch.partition}`);
    if (log === undefined || this.#ended || !isRunning() || isStale()) return;
    const messages = batch.messages as readonly Message[];
    const first = Number((messages[0] as Message).offset);
    const position = this.#positions.get(logKey(log));
    if (position === undefined || (first !== position && !(await this.#isInPlace(log, first)))) return;
    const beat = setInterval(() => void heartbeat().catch(() => undefined), heartbeatMillis);
    this.#working += 1;
    try {
      await this.#hand(log, messages, Number(batch.lastOffset()) + 1, Number(batch.highWatermark));
      resolveOffset(batch.lastOffset());
    } finally {
      this.#working -= 1;
      clearInterval(beat);
    }
  }

  /** Hands over the messages between marks, and what the marks stand for as gaps. */
  async #hand(log: Log, messages: readonly Message[], nextOffset: number, endOffset: number): Promise<void> {
    let from = 0;
    for (let at = 0; at <= messages.length; at++) {
      const mark = messages[at]?.unreadable;
      if (at < messages.length && mark === undefined) continue;
      const run = messages.slice(from, at);
      const next = Number(messages[at]?.offset ?? nextOffset);
      if (run.length > 0 || at === messages.length) {
        const first = Number(run[0]?.offset ?? next);
        await this.#sink.batch(new MessageBatch(log, run, first, next, endOffset));
      }
      if (mark !== undefined) this.#sink.gap(log, next, mark.nextOffset, "unreadable", mark.detail);
      from = at + 1;
    }
    this.#moveTo(log, nextOffset);
  }

  #moveTo(log: Log, nextOffset: number): void {
    const key = logKey(log);
    this.#positions.set(key, nextOffset);
    this.#movedMillis.set(key, performance.now());
  }

  /** Batches of control records or aborted ones only are never handed over; the position moves past them all the same. */
  #passFiltered(payload: {
    topic: string;
    partition: number;
    batchSize: number;
    lastOffset: string | null;
    highWatermark?: string;
  }): void {
    const log = this.#owned.get(`${payload.topic}/${payload.partition}`);
    if (log === undefined || payload.batchSize > 0 || payload.lastOffset === null) return;
    const next = Number(payload.lastOffset) + 1;
    const position = this.#positions.get(logKey(log));
    if (position === undefined || next <= position) return;
    this.#moveTo(log, next);
    void this.#sink.batch(new MessageBatch(log, [], position, next, Number(payload.highWatermark ?? next)));
  }

  /**
   * Whether a batch that does not begin at the position may be taken: after a hole (compaction, aborted records) it may;
   * where records were deleted or the topic was created anew, the client was reset silently, and the sink is asked.
   */
  async #isInPlace(log: Log, first: number): Promise<boolean> {
    await this.#look();
    const key = logKey(log);
    const bounds = this.#bounds.get(key)?.bounds;
    const position = this.#positions.get(key);
    if (bounds === undefined || position === undefined) return false;
    if (position < bounds.low || position > bounds.end) {
      await this.#place(log, bounds);
      return this.#positions.get(key) === first;
    }
    if (first > position) return true;
    this.#seek(log);
    return false;
  }

  /** Looks at bounds again and again; ends when the session does. @throws when the client has to be built anew */
  async #watch(): Promise<void> {
    let failures = 0;
    while (!this.#ended) {
      await sleep(this.#times.boundsMillis);
      if (this.#ended) return;
      try {
        await this.#look();
        await this.#placeAll();
        this.#tellWhoHoldsWhat();
        failures = 0;
      } catch (error) {
        if (error instanceof NewPartitions) throw error;
        this.#health.failed(kindOf(error), `brokers: ${(error as Error).message}`);
        failures += 1;
        if (failures >= failuresOfBounds) throw error;
        continue;
      }
      this.#checkSilence();
    }
  }

  /** A client that holds partitions and does not fetch, though the brokers answer, is of no use. */
  #checkSilence(): void {
    const silentMillis = performance.now() - this.#lastFetchMillis;
    if (this.#working === 0 && silentMillis > this.#times.silenceMillis) {
      throw this.#silence(`no fetch for ${Math.round(silentMillis / 1000)} s`);
    }
    for (const [key, log] of this.#owned) {
      const end = this.#bounds.get(key)?.bounds.end ?? 0;
      const stillMillis = performance.now() - (this.#movedMillis.get(key) ?? 0);
      if ((this.#positions.get(key) ?? end) >= end || this.#paused.has(key)) this.#movedMillis.set(key, performance.now());
      else if (this.#working === 0 && stillMillis > this.#times.silenceMillis) {
        throw this.#silence(`${log.topic}/${log.partition} has records and does not move`);
      }
    }
  }

  #silence(message: string): Error {
    this.#health.failed("silence", message);
    return new Error(message);
  }

  async commit(positions: ReadonlyMap<Log, number>): Promise<void> {
    const owned = [...positions].filter(([log]) => this.#owned.has(logKey(log)));
    if (owned.length === 0 || this.#ended) return;
    const offsets = owned.map(([{ topic, partition }, offset]) => ({ topic, partition, offset: String(offset) }));
    try {
      await this.#within(this.#consumer.commitOffsets(offsets));
    } catch (error) {
      // The offsets are for lag tools only, and the next snapshot commits again.
      this.#logger.warn({ reason: (error as Error).message }, "group offsets not committed");
    }
  }

  async end(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    this.#health.assigned = false;
    const closing = Promise.allSettled([this.#consumer.disconnect(), this.#admin.disconnect()]);
    await Promise.race([closing, sleep(longestEndMillis)]);
    this.#fail(new Error("ended"));
  }

  /** An exchange that takes too long has failed, whatever the client's own retries make of it. */
  async #within<T>(exchange: Promise<T>): Promise<T> {
    const { requestMillis } = this.#times;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`timeout: no answer for ${requestMillis} ms`)), requestMillis);
    });
    try {
      return await Promise.race([exchange, late]);
    } finally {
      clearTimeout(timer);
      exchange.catch(() => undefined);
    }
  }
}

function createClient(options: KafkaOptions, times: KafkaTimes, logger: SourceLogger): Kafka {
  return new client.Kafka({
    clientId: options.clientId,
    brokers: [...options.brokers],
    requestTimeout: times.requestMillis,
    connectionTimeout: Math.min(3000, times.requestMillis),
    retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 3 },
    logLevel: client.logLevel.WARN,
    logCreator: () => quietly(logger),
    ...(options.ssl === undefined ? {} : { ssl: options.ssl }),
    ...(options.sasl === undefined ? {} : { sasl: options.sasl as SASLOptions }),
  });
}

/** The client repeats itself while brokers are away: one line of a kind in ten seconds. */
const sameLineMillis = 10_000;

function quietly(logger: SourceLogger): (entry: LogEntry) => void {
  const said = new Map<string, number>();
  return ({ log: { message, logger: _own, timestamp: _time, stack: _stack, ...fields }, namespace }) => {
    const last = said.get(message) ?? Number.NEGATIVE_INFINITY;
    if (performance.now() - last < sameLineMillis) return;
    said.set(message, performance.now());
    logger.warn({ namespace, ...fields }, `kafkajs: ${message}`);
  };
}

function sleep(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}

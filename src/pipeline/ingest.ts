// Receives a source's batches, decodes them and folds the events; keeps where each log stands. Works in slices so that
// scrapes and heartbeats are not kept waiting, and never lets anything in a record throw.
import type { DecodeOptions, Decoder, Receiver } from "../decode/decoder.ts";
import type { Event } from "../event/event.ts";
import type { RejectReason } from "../event/reason.ts";
import type { GapReason, Log, LogBounds, RecordBatch, Sink, Start } from "../source/source.ts";
import { logKey } from "../source/source.ts";
import type { Fold } from "../state/fold.ts";
import type { LogState } from "../state/log-state.ts";
import type { Logger } from "./logger.ts";
import type { Rejections } from "./rejections.ts";
import { oneSlice, restInSlices, Turns, usualSliceMillis } from "./turns.ts";

/** The clock is read once in so many records. */
const recordsBetweenLooks = 32;

export interface TopicSettings {
  readonly decoder: Decoder;
  readonly latenessMillis: number;
}

export interface IngestOptions {
  readonly topics: ReadonlyMap<string, TopicSettings>;
  readonly decode: () => DecodeOptions;
  /** Where a log is begun that no snapshot knows. */
  readonly begin: (bounds: LogBounds) => Start;
  readonly now: () => number;
  /** How long folding and closing go on before others get a turn. */
  readonly sliceMillis?: number;
}

/** How a log stands at this moment; not a part of the state. */
export interface LogStanding {
  readonly log: Log;
  readonly state: LogState;
  bounds: LogBounds;
  /** End of the log when this process first saw it: counters are shown when it is reached. */
  readonly firstEnd: number;
  /** The start was asked for by time and the first record has not come, so `state.next` is not known yet. */
  unplaced: boolean;
  lastRecordMillis: number;
  /** How often the source has said what the log holds. */
  looks: number;
  /** `looks` when the last record came. */
  looksAtRecord: number;
  paused: boolean;
}

export class Ingest implements Sink {
  readonly fold: Fold;
  readonly standings = new Map<string, LogStanding>();
  /** A finite source has said that there is no more. */
  finished = false;
  /** Called once when that happens. */
  whenFinished: () => void = () => undefined;
  /** Records taken since the process started. */
  records = 0;
  readonly #options: IngestOptions;
  readonly #logger: Logger;
  readonly #rejections: Rejections;
  readonly #afterSlice: () => void;
  readonly #sliceMillis: number;
  /** Logs that are not owned now but would be paused still: the source remembers, so who resumes them has to know. */
  readonly #pausedWhenRevoked = new Set<string>();
  /** While this is pending nobody else folds, closes panes or encodes. Never rejects. */
  #held: Promise<void> | null = null;

  /** @param afterSlice called when some records were folded: panes may be due */
  constructor(fold: Fold, options: IngestOptions, logger: Logger, rejections: Rejections, afterSlice: () => void) {
    this.fold = fold;
    this.#options = options;
    this.#logger = logger;
    this.#rejections = rejections;
    this.#afterSlice = afterSlice;
    this.#sliceMillis = options.sliceMillis ?? usualSliceMillis;
  }

  start(log: Log, bounds: LogBounds): Start {
    const key = logKey(log);
    const known = this.fold.logs.has(key);
    const state = this.fold.log(log.topic, log.partition, this.#topic(log).latenessMillis);
    const before = this.standings.get(key);
    const start = known && !(before?.unplaced ?? false) ? this.#resume(state, bounds) : this.#options.begin(bounds);
    const offset = "offset" in start ? start.offset : bounds.low;
    if (!known) state.next = offset;
    this.standings.set(key, {
      log,
      state,
      bounds,
      firstEnd: before?.firstEnd ?? bounds.end,
      unplaced: !("offset" in start),
      lastRecordMillis: this.#options.now(),
      looks: 0,
      looksAtRecord: 0,
      paused: before?.paused ?? this.#pausedWhenRevoked.delete(key),
    });
    return start;
  }

  /** Goes on at the state's position, or where the log begins now if that position is gone. */
  #resume(state: LogState, { low, end }: LogBounds): Start {
    const position = { topic: state.topic, partition: state.partition, next: state.next, low, end };
    if (state.next < low) {
      this.#logger.error(position, "records were deleted before they were read");
      state.gapRecords += low - state.next;
      state.next = low;
    } else if (state.next > end) {
      this.#logger.error(position, "the log ends before the position: the topic was created anew");
      state.recreations += 1;
      state.next = low;
    }
    return { offset: state.next };
  }

  get holding(): boolean {
    return this.#held !== null;
  }

  /** Keeps the fold to some work that must not see it changed by others: these wait, in whatever order they came. */
  async hold(work: () => Promise<void>): Promise<void> {
    // Where nobody holds it, it is held from this moment on: nothing may come in between.
    while (this.#held !== null) await this.#held;
    const held = this.#holding(work);
    this.#held = held.catch(() => undefined);
    await held;
  }

  async #holding(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } finally {
      this.#held = null;
    }
    this.#afterSlice();
  }

  /**
   * Does work on the fold that comes in parts: at once as far as one slice goes, which nearly always is all of it, and the
   * rest in slices while the fold is held.
   */
  workOff(parts: Iterable<void>): void {
    if (this.holding) throw new Error("the fold is held");
    const left = parts[Symbol.iterator]();
    // What fails is a mistake of the program, and ends it as it would where it is not cut.
    if (oneSlice(left, this.#sliceMillis)) void this.hold(() => restInSlices(left, this.#sliceMillis));
  }

  /** Resolves when the fold is nobody's. */
  async settled(): Promise<void> {
    while (this.#held !== null) await this.#held;
  }

  async batch(batch: RecordBatch): Promise<void> {
    await this.settled();
    const standing = this.standings.get(logKey(batch.log));
    if (standing === undefined) return;
    const { state } = standing;
    if (standing.unplaced) state.next = batch.firstOffset;
    standing.unplaced = false;
    const { decoder } = this.#topic(batch.log);
    const decode = this.#options.decode();
    const latestMillis = this.#options.now() + decode.futureMillis;
    const receiver = new FoldReceiver(this.fold, state, this.#rejections, batch.log, latestMillis);
    const turns = new Turns(this.#sliceMillis);
    for (let index = 0; index < batch.length; index++) {
      const offset = batch.offset(index);
      if (offset < state.next) continue;
      // Where the record is: of events of one id the first stands.
      state.next = offset;
      receiver.offset = offset;
      receiver.recordMillis = batch.timeMillis(index);
      decoder.decode(batch.value(index), receiver.recordMillis, decode, receiver);
      state.next = offset + 1;
      this.records += 1;
      if (index % recordsBetweenLooks === 0 && turns.due) {
        await turns.letOthersRun();
        await this.settled();
        this.#afterSlice();
        await this.settled();
      }
    }
    state.next = Math.max(state.next, batch.nextOffset);
    if (batch.length > 0) {
      standing.lastRecordMillis = this.#options.now();
      standing.looksAtRecord = standing.looks;
    }
    standing.bounds = { low: standing.bounds.low, end: Math.max(batch.endOffset, standing.bounds.end) };
    this.#afterSlice();
    await this.settled();
  }

  bounds(log: Log, bounds: LogBounds): void {
    const standing = this.standings.get(logKey(log));
    if (standing === undefined) return;
    standing.bounds = bounds;
    standing.looks += 1;
  }

  gap(log: Log, from: number, to: number, reason: GapReason, detail: string): void {
    const standing = this.standings.get(logKey(log));
    if (standing === undefined || to <= standing.state.next) return;
    const { state } = standing;
    state.gapRecords += to - Math.max(from, state.next);
    state.next = to;
    if (reason !== "unreadable") return;
    state.reject("unreadable");
    this.#rejections.note(log, from, "unreadable", detail);
  }

  revoked(log: Log): void {
    const key = logKey(log);
    if (this.standings.get(key)?.paused) this.#pausedWhenRevoked.add(key);
    this.standings.delete(key);
  }

  ended(): void {
    this.finished = true;
    this.#afterSlice();
    if (this.holding) void this.settled().then(() => this.whenFinished());
    else this.whenFinished();
  }

  /** Whether every log has reached the end that it had when this process began. */
  get caughtUp(): boolean {
    for (const standing of this.standings.values()) {
      if (isBehind(standing, standing.firstEnd)) return false;
    }
    return this.standings.size > 0;
  }

  #topic(log: Log): TopicSettings {
    const topic = this.#options.topics.get(log.topic);
    if (topic === undefined) throw new Error(`no settings for topic "${log.topic}"`);
    return topic;
  }
}

/** Records of a log that were not read yet. */
export function unreadRecords({ bounds, state, unplaced }: LogStanding): number {
  return Math.max(0, bounds.end - (unplaced ? bounds.low : Math.max(state.next, bounds.low)));
}

/** Whether a log still has records before an offset. */
export function isBehind(standing: LogStanding, offset: number): boolean {
  if (standing.bounds.low >= offset) return false;
  return standing.unplaced || standing.state.next < offset;
}

/** Folds what a record holds; one a batch, told of each record's place. */
class FoldReceiver implements Receiver {
  offset = 0;
  recordMillis = Number.NaN;
  readonly #fold: Fold;
  readonly #state: LogState;
  readonly #rejections: Rejections;
  readonly #log: Log;
  readonly #latestMillis: number;

  /** @param latestMillis an event later than this is of a wrong clock */
  constructor(fold: Fold, state: LogState, rejections: Rejections, log: Log, latestMillis: number) {
    this.#fold = fold;
    this.#state = state;
    this.#rejections = rejections;
    this.#log = log;
    this.#latestMillis = latestMillis;
  }

  event(event: Event): void {
    // Where producers set the timestamps, a record of a wrong clock agrees with its event. Some of them would move the
    // watermark, and everything else would be late until that time has come. Records without timestamps are history.
    if (event.timeMillis > this.#latestMillis && !Number.isNaN(this.recordMillis)) {
      this.reject("future", "the event's time and its record's timestamp are after the time of reading");
      return;
    }
    this.#fold.apply(this.#state, event, this.recordMillis);
  }

  reject(reason: RejectReason, detail: string): void {
    this.#state.reject(reason);
    this.#rejections.note(this.#log, this.offset, reason, detail);
  }
}

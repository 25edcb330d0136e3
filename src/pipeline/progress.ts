// Decides how far panes are closed and, by the wall clock, which logs are not waited for.
// The only place where a clock touches the fold; each decision is recorded in its state.
import type { Source } from "../source/source.ts";
import type { Fold } from "../state/fold.ts";
import type { LogState } from "../state/log-state.ts";
import { minuteMillis, minuteStart } from "../window/resolution.ts";
import { type Ingest, isBehind, type LogStanding } from "./ingest.ts";
import type { Logger } from "./logger.ts";
import { Pacing } from "./pacing.ts";

/** One look may have been under way before; the second cannot. */
const looksToBeSure = 2;

export interface ProgressOptions {
  /** A log that is fully read and has been silent for this long is not waited for. */
  readonly idleMillis: number;
  /** A log that has records but has not moved for this long is left behind. */
  readonly stuckMillis: number;
  /** A log further ahead of the slowest than this, in event time, is paused. */
  readonly aheadMillis: number;
  /** Event times later than now by more than this are not believed. */
  readonly futureMillis: () => number;
  readonly now: () => number;
}

export class Progress {
  /** How often a log was left behind with records unread. */
  leftBehind = 0;
  #lastDownMillis = Number.NEGATIVE_INFINITY;
  readonly #leftBehind = new Set<LogState>();
  /** How far the frontier will go if the idle logs are found idle still; how often each had been looked at before. */
  #pending: { readonly targetMillis: number; readonly looks: ReadonlyMap<LogStanding, number> } | null = null;
  readonly #fold: Fold;
  readonly #ingest: Ingest;
  readonly #source: Source;
  readonly #options: ProgressOptions;
  readonly #logger: Logger;
  readonly #pacing: Pacing;

  constructor(ingest: Ingest, source: Source, options: ProgressOptions, logger: Logger) {
    this.#fold = ingest.fold;
    this.#ingest = ingest;
    this.#source = source;
    this.#options = options;
    this.#logger = logger;
    this.#pacing = new Pacing(ingest, source, options.aheadMillis, options.now);
  }

  /** After records were folded, and after the fold was held: closes what can be closed, pauses who is ahead. */
  advance(): void {
    if (this.#ingest.holding) return;
    if (this.#ingest.finished) this.#closeThrough(this.#fold.lastOpenEnd);
    else this.#advancePastIdle();
    this.#pacing.pauseThoseAhead();
  }

  /** @returns whether there is anything to close; what takes longer than a slice is still under way then */
  #closeThrough(millis: number): boolean {
    if (!this.#fold.isDue(millis)) return false;
    this.#ingest.workOff(this.#fold.closing(millis));
    return true;
  }

  /**
   * What a source said of an idle log may be out of date: its records of the same time may just not have been seen.
   * So the frontier goes past idle logs only when they were looked at again, and are still fully read.
   */
  #advancePastIdle(): void {
    const idle = [...this.#ingest.standings.values()].filter((one) => one.state.excluded && !this.#leftBehind.has(one.state));
    for (const one of idle) if (isBehind(one, one.bounds.end)) this.#fold.include(one.state);
    if (idle.every((one) => !one.state.excluded)) {
      this.#pending = null;
      this.#closeThrough(this.#fold.target);
      return;
    }
    const pending =
      this.#pending?.looks.size === idle.length && idle.every((one) => this.#pending?.looks.has(one)) ? this.#pending : null;
    if (pending !== null && !idle.every((one) => one.looks >= (pending.looks.get(one) as number) + looksToBeSure)) return;
    this.#pending = { targetMillis: this.#fold.target, looks: new Map(idle.map((one) => [one, one.looks])) };
    // Logs that were taken in since have closed less than the target of then.
    if (pending !== null) this.#closeThrough(Math.min(pending.targetMillis, this.#fold.target));
  }

  /** Now and then: takes the decisions that need a clock. */
  tick(): void {
    if (this.#ingest.holding) return;
    const status = this.#source.status();
    // While the source does not answer nobody knows what is still to be read: silence then means nothing.
    if (!status.up) this.#lastDownMillis = this.#options.now();
    if (status.assigned) this.#excludeVanished();
    for (const standing of this.#ingest.standings.values()) this.#judge(standing);
    const upMillis = this.#options.now() - this.#lastDownMillis;
    if (upMillis >= this.#options.idleMillis && this.#everyoneIsIdle() && this.#closeThrough(this.#idleEndMillis())) return;
    this.advance();
  }

  /** Logs of the state that are no more, as those of a topic that was created anew with fewer partitions. */
  #excludeVanished(): void {
    for (const [key, log] of this.#fold.logs) {
      if (!log.excluded && !this.#ingest.standings.has(key)) this.#fold.exclude(log);
    }
  }

  #judge(standing: LogStanding): void {
    const { state } = standing;
    if (!state.excluded) this.#leftBehind.delete(state);
    if (state.excluded || standing.paused) return;
    const silentMillis = this.#options.now() - Math.max(standing.lastRecordMillis, this.#lastDownMillis);
    if (!isBehind(standing, standing.bounds.end)) {
      const sure = standing.looks >= standing.looksAtRecord + looksToBeSure;
      if (sure && silentMillis >= this.#options.idleMillis) this.#fold.exclude(state);
      return;
    }
    if (silentMillis < this.#options.stuckMillis) return;
    this.#fold.exclude(state);
    this.#leftBehind.add(state);
    this.leftBehind += 1;
    const { topic, partition, next } = state;
    this.#logger.error({ topic, partition, next, end: standing.bounds.end, silentMillis }, "left a stuck log behind");
  }

  /** Of those that were not left behind. */
  #everyoneIsIdle(): boolean {
    const standings = [...this.#ingest.standings.values()].filter((one) => !this.#leftBehind.has(one.state));
    return standings.length > 0 && standings.every((one) => one.state.excluded && !isBehind(one, one.bounds.end));
  }

  /** The end of the pane of the latest event, or of the last minute that can no longer be in time for any log. */
  #idleEndMillis(): number {
    const now = this.#options.now();
    const logs = [...this.#fold.logs.values()];
    const latest = Math.max(...logs.map((log) => log.latestUpTo(now + this.#options.futureMillis())));
    const end = minuteStart(latest) + minuteMillis;
    const inTime = now - Math.max(...logs.map((log) => log.latenessMillis));
    return Number.isFinite(end) ? Math.min(end, inTime) : Number.NaN;
  }
}

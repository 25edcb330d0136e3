// The events that wait for their other half, and the predictions that have met theirs. Those of minutes that are open are only
// in their minute's chains, so that nothing depends on which came first; when it closes (`join-closing.ts`), what stays of them
// moves into the chain of the minute with which it leaves, and is found by its id: one prediction and one outcome of each. What comes
// is put down side by side first (`incoming-rows.ts`).
import { compareText } from "../primitive/dictionary.ts";
import { NearStarts } from "../window/near-starts.ts";
import { IncomingRows } from "./incoming-rows.ts";
import { type JoinModel, JoinVersion } from "./join-model.ts";
import { PendingIndex } from "./pending-index.ts";
import {
  chunkMask,
  chunkShift,
  flagsAt,
  floatsARow,
  hasClassScores,
  highAt,
  horizonAt,
  intsARow,
  isDead,
  isItem,
  isOutcome,
  logAt,
  lowAt,
  none,
  PendingRows,
  scoreAt,
  segmentsAt,
  shortsARow,
  timeAt,
  valueAt,
  valueIsText,
  versionAt,
} from "./pending-rows.ts";
import { RowChains } from "./row-chains.ts";
import { ScoreBlocks } from "./score-blocks.ts";

/** Where an event was read. */
export interface LogName {
  readonly topic: string;
  readonly partition: number;
}

/** In place of a horizon's number: the prediction names none. */
export const noHorizon = 0xffff;
/** Logs have numbers of 16 bits in rows. */
const mostLogs = 0xffff;
/** The limit is of pairs: there is room for a prediction and an outcome of each. */
const rowsAPair = 2;

/** The chains of a minute that has not closed. */
export interface OpenMinute {
  readonly predictions: number;
  readonly outcomes: number;
}

export class PendingTable {
  readonly rows = new PendingRows();
  readonly chains = new RowChains(this.rows);
  readonly scores = new ScoreBlocks();
  readonly #incoming = new IncomingRows(this.rows, this.chains, (startMillis, flags) => {
    const { predictions, outcomes } = this.hold(startMillis);
    return (flags & isOutcome) === 0 ? predictions : outcomes;
  });
  /** Those of closed minutes, by id; predictions also when they have met their outcome. */
  readonly predictions = new PendingIndex(this.rows);
  readonly outcomes = new PendingIndex(this.rows);
  /** Outcomes of the minute that closes. */
  readonly minuteOutcomes = new PendingIndex(this.rows);
  /** By start: minutes that have not closed, without the rows that came last. */
  readonly #open = new NearStarts<OpenMinute>();
  /** By start of the minute with which they leave: chains of rows of closed minutes. */
  readonly leaving = new Map<number, number[]>();
  /** Starts that `leaving` has got since `dueStarts` was asked. */
  #newlyLeaving: number[] = [];
  /** By their number in rows. */
  readonly versions: (JoinVersion | null)[] = [];
  readonly logs: LogName[] = [];
  /** Rows in use. */
  used = 0;
  /** Pairs of events at most; settings can change it. */
  limit: number;
  /** Events that were turned away at the limit. */
  turnedAway = 0;
  readonly #logNumbers = new Map<LogName, number>();
  #lastLog: LogName | null = null;
  #lastLogNumber = 0;
  #lastLeaving = Number.NaN;
  #lastLeavingChain = none;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** A new version of a model. */
  addVersion(model: JoinModel, name: string): JoinVersion {
    const free = this.versions.indexOf(null);
    const version = new JoinVersion(model, name, free < 0 ? this.versions.length : free);
    this.versions[version.number] = version;
    model.versions.set(name, version);
    return version;
  }

  removeVersion(version: JoinVersion): void {
    version.model.versions.delete(version.version);
    this.versions[version.number] = null;
  }

  /** The version that a row refers to. */
  versionOf(row: number): JoinVersion {
    return this.versions[this.rows.int(row, versionAt)] as JoinVersion;
  }

  /** Keeps a minute open. */
  hold(startMillis: number): OpenMinute {
    return this.#open.get(startMillis) ?? this.#opened(startMillis);
  }

  #opened(startMillis: number): OpenMinute {
    const minute = { predictions: this.chains.make(), outcomes: this.chains.make() };
    this.#open.set(startMillis, minute);
    return minute;
  }

  /** Takes the chains of a minute that closes away; whoever does gives them back. */
  takeMinute(startMillis: number): OpenMinute | undefined {
    const minute = this.openMinutes().get(startMillis);
    this.#open.delete(startMillis);
    return minute;
  }

  /** Takes the chains of those that leave with a minute away. */
  takeLeaving(startMillis: number): readonly number[] {
    const chains = this.leaving.get(startMillis) ?? [];
    this.leaving.delete(startMillis);
    if (startMillis === this.#lastLeaving) this.#lastLeaving = Number.NaN;
    return chains;
  }

  /** How many pairs there could be of the rows that are in use. */
  get pairs(): number {
    return Math.ceil(this.used / rowsAPair);
  }

  /** Whether there is room for an event of so many rows; one that is turned away is counted. */
  admits(rows: number): boolean {
    if (this.used + rows <= this.limit * rowsAPair) return true;
    this.turnedAway += 1;
    return false;
  }

  /** By start: minutes that have not closed, with all rows that came for them; also those that have none. */
  openMinutes(): ReadonlyMap<number, OpenMinute> {
    this.#incoming.distribute();
    return this.#open.all;
  }

  /**
   * A row in an open minute for an event whose id was hashed last by its model; what the event holds is to be put there before the
   * next one is asked for.
   * @param flags `isOutcome` or not, and `isCarried`
   */
  place(version: JoinVersion, flags: number, startMillis: number, timeMillis: number, log: LogName): number {
    const { rows } = this;
    const row = this.#incoming.take(startMillis);
    const { high, low } = version.model.hash;
    const chunk = row >>> chunkShift;
    const place = row & chunkMask;
    (rows.floats[chunk] as Float64Array)[place * floatsARow + timeAt] = timeMillis;
    const ints = rows.ints[chunk] as Int32Array;
    ints[place * intsARow + highAt] = high;
    ints[place * intsARow + lowAt] = low;
    ints[place * intsARow + versionAt] = version.number;
    const shorts = rows.shorts[chunk] as Uint16Array;
    shorts[place * shortsARow + flagsAt] = flags;
    shorts[place * shortsARow + logAt] = log === this.#lastLog ? this.#lastLogNumber : this.#numberOf(log);
    version.rows += 1;
    this.used += 1;
    return row;
  }

  #numberOf(log: LogName): number {
    let number = this.#logNumbers.get(log);
    if (number === undefined) {
      const known = this.logs.findIndex(({ topic, partition }) => topic === log.topic && partition === log.partition);
      number = known >= 0 ? known : Math.min(this.logs.length, mostLogs);
      this.logs[number] ??= { topic: log.topic, partition: log.partition };
      this.#logNumbers.set(log, number);
    }
    this.#lastLog = log;
    this.#lastLogNumber = number;
    return number;
  }

  /**
   * By event time, then by where they were read; 0 for two of one log, of which the one that was read first is first in its
   * chain.
   */
  compare(row: number, other: number): number {
    const { rows } = this;
    const apart = rows.float(row, timeAt) - rows.float(other, timeAt);
    if (apart !== 0) return apart;
    const [number, otherNumber] = [rows.short(row, logAt), rows.short(other, logAt)];
    if (number === otherNumber) return 0;
    const [one, two] = [this.logs[number] as LogName, this.logs[otherNumber] as LogName];
    return compareText(one.topic, two.topic) || one.partition - two.partition;
  }

  /** Starts of minutes that have something to decide. */
  dueStarts(): number[] {
    this.#newlyLeaving = [];
    return [...this.openMinutes().keys(), ...this.leaving.keys()];
  }

  /** Those that came since `dueStarts` or this was asked: closing one minute makes others due. */
  newlyDueStarts(): number[] {
    const starts = this.#newlyLeaving;
    if (starts.length > 0) this.#newlyLeaving = [];
    return starts;
  }

  /** A new row among those that leave with a minute. */
  leaver(startMillis: number): number {
    if (startMillis !== this.#lastLeaving) {
      const chains = this.leaving.get(startMillis) ?? this.leaveWith(startMillis, this.chains.make());
      this.#lastLeaving = startMillis;
      this.#lastLeavingChain = chains[0] as number;
    }
    return this.chains.push(this.#lastLeavingChain);
  }

  /** All rows of a chain leave with a minute. @returns all chains that do */
  leaveWith(startMillis: number, chain: number): readonly number[] {
    let chains = this.leaving.get(startMillis);
    if (chains === undefined) {
      chains = [];
      this.leaving.set(startMillis, chains);
      this.#newlyLeaving.push(startMillis);
    }
    chains.push(chain);
    return chains;
  }

  /** Where rows of one side are found by their ids. */
  indexOf(flags: number): PendingIndex {
    return (flags & isOutcome) === 0 ? this.predictions : this.outcomes;
  }

  /** Moves a row to those that leave with a minute; nothing refers to where it was but its chain. @returns where it is now */
  move(row: number, leavingMillis: number): number {
    const moved = this.leaver(leavingMillis);
    this.rows.copy(row, moved);
    this.rows.setShort(row, flagsAt, isDead);
    return moved;
  }

  /** The row of this id no longer stands for it. */
  unlink(row: number): void {
    const { rows } = this;
    this.indexOf(rows.short(row, flagsAt)).remove(rows.int(row, highAt), rows.int(row, lowAt));
  }

  /** Gives up the texts that a row refers to: what it holds is no longer needed. */
  releaseTexts(row: number, { model }: JoinVersion): void {
    const { rows } = this;
    const flags = rows.short(row, flagsAt);
    if ((flags & valueIsText) !== 0) model.texts.release(rows.float(row, valueAt));
    if ((flags & isOutcome) !== 0) return;
    if ((flags & hasClassScores) !== 0) this.#releaseScores(row, model);
    else if ((flags & isItem) === 0) {
      const horizon = rows.short(row, horizonAt);
      if (horizon !== noHorizon) model.texts.release(horizon);
    }
    const segments = rows.short(row, segmentsAt);
    if (segments !== 0) model.segmentSets.release(segments);
  }

  #releaseScores(row: number, model: JoinModel): void {
    const number = this.rows.short(row, horizonAt);
    this.scores.give(this.rows.float(row, scoreAt), model.classesOf(number).length);
    model.classSets.release(number);
  }

  /** Forgets a row; its chain still has it, as one that is dead. */
  forget(row: number, version: JoinVersion): void {
    version.rows -= 1;
    this.used -= 1;
    this.rows.setShort(row, flagsAt, isDead);
  }
}

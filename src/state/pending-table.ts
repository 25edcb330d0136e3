// The events that wait for their other half, and the predictions that have met theirs. Those of minutes that are open are only
// in their minute's list, so that nothing depends on which came first; when it closes (`join-closing.ts`) they are linked by id:
// at most one prediction and one outcome of each. All is in rows of numbers (`pending-rows.ts`).
import { compareText } from "../primitive/dictionary.ts";
import { type JoinModel, JoinVersion } from "./join-model.ts";
import { PendingIndex } from "./pending-index.ts";
import {
  chunkMask,
  chunkShift,
  flagsAt,
  floatsARow,
  highAt,
  horizonAt,
  intsARow,
  isDead,
  isHead,
  isOpen,
  isOutcome,
  labelAt,
  labelIsText,
  leavesAt,
  logAt,
  lowAt,
  none,
  offsetAt,
  PendingRows,
  predictionAt,
  predictionIsText,
  sameAt,
  segmentsAt,
  shortsARow,
  timeAt,
  versionAt,
} from "./pending-rows.ts";
import { RowList } from "./row-list.ts";

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

/** Rows of a minute that has not closed. */
export interface OpenMinute {
  readonly predictions: RowList;
  readonly outcomes: RowList;
}

export class PendingTable {
  readonly rows = new PendingRows();
  readonly index = new PendingIndex(this.rows);
  /** By start: the rows of minutes that have not closed; also of those that have none. */
  readonly open = new Map<number, OpenMinute>();
  /** By start of the minute with which they leave: rows of closed minutes. */
  readonly leaving = new Map<number, RowList>();
  /** Starts that `leaving` has got since `dueStarts` was asked. */
  #newlyLeaving: number[] = [];
  /** By their number in rows. */
  readonly versions: (JoinVersion | null)[] = [];
  readonly logs: LogName[] = [];
  /** Pairs of events at most; settings can change it. */
  limit: number;
  /** Events that were turned away at the limit. */
  turnedAway = 0;
  readonly #logNumbers = new Map<LogName, number>();
  #lastLog: LogName | null = null;
  #lastLogNumber = 0;
  #lastStart = Number.NaN;
  #lastMinute: OpenMinute = { predictions: new RowList(), outcomes: new RowList() };

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

  /** The lists of a minute that has not closed. */
  minute(startMillis: number): OpenMinute {
    if (startMillis === this.#lastStart) return this.#lastMinute;
    let minute = this.open.get(startMillis);
    if (minute === undefined) {
      minute = { predictions: new RowList(), outcomes: new RowList() };
      this.open.set(startMillis, minute);
    }
    this.#lastStart = startMillis;
    this.#lastMinute = minute;
    return minute;
  }

  /** Takes the lists of a minute that closes away. */
  takeMinute(startMillis: number): OpenMinute | undefined {
    const minute = this.open.get(startMillis);
    this.open.delete(startMillis);
    if (startMillis === this.#lastStart) this.#lastStart = Number.NaN;
    return minute;
  }

  /** How many pairs there could be of the rows that are in use. */
  get pairs(): number {
    return Math.ceil(this.rows.used / rowsAPair);
  }

  /**
   * A row for an event whose id was hashed last by its model; what the event holds is then to be put there.
   * @param side `isOutcome`, or 0 for a prediction
   * @returns -1 where the limit turned it away
   */
  place(version: JoinVersion, side: number, startMillis: number, timeMillis: number, log: LogName, offset: number): number {
    const { rows } = this;
    if (rows.used >= this.limit * rowsAPair) {
      this.turnedAway += 1;
      return none;
    }
    const { model } = version;
    const { high, low } = model.hash;
    const row = rows.take();
    const chunk = row >>> chunkShift;
    const place = row & chunkMask;
    const floats = rows.floats[chunk] as Float64Array;
    floats[place * floatsARow + timeAt] = timeMillis;
    floats[place * floatsARow + offsetAt] = offset;
    const ints = rows.ints[chunk] as Int32Array;
    ints[place * intsARow + highAt] = high;
    ints[place * intsARow + lowAt] = low;
    ints[place * intsARow + sameAt] = row;
    ints[place * intsARow + versionAt] = version.number;
    const shorts = rows.shorts[chunk] as Uint16Array;
    shorts[place * shortsARow + flagsAt] = side | isOpen;
    shorts[place * shortsARow + logAt] = log === this.#lastLog ? this.#lastLogNumber : this.#numberOf(log);
    version.rows += 1;
    const minute = this.minute(startMillis);
    if (side === 0) {
      model.waiting += 1;
      minute.predictions.push(row);
    } else minute.outcomes.push(row);
    return row;
  }

  /** Whether the event of a row stands before the one of another, by time, log and offset. */
  isBefore(row: number, other: number): boolean {
    return this.compare(row, other) < 0;
  }

  /** Below 0 where the event of a row stands before the one of another, 0 where both are of one record. */
  compare(row: number, other: number): number {
    const { rows } = this;
    const times = rows.float(row, timeAt) - rows.float(other, timeAt);
    if (times !== 0) return times;
    const [number, otherNumber] = [rows.short(row, logAt), rows.short(other, logAt)];
    if (number === otherNumber) return rows.float(row, offsetAt) - rows.float(other, offsetAt);
    const [one, two] = [this.logs[number] as LogName, this.logs[otherNumber] as LogName];
    return compareText(one.topic, two.topic) || one.partition - two.partition;
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

  /** Starts of minutes that have something to decide. */
  dueStarts(): number[] {
    this.#newlyLeaving = [];
    return [...this.open.keys(), ...this.leaving.keys()];
  }

  /** Those that came since `dueStarts` or this was asked: closing one minute makes others due. */
  newlyDueStarts(): number[] {
    const starts = this.#newlyLeaving;
    if (starts.length > 0) this.#newlyLeaving = [];
    return starts;
  }

  /** Puts a row into the list of those that leave with a minute. */
  leaveWith(row: number, startMillis: number): void {
    if (!this.leaving.has(startMillis)) this.#newlyLeaving.push(startMillis);
    listOf(this.leaving, startMillis).push(row);
    this.rows.setFloat(row, leavesAt, startMillis);
  }

  /** Makes a row one of its id's. @param head their first; -1 where there is none */
  link(row: number, head: number): void {
    const { rows } = this;
    if (head === none) {
      rows.setInt(row, sameAt, row);
      rows.setShort(row, flagsAt, rows.short(row, flagsAt) | isHead);
      this.index.put(rows.int(row, highAt), rows.int(row, lowAt), row);
    } else {
      rows.setInt(row, sameAt, rows.int(head, sameAt));
      rows.setInt(head, sameAt, row);
    }
  }

  /** Takes a row out of those of its id. */
  unlink(row: number): void {
    const { rows, index } = this;
    const next = rows.int(row, sameAt);
    const wasHead = (rows.short(row, flagsAt) & isHead) !== 0;
    if (next === row) {
      index.remove(rows.int(row, highAt), rows.int(row, lowAt));
      return;
    }
    let before = next;
    for (let one = rows.int(next, sameAt); one !== row; one = rows.int(one, sameAt)) before = one;
    rows.setInt(before, sameAt, next);
    if (!wasHead) return;
    rows.setShort(next, flagsAt, rows.short(next, flagsAt) | isHead);
    index.put(rows.int(row, highAt), rows.int(row, lowAt), next);
  }

  /** Gives up the texts that a row refers to: what it holds is no longer needed. */
  releaseTexts(row: number, { model }: JoinVersion): void {
    const { rows } = this;
    const flags = rows.short(row, flagsAt);
    if ((flags & predictionIsText) !== 0) model.texts.release(rows.float(row, predictionAt));
    if ((flags & isOutcome) !== 0) {
      if ((flags & labelIsText) !== 0) model.texts.release(rows.float(row, labelAt));
      return;
    }
    const horizon = rows.short(row, horizonAt);
    if (horizon !== noHorizon) model.texts.release(horizon);
    const segments = rows.short(row, segmentsAt);
    if (segments !== 0) model.segmentSets.release(segments);
  }

  /** Forgets a linked row that is in no list. @param texts whether it still refers to its texts */
  drop(row: number, version: JoinVersion, texts: boolean): void {
    this.unlink(row);
    if (texts) this.releaseTexts(row, version);
    version.rows -= 1;
    this.rows.give(row);
  }

  /** Forgets a row that is not linked; the list that it is in gives it back. */
  kill(row: number, version: JoinVersion): void {
    this.releaseTexts(row, version);
    version.rows -= 1;
    this.rows.setShort(row, flagsAt, isDead);
  }
}

function listOf(lists: Map<number, RowList>, startMillis: number): RowList {
  let list = lists.get(startMillis);
  if (list === undefined) {
    list = new RowList();
    lists.set(startMillis, list);
  }
  return list;
}

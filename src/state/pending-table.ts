// The events that wait for their other half, and the predictions that have met theirs, by id: at most one of each side and
// minute for an id. Which of them stands is decided when minutes close (`join-closing.ts`); until then events are only put
// in their minute's list, so that nothing depends on which came first. All is in rows of numbers (`pending-rows.ts`).
import { compareText } from "../primitive/dictionary.ts";
import { minuteMillis } from "../window/resolution.ts";
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
/** An id may have a prediction and an outcome. */
const rowsAnId = 2;

export class PendingTable {
  readonly rows = new PendingRows();
  readonly index = new PendingIndex(this.rows);
  /** By start: the rows of minutes that have not closed; also of those that have none. */
  readonly open = new Map<number, RowList>();
  /** By start of the minute with which they leave: rows of closed minutes. */
  readonly leaving = new Map<number, RowList>();
  /** Starts that `leaving` has got since `dueStarts` was asked. */
  #newlyLeaving: number[] = [];
  /** By their number in rows. */
  readonly versions: (JoinVersion | null)[] = [];
  readonly logs: LogName[] = [];
  /** Ids at most; settings can change it. */
  limit: number;
  /** Events that were turned away at the limit. */
  turnedAway = 0;
  readonly #logNumbers = new Map<LogName, number>();
  #lastLog: LogName | null = null;
  #lastLogNumber = 0;
  #lastStart = Number.NaN;
  #lastList = new RowList();

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

  /** The list of a minute that has not closed. */
  minute(startMillis: number): RowList {
    if (startMillis === this.#lastStart) return this.#lastList;
    const list = listOf(this.open, startMillis);
    this.#lastStart = startMillis;
    this.#lastList = list;
    return list;
  }

  /** Takes the list of a minute that closes away. */
  takeMinute(startMillis: number): RowList | undefined {
    const list = this.open.get(startMillis);
    this.open.delete(startMillis);
    if (startMillis === this.#lastStart) this.#lastStart = Number.NaN;
    return list;
  }

  /**
   * A row for an event whose id was hashed last by its model; what the event holds is then to be put there. Of several events
   * of an id, a side and a minute the first by time, log and offset has it, the others are counted as repeated.
   * @param side `isOutcome`, or 0 for a prediction
   * @returns -1 where it gets none
   */
  place(version: JoinVersion, side: number, startMillis: number, timeMillis: number, log: LogName, offset: number): number {
    const { rows, index } = this;
    const { high, low } = version.model.hash;
    const logNumber = log === this.#lastLog ? this.#lastLogNumber : this.#numberOf(log);
    const head = index.find(high, low);
    if (head !== none) {
      let row = head;
      do {
        if ((rows.short(row, flagsAt) & (isOpen | isOutcome)) === (isOpen | side)) {
          const time = rows.float(row, timeAt);
          if (time >= startMillis && time < startMillis + minuteMillis) {
            return this.#dispute(row, version, side, timeMillis, logNumber, offset);
          }
        }
        row = rows.int(row, sameAt);
      } while (row !== head);
    }
    if ((head === none && index.size >= this.limit) || rows.used >= this.limit * rowsAnId) {
      this.turnedAway += 1;
      return none;
    }
    const row = rows.take();
    rows.setShort(row, flagsAt, 0);
    this.#fill(row, version, side, timeMillis, logNumber, offset);
    this.link(row, high, low, head);
    this.append(row, startMillis);
    if (side === 0) version.model.waiting += 1;
    return row;
  }

  /** Two events of an id, a side and a minute: one is counted as repeated. @returns the row, where the new one has it now */
  #dispute(row: number, version: JoinVersion, side: number, timeMillis: number, logNumber: number, offset: number): number {
    if (!this.#isBefore(timeMillis, logNumber, offset, row)) {
      countRepeated(version, side);
      return none;
    }
    const replaced = this.versionOf(row);
    countRepeated(replaced, side);
    this.releaseTexts(row, replaced);
    replaced.rows -= 1;
    this.#fill(row, version, side, timeMillis, logNumber, offset);
    return row;
  }

  #fill(row: number, version: JoinVersion, side: number, timeMillis: number, logNumber: number, offset: number): void {
    const { rows } = this;
    const chunk = row >>> chunkShift;
    const place = row & chunkMask;
    const floats = rows.floats[chunk] as Float64Array;
    floats[place * floatsARow + timeAt] = timeMillis;
    floats[place * floatsARow + offsetAt] = offset;
    const shorts = rows.shorts[chunk] as Uint16Array;
    const flags = place * shortsARow + flagsAt;
    shorts[flags] = ((shorts[flags] as number) & isHead) | side | isOpen;
    shorts[place * shortsARow + logAt] = logNumber;
    (rows.ints[chunk] as Int32Array)[place * intsARow + versionAt] = version.number;
    version.rows += 1;
  }

  /** Whether an event stands before the one of a row, where both have the same id. */
  #isBefore(timeMillis: number, logNumber: number, offset: number, row: number): boolean {
    const time = this.rows.float(row, timeAt);
    if (timeMillis !== time) return timeMillis < time;
    const other = this.rows.short(row, logAt);
    if (logNumber === other) return offset < this.rows.float(row, offsetAt);
    const [one, two] = [this.logs[logNumber] as LogName, this.logs[other] as LogName];
    const topics = compareText(one.topic, two.topic);
    return topics === 0 ? one.partition < two.partition : topics < 0;
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

  /** Puts a row into the list of a minute that has not closed. */
  append(row: number, startMillis: number): void {
    this.minute(startMillis).push(row);
  }

  /** Puts a row into the list of those that leave with a minute. */
  leaveWith(row: number, startMillis: number): void {
    if (!this.leaving.has(startMillis)) this.#newlyLeaving.push(startMillis);
    listOf(this.leaving, startMillis).push(row);
    this.rows.setFloat(row, leavesAt, startMillis);
  }

  /** Makes a row one of its id's. @param head their first; -1 where there is none */
  link(row: number, high: number, low: number, head = this.index.find(high, low)): void {
    const { rows } = this;
    rows.setInt(row, highAt, high);
    rows.setInt(row, lowAt, low);
    if (head === none) {
      rows.setInt(row, sameAt, row);
      rows.setShort(row, flagsAt, rows.short(row, flagsAt) | isHead);
      this.index.put(high, low, row);
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

  /** Forgets a row that is in no list. @param texts whether it still refers to its texts */
  drop(row: number, version: JoinVersion, texts: boolean): void {
    this.unlink(row);
    if (texts) this.releaseTexts(row, version);
    version.rows -= 1;
    this.rows.give(row);
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

/** Counts one that another stands for. */
export function countRepeated(version: JoinVersion, side: number): void {
  if (side === isOutcome) version.duplicate += 1;
  else version.repeated += 1;
}

// What becomes of events when their minute closes, in the order of event time: they repeat another, wait, or meet their other
// half; and those whose horizon has passed leave. Within a minute the order of rows makes no difference, so none is asked for.
import { minuteMillis, type Rung } from "../window/resolution.ts";
import type { JoinVersion } from "./join-model.ts";
import type { JoinedPair } from "./joined-pair.ts";
import {
  flagsAt,
  highAt,
  horizonAt,
  isDead,
  isHead,
  isJoined,
  isOpen,
  isOutcome,
  labelAt,
  labelIsNumber,
  labelIsText,
  lowAt,
  none,
  type PendingRows,
  predictionAt,
  predictionIsNumber,
  predictionIsText,
  sameAt,
  scoreAt,
  segmentsAt,
  timeAt,
} from "./pending-rows.ts";
import { noHorizon, type PendingTable } from "./pending-table.ts";
import { fetchPlaces, fetchRows, type RowList } from "./row-list.ts";
import type { FoldSettings, OutcomeSettings } from "./settings.ts";

/** Others can have a turn after so many rows, which are also fetched together: the processor's nearest cache holds them. */
const rowsATurn = 256;

export interface Closing {
  readonly table: PendingTable;
  readonly settings: FoldSettings;
  /** Which cohorts of predictions are kept. */
  readonly rungs: readonly Rung[];
  readonly tell: (pair: JoinedPair) => void;
}

/** Closes one minute; all before it are closed. */
export function* closeMinute(closing: Closing, startMillis: number): Iterable<void> {
  const { table } = closing;
  const minute = table.takeMinute(startMillis);
  if (minute !== undefined) {
    const { predictions, outcomes } = minute;
    yield* inTurns(predictions, (from, to) => admitSome(closing, predictions, from, to));
    yield* inTurns(outcomes, (from, to) => admitSome(closing, outcomes, from, to));
    yield* inTurns(predictions, (from, to) => settleSome(settlePrediction, closing, predictions, from, to, startMillis));
    yield* inTurns(outcomes, (from, to) => settleSome(settleOutcome, closing, outcomes, from, to, startMillis));
  }
  const leaving = table.leaving.get(startMillis);
  if (leaving === undefined) return;
  table.leaving.delete(startMillis);
  yield* inTurns(leaving, (from, to) => letSomeLeave(closing, leaving, from, to, startMillis));
}

function* inTurns({ size }: RowList, work: (from: number, to: number) => void): Iterable<void> {
  for (let from = 0; from < size; from += rowsATurn) {
    work(from, Math.min(from + rowsATurn, size));
    yield;
  }
}

/** Links the rows of one side of the minute that closes by their ids, but for those that repeat another. */
function admitSome({ table, settings }: Closing, list: RowList, from: number, to: number): void {
  fetchPlaces(list, from, to, table.rows, table.index);
  for (let at = from; at < to; at++) admit(table, settings, list.rows[at] as number);
}

function admit(table: PendingTable, settings: FoldSettings, row: number): void {
  const { rows } = table;
  const version = table.versionOf(row);
  const side = rows.short(row, flagsAt) & isOutcome;
  if (version.model.settingsUnder(settings) === null) {
    if (side === 0) version.model.waiting -= 1;
    table.kill(row, version);
    return;
  }
  const head = table.index.find(rows.int(row, highAt), rows.int(row, lowAt));
  let first = head;
  if (head !== none) {
    const same = (rows.short(head, flagsAt) & isOutcome) === side ? head : mateOf(rows, head);
    const other = same === head ? mateOf(rows, head) : head;
    const met = side === isOutcome && other !== none && (rows.short(other, flagsAt) & isJoined) !== 0;
    if (met) {
      repeat(table, row, version, side);
      return;
    }
    if (same !== none) {
      // One whose minute was closed before stands; of this minute, the first does.
      if ((rows.short(same, flagsAt) & isOpen) === 0 || !table.isBefore(row, same)) {
        repeat(table, row, version, side);
        return;
      }
      table.unlink(same);
      repeat(table, same, table.versionOf(same), side);
      first = other;
    }
  }
  table.link(row, first);
}

/** The other row of an id that has two; -1 where it has one. */
function mateOf(rows: PendingRows, row: number): number {
  const mate = rows.int(row, sameAt);
  return mate === row ? none : mate;
}

/** A row stands for nothing, as another has its id. */
function repeat(table: PendingTable, row: number, version: JoinVersion, side: number): void {
  if (side === isOutcome) version.duplicate += 1;
  else {
    version.repeated += 1;
    version.model.waiting -= 1;
  }
  table.kill(row, version);
}

/** Decides about one row of the minute that closes. */
type Settle = (closing: Closing, row: number, version: JoinVersion, horizonMillis: number, startMillis: number) => void;

function settleSome(settle: Settle, closing: Closing, list: RowList, from: number, to: number, startMillis: number): void {
  const { table, settings } = closing;
  const { rows } = table;
  fetchRows(list, from, to, rows);
  for (let at = from; at < to; at++) {
    const row = list.rows[at] as number;
    const flags = rows.short(row, flagsAt);
    if ((flags & isDead) !== 0) {
      rows.give(row);
      continue;
    }
    rows.setShort(row, flagsAt, flags & ~isOpen);
    const version = table.versionOf(row);
    const { horizonMillis } = version.model.settingsUnder(settings) as OutcomeSettings;
    settle(closing, row, version, horizonMillis, startMillis);
  }
}

function settlePrediction(closing: Closing, row: number, version: JoinVersion, horizonMillis: number, startMillis: number): void {
  const { table, rungs } = closing;
  const { rows } = table;
  const timeMillis = rows.float(row, timeAt);
  version.cohorts.predicted(timeMillis, rows.weight(row), rungs);
  table.leaveWith(row, leavingMinute(timeMillis, horizonMillis));
  const outcome = mateOf(rows, row);
  // An outcome of the same minute has its turn after all predictions.
  if (outcome === none || (rows.short(outcome, flagsAt) & isOpen) !== 0) return;
  if (timeMillis - rows.float(outcome, timeAt) > horizonMillis) return;
  join(closing, row, outcome, startMillis);
  // It waited, so it is in a list that gives it back later.
  table.unlink(outcome);
  table.kill(outcome, table.versionOf(outcome));
}

function settleOutcome(closing: Closing, row: number, version: JoinVersion, horizonMillis: number, startMillis: number): void {
  const { table } = closing;
  const { rows } = table;
  const timeMillis = rows.float(row, timeAt);
  const prediction = mateOf(rows, row);
  if (prediction === none || Math.abs(timeMillis - rows.float(prediction, timeAt)) > horizonMillis) {
    table.leaveWith(row, leavingMinute(timeMillis, horizonMillis));
  } else {
    join(closing, prediction, row, startMillis);
    table.drop(row, version, true);
  }
}

function letSomeLeave(closing: Closing, list: RowList, from: number, to: number, startMillis: number): void {
  const { table } = closing;
  fetchPlaces(list, from, to, table.rows, table.index);
  for (let at = from; at < to; at++) leave(closing, list.rows[at] as number, startMillis);
}

/** The start of the minute in which a horizon ends. */
function leavingMinute(timeMillis: number, horizonMillis: number): number {
  return (Math.ceil((timeMillis + horizonMillis) / minuteMillis) - 1) * minuteMillis;
}

/** A prediction meets its outcome: it stays to know duplicates by. */
function join({ table, tell }: Closing, prediction: number, outcome: number, startMillis: number): void {
  const { rows } = table;
  const version = table.versionOf(prediction);
  const predictedMillis = rows.float(prediction, timeAt);
  const outcomeMillis = rows.float(outcome, timeAt);
  version.joined += 1;
  version.model.waiting -= 1;
  version.delayed(outcomeMillis - predictedMillis);
  version.cohorts.labelled(predictedMillis, rows.weight(prediction));
  tell(pairOf(table, version, prediction, labelOf(table, outcome, version), outcomeMillis, startMillis));
  table.releaseTexts(prediction, version);
  rows.setShort(prediction, flagsAt, (rows.short(prediction, flagsAt) & isHead) | isJoined);
}

/** A row's horizon has passed. */
function leave(closing: Closing, row: number, startMillis: number): void {
  const { table, settings, tell } = closing;
  const { rows } = table;
  const flags = rows.short(row, flagsAt);
  if ((flags & isDead) !== 0) {
    rows.give(row);
    return;
  }
  const version = table.versionOf(row);
  if ((flags & isJoined) !== 0) {
    table.drop(row, version, false);
    return;
  }
  const outcomes = version.model.settingsUnder(settings);
  if ((flags & isOutcome) !== 0) {
    if (outcomes !== null) version.orphaned += 1;
  } else {
    version.model.waiting -= 1;
    if (outcomes !== null) withoutOutcome(table, version, row, outcomes, startMillis, tell);
  }
  table.drop(row, version, true);
}

function withoutOutcome(
  table: PendingTable,
  version: JoinVersion,
  row: number,
  { absent, horizonMillis }: OutcomeSettings,
  startMillis: number,
  tell: Closing["tell"],
): void {
  if (absent === null) {
    version.expired += 1;
    return;
  }
  const timeMillis = table.rows.float(row, timeAt);
  version.absent += 1;
  version.cohorts.labelled(timeMillis, table.rows.weight(row));
  tell(pairOf(table, version, row, absent, timeMillis + horizonMillis, startMillis));
}

/** One for all, as there are many: whoever is told has to take what it needs. */
const pair: { -readonly [Key in keyof JoinedPair]: JoinedPair[Key] } = {
  model: "",
  version: "",
  segments: [],
  weight: 0.5,
  score: Number.NaN,
  prediction: null,
  label: null,
  horizon: "",
  predictedMillis: 0.5,
  outcomeMillis: 0.5,
  closingMillis: 0.5,
};

function pairOf(
  { rows }: PendingTable,
  { model, version }: JoinVersion,
  row: number,
  label: number | string | null,
  outcomeMillis: number,
  closingMillis: number,
): JoinedPair {
  const flags = rows.short(row, flagsAt);
  const prediction = rows.float(row, predictionAt);
  const isNumber = (flags & predictionIsNumber) !== 0;
  const horizon = rows.short(row, horizonAt);
  pair.model = model.name;
  pair.version = version;
  pair.segments = model.segmentsOf(rows.short(row, segmentsAt));
  pair.weight = rows.weight(row);
  pair.score = rows.float(row, scoreAt);
  pair.prediction = isNumber ? prediction : (flags & predictionIsText) === 0 ? null : model.texts.text(prediction);
  pair.label = label;
  pair.horizon = horizon === noHorizon ? "" : model.texts.text(horizon);
  pair.predictedMillis = rows.float(row, timeAt);
  pair.outcomeMillis = outcomeMillis;
  pair.closingMillis = closingMillis;
  return pair;
}

/** An outcome's label; null where it has none that is a number, a text, true or false. */
function labelOf({ rows }: PendingTable, row: number, version: JoinVersion): number | string | null {
  const flags = rows.short(row, flagsAt);
  const label = rows.float(row, labelAt);
  if ((flags & labelIsNumber) !== 0) return label;
  return (flags & labelIsText) === 0 ? null : version.model.texts.text(label);
}

// What becomes of events when their minute closes, in the order of event time: they repeat another, wait, or meet their other
// half; and those whose horizon has passed leave. Within a minute the order of rows makes no difference, so none is asked for.
import { minuteMillis, type Rung } from "../window/resolution.ts";
import type { JoinVersion } from "./join-model.ts";
import type { JoinedPair } from "./joined-pair.ts";
import {
  flagsAt,
  horizonAt,
  isDead,
  isHead,
  isJoined,
  isOpen,
  isOutcome,
  labelAt,
  labelIsNumber,
  labelIsText,
  none,
  predictionAt,
  predictionIsNumber,
  predictionIsText,
  sameAt,
  scoreAt,
  segmentsAt,
  timeAt,
} from "./pending-rows.ts";
import { countRepeated, noHorizon, type PendingTable } from "./pending-table.ts";
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
  const closed = table.takeMinute(startMillis);
  if (closed !== undefined) {
    for (let from = 0; from < closed.size; from += rowsATurn) {
      settleSome(closing, closed, from, startMillis);
      yield;
    }
  }
  const leaving = table.leaving.get(startMillis);
  if (leaving === undefined) return;
  table.leaving.delete(startMillis);
  for (let from = 0; from < leaving.size; from += rowsATurn) {
    letSomeLeave(closing, leaving, from, startMillis);
    yield;
  }
}

function settleSome(closing: Closing, list: RowList, from: number, startMillis: number): void {
  const to = Math.min(from + rowsATurn, list.size);
  fetchRows(list, from, to, closing.table.rows);
  for (let at = from; at < to; at++) settle(closing, list.rows[at] as number, startMillis);
}

function letSomeLeave(closing: Closing, list: RowList, from: number, startMillis: number): void {
  const { table } = closing;
  const to = Math.min(from + rowsATurn, list.size);
  fetchPlaces(list, from, to, table.rows, table.index);
  for (let at = from; at < to; at++) leave(closing, list.rows[at] as number, startMillis);
}

/** Decides on a row of the minute that closes. */
function settle(closing: Closing, row: number, startMillis: number): void {
  const { table, settings, rungs } = closing;
  const { rows } = table;
  const version = table.versionOf(row);
  const outcomes = version.model.settingsUnder(settings);
  const side = rows.short(row, flagsAt) & isOutcome;
  // Those of the id whose minutes are closed: there is one prediction and one outcome at most.
  let same = none;
  let other = none;
  for (let one = rows.int(row, sameAt); one !== row; one = rows.int(one, sameAt)) {
    const flags = rows.short(one, flagsAt);
    if ((flags & isOpen) !== 0) continue;
    if ((flags & isOutcome) === side) same = one;
    else other = one;
  }
  const met = side === isOutcome && other !== none && (rows.short(other, flagsAt) & isJoined) !== 0;
  if (outcomes === null || same !== none || met) {
    if (outcomes !== null) countRepeated(version, side);
    if (side === 0) version.model.waiting -= 1;
    table.drop(row, version, true);
    return;
  }
  rows.setShort(row, flagsAt, rows.short(row, flagsAt) & ~isOpen);
  const { horizonMillis } = outcomes;
  const timeMillis = rows.float(row, timeAt);
  if (side === 0) version.cohorts.predicted(timeMillis, rows.weight(row), rungs);
  if (other === none || Math.abs(rows.float(other, timeAt) - timeMillis) > horizonMillis) {
    table.leaveWith(row, leavingMinute(timeMillis, horizonMillis));
  } else if (side === 0) {
    join(closing, row, other, startMillis);
    table.leaveWith(row, leavingMinute(timeMillis, horizonMillis));
    forgetWaiting(table, other);
  } else {
    join(closing, other, row, startMillis);
    table.drop(row, version, true);
  }
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

/** A joined outcome is needed no more. One that waited is in a list still, which forgets it later. */
function forgetWaiting(table: PendingTable, outcome: number): void {
  const version = table.versionOf(outcome);
  table.unlink(outcome);
  table.releaseTexts(outcome, version);
  version.rows -= 1;
  table.rows.setShort(outcome, flagsAt, isDead);
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

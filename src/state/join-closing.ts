// What becomes of events when their minute closes, in the order of event time: they repeat another, wait, or meet their other
// half; and those whose horizon has passed leave. Within a minute the order of rows makes no difference, so none is asked for.
import { minuteMillis, type Rung } from "../window/resolution.ts";
import { RowBatch } from "./join-fetching.ts";
import type { JoinVersion } from "./join-model.ts";
import { givenOf, pairOf } from "./join-pair.ts";
import type { JoinedPair } from "./joined-pair.ts";
import { flagsAt, highAt, isCarried, isDead, isJoined, isOutcome, isSeen, lowAt, none, timeAt } from "./pending-rows.ts";
import type { PendingTable } from "./pending-table.ts";
import type { FoldSettings, OutcomeSettings } from "./settings.ts";

/** Others can have a turn after so many rows, which are also fetched together: the processor's nearest cache holds them. */
const rowsATurn = 256;

export interface Closing {
  readonly table: PendingTable;
  readonly settings: FoldSettings;
  /** Which cohorts of predictions are kept. */
  readonly rungs: readonly Rung[];
  readonly tell: (pair: JoinedPair) => void;
  /** Of a prediction, as of a pair without a label. */
  readonly tellPrediction: (pair: JoinedPair) => void;
}

/** One minute that closes. */
interface ClosingMinute extends Closing {
  readonly startMillis: number;
  readonly batch: RowBatch;
  /** By place in the batch: the prediction, and the outcome of a minute before, that have the id of the row. */
  readonly predictions: Int32Array;
  readonly outcomes: Int32Array;
  /** Predictions whose outcome was there before them. */
  readonly met: number[];
  /** The minute with which predictions leave that stay in their chain, as most do: that of the first. NaN: none stayed yet. */
  stayMillis: number;
}

/** Closes one minute; all before it are closed. */
export function* closeMinute(closing: Closing, startMillis: number): Iterable<void> {
  const { table } = closing;
  const one: ClosingMinute = {
    ...closing,
    startMillis,
    batch: new RowBatch(table.rows, rowsATurn),
    predictions: new Int32Array(rowsATurn),
    outcomes: new Int32Array(rowsATurn),
    met: [],
    stayMillis: Number.NaN,
  };
  const minute = table.takeMinute(startMillis);
  if (minute !== undefined) {
    const { predictions, outcomes } = minute;
    yield* inTurns(one, predictions, admitPredictions);
    for (const prediction of one.met) meetEarlier(one, prediction);
    if (Number.isNaN(one.stayMillis)) table.chains.release(predictions);
    else table.leaveWith(one.stayMillis, predictions);
    table.minuteOutcomes.clear(table.chains.size(outcomes));
    yield* inTurns(one, outcomes, admitOutcomes);
    yield* inTurns(one, outcomes, settleOutcomes);
    table.chains.release(outcomes);
  }
  for (const leaving of table.takeLeaving(startMillis)) {
    yield* inTurns(one, leaving, letLeave);
    table.chains.release(leaving);
  }
}

/** Does something to the rows of the batch. */
type Work = (one: ClosingMinute) => void;

function* inTurns(one: ClosingMinute, chain: number, work: Work): Iterable<void> {
  for (const size of one.table.chains.batches(chain, one.batch.numbers)) {
    one.batch.begin(size);
    work(one);
    yield;
  }
}

function admitPredictions(one: ClosingMinute): void {
  const { table, batch, outcomes } = one;
  batch.fetchPlaces(table.predictions);
  // Admitting changes nothing of where outcomes are found.
  batch.find(table.outcomes, outcomes);
  for (let at = 0; at < batch.size; at++) admitPrediction(one, batch.numbers[at] as number, outcomes[at] !== none);
}

/** A prediction repeats another, or is kept until its horizon. @param isMet whether an outcome waits for it */
function admitPrediction(one: ClosingMinute, row: number, isMet: boolean): void {
  const { table, settings, rungs, met } = one;
  const { rows } = table;
  const version = table.versionOf(row);
  const flags = rows.short(row, flagsAt);
  if ((flags & (isCarried | isSeen)) === 0) {
    one.tellPrediction(pairOf(table, version, row, null, Number.NaN, one.startMillis));
  } else if ((flags & isSeen) !== 0) rows.setShort(row, flagsAt, flags & ~isSeen);
  const outcomes = version.model.settingsUnder(settings);
  if (outcomes === null) {
    stopWaiting(table, row, version);
    return;
  }
  const high = rows.int(row, highAt);
  const low = rows.int(row, lowAt);
  const same = table.predictions.find(high, low);
  if (same !== none && stands(one, same, row)) {
    repeatPrediction(table, row, version);
    return;
  }
  const timeMillis = rows.float(row, timeAt);
  const isOwn = (flags & isCarried) === 0;
  if (isOwn) version.cohorts.predicted(timeMillis, rows.weight(row), rungs);
  const leavingMillis = leavingMinute(timeMillis, outcomes.horizonMillis);
  const kept = same === none ? keep(one, row, leavingMillis) : replace(one, same, row, leavingMillis, outcomes.horizonMillis);
  if (kept !== same) table.predictions.put(low, kept);
  if (isMet) met.push(kept);
}

/** Whether of two of one id the first that came stands: one of a minute before does; of this minute, the first by time. */
function stands({ table, startMillis }: ClosingMinute, one: number, other: number): boolean {
  return table.rows.float(one, timeAt) < startMillis || table.compare(other, one) >= 0;
}

/** A prediction stays until its horizon. @returns its row */
function keep(one: ClosingMinute, row: number, leavingMillis: number): number {
  if (Number.isNaN(one.stayMillis)) one.stayMillis = leavingMillis;
  return leavingMillis === one.stayMillis ? row : one.table.move(row, leavingMillis);
}

/** A prediction stands instead of one that was kept. @returns its row */
function replace(one: ClosingMinute, kept: number, row: number, leavingMillis: number, horizon: number): number {
  const { table } = one;
  const { rows } = table;
  const version = table.versionOf(kept);
  const keptMillis = rows.float(kept, timeAt);
  if ((rows.short(kept, flagsAt) & isCarried) === 0) version.cohorts.withdrawn(keptMillis, rows.weight(kept));
  repeatPrediction(table, kept, version);
  if (leavingMinute(keptMillis, horizon) !== leavingMillis) return keep(one, row, leavingMillis);
  // In its place: what is dead takes room until its chain leaves.
  rows.copy(row, kept);
  rows.setShort(row, flagsAt, isDead);
  return kept;
}

function repeatPrediction(table: PendingTable, row: number, version: JoinVersion): void {
  if ((table.rows.short(row, flagsAt) & isCarried) === 0) version.repeated += 1;
  stopWaiting(table, row, version);
}

/** A prediction that has not met its outcome stands for nothing any more. */
function stopWaiting(table: PendingTable, row: number, version: JoinVersion): void {
  const flags = table.rows.short(row, flagsAt);
  if ((flags & (isOutcome | isCarried)) === 0) version.model.waiting -= 1;
  table.releaseTexts(row, version);
  table.forget(row, version);
}

/** A prediction of this minute meets an outcome of one before. */
function meetEarlier(one: ClosingMinute, row: number): void {
  const { table, settings } = one;
  const { rows } = table;
  // It may have been replaced since, or stand for another that was.
  if ((rows.short(row, flagsAt) & (isDead | isJoined)) !== 0) return;
  const outcome = table.outcomes.find(rows.int(row, highAt), rows.int(row, lowAt));
  const { horizonMillis } = table.versionOf(row).model.settingsUnder(settings) as OutcomeSettings;
  if (outcome === none || rows.float(row, timeAt) - rows.float(outcome, timeAt) > horizonMillis) return;
  join(one, row, outcome);
  table.unlink(outcome);
  stopWaiting(table, outcome, table.versionOf(outcome));
}

function admitOutcomes(one: ClosingMinute): void {
  const { batch } = one;
  for (let at = 0; at < batch.size; at++) admitOutcome(one, batch.numbers[at] as number);
}

/** Of outcomes of one id in this minute one is to be settled; the others repeat it. */
function admitOutcome(one: ClosingMinute, row: number): void {
  const { table, settings } = one;
  const { rows, minuteOutcomes } = table;
  const version = table.versionOf(row);
  if (version.model.settingsUnder(settings) === null) {
    stopWaiting(table, row, version);
    return;
  }
  const low = rows.int(row, lowAt);
  const same = minuteOutcomes.find(rows.int(row, highAt), low);
  if (same !== none && stands(one, same, row)) {
    repeatOutcome(table, row, version);
    return;
  }
  if (same !== none) repeatOutcome(table, same, table.versionOf(same));
  minuteOutcomes.put(low, row);
}

function repeatOutcome(table: PendingTable, row: number, version: JoinVersion): void {
  version.duplicate += 1;
  stopWaiting(table, row, version);
}

function settleOutcomes(one: ClosingMinute): void {
  const { table, batch, predictions, outcomes } = one;
  // Of one id one outcome is settled in a minute, so that settling changes nothing of what is found for others.
  batch.find(table.predictions, predictions);
  batch.find(table.outcomes, outcomes);
  for (let at = 0; at < batch.size; at++) {
    settleOutcome(one, batch.numbers[at] as number, predictions[at] as number, outcomes[at] !== none);
  }
}

/**
 * An outcome repeats one of a minute before, meets its prediction, or waits.
 * @param prediction of its id
 * @param isWaiting whether an outcome of a minute before waits for that
 */
function settleOutcome(one: ClosingMinute, row: number, prediction: number, isWaiting: boolean): void {
  const { table, settings } = one;
  const { rows } = table;
  if ((rows.short(row, flagsAt) & isDead) !== 0) return;
  const version = table.versionOf(row);
  const isMet = prediction !== none && (rows.short(prediction, flagsAt) & isJoined) !== 0;
  if (isMet || isWaiting) {
    repeatOutcome(table, row, version);
    return;
  }
  const { horizonMillis } = version.model.settingsUnder(settings) as OutcomeSettings;
  const timeMillis = rows.float(row, timeAt);
  if (prediction === none || Math.abs(timeMillis - rows.float(prediction, timeAt)) > horizonMillis) {
    const low = rows.int(row, lowAt);
    table.outcomes.find(rows.int(row, highAt), low);
    table.outcomes.put(low, table.move(row, leavingMinute(timeMillis, horizonMillis)));
    return;
  }
  join(one, prediction, row);
  stopWaiting(table, row, version);
}

/** The start of the minute in which a horizon ends. */
function leavingMinute(timeMillis: number, horizonMillis: number): number {
  return (Math.ceil((timeMillis + horizonMillis) / minuteMillis) - 1) * minuteMillis;
}

/** A prediction meets its outcome: it stays to know duplicates by. */
function join({ table, tell, startMillis }: ClosingMinute, prediction: number, outcome: number): void {
  const { rows } = table;
  const version = table.versionOf(prediction);
  const predictedMillis = rows.float(prediction, timeAt);
  const outcomeMillis = rows.float(outcome, timeAt);
  const carried = rows.short(prediction, flagsAt) & isCarried;
  version.joined += 1;
  if (carried === 0) {
    version.model.waiting -= 1;
    version.delayed(outcomeMillis - predictedMillis);
    version.cohorts.labelled(predictedMillis, rows.weight(prediction));
  }
  tell(pairOf(table, version, prediction, givenOf(rows, outcome, version.model), outcomeMillis, startMillis));
  table.releaseTexts(prediction, version);
  rows.setShort(prediction, flagsAt, isJoined | carried);
}

function letLeave(one: ClosingMinute): void {
  const { table, batch } = one;
  batch.fetchPlaces(table.predictions);
  for (let at = 0; at < batch.size; at++) leave(one, batch.numbers[at] as number);
}

/** A row's horizon has passed. */
function leave(one: ClosingMinute, row: number): void {
  const { table, settings } = one;
  const flags = table.rows.short(row, flagsAt);
  if ((flags & isDead) !== 0) return;
  const version = table.versionOf(row);
  table.unlink(row);
  if ((flags & isJoined) !== 0) {
    table.forget(row, version);
    return;
  }
  const outcomes = version.model.settingsUnder(settings);
  if (outcomes !== null && (flags & isOutcome) !== 0) version.orphaned += 1;
  else if (outcomes !== null && (flags & isCarried) === 0) withoutOutcome(one, version, row, outcomes);
  stopWaiting(table, row, version);
}

function withoutOutcome(one: ClosingMinute, version: JoinVersion, row: number, settings: OutcomeSettings): void {
  const { absent, horizonMillis } = settings;
  if (absent === null) {
    version.expired += 1;
    return;
  }
  const { rows } = one.table;
  const timeMillis = rows.float(row, timeAt);
  version.absent += 1;
  version.cohorts.labelled(timeMillis, rows.weight(row));
  one.tell(pairOf(one.table, version, row, absent, timeMillis + horizonMillis, one.startMillis));
}

// The pair of a prediction's row and what is its label.
import type { JoinVersion } from "./join-model.ts";
import type { JoinedPair } from "./joined-pair.ts";
import {
  flagsAt,
  hasClassScores,
  horizonAt,
  isCarried,
  isItem,
  type PendingRows,
  scoreAt,
  segmentsAt,
  timeAt,
  valueAt,
  valueIsNumber,
  valueIsText,
} from "./pending-rows.ts";
import { noHorizon, type PendingTable } from "./pending-table.ts";

/** One for all, as there are many: whoever is told has to take what it needs. */
const pair: { -readonly [Key in keyof JoinedPair]: JoinedPair[Key] } = {
  model: "",
  version: "",
  segments: "",
  weight: 0.5,
  score: Number.NaN,
  prediction: null,
  label: null,
  horizon: "",
  classes: [],
  scores: [],
  group: Number.NaN,
  rank: Number.NaN,
  predictedMillis: 0.5,
  outcomeMillis: 0.5,
  closingMillis: 0.5,
};

const noClasses: readonly string[] = [];
const noScores: readonly number[] = [];

/** @param row of the prediction */
export function pairOf(
  { rows, scores }: PendingTable,
  { model, version }: JoinVersion,
  row: number,
  label: number | string | null,
  outcomeMillis: number,
  closingMillis: number,
): JoinedPair {
  const flags = rows.short(row, flagsAt);
  const atHorizon = rows.short(row, horizonAt);
  const byClass = (flags & hasClassScores) !== 0;
  const item = (flags & isItem) !== 0;
  pair.model = model.name;
  pair.version = version;
  pair.segments = model.segmentSets.text(rows.short(row, segmentsAt));
  pair.weight = rows.weight(row);
  pair.score = byClass ? Number.NaN : rows.float(row, scoreAt);
  pair.classes = byClass ? model.classesOf(atHorizon) : noClasses;
  pair.scores = byClass ? scores.of(rows.float(row, scoreAt), pair.classes.length) : noScores;
  pair.group = item ? rows.float(row, valueAt) : Number.NaN;
  pair.rank = item ? atHorizon : Number.NaN;
  pair.prediction = givenOf(rows, row, model);
  pair.label = label;
  pair.horizon = byClass || item || atHorizon === noHorizon ? "" : model.texts.text(atHorizon);
  pair.predictedMillis = (flags & isCarried) === 0 ? rows.float(row, timeAt) : Number.NaN;
  pair.outcomeMillis = outcomeMillis;
  pair.closingMillis = closingMillis;
  return pair;
}

/** A prediction or a label; null where it is none that is a number, a text, true or false. */
export function givenOf(rows: PendingRows, row: number, model: JoinVersion["model"]): number | string | null {
  const flags = rows.short(row, flagsAt);
  const value = rows.float(row, valueAt);
  if ((flags & valueIsNumber) !== 0) return value;
  return (flags & valueIsText) === 0 ? null : model.texts.text(value);
}

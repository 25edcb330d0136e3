// What an event says of its prediction or its label, put into its row.
import type { PredictionEvent } from "../event/event.ts";
import { plainValue } from "../event/schema.ts";
import { IdHash } from "../primitive/id-hash.ts";
import { ClassSets } from "./class-sets.ts";
import type { JoinModel } from "./join-model.ts";
import {
  flagsAt,
  hasClassScores,
  horizonAt,
  isItem,
  type PendingRows,
  scoreAt,
  segmentsAt,
  valueAt,
  valueIsNumber,
  valueIsText,
} from "./pending-rows.ts";
import { noHorizon, type PendingTable } from "./pending-table.ts";
import { SegmentSets } from "./segment-sets.ts";

/** What an event says of a prediction; one that an outcome carries says less. */
type Predicted = Pick<PredictionEvent, "score" | "prediction" | "segment"> &
  Partial<Pick<PredictionEvent, "scores" | "horizon" | "group" | "rank">>;

/** Ranks have 16 bits. */
const greatestRank = 0xffff;

export class RowFilling {
  readonly #table: PendingTable;
  readonly #segmentSets = new SegmentSets();
  readonly #classSets = new ClassSets();
  readonly #groups = new IdHash("group");

  constructor(table: PendingTable) {
    this.#table = table;
  }

  /** @param attributes whose values are segments; null: all */
  prediction(row: number, model: JoinModel, event: Predicted, weight: number, attributes: readonly string[] | null): void {
    const { rows } = this.#table;
    const { score, prediction, segment, scores = null, horizon = "", group = "", rank = Number.NaN } = event;
    const number = typeof score === "number" && Number.isFinite(score) ? score : Number.NaN;
    rows.setFloat(row, scoreAt, number);
    rows.setWeight(row, weight);
    rows.setShort(row, horizonAt, horizon === "" ? noHorizon : model.texts.take(horizon));
    const segments = segment === null ? "" : this.#segmentSets.of(segment, attributes);
    rows.setShort(row, segmentsAt, segments === "" ? 0 : model.segmentSets.take(segments));
    putValue(rows, row, model, prediction);
    if (horizon !== "") return;
    if (scores !== null && Number.isNaN(number)) this.#putScores(row, model, scores);
    else if (group !== "" && plainValue(prediction) === null) this.#putItem(row, group, rank);
  }

  #putScores(row: number, model: JoinModel, scores: Readonly<Record<string, unknown>>): void {
    const names = this.#classSets.of(scores);
    if (names === "") return;
    const { rows, scores: blocks } = this.#table;
    const { size } = this.#classSets;
    const start = blocks.take(size);
    blocks.of(start, size).set(this.#classSets.scores.subarray(0, size));
    rows.setFloat(row, scoreAt, start);
    rows.setShort(row, horizonAt, model.classSets.take(names));
    rows.setShort(row, flagsAt, rows.short(row, flagsAt) | hasClassScores);
  }

  #putItem(row: number, group: string, rank: number): void {
    const { rows } = this.#table;
    this.#groups.set(group);
    rows.setFloat(row, valueAt, (this.#groups.high >>> 0) * 2 ** 21 + (this.#groups.low >>> 11));
    rows.setShort(row, horizonAt, rank <= greatestRank ? rank : 0);
    rows.setShort(row, flagsAt, rows.short(row, flagsAt) | isItem);
  }
}

/** Puts a prediction or a label into its row. */
export function putValue(rows: PendingRows, row: number, model: JoinModel, given: unknown): void {
  const value = plainValue(given);
  if (value === null) return;
  const isText = typeof value === "string";
  rows.setFloat(row, valueAt, isText ? model.texts.take(value) : value);
  rows.setShort(row, flagsAt, rows.short(row, flagsAt) | (isText ? valueIsText : valueIsNumber));
}

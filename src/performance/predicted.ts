// Predictions without labels, as estimates need them: by cell of their score and by what was decided, or by size.
import { locatedScore, locateScore } from "../primitive/score-cell.ts";
import type { SumTable } from "../primitive/sum-table.ts";
import { squaredWeight } from "../primitive/weight.ts";
import { decisionOf, isScore, type LabelledPair, type PairSettings } from "./labelled-pair.ts";
import { predictionCell } from "./loss-cells.ts";
import { mergePanes, type PerformancePane, partOf } from "./pane.ts";

const predictedPart = "predicted";
const weightAt = 0;
const squaresAt = 1;
/** By cell: all, and those that are decided as positive. */
const field = 8192;
const all = field;
const positive = 2 * field;
/** By cell of the greatest score by class. */
const confident = 3 * field;
/** By cell of a numeric prediction. */
const values = 4 * field;

/** So many are written down before they are counted: beyond it, counting them costs less memory. */
const mostNoted = 128;

/**
 * Predictions of a minute that is open. Those of weight 1, which most are, are first written down, one behind the other: events come
 * for any open minute, and where each would count in a table of its own, memory would be waited for several times for each.
 */
export class OpenPredictions {
  readonly #counted: PerformancePane;
  /** By prediction twice its cell, and one more where it is decided as positive. */
  readonly #noted: number[] = [];
  /** How many of them are to be counted; an array that is emptied would have to grow anew. */
  #size = 0;

  constructor(counted: PerformancePane = new Map()) {
    this.#counted = counted;
  }

  /** Adds a prediction, when it is made; one that says nothing is none. */
  add(
    prediction: Pick<LabelledPair, "score" | "prediction" | "weight"> & { readonly confidence?: number },
    settings: PairSettings,
  ): void {
    const { score, weight, prediction: value, confidence = Number.NaN } = prediction;
    if (!isScore(score) && !isScore(confidence) && value === null) return;
    const cell = cellOf(score, confidence, value, settings);
    const isPositive = cell >= all && cell < positive && decisionOf(prediction, settings);
    if (weight === 1) {
      this.#noted[this.#size++] = cell * 2 + (isPositive ? 1 : 0);
      if (this.#size === mostNoted) this.#count();
      return;
    }
    const part = partOf(this.#counted, predictedPart);
    part.add(weightAt, weight);
    part.add(squaresAt, squaredWeight(weight));
    if (cell !== noCell) part.add(cell, weight);
    if (isPositive) part.add(cell - all + positive, weight);
  }

  addAll(other: OpenPredictions): void {
    mergePanes(this.#counted, other.pane);
  }

  #count(): void {
    const part = partOf(this.#counted, predictedPart);
    part.add(weightAt, this.#size);
    part.add(squaresAt, this.#size);
    for (let at = 0; at < this.#size; at++) {
      const noted = this.#noted[at] as number;
      const cell = noted >> 1;
      if (cell !== noCell) part.add(cell, 1);
      if ((noted & 1) !== 0) part.add(cell - all + positive, 1);
    }
    this.#size = 0;
  }

  /** All that were added. */
  get pane(): PerformancePane {
    if (this.#size > 0) this.#count();
    return this.#counted;
  }
}

/** In place of that of a prediction which only counts. */
const noCell = 0;

/** The number of the sum that a prediction counts in. */
function cellOf(score: number, confidence: number, value: LabelledPair["prediction"], settings: PairSettings): number {
  if (isScore(confidence)) {
    locateScore(confidence);
    return confident + locatedScore.cell;
  }
  if (areNumbers(settings, score)) return typeof value === "number" ? values + predictionCell(value) : noCell;
  if (!isScore(score)) return noCell;
  locateScore(score);
  return all + locatedScore.cell;
}

/** Whether predictions are judged by how far they are from their labels. */
function areNumbers({ task }: PairSettings, score: number): boolean {
  return task === "regression" || task === "forecast" || (task === "" && !isScore(score));
}

/** Weights of numeric predictions by cell. */
export function predictedNumbers(pane: PerformancePane): (readonly [cell: number, weight: number])[] {
  const entries = pane.get(predictedPart)?.entries() ?? [];
  return entries.filter(([key]) => key >= values).map(([key, weight]) => [key - values, weight]);
}

/** Weight of all predictions of a pane. */
export function predictedWeight(pane: PerformancePane): number {
  return pane.get(predictedPart)?.at(weightAt) ?? 0;
}

/** Predictions with a score, by cell. */
export interface ScoredPredictions {
  readonly cells: readonly number[];
  readonly counts: readonly number[];
  readonly positives: readonly number[];
  readonly weightSquares: number;
}

export function scoredPredictions(pane: PerformancePane): ScoredPredictions | null {
  const part = pane.get(predictedPart);
  const cells = part === undefined ? [] : cellsOf(part);
  if (part === undefined || cells.length === 0) return null;
  return {
    cells,
    counts: cells.map((cell) => part.at(all + cell)),
    positives: cells.map((cell) => part.at(positive + cell)),
    weightSquares: part.at(squaresAt),
  };
}

/** Predictions with scores by class, by cell of the greatest; null where there are none. */
export function confidentPredictions(
  pane: PerformancePane,
): Pick<ScoredPredictions, "cells" | "counts" | "weightSquares"> | null {
  const part = pane.get(predictedPart);
  const found = part?.entries().filter(([key]) => key >= confident && key < values) ?? [];
  if (part === undefined || found.length === 0) return null;
  return {
    cells: found.map(([key]) => key - confident),
    counts: found.map(([, weight]) => weight),
    weightSquares: part.at(squaresAt),
  };
}

function cellsOf(part: SumTable): number[] {
  return part
    .entries()
    .filter(([key]) => key >= all && key < positive)
    .map(([key]) => key - all);
}

/** What a pane has of pairs. */
export function pairsOnly(pane: PerformancePane): PerformancePane {
  return new Map([...pane].filter(([name, part]) => name !== predictedPart && !part.isZero));
}

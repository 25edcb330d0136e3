// What labels cost, as losses from 0 to 1: errors of decisions, Brier scores, and absolute errors in units of the largest that are
// usual. Of a pane their sums, of a reference their law: what a detector of worse predictions compares.
import { upperBound } from "../primitive/bucket.ts";
import { scoreLimits } from "../primitive/score-cell.ts";
import type { BoundedLaw } from "../stats/bounded-law.ts";
import { kishSize } from "../stats/performance/kish.ts";
import type { LossSums } from "../stats/performance-detector.ts";
import { cellCounts, decisionsOf, scoreSquares } from "./binary.ts";
import { confusionOf } from "./classes.ts";
import { errorBuckets } from "./errors.ts";
import type { PairSettings } from "./labelled-pair.ts";
import { allErrors } from "./pairs.ts";
import type { PerformancePane } from "./pane.ts";
import { decisionsPart, scoresPart } from "./part-names.ts";

/** Losses by how often they came. */
interface Losses {
  /** From 0 to 1, of cells the greatest that may be in it. */
  readonly values: readonly number[];
  readonly weights: readonly number[];
  /** Sum of the squares of the weights of all labels. */
  readonly weightSquares: number;
}

/** A loss that can be watched. @returns null where a pane has no labels of it */
export interface Loss {
  readonly name: "error" | "brier" | "absolute_error";
  readonly of: (pane: PerformancePane) => Losses | null;
  readonly law: BoundedLaw;
}

/** Absolute errors are taken up to this quantile of the reference's: beyond it they are all alike. */
const usualShare = 0.99;

/** The losses that a reference knows: none of which it has no labels. */
export function lossesOf(reference: PerformancePane, settings: PairSettings): Loss[] {
  const scale = errorScale(reference, settings);
  const decides = decidesSometimes(reference, settings);
  const all = [
    { name: "error", of: (pane: PerformancePane) => (decides ? decisionErrors(pane, settings) : null) },
    { name: "brier", of: (pane: PerformancePane) => brierScores(pane, settings) },
    { name: "absolute_error", of: (pane: PerformancePane) => absoluteErrors(pane, settings, scale) },
  ] as const;
  return all.flatMap(({ name, of }) => {
    const known = of(reference);
    return known === null ? [] : [{ name, of, law: lawOf(known) }];
  });
}

function lawOf({ values, weights, weightSquares }: Losses): BoundedLaw {
  const size = kishSize(sum(weights), weightSquares);
  return { values: Float64Array.from(values), weights: Float64Array.from(weights), size };
}

/** The sums of a pane's losses, of labels that are worth as many. */
export function lossSums({ values, weights, weightSquares }: Losses): LossSums {
  const all = sum(weights);
  const size = kishSize(all, weightSquares);
  const scale = all > 0 ? size / all : 0;
  const power = (exponent: number): number =>
    scale * weights.reduce((total, weight, at) => total + weight * (values[at] as number) ** exponent, 0);
  return { size, sum: power(1), squares: power(2) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** Of two classes or of several, whichever a pane has. */
function decisionErrors(pane: PerformancePane, settings: PairSettings): Losses | null {
  const part = pane.get(decisionsPart(settings));
  if (part !== undefined) {
    const { truePositives, trueNegatives, falsePositives, falseNegatives, weightSquares } = decisionsOf(part);
    return { values: [0, 1], weights: [truePositives + trueNegatives, falsePositives + falseNegatives], weightSquares };
  }
  const { classes, confusion } = confusionOf(pane);
  if (classes.length === 0) return null;
  const counts = Array.from(confusion.counts);
  const right = sum(classes.map((_, at) => counts[at * classes.length + at] as number));
  return { values: [0, 1], weights: [right, sum(counts) - right], weightSquares: confusion.weightSquares };
}

/**
 * Whether both decisions come. A score that never reaches the threshold is for ranking: the "errors" are all positives then, and their
 * rate says how many there are, not how well they are told from others.
 */
function decidesSometimes(reference: PerformancePane, settings: PairSettings): boolean {
  const part = reference.get(decisionsPart(settings));
  if (part === undefined || !reference.has(scoresPart(settings))) return true;
  const { truePositives, trueNegatives, falsePositives, falseNegatives } = decisionsOf(part);
  return truePositives + falsePositives > 0 && trueNegatives + falseNegatives > 0;
}

/** By cell of the score: the loss of a label of one class is least at one end of it, and that of the other at the other. */
function brierScores(pane: PerformancePane, settings: PairSettings): Losses | null {
  const part = pane.get(scoresPart(settings));
  if (part === undefined) return null;
  const { cells, positives, negatives } = cellCounts(part);
  const ofPositives = cells.map((cell) => (1 - (scoreLimits[cell] as number)) ** 2);
  const ofNegatives = cells.map((cell) => (scoreLimits[cell + 1] as number) ** 2);
  return {
    values: [...ofPositives, ...ofNegatives],
    weights: [...positives, ...negatives],
    weightSquares: scoreSquares(part),
  };
}

/** @param scale the absolute error that counts as 1, as do all that are greater */
function absoluteErrors(pane: PerformancePane, settings: PairSettings, scale: number): Losses | null {
  const part = allErrors(pane, settings);
  if (part === null || !(scale > 0)) return null;
  const { buckets, weights, weightSquares } = errorBuckets(part);
  return { values: buckets.map((bucket) => Math.min(1, upperBound(bucket) / scale)), weights, weightSquares };
}

/** NaN where the reference has no errors that are not 0. */
function errorScale(reference: PerformancePane, settings: PairSettings): number {
  const part = allErrors(reference, settings);
  if (part === null) return Number.NaN;
  const { buckets, weights } = errorBuckets(part);
  let left = usualShare * sum(weights);
  for (const [at, bucket] of buckets.entries()) {
    left -= weights[at] as number;
    if (left <= 0) return upperBound(bucket);
  }
  return Number.NaN;
}

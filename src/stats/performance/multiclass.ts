// Metrics of a classifier of several classes, from its confusion matrix.
import { total } from "../sample.ts";
import { type Estimate, withoutInterval } from "./estimate.ts";
import { kishSize, kishWorth } from "./kish.ts";
import { meanOfProportions, proportion } from "./proportion.ts";

/** Weighted numbers of predictions with a label. Sums: matrices of the same classes add. */
export interface Confusion {
  /** K rows of K numbers, one after the other: a row a label, in it a column a prediction. */
  readonly counts: ArrayLike<number>;
  /** Sum of the squares of all weights. */
  readonly weightSquares: number;
}

/** How metrics of single classes become one: `macro` counts classes the same, `weighted` by their number of labels. */
export type Averaging = "macro" | "weighted";

/** What a matrix says about one class against all others. */
interface OneClass {
  readonly hits: number;
  readonly labels: number;
  readonly predictions: number;
}

function classesOf({ counts }: Confusion): OneClass[] {
  const size = Math.sqrt(counts.length);
  const cell = (row: number, column: number): number => counts[row * size + column] as number;
  return Array.from({ length: size }, (_, own) => {
    let [labels, predictions] = [0, 0];
    for (let other = 0; other < size; other++) {
      labels += cell(own, other);
      predictions += cell(other, own);
    }
    return { hits: cell(own, own), labels, predictions };
  });
}

/** Share of predictions that are right: 0 to 1, NaN without labels. Wilson's interval. */
export function multiclassAccuracy(confusion: Confusion): Estimate {
  const all = total(confusion.counts);
  const hits = classesOf(confusion).reduce((sum, one) => sum + one.hits, 0);
  return proportion(hits, all, kishWorth(all, confusion.weightSquares));
}

/**
 * Mean recall of the classes that have labels: 0 to 1, 1 / K for guessing, NaN without labels. The interval is made of theirs
 * (`meanOfProportions`).
 */
export function multiclassBalancedAccuracy(confusion: Confusion): Estimate {
  const worth = kishWorth(total(confusion.counts), confusion.weightSquares);
  const present = classesOf(confusion).filter(({ labels }) => labels > 0);
  return meanOfProportions(present.map(({ hits, labels }) => proportion(hits, labels, worth)));
}

/** Precision averaged over classes, 0 for a class that is never predicted: 0 to 1, NaN without labels. No interval. */
export function averagedPrecision(confusion: Confusion, averaging: Averaging): Estimate {
  return averaged(confusion, averaging, ({ hits, predictions }) => [hits, predictions]);
}

/** Recall averaged over classes, 0 for a class without labels; weighted it is the accuracy: 0 to 1, NaN without labels. No interval. */
export function averagedRecall(confusion: Confusion, averaging: Averaging): Estimate {
  return averaged(confusion, averaging, ({ hits, labels }) => [hits, labels]);
}

/**
 * F1 of each class against the others, averaged, 0 for a class with neither label nor prediction: 0 to 1, NaN without labels. No
 * interval.
 */
export function averagedF1(confusion: Confusion, averaging: Averaging): Estimate {
  return averaged(confusion, averaging, ({ hits, labels, predictions }) => [2 * hits, labels + predictions]);
}

function averaged(
  confusion: Confusion,
  averaging: Averaging,
  ratio: (one: OneClass) => readonly [part: number, whole: number],
): Estimate {
  let [sum, weights] = [0, 0];
  const all = total(confusion.counts);
  for (const one of classesOf(confusion)) {
    const weight = averaging === "macro" ? 1 : one.labels;
    const [part, whole] = ratio(one);
    if (whole > 0) sum += (weight * part) / whole;
    weights += weight;
  }
  return withoutInterval(all > 0 ? sum / weights : Number.NaN, kishSize(all, confusion.weightSquares));
}

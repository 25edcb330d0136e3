// Metrics of a binary classifier's decisions, from the four counts at its threshold.
import type { Estimate } from "./estimate.ts";
import { kishWorth } from "./kish.ts";
import { meanOfProportions, proportion } from "./proportion.ts";

/** Weighted numbers of predictions with a label, by prediction and label. Sums: they add over disjoint events. */
export interface BinaryCounts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
  /** Sum of the squares of all weights: the number of events where each weighs 1. */
  readonly weightSquares: number;
}

/** Weighted number of all predictions with a label. */
export function labelled(counts: BinaryCounts): number {
  return counts.truePositives + counts.falsePositives + counts.trueNegatives + counts.falseNegatives;
}

const worth = (counts: BinaryCounts): number => kishWorth(labelled(counts), counts.weightSquares);

/** Share of predictions that are right, (tp + tn) / n: 0 to 1, NaN without labels. Wilson's interval. */
export function accuracy(counts: BinaryCounts): Estimate {
  return proportion(counts.truePositives + counts.trueNegatives, labelled(counts), worth(counts));
}

/** Share of positive predictions that are right, tp / (tp + fp): 0 to 1, NaN without positive predictions. Wilson's interval. */
export function precision(counts: BinaryCounts): Estimate {
  return proportion(counts.truePositives, counts.truePositives + counts.falsePositives, worth(counts));
}

/** Share of positive labels that are predicted, tp / (tp + fn): 0 to 1, NaN without positive labels. Wilson's interval. */
export function recall(counts: BinaryCounts): Estimate {
  return proportion(counts.truePositives, counts.truePositives + counts.falseNegatives, worth(counts));
}

/** Share of negative labels that are predicted positive, fp / (fp + tn): 0 to 1, NaN without negative labels. Wilson's interval. */
export function falsePositiveRate(counts: BinaryCounts): Estimate {
  return proportion(counts.falsePositives, counts.falsePositives + counts.trueNegatives, worth(counts));
}

/** Share of negative labels that are predicted so, tn / (fp + tn): 0 to 1, NaN without negative labels. Wilson's interval. */
export function specificity(counts: BinaryCounts): Estimate {
  return proportion(counts.trueNegatives, counts.falsePositives + counts.trueNegatives, worth(counts));
}

/**
 * Mean of recall and specificity: 0 to 1, 0.5 for guessing; NaN where a class has no labels. The interval is made of theirs
 * (`meanOfProportions`), as labels of the two classes are independent.
 */
export function balancedAccuracy(counts: BinaryCounts): Estimate {
  return meanOfProportions([recall(counts), specificity(counts)]);
}

/**
 * Harmonic mean of precision and recall, 2 tp / (2 tp + fp + fn): 0 to 1, NaN where there is no positive label or prediction.
 *
 * It is 2 J / (1 + J) of J = tp / (tp + fp + fn), which is a proportion of the events that are positive in either way; so
 * Wilson's limits of J, carried over by this increasing function, are the interval.
 * Source: C. J. van Rijsbergen 1979, "Information Retrieval", chapter 7 (F measure); P. Jaccard 1901 (J).
 */
export function f1(counts: BinaryCounts): Estimate {
  const either = counts.truePositives + counts.falsePositives + counts.falseNegatives;
  const overlap = proportion(counts.truePositives, either, worth(counts));
  const carried = (share: number): number => (2 * share) / (1 + share);
  const [lower, upper] = [carried(overlap.lower), carried(overlap.upper)];
  return { value: (2 * counts.truePositives) / (counts.truePositives + either), lower, upper, samples: overlap.samples };
}

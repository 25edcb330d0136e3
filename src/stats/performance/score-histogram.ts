// Labelled predictions by bin of their score: what ranking metrics, calibration maps and estimates without labels need.
import { total } from "../sample.ts";
import { kishSize, kishWorth } from "./kish.ts";

/** Weighted numbers by bin, bins in ascending order of the score. Sums: histograms over the same bins add. */
export interface ScoreHistogram {
  readonly positives: ArrayLike<number>;
  readonly negatives: ArrayLike<number>;
  /** Sums of the scores, times weight, by label. */
  readonly positiveScores: ArrayLike<number>;
  readonly negativeScores: ArrayLike<number>;
  /** Sums of the squares of weights, by label. */
  readonly positiveWeightSquares: number;
  readonly negativeWeightSquares: number;
}

/** Effective numbers of positive and of negative labels. */
export function classSizes(histogram: ScoreHistogram): { readonly positives: number; readonly negatives: number } {
  return {
    positives: kishSize(total(histogram.positives), histogram.positiveWeightSquares),
    negatives: kishSize(total(histogram.negatives), histogram.negativeWeightSquares),
  };
}

/** The weights that stand for one independent positive and one negative; 1 where each weighs 1. */
export function weightsOfOne(histogram: ScoreHistogram): { readonly positive: number; readonly negative: number } {
  return {
    positive: 1 / kishWorth(total(histogram.positives), histogram.positiveWeightSquares),
    negative: 1 / kishWorth(total(histogram.negatives), histogram.negativeWeightSquares),
  };
}

/**
 * By bin, the probability that of its positives and negatives, one each, the positive has the higher score: 0 to 1.
 *
 * Where both densities are straight lines across the bin it is 1/2 + (difference of mean scores) / width, whatever their slopes. Of
 * one positive and one negative the order is known. Scores that are all equal, and a bin without end, give 1/2.
 * @param limits of the bins, one more than bins: least score, edges, greatest score; the outer ones may be infinite
 */
export function orderInBins(histogram: ScoreHistogram, limits: ArrayLike<number>): Float64Array {
  const one = weightsOfOne(histogram);
  return Float64Array.from(histogram.positives, (positives, bin) => {
    const negatives = histogram.negatives[bin] as number;
    const width = (limits[bin + 1] as number) - (limits[bin] as number);
    if (positives === 0 || negatives === 0 || !(width > 0)) return 0.5;
    const gap = (histogram.positiveScores[bin] as number) / positives - (histogram.negativeScores[bin] as number) / negatives;
    if (positives === one.positive && negatives === one.negative) return 0.5 + Math.sign(gap) / 2;
    return Math.min(1, Math.max(0, 0.5 + gap / width));
  });
}

// Whether scores are the probabilities that they claim to be: calibration errors, from counts in bins of equal width.
import { total } from "../sample.ts";
import { type Estimate, withoutInterval } from "./estimate.ts";
import { kishSize, kishWorth } from "./kish.ts";

/** How many bins of equal width the calibration error takes, as it is usual since Guo et al. 2017. */
export const calibrationBins = 15;

/** The bin of a score from 0 to 1: floor(15 s), and 1 in the last. */
export function calibrationBin(score: number): number {
  return Math.min(calibrationBins - 1, Math.floor(calibrationBins * score));
}

/** Sums by bin of labelled predictions; of a multiclass model the score is the highest and the label whether it was right. */
export interface CalibrationSums {
  /** Sum of weights. */
  readonly counts: ArrayLike<number>;
  /** Sum of w s, s the score. */
  readonly scores: ArrayLike<number>;
  /** Sum of w y, y the label, 0 or 1. */
  readonly labels: ArrayLike<number>;
  /** Sum of w^2 over all. */
  readonly weightSquares: number;
  /** Sum of w^2 s (1 - s) over all: the variance of the sum of labels if scores are right. */
  readonly scoreVariance: number;
}

/**
 * Expected calibration error: mean over events of |mean score - share of positives| in their bin; 0 to 1, NaN without labels.
 *
 * It is above 0 also for perfect scores, by about sqrt(2 / pi) E sqrt(s (1 - s)) sqrt(bins / n): to be compared at equal n only.
 * Source: M. P. Naeini, G. F. Cooper and M. Hauskrecht 2015; C. Guo et al. 2017.
 */
export function calibrationError(sums: CalibrationSums): Estimate {
  let error = 0;
  for (let bin = 0; bin < sums.counts.length; bin++) {
    error += Math.abs((sums.scores[bin] as number) - (sums.labels[bin] as number));
  }
  return withoutInterval(error / total(sums.counts), effectiveLabels(sums));
}

/**
 * The mean over events of (mean score - share of positives)^2 in their bin, less what chance adds to it: 0 on average for perfect
 * scores at any number of labels, so it may be negative. Up to 1; NaN where no bin has two (effective) labels; bins with fewer
 * are left out.
 * Source: A. Kumar, P. Liang and T. Ma 2019, "Verified Uncertainty Calibration".
 */
export function debiasedSquaredCalibrationError(sums: CalibrationSums): Estimate {
  const worth = kishWorth(total(sums.counts), sums.weightSquares);
  let [error, counted] = [0, 0];
  for (let bin = 0; bin < sums.counts.length; bin++) {
    const count = sums.counts[bin] as number;
    if (!(count * worth > 1)) continue;
    const positive = (sums.labels[bin] as number) / count;
    const gap = (sums.scores[bin] as number) / count - positive;
    error += count * (gap * gap - (positive * (1 - positive)) / (count * worth - 1));
    counted += count;
  }
  return withoutInterval(error / counted, counted > 0 ? counted * worth : 0);
}

/**
 * Calibration in the large: (sum y - sum s) / sqrt(sum s (1 - s)), standard normal if scores are right and events independent; above 0
 * where more happens than was foretold. NaN where all scores are 0 or 1.
 * Source: D. J. Spiegelhalter 1986, "Probabilistic prediction in patient management"; D. R. Cox 1958.
 */
export function calibrationInTheLarge(sums: CalibrationSums): number {
  return sums.scoreVariance > 0 ? (total(sums.labels) - total(sums.scores)) / Math.sqrt(sums.scoreVariance) : Number.NaN;
}

/** Mean of the scores; NaN without labels. */
export function meanScore(sums: CalibrationSums): number {
  return total(sums.scores) / total(sums.counts);
}

/** Share of positive labels; NaN without labels. */
export function meanLabel(sums: CalibrationSums): number {
  return total(sums.labels) / total(sums.counts);
}

function effectiveLabels(sums: CalibrationSums): number {
  return kishSize(total(sums.counts), sums.weightSquares);
}

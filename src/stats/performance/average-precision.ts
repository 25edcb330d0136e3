// Area under the curve of precision against recall, from counts by bin of the score.
import { total } from "../sample.ts";
import { type Estimate, logitInterval, withoutInterval } from "./estimate.ts";
import { leastOfRarerClass } from "./roc-auc.ts";
import { classSizes, orderInBin, type ScoreHistogram, weightOfOne } from "./score-histogram.ts";

/**
 * Average precision, the mean over positives of the precision down to them, bins from high to low scores: 0 to 1; the share of
 * positives for guessing, so it is to be compared only where that is the same.
 *
 * The positives of a bin count with the precision in its midst, with as many negatives above as its mean scores tell
 * (`orderInBin`). NaN without positive labels. The interval is Boyd's logit one, with standard error sqrt(AP (1 - AP) / positives);
 * none with fewer than 50 of the rarer class.
 * @param limits of the bins, see `orderInBin`
 * Source: K. Boyd, K. H. Eng and C. D. Page 2013, "Area under the Precision-Recall Curve: Point Estimates and Confidence Intervals".
 */
export function averagePrecision(histogram: ScoreHistogram, limits: ArrayLike<number>): Estimate {
  const { positives, negatives } = classSizes(histogram);
  const value = area(histogram, limits);
  if (Math.min(positives, negatives) < leastOfRarerClass) return withoutInterval(value, positives + negatives);
  return logitInterval(value, Math.sqrt((value * (1 - value)) / positives), positives + negatives);
}

function area(histogram: ScoreHistogram, limits: ArrayLike<number>): number {
  const one = weightOfOne(histogram);
  let [truePositives, falsePositives, sum] = [0, 0, 0];
  for (let bin = histogram.positives.length - 1; bin >= 0; bin--) {
    const [positives, negatives] = [histogram.positives[bin] as number, histogram.negatives[bin] as number];
    if (positives !== 0) {
      // The middle one of n positives is the (n + 1) / 2-th.
      const found = truePositives + (positives + Math.min(one, positives)) / 2;
      const wrong = falsePositives + negatives * (1 - orderInBin(histogram, limits, bin));
      sum += (positives * found) / (found + wrong);
    }
    truePositives += positives;
    falsePositives += negatives;
  }
  return sum / total(histogram.positives);
}

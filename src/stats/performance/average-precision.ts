// Area under the curve of precision against recall, from counts by bin of the score.
import { total } from "../sample.ts";
import { type Estimate, logitInterval, withoutInterval } from "./estimate.ts";
import { leastOfRarerClass } from "./roc-auc.ts";
import { classSizes, orderInBins, type ScoreHistogram, weightsOfOne } from "./score-histogram.ts";

/**
 * Average precision, the mean over positives of the precision down to them, bins from high to low scores: 0 to 1; the share of
 * positives for guessing, so it is to be compared only where that is the same.
 *
 * The positives of a bin count with the precision in its midst, with as many negatives above as its mean scores tell
 * (`orderInBins`). NaN without positive labels. The interval is on the scale of the logit; none with fewer than 50 of the rarer
 * class.
 * @param limits of the bins, see `orderInBins`
 * Source: K. Boyd, K. H. Eng and C. D. Page 2013, "Area under the Precision-Recall Curve: Point Estimates and Confidence Intervals"
 * (estimate and logit).
 */
export function averagePrecision(histogram: ScoreHistogram, limits: ArrayLike<number>): Estimate {
  const { positives, negatives } = classSizes(histogram);
  const found = curve(histogram, limits);
  const all = total(histogram.positives);
  const value = weighted(histogram.positives, (bin) => precisionAt(found, bin)) / all;
  if (Math.min(positives, negatives) < leastOfRarerClass) return withoutInterval(value, positives + negatives);
  return logitInterval(value, standardError(histogram, found, value), positives + negatives);
}

/** Weighted numbers of positives and negatives that lie above the midst of each bin. */
interface Curve {
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
}

function curve(histogram: ScoreHistogram, limits: ArrayLike<number>): Curve {
  const one = weightsOfOne(histogram).positive;
  const order = orderInBins(histogram, limits);
  const bins = histogram.positives.length;
  const above = { positives: new Float64Array(bins), negatives: new Float64Array(bins) };
  let [truePositives, falsePositives] = [0, 0];
  for (let bin = bins - 1; bin >= 0; bin--) {
    const [positives, negatives] = [histogram.positives[bin] as number, histogram.negatives[bin] as number];
    // The middle one of n positives is the (n + 1) / 2-th.
    above.positives[bin] = truePositives + (positives + Math.min(one, positives)) / 2;
    above.negatives[bin] = falsePositives + negatives * (1 - (order[bin] as number));
    truePositives += positives;
    falsePositives += negatives;
  }
  return above;
}

function precisionAt({ positives, negatives }: Curve, bin: number): number {
  return (positives[bin] as number) / ((positives[bin] as number) + (negatives[bin] as number));
}

/**
 * From the influence of each event on the average precision: a positive adds its own precision, and raises that of all positives
 * below it; a negative lowers these. With a and b the positives and negatives above a place, precision changes by b / (a + b)^2
 * for one more positive and by -a / (a + b)^2 for one more negative. (Boyd's binomial sqrt(AP (1 - AP) / positives) knows nothing of the
 * curve: it held from 93.2 to 98.7 %.)
 *
 * Where few positives carry the variance it is known badly, and from below as a rule: theirs is taken as greater by the reciprocal
 * of how many carry it, (sum of squares)^2 / sum of fourth powers.
 * Source: F. R. Hampel 1974, "The Influence Curve and its Role in Robust Estimation".
 */
function standardError(histogram: ScoreHistogram, above: Curve, value: number): number {
  const bins = histogram.positives.length;
  const one = weightsOfOne(histogram);
  let [raised, lowered, ofPositives, fourths, ofNegatives] = [0, 0, 0, 0, 0];
  for (let bin = 0; bin < bins; bin++) {
    const [positives, negatives] = [histogram.positives[bin] as number, histogram.negatives[bin] as number];
    const [a, b] = [above.positives[bin] as number, above.negatives[bin] as number];
    const density = positives === 0 ? 0 : positives / (a + b) ** 2;
    const square = positives === 0 ? 0 : (a / (a + b) - value + raised + (density * b) / 2) ** 2;
    ofPositives += positives * square;
    fourths += positives * square ** 2;
    ofNegatives += negatives * (lowered + (density * a) / 2) ** 2;
    raised += density * b;
    lowered += density * a;
  }
  const carriers = ofPositives ** 2 / fourths / one.positive;
  const cautious = ofPositives > 0 ? ofPositives * (1 + 1 / carriers) : 0;
  return Math.sqrt(cautious * one.positive + ofNegatives * one.negative) / total(histogram.positives);
}

function weighted(counts: ArrayLike<number>, value: (bin: number) => number): number {
  let sum = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    const count = counts[bin] as number;
    if (count !== 0) sum += count * value(bin);
  }
  return sum;
}

// The mean loss of a regression before labels are there: what the reference lost in each bin, in the present mix of bins.
import { total } from "../sample.ts";
import { type Estimate, normalInterval, withoutInterval } from "./estimate.ts";
import { type Moments, variance } from "./moments.ts";

/** The present mix may have so much of its weight in bins of which the reference knows no loss; with more there is no estimate. */
const mostUnknown = 0.01;
/** The normal law of a bin's mean loss needs so many labelled reference rows in each bin that is used. */
const leastOfBin = 30;

/**
 * Sum over bins of (share of the window's predictions) x (mean loss of the reference's): in the unit of the loss.
 *
 * Bins are of the prediction or of one feature that tells easy and hard cases apart. The interval says how well the reference
 * knows its losses, se^2 = sum of share^2 variance / n; it holds for the expected loss of this mix of bins, not for the loss that labels
 * of few predictions will show. None where a bin in use has fewer than 30 reference rows. NaN without predictions, and where
 * more than 1 % of them lie in bins without reference rows.
 * @param reference moments of the loss by bin
 * @param counts weighted number of the window's predictions by bin
 * @returns samples: labelled reference rows in bins that are in use
 * Source: post-stratification, W. G. Cochran 1977, "Sampling Techniques", 5A.9; the idea: NannyML, "Direct Loss Estimation".
 */
export function estimatedLoss(reference: readonly Moments[], counts: ArrayLike<number>): Estimate {
  let [sum, squaredError, samples, known, least] = [0, 0, 0, 0, Number.POSITIVE_INFINITY];
  reference.forEach((moments, bin) => {
    const count = counts[bin] as number;
    if (count === 0 || moments.count === 0) return;
    const effective = moments.count ** 2 / moments.weightSquares;
    known += count;
    samples += effective;
    least = Math.min(least, effective);
    sum += (count * moments.sum) / moments.count;
    squaredError += (count ** 2 * variance(moments)) / effective;
  });
  if (!(known >= (1 - mostUnknown) * total(counts)) || known === 0) return withoutInterval(Number.NaN, samples);
  if (least < leastOfBin) return withoutInterval(sum / known, samples);
  return normalInterval(sum / known, Math.sqrt(squaredError) / known, samples);
}

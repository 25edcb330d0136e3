// Pearson's X^2 of homogeneity: do reference and window come from one distribution?
import { effectiveSize, type Sample, total } from "./sample.ts";

/**
 * Pearson's X^2 on the table of two rows (reference, window) and B bins: sum of (q - p)^2 / (p / m + q / n), which is the
 * usual sum of (observed - expected)^2 / expected. Bins without a count in either row fall away.
 *
 * - range: 0 and up, without drift about `chiSquareDegrees`; it grows with the sample size: a test, not a size of effect;
 * - look at its p-value for "is there any difference at all?"; it sees changes of spread and single bins that a test of
 *   the order does not;
 * - p-value (`chiSquareSurvival`): how often bins without drift differ so much by chance, if values are independent; of 1
 *   to 5 values a bin it is right to a tenth;
 * - source: K. Pearson 1900; two samples: R. A. Fisher 1922.
 * @param bins how many of the first bins take part: a category leaves out its last one, `unseen`
 * @returns NaN where a sample is empty
 */
export function pearson(reference: Sample, window: Sample, bins: number = reference.counts.length): number {
  const referenceTotal = total(reference.counts, bins);
  const windowTotal = total(window.counts, bins);
  const referenceSize = effectiveSize(reference, bins);
  const windowSize = effectiveSize(window, bins);
  if (!(referenceSize > 0 && windowSize > 0)) return Number.NaN;
  let sum = 0;
  for (let bin = 0; bin < bins; bin++) {
    const ofReference = reference.counts[bin] as number;
    const ofWindow = window.counts[bin] as number;
    if (ofReference + ofWindow === 0) continue;
    // Crosswise first: of whole counts the difference is then exact.
    const difference = (ofWindow * referenceTotal - ofReference * windowTotal) / (windowTotal * referenceTotal);
    const p = ofReference / referenceTotal;
    const q = ofWindow / windowTotal;
    sum += (difference * difference) / (p / windowSize + q / referenceSize);
  }
  return sum;
}

/** Degrees of freedom of X^2: bins with a count in either sample, less one. */
export function chiSquareDegrees(reference: Sample, window: Sample, bins: number = reference.counts.length): number {
  let filled = 0;
  for (let bin = 0; bin < bins; bin++) {
    if ((reference.counts[bin] as number) + (window.counts[bin] as number) !== 0) filled += 1;
  }
  return filled - 1;
}

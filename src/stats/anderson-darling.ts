// The two-sample Anderson-Darling statistic, from ordered bins: values of a bin count as equal (midranks).
import { effectiveSize, type Sample, worthOfCount } from "./sample.ts";

/**
 * Two-sample Anderson-Darling statistic A^2 = sum over bins of h (F_q - F_p)^2 / (H (1 - H) - h / 4) / s, less one part in
 * N, with F_p, F_q and H the cumulated shares of the reference, the window and both together at the middle of the bin (half
 * of the bin counts as below), h the bin's share of both, s = 1/n + 1/m, and N = n + m.
 *
 * - range: 0 and up, about 1 without drift; it grows with the sample size: a test, not a size of effect;
 * - look at it for numbers: it uses the order of the bins, and so sees shifts far sooner than X^2; single bins later;
 * - p-value: `anderson-darling-law.ts`;
 * - source: F. W. Scholz and M. A. Stephens 1987, "K-Sample Anderson-Darling Tests", equation 7 (its A^2_akN for k = 2).
 * @returns NaN where a sample is empty
 */
export function andersonDarling(reference: Sample, window: Sample): number {
  const n = effectiveSize(reference);
  const m = effectiveSize(window);
  if (!(n > 0 && m > 0)) return Number.NaN;
  const referenceWorth = worthOfCount(reference) / n;
  const windowWorth = worthOfCount(window) / m;
  let referenceBelow = 0;
  let windowBelow = 0;
  let sum = 0;
  for (let bin = 0; bin < reference.counts.length; bin++) {
    const p = (reference.counts[bin] as number) * referenceWorth;
    const q = (window.counts[bin] as number) * windowWorth;
    const both = (n * p + m * q) / (n + m);
    const middle = (n * (referenceBelow + p / 2) + m * (windowBelow + q / 2)) / (n + m);
    const spread = middle * (1 - middle) - both / 4;
    const difference = windowBelow + q / 2 - referenceBelow - p / 2;
    // The first bins may be empty, and one bin may hold everything: nothing can differ there.
    if (both > 0 && both < 1) sum += (both * difference * difference) / spread;
    referenceBelow += p;
    windowBelow += q;
  }
  return ((1 - 1 / (n + m)) * sum) / (1 / n + 1 / m);
}

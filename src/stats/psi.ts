// The population stability index, as measured and less what chance alone adds.
import { effectiveSize, type Sample, worthOfCount } from "./sample.ts";
import { jeffreysProportion } from "./smoothing.ts";

/**
 * Population stability index: sum of (q - p) ln(q / p), with p and q the reference's and the window's proportions by
 * Jeffreys' rule.
 *
 * - range: 0 and up; without drift about (B - 1)(1/n + 1/m) on average, B bins, n and m values: it has no fixed threshold;
 * - look at it because everyone knows it; across samples of unequal sizes `psiAdjusted` compares better;
 * - p-value: under no drift PSI / (1/n + 1/m) is chi-square with B - 1 degrees of freedom; see `min-effect.ts`;
 * - source: S. Kullback and R. A. Leibler 1951 (their J divergence); its law: B. Yurdakul 2018, "Statistical Properties of
 *   Population Stability Index", Western Michigan University, dissertation 3208.
 * @param bins how many of the first bins take part: a category leaves out its last one, `unseen`
 * @returns NaN where a sample is empty
 */
export function psi(reference: Sample, window: Sample, bins: number = reference.counts.length): number {
  const referenceWorth = worthOfCount(reference);
  const windowWorth = worthOfCount(window);
  const referenceSize = effectiveSize(reference, bins);
  const windowSize = effectiveSize(window, bins);
  if (!(referenceSize > 0 && windowSize > 0)) return Number.NaN;
  let sum = 0;
  for (let bin = 0; bin < bins; bin++) {
    const p = jeffreysProportion((reference.counts[bin] as number) * referenceWorth, referenceSize, bins);
    const q = jeffreysProportion((window.counts[bin] as number) * windowWorth, windowSize, bins);
    sum += (q - p) * Math.log(q / p);
  }
  return sum;
}

/**
 * The index less its average without drift: max(0, PSI - (B - 1) s), s = 1/n + 1/m.
 *
 * - range: 0 and up; about the same for any sample size, so the one to compare and to plot;
 * - source: the mean of the chi-square law of the PSI, Yurdakul 2018.
 * @param scale s, see `samplingScale`
 */
export function psiAdjusted(index: number, bins: number, scale: number): number {
  return Math.max(0, index - (bins - 1) * scale);
}

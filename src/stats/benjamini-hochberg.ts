// How many of several tests are taken for discoveries, so that few of these are false.

/**
 * The number of hypotheses that the step-up procedure of Benjamini and Hochberg rejects: the greatest k such that the k
 * smallest p-values are all at most k q / n.
 *
 * - look at it to see how many features drift: of those that it names the expected share of false ones is at most q;
 * - it promises nothing over time: a page that is looked at every minute names some feature sooner or later, so it is for
 *   boards, and not for alarms;
 * - source: Benjamini, Hochberg 1995, "Controlling the False Discovery Rate", JRSS B 57. Valid for independent tests and for those
 *   that depend positively (Benjamini, Yekutieli 2001).
 * @param pValues in any order; NaN: not known, left out
 * @param q the accepted share of false discoveries, in (0, 1)
 */
export function discoveries(pValues: readonly number[], q: number): number {
  const sorted = pValues.filter((p) => !Number.isNaN(p)).sort((a, b) => a - b);
  let count = 0;
  for (const [index, p] of sorted.entries()) if (p <= ((index + 1) * q) / sorted.length) count = index + 1;
  return count;
}

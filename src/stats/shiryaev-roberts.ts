// Evidence for a change that is gathered from pane to pane, whenever the change came: the recursion of Shiryaev and Roberts for
// e-values, on the log scale.

/**
 * Evidence is not counted above e^50, far beyond any threshold: a drift that lasted for months would otherwise take months to be
 * forgotten when it is over. Less evidence alarms later, so the guarantee stays.
 */
export const mostLogEvidence = 50;

/**
 * The evidence after one more pane, M = L (1 + M before), or L (K + M before) after K panes together: the sum, over all panes at which a change may have come, of the
 * products of the e-values since.
 *
 * - e-value: L >= 0 of the newest pane, whose expectation is at most 1 without a change, whatever the panes before were;
 * - alarm: where M >= A, on average at least A panes pass before a false alarm. Nothing is asymptotic, and the mean of several
 *   M has the same guarantee;
 * - a pane may be left out if that is decided before it is seen, or if it is empty: that makes M smaller;
 * - source: J. Shin, A. Ramdas, A. Rinaldo 2022, "E-detectors: a nonparametric framework for sequential change detection",
 *   arXiv 2203.03532.
 * @param logBefore ln M of the pane before; -Infinity at the start
 * @param logValue ln L
 * @param logPanes ln K; panes that are taken together count as so many, so that M still grows by at most one a pane on average
 */
export function shiryaevRoberts(logBefore: number, logValue: number, logPanes = 0): number {
  return Math.min(mostLogEvidence, logValue + logPanes + logOnePlus(logBefore - logPanes));
}

/** ln(1 + e^x), without overflow. */
function logOnePlus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

/** ln of the mean of some M, each given as ln M. -Infinity where all are 0. */
export function logMean(logs: Float64Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < logs.length; at++) most = Math.max(most, logs[at] as number);
  if (most === Number.NEGATIVE_INFINITY) return most;
  let sum = 0;
  for (let at = 0; at < logs.length; at++) sum += Math.exp((logs[at] as number) - most);
  return most + Math.log(sum / logs.length);
}

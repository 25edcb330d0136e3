// What one request's ranked list is worth; the mean over requests is the metric (`moments.ts`).
//
// A request is one observation, however many items it shows: items of one list are not independent. Lists are in the order they
// were shown. What was shown first is also clicked first, so these compare versions only where their traffic is alike.

/**
 * Click-through rate of one request: clicks by items shown, 0 to 1; NaN for an empty list.
 * @param gains by rank, above 0 where the item was clicked
 */
export function clickThroughRate(gains: ArrayLike<number>): number {
  let clicks = 0;
  for (let rank = 0; rank < gains.length; rank++) if ((gains[rank] as number) > 0) clicks += 1;
  return gains.length === 0 ? Number.NaN : clicks / gains.length;
}

/**
 * Normalised discounted cumulative gain of the first k: sum of gain / log2(rank + 1), by that of the best order; 0 to 1.
 *
 * NaN where nothing has a gain: no order of such a list is better than another.
 * @param gains by rank, at least 0: relevance, or 1 for a click
 * @param k how many of the first ranks count
 * Source: K. Järvelin and J. Kekäläinen 2002, "Cumulated gain-based evaluation of IR techniques"; linear gains as
 * `sklearn.metrics.ndcg_score`.
 */
export function normalisedGain(gains: ArrayLike<number>, k: number): number {
  const best = Float64Array.from(gains).sort().reverse();
  const ideal = discounted(best, k);
  return ideal > 0 ? discounted(gains, k) / ideal : Number.NaN;
}

/**
 * Reciprocal of the rank of the first item with a gain, 0 where there is none: 0 to 1; its mean is MRR.
 * Source: E. M. Voorhees 1999, "The TREC-8 Question Answering Track Report".
 */
export function reciprocalRank(gains: ArrayLike<number>): number {
  for (let rank = 0; rank < gains.length; rank++) if ((gains[rank] as number) > 0) return 1 / (rank + 1);
  return 0;
}

/** 1 where one of the first k items has a gain, else 0; the share of such requests is a proportion (`proportion.ts`). */
export function hit(gains: ArrayLike<number>, k: number): 0 | 1 {
  for (let rank = 0; rank < Math.min(k, gains.length); rank++) if ((gains[rank] as number) > 0) return 1;
  return 0;
}

function discounted(gains: ArrayLike<number>, k: number): number {
  let sum = 0;
  for (let rank = 0; rank < Math.min(k, gains.length); rank++) sum += (gains[rank] as number) / Math.log2(rank + 2);
  return sum;
}

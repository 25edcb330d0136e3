// Since when counts differ from what is expected: the most likely beginning of a change that lasts to the end.

/** One stretch of time: counts by cell, and how many were to be expected, of as many in all. */
export interface Observed {
  readonly counts: ArrayLike<number>;
  readonly expected: ArrayLike<number>;
}

/**
 * Where a change began of which it is known that there was one, whatever has changed: the stretch from which on to the end the
 * log-likelihood ratio of the shares that are found there, against those that are expected, is greatest.
 *
 *   ratio(k) = sum over cells of O ln(O / E) - tolerated N, with O the counts from stretch k on, E what was expected, N all of O
 *
 * Without what is tolerated this is the maximum likelihood estimate of a change point (Hinkley 1970, "Inference about the
 * change-point in a sequence of random variables", Biometrika 57:1-17), with the shares afterwards unknown. Long before a change
 * values always differ by a little that does not matter, and so many of them would weigh more than the change.
 *
 * @param stretches in the order of time
 * @param tolerated divergence (Kullback and Leibler's, in nats) of a stretch that is not taken for changed
 * @returns the index of the stretch; -1 where none differs by more
 */
export function mostLikelyChange(stretches: readonly Observed[], tolerated: number): number {
  const counts: number[] = [];
  const expected: number[] = [];
  let [best, greatest] = [-1, 0];
  for (let at = stretches.length - 1; at >= 0; at--) {
    const stretch = stretches[at] as Observed;
    for (let cell = 0; cell < stretch.counts.length; cell++) {
      counts[cell] = (counts[cell] ?? 0) + (stretch.counts[cell] as number);
      expected[cell] = (expected[cell] ?? 0) + (stretch.expected[cell] as number);
    }
    const size = counts.reduce((sum, count) => sum + count, 0);
    const ratio = logLikelihoodRatio(counts, expected) - tolerated * size;
    if (ratio > greatest) [best, greatest] = [at, ratio];
  }
  return best;
}

function logLikelihoodRatio(counts: readonly number[], expected: readonly number[]): number {
  let ratio = 0;
  for (const [cell, count] of counts.entries()) if (count > 0) ratio += count * Math.log(count / (expected[cell] as number));
  return ratio;
}

// Why a mean changed: the exact split of its change into mix and rate, by the bins of one feature.

/** A target's sums by the bins of a feature. */
export interface TargetByBin {
  readonly counts: ArrayLike<number>;
  /** By bin the sum of the target (a score, a prediction, an error) over the values that are counted there. */
  readonly targets: ArrayLike<number>;
}

export interface Decomposition {
  /** Mean of the target in the window less that in the reference. NaN where either is empty. */
  readonly change: number;
  /** What of it comes from bins having other shares than before. */
  readonly mix: number;
  /** What of it comes from other means inside of bins. */
  readonly rate: number;
  readonly mixByBin: Float64Array;
  readonly rateByBin: Float64Array;
}

/**
 * Kitagawa's decomposition: change = sum (q - p) (e + f - e_0 - f_0) / 2 [mix] + sum (p + q) / 2 (f - e) [rate], with p, q
 * the shares of a bin in reference and window, e and f the target's mean inside of it, e_0 and f_0 the means over all bins.
 *
 * - mix and rate add up to the change, whatever the counts. Taking the means relative to e_0 and f_0 changes no sum, as
 *   the differences of shares sum to 0; it makes a bin's mix say whether the values that came are above or below average;
 * - look at it when a score or a prediction drifts: rank features by |mix|, bins by their parts;
 * - a bin that is empty on one side has no mean there and takes that of the other side: its whole part is then mix;
 * - it describes and does not test; features that go together share the same change, so the parts of several features do
 *   not add up;
 * - source: E. M. Kitagawa 1955, "Components of a Difference Between Two Rates".
 */
export function decompose(reference: TargetByBin, window: TargetByBin): Decomposition {
  const bins = reference.counts.length;
  const before = totals(reference);
  const after = totals(window);
  const center = (before.mean + after.mean) / 2;
  const mixByBin = new Float64Array(bins);
  const rateByBin = new Float64Array(bins);
  let mix = 0;
  let rate = 0;
  for (let bin = 0; bin < bins; bin++) {
    const p = (reference.counts[bin] as number) / before.count;
    const q = (window.counts[bin] as number) / after.count;
    const [e, f] = means(reference, window, bin);
    mixByBin[bin] = (q - p) * ((e + f) / 2 - center);
    rateByBin[bin] = ((p + q) / 2) * (f - e);
    mix += mixByBin[bin] as number;
    rate += rateByBin[bin] as number;
  }
  return { change: after.mean - before.mean, mix, rate, mixByBin, rateByBin };
}

function totals({ counts, targets }: TargetByBin): { readonly count: number; readonly mean: number } {
  let count = 0;
  let sum = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    count += counts[bin] as number;
    sum += targets[bin] as number;
  }
  return { count, mean: sum / count };
}

/** The target's mean inside of a bin, before and after; 0 for a bin that is empty on both sides, where it counts for nothing. */
function means(reference: TargetByBin, window: TargetByBin, bin: number): [before: number, after: number] {
  const before = (reference.targets[bin] as number) / (reference.counts[bin] as number);
  const after = (window.targets[bin] as number) / (window.counts[bin] as number);
  if (window.counts[bin] === 0) return reference.counts[bin] === 0 ? [0, 0] : [before, before];
  return reference.counts[bin] === 0 ? [after, after] : [before, after];
}

// A sample as scores see it: counts by bin, and how many independent observations they are worth.

export interface Sample {
  /** By bin; weighted events count with their weights, so these need not be whole. */
  readonly counts: ArrayLike<number>;
  /** The number of values; of weighted ones the effective number, (sum w)^2 / sum w^2 (Kish 1965). */
  readonly size: number;
}

/** Sum of the counts of the first so many bins. */
export function total(counts: ArrayLike<number>, bins: number = counts.length): number {
  let sum = 0;
  for (let bin = 0; bin < bins; bin++) sum += counts[bin] as number;
  return sum;
}

/** Each count as a share of their sum; NaN where that is 0. */
export function shares(counts: ArrayLike<number>): Float64Array {
  const sum = total(counts);
  return Float64Array.from(counts, (count) => count / sum);
}

/** How many independent observations a count of one is worth: exactly 1 where nothing is weighted; NaN without counts. */
export function worthOfCount(sample: Sample): number {
  return sample.size / total(sample.counts);
}

/** How many independent observations the first so many bins are worth. */
export function effectiveSize(sample: Sample, bins: number = sample.counts.length): number {
  return worthOfCount(sample) * total(sample.counts, bins);
}

/**
 * The variance, in units of p (1 - p), of the difference of two proportions: 1/n + 1/m. NaN where a sample is empty.
 * (The s in the formulas of scores.)
 */
export function samplingScale(reference: Sample, window: Sample, bins: number = reference.counts.length): number {
  const scale = 1 / effectiveSize(reference, bins) + 1 / effectiveSize(window, bins);
  return Number.isFinite(scale) ? scale : Number.NaN;
}

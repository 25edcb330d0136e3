// Mean, standard deviation and quantiles of values that are known by groups (bins, buckets) only.

/** Values in (lower, upper], of which the number and the mean are known. */
export interface Group {
  readonly count: number;
  readonly mean: number;
  /** Of the population; NaN where it is not known. */
  readonly variance: number;
  readonly lower: number;
  readonly upper: number;
}

export interface Moments {
  readonly count: number;
  /** NaN where there are no values. */
  readonly mean: number;
  /** Of the population (divided by n); NaN where there are no values. */
  readonly standardDeviation: number;
}

/** Pooled moments of all groups. Source: Chan, Golub, LeVeque 1983, "Algorithms for computing the sample variance". */
export function pooledMoments(groups: readonly Group[]): Moments {
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (const group of groups) {
    if (group.count === 0) continue;
    const delta = group.mean - mean;
    const total = count + group.count;
    squares += group.variance * group.count + (delta * delta * count * group.count) / total;
    mean += (delta * group.count) / total;
    count = total;
  }
  if (count === 0) return { count, mean: Number.NaN, standardDeviation: Number.NaN };
  return { count, mean, standardDeviation: Math.sqrt(squares / count) };
}

/**
 * Quantiles by linear interpolation inside of the group that holds them; the error is at most that group's share in
 * rank. Values are taken as uniform over the group, or where its mean is far from its middle (as in an open group), as far
 * about the mean as the nearer end is; a group without spread is its mean.
 * @param groups in ascending order of their values
 * @param probabilities each in [0, 1]
 * @returns one number a probability; NaN where there are no values
 */
export function groupedQuantiles(groups: readonly Group[], probabilities: readonly number[]): number[] {
  const filled = groups.filter((group) => group.count > 0);
  const total = filled.reduce((sum, group) => sum + group.count, 0);
  return probabilities.map((probability) => {
    let below = 0;
    for (const group of filled) {
      const wanted = probability * total - below;
      if (wanted <= group.count) return interpolate(group, wanted / group.count);
      below += group.count;
    }
    return filled.at(-1)?.upper ?? Number.NaN;
  });
}

/** A spread below this share of the mean is rounding of the sums. */
const noSpread = 1e-9;

function interpolate(group: Group, share: number): number {
  if (group.count === 1 || group.variance <= (noSpread * group.mean) ** 2) return group.mean;
  const { lower, upper, mean } = group;
  const reach = Math.min(mean - lower, upper - mean);
  if (reach === Number.POSITIVE_INFINITY) return mean;
  // A third is what the mean of a density that rises or falls evenly to zero is off by.
  if (reach >= (upper - lower) / 3) return lower + (upper - lower) * share;
  return mean + reach * (2 * share - 1);
}

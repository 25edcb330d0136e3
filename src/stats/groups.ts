// Mean, standard deviation and quantiles of values that are known by groups (bins, buckets) only.

/** Values in (lower, upper], of which the number, the mean and how they vary are known, or taken to be this. */
export interface Group {
  readonly count: number;
  readonly mean: number;
  /** Of the population. */
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
 * rank. Values are taken as uniform about the group's mean, as far as their variance says, up to its nearer end; over all
 * of the group where that fits, too.
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

/** Of values that are uniform about the group's mean up to its nearer end; 0 where it has none. */
export function uniformVariance({ lower, upper, mean }: Group): number {
  const reach = Math.min(mean - lower, upper - mean);
  return Number.isFinite(reach) ? (reach * reach) / 3 : 0;
}

/** A spread below this share of the mean is rounding of the sums. */
const noSpread = 1e-9;
/** A variance of this share of that of values up to the nearer end is as good as all of it. */
const asGoodAsAll = 0.9;

function interpolate(group: Group, share: number): number {
  const { lower, upper, mean, variance, count } = group;
  if (count === 1 || variance <= (noSpread * mean) ** 2) return mean;
  const uniform = uniformVariance(group);
  const reach = Math.sqrt(3 * uniform);
  // A third is how far from an end the mean of a density is that falls evenly to zero at the other.
  const all = variance >= asGoodAsAll * uniform && reach >= (upper - lower) / 3;
  if (all) return lower + (upper - lower) * share;
  return mean + Math.min(reach, Math.sqrt(3 * variance)) * (2 * share - 1);
}

// What the sums of parts of bins (bin-counts.ts) say of values: groups of them, their mean and their standard deviation.
import { type Group, type Moments, pooledMoments, uniformVariance } from "../stats/groups.ts";
import { sumHigh, sumLow } from "./bin-parts.ts";
import { lowUnit, squaresFrom, unitsOf } from "./bin-units.ts";
import type { NumericBins } from "./bins.ts";

/** Squares are kept in units (see bin-units.ts) and in 2^50 of these. */
export const squaresUnit = 2 ** 50;

/** Of all values about one anchor: `high` x 2^50 + `low` units. */
export interface Squares {
  readonly high: number;
  readonly low: number;
}

/** Less than so many units of squares a value is their rounding. */
const leastWithin = 4;

/**
 * The weighted sum of the values in each part, in the feature's unit.
 * @param numbers of all parts, column by column, as in all that follow
 */
export function partSums(numbers: Float64Array, bins: NumericBins): Float64Array {
  return unitsOf(bins).parts.magnitudes.map((magnitude, part, { length }) => sumOver(numbers, length, magnitude, part, 1));
}

/** In this order, as a sum may be too large for a double where its quotient is not. */
function sumOver(numbers: Float64Array, width: number, magnitude: number, part: number, divisor: number): number {
  const high = (numbers[sumHigh * width + part] as number) / divisor;
  const low = (numbers[sumLow * width + part] as number) / divisor;
  return high * magnitude + low * (magnitude / lowUnit);
}

/**
 * The values of each part as a group. How much they vary inside of a part is known of all parts together: each is taken to
 * have its share of that, as if values were uniform about its mean up to its nearer end.
 */
export function binGroups(numbers: Float64Array, bins: NumericBins, squares: Squares): Group[] {
  const groups = groupMeans(numbers, bins);
  const within = variance(groups, bins, squares) - pooledMoments(groups).standardDeviation ** 2;
  const least = squaresFrom(leastWithin, unitsOf(bins).squares);
  if (!(within > least)) return groups;
  const filled = groups.filter(({ count }) => count > 0);
  const total = filled.reduce((sum, { count }) => sum + count, 0);
  const uniform = filled.reduce((sum, group) => sum + (group.count / total) * uniformVariance(group), 0);
  return groups.map((group) => ({ ...group, variance: uniformVariance(group) * Math.min(1, within / uniform) }));
}

/** As if all values of a part were one. */
function groupMeans(numbers: Float64Array, bins: NumericBins): Group[] {
  const { parts } = bins;
  return Array.from(unitsOf(bins).parts.magnitudes, (magnitude, part) => {
    const count = numbers[part] as number;
    const mean = sumOver(numbers, parts.length + 1, magnitude, part, count);
    const lower = parts[part - 1] ?? Number.NEGATIVE_INFINITY;
    return { count, mean, variance: 0, lower, upper: parts[part] ?? Number.POSITIVE_INFINITY };
  });
}

/** Of all values, from their squares. */
function variance(groups: readonly Group[], bins: NumericBins, { high, low }: Squares): number {
  const { count, mean } = pooledMoments(groups);
  const units = unitsOf(bins).squares;
  return squaresFrom((high / count) * squaresUnit + low / count, units) - (mean - units.anchor) ** 2;
}

/** Of all values. */
export function binMoments(numbers: Float64Array, bins: NumericBins, squares: Squares): Moments {
  const groups = groupMeans(numbers, bins);
  const { count, mean } = pooledMoments(groups);
  return { count, mean, standardDeviation: Math.sqrt(Math.max(0, variance(groups, bins, squares))) };
}

// A reference for a window that is not whole days: mixed of the hours of the day as the window has them.
import { type Sample, total, worthOfCount } from "./sample.ts";
import type { PartSums } from "./wasserstein.ts";

/** The reference that stands for the window's mixture of hours. */
export interface MatchedReference extends Sample {
  /** Share of the window that lies in hours of which the reference has nothing; there all of its hours stand in. */
  readonly uncoveredRatio: number;
}

/**
 * Post-stratified reference: proportions p* = sum over hours of (m_h / m) p_h, with m_h the window's values in hour h.
 *
 * Comparing one hour with a reference of whole days finds the time of day, not drift. The mixture's variance is
 * sum (m_h / m)^2 / n_h in units of p (1 - p), so its size is the inverse of that: every score and test that takes the
 * sample then has 1/m + sum (m_h / m)^2 / n_h in the place of 1/n + 1/m. (That leaves out that p_h differ between hours,
 * which makes the variance smaller still: the tests are on the safe side.)
 * @param byHour the reference's counts by bin, an array an hour (24, of the day in UTC)
 * @param all the whole reference; counts of hours have the worth of its counts
 * @param windowByHour how many values the window has in each hour, of any worth
 * @returns counts that add up to the size; NaN where the window or the reference is empty
 * Source: D. Holt and T. M. F. Smith 1979, "Post Stratification".
 */
export function matchReference(
  byHour: readonly ArrayLike<number>[],
  all: Sample,
  windowByHour: ArrayLike<number>,
): MatchedReference {
  const windowTotal = total(windowByHour);
  const worth = worthOfCount(all);
  const counts = new Float64Array(all.counts.length);
  let variance = 0;
  let uncoveredRatio = 0;
  for (let hour = 0; hour < windowByHour.length; hour++) {
    const weight = (windowByHour[hour] as number) / windowTotal;
    if (weight === 0) continue;
    const own = byHour[hour];
    const covered = own !== undefined && total(own) > 0;
    const stratum = covered ? own : all.counts;
    if (!covered) uncoveredRatio += weight;
    const stratumTotal = total(stratum);
    variance += (weight * weight) / (stratumTotal * worth);
    addShares(counts, stratum, weight / stratumTotal);
  }
  const size = 1 / variance;
  return { counts: counts.map((share) => share * size), size: Number.isFinite(size) ? size : Number.NaN, uncoveredRatio };
}

function addShares(into: Float64Array, counts: ArrayLike<number>, factor: number): void {
  for (let bin = 0; bin < into.length; bin++) into[bin] = (into[bin] as number) + (counts[bin] as number) * factor;
}

/**
 * The parts of bins for a matched reference, by which it has a Wasserstein distance: each bin keeps the distribution inside of
 * it that it has over the whole reference, as parts are not kept by hour.
 * @param parts of the whole reference
 * @param binOfPart which bin each belongs to
 */
export function matchedParts(matched: Sample, all: Sample, parts: PartSums, binOfPart: ArrayLike<number>): PartSums {
  const scaled = (values: ArrayLike<number>): Float64Array =>
    Float64Array.from(values, (value, part) => {
      const bin = binOfPart[part] as number;
      const count = all.counts[bin] as number;
      return count === 0 ? 0 : ((matched.counts[bin] as number) * value) / count;
    });
  return { counts: scaled(parts.counts), offsets: scaled(parts.offsets), offsetsWithin: scaled(parts.offsetsWithin) };
}

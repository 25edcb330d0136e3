// The Wasserstein distance (earth mover's distance) of order 1, from bins with counts, sums and squares.
import { type Sample, total } from "./sample.ts";
import { leastBeyond, mostBeyond } from "./stop-loss.ts";

/**
 * A sample of numbers in bins (a, b], the first and the last open. A bin's anchor is its lower edge; the first bin, which has
 * none, has its upper edge. (Sums about zero would lose the digits of numbers that are large and close together.)
 */
export interface NumericSample extends Sample {
  /** By bin the sum of (value - anchor), weighted as the counts are. */
  readonly offsets: ArrayLike<number>;
  /** By bin the sum of (value - anchor)^2. */
  readonly squares: ArrayLike<number>;
  /** By bin the most by which `offsets` may be off; 0 where they are exact. */
  readonly offsetsWithin: ArrayLike<number>;
  /** By bin the most by which count x variance, as it follows from squares and offsets, may be off. */
  readonly spreadsWithin: ArrayLike<number>;
}

/**
 * Wasserstein-1 distance, the integral of |F_q - F_p|, from below: the greatest that follows bin by bin from counts, sums
 * and squares by cutting each bin in two.
 *
 * - range: 0 and up, in the feature's own unit; a shift of all values by d gives d;
 * - never above the distance of the raw values, and equal to it where F_q - F_p changes its sign at no point inside of a
 *   bin (and sums are exact);
 * - look at it to see how far values moved; divided by the reference's standard deviation it compares features;
 * - p-value: none of its own; X^2 and Anderson-Darling on the same bins say whether the difference is more than chance;
 * - source: S. S. Vallender 1974, "Calculation of the Wasserstein Distance Between Probability Distributions on the Line".
 *
 * In a bin, measured from 0 at its anchor to its length, let D = F_q - F_p, W the integral of D over all of it, and R(t) that
 * from t on. Then the integral of |D| is at least |W|, and for any t at least |W - R(t)| + |R(t)|. Both are integrals of
 * cumulated shares, and that of F from t to the length is (length - t) F(length) - (share of the bin) E max(0, X - t). So W
 * is known, and R(t) lies in an interval, as E max(0, X - t) has bounds that follow from mean and variance (stop-loss.ts).
 * In an open bin F(length) falls away in the difference. Points t are the two means: together they leave little of what the
 * best t would give.
 *
 * What sums are off by, s in all, moves W by at most s and bounds of R(t) by at most 2 s (their slope in the mean is at most
 * 2, at a given variance, for which the interval is widened): |W| is taken less s, and the other less 5 s.
 * @param edges ascending; one fewer than bins
 * @returns NaN where a sample is empty
 */
export function wasserstein(reference: NumericSample, window: NumericSample, edges: ArrayLike<number>): number {
  const referenceTotal = total(reference.counts);
  const windowTotal = total(window.counts);
  if (!(referenceTotal > 0 && windowTotal > 0)) return Number.NaN;
  const last = edges.length;
  // A single bin is open at both ends: there is no anchor beyond which all values lie, and it is not cut.
  const open = last === 0 ? 0 : Number.POSITIVE_INFINITY;
  let referenceBelow = 0;
  let windowBelow = 0;
  let sum = 0;
  for (let bin = 0; bin <= last; bin++) {
    referenceBelow += reference.counts[bin] as number;
    windowBelow += window.counts[bin] as number;
    const inner = bin > 0 && bin < last;
    const length = inner ? (edges[bin] as number) - (edges[bin - 1] as number) : open;
    const difference = inner ? windowBelow / windowTotal - referenceBelow / referenceTotal : 0;
    const before = partOf(reference, bin, referenceTotal, length);
    const now = partOf(window, bin, windowTotal, length);
    sum += distanceInBin(before, now, length, difference);
  }
  return sum;
}

/** A sample in one bin; of values their distances from the anchor. */
interface Part {
  /** Of the sample that lies in the bin. */
  readonly share: number;
  /** Share x mean. */
  readonly moved: number;
  readonly mean: number;
  readonly leastVariance: number;
  readonly mostVariance: number;
  /** The most by which `moved` may be off. */
  readonly within: number;
}

const emptyPart: Part = { share: 0, moved: 0, mean: 0, leastVariance: 0, mostVariance: 0, within: 0 };

/** What of a square may be lost where squares of doubles are summed up: rounding that goes one way for 2^12 values. */
const lostInSums = 2 ** -40;

function partOf(sample: NumericSample, bin: number, all: number, length: number): Part {
  const count = sample.counts[bin] as number;
  if (count === 0) return emptyPart;
  const offset = (bin === 0 ? -1 : 1) * (sample.offsets[bin] as number);
  const mean = Math.min(Math.max(offset / count, 0), length);
  const square = (sample.squares[bin] as number) / count;
  const variance = square - (offset / count) ** 2;
  const within = (sample.spreadsWithin[bin] as number) / count + lostInSums * square;
  return {
    share: count / all,
    moved: offset / all,
    mean,
    leastVariance: Math.max(0, variance - within),
    mostVariance: Math.max(0, variance + within),
    within: (sample.offsetsWithin[bin] as number) / all,
  };
}

/** @param difference F_q - F_p at the end of the bin; 0 of an open one */
function distanceInBin(reference: Part, window: Part, length: number, difference: number): number {
  const whole = (length === Number.POSITIVE_INFINITY ? 0 : length * difference) - (window.moved - reference.moved);
  const within = reference.within + window.within;
  const excess = Math.max(
    excessAt(reference.mean, reference, window, length, difference, whole),
    excessAt(window.mean, reference, window, length, difference, whole),
  );
  return Math.max(0, Math.abs(whole) - within, excess > 0 ? Math.abs(whole) + excess - 5 * within : 0);
}

/** By how much |W - R(t)| + |R(t)| exceeds |W|: twice the distance between [0, W] and the interval of R(t). */
function excessAt(point: number, before: Part, now: Part, length: number, difference: number, whole: number): number {
  if (!(point > 0 && point < length)) return 0;
  const rest = length === Number.POSITIVE_INFINITY ? 0 : (length - point) * difference;
  const least =
    rest +
    before.share * leastBeyond(point, before.mean, before.leastVariance, length) -
    now.share * mostBeyond(point, now.mean, now.mostVariance, length);
  const most =
    rest +
    before.share * mostBeyond(point, before.mean, before.mostVariance, length) -
    now.share * leastBeyond(point, now.mean, now.leastVariance, length);
  return 2 * Math.max(0, least - Math.max(0, whole), Math.min(0, whole) - most);
}

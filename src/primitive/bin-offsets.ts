// Sums of parts of bins about their anchors, and how far these may be from those of the values as they came: a bound that is to hold
// of the values themselves has to allow for that.
//
// A value x is kept with an error of at most |x| 2^-20, half of a step of its bucket; where its step is below the bin's low
// unit as its bucket's origin, with an error of at most M 2^-23 and the rounding to that unit (bin-counts.ts). As |x| <=
// |anchor| + |x - anchor|, both are below 2^-20 (reach + |x - anchor|) with reach = max(|anchor|, M / 4).
//
// In every part values lie on one side of the anchor, so the mean of |x - anchor| is that of x - anchor without its sign: what
// is kept of it is |offset| / count, which is off by at most the mean error itself. For that error E this gives
// E <= 2^-20 (reach + |offset| / count + E), so E <= (reach + |offset| / count) / (2^20 - 1): of counts and sums only, which
// are exact, so that it is the same however values are split over panes. (Of a single part, open at both ends, nothing says
// how far on both sides values lie.)

/** By part of a bin, weighted as the counts are, in the feature's unit. */
export interface PartOffsets {
  readonly counts: Float64Array;
  /** Sum of (value - anchor). */
  readonly offsets: Float64Array;
  /** The most by which `offsets` may be off; NaN where no bound is known. */
  readonly offsetsWithin: Float64Array;
}

/** Of a value that is rounded to a step of its bucket. */
const relativeError = 2 ** -20;

/**
 * The most by which the sum of (value - anchor) of a part's kept values may be off.
 * @param offset that sum
 * @param place where the bin lies; no length of it and no edge exceeds the magnitude
 */
export function offsetWithin(
  count: number,
  offset: number,
  { anchor, magnitude }: { readonly anchor: number; readonly magnitude: number },
): number {
  const reach = Math.max(Math.abs(anchor), magnitude / 4);
  return (count * reach + Math.abs(offset)) * (relativeError / (1 - relativeError));
}

// Sums and squares of bins about their anchors, and how far these may be from those of the values as they came: bounds that
// are to hold of the values themselves have to allow for that.
//
// A value x of weight w is kept with an error of at most |x| 2^-20, half of a step of its bucket; where its step is below the
// bin's low unit as its bucket's origin, with an error of at most M 2^-23 and the rounding to that unit (bin-counts.ts). As
// |x| <= |anchor| + |x - anchor|, both are below 2^-20 (reach + |x - anchor|) with reach = max(|anchor|, M / 4). The root mean
// square of these errors is therefore at most 2^-20 (reach + that of x - anchor).
//
// Neither the mean nor the standard deviation changes by more than that root mean square. Squares are moreover rounded to
// their unit once for each cell, so by half of it for a value; and for weights other than 1 by half of a step's square.
import { perSquareUnit } from "./bin-units.ts";

/** By bin, weighted as the counts are, in the feature's unit or its square. */
export interface BinMoments {
  /** Sum of (value - anchor). */
  readonly offsets: Float64Array;
  /** Sum of (value - anchor)^2. */
  readonly squares: Float64Array;
  /** The most by which `offsets` may be off. */
  readonly offsetsWithin: Float64Array;
  /** The most by which count x variance, as squares and offsets have it, may be off. */
  readonly spreadsWithin: Float64Array;
}

/** Of a value that is rounded to a step of its bucket. */
const relativeError = 2 ** -20;
/** The least weight is 1 / 256: so many more roundings than the counts say. */
const mostRoundings = 256;

export function emptyMoments(bins: number): BinMoments {
  return {
    offsets: new Float64Array(bins),
    squares: new Float64Array(bins),
    offsetsWithin: new Float64Array(bins),
    spreadsWithin: new Float64Array(bins),
  };
}

/** Where a bin lies and how wide it is: what decides about the errors of its sums. */
interface BinPlace {
  readonly anchor: number;
  readonly scale: number;
  readonly magnitude: number;
}

/** @param weighted whether values may count less than 1 each */
export function setMoments(
  moments: BinMoments,
  bin: number,
  count: number,
  offset: number,
  squares: number,
  { anchor, scale, magnitude }: BinPlace,
  weighted: boolean,
): void {
  const reach = Math.max(Math.abs(anchor), magnitude / 4);
  const mean = offset / count;
  // Rounding may leave less than nothing of squares.
  const square = Math.max(0, squares / count);
  const halfUnit = (scale / perSquareUnit) * scale * 0.5;
  const error = relativeError * (reach + Math.sqrt(square + halfUnit));
  const rounding = weighted ? mostRoundings * (halfUnit + 2 * error * error) : halfUnit;
  const spread = Math.sqrt(Math.max(0, square - mean * mean) + rounding);
  moments.offsets[bin] = offset;
  moments.squares[bin] = count * square;
  moments.offsetsWithin[bin] = count * error;
  moments.spreadsWithin[bin] = count * (error * (2 * spread + error) + rounding);
}

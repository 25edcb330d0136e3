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

import { sumHigh, sumLow } from "./bin-parts.ts";
import { lowUnit, type PartUnits } from "./bin-units.ts";

/** By part of a bin, weighted as the counts are, in the feature's unit. */
export interface PartOffsets {
  readonly counts: Float64Array;
  /** Sum of (value - anchor). */
  readonly offsets: Float64Array;
  /** The most by which `offsets` may be off; NaN where no bound is known. */
  readonly offsetsWithin: Float64Array;
}

/**
 * The counts and the sums about the parts' anchors, and how far these may be from those of the values as they came.
 * @param numbers of all parts, column by column (bin-parts.ts)
 */
export function partOffsets(numbers: Float64Array, { anchors, magnitudes }: PartUnits): PartOffsets {
  const width = anchors.length;
  // One array for both, as these are expensive to allocate.
  const both = new Float64Array(2 * width);
  for (let part = 0; part < width; part++) {
    const count = numbers[part] as number;
    if (count === 0) continue;
    const anchor = anchors[part] as number;
    const magnitude = magnitudes[part] as number;
    const high = numbers[sumHigh * width + part] as number;
    const low = numbers[sumLow * width + part] as number;
    const offset = high * magnitude + low * (magnitude / lowUnit) - count * anchor;
    both[part] = offset;
    both[width + part] = width === 1 ? Number.NaN : offsetWithin(count, offset, anchor, magnitude);
  }
  return { counts: numbers.subarray(0, width), offsets: both.subarray(0, width), offsetsWithin: both.subarray(width) };
}

/** Of a value that is rounded to a step of its bucket. */
const relativeError = 2 ** -20;

/**
 * The most by which the sum of (value - anchor) of a part's kept values may be off.
 * @param offset that sum
 * @param magnitude of the part: no length of it and no edge exceeds it
 */
function offsetWithin(count: number, offset: number, anchor: number, magnitude: number): number {
  const reach = Math.max(Math.abs(anchor), magnitude / 4);
  return (count * reach + Math.abs(offset)) * (relativeError / (1 - relativeError));
}

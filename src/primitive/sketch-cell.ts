// A cell of a sketch of numbers: the values of one bucket, of some neighbouring slices of it, or of the part of it between two
// given edges.
import { bucketSlices, lowerBound, sliceBits, upperBound } from "./bucket.ts";

/** How finely a sketch tells values of a bucket apart: into 2^bits runs of slices; or `cut` at edges that its user knows. */
export type Resolution = number | "cut";

/** Each bucket has so many keys: of its slices, or of the intervals between given edges. */
export const bucketKeys = bucketSlices;

export interface Cell {
  readonly bucket: number;
  /** Which slice it begins with; of a sketch that is cut, which of the given edges' intervals. */
  readonly slice: number;
  readonly resolution: Resolution;
  /** Sum of weights. */
  readonly count: number;
  /** Weighted sums of positions in the bucket, in steps from its `origin`, and of their squares. */
  readonly positions: number;
  readonly squares: number;
  /** Sum of targets: see `TargetSum`. */
  readonly targetCount: number;
  readonly targetHigh: number;
  readonly targetLow: number;
}

/** The numbers that every cell has, in the order in which they are kept and written; then those of its targets. */
export const valueParts = ["count", "positions", "squares"] as const;
export const targetParts = ["targetCount", "targetHigh", "targetLow"] as const;

/** How many slices a cell of this resolution has. */
export function slicesOf(resolution: number): number {
  return 1 << (sliceBits - resolution);
}

/** Values of the cell are greater. */
export function cellLower({ bucket, slice, resolution }: Cell): number {
  return resolution === "cut" ? lowerBound(bucket) : lowerBound(bucket, slice);
}

/** The greatest value that may lie in the cell. */
export function cellUpper({ bucket, slice, resolution }: Cell): number {
  return resolution === "cut" ? upperBound(bucket) : upperBound(bucket, slice + slicesOf(resolution));
}

// A cell of a sketch of numbers: the values of one bucket, or of that part of it between two given edges.

/** Cuts at given edges: a cell is a (bucket, cut) pair. 255 edges at most. */
export const sketchCuts = 256;

/** Numbers that are kept of a cell, in this order. */
export const cellParts = ["count", "positions", "squares", "targetCount", "targetHigh", "targetLow"] as const;
export interface Cell {
  readonly bucket: number;
  /** Which of the given edges' intervals; 0 where no edges were given. */
  readonly cut: number;
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

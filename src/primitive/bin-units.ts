// The units in which the sums and squares of a bin are kept (what they are for is in bin-counts.ts), and cells in them.
import type { NumericBins } from "./bins.ts";
import { locate, located, maxBucket, origin, positionSteps, step, stepsToOrigin } from "./bucket.ts";
import type { Cell } from "./sketch-cell.ts";

const lowBits = 36;
/** How many low units a magnitude has. */
export const lowUnit = 2 ** lowBits;
/** Squares are kept in units of the scale's square / 2^20. */
export const perSquareUnit = 2 ** 20;
/** How many scales from its anchor values of an open bin may lie. */
const farthest = 2 ** 30;

/** What a bin's sums are made of: all but the anchor are powers of two. */
export interface BinUnits {
  readonly anchor: number;
  readonly scale: number;
  /** M. */
  readonly magnitude: number;
  readonly perLowUnit: number;
  /** The buckets in which the farthest values lie: values beyond are taken as their outer ends. */
  readonly lowest: number;
  readonly highest: number;
}

/** Magnitudes are not taken to be less, so that numbers of low units remain doubles. */
const leastMagnitude = 2 ** -980;
const mostMagnitude = 2 ** 1023;

const known = new WeakMap<NumericBins, readonly BinUnits[]>();

/** By bin; computed once for each bins, as windows ask for them every minute. */
export function unitsOf(bins: NumericBins): readonly BinUnits[] {
  let units = known.get(bins);
  if (units === undefined) {
    units = computeUnits(bins);
    known.set(bins, units);
  }
  return units;
}

function computeUnits({ anchors, edges, scales }: NumericBins): BinUnits[] {
  return anchors.map((anchor, bin) => {
    const scale = scales[bin] as number;
    const most = Math.max(Math.abs(edges[bin - 1] ?? 0), Math.abs(edges[bin] ?? 0), scale);
    const magnitude = Math.min(Math.max(2 ** Math.ceil(Math.log2(most)), leastMagnitude), mostMagnitude);
    const lowest = bin === 0 ? bucketOf(anchor - scale * farthest) : -maxBucket - 1;
    const highest = bin === edges.length ? bucketOf(anchor + scale * farthest) : maxBucket + 1;
    return { anchor, scale, magnitude, perLowUnit: lowUnit / magnitude, lowest, highest };
  });
}

function bucketOf(value: number): number {
  if (!Number.isFinite(value)) return Math.sign(value) * (maxBucket + 1);
  locate(value);
  return located.bucket;
}

/**
 * The cell, or where its values lie too far from the anchor, one of as many at the farthest place. (No two values are
 * further apart than before, so no distance of samples grows by that.)
 */
export function within(cell: Cell, { lowest, highest }: BinUnits): Cell {
  if (cell.bucket < lowest) return allAt(cell, lowest, lowest > 0 ? 0 : positionSteps);
  return cell.bucket > highest ? allAt(cell, highest, highest > 0 ? positionSteps : 0) : cell;
}

function allAt(cell: Cell, bucket: number, position: number): Cell {
  return { ...cell, bucket, positions: cell.count * position, squares: cell.count * position * position };
}

/** The weighted sum of a cell's values in low units: what its weight and positions make of fixed integers. */
export function lowUnitsOf({ bucket, count, positions }: Cell, perLowUnit: number): number {
  const start = stepsToOrigin(bucket);
  const length = step(bucket) * perLowUnit;
  return length >= 1 || length <= -1 ? (count * start + positions) * length : count * Math.round(start * length);
}

/** The weighted sum of (value - anchor)^2 in units of the scale's square / 2^20. */
export function squaresOf({ bucket, count, positions, squares }: Cell, { anchor, scale }: BinUnits): number {
  const perScale = 1 / scale;
  const shift = (origin(bucket) - anchor) * perScale;
  const length = step(bucket) * perScale;
  return (count * shift * shift + 2 * shift * positions * length + squares * length * length) * perSquareUnit;
}

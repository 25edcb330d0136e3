// The units in which the sums of a part of a bin and the squares of all values are kept (what they are for is in bin-counts.ts),
// and cells in them.
import type { NumericBins } from "./bins.ts";
import { locate, located, maxBucket, origin, positionSteps, step, stepsToOrigin } from "./bucket.ts";
import type { Cell } from "./sketch-cell.ts";

const lowBits = 36;
/** How many low units a magnitude has. */
export const lowUnit = 2 ** lowBits;
/** Squares are kept in units of the spread's square / 2^30. */
const perSquareUnit = 2 ** 30;
/** How many lengths from its anchor values of an open part may lie. */
const farthest = 2 ** 30;
/** How many spreads from their anchor values may lie of which the squares are added: their sum is exact up to a weight of 2^25. */
const farthestSquared = 2 ** 24;

/** The buckets in which the farthest values lie: values beyond are taken as their outer ends. */
export interface Farthest {
  readonly lowest: number;
  readonly highest: number;
}

/** What the sums of parts are made of. As columns: objects of a thousand features would lie all over the memory. */
export interface PartUnits {
  readonly anchors: Float64Array;
  /** M, a power of two. */
  readonly magnitudes: Float64Array;
  /** Of values in the first part and in the last one, which are open. */
  readonly first: Farthest;
  readonly last: Farthest;
}

/** What the squares of all values are made of. */
export interface SquareUnits extends Farthest {
  /** About which they are taken: in the midst of the values. */
  readonly anchor: number;
  /** A length, a power of two: about that of all inner bins. */
  readonly spread: number;
}

export interface BinUnits {
  readonly parts: PartUnits;
  readonly squares: SquareUnits;
}

/** Magnitudes are not taken to be less, so that numbers of low units remain doubles. */
const leastMagnitude = 2 ** -980;
const mostMagnitude = 2 ** 1023;

const known = new WeakMap<NumericBins, BinUnits>();

/** Computed once for each bins, as windows ask for them every minute. */
export function unitsOf(bins: NumericBins): BinUnits {
  let units = known.get(bins);
  if (units === undefined) {
    units = { parts: partUnits(bins), squares: squareUnits(bins) };
    known.set(bins, units);
  }
  return units;
}

function partUnits({ anchors, parts, scales }: NumericBins): PartUnits {
  const magnitudes = anchors.map((_, part) => {
    const most = Math.max(Math.abs(parts[part - 1] ?? 0), Math.abs(parts[part] ?? 0), scales[part] as number);
    return Math.min(Math.max(2 ** Math.ceil(Math.log2(most)), leastMagnitude), mostMagnitude);
  });
  const endOf = (part: number, sign: 1 | -1): number =>
    bucketOf((anchors[part] as number) + sign * (scales[part] as number) * farthest);
  const lowest = endOf(0, -1);
  const highest = endOf(parts.length, 1);
  const single = parts.length === 0;
  return {
    anchors: Float64Array.from(anchors),
    magnitudes: Float64Array.from(magnitudes),
    first: { lowest, highest: single ? highest : everywhere.highest },
    last: { lowest: single ? lowest : everywhere.lowest, highest },
  };
}

const everywhere: Farthest = { lowest: -maxBucket - 1, highest: maxBucket + 1 };

/** How far values of a part may lie. */
export function farthestIn({ anchors, first, last }: PartUnits, part: number): Farthest {
  if (part === 0) return first;
  return part === anchors.length - 1 ? last : everywhere;
}

/** Products of two spreads, and of their inverses, remain doubles. */
const [leastSpread, mostSpread] = [2 ** -480, 2 ** 480];

/** Values of which the square counts may lie further than inner bins are long, but not much further than values are expected. */
const reachPerSpread = 2 ** 12;

function squareUnits({ edges, reach }: NumericBins): SquareUnits {
  const length = (edges.at(-1) ?? 0) - (edges[0] ?? 0);
  const wanted = 2 ** Math.ceil(Math.log2(Math.max(length, reach / reachPerSpread)));
  const spread = Math.min(Math.max(wanted, leastSpread), mostSpread);
  const anchor = edges[edges.length >>> 1] ?? 0;
  const [lowest, highest] = [bucketOf(anchor - spread * farthestSquared), bucketOf(anchor + spread * farthestSquared)];
  return { anchor, spread, lowest, highest };
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
export function within(cell: Cell, { lowest, highest }: Farthest): Cell {
  if (cell.bucket < lowest) return allAt(cell, lowest, lowest > 0 ? 0 : positionSteps);
  return cell.bucket > highest ? allAt(cell, highest, highest > 0 ? positionSteps : 0) : cell;
}

function allAt(cell: Cell, bucket: number, position: number): Cell {
  return { ...cell, bucket, positions: cell.count * position, squares: cell.count * position * position };
}

/**
 * The weighted sum of a cell's values in low units: what its weight and positions make of fixed integers.
 * @param magnitude of the part
 */
export function lowUnitsOf({ bucket, count, positions }: Cell, magnitude: number): number {
  const start = stepsToOrigin(bucket);
  const length = step(bucket) * (lowUnit / magnitude);
  return length >= 1 || length <= -1 ? (count * start + positions) * length : count * Math.round(start * length);
}

/** The weighted sum of (value - anchor)^2, in units of squares. */
export function squaresOf(cell: Cell, units: SquareUnits): number {
  const { anchor, spread } = units;
  const { bucket, count, positions, squares } = within(cell, units);
  const perSpread = 1 / spread;
  const shift = (origin(bucket) - anchor) * perSpread;
  const length = step(bucket) * perSpread;
  return (count * shift * shift + 2 * shift * positions * length + squares * length * length) * perSquareUnit;
}

/** What squares in units are in the feature's own. */
export function squaresFrom(units: number, { spread }: SquareUnits): number {
  return (units / perSquareUnit) * spread * spread;
}

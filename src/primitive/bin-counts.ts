// What a pane keeps of the values in frozen bins: by bin their count, sum and squares, and the sum of their events'
// targets. All but the squares are exact: however values are split over panes, what is merged is the same bit by bit.
//
// The sum of a bin. Let M be a power of two that no finite edge and no length of the bin exceeds. The sum is kept as
// `high` x M + `low` x M 2^-36, with 0 <= low < 2^36. A sketch knows of each cell the weight W of its values, where they
// begin (`start`, an integer number of steps from zero) and the weighted sum of their positions P, in steps: their sum is
// (W start + P) steps. A step is a power of two; where it is at least M 2^-36, that is a multiple of 2^-8 of the unit, exact
// up to a weight of 2^25 in a cell. Where it is less (values below M 2^-17), values are taken as their bucket's origin, and
// that is rounded to the unit once for all of them. So every value adds what its cell alone decides, and the split cannot
// show. The high part is exact while the weighted sum of |value| / M stays below 2^53.
//
// Squares are rounded to integers of their unit once for each cell of a pane, and add up exactly from there on. Values of an
// open bin that lie further than 2^30 lengths from its anchor are taken as that far: a wrong one would leave no room for others.
import type { Group } from "../stats/groups.ts";
import { type BinOffsets, offsetWithin } from "./bin-offsets.ts";
import { type BinUnits, lowUnit, lowUnitsOf, perSquareUnit, squaresOf, unitsOf, within } from "./bin-units.ts";
import { binOf, type NumericBins } from "./bins.ts";
import { upperBound } from "./bucket.ts";
import type { Reader, Writer } from "./bytes.ts";
import { Columns, type Layout } from "./columns.ts";
import type { NumberSketch } from "./sketch.ts";
import type { Cell } from "./sketch-cell.ts";
import { type BinTargets, type TargetSum, targetUnit } from "./target.ts";
import { targetsOf, totalTargetsOf } from "./target-columns.ts";

const perUnit = 1 / lowUnit;
/** Squares are kept in units (see bin-units.ts) and in 2^50 of these. */
const squaresUnit = 2 ** 50;

const column = {
  count: 0,
  sumHigh: 1,
  sumLow: 2,
  squaresHigh: 3,
  squaresLow: 4,
  targetCount: 5,
  targetHigh: 6,
  targetLow: 7,
} as const;
const layout: Layout = {
  columns: Object.keys(column).length,
  pairs: [
    { high: column.sumHigh, unit: lowUnit },
    { high: column.squaresHigh, unit: squaresUnit },
    { high: column.targetHigh, unit: targetUnit },
  ],
};

/** Everything that is kept, as plain numbers. Each array has a number for every bin. */
export type BinColumns = Readonly<Record<keyof typeof column, readonly number[]>> & {
  /** Sum of the squared weights of all values. */
  readonly weightSquares: number;
};

export class BinCounts {
  /** Sum of the squared weights of all values: with the counts it says how many events of equal weight they are worth. */
  weightSquares = 0;
  readonly #columns: Columns;

  private constructor(columns: Columns) {
    this.#columns = columns;
  }

  static zero(bins: number): BinCounts {
    return new BinCounts(new Columns(layout, bins));
  }

  /** Counts in bins from a sketch whose cells each lie in one bin. */
  static from(sketch: NumberSketch, bins: NumericBins): BinCounts {
    const result = BinCounts.zero(bins.anchors.length);
    result.weightSquares = sketch.weightSquares;
    const units = unitsOf(bins);
    sketch.visit((cell) => {
      const bin = bins.given ? cell.cut : binOf(bins.edges, upperBound(cell.bucket));
      result.#take(cell, bin, units[bin] as BinUnits);
    });
    return result;
  }

  /** Counts of which the sums are known as numbers, each value with the weight 1 and none with a target. */
  static ofSums(bins: NumericBins, counts: readonly number[], sums: readonly number[], squares: readonly number[]): BinCounts {
    const result = BinCounts.zero(counts.length);
    const columns = result.#columns;
    for (const [bin, { perLowUnit }] of unitsOf(bins).entries()) {
      const count = counts[bin] as number;
      columns.add(column.count, bin, count);
      result.#addSum(bin, Math.round((sums[bin] as number) * perLowUnit));
      result.#addSquares(bin, squares[bin] as number);
      result.weightSquares += count;
    }
    return result;
  }

  #take(taken: Cell, bin: number, units: BinUnits): void {
    const columns = this.#columns;
    const cell = within(taken, units);
    columns.add(column.count, bin, cell.count);
    this.#addSum(bin, lowUnitsOf(cell, units.perLowUnit));
    this.#addSquares(bin, Math.round(squaresOf(cell, units)));
    if (cell.targetCount === 0) return;
    columns.add(column.targetCount, bin, cell.targetCount);
    columns.addPair(column.targetHigh, targetUnit, bin, cell.targetHigh, cell.targetLow);
  }

  #addSquares(bin: number, squares: number): void {
    const high = Math.floor(squares / squaresUnit);
    this.#columns.addPair(column.squaresHigh, squaresUnit, bin, high, squares - high * squaresUnit);
  }

  #addSum(bin: number, lowUnits: number): void {
    const high = Math.floor(lowUnits * perUnit);
    this.#columns.addPair(column.sumHigh, lowUnit, bin, high, lowUnits - high * lowUnit);
  }

  /** A view: the weighted count of the values in each bin. */
  get counts(): Float64Array {
    return this.#columns.column(column.count);
  }

  totalTargets(): TargetSum {
    return totalTargetsOf(this.#columns, column);
  }

  /** Whether it has no value. */
  get isEmpty(): boolean {
    return this.counts.every((count) => count === 0);
  }

  copy(): BinCounts {
    const copy = this.empty();
    copy.merge(this);
    return copy;
  }

  /** A new one with as many bins and nothing in them. */
  empty(): BinCounts {
    return BinCounts.zero(this.#columns.bins);
  }

  merge(other: BinCounts): void {
    this.#columns.merge(other.#columns);
    this.weightSquares += other.weightSquares;
  }

  /** Takes away what was merged before. */
  subtract(other: BinCounts): void {
    this.#columns.subtract(other.#columns);
    this.weightSquares -= other.weightSquares;
  }

  /** The weighted sum of the values in each bin, in the feature's unit. */
  sums(bins: NumericBins): Float64Array {
    return Float64Array.from(unitsOf(bins), (units, bin) => this.#sumOver(units, bin, 1));
  }

  /** The sums about the bins' anchors, and how far they may be from those of the values as they came. */
  offsets(bins: NumericBins): BinOffsets {
    const units = unitsOf(bins);
    const counts = this.counts;
    const offsets = new Float64Array(units.length);
    const offsetsWithin = new Float64Array(units.length);
    for (let bin = 0; bin < counts.length; bin++) {
      const count = counts[bin] as number;
      if (count === 0) continue;
      const own = units[bin] as BinUnits;
      const offset = this.#sumOver(own, bin, 1) - count * own.anchor;
      offsets[bin] = offset;
      offsetsWithin[bin] = bins.edges.length === 0 ? Number.NaN : offsetWithin(count, offset, own);
    }
    return { offsets, offsetsWithin };
  }

  /** In this order, as a sum may be too large for a double where its quotient is not. */
  #sumOver({ magnitude, perLowUnit }: BinUnits, bin: number, divisor: number): number {
    const { bins, values } = this.#columns;
    const high = (values[column.sumHigh * bins + bin] as number) / divisor;
    const low = (values[column.sumLow * bins + bin] as number) / divisor;
    return high * magnitude + low / perLowUnit;
  }

  /** The events' targets by bin. */
  targets(): BinTargets {
    return targetsOf(this.#columns, column);
  }

  /** The values of each bin as a group, for pooled moments and quantiles. */
  groups(bins: NumericBins): Group[] {
    const { counts } = this;
    const squares = this.#columns.pair(column.squaresHigh, squaresUnit);
    return unitsOf(bins).map((units, bin) => {
      const { anchor, scale } = units;
      const count = counts[bin] as number;
      const mean = this.#sumOver(units, bin, count);
      const square = ((squares[bin] as number) / count / perSquareUnit) * scale * scale;
      const lower = bin === 0 ? Number.NEGATIVE_INFINITY : (bins.edges[bin - 1] as number);
      const upper = bins.edges[bin] ?? Number.POSITIVE_INFINITY;
      return { count, mean, variance: Math.max(0, square - (mean - anchor) ** 2), lower, upper };
    });
  }

  /** Everything as plain numbers, for a file that people can read. */
  get columns(): BinColumns {
    return { ...this.#columns.named(column), weightSquares: this.weightSquares };
  }

  /** What `columns` said. @throws RangeError where the arrays are not of one length */
  static of(columns: BinColumns): BinCounts {
    const result = new BinCounts(Columns.of(layout, column, columns));
    result.weightSquares = columns.weightSquares;
    return result;
  }

  encode(writer: Writer): void {
    this.#columns.encode(writer);
    writer.amount(this.weightSquares);
  }

  static decode(reader: Reader): BinCounts {
    return BinCounts.combineEncoded(null, reader, 1);
  }

  /**
   * Adds what was encoded, or with the sign -1 takes it away.
   * @param into null: there is none yet
   */
  static combineEncoded(into: BinCounts | null, reader: Reader, sign: 1 | -1): BinCounts {
    const columns = Columns.combineEncoded(layout, into === null ? null : into.#columns, reader, sign);
    const result = into ?? new BinCounts(columns);
    result.weightSquares += sign * reader.amount();
    return result;
  }
}

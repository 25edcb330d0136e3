// What a pane keeps of the values in frozen bins: by part of a bin their count and sum, by bin the sum of their events'
// targets, and the squares of all. Everything but the squares is exact: however values are split over panes, what is merged is
// the same bit by bit.
//
// The sum of a part. Let M be a power of two that no finite edge and no length of the part exceeds. The sum is kept as
// `high` x M + `low` x M 2^-36, with 0 <= low < 2^36. A sketch knows of each cell the weight W of its values, where they
// begin (`start`, an integer number of steps from zero) and the weighted sum of their positions P, in steps: their sum is
// (W start + P) steps. A step is a power of two; where it is at least M 2^-36, that is a multiple of 2^-8 of the unit, exact
// up to a weight of 2^25 in a cell. Where it is less (values below M 2^-17), values are taken as their bucket's origin, and
// that is rounded to the unit once for all of them. So every value adds what its cell alone decides, and the split cannot
// show. The high part is exact while the weighted sum of |value| / M stays below 2^53.
//
// Squares are rounded to integers of their unit once for each cell of a pane, and add up exactly from there on. Values of an
// open part that lie further than 2^30 lengths from its anchor (for squares: 2^24 spreads) are taken as that far: a wrong one
// would leave no room for others.
import type { Group, Moments } from "../stats/groups.ts";
import { binGroups, binMoments, partSums, type Squares, squaresUnit } from "./bin-groups.ts";
import { type PartOffsets, partOffsets } from "./bin-offsets.ts";
import { addToPart, partColumns, partWidth } from "./bin-parts.ts";
import { type BinUnits, farthestIn, lowUnit, lowUnitsOf, squaresFrom, squaresOf, unitsOf, within } from "./bin-units.ts";
import { binOf, binsIn, type NumericBins } from "./bins.ts";
import type { Reader, Writer } from "./bytes.ts";
import { Columns, type Layout } from "./columns.ts";
import type { NumberSketch } from "./sketch.ts";
import { type Cell, cellUpper } from "./sketch-cell.ts";
import { type BinTargets, TargetSum, targetUnit } from "./target.ts";
import { targetColumns, targetLayout, targetsOf, totalTargetsOf } from "./target-columns.ts";

const partLayout: Layout = {
  columns: partWidth,
  pairs: [{ high: partColumns.sumHigh, unit: lowUnit }],
};

/** Everything that is kept, as plain numbers: of each part, of each bin, and of all values. */
export interface BinColumns
  extends Readonly<Record<keyof typeof partColumns, readonly number[]>>,
    Readonly<Record<keyof typeof targetColumns, readonly number[]>> {
  readonly squaresHigh: number;
  readonly squaresLow: number;
  /** Sum of the squared weights. */
  readonly weightSquares: number;
}

/**
 * Behind the parts' columns are, of all values: the sum of their squared weights, and their squares about one anchor, which are
 * `high` x 2^50 + `low` units, 0 <= low < 2^50. Then, once an event has had one, the columns of targets.
 */
const [weightSquaresAt, squaresHighAt, squaresLowAt, sumsOfAll] = [0, 1, 2, 3];

export class BinCounts {
  readonly bins: NumericBins;
  /** Everything. One array, as an object or array more would take as much memory as some dozen numbers. */
  #numbers: Float64Array;

  private constructor(bins: NumericBins, numbers: Float64Array) {
    this.bins = bins;
    this.#numbers = numbers;
  }

  static zero(bins: NumericBins): BinCounts {
    return new BinCounts(bins, new Float64Array(partsIn(bins) * partWidth + sumsOfAll));
  }

  get #parts(): Columns {
    return new Columns(partLayout, partsIn(this.bins), this.#numbers);
  }

  /** Where the sums of all values begin. */
  get #ofAll(): number {
    return partsIn(this.bins) * partWidth;
  }

  get #hasTargets(): boolean {
    return this.#numbers.length > this.#ofAll + sumsOfAll;
  }

  /** Room for them is made when they are asked for. */
  get #targets(): Columns {
    const at = this.#ofAll + sumsOfAll;
    const bins = binsIn(this.bins);
    if (!this.#hasTargets) {
      const numbers = new Float64Array(at + targetLayout.columns * bins);
      numbers.set(this.#numbers);
      this.#numbers = numbers;
    }
    return new Columns(targetLayout, bins, this.#numbers, at);
  }

  /** Sum of the squared weights of all values: with the counts it says how many events of equal weight they are worth. */
  get weightSquares(): number {
    return this.#numbers[this.#ofAll + weightSquaresAt] as number;
  }

  #addWeightSquares(amount: number): void {
    const at = this.#ofAll + weightSquaresAt;
    this.#numbers[at] = (this.#numbers[at] as number) + amount;
  }

  get #squares(): Squares {
    const at = this.#ofAll;
    return { high: this.#numbers[at + squaresHighAt] as number, low: this.#numbers[at + squaresLowAt] as number };
  }

  /** Counts in bins from a sketch whose cells each lie in one part. */
  static from(sketch: NumberSketch, bins: NumericBins): BinCounts {
    const result = BinCounts.zero(bins);
    result.#addWeightSquares(sketch.weightSquares);
    const units = unitsOf(bins);
    sketch.asPanesHave(bins).visit((cell) => {
      const part = bins.given ? cell.slice : binOf(bins.parts, cellUpper(cell));
      result.#take(cell, part, units);
    });
    return result;
  }

  /**
   * Counts of which the sums are known as numbers, each value with the weight 1 and none with a target.
   * @param counts by part, as the others are
   * @param squares of the values about their part's anchor
   */
  static ofSums(bins: NumericBins, counts: readonly number[], sums: readonly number[], squares: readonly number[]): BinCounts {
    const result = BinCounts.zero(bins);
    const units = unitsOf(bins);
    const { anchors, magnitudes } = units.parts;
    for (const [part, anchor] of anchors.entries()) {
      const [count, sum] = [counts[part] as number, sums[part] as number];
      addToPart(result.#numbers, partsIn(bins), part, count, Math.round(sum * (lowUnit / (magnitudes[part] as number))));
      const shift = anchor - units.squares.anchor;
      const about = (squares[part] as number) + 2 * shift * (sum - count * anchor) + count * shift * shift;
      result.#addSquares(Math.round(about / squaresFrom(1, units.squares)));
      result.#addWeightSquares(count);
    }
    return result;
  }

  #take(taken: Cell, part: number, { parts, squares }: BinUnits): void {
    const cell = within(taken, farthestIn(parts, part));
    addToPart(this.#numbers, parts.anchors.length, part, cell.count, lowUnitsOf(cell, parts.magnitudes[part] as number));
    this.#addSquares(Math.round(squaresOf(cell, squares)));
    if (cell.targetCount === 0) return;
    const bin = this.bins.binOfPart[part] as number;
    const targets = this.#targets;
    targets.add(targetColumns.targetCount, bin, cell.targetCount);
    targets.addPair(targetColumns.targetHigh, targetUnit, bin, cell.targetHigh, cell.targetLow);
  }

  #addSquares(squares: number): void {
    const high = Math.floor(squares / squaresUnit);
    this.#combineSquares(high, squares - high * squaresUnit, 1);
  }

  #combineSquares(high: number, low: number, sign: 1 | -1): void {
    const numbers = this.#numbers;
    const at = this.#ofAll;
    const rest = (numbers[at + squaresLowAt] as number) + sign * low;
    const carried = rest >= squaresUnit ? 1 : rest < 0 ? -1 : 0;
    numbers[at + squaresLowAt] = rest - carried * squaresUnit;
    numbers[at + squaresHighAt] = (numbers[at + squaresHighAt] as number) + sign * high + carried;
  }

  /** The weighted count of the values in each bin. */
  get counts(): Float64Array {
    const counts = new Float64Array(binsIn(this.bins));
    const { binOfPart } = this.bins;
    for (let part = 0; part < binOfPart.length; part++) {
      const bin = binOfPart[part] as number;
      counts[bin] = (counts[bin] as number) + (this.#numbers[part] as number);
    }
    return counts;
  }

  /** A view: the weighted count of the values in each part. */
  get partCounts(): Float64Array {
    return this.#numbers.subarray(0, partsIn(this.bins));
  }

  /** The events' targets by bin. */
  targets(): BinTargets {
    return targetsOf(this.#targets, targetColumns);
  }

  totalTargets(): TargetSum {
    return this.#hasTargets ? totalTargetsOf(this.#targets, targetColumns) : new TargetSum();
  }

  /** Whether it has no value. */
  get isEmpty(): boolean {
    return this.partCounts.every((count) => count === 0);
  }

  copy(): BinCounts {
    return new BinCounts(this.bins, this.#numbers.slice());
  }

  /** Adds all of another of the same bins. */
  merge(other: BinCounts): void {
    this.#parts.merge(other.#parts);
    if (other.#hasTargets) this.#targets.merge(other.#targets);
    const { high, low } = other.#squares;
    this.#combineSquares(high, low, 1);
    this.#addWeightSquares(other.weightSquares);
  }

  /** The weighted sum of the values in each part, in the feature's unit. */
  sums(): Float64Array {
    return partSums(this.#numbers, this.bins);
  }

  /** The counts and the sums about the parts' anchors, and how far these may be from those of the values as they came. */
  partOffsets(): PartOffsets {
    return partOffsets(this.#numbers, unitsOf(this.bins).parts);
  }

  /** The values of each part as a group. */
  groups(): Group[] {
    return binGroups(this.#numbers, this.bins, this.#squares);
  }

  /** Of all values. */
  moments(): Moments {
    return binMoments(this.#numbers, this.bins, this.#squares);
  }

  /** Everything as plain numbers, for a file that people can read. */
  get columns(): BinColumns {
    const { high, low } = this.#squares;
    const sums = { squaresHigh: high, squaresLow: low, weightSquares: this.weightSquares };
    return { ...this.#parts.named(partColumns), ...this.#targets.named(targetColumns), ...sums };
  }

  /** What `columns` said. @throws RangeError where the arrays are not as long as these bins have parts or bins */
  static of(bins: NumericBins, columns: BinColumns): BinCounts {
    const parts = Columns.of(partLayout, partColumns, columns);
    const targets = Columns.of(targetLayout, targetColumns, columns);
    if (parts.bins !== partsIn(bins) || targets.bins !== binsIn(bins)) {
      throw new RangeError(`${parts.bins} parts and ${targets.bins} bins`);
    }
    const result = BinCounts.zero(bins);
    result.#parts.merge(parts);
    result.#targets.merge(targets);
    result.#addWeightSquares(columns.weightSquares);
    result.#combineSquares(columns.squaresHigh, columns.squaresLow, 1);
    return result;
  }

  encode(writer: Writer): void {
    this.#parts.encode(writer);
    const some = this.#hasTargets && this.#targets.values.some((value) => value !== 0);
    writer.boolean(some);
    if (some) this.#targets.encode(writer);
    const { high, low } = this.#squares;
    writer.amount(high);
    writer.amount(low);
    writer.amount(this.weightSquares);
  }

  static decode(reader: Reader, bins: NumericBins): BinCounts {
    const result = BinCounts.zero(bins);
    result.combineEncoded(reader, 1);
    return result;
  }

  /** Adds what was encoded, or with the sign -1 takes it away. */
  combineEncoded(reader: Reader, sign: 1 | -1): void {
    this.#parts.combineEncoded(reader, sign);
    if (reader.boolean()) this.#targets.combineEncoded(reader, sign);
    const [high, low] = [reader.amount(), reader.amount()];
    this.#combineSquares(high, low, sign);
    this.#addWeightSquares(sign * reader.amount());
  }
}

function partsIn({ parts }: Pick<NumericBins, "parts">): number {
  return parts.length + 1;
}

// What a pane keeps of texts by a frozen dictionary: by name, then for other and for unseen, the weighted count and the sum
// of the events' targets. Exact in any order and split.
import type { Reader, Writer } from "./bytes.ts";
import type { Categories } from "./categories.ts";
import { Columns, type Layout } from "./columns.ts";
import type { Dictionary } from "./dictionary.ts";
import { type BinTargets, noTarget, type TargetSum, targetUnit } from "./target.ts";
import { targetsOf, totalTargetsOf } from "./target-columns.ts";
import { squaredWeight } from "./weight.ts";

const column = { count: 0, targetCount: 1, targetHigh: 2, targetLow: 3 } as const;
const layout: Layout = { columns: Object.keys(column).length, pairs: [{ high: column.targetHigh, unit: targetUnit }] };

/** Everything that is kept, as plain numbers. Each array has a number for every name, for other and for unseen. */
export type CategoryColumns = Readonly<Record<keyof typeof column, readonly number[]>> & {
  /** Sum of the squared weights of all values. */
  readonly weightSquares: number;
  /** Number of unseen values, whatever they weigh. */
  readonly unseenValues: number;
};

/** What values add to one bin. */
interface Added {
  readonly count: number;
  readonly values: number;
  readonly targets: Pick<TargetSum, "count" | "high" | "low">;
}

/** Before the columns are the sum of the squared weights of all values, and the number of unseen ones, whatever they weigh. */
const [weightSquaresAt, unseenAt, columnsAt] = [0, 1, 2];

export class CategoryCounts {
  /** Everything. One array, as an object or array more would take as much memory as some dozen numbers. */
  readonly #numbers: Float64Array;

  private constructor(numbers: Float64Array) {
    this.#numbers = numbers;
  }

  /** Nothing yet. @param bins names, and two more */
  static zero(bins: number): CategoryCounts {
    return new CategoryCounts(new Float64Array(columnsAt + layout.columns * bins));
  }

  static #ofColumns(columns: Columns): CategoryCounts {
    const result = CategoryCounts.zero(columns.bins);
    result.#columns.merge(columns);
    return result;
  }

  get #bins(): number {
    return (this.#numbers.length - columnsAt) / layout.columns;
  }

  get #columns(): Columns {
    return new Columns(layout, this.#bins, this.#numbers, columnsAt);
  }

  /** Sum of the squared weights of all values. */
  get weightSquares(): number {
    return this.#numbers[weightSquaresAt] as number;
  }

  /** Number of unseen values, whatever they weigh. */
  get unseen(): number {
    return this.#numbers[unseenAt] as number;
  }

  #addToAll(weightSquares: number, unseen: number): void {
    const numbers = this.#numbers;
    numbers[weightSquaresAt] = (numbers[weightSquaresAt] as number) + weightSquares;
    numbers[unseenAt] = (numbers[unseenAt] as number) + unseen;
  }

  static from(dictionary: Dictionary, { names, others, open }: Categories): CategoryCounts {
    const result = CategoryCounts.zero(names.length + 2);
    result.#addToAll(dictionary.weightSquares, 0);
    const columns = result.#columns;
    const other = names.length;
    const elsewhere = open ? other : other + 1;
    const places = new Map(names.map((name, index) => [name, index]));
    for (const [text, tally] of dictionary.tallies()) {
      result.#add(columns, places.get(text) ?? (others.has(text) ? other : elsewhere), tally);
    }
    result.#add(columns, elsewhere, dictionary.rest);
    return result;
  }

  /**
   * Adds one value.
   * @param bin a name's position, or of the two after them
   * @param weight what it counts for, as `quantisedWeight` has it
   * @param target of the event that it is a value of
   */
  add(bin: number, weight = 1, target: Readonly<TargetSum> = noTarget): void {
    this.#addToAll(squaredWeight(weight), 0);
    this.#add(this.#columns, bin, { count: weight, values: 1, targets: target });
  }

  #add(columns: Columns, bin: number, { count, values, targets }: Added): void {
    columns.add(column.count, bin, count);
    columns.add(column.targetCount, bin, targets.count);
    columns.addPair(column.targetHigh, targetUnit, bin, targets.high, targets.low);
    if (bin === columns.bins - 1) this.#addToAll(0, values);
  }

  /** A view: weighted counts by name, then of other, then of unseen. */
  get counts(): Float64Array {
    return this.#columns.column(column.count);
  }

  /** The events' targets, in the order of the counts. */
  targets(): BinTargets {
    return targetsOf(this.#columns, column);
  }

  totalTargets(): TargetSum {
    return totalTargetsOf(this.#columns, column);
  }

  /** Whether it has no value. */
  get isEmpty(): boolean {
    return this.counts.every((count) => count === 0);
  }

  copy(): CategoryCounts {
    return new CategoryCounts(this.#numbers.slice());
  }

  /** A new one with as many bins and nothing in them. */
  empty(): CategoryCounts {
    return CategoryCounts.zero(this.#bins);
  }

  merge(other: CategoryCounts): void {
    this.#columns.merge(other.#columns);
    this.#addToAll(other.weightSquares, other.unseen);
  }

  /** Everything as plain numbers, for a file that people can read. */
  get columns(): CategoryColumns {
    return { ...this.#columns.named(column), weightSquares: this.weightSquares, unseenValues: this.unseen };
  }

  /** What `columns` said. @throws RangeError where the arrays are not of one length */
  static of(columns: CategoryColumns): CategoryCounts {
    const result = CategoryCounts.#ofColumns(Columns.of(layout, column, columns));
    result.#addToAll(columns.weightSquares, columns.unseenValues);
    return result;
  }

  encode(writer: Writer): void {
    this.#columns.encode(writer);
    writer.amount(this.weightSquares);
    writer.unsigned(this.unseen);
  }

  static decode(reader: Reader): CategoryCounts {
    return CategoryCounts.combineEncoded(null, reader, 1);
  }

  /**
   * Adds what was encoded, or with the sign -1 takes it away.
   * @param into null: there is none yet
   */
  static combineEncoded(into: CategoryCounts | null, reader: Reader, sign: 1 | -1): CategoryCounts {
    const result = into ?? CategoryCounts.#ofColumns(Columns.decode(layout, reader));
    if (into !== null) into.#columns.combineEncoded(reader, sign);
    result.#addToAll(sign * reader.amount(), sign * reader.unsigned());
    return result;
  }
}

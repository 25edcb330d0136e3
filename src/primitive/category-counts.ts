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

export class CategoryCounts {
  weightSquares = 0;
  /** Number of unseen values, whatever they weigh. */
  unseen = 0;
  readonly #columns: Columns;

  private constructor(columns: Columns) {
    this.#columns = columns;
  }

  /** Nothing yet. @param bins names, and two more */
  static zero(bins: number): CategoryCounts {
    return new CategoryCounts(new Columns(layout, bins));
  }

  static from(dictionary: Dictionary, { names, others, open }: Categories): CategoryCounts {
    const result = CategoryCounts.zero(names.length + 2);
    result.weightSquares = dictionary.weightSquares;
    const other = names.length;
    const elsewhere = open ? other : other + 1;
    const places = new Map(names.map((name, index) => [name, index]));
    for (const [text, tally] of dictionary.tallies()) {
      result.#add(places.get(text) ?? (others.has(text) ? other : elsewhere), tally);
    }
    result.#add(elsewhere, dictionary.rest);
    return result;
  }

  /**
   * Adds one value.
   * @param bin a name's position, or of the two after them
   * @param weight what it counts for, as `quantisedWeight` has it
   * @param target of the event that it is a value of
   */
  add(bin: number, weight = 1, target: Readonly<TargetSum> = noTarget): void {
    this.weightSquares += squaredWeight(weight);
    this.#add(bin, { count: weight, values: 1, targets: target });
  }

  #add(bin: number, { count, values, targets }: Added): void {
    const columns = this.#columns;
    columns.add(column.count, bin, count);
    columns.add(column.targetCount, bin, targets.count);
    columns.addPair(column.targetHigh, targetUnit, bin, targets.high, targets.low);
    if (bin === columns.bins - 1) this.unseen += values;
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
    const copy = new CategoryCounts(this.#columns.copy());
    copy.weightSquares = this.weightSquares;
    copy.unseen = this.unseen;
    return copy;
  }

  /** A new one with as many bins and nothing in them. */
  empty(): CategoryCounts {
    return CategoryCounts.zero(this.#columns.bins);
  }

  merge(other: CategoryCounts): void {
    this.#columns.merge(other.#columns);
    this.weightSquares += other.weightSquares;
    this.unseen += other.unseen;
  }

  /** Everything as plain numbers, for a file that people can read. */
  get columns(): CategoryColumns {
    return { ...this.#columns.named(column), weightSquares: this.weightSquares, unseenValues: this.unseen };
  }

  /** What `columns` said. @throws RangeError where the arrays are not of one length */
  static of(columns: CategoryColumns): CategoryCounts {
    const result = new CategoryCounts(Columns.of(layout, column, columns));
    result.weightSquares = columns.weightSquares;
    result.unseen = columns.unseenValues;
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
    const columns = Columns.combineEncoded(layout, into === null ? null : into.#columns, reader, sign);
    const result = into ?? new CategoryCounts(columns);
    result.weightSquares += sign * reader.amount();
    result.unseen += sign * reader.unsigned();
    return result;
  }
}

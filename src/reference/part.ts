// What is counted of a part of all rows (everything, or a segment): by feature the values in bins with the sums and targets
// that belong to them, and the targets of all events. The same as the panes of the stream have of the same events.
import { BinCounts } from "../primitive/bin-counts.ts";
import { binOf } from "../primitive/bins.ts";
import { CategoryCounts } from "../primitive/category-counts.ts";
import { NumberSketch } from "../primitive/sketch.ts";
import { TargetSum } from "../primitive/target.ts";
import type { Distribution } from "./reference.ts";
import { looked, type Tally } from "./tally.ts";

export class Part {
  /** Counts of kinds and bins, where tallies have their places. */
  readonly row: Float64Array;
  /** Of all events, whatever features they have. */
  readonly targets = new TargetSum();
  /** By tally; null where there was no value. */
  readonly #numbers: (NumberSketch | null)[];
  readonly #texts: (CategoryCounts | null)[];

  /**
   * @param width of a row
   * @param features how many tallies there are
   */
  constructor(width: number, features: number) {
    this.row = new Float64Array(width);
    this.#numbers = new Array<NumberSketch | null>(features).fill(null);
    this.#texts = new Array<CategoryCounts | null>(features).fill(null);
  }

  /** Adds the text that was looked at, if it is in a bin. */
  addText(index: number, tally: Tally, weight: number, target: Readonly<TargetSum>): void {
    if (tally.frozen.bins !== null || looked.bin < 0) return;
    const texts = this.#texts[index] ?? CategoryCounts.zero(tally.bins);
    this.#texts[index] = texts;
    texts.add(looked.bin, weight, target);
  }

  /** Adds the number that was looked at, if it is in a bin. */
  addNumber(index: number, { frozen: { bins } }: Tally, value: number, weight: number, target: Readonly<TargetSum>): void {
    if (bins === null || looked.bin < 0) return;
    const numbers = this.#numbers[index] ?? new NumberSketch(bins.given ? "cut" : 0);
    this.#numbers[index] = numbers;
    numbers.add(value, weight, target, bins.given ? binOf(bins.parts, value) : 0);
  }

  /**
   * Everything of one feature.
   * @param row whose kinds it takes
   * @param numbers where they were added up elsewhere
   */
  distribution(index: number, tally: Tally, row = this.row, numbers = this.#numbers[index] ?? null): Distribution {
    const { bins } = tally.frozen;
    const binned = bins === null || numbers === null ? null : BinCounts.from(numbers, bins);
    return {
      kinds: tally.kinds(row),
      targets: this.targets,
      numbers: binned?.isEmpty === true ? null : binned,
      texts: this.#texts[index] ?? null,
    };
  }
}

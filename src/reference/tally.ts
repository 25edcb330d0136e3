// Where the values of one feature are counted when types and bins are known: by kind how many, by bin what they weigh.
import type { Frame } from "../event/frame.ts";
import { isOutput } from "../event/schema.ts";
import { kind, kindCount } from "../event/value.ts";
import { binOf, binsIn } from "../primitive/bins.ts";
import { categoryText } from "../primitive/category-text.ts";
import { type Frozen, increment, isOutside } from "./value-survey.ts";

/** Numbers nearer to zero lie in the bucket of zero, and so in its bin. */
const smallestNormal = 2.2250738585072014e-308;

/** Positions in a row: how many events there were, how many of them failed; then the parts of the features. */
const eventsAt = 0;
const failedAt = 1;
const featuresAt = 2;

/** Where a feature's values are counted: within a row the counts of kinds, then those of bins. */
export class Tally {
  readonly frozen: Frozen;
  readonly range: readonly [low: number, high: number] | undefined;
  readonly #kindsAt: number;
  readonly #bins: number;
  readonly #output: boolean;
  readonly #binOfText: ReadonlyMap<string, number>;
  readonly #elsewhere: number;

  /** @param at where in rows its part begins */
  constructor(frozen: Frozen, range: readonly [low: number, high: number] | undefined, at: number) {
    const { bins, categories } = frozen;
    this.frozen = frozen;
    this.range = range;
    this.#kindsAt = at;
    this.#output = isOutput(frozen.name);
    const names = categories?.names ?? [];
    this.#bins = bins === null ? names.length + 2 : binsIn(bins);
    const others = [...(categories?.others ?? [])].map((text): [string, number] => [text, names.length]);
    this.#binOfText = new Map([...names.map((text, index): [string, number] => [text, index]), ...others]);
    this.#elsewhere = categories?.open === true ? names.length : names.length + 1;
  }

  get end(): number {
    return this.#kindsAt + kindCount + this.#bins;
  }

  get isOutput(): boolean {
    return this.#output;
  }

  /** How many bins it has. */
  get bins(): number {
    return this.#bins;
  }

  /** Finds out the kind and bin of the value that a frame has at a slot. */
  look(frame: Frame, slot: number): void {
    const valueKind = frame.kinds[slot] as number;
    const { type, numbersAsTexts, bins } = this.frozen;
    looked.kind = valueKind;
    looked.bin = -1;
    if (valueKind === kind.number) {
      const value = frame.numbers[slot] as number;
      if (this.range !== undefined && isOutside(value, this.range)) looked.kind = kind.outOfRange;
      else if (bins !== null) looked.bin = binOf(bins.edges, bins.given || Math.abs(value) >= smallestNormal ? value : 0);
      else if (numbersAsTexts) looked.bin = this.#textBin(String(value));
    } else if (type === "categorical" && (valueKind === kind.string || valueKind === kind.boolean)) {
      looked.bin = this.#textBin(categoryText(frame.texts[slot] as string));
    }
  }

  #textBin(text: string): number {
    return this.#binOfText.get(text) ?? this.#elsewhere;
  }

  /** Counts in a row what was looked at. @param weight of its event */
  count(row: Float64Array, weight: number): void {
    increment(row, this.#kindsAt + looked.kind);
    if (looked.bin >= 0) increment(row, this.#kindsAt + kindCount + looked.bin, weight);
  }

  /** Counts of kinds, a view of the row; those of events that came without the feature are known only now. */
  kinds(row: Float64Array): Float64Array {
    const kinds = row.subarray(this.#kindsAt, this.#kindsAt + kindCount);
    const expected = (row[eventsAt] as number) - (this.#output ? (row[failedAt] as number) : 0);
    kinds[kind.absent] = 0;
    const present = kinds.reduce((sum, count) => sum + count, 0);
    kinds[kind.absent] = Math.max(0, expected - present);
    return kinds;
  }

  /** Weighted counts by bin, a view of the row: there is one of these for every hour. */
  counts(row: Float64Array): Float64Array {
    return row.subarray(this.#kindsAt + kindCount, this.end);
  }
}

/** Where a value lies: set by `look`. A bin of -1 is none. */
export const looked = { kind: 0, bin: -1 };

/** Tallies of all features, one after another in rows. */
export function tallies(
  frozen: readonly Frozen[],
  rangeOf: (name: string) => Tally["range"],
): { tallies: Tally[]; width: number } {
  let width = featuresAt;
  const made = frozen.map((one) => {
    const tally = new Tally(one, rangeOf(one.name), width);
    width = tally.end;
    return tally;
  });
  return { tallies: made, width };
}

export function countEvent(row: Float64Array, frame: Frame): void {
  increment(row, eventsAt);
  if (frame.failed) increment(row, failedAt);
}

// Weighted counts of texts, with the sums of their events' targets, up to a limit of distinct texts; beyond it one sum for
// all others. Below the limit it is exact in any order.
import { type Reader, readAll, type Writer } from "./bytes.ts";
import { noTarget, TargetSum } from "./target.ts";
import { squaredWeight } from "./weight.ts";

/** What is known of a text. */
export class Tally {
  /** Sum of weights. */
  count = 0;
  /** Number of occurrences, whatever they weigh. */
  values = 0;
  readonly targets = new TargetSum();

  add(count: number, values: number, targets: Readonly<TargetSum>): void {
    this.count += count;
    this.values += values;
    if (targets.count > 0) this.targets.add(targets);
  }

  encode(writer: Writer): void {
    writer.amount(this.count);
    writer.unsigned(this.values);
    this.targets.encode(writer);
  }

  static decode(reader: Reader): Tally {
    const tally = new Tally();
    tally.count = reader.amount();
    tally.values = reader.unsigned();
    tally.targets.add(TargetSum.decode(reader));
    return tally;
  }
}

export class Dictionary {
  readonly limit: number;
  /** Sum of the squared weights of all occurrences. */
  weightSquares = 0;
  /** Of all texts that were not admitted. */
  rest = new Tally();
  readonly #tallies = new Map<string, Tally>();

  constructor(limit: number) {
    this.limit = limit;
  }

  get size(): number {
    return this.#tallies.size;
  }

  /** Occurrences of texts that were not admitted. */
  get overflow(): number {
    return this.rest.values;
  }

  /**
   * Adds one occurrence.
   * @param weight what it counts for, as `quantisedWeight` has it
   * @param target of the event that it is a value of
   * @returns false where the limit turned the text away
   */
  add(text: string, weight = 1, target: Readonly<TargetSum> = noTarget): boolean {
    this.weightSquares += weight === 1 ? 1 : squaredWeight(weight);
    return this.#add(text, weight, 1, target);
  }

  #add(text: string, count: number, values: number, targets: Readonly<TargetSum>): boolean {
    let known = this.#tallies.get(text);
    if (known === undefined) {
      if (this.#tallies.size >= this.limit) {
        this.rest.add(count, values, targets);
        return false;
      }
      known = new Tally();
      this.#tallies.set(text, known);
    }
    known.add(count, values, targets);
    return true;
  }

  tally(text: string): Readonly<Tally> | undefined {
    return this.#tallies.get(text);
  }

  /** The weighted count of a text. */
  count(text: string): number {
    return this.#tallies.get(text)?.count ?? 0;
  }

  totalTargets(): TargetSum {
    const total = new TargetSum();
    total.add(this.rest.targets);
    for (const { targets } of this.#tallies.values()) total.add(targets);
    return total;
  }

  /** The weight of all occurrences. */
  total(): number {
    let total = this.rest.count;
    for (const tally of this.#tallies.values()) total += tally.count;
    return total;
  }

  tallies(): Iterable<readonly [text: string, tally: Readonly<Tally>]> {
    return this.#tallies;
  }

  *entries(): Iterable<readonly [text: string, count: number]> {
    for (const [text, { count }] of this.#tallies) yield [text, count];
  }

  /** The texts by falling count, ties in code unit order. */
  commonest(): (readonly [text: string, count: number])[] {
    return [...this.entries()].sort(([a, many], [b, few]) => few - many || compareText(a, b));
  }

  merge(other: Dictionary): void {
    this.weightSquares += other.weightSquares;
    this.rest.add(other.rest.count, other.rest.values, other.rest.targets);
    for (const [text] of other.commonest()) {
      const { count, values, targets } = other.#tallies.get(text) as Tally;
      this.#add(text, count, values, targets);
    }
  }

  encode(writer: Writer): void {
    writer.amount(this.weightSquares);
    this.rest.encode(writer);
    const sorted = [...this.#tallies].sort(([a], [b]) => compareText(a, b));
    writer.unsigned(sorted.length);
    for (const [text, tally] of sorted) {
      writer.text(text);
      tally.encode(writer);
    }
  }

  static decode(reader: Reader, limit: number): Dictionary {
    const squares = reader.amount();
    const rest = Tally.decode(reader);
    return Dictionary.of(
      readAll(reader, () => [reader.text(), Tally.decode(reader)] as const),
      rest,
      squares,
      limit,
    );
  }

  /** A dictionary of these texts, whatever the limit. */
  static of(tallies: Iterable<readonly [string, Tally]>, rest: Tally, weightSquares: number, limit: number): Dictionary {
    const dictionary = new Dictionary(limit);
    for (const [text, tally] of tallies) dictionary.#tallies.set(text, tally);
    dictionary.rest = rest;
    dictionary.weightSquares = weightSquares;
    return dictionary;
  }
}

/** Code unit order: the same everywhere, unlike a locale's. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

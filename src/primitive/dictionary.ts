// Counts of texts, up to a limit of distinct ones; beyond it a total. Below the limit it is exact in any order.
import { type Reader, readAll, type Writer } from "./bytes.ts";

export class Dictionary {
  readonly limit: number;
  /** Occurrences of texts that were not admitted. */
  overflow = 0;
  readonly #counts = new Map<string, { count: number }>();

  constructor(limit: number) {
    this.limit = limit;
  }

  get size(): number {
    return this.#counts.size;
  }

  /** @returns false where the limit turned the text away (its occurrences are in `overflow`) */
  add(text: string, count = 1): boolean {
    const known = this.#counts.get(text);
    if (known !== undefined) {
      known.count += count;
      return true;
    }
    if (this.#counts.size >= this.limit) {
      this.overflow += count;
      return false;
    }
    this.#counts.set(text, { count });
    return true;
  }

  count(text: string): number {
    return this.#counts.get(text)?.count ?? 0;
  }

  total(): number {
    let total = this.overflow;
    for (const entry of this.#counts.values()) total += entry.count;
    return total;
  }

  *entries(): Iterable<readonly [text: string, count: number]> {
    for (const [text, entry] of this.#counts) yield [text, entry.count];
  }

  /** The texts by falling count, ties in code unit order. */
  commonest(): (readonly [text: string, count: number])[] {
    return [...this.entries()].sort(([a, many], [b, few]) => few - many || compareText(a, b));
  }

  merge(other: Dictionary): void {
    this.overflow += other.overflow;
    for (const [text, count] of other.commonest()) this.add(text, count);
  }

  encode(writer: Writer): void {
    writer.unsigned(this.overflow);
    const sorted = [...this.entries()].sort(([a], [b]) => compareText(a, b));
    writer.unsigned(sorted.length);
    for (const [text, count] of sorted) {
      writer.text(text);
      writer.unsigned(count);
    }
  }

  static decode(reader: Reader, limit: number): Dictionary {
    const dictionary = new Dictionary(limit);
    const overflow = reader.unsigned();
    for (const [text, count] of readAll(reader, () => [reader.text(), reader.unsigned()] as const)) {
      dictionary.#counts.set(text, { count });
    }
    dictionary.overflow = overflow;
    return dictionary;
  }
}

/** Code unit order: the same everywhere, unlike a locale's. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

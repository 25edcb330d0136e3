// A frozen dictionary of categories, and counts by it: each named category, other (seen in the reference, not named)
// and unseen (never seen in the reference).
import { type Reader, readAll, type Writer } from "./bytes.ts";
import type { Dictionary } from "./dictionary.ts";

export const otherCategory = "__other__";
export const unseenCategory = "__unseen__";

export interface Categories {
  /** In page order. */
  readonly names: readonly string[];
  /** Further texts of the reference. */
  readonly others: ReadonlySet<string>;
  /** The reference had more distinct texts than could be remembered: what is not named counts as other. */
  readonly open: boolean;
}

/** Names of the bins of counts, in order. */
export function categoryBins(categories: Categories): string[] {
  return [...categories.names, otherCategory, unseenCategory];
}

const reserved: readonly string[] = [otherCategory, unseenCategory];

/** The commonest `most` texts of a dictionary as names, the rest as others, and so what is called like a bin of its own. */
export function chooseCategories(dictionary: Dictionary, most: number): Categories {
  const texts = dictionary.commonest().map(([text]) => text);
  const names = texts.filter((text) => !reserved.includes(text)).slice(0, most);
  return { names, others: new Set(texts.filter((text) => !names.includes(text))), open: dictionary.overflow > 0 };
}

export class CategoryCounts {
  /** By name, then other, then unseen. */
  readonly counts: Float64Array;

  constructor(names: number) {
    this.counts = new Float64Array(names + 2);
  }

  static from(dictionary: Dictionary, categories: Categories): CategoryCounts {
    const result = new CategoryCounts(categories.names.length);
    const other = categories.names.length;
    const elsewhere = categories.open ? other : other + 1;
    let named = 0;
    categories.names.forEach((name, index) => {
      const count = dictionary.count(name);
      result.counts[index] = count;
      named += count;
    });
    let others = 0;
    for (const [text, count] of dictionary.entries()) if (categories.others.has(text)) others += count;
    result.counts[other] = others;
    result.counts[elsewhere] = (result.counts[elsewhere] as number) + dictionary.total() - named - others;
    return result;
  }

  get unseen(): number {
    return this.counts.at(-1) as number;
  }

  merge(other: CategoryCounts): void {
    for (let index = 0; index < this.counts.length; index++) {
      this.counts[index] = (this.counts[index] as number) + (other.counts[index] as number);
    }
  }

  encode(writer: Writer): void {
    writer.unsigned(this.counts.length);
    for (const count of this.counts) writer.unsigned(count);
  }

  static decode(reader: Reader): CategoryCounts {
    const counts = readAll(reader, () => reader.unsigned());
    const result = new CategoryCounts(counts.length - 2);
    result.counts.set(counts);
    return result;
  }
}

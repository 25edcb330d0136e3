// The lines of one family on one page, encoded as they come. Both formats share the lines; only headers differ.
import { checkFamily, familyHeader } from "./family.ts";
import type { Format } from "./negotiate.ts";
import { numberText } from "./number-text.ts";
import type { Family, Series } from "./sample.ts";

/**
 * Characters that are collected before they become bytes: encoding is dear by the call, and one call has to stay well
 * under a millisecond since it cannot be interrupted.
 */
const chunkCharacters = 64 * 1024;

export class FamilyBlock {
  readonly family: Family;
  /** Series written: for a histogram each of its lines. */
  series = 0;
  /** Series refused because the block held one of the same name and labels. */
  duplicates = 0;
  readonly #seen = new Set<string>();
  readonly #shared = new Lines();
  readonly #textOnly = new Lines();

  constructor(family: Family) {
    checkFamily(family);
    this.family = family;
  }

  sample(series: Series, value: number): void {
    if (this.family.type === "histogram") throw new Error(`${this.family.name} is a histogram: it takes no single values`);
    if (Number.isNaN(value) || this.#isDuplicate(series)) return;
    this.#shared.add(series.prefix, value);
    this.series += 1;
  }

  histogram(series: Series, bounds: ArrayLike<number>, counts: ArrayLike<number>, sum: number): void {
    const prefixes = series.histogramPrefixes(bounds);
    if (counts.length !== prefixes.buckets.length) {
      throw new Error(`${this.family.name}: ${counts.length} counts for ${bounds.length} bounds`);
    }
    const total = totalOf(counts);
    if (Number.isNaN(total) || this.#isDuplicate(series)) return;
    this.#buckets(prefixes.buckets, counts);
    // OpenMetrics: no sum where a bound is negative (it is no counter then), and a count only beside a sum.
    const summable = !((bounds[0] ?? 0) < 0 || Number.isNaN(sum));
    const lines = summable ? this.#shared : this.#textOnly;
    if (!Number.isNaN(sum)) lines.add(prefixes.sum, sum);
    lines.add(prefixes.count, total);
    this.series += prefixes.buckets.length + (Number.isNaN(sum) ? 1 : 2);
  }

  #buckets(prefixes: readonly string[], counts: ArrayLike<number>): void {
    let cumulated = 0;
    for (let index = 0; index < prefixes.length; index += 1) {
      cumulated += counts[index] ?? 0;
      this.#shared.add(prefixes[index] ?? "", cumulated);
    }
  }

  #isDuplicate(series: Series): boolean {
    const before = this.#seen.size;
    if (this.#seen.add(series.prefix).size > before) return false;
    this.duplicates += 1;
    return true;
  }

  /** Nothing at all for a family without samples: a header alone tells a reader of the page nothing it could use. */
  encoded(format: Format): readonly Buffer[] {
    if (this.series === 0) return [];
    const header = Buffer.from(familyHeader(this.family, format));
    return [header, ...this.#shared.encoded(), ...(format === "text" ? this.#textOnly.encoded() : [])];
  }
}

function totalOf(counts: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < counts.length; index += 1) total += counts[index] ?? 0;
  return total;
}

/** Lines that become bytes by the chunk. */
class Lines {
  readonly #chunks: Buffer[] = [];
  #pending = "";

  add(prefix: string, value: number): void {
    this.#pending += `${prefix}${numberText(value)}\n`;
    if (this.#pending.length >= chunkCharacters) this.#encode();
  }

  encoded(): readonly Buffer[] {
    this.#encode();
    return this.#chunks;
  }

  #encode(): void {
    if (this.#pending === "") return;
    this.#chunks.push(Buffer.from(this.#pending));
    this.#pending = "";
  }
}

// One page of metrics: samples in any order become families, in the order in which their collectors declare them. It
// holds finished lines; it knows neither when nor for whom it is made.
import { namesOf } from "./family.ts";
import { FamilyBlock } from "./family-block.ts";
import type { Format } from "./negotiate.ts";
import type { Family, Page, Series } from "./sample.ts";

const openMetricsEnd = Buffer.from("# EOF\n");

export class TextPage {
  readonly #blocks = new Map<Family, FamilyBlock>();
  readonly #owners = new Map<string, Family>();

  /** Series on the page so far; a histogram counts each of its lines. */
  get series(): number {
    return this.#sum((block) => block.series);
  }

  /** The same by what they are there for, of those that there are, in the order of the page. */
  seriesBy(causeOf: (family: Family) => string): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { family, series } of this.#blocks.values()) {
      if (series > 0) counts.set(causeOf(family), (counts.get(causeOf(family)) ?? 0) + series);
    }
    return counts;
  }

  /** Series left out because the page held one of the same name and labels: the first stands. */
  get duplicates(): number {
    return this.#sum((block) => block.duplicates);
  }

  /**
   * Takes in a group of families and gives what their samples are written to. A family belongs to one group.
   * @throws where a family cannot be shown beside those that are there (then none of the group is)
   */
  open(families: readonly Family[]): Page {
    const group = new Map<Family, FamilyBlock>();
    try {
      for (const family of families) group.set(family, this.#claim(family));
    } catch (error) {
      this.drop([...group.keys()]);
      throw error;
    }
    return new Section(group);
  }

  /** Takes a group's families off the page with all their samples. */
  drop(families: readonly Family[]): void {
    for (const family of families) {
      this.#blocks.delete(family);
      for (const name of namesOf(family)) if (this.#owners.get(name) === family) this.#owners.delete(name);
    }
  }

  /** The body, as it is sent. */
  body(format: Format): Buffer {
    const parts = [...this.#blocks.values()].flatMap((block) => block.encoded(format));
    return Buffer.concat(format === "openmetrics" ? [...parts, openMetricsEnd] : parts);
  }

  #claim(family: Family): FamilyBlock {
    const block = new FamilyBlock(family);
    const names = namesOf(family);
    const taken = names.find((name) => this.#owners.has(name));
    if (taken !== undefined) throw new Error(`metric family ${family.name}: the name ${taken} is taken by another family`);
    for (const name of names) this.#owners.set(name, family);
    this.#blocks.set(family, block);
    return block;
  }

  #sum(of: (block: FamilyBlock) => number): number {
    let sum = 0;
    for (const block of this.#blocks.values()) sum += of(block);
    return sum;
  }
}

/** The part of a page that one group of families is written to. */
class Section implements Page {
  readonly #blocks: ReadonlyMap<Family, FamilyBlock>;

  constructor(blocks: ReadonlyMap<Family, FamilyBlock>) {
    this.#blocks = blocks;
  }

  sample(series: Series, value: number): void {
    this.#block(series.family).sample(series, value);
  }

  histogram(series: Series, bounds: ArrayLike<number>, counts: ArrayLike<number>, sum: number): void {
    this.#block(series.family).histogram(series, bounds, counts, sum);
  }

  #block(family: Family): FamilyBlock {
    const block = this.#blocks.get(family);
    if (block === undefined) throw new Error(`metric family ${family.name} is not among those that were declared`);
    return block;
  }
}

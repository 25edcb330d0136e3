// A collector of which only those families come onto the page that somebody reads. All of it is collected as always.
import type { Collector, Family, Page } from "../src/expose/sample.ts";

export class WantedFamilies implements Collector {
  readonly name: string;
  readonly families: readonly Family[];
  readonly #of: Collector;
  readonly #shown: ReadonlySet<Family>;

  /** @param wanted names of families */
  constructor(of: Collector, wanted: ReadonlySet<string>) {
    this.name = of.name;
    this.families = of.families.filter(({ name }) => wanted.has(name));
    this.#shown = new Set(this.families);
    this.#of = of;
  }

  collect(page: Page): Iterable<void> {
    return this.#of.collect({
      sample: (series, value) => {
        if (this.#shown.has(series.family)) page.sample(series, value);
      },
      histogram: (series, bounds, counts, sum) => {
        if (this.#shown.has(series.family)) page.histogram(series, bounds, counts, sum);
      },
    });
  }
}

// Collectors for tests: one that works, one that fails half way, one that can be held up.
import type { Collector, Family, Page } from "../../src/expose/sample.ts";
import { createSeries } from "../../src/expose/series.ts";

/** Emits gauges `<name>_ratio{number="0"}` and so on, yielding after each. */
export function gauges(name: string, count: number): Collector {
  const family = ratio(name);
  return {
    name,
    families: [family],
    *collect(page: Page) {
      for (let number = 0; number < count; number += 1) {
        page.sample(createSeries(family, [String(number)]), number);
        yield;
      }
    },
  };
}

export function failingHalfway(name: string): Collector {
  const family = ratio(name);
  return {
    name,
    families: [family],
    *collect(page: Page) {
      page.sample(createSeries(family, ["half"]), 1);
      yield;
      throw new Error("half way");
    },
  };
}

/** Waits before it collects until `go` is called. */
export function heldUp(name: string): Collector & { go(): void } {
  let go = () => {};
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  return { ...gauges(name, 1), prepare: () => gate, go: () => go() };
}

function ratio(name: string): Family {
  return { name: `${name}_ratio`, help: "A ratio.", type: "gauge", labels: ["number"] };
}

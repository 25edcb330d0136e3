// The samples of root causes: what the features that explain most of a change explain.
import type { Family, Page, Series } from "../expose/sample.ts";
import { createSeries } from "../expose/series.ts";
import type { Subject } from "./monitor.ts";
import { type Change, mostCauses } from "./root-cause.ts";

const contribution: Family = {
  name: "ml_root_cause_contribution",
  help: "What of the change of the metric's mean since the reference comes from other shares of the feature's values; the greatest five.",
  type: "gauge",
  labels: ["model", "version", "feature", "metric", "window"],
};

export const rootCauseFamilies: readonly Family[] = [contribution];

/** Makes the series of one version's window, each once. */
export class RootCauseSeries {
  readonly #subject: Subject;
  readonly #window: string;
  readonly #byName = new Map<string, Series>();

  constructor(subject: Subject, window: string) {
    this.#subject = subject;
    this.#window = window;
  }

  write({ metric, causes }: Change, page: Page): void {
    for (const { feature, mix } of causes.slice(0, mostCauses)) page.sample(this.#named(feature, metric), mix);
  }

  #named(feature: string, metric: string): Series {
    const key = `${metric} ${feature}`;
    let series = this.#byName.get(key);
    if (series === undefined) {
      const { model, version } = this.#subject;
      series = createSeries(contribution, [model, version, feature, metric, this.#window]);
      this.#byName.set(key, series);
    }
    return series;
  }
}

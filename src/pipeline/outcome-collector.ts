// Puts on the page what is known of outcomes: how many came, when the last one did, and what they were worth.
import type { Collector, Family, Page } from "../expose/sample.ts";
import { createSeries } from "../expose/series.ts";
import type { SeriesLimit } from "../expose/series-limit.ts";
import type { Fold } from "../state/fold.ts";
import { inUnits, type OutcomeTotals } from "../state/join.ts";
import { CounterBirths } from "./counter-births.ts";
import type { ModelCollectorOptions } from "./model-collector.ts";

const outcomes: Family = {
  name: "ml_outcomes_total",
  help: "Outcomes by what became of them; unjoined ones have not been matched with a prediction. The version is the one that the outcome names.",
  type: "counter",
  labels: ["model", "version", "state", "shard"],
};
const lastOutcome: Family = {
  name: "ml_last_outcome_timestamp_seconds",
  help: "Latest event time of an outcome.",
  type: "gauge",
  labels: ["model", "version"],
};
const value: Family = {
  name: "ml_business_value_total",
  help: "Sum of the positive values of outcomes by their unit.",
  type: "counter",
  labels: ["model", "version", "unit", "shard"],
};
const returned: Family = {
  name: "ml_business_value_returned_total",
  help: "Sum of the negative values of outcomes (refunds, chargebacks) by their unit, as a positive number.",
  type: "counter",
  labels: ["model", "version", "unit", "shard"],
};

/** Of a version, and of a unit of its value. */
const seriesEach = 2;

export class OutcomeCollector implements Collector {
  readonly name = "outcomes";
  readonly families: readonly Family[] = [outcomes, lastOutcome, value, returned];
  readonly #fold: Fold;
  readonly #limit: SeriesLimit;
  readonly #countersKnown: () => boolean;
  readonly #births: CounterBirths;
  /** Keys of what is on the page. */
  #admitted = new Set<string>();

  constructor(fold: Fold, limit: SeriesLimit, options: Pick<ModelCollectorOptions, "countersKnown" | "zeroMillis" | "now">) {
    this.#fold = fold;
    this.#limit = limit;
    this.#countersKnown = options.countersKnown;
    this.#births = new CounterBirths(options.zeroMillis, options.now);
  }

  *collect(page: Page): Iterable<void> {
    if (!this.#countersKnown()) return;
    const before = this.#admitted;
    this.#admitted = new Set();
    for (const [model, versions] of this.#fold.join.unjoined) {
      for (const [version, totals] of versions) this.#write(model, version, totals, page);
      yield;
    }
    for (const key of before) if (!this.#admitted.has(key)) this.#forget(key);
    this.#births.watch();
  }

  #write(model: string, version: string, totals: OutcomeTotals, page: Page): void {
    const key = `outcomes ${JSON.stringify([model, version])}`;
    if (!this.#admit(key)) return;
    page.sample(createSeries(outcomes, [model, version, "unjoined", "all"]), this.#births.isNew(key) ? 0 : totals.count);
    page.sample(createSeries(lastOutcome, [model, version]), totals.latestMillis / 1000);
    for (const [unit, { gained, returned: lost }] of totals.values) {
      const unitKey = `value ${JSON.stringify([model, version, unit])}`;
      if (!this.#admit(unitKey)) continue;
      const isNew = this.#births.isNew(unitKey);
      page.sample(createSeries(value, [model, version, unit, "all"]), isNew ? 0 : inUnits(gained));
      page.sample(createSeries(returned, [model, version, unit, "all"]), isNew ? 0 : inUnits(lost));
    }
  }

  #admit(key: string): boolean {
    const isIn = this.#limit.admit(key, seriesEach);
    if (isIn) this.#admitted.add(key);
    return isIn;
  }

  #forget(key: string): void {
    this.#limit.release(key);
    this.#births.forget(key);
  }
}

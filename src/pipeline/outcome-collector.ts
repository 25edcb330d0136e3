// Puts on the page what is known of outcomes: what became of them, when the last one came, and what they were worth.
import type { Collector, Family, Page, Series } from "../expose/sample.ts";
import { createSeries } from "../expose/series.ts";
import type { SeriesLimit } from "../expose/series-limit.ts";
import type { Fold } from "../state/fold.ts";
import type { JoinModel, JoinVersion } from "../state/join-model.ts";
import { inUnits, type OutcomeTotals } from "../state/outcome-totals.ts";
import { CounterBirths } from "./counter-births.ts";
import { JoinSeries, joinFamilies, joinSeriesEach, outcomes, pending } from "./join-series.ts";
import type { ModelCollectorOptions } from "./model-collector.ts";
import { isStale } from "./windows.ts";

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
  readonly families: readonly Family[] = [outcomes, lastOutcome, value, returned, ...joinFamilies];
  readonly #fold: Fold;
  readonly #limit: SeriesLimit;
  readonly #options: ModelCollectorOptions;
  readonly #births: CounterBirths;
  /** Keys of what is on the page. */
  #admitted = new Set<string>();
  /** By key: of versions and models that are on the page. */
  readonly #joined = new Map<string, JoinSeries>();
  readonly #pending = new Map<string, Series>();

  constructor(fold: Fold, limit: SeriesLimit, options: ModelCollectorOptions) {
    this.#fold = fold;
    this.#limit = limit;
    this.#options = options;
    this.#births = new CounterBirths(options.zeroMillis, options.now);
  }

  *collect(page: Page): Iterable<void> {
    if (!this.#options.countersKnown()) return;
    const before = this.#admitted;
    this.#admitted = new Set();
    const { totals, models } = this.#fold.join;
    for (const [model, versions] of totals.byModel) {
      const joined = models.has(model);
      for (const [version, ofVersion] of versions) this.#write(model, version, ofVersion, joined, page);
      yield;
    }
    for (const model of models.values()) {
      this.#writeModel(model, page);
      for (const version of model.versions.values()) this.#writeJoined(model, version, page);
      yield;
    }
    for (const key of before) if (!this.#admitted.has(key)) this.#forget(key);
    this.#births.watch();
  }

  #writeModel(model: JoinModel, page: Page): void {
    const key = `pending ${JSON.stringify(model.name)}`;
    if (!this.#admit(key, 1)) return;
    let series = this.#pending.get(key);
    if (series === undefined) {
      series = createSeries(pending, [model.name]);
      this.#pending.set(key, series);
    }
    page.sample(series, model.waiting);
  }

  #writeJoined(model: JoinModel, version: JoinVersion, page: Page): void {
    const { settings, frontierMillis } = this.#fold;
    const key = `joined ${JSON.stringify([model.name, version.version])}`;
    if (!this.#admit(key, joinSeriesEach + settings.windowsMillis.length)) return;
    let series = this.#joined.get(key);
    if (series === undefined) {
      series = new JoinSeries(model.name, version.version);
      this.#joined.set(key, series);
    }
    const absent = model.settingsUnder(settings)?.absent ?? null;
    series.writeCounters(version, page, absent !== null, this.#births.isNew(key));
    const isShown = (endMillis: number, windowMillis: number): boolean => {
      return !isStale({ endMillis, windowMillis }, this.#options.staleMillis(), this.#options.now());
    };
    if (Number.isNaN(frontierMillis)) return;
    for (const window of settings.windowsMillis) series.writeCoverage(version, window, frontierMillis, page, isShown);
  }

  /** @param joined whether outcomes of the model are joined: then there may be none that are not */
  #write(model: string, version: string, totals: OutcomeTotals, joined: boolean, page: Page): void {
    const key = `outcomes ${JSON.stringify([model, version])}`;
    if (!this.#admit(key, seriesEach)) return;
    if (!joined || totals.unjoined > 0) {
      const count = this.#births.isNew(key) ? 0 : totals.unjoined;
      page.sample(createSeries(outcomes, [model, version, "unjoined", "all"]), count);
    }
    page.sample(createSeries(lastOutcome, [model, version]), totals.latestMillis / 1000);
    for (const [unit, { gained, returned: lost }] of totals.values) {
      const unitKey = `value ${JSON.stringify([model, version, unit])}`;
      if (!this.#admit(unitKey, seriesEach)) continue;
      const isNew = this.#births.isNew(unitKey);
      page.sample(createSeries(value, [model, version, unit, "all"]), isNew ? 0 : inUnits(gained));
      page.sample(createSeries(returned, [model, version, unit, "all"]), isNew ? 0 : inUnits(lost));
    }
  }

  #admit(key: string, series: number): boolean {
    const isIn = this.#limit.admit(key, series);
    if (isIn) this.#admitted.add(key);
    return isIn;
  }

  #forget(key: string): void {
    this.#limit.release(key);
    this.#births.forget(key);
    this.#joined.delete(key);
    this.#pending.delete(key);
  }
}

// What a page says about itself: which collectors failed, how long it took, how many series it has.
import type { TextPage } from "./page.ts";
import type { Family, Series } from "./sample.ts";
import { createSeries } from "./series.ts";

const collectorSuccess: Family = {
  name: "ml_exporter_collector_success",
  help: "1 if the collector's metrics are on this page, 0 if it failed and they are left out.",
  type: "gauge",
  labels: ["collector"],
};
const scrapeDuration: Family = {
  name: "ml_exporter_scrape_duration_seconds",
  help: "Time that collecting this page took; it may be shared by scrapes of the same second.",
  type: "gauge",
  labels: [],
};
const duplicateSeries: Family = {
  name: "ml_exporter_duplicate_series",
  help: "Series left out of this page because it held one of the same name and labels; not 0 is a defect of the exporter.",
  type: "gauge",
  labels: [],
};
const seriesOnPage: Family = {
  name: "ml_exporter_series",
  help: "Series on this page.",
  type: "gauge",
  labels: [],
};
export const scrapeFamilies: readonly Family[] = [collectorSuccess, scrapeDuration, duplicateSeries, seriesOnPage];

export class ScrapeSamples {
  readonly #duration = createSeries(scrapeDuration, []);
  readonly #duplicates = createSeries(duplicateSeries, []);
  readonly #series = createSeries(seriesOnPage, []);
  readonly #success = new Map<string, Series>();

  /** Has to be the last to write: it counts what is there. */
  write(page: TextPage, successByCollector: ReadonlyMap<string, boolean>, durationSeconds: number): void {
    const section = page.open(scrapeFamilies);
    for (const [collector, succeeded] of successByCollector) section.sample(this.#successOf(collector), succeeded ? 1 : 0);
    section.sample(this.#duration, durationSeconds);
    section.sample(this.#duplicates, page.duplicates);
    const itself = 1;
    section.sample(this.#series, page.series + itself);
  }

  #successOf(collector: string): Series {
    const known = this.#success.get(collector);
    if (known !== undefined) return known;
    const made = createSeries(collectorSuccess, [collector]);
    this.#success.set(collector, made);
    return made;
  }
}

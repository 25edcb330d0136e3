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
  help: "Series on this page by what they are there for (docs/cost.md); their sum is the size of the page.",
  type: "gauge",
  labels: ["cause"],
};
export const scrapeFamilies: readonly Family[] = [collectorSuccess, scrapeDuration, duplicateSeries, seriesOnPage];

/** What series that a page has of itself are there for. */
const ownCause = "exporter";

export class ScrapeSamples {
  readonly #duration = createSeries(scrapeDuration, []);
  readonly #duplicates = createSeries(duplicateSeries, []);
  readonly #byCause = new Map<string, Series>();
  readonly #success = new Map<string, Series>();

  /**
   * Has to be the last to write: it counts what is there.
   * @param causes of the families of collectors
   */
  write(
    page: TextPage,
    successByCollector: ReadonlyMap<string, boolean>,
    durationSeconds: number,
    causes: ReadonlyMap<Family, string>,
  ): void {
    const section = page.open(scrapeFamilies);
    for (const [collector, succeeded] of successByCollector)
      section.sample(named(this.#success, collectorSuccess, collector), succeeded ? 1 : 0);
    section.sample(this.#duration, durationSeconds);
    section.sample(this.#duplicates, page.duplicates);
    const counts = page.seriesBy((family) => causes.get(family) ?? ownCause);
    for (const [cause, count] of counts) {
      const itself = cause === ownCause ? counts.size : 0;
      section.sample(named(this.#byCause, seriesOnPage, cause), count + itself);
    }
  }
}

/** The series of a family with one label, made once. */
function named(made: Map<string, Series>, family: Family, label: string): Series {
  let series = made.get(label);
  if (series === undefined) {
    series = createSeries(family, [label]);
    made.set(label, series);
  }
  return series;
}

// The client library's metrics of the process and of Node (`process_*`, `nodejs_*`), read as values and written to our
// page. Its own renderer is never called: its format is a state of the registry, and switching it corrupts names.
import { collectDefaultMetrics, type MetricObjectWithValues, type MetricValue, Registry } from "prom-client";
import type { Collector, Family, MetricType, Page } from "./sample.ts";
import { createSeries } from "./series.ts";

/** Left out, and why. */
const leftOut = [
  // Gauges called _total: promtool complains, and a rate() of them means nothing.
  "nodejs_active_handles_total",
  "nodejs_active_requests_total",
  "nodejs_active_resources_total",
  // From calls that Node has deprecated; nodejs_active_resources says the same.
  "nodejs_active_handles",
  "nodejs_active_requests",
  // Always the interval of its timer, and 292 years where no tick fell between two pages.
  "nodejs_eventloop_lag_min_seconds",
] as const;

type Metric = MetricObjectWithValues<MetricValue<string>>;
type NamedValue = MetricValue<string> & { readonly metricName?: string };

/** To be made once in a process: the library starts observers that it never stops. */
export class ProcessMetrics implements Collector {
  readonly name = "process";
  readonly #registry = new Registry();
  readonly #families = new Map<string, Family>();
  #metrics: readonly Metric[] = [];

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
    for (const name of leftOut) this.#registry.removeSingleMetric(name);
  }

  get families(): readonly Family[] {
    return [...this.#families.values()];
  }

  /** The library reads its values asynchronously only. */
  async prepare(): Promise<void> {
    const metrics: readonly Metric[] = await this.#registry.getMetricsAsJSON();
    this.#metrics = metrics.filter(({ values }) => values.length > 0);
    for (const metric of this.#metrics) if (!this.#families.has(metric.name)) this.#families.set(metric.name, familyOf(metric));
  }

  *collect(page: Page): Iterable<void> {
    for (const { name, values } of this.#metrics) {
      const family = this.#families.get(name);
      if (family !== undefined) (family.type === "histogram" ? writeHistograms : writeValues)(page, family, values);
    }
    yield;
  }
}

/** Label names are those of the first value: the library gives all values of a metric the same ones. */
function familyOf({ name, help, type, values }: Metric): Family {
  const labels = Object.keys(values[0]?.labels ?? {}).filter((label) => label !== "le");
  return { name, help, type: typeOf(name, String(type)), labels };
}

function typeOf(name: string, type: string): MetricType {
  if (type === "counter" || type === "gauge" || type === "histogram") return type;
  throw new Error(`${name} of the client library is a ${type}`);
}

function writeValues(page: Page, family: Family, values: readonly MetricValue<string>[]): void {
  for (const value of values) page.sample(createSeries(family, labelValuesOf(family, value)), value.value);
}

function labelValuesOf(family: Family, { labels }: MetricValue<string>): string[] {
  return family.labels.map((label) => String(labels[label] ?? ""));
}

interface HistogramValues {
  readonly labelValues: readonly string[];
  readonly bounds: number[];
  readonly cumulated: number[];
  sum: number;
}

/** The library's histograms are lists of finished lines: cumulated buckets (the last is +Inf), sum and count. */
function writeHistograms(page: Page, family: Family, values: readonly NamedValue[]): void {
  const histograms = new Map<string, HistogramValues>();
  for (const value of values) {
    const labelValues = labelValuesOf(family, value);
    const key = JSON.stringify(labelValues);
    const histogram = histograms.get(key) ?? { labelValues, bounds: [], cumulated: [], sum: Number.NaN };
    histograms.set(key, histogram);
    addLine(histogram, family, value);
  }
  for (const { labelValues, bounds, cumulated, sum } of histograms.values()) {
    const counts = cumulated.map((count, index) => count - (cumulated[index - 1] ?? 0));
    page.histogram(createSeries(family, labelValues), bounds, counts, sum);
  }
}

function addLine(histogram: HistogramValues, family: Family, { metricName, labels, value }: NamedValue): void {
  if (metricName === `${family.name}_sum`) histogram.sum = value;
  if (metricName !== `${family.name}_bucket`) return;
  histogram.cumulated.push(value);
  if (labels.le !== "+Inf") histogram.bounds.push(Number(labels.le));
}

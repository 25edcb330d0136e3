// A page that counts the series written to it, by model and by what they are there for, and keeps nothing else of them.
import type { Collector, Family, Page, Series } from "../expose/sample.ts";

/** Series of one model and cause. */
export interface SeriesCount {
  /** "" where they are of no model. */
  readonly model: string;
  readonly cause: string;
  /** As Prometheus counts: each bucket of a histogram is one. Those that come and go count as often as they are there. */
  series: number;
  /** Of these, lines of histograms, and how many histograms they are. */
  histogramLines: number;
  histograms: number;
}

/** How much of the time series of a cause and a length of windows are there, in (0, 1]. */
export type ShareOf = (cause: string, window: string | undefined) => number;

/** Sum and count, which a histogram has beside its buckets; and the bucket without a bound. */
const besideBounds = 3;

export class CountingPage implements Page {
  readonly counts = new Map<string, SeriesCount>();
  /** Families that had a series. */
  readonly families = new Set<Family>();
  /** Features by model, version and segment, as their windows are kept. */
  readonly #features = new Set<string>();
  #causeOf: (family: Family) => string = () => "";
  /** How many versions a series stands for. */
  readonly #versions: number;
  readonly #shareOf: ShareOf;

  /**
   * @param versions how many there are of each version that is written
   * @param shareOf how much of the time series are there
   */
  constructor(versions: number, shareOf: ShareOf) {
    this.#versions = versions;
    this.#shareOf = shareOf;
  }

  /** Features and outputs, once for each segment (all traffic is one) and version. */
  get featureSegments(): number {
    return this.#features.size * this.#versions;
  }

  /** Takes all that a collector has. */
  collect(collector: Collector): void {
    this.#causeOf = (family) => collector.causeOf?.(family) ?? collector.name;
    for (const _ of collector.collect(this));
  }

  sample(series: Series, value: number): void {
    if (Number.isNaN(value)) return;
    this.#add(series, 1, 0);
  }

  histogram(series: Series, bounds: ArrayLike<number>): void {
    this.#add(series, bounds.length + besideBounds, 1);
  }

  #add({ family, labelValues }: Series, lines: number, histograms: number): void {
    const labelled = (label: string): string | undefined => labelValues[family.labels.indexOf(label)];
    const model = labelled("model") ?? "";
    const cause = this.#causeOf(family);
    const times = (family.labels.includes("version") ? this.#versions : 1) * this.#shareOf(cause, labelled("window"));
    const count = countOf(this.counts, model, cause);
    count.series += lines * times;
    count.histogramLines += histograms === 0 ? 0 : lines * times;
    count.histograms += histograms * times;
    this.families.add(family);
    const [feature, segment] = [labelled("feature"), labelled("segment")];
    if (feature !== undefined && segment !== undefined) this.#features.add(JSON.stringify([model, segment, feature]));
  }
}

/** What is counted of a model and cause, begun where there was nothing. */
export function countOf(counts: Map<string, SeriesCount>, model: string, cause: string): SeriesCount {
  const key = JSON.stringify([model, cause]);
  let count = counts.get(key);
  if (count === undefined) {
    count = { model, cause, series: 0, histogramLines: 0, histograms: 0 };
    counts.set(key, count);
  }
  return count;
}

// The sample contract: what a collector of metrics says and what a page of them takes. Knows no model and no format.

export type MetricType = "counter" | "gauge" | "histogram";

/** A metric family. Stated once, beside the code that fills it; one collector fills it. */
export interface Family {
  /** Full name as scraped in text 0.0.4; counters end in `_total`. */
  readonly name: string;
  readonly help: string;
  readonly type: MetricType;
  /** Label names in the order in which label values are given. */
  readonly labels: readonly string[];
}

/**
 * One time series (for a histogram: one set of buckets) with its rendered prefix, made once by `createSeries` and kept
 * by the collector as long as the series lives, so that a scrape formats numbers only.
 */
export interface Series {
  readonly family: Family;
  readonly labelValues: readonly string[];
  /** What stands before the value, with the space: `name{label="value"} `. Two series are the same if this is. */
  readonly prefix: string;
  /** The prefixes of a histogram's lines, made once for each array of bounds: so pass the same array at each scrape. */
  histogramPrefixes(bounds: ArrayLike<number>): HistogramPrefixes;
}

export interface HistogramPrefixes {
  /** One more than there are bounds: the last is `le="+Inf"`. */
  readonly buckets: readonly string[];
  readonly sum: string;
  readonly count: string;
}

/** What a scrape is written to. A sample that is NaN is left out: no value is better than a wrong one. */
export interface Page {
  sample(series: Series, value: number): void;
  /**
   * @param bounds ascending upper bounds without +Inf
   * @param counts counts of each bucket, not cumulated; one more than `bounds` (the last is +Inf)
   */
  histogram(series: Series, bounds: ArrayLike<number>, counts: ArrayLike<number>, sum: number): void;
}

/** A group of families that is collected together and fails together. */
export interface Collector {
  readonly name: string;
  /** Every family that it may emit, in page order. */
  readonly families: readonly Family[];
  /** What series of a family are there for, to count them by; absent: all are there for what the collector is called. */
  causeOf?(family: Family): string;
  /** Awaited before `families` and `collect` where values can only be had asynchronously; has to settle soon. */
  prepare?(): Promise<void>;
  /** Writes the samples; yields now and then (about every thousand samples) so that the caller can let others run. */
  collect(page: Page): Iterable<void>;
}

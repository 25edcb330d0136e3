// What series cost: samples, memory and disk that follow from how many there are, and money by what somebody asks for these.
// Where the numbers come from: docs/cost.md.
import type { Offer } from "../config/schema/prices.ts";

const daySeconds = 86_400;
/** Providers bill by the month; all of them are taken to have as many days. */
const monthSeconds = 30 * daySeconds;
const secondsOfMinute = 60;
/** Of a series in Prometheus: its labels in the index and the samples of some hours, which are not on the disk yet. */
const prometheusBytes = { least: 4000, most: 8000 } as const;
/** Of the exporter: the text of a series, and the windows of a feature in a segment. */
const textBytes = 270;
const windowBytes = 32_768;
const gigabyte = 1e9;
const milliseconds = 1000;

export interface Usage {
  readonly series: number;
  /** In a month. */
  readonly samples: number;
  readonly prometheusBytes: { readonly least: number; readonly most: number };
}

export function usageOf(series: number, scrapeMillis: number): Usage {
  return {
    series,
    samples: (series * monthSeconds * milliseconds) / scrapeMillis,
    prometheusBytes: { least: series * prometheusBytes.least, most: series * prometheusBytes.most },
  };
}

/** At most, beside what the process takes without any model. */
export function exporterBytes(series: number, featureSegments: number): number {
  return series * textBytes + featureSegments * windowBytes;
}

/** In a month, with what is free taken off. */
export function costOf({ series, samples, prometheusBytes: { least, most } }: Usage, offer: Offer): number {
  let cost = 0;
  if (offer.series !== undefined) {
    const { per_thousand: price, free, included_per_minute: included } = offer.series;
    const perMinute = (samples / series / monthSeconds) * secondsOfMinute;
    const times = included === undefined || series === 0 ? 1 : Math.max(1, perMinute / included);
    cost += (Math.max(0, series * times - free) / 1000) * price;
  }
  if (offer.samples !== undefined) cost += (Math.max(0, samples - offer.samples.free) / 1e6) * offer.samples.per_million;
  if (offer.disk !== undefined) {
    const { per_gb: price, retention, bytes_per_sample: bytes } = offer.disk;
    const kept = (samples * retention) / (monthSeconds * milliseconds);
    cost += ((kept * bytes) / gigabyte) * price;
  }
  if (offer.memory !== undefined) cost += ((least + most) / 2 / gigabyte) * offer.memory.per_gb;
  return cost;
}

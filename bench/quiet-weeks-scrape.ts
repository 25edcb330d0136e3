// Pages of the exporter at every minute as samples in a file, with those of everything around it.
import { minuteMillis } from "../src/window/resolution.ts";
import { BackfillFile, seriesText } from "./backfill-file.ts";
import type { QuietExporter } from "./quiet-weeks-exporter.ts";
import { house, isAsked } from "./quiet-weeks-house.ts";
import type { NamedSelector } from "./quiet-weeks-rules.ts";
import { PageSamples, type Sample } from "./quiet-weeks-samples.ts";

/**
 * What is said of windows is asked for once an hour, when the last hour is closed: it takes most of the time of a page, and rules
 * ask of windows of a day, which move by the hour. All that they ask of shorter ones is the share of features that drift.
 */
const windowsEveryMinutes = 60;
const windowsAtMinute = 5;

export interface Scraped {
  /** Of the first page of all, from which what grows has grown. */
  readonly originMillis: number;
  readonly untilMillis: number;
}

/** @returns how many samples there are */
export async function scrape(
  exporter: QuietExporter,
  asked: readonly NamedSelector[],
  { originMillis, untilMillis }: Scraped,
  path: string,
): Promise<number> {
  const file = new BackfillFile(path);
  const samples = new PageSamples(asked);
  const around = house
    .filter((one) => isAsked(one, asked))
    .map(({ metric, labels, at }) => ({ series: seriesText({ __name__: metric, ...labels }), at }));
  let ofWindows: readonly Sample[] | null = null;
  while (exporter.clockMillis < untilMillis) {
    await exporter.passUntil(exporter.clockMillis + minuteMillis);
    const seconds = exporter.clockMillis / 1000;
    const minute = (exporter.clockMillis - originMillis) / minuteMillis;
    const plain = [...samples.of(await exporter.page(false))];
    if (ofWindows === null || minute % windowsEveryMinutes === windowsAtMinute) {
      const others = new Set(plain.map(({ series }) => series));
      ofWindows = [...samples.of(await exporter.page(true))].filter(({ series }) => !others.has(series));
    }
    for (const { series, value } of plain) file.add(series, value, seconds);
    for (const { series, value } of ofWindows) file.add(series, value, seconds);
    for (const { series, at } of around) file.add(series, String(at(minute, seconds)), seconds);
  }
  file.close();
  return file.samples;
}

/** Names of the exporter's families: those of a histogram's lines stand for the histogram. What the house has is not the exporter's. */
export function wantedFamilies(asked: readonly NamedSelector[]): Set<string> {
  const ofHouse = new Set(house.map(({ metric }) => metric));
  const names = asked.map(({ metric }) => metric).filter((metric) => !ofHouse.has(metric));
  return new Set(names.flatMap((name) => [name, name.replace(/_(bucket|count|sum)$/, "")]));
}

// What an exporter exports of itself and of its process: its own collectors asked, over logs in which nothing is.
import { setImmediate as immediate } from "node:timers/promises";
import type { Config } from "../config/schema.ts";
import { EventLoopLag } from "../expose/event-loop-lag.ts";
import { TextPage } from "../expose/page.ts";
import type { Collector, Family } from "../expose/sample.ts";
import { ScrapeSamples } from "../expose/scrape-samples.ts";
import { SeriesLimit } from "../expose/series-limit.ts";
import { Configuration } from "../pipeline/configuration.ts";
import { topicSettings } from "../pipeline/exporter.ts";
import { ExporterCollector } from "../pipeline/exporter-collector.ts";
import { foldSettings } from "../pipeline/fold-settings.ts";
import { Ingest } from "../pipeline/ingest.ts";
import type { Logger } from "../pipeline/logger.ts";
import { Progress } from "../pipeline/progress.ts";
import { Rejections } from "../pipeline/rejections.ts";
import { Snapshotter } from "../pipeline/snapshotter.ts";
import { MemorySource } from "../source/memory.ts";
import { simulatedLogs } from "../source/simulator.ts";
import type { Log } from "../source/source.ts";
import { DirectoryStore } from "../state/directory-store.ts";
import { Fold } from "../state/fold.ts";
import { minuteMillis } from "../window/resolution.ts";

const now = (): number => minuteMillis;
const quiet: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Collectors of models, which have nothing to say of an exporter without any; that they succeeded is said. */
const ofModels = ["models", "outcomes"];

/**
 * By cause.
 * @param modelCauses how many causes series of models have, each of which has a series of its own
 * @param ofProcess of this one, which runs as an exporter does: begun early enough that garbage of every kind has been collected since
 */
export async function ownSeries(
  config: Config,
  partitions: number,
  modelCauses: number,
  ofProcess: Collector,
): Promise<ReadonlyMap<string, number>> {
  // What is observed of the process is told in the next turn.
  await immediate();
  const page = new TextPage();
  const causes = new Map<Family, string>();
  const collectors: readonly Collector[] = [exporterCollector(config, partitions), ofProcess, new EventLoopLag(now)];
  for (const collector of collectors) {
    await collector.prepare?.();
    for (const family of collector.families) causes.set(family, collector.causeOf?.(family) ?? collector.name);
    const section = page.open(collector.families);
    for (const _ of collector.collect(section));
  }
  const names = [...ofModels, ...collectors.map(({ name }) => name)];
  new ScrapeSamples().write(page, new Map(names.map((name) => [name, true])), 0, causes);
  const counts = page.seriesBy((family) => causes.get(family) ?? "exporter");
  return counts.set("exporter", (counts.get("exporter") ?? 0) + modelCauses);
}

function exporterCollector(config: Config, partitions: number): ExporterCollector {
  const topics = topicSettings(config);
  const decode = () => ({ messageBytes: config.limits.message_bytes, futureMillis: config.defaults.future });
  const fold = new Fold(foldSettings(config));
  const rejections = new Rejections(quiet, now);
  const ingest = new Ingest(fold, { topics, decode, begin: () => ({ offset: 0 }), now }, quiet, rejections, () => undefined);
  for (const log of logsOf(config, [...topics.keys()], partitions)) ingest.start(log, { low: 0, end: 0 });
  fold.closeThrough(minuteMillis);
  const source = new MemorySource();
  const { idle, stuck, ahead } = config.source;
  const times = { idleMillis: idle, stuckMillis: stuck, aheadMillis: ahead, futureMillis: () => config.defaults.future, now };
  return new ExporterCollector({
    ingest,
    progress: new Progress(ingest, source, times, quiet),
    source,
    // It is asked when it saved last, and never to save.
    snapshotter: new Snapshotter(ingest, new DirectoryStore(config.state.directory), source, now(), now, quiet),
    limit: new SeriesLimit(config.limits.series),
    version: "",
    topics: [...topics.keys()],
    configuration: new Configuration(config, null, now()),
    countersKnown: () => true,
    now,
  });
}

/** Only of Kafka's topics it is not known how many partitions they have. */
function logsOf({ source }: Config, topics: readonly string[], partitions: number): readonly Log[] {
  if (source.simulator !== undefined) return simulatedLogs;
  const count = source.kafka === undefined ? 1 : partitions;
  return topics.flatMap((topic) => Array.from({ length: count }, (_, partition) => ({ topic, partition })));
}

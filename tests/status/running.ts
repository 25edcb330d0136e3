// A running exporter's status without sockets or disks: records in memory, a clock that only the test moves.
import { parseConfig } from "../../src/config/load.ts";
import { decoderFor } from "../../src/decode/index.ts";
import { SeriesLimit } from "../../src/expose/series-limit.ts";
import type { ConfigurationFile } from "../../src/expose/status-view.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { Ingest } from "../../src/pipeline/ingest.ts";
import { Progress } from "../../src/pipeline/progress.ts";
import { Rejections } from "../../src/pipeline/rejections.ts";
import { Status } from "../../src/pipeline/status.ts";
import { Windows } from "../../src/pipeline/windows.ts";
import { MemorySource } from "../../src/source/memory.ts";
import { Fold } from "../../src/state/fold.ts";

export const minute = 60_000;
export const hour = 60 * minute;
export const midnight = Date.parse("2026-03-01T00:00:00Z");
export const topic = "predictions";

const silent = { info: () => {}, warn: () => {}, error: () => {} };

export class Running {
  nowMillis = midnight;
  waiting: string[] = [];
  configuration: ConfigurationFile = {
    path: "exporter.yml",
    loadedMillis: midnight,
    error: null,
    failedMillis: null,
  };
  readonly snapshotter = { savedMillis: midnight, errors: 0 };
  readonly source = new MemorySource();
  readonly fold: Fold;
  readonly ingest: Ingest;
  readonly progress: Progress;
  readonly status: Status;

  /** @param yaml what is configured beside the source */
  constructor(yaml = "defaults: {windows: [1h, 5m], learn: 10m}") {
    const now = (): number => this.nowMillis;
    this.fold = new Fold(foldSettings(parseConfig(`source: {file: {paths: [none]}}\n${yaml}`, "test")));
    const topics = new Map([[topic, { decoder: decoderFor("native"), latenessMillis: minute }]]);
    const decode = { messageBytes: 100_000, futureMillis: 5 * minute };
    const rejections = new Rejections(silent, now);
    const begin = ({ low }: { low: number }) => ({ offset: low });
    const ingestOptions = { topics, decode: () => decode, begin, now, sliceMillis: Number.POSITIVE_INFINITY };
    this.ingest = new Ingest(this.fold, ingestOptions, silent, rejections, () => this.progress.advance());
    const progressOptions = {
      idleMillis: 30_000,
      stuckMillis: 10 * minute,
      aheadMillis: hour,
      futureMillis: () => 5 * minute,
      now,
    };
    this.progress = new Progress(this.ingest, this.source, progressOptions, silent);
    this.status = new Status({
      ingest: this.ingest,
      progress: this.progress,
      source: this.source,
      snapshotter: this.snapshotter,
      limit: new SeriesLimit(50_000),
      windows: new Windows(this.fold),
      rejections,
      topics: [topic],
      version: "1.2.3",
      startedMillis: midnight,
      saveMillis: 30_000,
      staleMillis: () => 15 * minute,
      waitingFor: () => this.waiting,
      configuration: { view: () => this.configuration },
      now,
    });
  }

  static async of(partitions: number, yaml?: string): Promise<Running> {
    const running = new Running(yaml);
    for (let partition = 0; partition < partitions; partition++) running.source.add({ topic, partition });
    await running.source.start(running.ingest);
    return running;
  }

  /** Writes records to a partition and reads them. */
  async write(partition: number, records: readonly (string | null)[]): Promise<void> {
    const log = { topic, partition };
    this.source.append(log, records);
    await this.source.deliver(log);
  }
}

export function prediction(timeMillis: number, more: object = {}): string {
  return JSON.stringify({ type: "prediction", model: "fraud", version: "1", time: timeMillis, ...more });
}

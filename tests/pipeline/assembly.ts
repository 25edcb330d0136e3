// Ingest and progress over a source in memory, with a clock that only the test moves. Every so often (a tick) the
// decisions that need a clock are taken, as the exporter does twice a second.
import { parseConfig } from "../../src/config/load.ts";
import { decoderFor } from "../../src/decode/index.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { Ingest, type LogStanding } from "../../src/pipeline/ingest.ts";
import { Progress } from "../../src/pipeline/progress.ts";
import { Rejections } from "../../src/pipeline/rejections.ts";
import { Writer } from "../../src/primitive/bytes.ts";
import { MemorySource } from "../../src/source/memory.ts";
import { type Log, type LogBounds, logKey, type Start } from "../../src/source/source.ts";
import { Fold } from "../../src/state/fold.ts";
import type { LogState } from "../../src/state/log-state.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/state/snapshot.ts";
import { hour, midnight, minute } from "./events.ts";
import { LogLines } from "./log-lines.ts";

export const topic = "t";
export const idleMillis = 30_000;
export const stuckMillis = 10 * minute;
export const aheadMillis = hour;
export const settings = foldSettings(parseConfig("source: {file: {paths: [none]}}\ndefaults: {windows: [5m, 1h]}", "test"));

/** A partition of the one topic. */
export const logAt = (partition: number): Log => ({ topic, partition });

export interface AssemblyOptions {
  readonly begin?: (bounds: LogBounds) => Start;
  readonly fold?: Fold;
  readonly source?: MemorySource;
  readonly clockMillis?: number;
  /** How long folding and closing go on before others get a turn; else whoever asks for it finds all of it done. */
  readonly sliceMillis?: number;
}

export class Assembly {
  clockMillis: number;
  readonly source: MemorySource;
  readonly log = new LogLines();
  readonly fold: Fold;
  readonly ingest: Ingest;
  readonly progress: Progress;

  constructor(options: AssemblyOptions = {}) {
    const { begin = ({ low }) => ({ offset: low }), sliceMillis = Number.POSITIVE_INFINITY } = options;
    const now = (): number => this.clockMillis;
    this.clockMillis = options.clockMillis ?? midnight;
    this.source = options.source ?? new MemorySource();
    this.fold = options.fold ?? new Fold(settings);
    const topics = new Map([[topic, { decoder: decoderFor("native"), latenessMillis: minute }]]);
    const decode = () => ({ messageBytes: 10_000, futureMillis: 5 * minute });
    const ingestOptions = { topics, decode, begin, now, sliceMillis };
    this.ingest = new Ingest(this.fold, ingestOptions, this.log, new Rejections(this.log, now), () => this.progress.advance());
    const progressOptions = { idleMillis, stuckMillis, aheadMillis, futureMillis: () => 5 * minute, now };
    this.progress = new Progress(this.ingest, this.source, progressOptions, this.log);
  }

  /** With some empty logs, and started. */
  static async of(partitions: number, options: AssemblyOptions = {}): Promise<Assembly> {
    const assembly = new Assembly(options);
    for (let partition = 0; partition < partitions; partition++) assembly.source.add(logAt(partition));
    await assembly.source.start(assembly.ingest);
    return assembly;
  }

  /** Writes records to a log and hands them over. */
  async write(log: Log, records: readonly (string | null)[]): Promise<void> {
    this.source.append(log, records);
    await this.source.deliver(log);
  }

  /** Lets time pass, a second at a time, with a look at the logs and a tick in each. */
  pass(millis: number): void {
    for (let passed = 0; passed < millis; passed += 1000) {
      this.clockMillis += 1000;
      this.source.look();
      this.progress.tick();
    }
  }

  /** Lets time pass without anyone looking at the logs. */
  passUnseen(millis: number): void {
    this.clockMillis += millis;
    this.progress.tick();
  }

  standing(log: Log): LogStanding {
    return this.ingest.standings.get(logKey(log)) as LogStanding;
  }

  state(log: Log): LogState {
    return this.fold.logs.get(logKey(log)) as LogState;
  }

  /** End of the last closed pane in minutes after midnight. */
  get frontierMinutes(): number {
    return (this.fold.frontierMillis - midnight) / minute;
  }

  /** Another process that goes on from a snapshot of this one, with the same source. */
  async restarted(): Promise<Assembly> {
    const loaded = decodeSnapshot(encodeSnapshot(this.fold, this.clockMillis), settings);
    if (!("fold" in loaded)) throw new Error(loaded.refused);
    await this.source.stop();
    return Assembly.of(0, { fold: loaded.fold, source: this.source, clockMillis: this.clockMillis });
  }
}

/** Everything that a fold's state is. */
export function stateText(fold: Fold): string {
  const writer = new Writer();
  fold.encode(writer);
  return Buffer.from(writer.bytes()).toString("base64");
}

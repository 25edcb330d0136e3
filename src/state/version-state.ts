// What is kept of one version of a model: totals since it was first seen, and panes by segment.
import type { RunEvent } from "../event/event.ts";
import type { Frame } from "../event/frame.ts";
import type { Schema } from "../event/schema.ts";
import { paneMonitors, totalsMonitors } from "../monitor/index.ts";
import type { AnyPaneMonitor, ModelSettings, Scope } from "../monitor/monitor.ts";
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { compareText } from "../primitive/dictionary.ts";
import { PaneLadder } from "../window/ladder.ts";
import type { Rung } from "../window/resolution.ts";

/** Panes of one segment: by monitor, those still open by start, and ladders of the closed. */
export class SegmentState {
  readonly scope: Scope;
  readonly open = new Map<number, unknown[]>();
  readonly ladders: readonly PaneLadder<unknown>[];
  #lastStart = Number.NaN;
  #lastOpen: unknown[] = [];

  constructor(scope: Scope, memories: readonly unknown[], rungs: readonly Rung[]) {
    this.scope = scope;
    this.ladders = paneMonitors.map((monitor, index) => new PaneLadder(monitor.monoid(memories[index]), rungs));
  }

  observe(startMillis: number, frame: Frame, memories: readonly unknown[], schema: Schema): void {
    const open = this.#lastStart === startMillis ? this.#lastOpen : this.#openAt(startMillis);
    for (let index = 0; index < paneMonitors.length; index++) {
      (paneMonitors[index] as AnyPaneMonitor).observe(open[index], frame, memories[index], schema, this.scope);
    }
  }

  /** Takes the open panes of one start away, to be closed. */
  take(startMillis: number): unknown[] | undefined {
    const open = this.open.get(startMillis);
    this.open.delete(startMillis);
    if (startMillis === this.#lastStart) {
      this.#lastStart = Number.NaN;
      this.#lastOpen = [];
    }
    return open;
  }

  #openAt(startMillis: number): unknown[] {
    let open = this.open.get(startMillis);
    if (open === undefined) {
      open = paneMonitors.map((monitor) => monitor.open());
      this.open.set(startMillis, open);
    }
    this.#lastStart = startMillis;
    this.#lastOpen = open;
    return open;
  }

  encode(writer: Writer, memories: readonly unknown[], schema: Schema): void {
    writer.text(this.scope);
    for (const ladder of this.ladders) ladder.encode(writer);
    writeAll(
      writer,
      [...this.open].sort(([a], [b]) => a - b),
      ([start, panes]) => {
        writer.integer(start);
        for (const [index, monitor] of paneMonitors.entries()) monitor.encodeOpen(panes[index], writer, memories[index], schema);
      },
    );
  }

  static decode(reader: Reader, memories: readonly unknown[], rungs: readonly Rung[], schema: Schema): SegmentState {
    const segment = new SegmentState(reader.text() as Scope, memories, rungs);
    for (const ladder of segment.ladders) ladder.decode(reader);
    const open = readAll(reader, () => [reader.integer(), decodeOpen(reader, memories, schema)] as const);
    for (const [start, panes] of open) segment.open.set(start, panes);
    return segment;
  }
}

function decodeOpen(reader: Reader, memories: readonly unknown[], schema: Schema): unknown[] {
  return paneMonitors.map((monitor, index) => monitor.decodeOpen(reader, memories[index], schema));
}

export class VersionState {
  readonly version: string;
  /** By totals monitor. */
  readonly totals: unknown[];
  /** By pane monitor: sums over closed panes. */
  readonly paneTotals: unknown[];
  /** "" is all traffic. */
  readonly segments = new Map<string, SegmentState>();
  /** The greatest event time; decides when a silent version is forgotten. */
  latestMillis = Number.NEGATIVE_INFINITY;

  constructor(version: string, settings: ModelSettings, memories: readonly unknown[], rungs: readonly Rung[]) {
    this.version = version;
    this.totals = totalsMonitors.map((monitor) => monitor.zero());
    this.paneTotals = paneMonitors.map((monitor) => monitor.createTotals(settings));
    this.segments.set("", new SegmentState("all", memories, rungs));
  }

  /** All traffic. */
  get all(): SegmentState {
    return this.segments.get("") as SegmentState;
  }

  count(frame: Frame, settings: ModelSettings): void {
    for (let index = 0; index < totalsMonitors.length; index++)
      totalsMonitors[index]?.count?.(this.totals[index], frame, settings);
    if (frame.timeMillis > this.latestMillis) this.latestMillis = frame.timeMillis;
  }

  run(event: RunEvent): void {
    for (const [index, monitor] of totalsMonitors.entries()) monitor.run?.(this.totals[index], event);
    if (event.timeMillis > this.latestMillis) this.latestMillis = event.timeMillis;
  }

  get hasOpenPanes(): boolean {
    return this.all.open.size > 0;
  }

  /** What depends on no settings. */
  encodeTotals(writer: Writer): void {
    writer.text(this.version);
    writer.float(this.latestMillis);
    for (const [index, monitor] of totalsMonitors.entries()) monitor.encode(this.totals[index], writer);
  }

  static decodeTotals(
    reader: Reader,
    settings: ModelSettings,
    memories: readonly unknown[],
    rungs: readonly Rung[],
  ): VersionState {
    const version = new VersionState(reader.text(), settings, memories, rungs);
    version.latestMillis = reader.float();
    for (const [index, monitor] of totalsMonitors.entries()) version.totals[index] = monitor.decode(reader);
    return version;
  }

  encodePanes(writer: Writer, memories: readonly unknown[], schema: Schema): void {
    for (const [index, monitor] of paneMonitors.entries()) monitor.encodeTotals(this.paneTotals[index], writer);
    writeAll(
      writer,
      [...this.segments].sort(([a], [b]) => compareText(a, b)),
      ([name, segment]) => {
        writer.text(name);
        segment.encode(writer, memories, schema);
      },
    );
  }

  decodePanes(reader: Reader, memories: readonly unknown[], rungs: readonly Rung[], schema: Schema): void {
    for (const [index, monitor] of paneMonitors.entries()) this.paneTotals[index] = monitor.decodeTotals(reader, schema);
    const read = () => [reader.text(), SegmentState.decode(reader, memories, rungs, schema)] as const;
    for (const [name, segment] of readAll(reader, read)) this.segments.set(name, segment);
  }
}

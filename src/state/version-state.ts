// What is kept of one version of a model: totals since it was first seen, and panes by segment.
import type { RunEvent } from "../event/event.ts";
import type { Frame } from "../event/frame.ts";
import type { Schema } from "../event/schema.ts";
import { paneMonitors, totalsMonitors } from "../monitor/index.ts";
import type { AnyPaneMonitor, ModelSettings, Scope } from "../monitor/monitor.ts";
import { type Reader, readAll, type Writer } from "../primitive/bytes.ts";
import { compareText } from "../primitive/dictionary.ts";
import { PaneLadder } from "../window/ladder.ts";
import type { Rung } from "../window/resolution.ts";
import type { JoinedPair } from "./joined-pair.ts";

/** Places of the monitors that take labels. */
const labelMonitors = [...paneMonitors.keys()].filter((index) => paneMonitors[index]?.label !== undefined);

/** By monitor; undefined where it has nothing in the pane. */
export type OpenPanes = (unknown | undefined)[];

/** Panes of one segment: those still open by start, and by monitor ladders of the closed. */
export class SegmentState {
  readonly scope: Scope;
  readonly open = new Map<number, OpenPanes>();
  readonly ladders: readonly PaneLadder<unknown>[];
  #lastStart = Number.NaN;
  #lastOpen: OpenPanes = [];
  /** Places of the monitors that want to see predictions, and of those that want to see them although they wait, under these settings. */
  #observing: readonly number[] = [];
  #observingWaiting: readonly number[] = [];
  #settings: ModelSettings | null = null;

  constructor(scope: Scope, memories: readonly unknown[], rungs: readonly Rung[]) {
    this.scope = scope;
    this.ladders = paneMonitors.map((monitor, index) => new PaneLadder(monitor.monoid(memories[index]), rungs));
  }

  /** @param settings that hold for the minute */
  observe(startMillis: number, frame: Frame, memories: readonly unknown[], schema: Schema, settings: ModelSettings): void {
    const open = this.#lastStart === startMillis ? this.#lastOpen : this.#observedAt(startMillis, settings);
    const observing = frame.waits ? this.#observingWaiting : this.#observing;
    for (let at = 0; at < observing.length; at++) {
      const index = observing[at] as number;
      const monitor = paneMonitors[index] as AnyPaneMonitor;
      open[index] ??= monitor.open(settings);
      monitor.observe(open[index], frame, memories[index], schema, this.scope);
    }
  }

  /** Adds predictions with labels, which met in a minute. */
  addLabels(startMillis: number, labelled: OpenPanes, settings: ModelSettings): void {
    const open = this.#openAt(startMillis);
    for (const index of labelMonitors) {
      const monitor = paneMonitors[index] as AnyPaneMonitor;
      open[index] ??= monitor.open(settings);
      monitor.addLabels?.(open[index], labelled[index]);
    }
  }

  /** Takes the open panes of one start away, to be closed. */
  take(startMillis: number): OpenPanes | undefined {
    const open = this.open.get(startMillis);
    this.open.delete(startMillis);
    if (startMillis === this.#lastStart) {
      this.#lastStart = Number.NaN;
      this.#lastOpen = [];
    }
    return open;
  }

  /** Those of a start, which are had without a search until another is asked for. */
  #observedAt(startMillis: number, settings: ModelSettings): OpenPanes {
    if (settings !== this.#settings) {
      this.#settings = settings;
      this.#observing = [...paneMonitors.keys()].filter((index) => paneMonitors[index]?.observes(settings));
      this.#observingWaiting = this.#observing.filter((index) => paneMonitors[index]?.note === undefined);
    }
    this.#lastStart = startMillis;
    this.#lastOpen = this.#openAt(startMillis);
    return this.#lastOpen;
  }

  #openAt(startMillis: number): OpenPanes {
    let open = this.open.get(startMillis);
    if (open === undefined) {
      open = paneMonitors.map(() => undefined);
      this.open.set(startMillis, open);
    }
    return open;
  }

  /** Encodes in parts, so that others can have a turn between them. */
  *encodeParts(writer: Writer, memories: readonly unknown[], schema: Schema): Iterable<void> {
    writer.text(this.scope);
    for (const ladder of this.ladders) ladder.encode(writer);
    yield;
    writer.unsigned(this.open.size);
    for (const [start, panes] of [...this.open].sort(([a], [b]) => a - b)) {
      writer.integer(start);
      for (const [index, monitor] of paneMonitors.entries()) {
        writer.boolean(panes[index] !== undefined);
        if (panes[index] !== undefined) monitor.encodeOpen(panes[index], writer, memories[index], schema);
      }
      yield;
    }
  }

  static decode(reader: Reader, memories: readonly unknown[], rungs: readonly Rung[], schema: Schema): SegmentState {
    const segment = new SegmentState(reader.text() as Scope, memories, rungs);
    for (const [index, ladder] of segment.ladders.entries()) if (has(index, reader)) ladder.decode(reader);
    const open = readAll(reader, () => [reader.integer(), decodeOpen(reader, memories, schema)] as const);
    for (const [start, panes] of open) segment.open.set(start, panes);
    return segment;
  }
}

function decodeOpen(reader: Reader, memories: readonly unknown[], schema: Schema): OpenPanes {
  return paneMonitors.map((monitor, index) => {
    // The first format is from before there were panes of some monitors only.
    const isThere = reader.format === 1 ? has(index, reader) : reader.boolean();
    return isThere ? monitor.decodeOpen(reader, memories[index], schema) : undefined;
  });
}

/** Whether a pane monitor was there in the format of a snapshot. */
export function has(index: number, { format }: Reader): boolean {
  return (paneMonitors[index] as AnyPaneMonitor).since <= format;
}

export class VersionState {
  readonly version: string;
  /** By totals monitor. */
  readonly totals: unknown[];
  /** By pane monitor: sums over closed panes. */
  readonly paneTotals: unknown[];
  /** "" is all traffic. */
  readonly segments = new Map<string, SegmentState>();
  /** Predictions of the minute that closes, and those that met their labels in it, by the segments that they are in, one to a line. */
  readonly #labelled = new Map<string, OpenPanes>();
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

  /** Takes a prediction with its label, of the minute that closes: a version of which labels come is not silent. */
  label(pair: JoinedPair, memories: readonly unknown[], settings: ModelSettings): void {
    if (pair.closingMillis > this.latestMillis) this.latestMillis = pair.closingMillis;
    const open = this.#openFor(pair.segments, settings);
    for (const index of labelMonitors) paneMonitors[index]?.label?.(open[index], pair, memories[index]);
  }

  /** Takes a prediction that waits, of the minute that closes. */
  note(prediction: JoinedPair, settings: ModelSettings): void {
    const open = this.#openFor(prediction.segments, settings);
    for (const index of labelMonitors) paneMonitors[index]?.note?.(open[index], prediction);
  }

  #openFor(segments: string, settings: ModelSettings): OpenPanes {
    let open = this.#labelled.get(segments);
    if (open === undefined) {
      open = paneMonitors.map((monitor) => (monitor.label === undefined ? undefined : monitor.open(settings)));
      this.#labelled.set(segments, open);
    }
    return open;
  }

  /** Hands over what was taken of the minute that closes, by segments. */
  takeLabelled(): [segments: string, labelled: OpenPanes][] {
    const labelled = [...this.#labelled].sort(([a], [b]) => compareText(a, b));
    this.#labelled.clear();
    return labelled;
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

  /** What depends on settings; in parts. */
  *encodePanes(writer: Writer, memories: readonly unknown[], schema: Schema): Iterable<void> {
    for (const [index, monitor] of paneMonitors.entries()) monitor.encodeTotals(this.paneTotals[index], writer);
    writer.unsigned(this.segments.size);
    for (const [name, segment] of [...this.segments].sort(([a], [b]) => compareText(a, b))) {
      writer.text(name);
      yield* segment.encodeParts(writer, memories, schema);
    }
  }

  decodePanes(reader: Reader, memories: readonly unknown[], rungs: readonly Rung[], schema: Schema): void {
    for (const [index, monitor] of paneMonitors.entries()) {
      if (has(index, reader)) this.paneTotals[index] = monitor.decodeTotals(reader, schema);
    }
    const read = () => [reader.text(), SegmentState.decode(reader, memories, rungs, schema)] as const;
    for (const [name, segment] of readAll(reader, read)) this.segments.set(name, segment);
  }
}

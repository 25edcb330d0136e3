// What is kept of one model: what its monitors have learned for all versions, and the versions. Closes its panes.
import type { PredictionEvent } from "../event/event.ts";
import type { Frame } from "../event/frame.ts";
import { Schema, type SlotBudget } from "../event/schema.ts";
import { paneMonitors } from "../monitor/index.ts";
import type { AnyPaneMonitor, Lesson } from "../monitor/monitor.ts";
import { Reader, readAll, Writer, writeAll } from "../primitive/bytes.ts";
import { compareText } from "../primitive/dictionary.ts";
import { finish } from "../window/finish.ts";
import type { PaneLadder } from "../window/ladder.ts";
import { minuteMillis, type Rung } from "../window/resolution.ts";
import { type AlarmListener, type ClosedSegment, lookAt } from "./looks.ts";
import { segmentName } from "./segment-name.ts";
import { type FoldLimits, type FoldModelSettings, modelFingerprint } from "./settings.ts";
import { has, SegmentState, VersionState } from "./version-state.ts";

export class ModelState {
  readonly name: string;
  settings: FoldModelSettings;
  readonly schema: Schema;
  /** By pane monitor. */
  readonly memories: unknown[];
  readonly versions = new Map<string, VersionState>();
  /** Events whose segment the limit turned away. */
  segmentOverflow = 0;
  /** Grows whenever closed panes were converted: what was computed from them before is out of date. */
  revision = 0;
  /** Takes the panes from the recorded one on at which other settings take effect; null where none are to come. */
  successor: ModelState | null = null;
  /** Settings that are to hold from a minute on, under which panes keep their meaning; null where there are none. */
  #coming: { readonly settings: FoldModelSettings; readonly fromMillis: number } | null = null;
  readonly #budget: SlotBudget;
  #rungs: readonly Rung[];
  #limits: FoldLimits;

  constructor(name: string, settings: FoldModelSettings, limits: FoldLimits, budget: SlotBudget, rungs: readonly Rung[]) {
    this.name = name;
    this.settings = settings;
    this.schema = new Schema(limits.features, budget);
    this.memories = paneMonitors.map((monitor) => monitor.createMemory(settings));
    this.#budget = budget;
    this.#rungs = rungs;
    this.#limits = limits;
  }

  /** Other settings are to come, under which panes keep their meaning: `adapt` says when they hold. */
  expect(settings: FoldModelSettings, fromMillis: number): void {
    this.#coming = { settings, fromMillis };
  }

  #settingsAt(startMillis: number): FoldModelSettings {
    return this.#coming !== null && startMillis >= this.#coming.fromMillis ? this.#coming.settings : this.settings;
  }

  /** Prepares a model of the same name under other settings, which takes panes of its own until it succeeds this one. */
  prepareSuccessor(settings: FoldModelSettings, limits: FoldLimits, rungs: readonly Rung[]): void {
    this.successor = new ModelState(this.name, settings, limits, this.#budget, rungs);
  }

  /** The version of this name in the successor: it shares what was counted, and has panes of its own. */
  succeeding(version: VersionState): VersionState {
    const successor = this.successor as ModelState;
    const adopted = successor.version(version.version);
    adopted.totals.splice(0, adopted.totals.length, ...version.totals);
    adopted.latestMillis = version.latestMillis;
    return adopted;
  }

  /** @returns the model that goes on from here: the successor with everything that was counted, or this one as it is */
  succeeded(): ModelState {
    const { successor } = this;
    if (successor === null) return this;
    for (const version of this.versions.values()) this.succeeding(version);
    successor.segmentOverflow += this.segmentOverflow;
    successor.schema.overflow += this.schema.overflow;
    this.schema.release();
    return successor;
  }

  /** Goes on under other limits, windows and settings, which change nothing of what panes mean. */
  adapt(settings: FoldModelSettings, limits: FoldLimits, rungs: readonly Rung[]): void {
    this.settings = settings;
    this.#coming = null;
    this.#limits = limits;
    this.#rungs = rungs;
    this.schema.limit = limits.features;
    for (const version of this.versions.values()) {
      for (const segment of version.segments.values()) for (const ladder of segment.ladders) ladder.adapt(rungs);
    }
    this.#adaptMemories();
  }

  #adaptMemories(): void {
    for (const [index, monitor] of paneMonitors.entries()) {
      if (!monitor.adaptMemory(this.memories[index], this.settings)) continue;
      for (const ladder of this.#ladders(index)) {
        ladder.replace(finish(ladder.converted((pane) => monitor.convertClosed(pane, this.memories[index]))));
      }
      this.#converted(monitor, index);
    }
  }

  /** All versions' and segments' of a pane monitor. */
  *#ladders(index: number): Iterable<PaneLadder<unknown>> {
    for (const version of this.versions.values()) {
      for (const { ladders } of version.segments.values()) yield ladders[index] as PaneLadder<unknown>;
    }
  }

  /** Closed panes are of the form that a memory asks for: open ones follow. */
  #converted(monitor: AnyPaneMonitor, index: number): void {
    this.revision += 1;
    for (const version of this.versions.values()) {
      for (const { open } of version.segments.values()) {
        for (const { [index]: pane } of open.values()) {
          if (pane !== undefined) monitor.convertOpen(pane, this.memories[index], this.schema);
        }
      }
    }
    monitor.converted(this.memories[index]);
  }

  /** The state of a version, new if need be. */
  version(name: string): VersionState {
    let version = this.versions.get(name);
    if (version === undefined) {
      version = new VersionState(name, this.settings, this.memories, this.#rungs);
      this.versions.set(name, version);
    }
    return version;
  }

  /** Adds a prediction to its pane, for all traffic and for each of its segments. */
  observe(version: VersionState, startMillis: number, frame: Frame, segment: PredictionEvent["segment"]): void {
    const settings = this.#settingsAt(startMillis);
    version.all.observe(startMillis, frame, this.memories, this.schema, settings);
    if (segment === null) return;
    for (const attribute in segment) {
      if (this.settings.segments?.includes(attribute) === false) continue;
      const of = this.#segment(version, segmentName(attribute, segment[attribute]));
      of?.observe(startMillis, frame, this.memories, this.schema, settings);
    }
  }

  /** Adds what the join told of a minute to its panes. Whom the limit of segments turns away was counted when its prediction came. */
  *#spreadLabels(version: VersionState, startMillis: number): Iterable<void> {
    for (const [segments, labelled] of version.takeLabelled()) {
      for (const name of segments === "" ? [""] : ["", ...segments.split("\n")]) {
        (version.segments.get(name) ?? this.#newSegment(version, name))?.addLabels(startMillis, labelled, this.settings);
        yield;
      }
    }
  }

  #segment(version: VersionState, name: string): SegmentState | null {
    const segment = version.segments.get(name) ?? this.#newSegment(version, name);
    if (segment === null) this.segmentOverflow += 1;
    return segment;
  }

  #newSegment(version: VersionState, name: string): SegmentState | null {
    if (version.segments.size > this.#limits.segments) return null;
    const segment = new SegmentState(this.settings.segments === null ? "outputs" : "all", this.memories, this.#rungs);
    version.segments.set(name, segment);
    return segment;
  }

  /**
   * Closes the panes of one start, all versions together: what one teaches holds for the others. In parts, so that others can
   * have a turn between them: panes are then always of the form that the memories ask for.
   */
  *closing(startMillis: number, tell: AlarmListener = () => undefined): Iterable<void> {
    const versions = [...this.versions.values()].sort((a, b) => compareText(a.version, b.version));
    for (const version of versions) yield* this.#spreadLabels(version, startMillis);
    const opened = versions.filter((version) => version.all.open.has(startMillis));
    if (opened.length === 0) return;
    for (const [index, monitor] of paneMonitors.entries()) {
      const open = opened.map((version) => version.all.open.get(startMillis)?.[index]).filter((pane) => pane !== undefined);
      yield* this.#take(monitor.settle(this.memories[index], open, this.schema), monitor, index);
      yield;
    }
    const closed: ClosedSegment[] = [];
    for (const version of opened) yield* this.#closingVersion(version, startMillis, closed);
    for (const [index, monitor] of paneMonitors.entries()) {
      const panes = closed
        .filter(({ parts }) => parts[index] !== undefined)
        .map(({ segment, parts }) => ({ segment, closed: parts[index] }));
      const lesson = yield* monitor.learn(this.memories[index], panes, startMillis, startMillis + minuteMillis);
      yield* this.#take(lesson, monitor, index);
      yield;
    }
    for (const one of closed) yield* lookAt(this, one, startMillis + minuteMillis, tell);
  }

  /** @param closed takes the panes of the version's segments */
  *#closingVersion(version: VersionState, startMillis: number, closed: ClosedSegment[]): Iterable<void> {
    for (const [name, segment] of [...version.segments].sort(([a], [b]) => compareText(a, b))) {
      const open = segment.take(startMillis);
      if (open === undefined) continue;
      const parts: unknown[] = [];
      for (const [index, monitor] of paneMonitors.entries()) {
        if (open[index] === undefined) {
          parts.push(undefined);
          continue;
        }
        const totals = version.paneTotals[index];
        const of = { segment: name, scope: segment.scope, endMillis: startMillis + minuteMillis };
        const pane = yield* monitor.close(open[index], this.memories[index], totals, this.schema, of);
        yield* (segment.ladders[index] as PaneLadder<unknown>).adding(startMillis, pane);
        parts.push(pane);
        yield;
      }
      closed.push({ version, segment: name, parts });
    }
  }

  /** Brings panes into the form that a lesson asks for, aside; then it holds, at once. */
  *#take(lesson: Lesson<unknown> | null, monitor: AnyPaneMonitor, index: number): Iterable<void> {
    if (lesson === null) return;
    const ladders = [...this.#ladders(index)];
    const converted = [];
    for (const ladder of ladders) converted.push(yield* ladder.converted((pane) => lesson.convert(pane)));
    lesson.adopt();
    for (const [at, panes] of converted.entries()) ladders[at]?.replace(panes);
    this.#converted(monitor, index);
  }

  /** Drops panes that no window can reach, empty segments, and versions that have been silent for long. */
  expire(frontierMillis: number, silentMillis: number): void {
    for (const [name, version] of this.versions) {
      for (const [segmentName, segment] of version.segments) {
        for (const ladder of segment.ladders) ladder.expire(frontierMillis);
        const empty = segment.open.size === 0 && segment.ladders.every((ladder) => ladder.empty);
        if (segmentName !== "" && empty) version.segments.delete(segmentName);
      }
      if (!version.hasOpenPanes && version.latestMillis < frontierMillis - silentMillis) this.versions.delete(name);
    }
  }

  /** Encodes in parts, so that others can have a turn between them. */
  *encodeParts(writer: Writer): Iterable<void> {
    writer.unsigned(this.segmentOverflow);
    writer.unsigned(this.schema.overflow);
    const versions = [...this.versions.values()].sort((a, b) => compareText(a.version, b.version));
    writeAll(writer, versions, (version) => version.encodeTotals(writer));
    const generations = this.successor === null ? [this] : [this, this.successor];
    writer.unsigned(generations.length);
    for (const generation of generations) {
      writer.text(modelFingerprint(generation.settings));
      const panes = new Writer();
      yield* generation.#encodePanes(panes);
      writer.blob(panes.bytes());
    }
  }

  *#encodePanes(writer: Writer): Iterable<void> {
    for (const [index, monitor] of paneMonitors.entries()) yield* monitor.encodeMemory(this.memories[index], writer);
    writer.unsigned(this.versions.size);
    for (const version of [...this.versions.values()].sort((a, b) => compareText(a.version, b.version))) {
      writer.text(version.version);
      yield* version.encodePanes(writer, this.memories, this.schema);
    }
  }

  /**
   * Fills this (new) model from what `encodeParts` wrote.
   * @returns false where its panes were made under other settings: only totals are continued then
   */
  decode(reader: Reader): boolean {
    this.segmentOverflow = reader.unsigned();
    this.schema.overflow = reader.unsigned();
    const read = () => VersionState.decodeTotals(reader, this.settings, this.memories, this.#rungs);
    const versions = readAll(reader, read);
    const generations = readAll(reader, () => ({ fingerprint: reader.text(), panes: reader.blob() }));
    const fingerprint = modelFingerprint(this.settings);
    const mine = generations.find((generation) => generation.fingerprint === fingerprint);
    // What is remembered has to be there before versions are: their ladders refer to it.
    if (mine !== undefined) this.#decodePanes(new Reader(mine.panes, reader.format), versions);
    else for (const version of versions) this.versions.set(version.version, version);
    return mine !== undefined;
  }

  #decodePanes(reader: Reader, totals: readonly VersionState[]): void {
    for (const [index, monitor] of paneMonitors.entries()) {
      if (has(index, reader)) this.memories[index] = monitor.decodeMemory(reader, this.settings);
    }
    for (const { version, totals: counted, latestMillis } of totals) {
      const made = this.version(version);
      made.latestMillis = latestMillis;
      made.totals.splice(0, made.totals.length, ...counted);
    }
    const versions = reader.unsigned();
    for (let index = 0; index < versions; index++) {
      this.version(reader.text()).decodePanes(reader, this.memories, this.#rungs, this.schema);
    }
    this.#adaptMemories();
  }
}

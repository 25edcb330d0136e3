// The fold of a shard: state = fold(records with offset < next[log]). Windows are keyed by event time; nothing here
// reads a clock or draws a random number. For one dealing of records over logs any interleaving gives the same bytes.
//
// Three things come from outside and are recorded: which logs there are (`log`), that a log is not waited for any longer
// (`exclude`, `closeThrough`), which only whoever sees the wall clock can tell, and from which pane on other settings
// hold (`reload`).
import { type Event, type OutcomeEvent, otherName, type PredictionEvent, type RunEvent } from "../event/event.ts";
import { Frame } from "../event/frame.ts";
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { compareText } from "../primitive/dictionary.ts";
import { quantisedWeight } from "../primitive/weight.ts";
import { NearStarts } from "../window/near-starts.ts";
import { minuteMillis, minuteStart } from "../window/resolution.ts";
import { Join } from "./join.ts";
import { count, LogState } from "./log-state.ts";
import type { AlarmListener } from "./looks.ts";
import { ModelRegistry } from "./model-registry.ts";
import type { ModelState } from "./model-state.ts";
import { PairOwners } from "./pair-owners.ts";
import type { FoldSettings } from "./settings.ts";

export class Fold {
  readonly registry: ModelRegistry;
  readonly logs = new Map<string, LogState>();
  readonly join: Join;
  /** End of the last closed pane; NaN before the first. */
  frontierMillis = Number.NaN;
  /** Told of what alarms do, in the order of event time. */
  onAlarm: AlarmListener = () => undefined;
  readonly #frame = new Frame();
  /** Starts of panes that are open, of any model. */
  readonly #open = new NearStarts<true>();
  readonly #owners: PairOwners;
  /** Stays set where a closing failed: what it left is not whole, and never saved. */
  #closing = false;

  constructor(settings: FoldSettings) {
    this.registry = new ModelRegistry(settings);
    this.#owners = new PairOwners(this.registry);
    this.join = new Join(() => this.settings);
    this.join.onJoined = (pair) => {
      const { version, model } = this.#owners.of(pair);
      version?.label(pair, model.memories, model.settings);
    };
    this.join.onPredicted = (pair) => {
      const { version, model } = this.#owners.of(pair);
      version?.note(pair, model.settings);
    };
  }

  get settings(): FoldSettings {
    return this.registry.settings;
  }

  get models(): ReadonlyMap<string, ModelState> {
    return this.registry.models;
  }

  /**
   * Other settings hold from the first pane on that no event was seen of: models that they change begin anew there (what
   * was counted since they were first seen goes on), all others keep their state.
   * @param believedMillis panes beyond this are of wrong clocks: they are not waited for
   * @returns the start of that pane; -Infinity where the settings hold at once, as no pane is open
   */
  reload(settings: FoldSettings, believedMillis: number): number {
    this.#refuseWhileClosing();
    const seen = [...this.#open.all.keys()].filter((start) => start <= believedMillis);
    const fromMillis = seen.length === 0 ? Number.NEGATIVE_INFINITY : Math.max(...seen) + minuteMillis;
    return this.registry.reload(settings, fromMillis);
  }

  /** The state of a log. One that appears when others are already ahead is not waited for until it has caught up. */
  log(topic: string, partition: number, latenessMillis: number): LogState {
    const key = `${topic}/${partition}`;
    let log = this.logs.get(key);
    if (log === undefined) {
      log = new LogState(topic, partition, latenessMillis);
      log.excluded = this.#closing || !Number.isNaN(this.frontierMillis);
      this.logs.set(key, log);
    }
    log.latenessMillis = latenessMillis;
    return log;
  }

  /** Folds one event of a log. `recordMillis`: the record's own timestamp, NaN where it has none. */
  apply(log: LogState, event: Event, recordMillis: number): void {
    this.#refuseWhileClosing();
    count(log.events, event.type);
    if (event.type === "prediction") this.#predict(log, event, recordMillis);
    else if (event.type === "outcome") this.#outcome(log, event);
    else this.#run(event);
    log.see(event.timeMillis);
    if (log.excluded && log.closedMillis >= this.frontierMillis) log.excluded = false;
  }

  #run(event: RunEvent): void {
    this.registry.version(this.registry.model(event.model), event.version).run(event);
  }

  #predict(log: LogState, event: PredictionEvent, recordMillis: number): void {
    const frame = this.#frame;
    frame.timeMillis = event.timeMillis;
    frame.recordMillis = recordMillis;
    frame.failed = event.failed;
    frame.weight = quantisedWeight(event.weight);
    frame.latencyMillis = event.latencyMillis;
    const model = this.registry.model(event.model);
    const version = this.registry.version(model, event.version);
    version.count(frame, model.settings);
    if (this.#isLate(log, event.timeMillis) || model.name === otherName || version.version === otherName) return;
    const start = minuteStart(event.timeMillis);
    const successor = start >= this.registry.pendingMillis ? model.successor : null;
    const into = successor ?? model;
    into.schema.extract(event, frame);
    frame.waits = event.id !== "" && this.#waits(log, event, start);
    into.observe(successor === null ? version : model.succeeding(version), start, frame, event.segment);
  }

  #waits(log: LogState, event: PredictionEvent, startMillis: number): boolean {
    const under = this.registry.settingsAt(startMillis);
    const joined = this.join.model(event.model, under);
    return joined !== null && this.join.predict(joined, under, event, this.#frame, log, startMillis);
  }

  /** Outcomes that are joined keep their minute open, as predictions do: what becomes of them is decided when it closes. */
  #outcome(log: LogState, event: OutcomeEvent): void {
    const start = minuteStart(event.timeMillis);
    const under = this.registry.settingsAt(start);
    const joined = this.join.model(event.model, under);
    if (joined === null) this.join.totals.count(event, false);
    else if (this.#isLate(log, event.timeMillis)) this.join.late(joined, event);
    else this.join.outcome(joined, under, event, log, start);
  }

  #isLate(log: LogState, timeMillis: number): boolean {
    const start = minuteStart(timeMillis);
    if (start < log.closedMillis) count(log.late, "log");
    else if (start < this.frontierMillis) count(log.late, "frontier");
    else if (this.#open.get(start) === true) return false;
    else if (this.#open.size >= this.settings.limits.openPanes) count(log.late, "ahead");
    else {
      this.#open.set(start, true);
      return false;
    }
    return true;
  }

  /** How far every log that is waited for has closed event time; NaN while one of them has not begun. */
  get target(): number {
    let target = Number.POSITIVE_INFINITY;
    for (const log of this.logs.values()) {
      if (log.excluded) continue;
      if (Number.isNaN(log.closedMillis)) return Number.NaN;
      target = Math.min(target, log.closedMillis);
    }
    return target === Number.POSITIVE_INFINITY ? Number.NaN : target;
  }

  /** Logs that the frontier waits for: they have closed the least. */
  get heldBy(): LogState[] {
    const waited = [...this.logs.values()].filter((log) => !log.excluded);
    const silent = waited.filter((log) => Number.isNaN(log.closedMillis));
    const target = this.target;
    return silent.length > 0 ? silent : waited.filter((log) => log.closedMillis === target);
  }

  /** Recorded decision: this log is not waited for until it has caught up with the frontier. */
  exclude(log: LogState): void {
    log.excluded = true;
  }

  /** Recorded decision: this log is waited for again, as it has records. */
  include(log: LogState): void {
    log.excluded = false;
  }

  /**
   * Recorded decision: closes every pane that ends at or before a time, whatever the logs have closed.
   * Without it, `advance` closes what every log has closed.
   * @returns whether the frontier moved
   */
  closeThrough(millis: number): boolean {
    if (!this.isDue(millis)) return false;
    for (const _ of this.closing(millis));
    return true;
  }

  /** Whether closing through a time would move the frontier. */
  isDue(millis: number): boolean {
    return !Number.isNaN(millis) && !(minuteStart(millis) <= this.frontierMillis);
  }

  /**
   * As `closeThrough`, in parts, so that others can have a turn between them. They may read: the frontier moves when all
   * models have closed a minute. Until it is done no event may be applied, nothing encoded and no other settings taken: that throws.
   */
  *closing(millis: number): Iterable<void> {
    this.#refuseWhileClosing();
    if (!this.isDue(millis)) return;
    this.#closing = true;
    const target = minuteStart(millis);
    const { pendingMillis } = this.registry;
    if (pendingMillis <= target) {
      yield* this.#closeBefore(pendingMillis);
      this.registry.succeed();
    }
    yield* this.#closeBefore(target);
    this.frontierMillis = target;
    yield* this.registry.expiring(target);
    this.join.expire(target, this.settings.expireMillis);
    this.#closing = false;
  }

  /** Closes the panes that start before a time, minute by minute. */
  *#closeBefore(target: number): Iterable<void> {
    const { table } = this.join;
    const due = [...new Set([...this.#open.all.keys(), ...table.dueStarts()])];
    const starts = due.filter((start) => start < target).sort((a, b) => a - b);
    for (let start = starts.shift(); start !== undefined; start = starts.shift()) {
      yield* this.join.closing(start);
      // Labels may be of a model that was silent for so long that it had been forgotten.
      const models = sortedBy([...this.models.values()], ({ name }) => name);
      for (const model of models) yield* model.closing(start, this.onAlarm);
      this.#open.delete(start);
      this.#owners.forget();
      this.frontierMillis = start + minuteMillis;
      for (const later of table.newlyDueStarts()) if (later < target) insert(starts, later);
    }
  }

  #refuseWhileClosing(): void {
    if (this.#closing) throw new Error("panes are being closed");
  }

  /** Closes the panes that every log has closed. @returns whether the frontier moved */
  advance(): boolean {
    return this.closeThrough(this.target);
  }

  /** The latest end of an open pane; NaN where none is open. */
  get lastOpenEnd(): number {
    return this.#open.last + minuteMillis;
  }

  /** The earliest start of an open pane; NaN where none is open. */
  get firstOpenStart(): number {
    return this.#open.first;
  }

  get openPanes(): number {
    return this.#open.size;
  }

  encode(writer: Writer): void {
    for (const _ of this.encodeParts(writer));
  }

  /**
   * Encodes in parts, so that others can have a turn between them. Until it is done no event may be applied and no pane
   * closed; logs may move on, as they are encoded in the first part.
   */
  *encodeParts(writer: Writer): Iterable<void> {
    this.#refuseWhileClosing();
    writer.float(this.frontierMillis);
    writeAll(
      writer,
      sortedBy([...this.logs.values()], (log) => `${log.topic}/${log.partition}`),
      (log) => log.encode(writer),
    );
    yield* this.join.encodeParts(writer);
    yield* this.registry.encodeParts(writer);
  }

  /** A fold that goes on where the encoded one was. `registry.begunAnew` names the models whose settings are others now. */
  static decode(reader: Reader, settings: FoldSettings): Fold {
    const fold = new Fold(settings);
    fold.frontierMillis = reader.float();
    for (const log of readAll(reader, () => LogState.decode(reader))) fold.logs.set(`${log.topic}/${log.partition}`, log);
    fold.join.decode(reader);
    fold.registry.decode(reader);
    const versions = [...fold.models.values()].flatMap((model) => [...model.versions.values()]);
    for (const version of versions) for (const start of version.all.open.keys()) fold.#open.set(start, true);
    for (const start of fold.join.table.openMinutes().keys()) fold.#open.set(start, true);
    return fold;
  }
}

/** Puts a number where it belongs among ascending ones, unless it is there. */
function insert(ascending: number[], added: number): void {
  let at = ascending.length;
  while (at > 0 && (ascending[at - 1] as number) > added) at -= 1;
  if (ascending[at - 1] !== added) ascending.splice(at, 0, added);
}

function sortedBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...items].sort((a, b) => compareText(key(a), key(b)));
}

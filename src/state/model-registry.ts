// Which models there are, who is admitted to them, and under which settings: the part of the fold that knows no pane and
// no log. Other settings take effect with a pane of their own; the models that they change have a successor until then.
import { otherName } from "../event/event.ts";
import type { SlotBudget } from "../event/schema.ts";
import { type Reader, readAll, type Writer } from "../primitive/bytes.ts";
import { compareText } from "../primitive/dictionary.ts";
import { type Rung, rungsFor } from "../window/resolution.ts";
import { ModelState } from "./model-state.ts";
import { type FoldModelSettings, type FoldSettings, modelFingerprint } from "./settings.ts";
import type { VersionState } from "./version-state.ts";

/** Settings that take effect with a pane that no event has been seen of. */
interface Pending {
  readonly settings: FoldSettings;
  readonly fromMillis: number;
}

/** Settings that held before others took effect. */
interface Past {
  readonly settings: FoldSettings;
  readonly untilMillis: number;
}

/** Of so many reloads it is known what held before: what comes later still than those is of minutes long closed. */
const mostPast = 4;

export class ModelRegistry {
  readonly models = new Map<string, ModelState>();
  /** Events of models and of versions that a limit turned away. */
  modelOverflow = 0;
  versionOverflow = 0;
  readonly budget: SlotBudget;
  /** Models of a snapshot that had been made under other settings: but for their totals they began anew. */
  readonly begunAnew: string[] = [];
  #settings: FoldSettings;
  #rungs: readonly Rung[];
  #pending: Pending | null = null;
  /** The newest last. */
  #past: readonly Past[] = [];
  /** Settings that came while others were pending. */
  #waiting: FoldSettings | null = null;

  constructor(settings: FoldSettings) {
    this.#settings = settings;
    this.budget = { left: settings.limits.slots };
    this.#rungs = rungsFor(settings.windowsMillis);
  }

  get settings(): FoldSettings {
    return this.#settings;
  }

  /**
   * The settings that hold for a minute: others may be pending, and others held for minutes that are closed. Of these only
   * what is late still comes, and it has to be the same whether it comes before others hold or after.
   */
  settingsAt(startMillis: number): FoldSettings {
    const pending = this.#pending;
    if (pending !== null && startMillis >= pending.fromMillis) return pending.settings;
    for (let at = 0; at < this.#past.length; at++) {
      const past = this.#past[at] as Past;
      if (startMillis < past.untilMillis) return past.settings;
    }
    return this.#settings;
  }

  /** The model of a name, or the one where models are counted that a limit turned away. */
  model(name: string): ModelState {
    const known = this.models.get(name);
    if (known !== undefined) return known;
    const { settings } = this;
    const room = countNamed(this.models) < settings.limits.models;
    if (settings.models.has(name) || (room && settings.discover) || name === otherName) return this.#add(name);
    this.modelOverflow += 1;
    return this.model(otherName);
  }

  /** A version of a model, or the one where versions are counted that a limit turned away. */
  version(model: ModelState, name: string): VersionState {
    if (model.name === otherName) return model.version(otherName);
    const known = model.versions.get(name);
    if (known !== undefined) return known;
    if (countNamed(model.versions) < this.#settings.limits.versions) return model.version(name);
    this.versionOverflow += 1;
    return model.version(otherName);
  }

  /** A model that appears while settings are pending is a model of those. */
  #add(name: string): ModelState {
    const settings = this.#pending?.settings ?? this.#settings;
    const model = new ModelState(name, settingsOf(name, settings), settings.limits, this.budget, this.#rungs);
    this.models.set(name, model);
    return model;
  }

  /** The start of the pane with which other settings take effect; Infinity where none are to come. */
  get pendingMillis(): number {
    return this.#pending?.fromMillis ?? Number.POSITIVE_INFINITY;
  }

  /**
   * Prepares for other settings; they hold when `succeed` is called, which for -Infinity is at once. Settings that come
   * while others are pending wait for those.
   * @returns when the settings that are pending now take effect
   */
  reload(settings: FoldSettings, fromMillis: number): number {
    if (this.#pending !== null) {
      this.#waiting = settings;
      return this.#pending.fromMillis;
    }
    const rungs = rungsFor(settings.windowsMillis);
    for (const model of this.models.values()) {
      const own = settingsOf(model.name, settings);
      if (modelFingerprint(own) !== modelFingerprint(model.settings)) model.prepareSuccessor(own, settings.limits, rungs);
      else model.expect(own, fromMillis);
    }
    this.#pending = { settings, fromMillis };
    if (fromMillis === Number.NEGATIVE_INFINITY) this.succeed();
    return fromMillis;
  }

  /** The pending settings hold from here on: every pane before theirs is closed. */
  succeed(): void {
    if (this.#pending === null) return;
    const { settings, fromMillis } = this.#pending;
    this.#pending = null;
    this.budget.left += settings.limits.slots - this.#settings.limits.slots;
    this.#past = [...this.#past, { settings: this.#settings, untilMillis: fromMillis }].slice(-mostPast);
    this.#settings = settings;
    this.#rungs = rungsFor(settings.windowsMillis);
    for (const [name, model] of this.models) {
      const goesOn = model.succeeded();
      goesOn.adapt(settingsOf(name, settings), settings.limits, this.#rungs);
      this.models.set(name, goesOn);
    }
    this.#dropUnwanted();
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting !== null) this.reload(waiting, fromMillis);
  }

  /** Models that nobody asked for, where only those that are listed are monitored. */
  #dropUnwanted(): void {
    const { discover, models } = this.#settings;
    for (const [name, model] of this.models) {
      if (discover || models.has(name) || name === otherName) continue;
      model.schema.release();
      this.models.delete(name);
    }
  }

  /** Forgets models all of whose versions have been silent for long; a model at a time, so that others can have a turn. */
  *expiring(frontierMillis: number): Iterable<void> {
    for (const [name, model] of this.models) {
      model.expire(frontierMillis, this.#settings.expireMillis);
      if (model.versions.size === 0) {
        model.schema.release();
        this.models.delete(name);
      }
      yield;
    }
  }

  /** Encodes in parts, so that others can have a turn between them. */
  *encodeParts(writer: Writer): Iterable<void> {
    writer.unsigned(this.modelOverflow);
    writer.unsigned(this.versionOverflow);
    writer.unsigned(this.models.size);
    for (const name of [...this.models.keys()].sort(compareText)) {
      writer.text(name);
      yield* (this.models.get(name) as ModelState).encodeParts(writer);
    }
  }

  decode(reader: Reader): void {
    this.modelOverflow = reader.unsigned();
    this.versionOverflow = reader.unsigned();
    readAll(reader, () => {
      const name = reader.text();
      if (!this.#add(name).decode(reader)) this.begunAnew.push(name);
    });
    this.#dropUnwanted();
  }
}

/** How many there are beside the one that stands for all that a limit turned away. */
export function countNamed(named: ReadonlyMap<string, unknown>): number {
  return named.size - (named.has(otherName) ? 1 : 0);
}

function settingsOf(name: string, settings: FoldSettings): FoldModelSettings {
  const own = settings.models.get(name) ?? settings.defaults;
  const learned = settings.learned?.get(name);
  return learned === undefined ? own : { ...own, learned };
}

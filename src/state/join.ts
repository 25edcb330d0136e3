// The join: where outcomes meet their predictions by model and id, whichever is read first, in bounded memory. Events of
// minutes that are open wait in a table; what becomes of them is decided when minutes close, so no interleaving of the logs
// can show. Whoever wants the pairs is told of them.
import { type OutcomeEvent, otherName, type PredictionEvent } from "../event/event.ts";
import type { Frame } from "../event/frame.ts";
import type { Reader, Writer } from "../primitive/bytes.ts";
import { quantisedWeight } from "../primitive/weight.ts";
import { type Rung, rungsFor } from "../window/resolution.ts";
import { closeMinute } from "./join-closing.ts";
import { JoinModel, type JoinVersion, outcomesOf } from "./join-model.ts";
import type { JoinedPair } from "./joined-pair.ts";
import type { LogState } from "./log-state.ts";
import { AllOutcomeTotals } from "./outcome-totals.ts";
import { decodePending, encodePending } from "./pending-codec.ts";
import { isCarried, isOutcome, isSeen } from "./pending-rows.ts";
import { PendingTable } from "./pending-table.ts";
import { putValue, RowFilling } from "./row-filling.ts";
import type { FoldSettings, OutcomeSettings } from "./settings.ts";

/** Of a hash: the halves of which a share is in the sample. */
const halves = 2 ** 32;
export class Join {
  readonly totals: AllOutcomeTotals;
  readonly models = new Map<string, JoinModel>();
  readonly table: PendingTable;
  /** Told of each prediction that has its label, in the order of the minutes in which that was decided. */
  onJoined: (pair: JoinedPair) => void = () => undefined;
  /** Told of each prediction that waited when its minute closes, as of a pair without a label. */
  onPredicted: (pair: JoinedPair) => void = () => undefined;
  readonly #settings: () => FoldSettings;
  readonly #filling: RowFilling;
  #lastModel: JoinModel | null = null;
  #rungsOf: FoldSettings | null = null;
  #rungs: readonly Rung[] = [];

  /** @param settings those that hold for the minute that closes next */
  constructor(settings: () => FoldSettings) {
    this.#settings = settings;
    this.totals = new AllOutcomeTotals(settings().limits);
    this.table = new PendingTable(settings().limits.pending);
    this.#filling = new RowFilling(this.table);
  }

  /** A model whose outcomes are joined under settings; null: they are only counted. */
  model(name: string, under: FoldSettings): JoinModel | null {
    const model = this.#lastModel?.name === name ? this.#lastModel : (this.models.get(name) ?? this.#admitted(name, under));
    if (model === null || model.settingsUnder(under) === null) return null;
    this.#lastModel = model;
    return model;
  }

  #admitted(name: string, under: FoldSettings): JoinModel | null {
    if (outcomesOf(name, under) === null) return null;
    if (this.models.size >= under.limits.models && !under.models.has(name)) return null;
    const model = new JoinModel(name);
    this.models.set(name, model);
    return model;
  }

  #version(model: JoinModel, name: string): JoinVersion {
    const known = model.versions.get(name);
    if (known !== undefined) return known;
    // Besides those of predictions, outcomes may name one more, or none.
    const room = model.versions.size <= this.#settings().limits.versions + 1 || name === otherName;
    return room ? this.table.addVersion(model, name) : this.#version(model, otherName);
  }

  /**
   * Takes a prediction whose minute is open.
   * @param frame what was read of it before
   * @returns whether `onPredicted` will be told of it: as of all that did not fail and that its row has as the frame does
   */
  predict(
    model: JoinModel,
    under: FoldSettings,
    event: PredictionEvent,
    frame: Frame,
    log: LogState,
    startMillis: number,
  ): boolean {
    const { sample } = model.settingsUnder(under) as OutcomeSettings;
    model.hash.set(event.id);
    if (model.hash.high >>> 0 >= sample * halves) return false;
    const version = this.#version(model, event.version);
    version.see(event.timeMillis);
    if (!this.table.admits(1)) return false;
    const isTold = sample === 1 && !frame.failed && Number.isNaN(frame.confidence);
    const row = this.table.place(version, isTold ? 0 : isSeen, startMillis, event.timeMillis, log);
    model.waiting += 1;
    const weight = sample === 1 ? frame.weight : quantisedWeight(frame.weight / sample);
    this.#filling.prediction(row, model, event, weight, model.attributesUnder(under));
    return isTold;
  }

  /** Counts an outcome of a joined model whose minute is closed. */
  late(model: JoinModel, event: OutcomeEvent): void {
    this.totals.count(event, true);
    const version = this.#version(model, event.version);
    version.see(event.timeMillis);
    version.late += 1;
  }

  /** Takes an outcome whose minute is open; one that carries its prediction is both. */
  outcome(model: JoinModel, under: FoldSettings, event: OutcomeEvent, log: LogState, startMillis: number): void {
    const { sample } = model.settingsUnder(under) as OutcomeSettings;
    model.hash.set(event.id);
    const isIn = model.hash.high >>> 0 < sample * halves;
    this.totals.count(event, isIn);
    const version = isIn ? this.#version(model, event.version) : null;
    version?.see(event.timeMillis);
    if (version === null || !this.table.admits(event.carries ? 2 : 1)) {
      // Its minute is open all the same, also after a restart.
      this.table.hold(startMillis);
      return;
    }
    if (event.carries) {
      const row = this.table.place(version, isCarried, startMillis, event.timeMillis, log);
      this.#filling.prediction(row, model, event, quantisedWeight(event.weight / sample), model.attributesUnder(under));
    }
    const row = this.table.place(version, isOutcome, startMillis, event.timeMillis, log);
    putValue(this.table.rows, row, model, event.label);
  }

  /** Closes one minute, all before it being closed; in parts, so that others can have a turn between them. */
  closing(startMillis: number): Iterable<void> {
    const settings = this.#settings();
    const { table, rungs, onJoined: tell, onPredicted: tellPrediction } = this;
    return closeMinute({ table, settings, rungs, tell, tellPrediction }, startMillis);
  }

  /** Which cohorts of predictions are kept. */
  get rungs(): readonly Rung[] {
    const settings = this.#settings();
    if (settings !== this.#rungsOf) {
      this.#rungsOf = settings;
      this.#rungs = rungsFor(settings.windowsMillis);
    }
    return this.#rungs;
  }

  /** Forgets what no window reaches, and versions of which nothing was heard for long. */
  expire(frontierMillis: number, silentMillis: number): void {
    this.table.limit = this.#settings().limits.pending;
    this.totals.expire(frontierMillis, silentMillis);
    for (const model of this.models.values()) {
      for (const version of model.versions.values()) {
        version.cohorts.expire(frontierMillis, this.rungs);
        const silent = version.latestMillis < frontierMillis - silentMillis;
        if (version.rows === 0 && silent) this.table.removeVersion(version);
      }
      if (model.versions.size > 0) continue;
      this.models.delete(model.name);
      if (this.#lastModel === model) this.#lastModel = null;
    }
  }

  /** Encodes in parts, so that others can have a turn between them. */
  *encodeParts(writer: Writer): Iterable<void> {
    this.totals.encode(writer);
    writer.unsigned(this.table.turnedAway);
    yield* encodePending(this.table, this.models, writer);
  }

  decode(reader: Reader): void {
    this.totals.decode(reader);
    // The first format is from before there was a join.
    if (reader.format === 1) return;
    this.table.turnedAway = reader.unsigned();
    decodePending(this.table, this.models, reader);
  }
}

// What is known of a model's performance for all of its versions: names of classes and horizons that are told apart, how well it did
// when its reference was made, and how much that varies from hour to hour.
import { otherName } from "../event/event.ts";
import { type Loss, lossesOf, lossSums } from "../performance/losses.ts";
import { foldNames, labelledWeight, mostNames, namesOf } from "../performance/pairs.ts";
import { mergePanes, type PerformancePane, packPane, performanceMonoid } from "../performance/pane.ts";
import { pairsOnly } from "../performance/predicted.ts";
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { compareText } from "../primitive/dictionary.ts";
import { lossDispersion } from "../stats/loss-dispersion.ts";
import { type PerformanceBaseline, performanceBaseline } from "../stats/performance-detector.ts";
import { unpack } from "../window/pane-series.ts";
import { hourMillis } from "../window/resolution.ts";
import type { ModelSettings } from "./monitor.ts";

/** Hours with labels that it takes to know how much they differ. */
const leastHours = 12;

/** A loss that is watched, and what its labels are compared with. */
export interface WatchedLoss {
  readonly loss: Loss;
  readonly baseline: PerformanceBaseline;
}

export class PerformanceMemory {
  settings: ModelSettings;
  readonly classes = new Set<string>();
  readonly horizons = new Set<string>();
  /** Names that were not admitted, by pane. */
  turnedAway = 0;
  /** By hour: pairs of the time in which is learned what is normal; they remain. */
  readonly #hours = new Map<number, PerformancePane>();
  #firstMillis = Number.NaN;
  #learned: PerformancePane | null = null;
  #watched: { readonly reference: PerformancePane; readonly settings: ModelSettings; readonly losses: WatchedLoss[] } | null =
    null;

  constructor(settings: ModelSettings) {
    this.settings = settings;
    this.#learned = settings.learned?.performance ?? null;
  }

  /** How well the model did in its reference, or when that was learned; null where that is not known yet. */
  get reference(): PerformancePane | null {
    return this.settings.reference?.performance ?? this.#learned;
  }

  /** The losses that are compared with the reference; none until it is known, and how much hours differ. */
  get watched(): readonly WatchedLoss[] {
    const { reference, settings } = this;
    if (reference === null || this.#learned === null || settings.performance === null) return [];
    if (this.#watched?.reference !== reference || this.#watched.settings !== settings) {
      const hours = [...this.#hours.values()];
      const losses = lossesOf(reference, settings.performance.pairs).map((loss) => {
        const sums = hours.map((hour) => loss.of(hour)).filter((found) => found !== null);
        const dispersion = lossDispersion(sums.map(lossSums));
        return { loss, baseline: performanceBaseline(loss.law, 0, Number.isNaN(dispersion) ? 1 : dispersion) };
      });
      this.#watched = { reference, settings, losses };
    }
    return this.#watched.losses;
  }

  /** What was learned from the stream, or is so in a file that was written before; null until it is there. */
  get learned(): PerformancePane | null {
    return this.#learned;
  }

  /** Admits names that panes of one minute bring, in their order, so that the order of events cannot show. */
  admit(panes: readonly PerformancePane[]): void {
    const found = panes.map(namesOf);
    const sorted = (names: readonly Set<string>[]): string[] => [...new Set(names.flatMap((set) => [...set]))].sort(compareText);
    this.#admitAll(sorted(found.map(({ classes }) => classes)), this.classes);
    this.#admitAll(sorted(found.map(({ horizons }) => horizons)), this.horizons);
  }

  #admitAll(names: readonly string[], known: Set<string>): void {
    for (const name of names) {
      if (known.has(name) || name === otherName) continue;
      if (known.size < mostNames) known.add(name);
      else this.turnedAway += 1;
    }
  }

  /** Puts names that were not admitted together. */
  fold(pane: PerformancePane): void {
    foldNames(pane, this.classes, this.horizons);
  }

  /** Learns how well the model does from pairs of a minute, until it has done so for long enough. */
  learn(pairs: PerformancePane, startMillis: number, endMillis: number): void {
    if (this.#learned !== null) return;
    if (labelledWeight(pairs) > 0) {
      if (Number.isNaN(this.#firstMillis)) this.#firstMillis = startMillis;
      const hour = Math.floor(startMillis / hourMillis) * hourMillis;
      const before = this.#hours.get(hour);
      if (before === undefined) this.#hours.set(hour, new Map());
      mergePanes(this.#hours.get(hour) as PerformancePane, pairsOnly(pairs));
    }
    const long = endMillis - this.#firstMillis >= this.settings.learnMillis;
    if (long && this.#hours.size >= leastHours) this.#learned = this.#sum();
  }

  #sum(): PerformancePane {
    const sum: PerformancePane = new Map();
    for (const pane of this.#hours.values()) mergePanes(sum, pane);
    return sum;
  }

  encode(writer: Writer): void {
    for (const names of [this.classes, this.horizons])
      writeAll(writer, [...names].sort(compareText), (name) => writer.text(name));
    writer.unsigned(this.turnedAway);
    writer.float(this.#firstMillis);
    writer.boolean(this.#learned !== null);
    const hours = [...this.#hours].sort(([one], [other]) => one - other);
    writeAll(writer, hours, ([hour, pane]) => {
      writer.integer(hour / hourMillis);
      writer.blob(packPane(pane));
    });
    writer.blob(packPane(this.#learned ?? new Map()));
  }

  static decode(reader: Reader, settings: ModelSettings): PerformanceMemory {
    const memory = new PerformanceMemory(settings);
    for (const names of [memory.classes, memory.horizons])
      for (const name of readAll(reader, () => reader.text())) names.add(name);
    memory.turnedAway = reader.unsigned();
    memory.#firstMillis = reader.float();
    const isLearned = reader.boolean();
    readAll(reader, () => {
      memory.#hours.set(reader.integer() * hourMillis, unpack(performanceMonoid, reader.blob()));
    });
    const learned = unpack(performanceMonoid, reader.blob());
    memory.#learned = isLearned ? learned : null;
    return memory;
  }
}

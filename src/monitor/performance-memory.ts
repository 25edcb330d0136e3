// What is known of a model's performance for all of its versions: names of classes and horizons that are told apart, how well it did
// when its reference was made, and how much that varies from hour to hour.
import { otherName } from "../event/event.ts";
import type { PerformanceSettings } from "../performance/labelled-pair.ts";
import { type Loss, lossesOf, lossSums } from "../performance/losses.ts";
import { foldNames, mostNames, namesOf } from "../performance/pairs.ts";
import { type PerformancePane, packPane, performanceMonoid } from "../performance/pane.ts";
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { compareText } from "../primitive/dictionary.ts";
import { lossDispersion } from "../stats/loss-dispersion.ts";
import { type PerformanceBaseline, performanceBaseline } from "../stats/performance-detector.ts";
import { unpack } from "../window/pane-series.ts";
import { hourMillis } from "../window/resolution.ts";
import { FirstHours } from "./first-hours.ts";
import type { ModelSettings } from "./monitor.ts";

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
  #first = new FirstHours();
  #learned: PerformancePane | null = null;
  #watched: { readonly settings: ModelSettings; readonly losses: readonly WatchedLoss[] } | null = null;

  constructor(settings: ModelSettings) {
    this.settings = settings;
    this.#learned = settings.learned?.performance ?? null;
  }

  /** How well the model did in its reference, or when that was learned; null where that is not known yet. */
  get reference(): PerformancePane | null {
    return this.settings.reference?.performance ?? this.#learned;
  }

  /** The losses that are compared with the reference, or the first hours; none until these are known. */
  get watched(): readonly WatchedLoss[] {
    const { settings } = this;
    if (!this.#first.complete || settings.performance === null) return [];
    if (this.#watched?.settings !== settings) this.#watched = { settings, losses: this.#lossesToWatch(settings.performance) };
    return this.#watched.losses;
  }

  #lossesToWatch({ pairs, tolerance }: PerformanceSettings): WatchedLoss[] {
    return lossesOf(this.settings.reference?.performance ?? this.#first.sum(), pairs).map((loss) => {
      const hours = [...this.#first.hours].flatMap(([startMillis, pane]) => {
        const losses = loss.of(pane);
        return losses === null ? [] : [{ hour: startMillis / hourMillis, sums: lossSums(losses) }];
      });
      return { loss, baseline: performanceBaseline(loss.law, tolerance, lossDispersion(hours)) };
    });
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
    const { learnMillis, performance } = this.settings;
    const isNew = this.#first.add(pairs, startMillis, endMillis, learnMillis, performance?.horizonMillis ?? 0);
    if (isNew && this.#learned === null && this.#first.spanMillis(endMillis) >= learnMillis) this.#learned = this.#first.sum();
  }

  encode(writer: Writer): void {
    for (const names of [this.classes, this.horizons])
      writeAll(writer, [...names].sort(compareText), (name) => writer.text(name));
    writer.unsigned(this.turnedAway);
    this.#first.encode(writer);
    writer.boolean(this.#learned !== null);
    writer.blob(packPane(this.#learned ?? new Map()));
  }

  static decode(reader: Reader, settings: ModelSettings): PerformanceMemory {
    const memory = new PerformanceMemory(settings);
    for (const names of [memory.classes, memory.horizons])
      for (const name of readAll(reader, () => reader.text())) names.add(name);
    memory.turnedAway = reader.unsigned();
    memory.#first = FirstHours.decode(reader);
    const isLearned = reader.boolean();
    const learned = unpack(performanceMonoid, reader.blob());
    memory.#learned = isLearned ? learned : null;
    return memory;
  }
}

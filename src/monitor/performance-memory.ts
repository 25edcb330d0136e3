// What is known of a model's performance for all of its versions: names of classes and horizons that are told apart, and how well
// it did when its reference was made.
import { otherName } from "../event/event.ts";
import { foldNames, labelledWeight, mostNames, namesOf } from "../performance/pairs.ts";
import { mergePanes, type PerformancePane, packPane, performanceMonoid } from "../performance/pane.ts";
import { pairsOnly } from "../performance/predicted.ts";
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { compareText } from "../primitive/dictionary.ts";
import { unpack } from "../window/pane-series.ts";
import type { ModelSettings } from "./monitor.ts";

export class PerformanceMemory {
  settings: ModelSettings;
  readonly classes = new Set<string>();
  readonly horizons = new Set<string>();
  /** Names that were not admitted, by pane. */
  turnedAway = 0;
  /** Pairs of the time in which what is normal is learned, until that is over. */
  #learning: PerformancePane = new Map();
  #firstMillis = Number.NaN;
  #learned: PerformancePane | null = null;

  constructor(settings: ModelSettings) {
    this.settings = settings;
    this.#learned = settings.learned?.performance ?? null;
  }

  /** How well the model did in its reference, or when that was learned; null where that is not known yet. */
  get reference(): PerformancePane | null {
    return this.settings.reference?.performance ?? this.#learned;
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
      mergePanes(this.#learning, pairsOnly(pairs));
    }
    if (!(endMillis - this.#firstMillis >= this.settings.learnMillis)) return;
    this.#learned = this.#learning;
    this.#learning = new Map();
  }

  encode(writer: Writer): void {
    for (const names of [this.classes, this.horizons])
      writeAll(writer, [...names].sort(compareText), (name) => writer.text(name));
    writer.unsigned(this.turnedAway);
    writer.float(this.#firstMillis);
    writer.boolean(this.#learned !== null);
    writer.blob(packPane(this.#learned ?? this.#learning));
  }

  static decode(reader: Reader, settings: ModelSettings): PerformanceMemory {
    const memory = new PerformanceMemory(settings);
    for (const names of [memory.classes, memory.horizons])
      for (const name of readAll(reader, () => reader.text())) names.add(name);
    memory.turnedAway = reader.unsigned();
    memory.#firstMillis = reader.float();
    const isLearned = reader.boolean();
    const pane = unpack(performanceMonoid, reader.blob());
    memory.#learned = isLearned ? pane : null;
    if (!isLearned) memory.#learning = pane;
    return memory;
  }
}

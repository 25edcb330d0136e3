// What a model knows of its features for all of its versions: their types, and their bins once they are learned.
// Grows by closed panes only, in the order of their starts, so it does not depend on how logs were interleaved.
import type { Slot } from "../event/schema.ts";
import { kind } from "../event/value.ts";
import { chooseEdges, type NumericBins, numericBins } from "../primitive/bins.ts";
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { type Categories, chooseCategories } from "../primitive/categories.ts";
import { compareText, Dictionary } from "../primitive/dictionary.ts";
import { readDictionary, readSketch } from "../primitive/formats.ts";
import { leastCapacity, NumberSketch, sketchGroups } from "../primitive/sketch.ts";
import type { FeatureSettings, ModelSettings } from "./monitor.ts";

/** Values that settle a feature's type. */
export const typeSettlesAt = 100;
/** Values without which no bins are chosen, however long it takes: below it a 1 % tail holds two values. */
export const learnsAt = 200;
/** Bins of a learned numeric feature, before the tails; categories of a learned dictionary. */
const parts = 20;
const mostCategories = 30;
/** Whole numbers that a prediction may take and still be a class rather than a quantity. */
const mostClasses = 30;

export type FeatureType = "undecided" | "numeric" | "categorical";

export interface FeatureKnowledge {
  readonly name: string;
  /** Its place among the model's features, by arrival: for panes in memory, and for nothing that is written. */
  readonly index: number;
  type: FeatureType;
  /** Numbers are counted as texts: of a categorical feature that was configured so, and of a prediction. */
  numbersAsTexts: boolean;
  readonly range: readonly [number, number] | null;
  /** Where panes are cut at given edges. */
  readonly edges: readonly number[] | null;
  numbersSeen: number;
  textsSeen: number;
  /** Of the sketch of the pane that was closed last. Saves work only: nothing follows from it. */
  usualCapacity: number;
  /** Start of the first closed pane with a value. */
  firstMillis: number;
  bins: NumericBins | null;
  categories: Categories | null;
  /** What bins will be chosen from; null once they are. */
  learning: { readonly numbers: NumberSketch; readonly texts: Dictionary } | null;
}

export class FeatureMemory {
  settings: ModelSettings;
  readonly features = new Map<string, FeatureKnowledge>();
  /** Values of closed panes that were only counted: of categories and of buckets beyond their limits. */
  readonly turnedAway = new Map<string, number>();
  readonly #bySlot: FeatureKnowledge[] = [];
  readonly #byIndex: FeatureKnowledge[] = [];

  constructor(settings: ModelSettings) {
    this.settings = settings;
    for (const name of settings.features.keys()) this.of(name);
  }

  /** What is known of a feature; it is unknown so far where it was never asked for. */
  of(name: string): FeatureKnowledge {
    let known = this.features.get(name);
    if (known === undefined) {
      const index = this.features.size;
      known = knowledge(name, index, this.settings.features.get(name) ?? {}, this.settings.textLimit);
      this.features.set(name, known);
      this.#byIndex.push(known);
    }
    return known;
  }

  /** The feature of this place. */
  byIndex(index: number): FeatureKnowledge {
    const known = this.#byIndex[index];
    if (known === undefined) throw new RangeError(`feature ${index}`);
    return known;
  }

  /** As `of`, by position. */
  at(slot: Slot): FeatureKnowledge {
    let known = this.#bySlot[slot.index];
    if (known === undefined) {
      known = this.of(slot.name);
      this.#bySlot[slot.index] = known;
    }
    return known;
  }

  noteTurnedAway(limit: string, count: number): void {
    if (count > 0) this.turnedAway.set(limit, (this.turnedAway.get(limit) ?? 0) + count);
  }

  encode(writer: Writer): void {
    writeAll(
      writer,
      [...this.turnedAway].sort(([a], [b]) => compareText(a, b)),
      ([limit, count]) => {
        writer.text(limit);
        writer.unsigned(count);
      },
    );
    const sorted = [...this.features.values()].sort((a, b) => compareText(a.name, b.name));
    writeAll(writer, sorted, (feature) => encodeKnowledge(feature, writer));
  }

  static decode(reader: Reader, settings: ModelSettings): FeatureMemory {
    const memory = new FeatureMemory(settings);
    for (const [limit, count] of readAll(reader, () => [reader.text(), reader.unsigned()] as const)) {
      memory.turnedAway.set(limit, count);
    }
    for (const name of readAll(reader, () => decodeKnowledge(reader, memory))) memory.of(name);
    return memory;
  }
}

function knowledge(name: string, index: number, settings: FeatureSettings, textLimit: number): FeatureKnowledge {
  const { edges, categories, otherCategories } = settings;
  const type = settings.type ?? (edges ? "numeric" : categories ? "categorical" : "undecided");
  const frozen = edges !== undefined || categories !== undefined;
  return {
    name,
    index,
    type: name.startsWith("$score") ? "numeric" : type,
    numbersAsTexts: type === "categorical" || (type === "undecided" && name === "$prediction"),
    range: settings.range ?? null,
    edges: edges ?? null,
    numbersSeen: 0,
    textsSeen: 0,
    usualCapacity: leastCapacity,
    firstMillis: Number.NaN,
    bins: edges ? numericBins(edges, true) : null,
    categories: categories ? { names: categories, others: new Set(otherCategories ?? []), open: false } : null,
    learning: frozen ? null : { numbers: new NumberSketch(), texts: new Dictionary(textLimit) },
  };
}

/** Adds how many values of which kind a pane has to what was seen. */
export function noteKinds(feature: FeatureKnowledge, kinds: Uint32Array): void {
  feature.numbersSeen += kinds[kind.number] as number;
  feature.textsSeen += (kinds[kind.string] as number) + (kinds[kind.boolean] as number);
}

/**
 * Settles the type of a feature if enough was seen, after all panes of one start were noted.
 * @param texts all texts so far; whole numbers of a prediction are among them
 * @returns whether it did
 */
export function settled(feature: FeatureKnowledge, texts: readonly Dictionary[]): boolean {
  if (feature.type !== "undecided" || feature.numbersSeen + feature.textsSeen < typeSettlesAt) return false;
  const numeric = feature.numbersSeen > feature.textsSeen;
  const classes = feature.numbersAsTexts && fewWholeNumbers(texts);
  feature.type = numeric && !classes ? "numeric" : "categorical";
  feature.numbersAsTexts = feature.numbersAsTexts && feature.type === "categorical";
  return true;
}

function fewWholeNumbers(dictionaries: readonly Dictionary[]): boolean {
  const texts = new Set(dictionaries.flatMap((dictionary) => [...dictionary.entries()].map(([text]) => text)));
  return texts.size <= mostClasses && [...texts].every((text) => Number.isInteger(Number(text)));
}

/** Chooses the bins of a feature whose time of learning is over. @returns whether it did */
export function learnBins(feature: FeatureKnowledge, learnMillis: number, endMillis: number): boolean {
  const learning = feature.learning;
  if (learning === null || feature.type === "undecided" || endMillis - feature.firstMillis < learnMillis) return false;
  const values = feature.type === "numeric" ? learning.numbers.count() : learning.texts.total();
  if (values < learnsAt) return false;
  if (feature.type === "numeric") feature.bins = learnedBins(learning.numbers);
  else feature.categories = chooseCategories(learning.texts, mostCategories);
  feature.learning = null;
  return true;
}

function learnedBins(sketch: NumberSketch): NumericBins {
  const edges = chooseEdges(sketch, parts);
  const groups = sketchGroups(sketch);
  const low = groups[0]?.lower ?? 0;
  const high = groups.at(-1)?.upper ?? 0;
  // A feature that had one value only has no edge: one bin for everything, another as soon as something else comes.
  const chosen = edges.length > 0 ? edges : [high];
  return numericBins(chosen, false, Math.max((chosen[0] as number) - low, high - (chosen.at(-1) as number), 2 ** -1000));
}

function encodeKnowledge(feature: FeatureKnowledge, writer: Writer): void {
  writer.text(feature.name);
  writer.text(feature.type);
  writer.boolean(feature.numbersAsTexts);
  writer.unsigned(feature.numbersSeen);
  writer.unsigned(feature.textsSeen);
  writer.float(feature.firstMillis);
  writer.boolean(feature.learning !== null);
  feature.learning?.numbers.encode(writer);
  feature.learning?.texts.encode(writer);
  if (feature.learning !== null) return;
  encodeBins(feature, writer);
}

function encodeBins({ bins, categories }: FeatureKnowledge, writer: Writer): void {
  writeAll(writer, bins?.edges ?? [], (edge) => writer.float(edge));
  writeAll(writer, bins?.scales ?? [], (scale) => writer.float(scale));
  writeAll(writer, categories?.names ?? [], (name) => writer.text(name));
  writeAll(writer, [...(categories?.others ?? [])].sort(compareText), (name) => writer.text(name));
  writer.boolean(categories?.open ?? false);
}

function decodeKnowledge(reader: Reader, memory: FeatureMemory): string {
  const name = reader.text();
  const feature = memory.of(name);
  feature.type = reader.text() as FeatureType;
  feature.numbersAsTexts = reader.boolean();
  feature.numbersSeen = reader.unsigned();
  feature.textsSeen = reader.unsigned();
  feature.firstMillis = reader.float();
  if (reader.boolean()) {
    const numbers = readSketch(reader);
    feature.learning = { numbers, texts: readDictionary(reader, memory.settings.textLimit) };
    return name;
  }
  feature.learning = null;
  decodeBins(feature, reader);
  return name;
}

function decodeBins(feature: FeatureKnowledge, reader: Reader): void {
  const edges = readAll(reader, () => reader.float());
  const scales = readAll(reader, () => reader.float());
  const names = readAll(reader, () => reader.text());
  const others = new Set(readAll(reader, () => reader.text()));
  const open = reader.boolean();
  if (feature.type === "numeric") feature.bins = { ...numericBins(edges, feature.edges !== null), scales };
  else feature.categories = { names, others, open };
}

// What is known of one feature of a model: its type, its bins and its reference, each of which is configured or settled
// by closed panes in the order of their starts, so that it does not depend on how logs were interleaved.
import { kind } from "../event/value.ts";
import { type NumericBins, numericBins } from "../primitive/bins.ts";
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import type { Categories } from "../primitive/categories.ts";
import { leastCapacity } from "../primitive/cell-table.ts";
import { compareText, Dictionary } from "../primitive/dictionary.ts";
import { readDictionary, readSketch } from "../primitive/formats.ts";
import { NumberSketch } from "../primitive/sketch.ts";
import type { Resolution } from "../primitive/sketch-cell.ts";
import type { SketchPool } from "../primitive/sketch-pool.ts";
import {
  type FeatureType,
  learnedBins,
  learnedCategories,
  learnsAt,
  typeFirst,
  typeSettled,
  typeSettlesAt,
} from "../reference/learning.ts";
import type { FeatureReference, Reference } from "../reference/reference.ts";
import { sameBins } from "../reference/same-bins.ts";
import { BasePanes } from "./base-panes.ts";
import { FeatureLearning } from "./feature-learning.ts";
import { emptyFeature } from "./feature-pane.ts";
import { decodeLearned, encodeLearned, learnedReference } from "./feature-reference.ts";
import type { FeatureSettings, ModelSettings } from "./monitor.ts";

export interface FeatureKnowledge {
  readonly name: string;
  /** Its place among the model's features, by arrival: for panes in memory, and for nothing that is written. */
  readonly index: number;
  type: FeatureType;
  /** Numbers are counted as texts: of a categorical feature that was configured so, and of a prediction. */
  numbersAsTexts: boolean;
  readonly range: readonly [number, number] | null;
  /** Where numbers of panes are cut: the parts' edges of bins that were known before the numbers came. */
  edges: readonly number[] | null;
  numbersSeen: number;
  textsSeen: number;
  /** Of the sketch of the pane that was closed last. Saves work only: nothing follows from it. */
  usualCapacity: number;
  /** The model's, from which panes have their sketches. */
  readonly sketches: SketchPool;
  /** Start of the first closed pane with a value. */
  firstMillis: number;
  /** End of the pane with which a learned reference was frozen; NaN where none was. */
  frozenMillis: number;
  bins: NumericBins | null;
  categories: Categories | null;
  /** What the reference is learned from; null once it is known. */
  learning: FeatureLearning | null;
  /** What is normal; null while it is learned. */
  reference: FeatureReference | null;
  /** Hours and days of a reference that was learned, which go on growing; null where it is configured or not known. */
  panes: BasePanes | null;
}

export function newKnowledge(name: string, index: number, settings: FeatureSettings, sketches: SketchPool): FeatureKnowledge {
  const { edges, categories, otherCategories } = settings;
  return {
    name,
    index,
    ...typeFirst(name, settings),
    range: settings.range ?? null,
    edges: edges ?? null,
    numbersSeen: 0,
    textsSeen: 0,
    usualCapacity: leastCapacity,
    sketches,
    firstMillis: Number.NaN,
    frozenMillis: Number.NaN,
    bins: edges ? numericBins(edges, true) : null,
    categories: categories ? { names: categories, others: new Set(otherCategories ?? []), open: false } : null,
    learning: new FeatureLearning(),
    reference: null,
    panes: null,
  };
}

/**
 * Takes a configured reference, with its type and bins.
 * @returns whether the bins are others than before, so that what was counted in those is of no use
 */
export function adoptReference(feature: FeatureKnowledge, reference: FeatureReference): boolean {
  const replaced = (feature.bins !== null || feature.categories !== null) && !sameBins(feature, reference);
  feature.type = reference.type;
  feature.numbersAsTexts = reference.numbersAsTexts;
  feature.bins = reference.bins;
  feature.categories = reference.categories;
  feature.edges = cutsOf(reference.bins);
  feature.reference = reference;
  feature.learning = null;
  feature.panes = null;
  return replaced;
}

/** Goes on with a reference that was learned before, of which the state itself is gone: its hours go on growing. */
export function adoptLearned(feature: FeatureKnowledge, reference: FeatureReference, { provenance }: Reference): void {
  adoptReference(feature, reference);
  feature.firstMillis = provenance.fromMillis;
  feature.frozenMillis = provenance.toMillis;
  const panes = BasePanes.from(reference);
  feature.panes = panes;
  feature.reference = panes.growingIn(reference);
}

function cutsOf(bins: NumericBins | null): readonly number[] | null {
  return bins?.given ? bins.parts : null;
}

/** How finely the sketches of panes tell numbers apart. */
export function resolutionOf({ edges, bins, learning }: FeatureKnowledge): Resolution {
  if (edges !== null) return "cut";
  return bins === null && learning !== null ? learning.resolution : 0;
}

/** Goes back to learning what is normal, in the bins that there are. */
export function learnAnew(feature: FeatureKnowledge): void {
  feature.reference = null;
  feature.panes = null;
  feature.firstMillis = Number.NaN;
  feature.frozenMillis = Number.NaN;
  feature.learning = new FeatureLearning();
}

/** Adds how many values of which kind a pane has to what was seen. */
export function noteKinds(feature: FeatureKnowledge, kinds: Uint32Array): void {
  feature.numbersSeen += kinds[kind.number] as number;
  feature.textsSeen += (kinds[kind.string] as number) + (kinds[kind.boolean] as number);
}

/**
 * What is to be known of a feature whose type settles, after all panes of one start were noted.
 * @param texts all texts so far; whole numbers of a prediction are among them
 * @returns null: too little was seen, or it was settled before
 */
export function settled(feature: FeatureKnowledge, texts: readonly Dictionary[]): Partial<FeatureKnowledge> | null {
  if (feature.type !== "undecided" || feature.numbersSeen + feature.textsSeen < typeSettlesAt) return null;
  return typeSettled(feature, texts);
}

/**
 * What is to be known of a feature whose time of learning is over: its frozen bins and reference. What it has learned from is
 * used up by that.
 * @returns null: it is not over, or there is a reference
 */
export function frozen(
  feature: FeatureKnowledge,
  { learnMillis, textLimit }: Pick<ModelSettings, "learnMillis" | "textLimit">,
  endMillis: number,
): Partial<FeatureKnowledge> | null {
  const { learning } = feature;
  if (learning === null || feature.type === "undecided" || endMillis - feature.firstMillis < learnMillis) return null;
  if (learning.values(feature.type) < learnsAt) return null;
  const whole = learning.whole(textLimit);
  const { numbers, texts } = whole;
  let { bins, edges, categories } = feature;
  if (feature.type === "numeric" && numbers instanceof NumberSketch) {
    bins ??= learnedBins(numbers);
    edges = cutsOf(bins);
  }
  if (feature.type === "categorical" && texts instanceof Dictionary) categories ??= learnedCategories(texts);
  const known = { bins, edges, categories, learning: null, frozenMillis: endMillis };
  return { ...known, ...learnedReference({ ...feature, ...known }, learning, whole, textLimit) };
}

/** Where the reference of a feature stands, in a snapshot. */
type Standing = "learning" | "learned" | "configured";

export function encodeKnowledge(feature: FeatureKnowledge, writer: Writer): void {
  const { learning, reference, panes } = feature;
  writer.text(feature.name);
  writer.text(feature.type);
  writer.boolean(feature.numbersAsTexts);
  writer.unsigned(feature.numbersSeen);
  writer.unsigned(feature.textsSeen);
  writer.float(feature.firstMillis);
  writer.float(feature.frozenMillis);
  encodeBins(feature, writer);
  const standing: Standing = learning !== null ? "learning" : panes !== null ? "learned" : "configured";
  writer.text(standing);
  learning?.encode(writer);
  if (reference !== null && panes !== null) encodeLearned({ reference, panes }, writer);
}

/**
 * A configured reference is not in the snapshot: whoever reads it has to adopt one.
 * @param begin makes what is filled then, by name
 */
export function decodeKnowledge(reader: Reader, begin: (name: string) => FeatureKnowledge, textLimit: number): FeatureKnowledge {
  const feature = begin(reader.text());
  feature.type = reader.text() as FeatureType;
  feature.numbersAsTexts = reader.boolean();
  feature.numbersSeen = reader.unsigned();
  feature.textsSeen = reader.unsigned();
  feature.firstMillis = reader.float();
  if (reader.format === 1) {
    decodeFormat1(feature, reader, textLimit);
    return feature;
  }
  feature.frozenMillis = reader.float();
  decodeBins(feature, reader);
  const standing = reader.text() as Standing;
  feature.learning = standing === "learning" ? FeatureLearning.decode(reader, feature.bins, textLimit) : null;
  if (standing === "learned") Object.assign(feature, decodeLearned(reader, feature, textLimit));
  return feature;
}

/** Format 1 had bins or what they would be learned from, and no reference: one is learned from now on. */
function decodeFormat1(feature: FeatureKnowledge, reader: Reader, textLimit: number): void {
  feature.learning = new FeatureLearning();
  if (reader.boolean()) {
    const before = { ...emptyFeature(), numbers: readSketch(reader, false), texts: readDictionary(reader, textLimit) };
    feature.learning = FeatureLearning.of(before, textLimit);
    return;
  }
  const edges = readAll(reader, () => reader.float());
  const scales = readAll(reader, () => reader.float());
  const names = readAll(reader, () => reader.text());
  const others = new Set(readAll(reader, () => reader.text()));
  const open = reader.boolean();
  if (feature.type === "numeric") feature.bins = numericBins(edges, feature.edges !== null, scales.at(-1));
  else feature.categories = { names, others, open };
  feature.firstMillis = Number.NaN;
}

function encodeBins({ bins, categories }: FeatureKnowledge, writer: Writer): void {
  writer.boolean(bins !== null);
  if (bins !== null) {
    writer.floats(Float64Array.from(bins.edges));
    writer.floats(Float64Array.from(bins.parts));
    writer.float(bins.reach);
    writer.boolean(bins.given);
  }
  writer.boolean(categories !== null);
  if (categories === null) return;
  writeAll(writer, categories.names, (name) => writer.text(name));
  writeAll(writer, [...categories.others].sort(compareText), (name) => writer.text(name));
  writer.boolean(categories.open);
}

function decodeBins(feature: FeatureKnowledge, reader: Reader): void {
  if (reader.boolean()) {
    const edges = [...reader.floats()];
    const parts = [...reader.floats()];
    const reach = reader.float();
    feature.bins = numericBins(edges, reader.boolean(), reach, parts);
    feature.edges = cutsOf(feature.bins);
  }
  if (!reader.boolean()) return;
  const names = readAll(reader, () => reader.text());
  const others = new Set(readAll(reader, () => reader.text()));
  feature.categories = { names, others, open: reader.boolean() };
}

// What a pane holds of one feature: while it is open, a record of what came that depends on no order; once it is
// closed, counts by bin where the bins are known, else still the sketch from which they can be filled exactly.
import type { Frame } from "../event/frame.ts";
import { kind, kindCount } from "../event/value.ts";
import { BinCounts, binOf } from "../primitive/bins.ts";
import { type Reader, readAll, type Writer } from "../primitive/bytes.ts";
import { CategoryCounts } from "../primitive/categories.ts";
import { categoryText } from "../primitive/category-text.ts";
import { Dictionary } from "../primitive/dictionary.ts";
import { HyperLogLog } from "../primitive/hyperloglog.ts";
import { NumberSketch } from "../primitive/sketch.ts";
import type { FeatureKnowledge } from "./feature-knowledge.ts";

export interface OpenFeature {
  /** How many values of each kind came; at most 64 bytes, which V8 keeps in its own heap, where they cost little. */
  readonly kinds: Uint32Array;
  numbers: NumberSketch | null;
  texts: Dictionary | null;
  /** Texts that the dictionary turned away. */
  beyond: HyperLogLog | null;
}

export interface ClosedFeature {
  /** As of the open pane, and in `absent` how many events came without the feature. */
  readonly kinds: Float64Array;
  numbers: NumberSketch | BinCounts | null;
  texts: Dictionary | CategoryCounts | null;
  distinct: HyperLogLog | null;
}

export function openFeature(): OpenFeature {
  return { kinds: new Uint32Array(kindCount), numbers: null, texts: null, beyond: null };
}

/** Adds the finite number that a frame has at a slot. It is read here, as a number that is handed over is an object. */
export function addNumber(open: OpenFeature, feature: FeatureKnowledge, frame: Frame, slot: number, textLimit: number): void {
  const value = frame.numbers[slot] as number;
  if (feature.range !== null && (value < feature.range[0] || value > feature.range[1])) {
    increment(open.kinds, kind.outOfRange);
    return;
  }
  increment(open.kinds, kind.number);
  if (feature.type !== "categorical") {
    open.numbers ??= new NumberSketch(feature.usualCapacity);
    open.numbers.add(value, feature.edges === null ? 0 : binOf(feature.edges, value));
  }
  if (feature.numbersAsTexts) addText(open, String(value), textLimit);
}

/** Adds a text (a boolean is one) whose kind was counted already. */
export function addText(open: OpenFeature, value: string, textLimit: number): void {
  const text = categoryText(value);
  open.texts ??= new Dictionary(textLimit);
  if (open.texts.add(text)) return;
  open.beyond ??= new HyperLogLog();
  open.beyond.add(text);
}

export function increment(kinds: Float64Array | Uint32Array, at: number, by = 1): void {
  kinds[at] = (kinds[at] as number) + by;
}

/** Drops what the feature's type has made irrelevant. */
export function pruneFeature(open: OpenFeature, feature: FeatureKnowledge): void {
  if (feature.type === "categorical") open.numbers = null;
  if (feature.type !== "numeric") return;
  open.texts = null;
  open.beyond = null;
}

/** @param absent how many of the pane's events came without the feature */
export function closeFeature(open: OpenFeature, feature: FeatureKnowledge, absent: number): ClosedFeature {
  const kinds = Float64Array.from(open.kinds);
  kinds[kind.absent] = absent;
  if (open.numbers !== null) feature.usualCapacity = open.numbers.fittingCapacity;
  const closed: ClosedFeature = { kinds, numbers: open.numbers, texts: open.texts, distinct: distinctOf(open) };
  convertFeature(closed, feature);
  return closed;
}

function distinctOf(open: OpenFeature): HyperLogLog | null {
  if (open.texts === null) return null;
  const distinct = new HyperLogLog();
  for (const [text] of open.texts.entries()) distinct.add(text);
  if (open.beyond !== null) distinct.merge(open.beyond);
  return distinct;
}

/** Turns sketches into counts by bin once the bins are known; drops what the type has made irrelevant. */
export function convertFeature(closed: ClosedFeature, feature: FeatureKnowledge): void {
  if (feature.type === "categorical") closed.numbers = null;
  if (feature.type === "numeric") {
    closed.texts = null;
    closed.distinct = null;
  }
  if (feature.bins !== null && closed.numbers instanceof NumberSketch) {
    closed.numbers = BinCounts.from(closed.numbers, feature.bins);
  }
  if (feature.categories !== null && closed.texts instanceof Dictionary) {
    closed.texts = CategoryCounts.from(closed.texts, feature.categories);
  }
}

export function emptyFeature(): ClosedFeature {
  return { kinds: new Float64Array(kindCount), numbers: null, texts: null, distinct: null };
}

/** Adds a closed pane's feature to another of the same model, which therefore has the same bins. */
export function mergeFeature(into: ClosedFeature, from: ClosedFeature, textLimit: number): void {
  for (let at = 0; at < kindCount; at++) increment(into.kinds, at, from.kinds[at]);
  if (from.numbers instanceof BinCounts) {
    into.numbers ??= from.numbers.empty();
    (into.numbers as BinCounts).merge(from.numbers);
  } else if (from.numbers !== null) {
    into.numbers ??= new NumberSketch();
    (into.numbers as NumberSketch).merge(from.numbers);
  }
  if (from.texts instanceof CategoryCounts) {
    into.texts ??= new CategoryCounts(from.texts.counts.length - 2);
    (into.texts as CategoryCounts).merge(from.texts);
  } else if (from.texts !== null) {
    into.texts ??= new Dictionary(textLimit);
    (into.texts as Dictionary).merge(from.texts);
  }
  if (from.distinct === null) return;
  into.distinct ??= new HyperLogLog();
  into.distinct.merge(from.distinct);
}

/** Counts by bin; empty where bins are not known. */
export function binCounts({ numbers, texts }: ClosedFeature): ArrayLike<number> {
  if (numbers instanceof BinCounts) return numbers.counts;
  return texts instanceof CategoryCounts ? texts.counts : [];
}

export function encodeOpenFeature(open: OpenFeature, writer: Writer): void {
  encodeKinds(open.kinds, writer);
  encodeOptional(open.numbers, writer);
  encodeOptional(open.texts, writer);
  encodeOptional(open.beyond, writer);
}

export function decodeOpenFeature(reader: Reader, textLimit: number): OpenFeature {
  const kinds = Uint32Array.from(decodeKinds(reader));
  const numbers = reader.boolean() ? NumberSketch.decode(reader) : null;
  const texts = reader.boolean() ? Dictionary.decode(reader, textLimit) : null;
  return { kinds, numbers, texts, beyond: reader.boolean() ? HyperLogLog.decode(reader) : null };
}

export function encodeClosedFeature(closed: ClosedFeature, writer: Writer): void {
  encodeKinds(closed.kinds, writer);
  writer.boolean(closed.numbers instanceof BinCounts);
  encodeOptional(closed.numbers, writer);
  writer.boolean(closed.texts instanceof CategoryCounts);
  encodeOptional(closed.texts, writer);
  encodeOptional(closed.distinct, writer);
}

export function decodeClosedFeature(reader: Reader, textLimit: number): ClosedFeature {
  const kinds = decodeKinds(reader);
  const binned = reader.boolean();
  const numbers = reader.boolean() ? (binned ? BinCounts.decode(reader) : NumberSketch.decode(reader)) : null;
  const counted = reader.boolean();
  const texts = reader.boolean() ? (counted ? CategoryCounts.decode(reader) : Dictionary.decode(reader, textLimit)) : null;
  return { kinds, numbers, texts, distinct: reader.boolean() ? HyperLogLog.decode(reader) : null };
}

export function encodeKinds(kinds: Float64Array | Uint32Array, writer: Writer): void {
  writer.unsigned(kinds.length);
  for (const count of kinds) writer.unsigned(count);
}

export function decodeKinds(reader: Reader): Float64Array {
  return Float64Array.from(readAll(reader, () => reader.unsigned()));
}

function encodeOptional(part: { encode(writer: Writer): void } | null, writer: Writer): void {
  writer.boolean(part !== null);
  part?.encode(writer);
}

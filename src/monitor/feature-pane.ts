// What a pane holds of one feature: while it is open, a record of what came that depends on no order; once it is
// closed, counts by bin where the bins are known, else still the sketch from which they can be filled exactly.
import type { Frame } from "../event/frame.ts";
import { kind, kindCount } from "../event/value.ts";
import { BinCounts } from "../primitive/bin-counts.ts";
import { binOf } from "../primitive/bins.ts";
import { CategoryCounts } from "../primitive/category-counts.ts";
import { categoryText } from "../primitive/category-text.ts";
import { capacityFor } from "../primitive/cell-table.ts";
import { Dictionary } from "../primitive/dictionary.ts";
import { HourWeights } from "../primitive/hours.ts";
import { HyperLogLog } from "../primitive/hyperloglog.ts";
import { NumberSketch } from "../primitive/sketch.ts";
import { TargetSum } from "../primitive/target.ts";
import { type FeatureKnowledge, resolutionOf } from "./feature-knowledge.ts";

export interface OpenFeature {
  /** How many values of each kind came; at most 64 bytes, which V8 keeps in its own heap, where they cost little. */
  readonly kinds: Uint32Array;
  numbers: NumberSketch | null;
  texts: Dictionary | null;
  /** Texts that the dictionary turned away. */
  beyond: HyperLogLog | null;
}

/** What an open pane holds of all features. */
export interface OpenFeatures {
  events: number;
  failed: number;
  /** Of all events. */
  targets: TargetSum;
  /** Targets that were too large. */
  clipped: number;
  /** By slot. */
  readonly features: (OpenFeature | undefined)[];
}

export interface ClosedFeature {
  /** How many panes of a minute it is the sum of. */
  panes: number;
  /**
   * As of the open pane, and in `absent` how many events came without the feature. A plain array: a typed one of so many doubles
   * lies outside of V8's heap, and panes and windows of all features make one each every minute.
   */
  readonly kinds: number[];
  numbers: NumberSketch | BinCounts | null;
  texts: Dictionary | CategoryCounts | null;
  distinct: HyperLogLog | null;
  /** Targets of all events of the pane, with the feature or without. */
  readonly targets: TargetSum;
  /**
   * Weight of the values in the distribution by hour of the day (UTC) of the pane's start. Null where there are none or,
   * as in panes of an older state, where it is not known: what it sums to then is less than the weight of all values.
   */
  hours: HourWeights | null;
  /** While the type is not settled `hours` are those of the numbers, and these of the texts; later null. */
  textHours: HourWeights | null;
}

export interface ClosedFeatures {
  events: number;
  failed: number;
  readonly features: Map<string, ClosedFeature>;
}

export function openFeatures(): OpenFeatures {
  return { events: 0, failed: 0, targets: new TargetSum(), clipped: 0, features: [] };
}

export function openFeature(): OpenFeature {
  return { kinds: new Uint32Array(kindCount), numbers: null, texts: null, beyond: null };
}

/**
 * Adds the finite number that a frame has at a slot. It is read here, as a number that is handed over is an object.
 * @param target of the event
 */
export function addNumber(
  open: OpenFeature,
  feature: FeatureKnowledge,
  frame: Frame,
  slot: number,
  textLimit: number,
  target: Readonly<TargetSum>,
): void {
  const value = frame.numbers[slot] as number;
  if (feature.range !== null && (value < feature.range[0] || value > feature.range[1])) {
    increment(open.kinds, kind.outOfRange);
    return;
  }
  increment(open.kinds, kind.number);
  if (feature.type !== "categorical") {
    open.numbers ??= feature.sketches.take(resolutionOf(feature), feature.usualCapacity);
    open.numbers.add(value, frame.weight, target, feature.edges === null ? 0 : binOf(feature.edges, value));
  }
  if (feature.numbersAsTexts) addText(open, String(value), textLimit, frame.weight, target);
}

/** Adds a text (a boolean is one) whose kind was counted already. */
export function addText(open: OpenFeature, value: string, textLimit: number, weight: number, target: Readonly<TargetSum>): void {
  const text = categoryText(value);
  open.texts ??= new Dictionary(textLimit);
  if (open.texts.add(text, weight, target)) return;
  open.beyond ??= new HyperLogLog();
  open.beyond.add(text);
}

export function increment(kinds: number[] | Float64Array | Uint32Array, at: number, by = 1): void {
  kinds[at] = (kinds[at] as number) + by;
}

/**
 * Tells numbers apart as the feature's sketches do by now, whenever this one was begun. (Neither is coarser than what is
 * needed, unless an open pane had more cells than there is room for.)
 */
export function alignNumbers(open: OpenFeature, feature: FeatureKnowledge): void {
  const resolution = resolutionOf(feature);
  if (resolution !== "cut") open.numbers?.coarsen(resolution);
  else if (feature.edges !== null && open.numbers !== null && open.numbers.resolution !== "cut") {
    open.numbers = open.numbers.cutAt(feature.edges);
  }
}

/** Drops what the feature's type has made irrelevant. */
export function pruneFeature(open: OpenFeature, feature: FeatureKnowledge): void {
  alignNumbers(open, feature);
  if (feature.type === "categorical") open.numbers = null;
  if (feature.type !== "numeric") return;
  open.texts = null;
  open.beyond = null;
}

/** What a pane knows beside what came of one feature. */
export interface PaneFacts {
  /** How many of its events came without the feature. */
  readonly absent: number;
  /** Of all its events. */
  readonly targets: Readonly<TargetSum>;
  /** Hour of the day, in UTC, of its start. */
  readonly hour: number;
}

/** Closes a pane's feature: what was open is not to be used any more. */
export function closeFeature(open: OpenFeature, feature: FeatureKnowledge, { absent, targets, hour }: PaneFacts): ClosedFeature {
  const closed = emptyFeature();
  closed.panes = 1;
  for (let at = 0; at < kindCount; at++) closed.kinds[at] = open.kinds[at] as number;
  closed.kinds[kind.absent] = absent;
  closed.targets.add(targets);
  if (open.numbers !== null) {
    alignNumbers(open, feature);
    // Falls slowly, as versions that are rare have panes of the same feature in between.
    feature.usualCapacity = Math.max(capacityFor(open.numbers.cells), feature.usualCapacity / 2);
    closed.numbers = open.numbers;
    closed.hours = new HourWeights(hour, open.numbers.count());
  }
  if (open.texts !== null) {
    closed.texts = open.texts;
    closed.textHours = new HourWeights(hour, open.texts.total());
    closed.distinct = distinctOf(open.texts, open.beyond);
  }
  convertFeature(closed, feature);
  if (open.numbers !== closed.numbers) giveBack(open, feature);
  return closed;
}

function giveBack(open: OpenFeature, feature: FeatureKnowledge): void {
  if (open.numbers !== null) feature.sketches.give(open.numbers);
  open.numbers = null;
}

function distinctOf(texts: Dictionary, beyond: HyperLogLog | null): HyperLogLog {
  const distinct = new HyperLogLog();
  for (const [text] of texts.tallies()) distinct.add(text);
  if (beyond !== null) distinct.merge(beyond);
  return distinct;
}

/** Turns sketches into counts by bin once the bins are known; drops what the type has made irrelevant. */
export function convertFeature(closed: ClosedFeature, feature: FeatureKnowledge): void {
  if (feature.type === "categorical") dropNumbers(closed);
  if (feature.type === "numeric") dropTexts(closed);
  if (feature.bins !== null && closed.numbers instanceof NumberSketch) {
    closed.numbers = BinCounts.from(closed.numbers, feature.bins);
  }
  if (feature.categories !== null && closed.texts instanceof Dictionary) {
    closed.texts = CategoryCounts.from(closed.texts, feature.categories);
  }
  dropEmpty(closed);
}

/** What has no value is null, so that a sum from which everything was taken away is as one that never had anything. */
export function dropEmpty(closed: ClosedFeature): void {
  if (closed.numbers instanceof BinCounts && closed.numbers.isEmpty) closed.numbers = null;
  if (closed.texts instanceof CategoryCounts && closed.texts.isEmpty) closed.texts = null;
  if (closed.hours?.total === 0) closed.hours = null;
  if (closed.textHours?.total === 0) closed.textHours = null;
}

function dropNumbers(closed: ClosedFeature): void {
  if (closed.numbers !== null || closed.textHours !== null) closed.hours = closed.textHours;
  closed.numbers = null;
  closed.textHours = null;
}

function dropTexts(closed: ClosedFeature): void {
  closed.texts = null;
  closed.textHours = null;
  closed.distinct = null;
}

export function emptyFeature(): ClosedFeature {
  return {
    panes: 0,
    kinds: new Array<number>(kindCount).fill(0),
    numbers: null,
    texts: null,
    distinct: null,
    targets: new TargetSum(),
    hours: null,
    textHours: null,
  };
}

/** Targets of the events that have no value in the distribution: the feature is absent, null, of the wrong type, ... */
export function targetsElsewhere(closed: Pick<ClosedFeature, "numbers" | "texts" | "targets">): TargetSum {
  const elsewhere = new TargetSum();
  elsewhere.add(closed.targets);
  const inside = closed.numbers ?? closed.texts;
  if (inside !== null) elsewhere.subtract(inside.totalTargets());
  return elsewhere;
}

/** Adds a closed pane's feature to another of the same model, which therefore has the same bins. */
export function mergeFeature(into: ClosedFeature, from: ClosedFeature, textLimit: number): void {
  into.panes += from.panes;
  for (let at = 0; at < kindCount; at++) increment(into.kinds, at, from.kinds[at]);
  into.targets.add(from.targets);
  into.hours = mergedHours(into.hours, from.hours);
  into.textHours = mergedHours(into.textHours, from.textHours);
  if (from.numbers instanceof BinCounts) {
    into.numbers ??= BinCounts.zero(from.numbers.bins);
    (into.numbers as BinCounts).merge(from.numbers);
  } else if (from.numbers !== null) {
    into.numbers ??= new NumberSketch(from.numbers.resolution);
    (into.numbers as NumberSketch).merge(from.numbers);
  }
  if (from.texts instanceof CategoryCounts) {
    into.texts ??= from.texts.empty();
    (into.texts as CategoryCounts).merge(from.texts);
  } else if (from.texts !== null) {
    into.texts ??= new Dictionary(textLimit);
    (into.texts as Dictionary).merge(from.texts);
  }
  if (from.distinct === null) return;
  into.distinct ??= new HyperLogLog();
  into.distinct.merge(from.distinct);
}

/** Values that no category of the dictionary is; 0 where there is none. */
export function unseenOf({ texts }: Pick<ClosedFeature, "texts">): number {
  return texts instanceof CategoryCounts ? texts.unseen : 0;
}

/** Counts by bin; empty where bins are not known. */
export function binCounts({ numbers, texts }: Pick<ClosedFeature, "numbers" | "texts">): ArrayLike<number> {
  if (numbers instanceof BinCounts) return numbers.counts;
  return texts instanceof CategoryCounts ? texts.counts : [];
}

function mergedHours(into: HourWeights | null, from: HourWeights | null): HourWeights | null {
  if (from === null) return into;
  const merged = into ?? new HourWeights();
  merged.merge(from);
  return merged;
}

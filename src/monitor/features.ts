// Features and outputs of a model: what states their values are in, and their rolling distributions.
// The states of a value (ok, missing, wrong type, ...) follow from its kind and the feature's type, once that is settled.
import type { Frame } from "../event/frame.ts";
import type { Schema, Slot } from "../event/schema.ts";
import { kind, kindCount } from "../event/value.ts";
import { hourOf } from "../primitive/hours.ts";
import { TargetSum } from "../primitive/target.ts";
import { minuteMillis } from "../window/resolution.ts";
import { lookForDrift } from "./drift-looks.ts";
import { decodeOpen, encodeOpen } from "./feature-codec.ts";
import { type FeatureKnowledge, frozen, noteKinds, settled } from "./feature-knowledge.ts";
import type { FeatureLearning } from "./feature-learning.ts";
import { FeatureLesson } from "./feature-lesson.ts";
import { FeatureMemory } from "./feature-memory.ts";
import {
  addNumber,
  addText,
  binCounts,
  type ClosedFeature,
  type ClosedFeatures,
  closeFeature,
  convertFeature,
  emptyFeature,
  increment,
  mergeFeature,
  type OpenFeature,
  type OpenFeatures,
  openFeature,
  openFeatures,
  pruneFeature,
  unseenOf,
} from "./feature-pane.ts";
import { featureRows } from "./feature-rows.ts";
import { featureFamilies, windowWriter } from "./feature-samples.ts";
import {
  createFeatureTotals,
  decodeFeatureTotals,
  encodeFeatureTotals,
  type FeatureTotals,
  unseenTotal,
} from "./feature-totals.ts";
import { featureTotalsFamilies, totalsWriter } from "./feature-totals-samples.ts";
import type { PaneMonitor, PaneOf, Scope, SegmentPane } from "./monitor.ts";
import { combineFeatures, copySums, decodePacked, encodePacked, gatherFeatures, packFeatures } from "./packed-features.ts";
import { restingFeatures } from "./resting-features.ts";
import { changeText } from "./schema-history.ts";
import { prepareDrift } from "./window-drift.ts";

/** Others get a turn after so many: each takes some 10 µs to be closed. */
const featuresAtOnce = 100;

export const features: PaneMonitor<FeatureMemory, FeatureTotals, OpenFeatures, ClosedFeatures> = {
  name: "features",
  since: 1,
  families: [...featureTotalsFamilies, ...featureFamilies],
  createMemory: (settings) => new FeatureMemory(settings),
  adaptMemory: (memory, settings) => memory.adapt(settings),
  encodeMemory: (memory, writer) => memory.encode(writer),
  decodeMemory: (reader, settings) => FeatureMemory.decode(reader, settings),

  createTotals: createFeatureTotals,
  encodeTotals: encodeFeatureTotals,
  decodeTotals: decodeFeatureTotals,

  observes: () => true,
  open: openFeatures,
  observe,
  encodeOpen,
  decodeOpen,

  settle(memory, panes, schema) {
    const lesson = new FeatureLesson();
    for (const slot of schema.slots) {
      const feature = memory.of(slot.name);
      if (feature.type !== "undecided") continue;
      const open = panes.map((pane) => pane.features[slot.index]).filter((part) => part !== undefined);
      for (const part of open) noteKinds(feature, part.kinds);
      const texts = open.map((part) => part.texts).filter((part) => part !== null);
      lesson.note(feature, settled(feature, [...(feature.learning?.texts ?? []), ...texts]));
    }
    return lesson.orNull;
  },
  close,
  learn,
  look: lookForDrift,
  convertOpen(open, memory, schema) {
    for (const slot of schema.slots) {
      const part = open.features[slot.index];
      if (memory.replaced.has(slot.name)) open.features[slot.index] = undefined;
      else if (part !== undefined) pruneFeature(part, memory.of(slot.name));
    }
  },
  *convertClosed(closed, memory) {
    for (const name of memory.replaced) closed.features.delete(name);
    for (const [name, part] of closed.features) {
      convertFeature(part, memory.of(name));
      yield;
    }
  },
  converted: (memory) => memory.replaced.clear(),
  monoid: (memory) => ({
    zero: () => ({ events: 0, failed: 0, features: new Map() }),
    merge: (into, from) => merge(into, from, memory.settings.textLimit),
    pack: (closed) => packFeatures(closed, memory),
    combine: (into, packed, sign) => combineFeatures(into, packed, memory, sign),
    gather: (into, packed) => gatherFeatures(into, packed, memory),
    copySums,
    atRest: (closed) => restingFeatures(closed, memory.settings.textLimit),
    encode: (packed, writer) => encodePacked(packed, memory, writer),
    decode: (reader) => decodePacked(reader, memory),
  }),

  notices: ({ schema }) => schema.recent.map((change) => ({ timeMillis: change.timeMillis, text: changeText(change) })),
  turnedAway: (memory) => memory.turnedAway,
  prepare: prepareDrift,
  rows: featureRows,
  totalsWriter,
  windowWriter,
};

/** Of the event that is being observed. */
const target = new TargetSum();

function observe(open: OpenFeatures, frame: Frame, memory: FeatureMemory, schema: Schema, scope: Scope): void {
  open.events += 1;
  if (frame.failed) open.failed += 1;
  if (target.set(frame.target, frame.weight)) open.clipped += 1;
  open.targets.add(target);
  const textLimit = memory.settings.textLimit;
  for (let at = 0; at < frame.present; at++) {
    const index = frame.slots[at] as number;
    const slot = schema.slots[index] as Slot;
    if (scope === "outputs" && !slot.output) continue;
    const part = partAt(open, index);
    const feature = memory.at(slot);
    const valueKind = frame.kinds[index] as number;
    if (valueKind === kind.number) {
      addNumber(part, feature, frame, index, textLimit, target);
      continue;
    }
    increment(part.kinds, valueKind);
    const textual = valueKind === kind.string || valueKind === kind.boolean;
    if (textual && feature.type !== "numeric") addText(part, frame.texts[index] as string, textLimit, frame.weight, target);
  }
}

function partAt(open: OpenFeatures, index: number): OpenFeature {
  let part = open.features[index];
  if (part === undefined) {
    part = openFeature();
    open.features[index] = part;
  }
  return part;
}

function* close(
  open: OpenFeatures,
  memory: FeatureMemory,
  totals: FeatureTotals,
  schema: Schema,
  { segment, scope, endMillis }: PaneOf,
): Generator<void, ClosedFeatures> {
  const closed: ClosedFeatures = { events: open.events, failed: open.failed, features: new Map() };
  if (segment === "") {
    noteNewFeatures(open, totals, schema);
    memory.noteTurnedAway("targets", open.clipped);
  }
  for (const name of totals.values.keys()) {
    const slot = schema.slot(name);
    if (slot === null || (scope === "outputs" && !slot.output)) continue;
    const part = open.features[slot.index] ?? openFeature();
    const expected = slot.output ? open.events - open.failed : open.events;
    const present = part.kinds.reduce((sum, count) => sum + count, 0);
    const absent = Math.max(0, expected - present);
    const hour = hourOf(endMillis - minuteMillis);
    if (segment === "") noteTurnedAway(part, memory);
    closed.features.set(name, closeFeature(part, memory.of(name), { absent, targets: open.targets, hour }));
    if (closed.features.size % featuresAtOnce === 0) yield;
  }
  if (segment === "") {
    for (const [name, part] of closed.features) addTotals(totals.values.get(name) as Float64Array, part);
    totals.schema.observe(open.events, closed.features, endMillis);
  }
  return closed;
}

function noteTurnedAway({ texts, numbers }: OpenFeature, memory: FeatureMemory): void {
  memory.noteTurnedAway("categories", texts?.overflow ?? 0);
  memory.noteTurnedAway("buckets", Math.round(numbers?.overflow ?? 0));
}

/** A feature counts as missing from the first pane on in which a version had it. */
function noteNewFeatures(open: OpenFeatures, totals: FeatureTotals, schema: Schema): void {
  for (const slot of schema.slots) {
    if (open.features[slot.index] !== undefined && !totals.values.has(slot.name)) {
      totals.values.set(slot.name, new Float64Array(kindCount + 1));
    }
  }
}

function addTotals(totals: Float64Array, closed: ClosedFeature): void {
  for (let at = 0; at < kindCount; at++) increment(totals, at, closed.kinds[at]);
  increment(totals, unseenTotal, unseenOf(closed));
}

/** While the reference is learned, everything; once it is, only how hours and days differ from each other. */
function* learn(
  memory: FeatureMemory,
  panes: readonly SegmentPane<ClosedFeatures>[],
  startMillis: number,
  endMillis: number,
): Generator<void, FeatureLesson | null> {
  let learned = 0;
  for (const feature of memory.features.values()) {
    const { learning } = feature;
    if (learning === null) continue;
    for (const { segment, closed } of panes) {
      const part = closed.features.get(feature.name);
      if (part === undefined) continue;
      learnFrom(feature, learning, segment, part, startMillis, memory.settings.textLimit);
      learned += 1;
      if (learned % featuresAtOnce === 0) yield;
    }
  }
  growReferences(memory, panes, startMillis);
  const lesson = new FeatureLesson();
  for (const feature of memory.features.values()) {
    if (lesson.note(feature, frozen(feature, memory.settings, endMillis))) yield;
  }
  return lesson.orNull;
}

/** At once, as what a learned reference is written down from has the same hours of all features. */
function growReferences({ features }: FeatureMemory, panes: readonly SegmentPane<ClosedFeatures>[], startMillis: number): void {
  for (const { segment, closed } of panes) {
    if (segment !== "") continue;
    for (const [name, part] of closed.features) {
      features.get(name)?.panes?.add(startMillis, part.kinds, binCounts(part));
    }
  }
}

function learnFrom(
  feature: FeatureKnowledge,
  learning: FeatureLearning,
  segment: string,
  part: ClosedFeature,
  startMillis: number,
  textLimit: number,
): void {
  const values = part.numbers !== null || part.texts !== null;
  if (values && segment === "" && Number.isNaN(feature.firstMillis)) feature.firstMillis = startMillis;
  // What came before the first value says nothing of when it is missing.
  if (!Number.isNaN(feature.firstMillis)) learning.add(segment, startMillis, part, textLimit);
}

function merge(into: ClosedFeatures, from: ClosedFeatures, textLimit: number): void {
  into.events += from.events;
  into.failed += from.failed;
  for (const [name, part] of from.features) {
    let sum = into.features.get(name);
    if (sum === undefined) {
      sum = emptyFeature();
      into.features.set(name, sum);
    }
    mergeFeature(sum, part, textLimit);
  }
}

// How panes of features are written down, in the current format of snapshots and in the one before, which knew neither
// weights nor targets nor hours.
import type { Schema } from "../event/schema.ts";
import { BinCounts } from "../primitive/bin-counts.ts";
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { CategoryCounts } from "../primitive/category-counts.ts";
import { compareText } from "../primitive/dictionary.ts";
import { readBinCounts, readCategoryCounts, readDictionary, readHyperLogLog, readSketch } from "../primitive/formats.ts";
import { HourWeights } from "../primitive/hours.ts";
import { TargetSum } from "../primitive/target.ts";
import type { FeatureKnowledge } from "./feature-knowledge.ts";
import type { FeatureMemory } from "./feature-memory.ts";
import { type ClosedFeature, emptyFeature, type OpenFeature, type OpenFeatures, openFeatures } from "./feature-pane.ts";
import type { ClosedFeatures } from "./features.ts";

interface Encoded {
  encode(writer: Writer): void;
}

export function encodeOpen(open: OpenFeatures, writer: Writer, schema: Schema): void {
  writer.unsigned(open.events);
  writer.unsigned(open.failed);
  open.targets.encode(writer);
  writer.unsigned(open.clipped);
  const present = schema.slots.filter((slot) => open.features[slot.index] !== undefined);
  writeAll(
    writer,
    present.sort((a, b) => compareText(a.name, b.name)),
    (slot) => {
      writer.text(slot.name);
      encodeOpenFeature(open.features[slot.index] as OpenFeature, writer);
    },
  );
}

export function decodeOpen(reader: Reader, memory: FeatureMemory, schema: Schema): OpenFeatures {
  const open: OpenFeatures = { ...openFeatures(), events: reader.unsigned(), failed: reader.unsigned() };
  if (reader.format > 1) {
    open.targets = TargetSum.decode(reader);
    open.clipped = reader.unsigned();
  }
  for (const [name, part] of readAll(
    reader,
    () => [reader.text(), decodeOpenFeature(reader, memory.settings.textLimit)] as const,
  )) {
    const slot = schema.slot(name);
    if (slot !== null) open.features[slot.index] = part;
  }
  return open;
}

export function encodeClosed(closed: ClosedFeatures, writer: Writer): void {
  writer.unsigned(closed.events);
  writer.unsigned(closed.failed);
  writeAll(
    writer,
    [...closed.features].sort(([a], [b]) => compareText(a, b)),
    ([name, part]) => {
      writer.text(name);
      encodeClosedFeature(part, writer);
    },
  );
}

export function decodeClosed(reader: Reader, memory: FeatureMemory): ClosedFeatures {
  const [events, failed] = [reader.unsigned(), reader.unsigned()];
  const features = readAll(reader, () => {
    const name = reader.text();
    return [name, decodeClosedFeature(reader, memory.of(name), memory.settings.textLimit)] as const;
  });
  return { events, failed, features: new Map(features) };
}

function encodeOpenFeature(open: OpenFeature, writer: Writer): void {
  encodeKinds(open.kinds, writer);
  encodeOptional(open.numbers, writer);
  encodeOptional(open.texts, writer);
  encodeOptional(open.beyond, writer);
}

function decodeOpenFeature(reader: Reader, textLimit: number): OpenFeature {
  return {
    kinds: Uint32Array.from(decodeKinds(reader)),
    numbers: optional(reader, () => readSketch(reader)),
    texts: optional(reader, () => readDictionary(reader, textLimit)),
    beyond: optional(reader, () => readHyperLogLog(reader)),
  };
}

export function encodeClosedFeature(closed: ClosedFeature, writer: Writer): void {
  encodeKinds(closed.kinds, writer);
  writer.boolean(closed.numbers instanceof BinCounts);
  encodeOptional(closed.numbers, writer);
  writer.boolean(closed.texts instanceof CategoryCounts);
  encodeOptional(closed.texts, writer);
  encodeOptional(closed.distinct, writer);
  closed.targets.encode(writer);
  encodeOptional(closed.hours, writer);
  encodeOptional(closed.textHours, writer);
}

/** @param feature whose values they are: counts of format 1 say nothing without its bins */
export function decodeClosedFeature(reader: Reader, feature: Pick<FeatureKnowledge, "bins">, textLimit: number): ClosedFeature {
  const closed = emptyFeature();
  closed.kinds.set(decodeKinds(reader));
  const binned = reader.boolean();
  closed.numbers = optional(reader, () => (binned ? readBinCounts(reader, feature.bins) : readSketch(reader)));
  const counted = reader.boolean();
  closed.texts = optional(reader, () => (counted ? readCategoryCounts(reader) : readDictionary(reader, textLimit)));
  closed.distinct = optional(reader, () => readHyperLogLog(reader));
  if (reader.format === 1) return closed;
  closed.targets.add(TargetSum.decode(reader));
  closed.hours = optional(reader, () => HourWeights.decode(reader));
  closed.textHours = optional(reader, () => HourWeights.decode(reader));
  return closed;
}

export function encodeKinds(kinds: Float64Array | Uint32Array, writer: Writer): void {
  writer.unsigned(kinds.length);
  for (const count of kinds) writer.unsigned(count);
}

export function decodeKinds(reader: Reader): Float64Array {
  return Float64Array.from(readAll(reader, () => reader.unsigned()));
}

function encodeOptional(part: Encoded | null, writer: Writer): void {
  writer.boolean(part !== null);
  part?.encode(writer);
}

function optional<Part>(reader: Reader, read: () => Part): Part | null {
  return reader.boolean() ? read() : null;
}

// How open panes of features are written down, and how the format of snapshots before had closed ones: how they are kept
// and written now is in packed-features.ts.
import type { Schema } from "../event/schema.ts";
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { compareText } from "../primitive/dictionary.ts";
import { readBinCounts, readCategoryCounts, readDictionary, readHyperLogLog, readSketch } from "../primitive/formats.ts";
import { TargetSum } from "../primitive/target.ts";
import type { FeatureKnowledge } from "./feature-knowledge.ts";
import type { FeatureMemory } from "./feature-memory.ts";
import {
  alignNumbers,
  type ClosedFeature,
  type ClosedFeatures,
  emptyFeature,
  type OpenFeature,
  type OpenFeatures,
  openFeatures,
} from "./feature-pane.ts";

interface Encoded {
  encode(writer: Writer): void;
}

export function encodeOpen(open: OpenFeatures, writer: Writer, memory: FeatureMemory, schema: Schema): void {
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
      const part = open.features[slot.index] as OpenFeature;
      // When it was begun may depend on how logs are interleaved.
      alignNumbers(part, memory.of(slot.name));
      encodeOpenFeature(part, writer);
    },
  );
}

export function decodeOpen(reader: Reader, memory: FeatureMemory, schema: Schema): OpenFeatures {
  const open: OpenFeatures = { ...openFeatures(), events: reader.unsigned(), failed: reader.unsigned() };
  if (reader.format > 1) {
    open.targets = TargetSum.decode(reader);
    open.clipped = reader.unsigned();
  }
  for (let left = reader.unsigned(); left > 0; left--) {
    const name = reader.text();
    const part = decodeOpenFeature(reader, memory.of(name), memory.settings.textLimit);
    const slot = schema.slot(name);
    if (slot !== null) open.features[slot.index] = part;
  }
  return open;
}

function encodeOpenFeature(open: OpenFeature, writer: Writer): void {
  encodeKinds(open.kinds, writer);
  encodeOptional(open.numbers, writer);
  encodeOptional(open.texts, writer);
  encodeOptional(open.beyond, writer);
}

function decodeOpenFeature(reader: Reader, { edges }: FeatureKnowledge, textLimit: number): OpenFeature {
  return {
    kinds: Uint32Array.from(decodeKinds(reader)),
    numbers: optional(reader, () => readSketch(reader, edges !== null)),
    texts: optional(reader, () => readDictionary(reader, textLimit)),
    beyond: optional(reader, () => readHyperLogLog(reader)),
  };
}

/**
 * A closed pane as format 1 has it: without targets and hours, and every weight 1.
 * @param features what is known of them: counts by bin say nothing without the bins
 */
export function decodeClosedOfFormat1(reader: Reader, features: FeatureMemory): ClosedFeatures {
  const [events, failed] = [reader.unsigned(), reader.unsigned()];
  const parts = readAll(reader, () => {
    const name = reader.text();
    return [name, decodeFeatureOfFormat1(reader, features.of(name), features.settings.textLimit)] as const;
  });
  return { events, failed, features: new Map(parts) };
}

function decodeFeatureOfFormat1(reader: Reader, { bins, edges }: FeatureKnowledge, textLimit: number): ClosedFeature {
  const closed = emptyFeature();
  closed.panes = 1;
  for (const [at, count] of decodeKinds(reader).entries()) closed.kinds[at] = count;
  const binned = reader.boolean();
  closed.numbers = optional(reader, () => (binned ? readBinCounts(reader, bins) : readSketch(reader, edges !== null)));
  const counted = reader.boolean();
  closed.texts = optional(reader, () => (counted ? readCategoryCounts(reader) : readDictionary(reader, textLimit)));
  closed.distinct = optional(reader, () => readHyperLogLog(reader));
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

// Closed panes of features as bytes: small in memory, added to sums and taken away from them without being unpacked.
//
//   what cannot be taken away (sketches and texts until there are bins, distinct values), in one piece | the rest
//
// Each begins with how many features there are, and each feature with its place in the model's memory and the length of
// what follows. Written to a snapshot, features are named and sorted, as places depend on the order of arrival.
import { kindCount } from "../event/value.ts";
import { BinCounts } from "../primitive/bin-counts.ts";
import type { NumericBins } from "../primitive/bins.ts";
import { Reader, readAll, Writer, writeAll } from "../primitive/bytes.ts";
import { CategoryCounts } from "../primitive/category-counts.ts";
import { compareText, Dictionary } from "../primitive/dictionary.ts";
import { HourWeights } from "../primitive/hours.ts";
import { HyperLogLog } from "../primitive/hyperloglog.ts";
import { NumberSketch } from "../primitive/sketch.ts";
import { decodeClosedOfFormat1 } from "./feature-codec.ts";
import type { FeatureMemory } from "./feature-memory.ts";
import { type ClosedFeature, type ClosedFeatures, dropEmpty, emptyFeature, increment } from "./feature-pane.ts";

/** Which optional parts follow, as bits. */
const has = { numbers: 1, texts: 2, hours: 4, textHours: 8 } as const;
const hasOf = { sketch: 1, dictionary: 2, distinct: 4 } as const;

/** What a pane is written with, every time the same: nothing of them is kept. */
const packing = { pane: new Writer(), others: new Writer(), piece: new Writer() };

export function packFeatures(closed: ClosedFeatures, memory: FeatureMemory): Uint8Array {
  const { pane, others } = packing;
  others.clear();
  pane.clear();
  let several = 0;
  for (const part of closed.features.values()) if (hasOthers(part)) several += 1;
  others.unsigned(several);
  for (const [name, part] of closed.features) {
    if (hasOthers(part)) writePiece(memory.of(name).index, part, others, writeOthers);
  }
  pane.blob(others.bytes());
  pane.unsigned(closed.events);
  pane.unsigned(closed.failed);
  pane.unsigned(closed.features.size);
  for (const [name, part] of closed.features) writePiece(memory.of(name).index, part, pane, writeSums);
  return pane.bytes().slice();
}

function writePiece(index: number, part: ClosedFeature, into: Writer, write: typeof writeSums): void {
  const { piece } = packing;
  piece.clear();
  write(part, piece);
  into.unsigned(index);
  into.blob(piece.bytes());
}

/** Adds what a packed pane has that can be taken away again, or with the sign -1 takes it away. */
export function combineFeatures(into: ClosedFeatures, packed: Uint8Array, memory: FeatureMemory, sign: 1 | -1): void {
  const reader = new Reader(packed);
  reader.skipBlob();
  into.events += sign * reader.unsigned();
  into.failed += sign * reader.unsigned();
  for (let left = reader.unsigned(); left > 0; left--) {
    const { name, bins } = memory.byIndex(reader.unsigned());
    if (memory.replaced.has(name)) {
      reader.skipBlob();
      continue;
    }
    reader.unsigned();
    const part = partOf(into, name);
    combineSums(part, reader, bins, sign);
    if (sign === 1) continue;
    dropEmpty(part);
    if (part.panes === 0) into.features.delete(name);
  }
}

function partOf(closed: ClosedFeatures, name: string): ClosedFeature {
  let part = closed.features.get(name);
  if (part === undefined) {
    part = emptyFeature();
    closed.features.set(name, part);
  }
  return part;
}

/** Adds what a packed pane has that cannot be taken away: of features that are in the sum already. */
export function gatherFeatures(into: ClosedFeatures, packed: Uint8Array, memory: FeatureMemory): void {
  const reader = new Reader(packed);
  reader.unsigned();
  for (let left = reader.unsigned(); left > 0; left--) {
    const { name } = memory.byIndex(reader.unsigned());
    reader.unsigned();
    gatherOthers(partOf(into, name), reader, memory.settings.textLimit);
  }
}

/** A copy of what can be added and taken away. */
export function copySums({ events, failed, features }: ClosedFeatures): ClosedFeatures {
  const copies = new Map<string, ClosedFeature>();
  for (const [name, part] of features) copies.set(name, copyPart(part));
  return { events, failed, features: copies };
}

function copyPart(part: ClosedFeature): ClosedFeature {
  const copy = emptyFeature();
  copy.panes = part.panes;
  for (let at = 0; at < kindCount; at++) copy.kinds[at] = part.kinds[at] as number;
  copy.targets.add(part.targets);
  copy.numbers = part.numbers instanceof BinCounts ? part.numbers.copy() : null;
  copy.texts = part.texts instanceof CategoryCounts ? part.texts.copy() : null;
  copy.hours = part.hours?.copy() ?? null;
  copy.textHours = part.textHours?.copy() ?? null;
  return copy;
}

/** Writes a packed pane with names in place of places. */
export function encodePacked(packed: Uint8Array, memory: FeatureMemory, writer: Writer): void {
  const reader = new Reader(packed);
  reader.unsigned();
  const others = readPieces(reader, memory);
  writer.unsigned(reader.unsigned());
  writer.unsigned(reader.unsigned());
  for (const pieces of [others, readPieces(reader, memory)]) {
    writeAll(writer, pieces, ({ name, bytes }) => {
      writer.text(name);
      writer.blob(bytes);
    });
  }
}

interface Piece {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** In the order of names. */
function readPieces(reader: Reader, memory: FeatureMemory): Piece[] {
  const pieces = readAll(reader, () => ({ name: memory.byIndex(reader.unsigned()).name, bytes: reader.blob() }));
  return pieces.sort((a, b) => compareText(a.name, b.name));
}

/** Reads what `encodePacked` wrote, or what was written in its place in format 1. */
export function decodePacked(reader: Reader, memory: FeatureMemory): Uint8Array {
  if (reader.format === 1) return packFeatures(decodeClosedOfFormat1(reader, memory), memory);
  const [events, failed] = [reader.unsigned(), reader.unsigned()];
  const [others, writer] = [new Writer(), new Writer()];
  copyPieces(reader, others, memory);
  writer.blob(others.bytes());
  writer.unsigned(events);
  writer.unsigned(failed);
  copyPieces(reader, writer, memory);
  return writer.bytes().slice();
}

function copyPieces(reader: Reader, writer: Writer, memory: FeatureMemory): void {
  const pieces = readAll(reader, () => ({ name: reader.text(), bytes: reader.blob() }));
  writeAll(writer, pieces, ({ name, bytes }) => {
    writer.unsigned(memory.of(name).index);
    writer.blob(bytes);
  });
}

function writeSums(part: ClosedFeature, writer: Writer): void {
  const { numbers, texts, hours, textHours } = part;
  writer.unsigned(part.panes);
  writeKinds(part.kinds, writer);
  part.targets.encode(writer);
  const counted = (numbers instanceof BinCounts ? has.numbers : 0) | (texts instanceof CategoryCounts ? has.texts : 0);
  writer.unsigned(counted | (hours === null ? 0 : has.hours) | (textHours === null ? 0 : has.textHours));
  if (numbers instanceof BinCounts) numbers.encode(writer);
  if (texts instanceof CategoryCounts) texts.encode(writer);
  hours?.encode(writer);
  textHours?.encode(writer);
}

/** @param bins that the numbers are counted in, if they are */
function combineSums(part: ClosedFeature, reader: Reader, bins: NumericBins | null, sign: 1 | -1): void {
  part.panes += sign * reader.unsigned();
  combineKinds(part.kinds, reader, sign);
  part.targets.combineEncoded(reader, sign);
  const parts = reader.unsigned();
  if (parts & has.numbers) part.numbers = combineNumbers(part.numbers as BinCounts | null, reader, bins, sign);
  if (parts & has.texts) part.texts = CategoryCounts.combineEncoded(part.texts as CategoryCounts | null, reader, sign);
  if (parts & has.hours) part.hours = combineHours(part.hours, reader, sign);
  if (parts & has.textHours) part.textHours = combineHours(part.textHours, reader, sign);
}

function combineNumbers(into: BinCounts | null, reader: Reader, bins: NumericBins | null, sign: 1 | -1): BinCounts {
  if (bins === null) throw new RangeError("counts of unknown bins");
  const numbers = into ?? BinCounts.zero(bins);
  numbers.combineEncoded(reader, sign);
  return numbers;
}

function combineHours(into: HourWeights | null, reader: Reader, sign: 1 | -1): HourWeights {
  const hours = into ?? new HourWeights();
  hours.combineEncoded(reader, sign);
  return hours;
}

/** Writes one feature of a pane, for what is learned. */
export function encodeFeature(part: ClosedFeature, writer: Writer): void {
  writeSums(part, writer);
  writeOthers(part, writer);
}

/** @param bins that its numbers are counted in, if they are */
export function decodeFeature(reader: Reader, bins: NumericBins | null, textLimit: number): ClosedFeature {
  const part = emptyFeature();
  combineSums(part, reader, bins, 1);
  gatherOthers(part, reader, textLimit);
  return part;
}

/** Of what `encodeFeature` wrote how many values of each kind there are. */
export function decodeKindsOf(reader: Reader): number[] {
  reader.unsigned();
  const kinds = new Array<number>(kindCount).fill(0);
  combineKinds(kinds, reader, 1);
  return kinds;
}

/** Most kinds never come: which do is said in bits. */
function writeKinds(kinds: readonly number[], writer: Writer): void {
  let present = 0;
  for (let at = 0; at < kindCount; at++) if ((kinds[at] as number) > 0) present |= 1 << at;
  writer.unsigned(present);
  for (let at = 0; at < kindCount; at++) if (present & (1 << at)) writer.unsigned(kinds[at] as number);
}

function combineKinds(into: number[], reader: Reader, sign: 1 | -1): void {
  const present = reader.unsigned();
  for (let at = 0; at < kindCount; at++) if (present & (1 << at)) increment(into, at, sign * reader.unsigned());
}

function hasOthers({ numbers, texts, distinct }: ClosedFeature): boolean {
  return numbers instanceof NumberSketch || texts instanceof Dictionary || distinct !== null;
}

function writeOthers({ numbers, texts, distinct }: ClosedFeature, writer: Writer): void {
  const there = (numbers instanceof NumberSketch ? hasOf.sketch : 0) | (texts instanceof Dictionary ? hasOf.dictionary : 0);
  writer.unsigned(there | (distinct === null ? 0 : hasOf.distinct));
  if (numbers instanceof NumberSketch) numbers.encode(writer);
  if (texts instanceof Dictionary) texts.encode(writer);
  distinct?.encode(writer);
}

function gatherOthers(part: ClosedFeature, reader: Reader, textLimit: number): void {
  const parts = reader.unsigned();
  if (parts & hasOf.sketch) part.numbers = mergeSketch(part.numbers as NumberSketch | null, NumberSketch.decode(reader));
  if (parts & hasOf.dictionary) {
    part.texts ??= new Dictionary(textLimit);
    (part.texts as Dictionary).merge(Dictionary.decode(reader, textLimit));
  }
  if (parts & hasOf.distinct) {
    part.distinct ??= new HyperLogLog();
    part.distinct.mergeEncoded(reader);
  }
}

function mergeSketch(into: NumberSketch | null, from: NumberSketch): NumberSketch {
  if (into === null) return from;
  into.merge(from);
  return into;
}

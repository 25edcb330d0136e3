// What a feature's reference is learned from while none is known: everything that closed panes had of it, in all, by hour
// and by segment. It adds up in any order; when it is over, bins are chosen from it and its counts are the reference.

import { Reader, readAll, Writer, writeAll } from "../primitive/bytes.ts";
import { compareText } from "../primitive/dictionary.ts";
import { hourMillis } from "../window/ladder.ts";
import { type ClosedFeature, emptyFeature, mergeFeature } from "./feature-pane.ts";
import { decodeFeature, encodeFeature } from "./packed-features.ts";

export interface Hour {
  readonly startMillis: number;
  readonly part: ClosedFeature;
}

export class FeatureLearning {
  /** All traffic. */
  readonly total: ClosedFeature = emptyFeature();
  readonly segments = new Map<string, ClosedFeature>();
  /** All traffic by start of the hour, ascending, packed: there may be thousands of features that learn for weeks. */
  readonly #packedHours = new Map<number, Uint8Array>();
  /** The hour that still grows; null before the first. */
  #hour: Hour | null = null;

  /** Adds what a closed pane has; panes come in the order of their starts. */
  add(segment: string, startMillis: number, part: ClosedFeature, textLimit: number): void {
    if (segment !== "") {
      merge(partOf(this.segments, segment), part, textLimit);
      return;
    }
    merge(this.total, part, textLimit);
    merge(this.#hourOf(Math.floor(startMillis / hourMillis) * hourMillis).part, part, textLimit);
  }

  #hourOf(startMillis: number): Hour {
    if (this.#hour?.startMillis === startMillis) return this.#hour;
    if (this.#hour !== null) this.#packedHours.set(this.#hour.startMillis, packed(this.#hour.part));
    this.#hour = { startMillis, part: emptyFeature() };
    return this.#hour;
  }

  /** All traffic by hour, in the order of time; one hour at a time is unpacked. */
  *hours(textLimit: number): Iterable<Hour> {
    for (const [startMillis, bytes] of this.#packedHours) {
      yield { startMillis, part: decodeFeature(new Reader(bytes), textLimit) };
    }
    if (this.#hour !== null) yield this.#hour;
  }

  encode(writer: Writer): void {
    encodeFeature(this.total, writer);
    const growing = this.#hour === null ? [] : [[this.#hour.startMillis, packed(this.#hour.part)] as const];
    writeAll(writer, [...this.#packedHours, ...growing], ([start, bytes]) => {
      writer.integer(start);
      writer.blob(bytes);
    });
    const segments = [...this.segments].sort(([a], [b]) => compareText(a, b));
    writeAll(writer, segments, ([segment, part]) => {
      writer.text(segment);
      encodeFeature(part, writer);
    });
  }

  static decode(reader: Reader, textLimit: number): FeatureLearning {
    const learning = new FeatureLearning();
    const part = () => decodeFeature(reader, textLimit);
    mergeFeature(learning.total, part(), textLimit);
    const hours = readAll(reader, () => [reader.integer(), reader.blob().slice()] as const);
    const [startMillis, bytes] = hours.pop() ?? [];
    for (const [start, hour] of hours) learning.#packedHours.set(start, hour);
    if (startMillis !== undefined && bytes !== undefined) {
      learning.#hour = { startMillis, part: decodeFeature(new Reader(bytes), textLimit) };
    }
    for (const [name, one] of readAll(reader, () => [reader.text(), part()] as const)) learning.segments.set(name, one);
    return learning;
  }
}

/** How many different values there were is no part of a reference. */
function merge(into: ClosedFeature, part: ClosedFeature, textLimit: number): void {
  mergeFeature(into, { ...part, distinct: null }, textLimit);
}

function packed(part: ClosedFeature): Uint8Array {
  const writer = new Writer();
  encodeFeature(part, writer);
  return writer.bytes().slice();
}

function partOf<Key>(parts: Map<Key, ClosedFeature>, key: Key): ClosedFeature {
  let part = parts.get(key);
  if (part === undefined) {
    part = emptyFeature();
    parts.set(key, part);
  }
  return part;
}

// What a feature's reference is learned from while none is known: everything that closed panes had of it, in all, by hour
// and by segment. It adds up in any order; when it is over, bins are chosen from it and its counts are the reference.

import type { NumericBins } from "../primitive/bins.ts";
import { sliceBits } from "../primitive/bucket.ts";
import { Reader, readAll, Writer, writeAll } from "../primitive/bytes.ts";
import { compareText, Dictionary } from "../primitive/dictionary.ts";
import { NumberSketch } from "../primitive/sketch.ts";
import type { FeatureType } from "../reference/learning.ts";
import { total } from "../stats/sample.ts";
import { hourMillis, paneStart } from "../window/resolution.ts";
import { type ClosedFeature, emptyFeature, mergeFeature } from "./feature-pane.ts";
import { decodeFeature, encodeFeature } from "./packed-features.ts";

export interface Hour {
  readonly startMillis: number;
  readonly part: ClosedFeature;
}

export class FeatureLearning {
  readonly segments = new Map<string, ClosedFeature>();
  /** All traffic by start of the hour, ascending, packed: there may be thousands of features that learn for weeks. */
  readonly #packedHours = new Map<number, Uint8Array>();
  /** All traffic of these hours: so that no pane has to be added twice. */
  readonly #before: ClosedFeature = emptyFeature();
  /** The hour that still grows; null before the first. */
  #hour: Hour | null = null;

  /** Adds what a closed pane has; panes come in the order of their starts. */
  add(segment: string, startMillis: number, part: ClosedFeature, textLimit: number): void {
    if (segment !== "") {
      merge(partOf(this.segments, segment), part, textLimit);
      return;
    }
    merge(this.#hourOf(paneStart(startMillis, hourMillis), textLimit).part, part, textLimit);
  }

  #hourOf(startMillis: number, textLimit: number): Hour {
    if (this.#hour?.startMillis === startMillis) return this.#hour;
    if (this.#hour !== null) {
      this.#packedHours.set(this.#hour.startMillis, packed(this.#hour.part));
      merge(this.#before, this.#hour.part, textLimit);
    }
    this.#hour = { startMillis, part: emptyFeature() };
    return this.#hour;
  }

  get #parts(): ClosedFeature[] {
    return this.#hour === null ? [this.#before] : [this.#before, this.#hour.part];
  }

  /** All traffic. What is learned is of no use any more then. */
  whole(textLimit: number): ClosedFeature {
    if (this.#hour !== null) merge(this.#before, this.#hour.part, textLimit);
    return this.#before;
  }

  /** How finely numbers need to be told apart at most: never finer than before. */
  get resolution(): number {
    return Math.min(
      sliceBits,
      ...this.#parts.map(({ numbers }) => (numbers instanceof NumberSketch ? finenessOf(numbers) : sliceBits)),
    );
  }

  /** Weight of the values of all traffic that a feature of this type has in bins. */
  values(type: FeatureType): number {
    return this.#parts.reduce((sum, part) => sum + weightOf(type === "numeric" ? part.numbers : part.texts), 0);
  }

  /** Texts of all traffic, in dictionaries that have not become bins yet. */
  get texts(): Dictionary[] {
    return this.#parts.map(({ texts }) => texts).filter((texts) => texts instanceof Dictionary);
  }

  /** All traffic by hour, in the order of time; one hour at a time is unpacked. */
  *hours(bins: NumericBins | null, textLimit: number): Iterable<Hour> {
    for (const [startMillis, bytes] of this.#packedHours) {
      yield { startMillis, part: decodeFeature(new Reader(bytes), bins, textLimit) };
    }
    if (this.#hour !== null) yield this.#hour;
  }

  /** What was learned before this, of which the hours are not known or follow. */
  static of(before: ClosedFeature, textLimit: number): FeatureLearning {
    const learning = new FeatureLearning();
    mergeFeature(learning.#before, before, textLimit);
    return learning;
  }

  encode(writer: Writer): void {
    encodeFeature(this.#before, writer);
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

  /** @param bins that numbers are counted in, where they are known */
  static decode(reader: Reader, bins: NumericBins | null, textLimit: number): FeatureLearning {
    const part = () => decodeFeature(reader, bins, textLimit);
    const learning = FeatureLearning.of(part(), textLimit);
    const hours = readAll(reader, () => [reader.integer(), reader.blob().slice()] as const);
    const [startMillis, bytes] = hours.pop() ?? [];
    for (const [start, hour] of hours) learning.#packedHours.set(start, hour);
    if (startMillis !== undefined && bytes !== undefined) {
      learning.#hour = { startMillis, part: decodeFeature(new Reader(bytes), bins, textLimit) };
    }
    for (const [name, one] of readAll(reader, () => [reader.text(), part()] as const)) learning.segments.set(name, one);
    return learning;
  }
}

/** How many different values there were is no part of a reference. */
function merge(into: ClosedFeature, part: ClosedFeature, textLimit: number): void {
  mergeFeature(into, { ...part, distinct: null }, textLimit);
}

function finenessOf({ resolution }: NumberSketch): number {
  return resolution === "cut" ? 0 : resolution;
}

function weightOf(counted: ClosedFeature["numbers"] | ClosedFeature["texts"]): number {
  if (counted === null) return 0;
  if (counted instanceof NumberSketch) return counted.count();
  return counted instanceof Dictionary ? counted.total() : total(counted.counts);
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

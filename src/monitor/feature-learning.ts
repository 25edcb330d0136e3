// What a feature's reference is learned from while none is known: everything that closed panes had of it, in all, by hour
// and by segment. It adds up in any order; when it is over, bins are chosen from it and its counts are the reference.

import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { compareText } from "../primitive/dictionary.ts";
import { hourMillis } from "../window/ladder.ts";
import { type ClosedFeature, emptyFeature, mergeFeature } from "./feature-pane.ts";
import { decodeFeature, encodeFeature } from "./packed-features.ts";

export class FeatureLearning {
  /** All traffic. */
  readonly total: ClosedFeature = emptyFeature();
  /** All traffic by start of the hour, ascending. */
  readonly hours = new Map<number, ClosedFeature>();
  readonly segments = new Map<string, ClosedFeature>();

  /** Adds what a closed pane has; panes come in the order of their starts. */
  add(segment: string, startMillis: number, part: ClosedFeature, textLimit: number): void {
    if (segment !== "") {
      merge(partOf(this.segments, segment), part, textLimit);
      return;
    }
    merge(this.total, part, textLimit);
    merge(partOf(this.hours, Math.floor(startMillis / hourMillis) * hourMillis), part, textLimit);
  }

  /** Everything that was added, to be converted when bins are known. */
  *parts(): Iterable<ClosedFeature> {
    yield this.total;
    yield* this.hours.values();
    yield* this.segments.values();
  }

  encode(writer: Writer): void {
    encodeFeature(this.total, writer);
    writeAll(writer, [...this.hours], ([start, part]) => {
      writer.integer(start);
      encodeFeature(part, writer);
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
    for (const [start, hour] of readAll(reader, () => [reader.integer(), part()] as const)) learning.hours.set(start, hour);
    for (const [name, one] of readAll(reader, () => [reader.text(), part()] as const)) learning.segments.set(name, one);
    return learning;
  }
}

/** How many different values there were is no part of a reference. */
function merge(into: ClosedFeature, part: ClosedFeature, textLimit: number): void {
  mergeFeature(into, { ...part, distinct: null }, textLimit);
}

function partOf<Key>(parts: Map<Key, ClosedFeature>, key: Key): ClosedFeature {
  let part = parts.get(key);
  if (part === undefined) {
    part = emptyFeature();
    parts.set(key, part);
  }
  return part;
}

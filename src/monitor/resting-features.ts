// Features of a window that stays as it is for an hour or a day, as bytes: unpacked they would take several times the memory. Each
// has a handle, the same as long as the window stays, that unpacks it for whoever looks.
import type { NumericBins } from "../primitive/bins.ts";
import { Reader, Writer } from "../primitive/bytes.ts";
import { Dictionary } from "../primitive/dictionary.ts";
import type { HourWeights } from "../primitive/hours.ts";
import type { HyperLogLog } from "../primitive/hyperloglog.ts";
import { NumberSketch } from "../primitive/sketch.ts";
import type { TargetSum } from "../primitive/target.ts";
import type { ClosedFeature, ClosedFeatures } from "./feature-pane.ts";
import { decodeFeature, decodeKindsOf, encodeFeature } from "./packed-features.ts";

/** Of all features, one behind the other. */
interface Packed {
  bytes: Uint8Array;
  readonly textLimit: number;
}

/** What was unpacked last: who looks at a feature asks for several things of it. */
let latest: { readonly feature: RestingFeature; readonly part: ClosedFeature } | null = null;

class RestingFeature implements ClosedFeature {
  readonly #packed: Packed;
  readonly #at: number;
  readonly #bins: NumericBins | null;

  constructor(packed: Packed, at: number, bins: NumericBins | null) {
    this.#packed = packed;
    this.#at = at;
    this.#bins = bins;
  }

  get #reader(): Reader {
    return new Reader(this.#packed.bytes.subarray(this.#at));
  }

  get #part(): ClosedFeature {
    if (latest?.feature !== this) {
      latest = { feature: this, part: decodeFeature(this.#reader, this.#bins, this.#packed.textLimit) };
    }
    return latest.part;
  }

  get panes(): number {
    return this.#part.panes;
  }

  /** Every page asks for these: nothing else is unpacked for them. */
  get kinds(): number[] {
    return latest?.feature === this ? latest.part.kinds : decodeKindsOf(this.#reader);
  }

  get numbers(): ClosedFeature["numbers"] {
    return this.#part.numbers;
  }

  get texts(): ClosedFeature["texts"] {
    return this.#part.texts;
  }

  get distinct(): HyperLogLog | null {
    return this.#part.distinct;
  }

  get targets(): TargetSum {
    return this.#part.targets;
  }

  get hours(): HourWeights | null {
    return this.#part.hours;
  }

  get textHours(): HourWeights | null {
    return this.#part.textHours;
  }
}

/** The same, with features packed that are counted in bins. It is not to be changed. */
export function restingFeatures({ events, failed, features }: ClosedFeatures, textLimit: number): ClosedFeatures {
  const writer = new Writer();
  const packed: Packed = { bytes: writer.bytes(), textLimit };
  const resting = new Map<string, ClosedFeature>();
  for (const [name, part] of features) {
    if (part.numbers instanceof NumberSketch || part.texts instanceof Dictionary) {
      resting.set(name, part);
      continue;
    }
    resting.set(name, new RestingFeature(packed, writer.bytes().length, part.numbers?.bins ?? null));
    encodeFeature(part, writer);
  }
  packed.bytes = writer.bytes().slice();
  return { events, failed, features: resting };
}

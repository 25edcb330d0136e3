// Reads what a writer of bytes wrote.
import { amountForm, amountForms, currentFormat, fractions, littleEndian, mostBitsAtOnce } from "./byte-forms.ts";

/** Reads what a Writer wrote, in the same order; throws a RangeError where the bytes end too early. */
export class Reader {
  /** Of the snapshot that the bytes are from: see `state/snapshot.ts`. */
  readonly format: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  #held = 0;
  #heldBits = 0;

  constructor(bytes: Uint8Array, format = currentFormat) {
    this.format = format;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  unsigned(): number {
    let value = 0;
    // Three bytes at most: arithmetic of 32 bits is several times faster.
    for (let shift = 0; shift < 21; shift += 7) {
      const byte = this.#byte();
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
    for (let factor = 2 ** 21; ; factor *= 128) {
      const byte = this.#byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new RangeError("the bytes end inside a number");
    return byte;
  }

  integer(): number {
    const zigzag = this.unsigned();
    return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  }

  amount(): number {
    const code = this.integer();
    const value = Math.floor(code / amountForms);
    switch (code - value * amountForms) {
      case amountForm.whole:
        return value;
      case amountForm.fraction:
        return value / fractions;
      default:
        return this.float();
    }
  }

  float(): number {
    const value = this.#view.getFloat64(this.#at, true);
    this.#at += 8;
    return value;
  }

  floats(): Float64Array {
    const values = new Float64Array(this.#lengthOf(8));
    if (littleEndian) {
      new Uint8Array(values.buffer).set(this.#bytes.subarray(this.#at, this.#at + values.byteLength));
      this.#at += values.byteLength;
    } else {
      for (let index = 0; index < values.length; index++) values[index] = this.float();
    }
    return values;
  }

  bits(width: number): number {
    let value = 0;
    let factor = 1;
    for (let left = width; left > 0; left -= mostBitsAtOnce) {
      const taken = Math.min(left, mostBitsAtOnce);
      while (this.#heldBits < taken) {
        const byte = this.#bytes[this.#at++];
        if (byte === undefined) throw new RangeError("the bytes end inside a number");
        this.#held |= byte << this.#heldBits;
        this.#heldBits += 8;
      }
      value += (this.#held & ((1 << taken) - 1)) * factor;
      this.#held >>>= taken;
      this.#heldBits -= taken;
      factor *= 1 << taken;
    }
    return value;
  }

  endBits(): void {
    this.#held = 0;
    this.#heldBits = 0;
  }

  boolean(): boolean {
    return this.unsigned() === 1;
  }

  text(): string {
    return Buffer.from(this.blob()).toString("utf8");
  }

  /** Passes over a blob. */
  skipBlob(): void {
    const length = this.#lengthOf(1);
    this.#at += length;
  }

  blob(): Uint8Array {
    const length = this.#lengthOf(1);
    const value = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return value;
  }

  /** How many things of so many bytes follow: no more than there are bytes left, so that nothing is allocated for them. */
  #lengthOf(bytesEach: number): number {
    const length = this.unsigned();
    if (length * bytesEach > this.#bytes.length - this.#at) throw new RangeError("the bytes end inside a value");
    return length;
  }
}

export function readAll<T>(reader: Reader, read: () => T): T[] {
  const count = reader.unsigned();
  const items: T[] = [];
  for (let index = 0; index < count; index++) items.push(read());
  return items;
}

// A growing byte buffer: the encoding of everything in a snapshot (read by `byte-reader.ts`). Little-endian, no padding;
// the same values in the same order give the same bytes on every machine.

import { amountForm, amountForms, fractions, littleEndian, mostAmount, mostBitsAtOnce, perBitsAtOnce } from "./byte-forms.ts";

export { currentFormat } from "./byte-forms.ts";
export { Reader, readAll } from "./byte-reader.ts";

export class Writer {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  /** Bits that do not fill a byte yet. */
  #held = 0;
  #heldBits = 0;

  /** A non-negative integer up to 2^53 in 1 to 8 bytes (LEB128). */
  unsigned(value: number): void {
    this.#reserve(8);
    // Most are small: arithmetic of 32 bits is several times faster.
    const small = value >>> 0;
    if (small === value) this.#smallUnsigned(small);
    else this.#largeUnsigned(value);
  }

  #smallUnsigned(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  #largeUnsigned(value: number): void {
    if (!(value >= 0) || !Number.isSafeInteger(value)) throw new RangeError(`not an unsigned integer: ${value}`);
    let rest = value;
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Any safe integer (zigzag). */
  integer(value: number): void {
    this.unsigned(value >= 0 ? value * 2 : -value * 2 - 1);
  }

  /** Any number, in few bytes where it is a small multiple of 2^-8, as sums of weights are. */
  amount(value: number): void {
    const scaled = value * fractions;
    if (Number.isInteger(value) && Math.abs(value) < mostAmount) this.integer(value * amountForms + amountForm.whole);
    else if (Number.isInteger(scaled) && Math.abs(scaled) < mostAmount) this.integer(scaled * amountForms + amountForm.fraction);
    else {
      this.integer(amountForm.float);
      this.float(value);
    }
  }

  float(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  /** How many there are, then each as 8 bytes. */
  floats(values: Float64Array): void {
    this.unsigned(values.length);
    if (!littleEndian) {
      for (const value of values) this.float(value);
      return;
    }
    this.#reserve(values.byteLength);
    this.#bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), this.#length);
    this.#length += values.byteLength;
  }

  /** An integer of so many bits (53 at most), right behind the bits before; `endBits` fills up the last byte. */
  bits(value: number, width: number): void {
    this.#reserve(8);
    let rest = value;
    let left = width;
    for (; left > mostBitsAtOnce; left -= mostBitsAtOnce) {
      const above = Math.floor(rest * perBitsAtOnce);
      this.#hold(rest - above / perBitsAtOnce, mostBitsAtOnce);
      rest = above;
    }
    this.#hold(rest, left);
  }

  #hold(value: number, width: number): void {
    this.#held |= value << this.#heldBits;
    this.#heldBits += width;
    this.#flushBits(8);
  }

  endBits(): void {
    this.#reserve(8);
    this.#flushBits(1);
    this.#held = 0;
    this.#heldBits = 0;
  }

  #flushBits(least: number): void {
    while (this.#heldBits >= least) {
      this.#bytes[this.#length++] = this.#held & 0xff;
      this.#held >>>= 8;
      this.#heldBits -= 8;
    }
  }

  boolean(value: boolean): void {
    this.unsigned(value ? 1 : 0);
  }

  text(value: string): void {
    this.blob(Buffer.from(value, "utf8"));
  }

  blob(value: Uint8Array): void {
    this.unsigned(value.length);
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** Forgets what was written. */
  clear(): void {
    this.#length = 0;
  }

  /** The bytes written so far (a view; copy it before writing on). */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

/** Writes how many there are, then each. */
export function writeAll<T>(writer: Writer, items: readonly T[], write: (item: T) => void): void {
  writer.unsigned(items.length);
  for (const item of items) write(item);
}

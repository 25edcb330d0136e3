// A growing byte buffer and its reader: the encoding of everything in a snapshot. Little-endian, no padding;
// the same values in the same order give the same bytes on every machine.

/** What is written now; it grows when anything is written otherwise. */
export const currentFormat = 2;

const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** How an amount is written: its integer is `value * forms + form`. */
const amountForm = { whole: 0, fraction: 1, float: 2 } as const;
const amountForms = 4;
const fractions = 256;
/** Its zigzag code is a safe integer. */
const mostAmount = 2 ** 49;

/** So that, with the bits of a byte that is not full, they are an integer of 31 bits. */
const mostBitsAtOnce = 24;
const perBitsAtOnce = 2 ** -mostBitsAtOnce;

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

/** Writes how many there are, then each. */
export function writeAll<T>(writer: Writer, items: readonly T[], write: (item: T) => void): void {
  writer.unsigned(items.length);
  for (const item of items) write(item);
}

export function readAll<T>(reader: Reader, read: () => T): T[] {
  const count = reader.unsigned();
  const items: T[] = [];
  for (let index = 0; index < count; index++) items.push(read());
  return items;
}

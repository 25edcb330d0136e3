// How many different texts there were: HyperLogLog with 2^11 registers (standard error 2.3 %), exact-ish for few
// (linear counting). Sparse until 256 registers are used. Merges by the maximum of each register.
//
// Source: Flajolet, Fusy, Gandouet, Meunier 2007, "HyperLogLog: the analysis of a near-optimal cardinality estimation
// algorithm". The hash is 64 bits wide, so no correction for large cardinalities is needed.
import type { Reader, Writer } from "./bytes.ts";

const indexBits = 11;
const registers = 1 << indexBits;
const sparseLimit = 256;
const leastRoom = 8;
/** Ranks are less. A used register is written as index x ranks + rank, so that these ascend with the indices. */
const ranks = 64;
const alpha = 0.7213 / (1 + 1.079 / registers);

export class HyperLogLog {
  /** The used registers in ascending order, and room for more; null when there is a byte for each. */
  #sparse: Uint32Array | null = new Uint32Array(leastRoom);
  #used = 0;
  #dense: Uint8Array | null = null;

  add(text: string): void {
    hash(text);
    const index = hashed.high >>> (32 - indexBits);
    const rest = (hashed.high << indexBits) >>> 0;
    const rank = rest === 0 ? 32 - indexBits + Math.clz32(hashed.low) + 1 : Math.clz32(rest) + 1;
    this.#raise(index, rank);
  }

  merge(other: HyperLogLog): void {
    for (const [index, rank] of other.#entries()) this.#raise(index, rank);
  }

  /** An estimate of the number of different texts added. */
  estimate(): number {
    let used = 0;
    let harmonic = 0;
    for (const [, rank] of this.#entries()) {
      used += 1;
      harmonic += 2 ** -rank;
    }
    const unused = registers - used;
    const raw = (alpha * registers * registers) / (harmonic + unused);
    if (raw <= 2.5 * registers && unused > 0) return Math.round(registers * Math.log(registers / unused));
    return Math.round(raw);
  }

  encode(writer: Writer): void {
    const entries = [...this.#entries()];
    writer.unsigned(entries.length);
    let next = 0;
    for (const [index, rank] of entries) {
      writer.unsigned(index - next);
      writer.unsigned(rank);
      next = index + 1;
    }
  }

  static decode(reader: Reader): HyperLogLog {
    const sketch = new HyperLogLog();
    sketch.mergeEncoded(reader);
    return sketch;
  }

  /** Adds everything of another one that was encoded. */
  mergeEncoded(reader: Reader): void {
    let next = 0;
    for (let left = reader.unsigned(); left > 0; left--) {
      const index = next + reader.unsigned();
      this.raise(index, reader.unsigned());
      next = index + 1;
    }
  }

  /** Makes a register at least this high. @throws RangeError where there is none */
  raise(index: number, rank: number): void {
    if (index >= registers) throw new RangeError(`register ${index}`);
    this.#raise(index, rank);
  }

  /** In ascending order of the registers. */
  *#entries(): Iterable<readonly [index: number, rank: number]> {
    if (this.#sparse !== null) {
      for (const code of this.#sparse.subarray(0, this.#used)) yield [Math.floor(code / ranks), code % ranks];
      return;
    }
    const dense = this.#dense as Uint8Array;
    for (let index = 0; index < registers; index++) {
      const rank = dense[index] as number;
      if (rank > 0) yield [index, rank];
    }
  }

  #raise(index: number, rank: number): void {
    if (this.#dense !== null) {
      if (rank > (this.#dense[index] as number)) this.#dense[index] = rank;
      return;
    }
    const sparse = this.#sparse as Uint32Array;
    const at = this.#placeOf(index * ranks);
    const code = index * ranks + rank;
    const there = sparse[at] as number;
    if (at < this.#used && Math.floor(there / ranks) === index) {
      if (code > there) sparse[at] = code;
    } else this.#insert(at, code);
  }

  /** How many used registers come before. */
  #placeOf(code: number): number {
    const sparse = this.#sparse as Uint32Array;
    let low = 0;
    let high = this.#used;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sparse[middle] as number) < code) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #insert(at: number, code: number): void {
    const before = this.#sparse as Uint32Array;
    if (this.#used === sparseLimit) {
      const dense = new Uint8Array(registers);
      for (const [index, rank] of this.#entries()) dense[index] = rank;
      dense[Math.floor(code / ranks)] = code % ranks;
      this.#dense = dense;
      this.#sparse = null;
      return;
    }
    const sparse = this.#used < before.length ? before : new Uint32Array(2 * before.length);
    if (sparse !== before) sparse.set(before);
    sparse.copyWithin(at + 1, at, this.#used);
    sparse[at] = code;
    this.#used += 1;
    this.#sparse = sparse;
  }
}

const hashed = { high: 0, low: 0 };

/** Sets `hashed` to 64 bits: two FNV-1a runs with different offsets, each finished by MurmurHash3's mixer. */
function hash(text: string): void {
  let high = 0x811c9dc5;
  let low = 0x9747b28c;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x85ebca6b);
    low ^= low >>> 13;
  }
  hashed.high = mix(high);
  hashed.low = mix(low ^ hashed.high);
}

function mix(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

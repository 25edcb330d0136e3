// Sums by number: a sparse vector that adds to others and is taken away again. Whoever fills it says what the numbers mean.
//
// With whole multiples of 2^-8 (weights) and of 2^-16 (their squares) the sums are exact in any order, so equal events make
// equal tables, however they were split over panes.
import type { Reader, Writer } from "./bytes.ts";

const none = -1;
const leastCapacity = 8;
/** Golden ratio, as Knuth has it: neighbours land far from each other. */
const spread = 0x9e3779b1;

export class SumTable {
  /** Open addressing: a power of two of places, at most three quarters taken. */
  #keys: Int32Array = new Int32Array(leastCapacity).fill(none);
  #sums: Float64Array = new Float64Array(leastCapacity);
  #size = 0;
  #shift = 32 - Math.log2(leastCapacity);

  /** Adds to the sum of a number. @param key a whole number from 0 to 2^31 - 1 */
  add(key: number, amount: number): void {
    const at = this.#placeOf(key);
    if (this.#keys[at] === key) this.#sums[at] = (this.#sums[at] as number) + amount;
    else this.#put(at, key, amount);
  }

  /** Where a number is, or would be. */
  #placeOf(key: number): number {
    const keys = this.#keys;
    const mask = keys.length - 1;
    let at = Math.imul(key, spread) >>> this.#shift;
    for (let found = keys[at]; found !== key && found !== none; found = keys[at]) at = (at + 1) & mask;
    return at;
  }

  #put(at: number, key: number, amount: number): void {
    this.#keys[at] = key;
    this.#sums[at] = amount;
    this.#size += 1;
    if (this.#size * 4 > this.#keys.length * 3) this.#grow();
  }

  /** For an empty table: of so many numbers, so that it need not grow. */
  #makeRoom(size: number): void {
    let capacity = this.#keys.length;
    while (size * 4 > capacity * 3) capacity *= 2;
    if (capacity > this.#keys.length) this.#take(capacity);
  }

  #take(capacity: number): void {
    this.#keys = new Int32Array(capacity).fill(none);
    this.#sums = new Float64Array(capacity);
    this.#shift = 32 - Math.log2(capacity);
  }

  #grow(): void {
    const [keys, sums] = [this.#keys, this.#sums];
    this.#take(keys.length * 2);
    for (let from = 0; from < keys.length; from++) {
      const key = keys[from] as number;
      if (key === none) continue;
      const at = this.#placeOf(key);
      this.#keys[at] = key;
      this.#sums[at] = sums[from] as number;
    }
  }

  /** The sum of a number, 0 where nothing was added. */
  at(key: number): number {
    const place = this.#placeOf(key);
    return this.#keys[place] === key ? (this.#sums[place] as number) : 0;
  }

  /** Adds all sums of another table. */
  addAll(other: SumTable): void {
    if (this.#size === 0) this.#makeRoom(other.#size);
    for (let at = 0; at < other.#keys.length; at++) {
      const key = other.#keys[at] as number;
      if (key !== none) this.add(key, other.#sums[at] as number);
    }
  }

  /** Whether all sums are 0. */
  get isZero(): boolean {
    for (let at = 0; at < this.#sums.length; at++) if (this.#sums[at] !== 0) return false;
    return true;
  }

  copy(): SumTable {
    const copy = new SumTable();
    copy.#keys = this.#keys.slice();
    copy.#sums = this.#sums.slice();
    copy.#size = this.#size;
    copy.#shift = this.#shift;
    return copy;
  }

  /** The sums that are not 0, ascending by number. */
  entries(): (readonly [key: number, sum: number])[] {
    return Array.from(this.#sortedKeys(), (key) => [key, this.at(key)] as const);
  }

  /** Those of sums that are not 0. An array of integers is sorted several times faster than one of anything else. */
  #sortedKeys(): Int32Array {
    const keys = new Int32Array(this.#size);
    let filled = 0;
    for (let at = 0; at < this.#keys.length; at++) if (this.#sums[at] !== 0) keys[filled++] = this.#keys[at] as number;
    return keys.subarray(0, filled).sort();
  }

  /** Equal sums are equal bytes, whatever order they came in. */
  encode(writer: Writer): void {
    const keys = this.#sortedKeys();
    writer.unsigned(keys.length);
    let before = 0;
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index] as number;
      writer.unsigned(key - before);
      writer.amount(this.at(key));
      before = key;
    }
  }

  /** Adds what `encode` wrote, or with the sign -1 takes it away. */
  combine(reader: Reader, sign: 1 | -1): void {
    const size = reader.unsigned();
    if (this.#size === 0) this.#makeRoom(size);
    let key = 0;
    for (let index = 0; index < size; index++) {
      key += reader.unsigned();
      this.add(key, sign * reader.amount());
    }
  }
}

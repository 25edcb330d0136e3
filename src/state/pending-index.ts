// Finds the row of an id by the 64 bits of its hash: open addressing in 64 parts, so that growing is never a long pause.
// Taking one out moves those behind it up, so there are no marks of what once was there.
import { highAt, type PendingRows } from "./pending-rows.ts";

const partBits = 6;
const indexParts = 1 << partBits;
/** The part is told by the highest bits of the low half, the place in it by its lowest. */
const partShift = 32 - partBits;
const leastCapacity = 64;
/** How full a part may be. */
const fullest = 3 / 4;
/** Parts are not equally full. */
const spare = 1.25;
/** How many times the room that is asked for may be kept. */
const mostRoom = 4;

/** A place has two numbers: a row and one more (0: there is none), and the low half of the hash. */
const placeWidth = 2;

export class PendingIndex {
  /** How many ids there are. */
  size = 0;
  readonly #rows: PendingRows;
  readonly #parts: Int32Array[] = [];
  readonly #sizes = new Int32Array(indexParts);
  /** In its part, the place of the id that was asked for last. */
  #found = 0;

  constructor(rows: PendingRows) {
    this.#rows = rows;
    for (let part = 0; part < indexParts; part++) this.#parts.push(new Int32Array(leastCapacity * placeWidth));
  }

  /** The row of an id; -1 where there is none. Where it is, or would be, is remembered for `put`. */
  find(high: number, low: number): number {
    const places = this.#parts[low >>> partShift] as Int32Array;
    this.#found = this.#placeOf(places, high, low);
    return (places[this.#found] as number) - 1;
  }

  /** Reads what stands where an id of this hash would stand, if none were in its way. */
  glance(low: number): number {
    const places = this.#parts[low >>> partShift] as Int32Array;
    return places[(low * placeWidth) & (places.length - 1)] as number;
  }

  /** As `find`, by the low half of the hash alone: the row of another id where that has the same. */
  guess(low: number): number {
    const places = this.#parts[low >>> partShift] as Int32Array;
    const mask = places.length - 1;
    for (let at = (low * placeWidth) & mask; ; at = (at + placeWidth) & mask) {
      const head = places[at] as number;
      if (head === 0 || places[at + 1] === low) return head - 1;
    }
  }

  /** Makes a row that of the id which was asked for last; nothing else was put or removed since. */
  put(low: number, row: number): void {
    const part = low >>> partShift;
    const places = this.#parts[part] as Int32Array;
    const isNew = places[this.#found] === 0;
    places[this.#found] = row + 1;
    if (!isNew) return;
    places[this.#found + 1] = low;
    this.size += 1;
    const size = (this.#sizes[part] as number) + 1;
    this.#sizes[part] = size;
    if (size * placeWidth > places.length * fullest) this.#parts[part] = grown(places);
  }

  /** Takes an id out that is there. */
  remove(high: number, low: number): void {
    const part = low >>> partShift;
    const places = this.#parts[part] as Int32Array;
    const mask = places.length - 1;
    let hole = this.#placeOf(places, high, low);
    for (let at = (hole + placeWidth) & mask; places[at] !== 0; at = (at + placeWidth) & mask) {
      // One moves up unless its own place lies behind the hole.
      const wanted = ((places[at + 1] as number) * placeWidth) & mask;
      if (((at - wanted) & mask) < ((at - hole) & mask)) continue;
      places[hole] = places[at] as number;
      places[hole + 1] = places[at + 1] as number;
      hole = at;
    }
    places[hole] = 0;
    this.size -= 1;
    this.#sizes[part] = (this.#sizes[part] as number) - 1;
  }

  /** Forgets all ids. @param expected how many are put next, so that nothing need grow, and no more room is kept than for several times as many */
  clear(expected: number): void {
    let capacity = leastCapacity;
    while (capacity * fullest * indexParts < expected * spare) capacity *= 2;
    for (let part = 0; part < indexParts; part++) {
      const places = this.#parts[part] as Int32Array;
      const isFit = places.length >= capacity * placeWidth && places.length <= capacity * placeWidth * mostRoom;
      if (isFit) places.fill(0);
      else this.#parts[part] = new Int32Array(capacity * placeWidth);
    }
    this.#sizes.fill(0);
    this.size = 0;
  }

  /** Where an id is in its part, or would be. */
  #placeOf(places: Int32Array, high: number, low: number): number {
    const mask = places.length - 1;
    for (let at = (low * placeWidth) & mask; ; at = (at + placeWidth) & mask) {
      const head = places[at] as number;
      if (head === 0 || (places[at + 1] === low && this.#rows.int(head - 1, highAt) === high)) return at;
    }
  }
}

function grown(places: Int32Array): Int32Array {
  const larger = new Int32Array(places.length * 2);
  const mask = larger.length - 1;
  for (let from = 0; from < places.length; from += placeWidth) {
    if (places[from] === 0) continue;
    const low = places[from + 1] as number;
    let at = (low * placeWidth) & mask;
    while (larger[at] !== 0) at = (at + placeWidth) & mask;
    larger[at] = places[from] as number;
    larger[at + 1] = low;
  }
  return larger;
}

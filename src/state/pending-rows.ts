// The rows of the join: one for each event that waits or was joined, 64 bytes in arrays of numbers, which is a line of the
// processor's cache. They are in chunks, so that growing copies nothing; rows that are given back are used again first.
//
// What a row has where: numbers of 8 bytes (f), of 4 bytes (i), of 2 bytes (s) and single floats (w) over the same memory.
//
//   f0 event time | f1 offset, or once its minute is closed the start of the one with which it leaves | f2 score | f3 prediction | f4 label, or of a prediction w8 weight, s18 horizon, s19 segments
//   i10 hash high | i11 hash low | i12 next row of the id, in a circle | i14 version | s30 log, s31 flags

const chunkBits = 16;
const chunkRows = 1 << chunkBits;
export const chunkMask = chunkRows - 1;
export const chunkShift = chunkBits;
const rowBytes = 64;

/** How many of each width a row has. */
export const floatsARow = rowBytes / 8;
export const intsARow = rowBytes / 4;
export const shortsARow = rowBytes / 2;

export const timeAt = 0;
export const offsetAt = 1;
export const leavesAt = 1;
export const scoreAt = 2;
export const predictionAt = 3;
export const labelAt = 4;
export const weightAt = 8;
export const horizonAt = 18;
export const segmentsAt = 19;
export const highAt = 10;
export const lowAt = 11;
export const sameAt = 12;
export const versionAt = 14;
export const logAt = 30;
export const flagsAt = 31;

/** Flags of a row. */
export const isOutcome = 1;
/** Its minute has not closed. */
export const isOpen = 2;
/** A prediction that has met its outcome: it stays to know duplicates by. */
export const isJoined = 4;
/** Joined or gone: only the list that it is in refers to it. */
export const isDead = 8;
/** What stands at `predictionAt` is a text's number; without both there is none. */
export const predictionIsText = 16;
export const predictionIsNumber = 32;
export const labelIsText = 64;
export const labelIsNumber = 128;
/** The index leads to it; to others of its id leads the circle that they are in. */
export const isHead = 256;

/** No row. */
export const none = -1;

export class PendingRows {
  readonly floats: Float64Array[] = [];
  readonly ints: Int32Array[] = [];
  readonly shorts: Uint16Array[] = [];
  readonly weights: Float32Array[] = [];
  /** How many are in use. */
  used = 0;
  /** How many were ever in use at once. */
  #made = 0;
  /** Rows that were given back, linked as those of an id are. */
  #free = none;

  /** A row that is nobody's; what it has is of somebody before. */
  take(): number {
    this.used += 1;
    const free = this.#free;
    if (free !== none) {
      const ints = this.ints[free >>> chunkBits] as Int32Array;
      this.#free = ints[(free & chunkMask) * intsARow + sameAt] as number;
      return free;
    }
    const row = this.#made++;
    if (row >>> chunkBits === this.ints.length) this.#grow();
    return row;
  }

  give(row: number): void {
    const ints = this.ints[row >>> chunkBits] as Int32Array;
    ints[(row & chunkMask) * intsARow + sameAt] = this.#free;
    this.#free = row;
    this.used -= 1;
  }

  #grow(): void {
    const chunk = new ArrayBuffer(chunkRows * rowBytes);
    this.floats.push(new Float64Array(chunk));
    this.ints.push(new Int32Array(chunk));
    this.shorts.push(new Uint16Array(chunk));
    this.weights.push(new Float32Array(chunk));
  }

  float(row: number, at: number): number {
    return (this.floats[row >>> chunkBits] as Float64Array)[(row & chunkMask) * floatsARow + at] as number;
  }

  setFloat(row: number, at: number, value: number): void {
    (this.floats[row >>> chunkBits] as Float64Array)[(row & chunkMask) * floatsARow + at] = value;
  }

  int(row: number, at: number): number {
    return (this.ints[row >>> chunkBits] as Int32Array)[(row & chunkMask) * intsARow + at] as number;
  }

  setInt(row: number, at: number, value: number): void {
    (this.ints[row >>> chunkBits] as Int32Array)[(row & chunkMask) * intsARow + at] = value;
  }

  short(row: number, at: number): number {
    return (this.shorts[row >>> chunkBits] as Uint16Array)[(row & chunkMask) * shortsARow + at] as number;
  }

  setShort(row: number, at: number, value: number): void {
    (this.shorts[row >>> chunkBits] as Uint16Array)[(row & chunkMask) * shortsARow + at] = value;
  }

  /** What a prediction counts for; it is a multiple of 2^-8 up to 2^16, which a single float has exactly. */
  weight(row: number): number {
    return (this.weights[row >>> chunkBits] as Float32Array)[(row & chunkMask) * intsARow + weightAt] as number;
  }

  setWeight(row: number, weight: number): void {
    (this.weights[row >>> chunkBits] as Float32Array)[(row & chunkMask) * intsARow + weightAt] = weight;
  }
}

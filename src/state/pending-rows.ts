// The rows of the join: one for each event that waits or was joined, 48 bytes in arrays of numbers. They are had in blocks of
// sixteen, which are twelve lines of the processor's cache, and blocks in chunks, so that growing copies nothing; blocks that are
// given back are used again first. A chunk is a few huge pages, so that a row anywhere is found in half the time (see bin).
//
// What a row has where: numbers of 8 bytes (f), of 4 bytes (i), of 2 bytes (s) and single floats (w) over the same memory.
//
//   f0 event time | f1 score | f2 prediction, or label |
//   i6 hash high | i7 hash low | w8 weight | s18 horizon | s19 segments | i10 version | s22 log | s23 flags

const blockBits = 4;
export const blockRows = 1 << blockBits;
export const blockMask = blockRows - 1;

const rowBytes = 48;
const chunkBits = 17;
export const chunkMask = (1 << chunkBits) - 1;
export const chunkShift = chunkBits;
const blocksAChunkBits = chunkBits - blockBits;
const blocksAChunk = 1 << blocksAChunkBits;
/** Three huge pages of 2 MB, less what malloc needs to say how long a piece is: what is a multiple of such pages begins with one. */
const chunkBytes = rowBytes * 2 ** chunkBits - 64;
/** The last block of a chunk has no room in it. */
const lastBlock = Math.floor(chunkBytes / (rowBytes * blockRows)) - 1;

/** How many of each width a row has. */
export const floatsARow = rowBytes / 8;
export const intsARow = rowBytes / 4;
export const shortsARow = rowBytes / 2;

export const timeAt = 0;
export const scoreAt = 1;
export const valueAt = 2;
export const highAt = 6;
export const lowAt = 7;
export const weightAt = 8;
export const horizonAt = 18;
export const segmentsAt = 19;
export const versionAt = 10;
export const logAt = 22;
export const flagsAt = 23;

/** Flags of a row. */
export const isOutcome = 1;
/** A prediction that has met its outcome: it stays to know duplicates by. */
export const isJoined = 2;
/** What stands at `valueAt`, the prediction or the label, is a text's number; without both there is none. */
export const valueIsText = 4;
export const valueIsNumber = 8;
/** A prediction that came with its outcome, in one event. */
export const isCarried = 16;
/** A prediction with scores by class: at `scoreAt` is where they are, at `horizonAt` the number of their classes' names. */
export const hasClassScores = 128;
/** An item of a request: at `valueAt` is which, at `horizonAt` its rank. */
export const isItem = 256;
/** A prediction of which nobody is told when its minute closes: it failed, or whoever counts predictions saw it when it came. */
export const isSeen = 512;
/** Joined or gone: nothing but the chain that it is in refers to it. */
export const isDead = 32;

/** No row. */
export const none = -1;

export class PendingRows {
  readonly floats: Float64Array[] = [];
  readonly ints: Int32Array[] = [];
  readonly shorts: Uint16Array[] = [];
  readonly weights: Float32Array[] = [];
  /** By chunk: which block follows each, in its chain or among those that are free. */
  readonly #next: Int32Array[] = [];
  /** How many blocks were ever in use at once. */
  #made = 0;
  #free = none;

  /** A block that is nobody's; what its rows have is of somebody before. */
  takeBlock(): number {
    const free = this.#free;
    if (free !== none) {
      this.#free = this.nextBlock(free);
      return free;
    }
    if (this.#made >>> blocksAChunkBits === this.ints.length) this.#grow();
    const block = this.#made;
    this.#made += (block & (blocksAChunk - 1)) === lastBlock ? blocksAChunk - lastBlock : 1;
    return block;
  }

  /** Blocks one behind the other, for good. @returns the first */
  takeBlocks(size: number): number {
    const isRoom = this.#made >>> blocksAChunkBits < this.ints.length && (this.#made & (blocksAChunk - 1)) + size <= lastBlock;
    if (!isRoom) {
      this.#made = this.ints.length << blocksAChunkBits;
      this.#grow();
    }
    const first = this.#made;
    this.#made += size;
    return first;
  }

  giveBlock(block: number): void {
    this.setNextBlock(block, this.#free);
    this.#free = block;
  }

  #grow(): void {
    // Shared, though with nobody: of other buffers V8 expects garbage, and would go through its whole heap every few chunks.
    const chunk = new SharedArrayBuffer(chunkBytes);
    this.floats.push(new Float64Array(chunk));
    this.ints.push(new Int32Array(chunk));
    this.shorts.push(new Uint16Array(chunk));
    this.weights.push(new Float32Array(chunk));
    this.#next.push(new Int32Array(blocksAChunk));
  }

  nextBlock(block: number): number {
    return (this.#next[block >>> blocksAChunkBits] as Int32Array)[block & (blocksAChunk - 1)] as number;
  }

  setNextBlock(block: number, next: number): void {
    (this.#next[block >>> blocksAChunkBits] as Int32Array)[block & (blocksAChunk - 1)] = next;
  }

  /** Puts what a row has into another. As integers: those that make no number as a double would be changed on the way. */
  copy(row: number, into: number): void {
    const from = this.ints[row >>> chunkBits] as Int32Array;
    const to = this.ints[into >>> chunkBits] as Int32Array;
    const fromAt = (row & chunkMask) * intsARow;
    const toAt = (into & chunkMask) * intsARow;
    for (let at = 0; at < intsARow; at++) to[toAt + at] = from[fromAt + at] as number;
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

// Scores of predictions that wait, by class: as many numbers as a model has classes, in blocks of a power of two of them, so that what
// is given back fits what comes next.

const chunkBits = 16;
const chunkNumbers = 1 << chunkBits;
/** Predictions of more classes are joined without their scores. */
export const mostScores = 64;
/** Blocks of 2, 4, ... 64. */
const sizes = Math.log2(mostScores);

export class ScoreBlocks {
  readonly #chunks: Float64Array[] = [];
  /** Where the next block begins that was never used. */
  #end = 0;
  /** By size, blocks that were given back. */
  readonly #free: number[][] = Array.from({ length: sizes + 1 }, () => []);

  /** A block for so many scores. @returns where it begins */
  take(count: number): number {
    const size = sizeOf(count);
    const free = this.#free[size]?.pop();
    if (free !== undefined) return free;
    const length = 1 << size;
    // Blocks do not go beyond the end of a chunk.
    if ((this.#end & (chunkNumbers - 1)) + length > chunkNumbers) this.#end = ((this.#end >>> chunkBits) + 1) << chunkBits;
    const start = this.#end;
    this.#end += length;
    while (this.#chunks.length <= start >>> chunkBits) this.#chunks.push(new Float64Array(chunkNumbers));
    return start;
  }

  give(start: number, count: number): void {
    this.#free[sizeOf(count)]?.push(start);
  }

  /** The scores of a block, as they are there. */
  of(start: number, count: number): Float64Array {
    const at = start & (chunkNumbers - 1);
    return (this.#chunks[start >>> chunkBits] as Float64Array).subarray(at, at + count);
  }
}

function sizeOf(count: number): number {
  return Math.max(1, Math.ceil(Math.log2(count)));
}

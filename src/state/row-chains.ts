// Rows of the join that something is to be done with at one time: chains of blocks, so that those of one minute lie together
// and are read as fast as memory is, and given back together.
import { blockMask, blockRows, none, type PendingRows } from "./pending-rows.ts";

const leastCapacity = 64;

export class RowChains {
  readonly #rows: PendingRows;
  /** By chain: its first block, and its last row. */
  #firstBlocks = new Int32Array(leastCapacity).fill(none);
  #lastRows = new Int32Array(leastCapacity).fill(none);
  #made = 0;
  readonly #free: number[] = [];

  constructor(rows: PendingRows) {
    this.#rows = rows;
  }

  /** A new chain, without rows. */
  make(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#made === this.#firstBlocks.length) {
      this.#firstBlocks = twice(this.#firstBlocks);
      this.#lastRows = twice(this.#lastRows);
    }
    return this.#made++;
  }

  /** A new row at the end of a chain. */
  push(chain: number): number {
    const last = this.#lastRows[chain] as number;
    const row = ((last + 1) & blockMask) === 0 ? this.#extend(chain, last) : last + 1;
    this.#lastRows[chain] = row;
    return row;
  }

  #extend(chain: number, last: number): number {
    const block = this.#rows.takeBlock();
    if (last === none) this.#firstBlocks[chain] = block;
    else this.#rows.setNextBlock(Math.floor(last / blockRows), block);
    return block * blockRows;
  }

  /** Gives the chain and all of its rows back. */
  release(chain: number): void {
    const last = this.#lastRows[chain] as number;
    if (last !== none) {
      const lastBlock = Math.floor(last / blockRows);
      for (let block = this.#firstBlocks[chain] as number; ; ) {
        // Who is given back is linked with others.
        const next = block === lastBlock ? none : this.#rows.nextBlock(block);
        this.#rows.giveBlock(block);
        if (next === none) break;
        block = next;
      }
    }
    this.#firstBlocks[chain] = none;
    this.#lastRows[chain] = none;
    this.#free.push(chain);
  }

  /** How many rows a chain has. */
  size(chain: number): number {
    const last = this.#lastRows[chain] as number;
    if (last === none) return 0;
    const lastBlock = Math.floor(last / blockRows);
    let size = (last & blockMask) + 1;
    for (let block = this.#firstBlocks[chain] as number; block !== lastBlock; block = this.#rows.nextBlock(block)) {
      size += blockRows;
    }
    return size;
  }

  /**
   * Goes through the rows of a chain in order, some at a time.
   * @param into as many as it has room for are put there: a multiple of the rows of a block
   * @returns each time how many were put there
   */
  *batches(chain: number, into: Int32Array): Iterable<number> {
    const last = this.#lastRows[chain] as number;
    if (last === none) return;
    const lastBlock = Math.floor(last / blockRows);
    let size = 0;
    for (let block = this.#firstBlocks[chain] as number; ; block = this.#rows.nextBlock(block)) {
      const end = block === lastBlock ? last : block * blockRows + blockMask;
      for (let row = block * blockRows; row <= end; row++) into[size++] = row;
      if (size > into.length - blockRows || block === lastBlock) {
        yield size;
        size = 0;
      }
      if (block === lastBlock) return;
    }
  }
}

function twice(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(numbers.length * 2).fill(none);
  larger.set(numbers);
  return larger;
}

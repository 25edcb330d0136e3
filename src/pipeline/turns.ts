// Long work in slices: whatever else waits for the one thread, such as scrapes and heartbeats, has its turn in between.
// Only how the work is cut depends on the clock, never what comes of it.

/** Others get a turn after this long. */
export const usualSliceMillis = 10;

export class Turns {
  readonly #sliceMillis: number;
  #sliceEnds: number;

  constructor(sliceMillis = usualSliceMillis) {
    this.#sliceMillis = sliceMillis;
    this.#sliceEnds = performance.now() + sliceMillis;
  }

  /** Whether it is time to let others run. */
  get due(): boolean {
    return performance.now() >= this.#sliceEnds;
  }

  async letOthersRun(): Promise<void> {
    await new Promise(setImmediate);
    this.#sliceEnds = performance.now() + this.#sliceMillis;
  }
}

/** Does parts of work until others should have their turn. @returns whether some may be left */
export function oneSlice(parts: Iterator<void>, sliceMillis = usualSliceMillis): boolean {
  const turns = new Turns(sliceMillis);
  while (parts.next().done !== true) if (turns.due) return true;
  return false;
}

/** Does work that comes in parts. */
export async function inSlices(parts: Iterable<void>, sliceMillis = usualSliceMillis): Promise<void> {
  const left = parts[Symbol.iterator]();
  while (oneSlice(left, sliceMillis)) await new Promise(setImmediate);
}

/**
 * Does what is left of work of which a slice was done just now. Where input is handled, the next immediate is in the same turn of the
 * event loop: only the one after it is a whole turn away.
 */
export async function restInSlices(left: Iterator<void>, sliceMillis = usualSliceMillis): Promise<void> {
  await new Promise(setImmediate);
  do await new Promise(setImmediate);
  while (oneSlice(left, sliceMillis));
}

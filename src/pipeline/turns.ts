// Long work in slices: whatever else waits for the one thread, such as scrapes and heartbeats, has its turn in between.
// Only how the work is cut depends on the clock, never what comes of it.

/** Others get a turn after this long. */
const sliceMillis = 10;

export class Turns {
  #sliceEnds = performance.now() + sliceMillis;

  /** Whether it is time to let others run. */
  get due(): boolean {
    return performance.now() > this.#sliceEnds;
  }

  async letOthersRun(): Promise<void> {
    await new Promise(setImmediate);
    this.#sliceEnds = performance.now() + sliceMillis;
  }
}

/** Does work that comes in parts. */
export async function inSlices(parts: Iterable<void>): Promise<void> {
  const turns = new Turns();
  for (const _ of parts) if (turns.due) await turns.letOthersRun();
}

// Sketches that are not needed any more, for the next ones to be made of: a pane of a minute needs one for each feature,
// and their memory lies outside of V8's heap, where every new array makes the next full collection come sooner.
import { maxCells, NumberSketch } from "./sketch.ts";
import type { Resolution } from "./sketch-cell.ts";

/** As many numeric features as most models have; further ones are made anew. */
const mostSpare = 64;
/** Of 12 KB. Larger ones are rare, and would hold more than they save. */
const largestSpare = 512;

export class SketchPool {
  readonly #spare: NumberSketch[] = [];

  /** An empty sketch for an open pane. @param capacity what a new one should have, a power of two */
  take(resolution: Resolution, capacity: number): NumberSketch {
    const spare = this.#spare.pop();
    spare?.clear(resolution);
    return spare ?? new NumberSketch(resolution, capacity, maxCells);
  }

  /** Takes a sketch back that nobody refers to any more: it is emptied. */
  give(sketch: NumberSketch): void {
    if (this.#spare.length >= mostSpare || sketch.capacity > largestSpare) return;
    this.#spare.push(sketch);
  }
}

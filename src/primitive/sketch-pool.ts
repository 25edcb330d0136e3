// Sketches that are not needed any more, for the next ones to be made of: a pane of a minute needs one for each feature,
// and their memory lies outside of V8's heap, where every new array makes the next full collection come sooner.
import { NumberSketch } from "./sketch.ts";

/** As many numeric features as most models have; further ones are made anew. */
const mostSpare = 64;
/** Of 21 KB. Larger ones are rare, and would hold more than they save. */
const largestSpare = 512;

export class SketchPool {
  readonly #spare: NumberSketch[] = [];

  /** An empty sketch. @param capacity what a new one should have, a power of two */
  take(capacity: number): NumberSketch {
    return this.#spare.pop() ?? new NumberSketch(capacity);
  }

  /** Takes a sketch back that nobody refers to any more: it is emptied. */
  give(sketch: NumberSketch): void {
    if (this.#spare.length >= mostSpare || sketch.capacity > largestSpare) return;
    sketch.clear();
    this.#spare.push(sketch);
  }
}

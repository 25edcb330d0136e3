// The cells of a sketch as groups of values, for pooled moments and quantiles.
import type { Group } from "../stats/groups.ts";
import { origin, step } from "./bucket.ts";
import type { NumberSketch } from "./sketch.ts";
import { cellLower, cellUpper } from "./sketch-cell.ts";

/** The values of each cell as a group, in ascending order. */
export function sketchGroups(sketch: NumberSketch): Group[] {
  return sketch.sorted().map((cell) => {
    const length = step(cell.bucket);
    const offset = (cell.positions / cell.count) * length;
    return {
      count: cell.count,
      mean: origin(cell.bucket) + offset,
      variance: Math.max(0, (cell.squares / cell.count) * length * length - offset * offset),
      lower: cellLower(cell),
      upper: cellUpper(cell),
    };
  });
}

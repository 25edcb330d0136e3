// CUSUM on raw values.
import { type Detector, RunningMean } from "./detector.ts";

/** Defaults of MOA's `CusumDM`, in units of the values; values before it may alarm. */
const [slack, limit, fewest] = [0.005, 50, 30];

/**
 * g = max(0, g + x - mean - slack); alarms where g > limit. It sees increases only.
 *
 * Source: E. S. Page 1954, "Continuous Inspection Schemes", Biometrika 41; A. Bifet et al. 2010, "MOA: Massive Online Analysis".
 */
export class Cusum implements Detector {
  #mean = new RunningMean();
  #sum = 0;

  take(value: number): boolean {
    this.#mean.add(value);
    this.#sum = Math.max(0, this.#sum + value - this.#mean.mean - slack);
    if (this.#mean.count < fewest || this.#sum <= limit) return false;
    this.#mean = new RunningMean();
    this.#sum = 0;
    return true;
  }
}

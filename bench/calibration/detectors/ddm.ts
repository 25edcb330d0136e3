// The Drift Detection Method, on values that are 0 or 1.
import { type Detector, RunningMean } from "./detector.ts";

/** As published: standard deviations above the best that was seen; values before it may alarm. */
const [deviations, fewest] = [3, 30];

/**
 * With the rate p and s = sqrt(p (1 - p) / n): alarms where p + s > p' + 3 s', p' and s' those where p + s was least.
 * It is for rates of errors, which should only fall; it sees increases only.
 *
 * Source: J. Gama, P. Medas, G. Castillo, P. Rodrigues 2004, "Learning with Drift Detection", SBIA.
 */
export class Ddm implements Detector {
  #mean = new RunningMean();
  #leastRate = Number.POSITIVE_INFINITY;
  #leastDeviation = Number.POSITIVE_INFINITY;

  take(value: number): boolean {
    this.#mean.add(value);
    const { mean: rate, count } = this.#mean;
    if (count < fewest) return false;
    const deviation = Math.sqrt((rate * (1 - rate)) / count);
    if (rate + deviation < this.#leastRate + this.#leastDeviation) {
      this.#leastRate = rate;
      this.#leastDeviation = deviation;
    }
    if (rate + deviation <= this.#leastRate + deviations * this.#leastDeviation) return false;
    this.#mean = new RunningMean();
    this.#leastRate = Number.POSITIVE_INFINITY;
    this.#leastDeviation = Number.POSITIVE_INFINITY;
    return true;
  }
}

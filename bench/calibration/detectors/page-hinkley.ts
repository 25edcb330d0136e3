// The Page-Hinkley test on raw values, in both directions.
import { type Detector, RunningMean } from "./detector.ts";

/** Defaults of River's `PageHinkley`, in units of the values; values before it may alarm. */
const [slack, limit, forgetting, fewest] = [0.005, 50, 0.9999, 30];

/**
 * m = forgetting m + (x - mean - slack); alarms where m - min m > limit, or the mirror image.
 *
 * Source: D. Hinkley 1971, "Inference about the change-point from cumulative sum tests", Biometrika 58; J. Montiel et al. 2021,
 * "River: machine learning for streaming data in Python".
 */
export class PageHinkley implements Detector {
  #mean = new RunningMean();
  #rising = 0;
  #falling = 0;
  #lowest = Number.POSITIVE_INFINITY;
  #highest = Number.NEGATIVE_INFINITY;

  take(value: number): boolean {
    this.#mean.add(value);
    const deviation = value - this.#mean.mean;
    this.#rising = forgetting * this.#rising + deviation - slack;
    this.#falling = forgetting * this.#falling + deviation + slack;
    this.#lowest = Math.min(this.#lowest, this.#rising);
    this.#highest = Math.max(this.#highest, this.#falling);
    const far = this.#rising - this.#lowest > limit || this.#highest - this.#falling > limit;
    if (!far || this.#mean.count < fewest) return false;
    this.#reset();
    return true;
  }

  #reset(): void {
    this.#mean = new RunningMean();
    this.#rising = 0;
    this.#falling = 0;
    this.#lowest = Number.POSITIVE_INFINITY;
    this.#highest = Number.NEGATIVE_INFINITY;
  }
}

// ADWIN: a window of values that grows, and is cut where its older and newer parts have different means.
import type { Detector } from "./detector.ts";

/** As published, and the defaults of MOA and River: confidence, buckets of a size, values between two looks, least part of a window. */
const [confidence, bucketsOfSize, clock, leastPart, fewest] = [0.002, 5, 32, 5, 10];

interface Bucket {
  readonly count: number;
  readonly sum: number;
  /** Sum of the squared deviations from its mean. */
  readonly squares: number;
}

/**
 * Cuts where |mean0 - mean1| > sqrt(2 / m variance ln(2 ln n / delta)) + 2 / (3 m) ln(2 ln n / delta), 1 / m = 1 / n0 + 1 / n1.
 * Values are kept in buckets of sizes that are powers of two (an exponential histogram), so that a window of n has O(log n).
 *
 * Source: A. Bifet, R. Gavalda 2007, "Learning from Time-Changing Data with Adaptive Windowing", SIAM SDM.
 */
export class Adwin implements Detector {
  /** The oldest first. */
  #buckets: Bucket[] = [];
  #seen = 0;

  take(value: number): boolean {
    this.#seen += 1;
    this.#buckets.push({ count: 1, sum: value, squares: 0 });
    this.#compress();
    return this.#seen % clock === 0 && this.#cut();
  }

  /** From the newest on: of so many of one size and one more the two oldest become one. */
  #compress(): void {
    let end = this.#buckets.length;
    while (end > 0) {
      const { count } = this.#buckets[end - 1] as Bucket;
      let begin = end;
      while (begin > 0 && this.#buckets[begin - 1]?.count === count) begin -= 1;
      if (end - begin <= bucketsOfSize) return;
      const merged = mergeBuckets(this.#buckets[begin] as Bucket, this.#buckets[begin + 1] as Bucket);
      this.#buckets.splice(begin, 2, merged);
      end = begin + 1;
    }
  }

  #cut(): boolean {
    let cut = false;
    while (this.#differs()) {
      this.#buckets.shift();
      cut = true;
    }
    return cut;
  }

  /** Whether any older part differs from what is newer than it. */
  #differs(): boolean {
    const all = this.#buckets.reduce(mergeBuckets, nothing);
    if (all.count < fewest) return false;
    const logarithm = Math.log((2 * Math.log(all.count)) / confidence);
    let [count, sum] = [0, 0];
    for (const bucket of this.#buckets) {
      count += bucket.count;
      sum += bucket.sum;
      const rest = all.count - count;
      if (count < leastPart || rest < leastPart) continue;
      const inverse = 1 / count + 1 / rest;
      const limit = Math.sqrt(2 * inverse * (all.squares / all.count) * logarithm) + (2 / 3) * inverse * logarithm;
      if (Math.abs(sum / count - (all.sum - sum) / rest) > limit) return true;
    }
    return false;
  }
}

const nothing: Bucket = { count: 0, sum: 0, squares: 0 };

function mergeBuckets(a: Bucket, b: Bucket): Bucket {
  if (a.count === 0) return b;
  const apart = a.sum / a.count - b.sum / b.count;
  const between = (apart * apart * a.count * b.count) / (a.count + b.count);
  return { count: a.count + b.count, sum: a.sum + b.sum, squares: a.squares + b.squares + between };
}

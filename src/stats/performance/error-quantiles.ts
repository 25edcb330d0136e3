// Quantiles of |e|, from a histogram: the median and the tail of errors, which no outlier moves.
import { total } from "../sample.ts";
import { type Estimate, spread95, withoutInterval } from "./estimate.ts";
import { kishSize } from "./kish.ts";

/** Weighted numbers by bin: bin i holds values in (edges[i], edges[i + 1]]; one fewer bins than edges. */
export interface Histogram {
  readonly edges: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
  /** Sum of the squares of all weights. */
  readonly weightSquares: number;
}

/**
 * The value that a share of the observations does not exceed, in the unit of the edges; right to the width of its bin, inside of
 * which values are taken as spread evenly. NaN where the histogram is empty.
 *
 * The interval has the quantiles at share ± 1.96 sqrt(share (1 - share) / n), which holds for any distribution; none where these
 * are outside of 0 to 1, or fewer than ten observations are expected on the thinner side.
 * @param share from 0 to 1
 * Source: W. J. Conover 1999, "Practical Nonparametric Statistics", 3.2.
 */
export function histogramQuantile(histogram: Histogram, share: number): Estimate {
  const samples = kishSize(total(histogram.counts), histogram.weightSquares);
  const value = at(histogram, share);
  const half = spread95 * Math.sqrt((share * (1 - share)) / samples);
  const thinner = Math.min(share, 1 - share);
  if (!(thinner * samples >= leastBeyond && half < thinner)) return withoutInterval(value, samples);
  return { value, lower: at(histogram, share - half), upper: at(histogram, share + half), samples };
}

/** The binomial law of how many lie beyond is near enough to a normal one from here on. */
const leastBeyond = 10;

function at({ edges, counts }: Histogram, share: number): number {
  let left = share * total(counts);
  let last = Number.NaN;
  for (let bin = 0; bin < counts.length; bin++) {
    const count = counts[bin] as number;
    if (count === 0) continue;
    const [low, high] = [edges[bin] as number, edges[bin + 1] as number];
    if (left <= count) return low + (high - low) * (left / count);
    left -= count;
    last = high;
  }
  return last;
}

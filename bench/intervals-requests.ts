// Lists that were shown on request, and losses that are estimated without labels, for the coverage of intervals.
import type { Random } from "../src/source/simulator/random.ts";
import type { Estimate } from "../src/stats/performance/estimate.ts";
import { estimatedLoss } from "../src/stats/performance/estimated-loss.ts";
import { type Moments, momentsOf, noMoments, positiveMean } from "../src/stats/performance/moments.ts";
import { proportion } from "../src/stats/performance/proportion.ts";
import { clickThroughRate, hit, normalisedGain, reciprocalRank } from "../src/stats/performance/ranking.ts";
import { merged } from "../tests/stats/performance/merged.ts";
import type { Case } from "./intervals-binary.ts";

const [shown, first] = [10, 3];
/** The requests that samples are drawn from, with replacement: their mean is known exactly. */
const population = 200_000;

/** Users differ in how much they click; ranks get less of it the lower they are. */
function gains(random: Random): number[] {
  const eager = 0.25 * Math.exp(0.8 * random.normal());
  return Array.from({ length: shown }, (_, rank) => (random.chance(Math.min(0.9, eager / (rank + 1))) ? 1 : 0));
}

const values = {
  "click-through rate": clickThroughRate,
  [`NDCG@${shown}`]: (list: readonly number[]) => normalisedGain(list, shown),
  MRR: reciprocalRank,
  [`hit rate@${first}`]: (list: readonly number[]) => hit(list, first),
} as const;

export class Requests implements Case {
  readonly name = `requests of ${shown} items`;
  readonly truth: Readonly<Record<string, number>>;
  readonly #values: Readonly<Record<string, Float64Array>>;

  constructor(random: Random) {
    const lists = Array.from({ length: population }, () => gains(random));
    const entries = Object.entries(values).map(([name, value]) => {
      return [name, Float64Array.from(lists, (list) => value(list)).filter((one) => !Number.isNaN(one))] as const;
    });
    this.#values = Object.fromEntries(entries);
    const means = entries.map(([name, all]) => [name, all.reduce((sum, value) => sum + value, 0) / all.length]);
    this.truth = Object.fromEntries(means);
  }

  sample(random: Random, size: number): Record<string, Estimate> {
    const estimates = Object.entries(this.#values).map(([name, all]) => {
      let [sum, squares] = [0, 0];
      for (let request = 0; request < size; request++) {
        const value = all[Math.floor(random.uniform() * all.length)] as number;
        sum += value;
        squares += value * value;
      }
      const moments = { count: size, weightSquares: size, sum, squares };
      return [name, name.startsWith("hit") ? proportion(sum, size) : positiveMean(moments)];
    });
    return Object.fromEntries(estimates);
  }
}

/** The reference has losses in ten bins, exponential with a mean that differs by bin; the window has another mix of bins. */
export class LossByBin implements Case {
  readonly name = "losses in ten bins, another mix";
  readonly #means = Array.from({ length: 10 }, (_, bin) => 1 + bin);
  readonly #mix = Array.from({ length: 10 }, (_, bin) => 1 + bin);
  readonly truth = {
    "estimated loss": this.#means.reduce((sum, loss, bin) => sum + (loss * (this.#mix[bin] as number)) / 55, 0),
  };

  sample(random: Random, size: number): Record<string, Estimate> {
    const reference = this.#means.map((loss) => {
      let moments: Moments = noMoments;
      for (let row = 0; row < size / this.#means.length; row++) {
        moments = merged(moments, momentsOf(-loss * Math.log(1 - random.uniform())));
      }
      return moments;
    });
    return { "estimated loss": estimatedLoss(reference, this.#mix) };
  }
}

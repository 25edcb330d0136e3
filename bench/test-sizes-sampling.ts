// Draws of counts for the simulation of test sizes, and importance sampling of those far out in the tails.
import type { Random } from "../src/source/simulator/random.ts";
import { logGamma } from "../src/stats/stirling.ts";

/** Draws categories by their probabilities: an index into the cumulated ones, then a short walk. */
export class Categories {
  readonly probabilities: Float64Array;
  readonly #cumulated: Float64Array;
  readonly #starts: Int32Array;

  constructor(probabilities: ArrayLike<number>) {
    this.probabilities = Float64Array.from(probabilities);
    this.#cumulated = new Float64Array(probabilities.length);
    let sum = 0;
    for (let at = 0; at < probabilities.length; at++) {
      sum += probabilities[at] as number;
      this.#cumulated[at] = sum;
    }
    this.#cumulated[probabilities.length - 1] = Number.POSITIVE_INFINITY;
    const cells = 4 * probabilities.length;
    this.#starts = Int32Array.from({ length: cells }, (_, cell) => this.#cumulated.findIndex((upper) => upper > cell / cells));
  }

  draw(random: Random): number {
    const at = random.uniform();
    let category = this.#starts[Math.floor(at * this.#starts.length)] as number;
    while ((this.#cumulated[category] as number) <= at) category += 1;
    return category;
  }

  add(random: Random, many: number, into: Float64Array): void {
    for (let event = 0; event < many; event++) {
      const category = this.draw(random);
      into[category] = (into[category] as number) + 1;
    }
  }
}

/** Gamma variable of a shape; Marsaglia and Tsang 2000. */
export function gamma(random: Random, shape: number): number {
  if (shape < 1) return gamma(random, shape + 1) * (1 - random.uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const normal = random.normal();
    const cube = (1 + normal / Math.sqrt(9 * d)) ** 3;
    if (cube > 0 && Math.log(1 - random.uniform()) < (normal * normal) / 2 + d - d * cube + d * Math.log(cube)) return d * cube;
  }
}

/** How far out the shifted components of a proposal lie, in standard deviations. */
const shifts = [-6, -5, -4, -3, -2, 2, 3, 4, 5, 6];
/** By how much Dirichlet-multinomial components widen the variance. */
const widenings = [2, 4];
/** Shares of the proposal: as it is, widened, shifted. */
const [plainShare, widenedShare] = [0.3, 0.4];

/**
 * Multinomial counts, drawn from a mixture of the law itself, of laws that are widened in all directions and of laws that
 * are shifted along one. The likelihood ratio is at most 1 / 0.3, and is known in closed form.
 */
export class TiltedMultinomial {
  readonly #size: number;
  readonly #plain: Categories;
  readonly #concentrations: readonly number[];
  readonly #shifted: readonly Categories[];
  readonly #logRatios: readonly Float64Array[];

  /** @param direction a score by category: shifts go along it */
  constructor(size: number, probabilities: ArrayLike<number>, direction: ArrayLike<number>) {
    this.#size = size;
    this.#plain = new Categories(probabilities);
    const p = this.#plain.probabilities;
    this.#concentrations = widenings.map((widening) => (size - widening) / (widening - 1));
    const mean = p.reduce((sum, share, at) => sum + share * (direction[at] as number), 0);
    const variance = p.reduce((sum, share, at) => sum + share * ((direction[at] as number) - mean) ** 2, 0);
    this.#shifted = shifts.map((shift) => {
      const factor = shift / Math.sqrt(size * variance);
      const tilted = p.map((share, at) => share * Math.exp(factor * ((direction[at] as number) - mean)));
      const sum = tilted.reduce((total, share) => total + share, 0);
      return new Categories(tilted.map((share) => share / sum));
    });
    this.#logRatios = this.#shifted.map((one) => one.probabilities.map((share, at) => Math.log(share / (p[at] as number))));
  }

  /** Adds the counts; returns the likelihood ratio of the law to the proposal. */
  draw(random: Random, into: Float64Array): number {
    into.fill(0);
    const which = random.uniform();
    if (which < plainShare) this.#plain.add(random, this.#size, into);
    else if (which < plainShare + widenedShare) this.#addWidened(random, random.below(widenings.length), into);
    else this.#shifted[random.below(shifts.length)]?.add(random, this.#size, into);
    return this.#likelihoodRatio(into);
  }

  #addWidened(random: Random, which: number, into: Float64Array): void {
    const concentration = this.#concentrations[which] as number;
    const shares = this.#plain.probabilities.map((share) => gamma(random, concentration * share));
    const sum = shares.reduce((total, share) => total + share, 0);
    new Categories(shares.map((share) => share / sum)).add(random, this.#size, into);
  }

  #likelihoodRatio(counts: Float64Array): number {
    let inverse = plainShare;
    for (const logRatio of this.#logRatios) {
      let log = 0;
      for (let at = 0; at < counts.length; at++) log += (counts[at] as number) * (logRatio[at] as number);
      inverse += ((1 - plainShare - widenedShare) / shifts.length) * Math.exp(log);
    }
    const p = this.#plain.probabilities;
    for (const concentration of this.#concentrations) {
      let log = logGamma(concentration) - logGamma(concentration + this.#size);
      for (let at = 0; at < counts.length; at++) {
        const prior = concentration * (p[at] as number);
        const count = counts[at] as number;
        if (count > 0) log += logGamma(prior + count) - logGamma(prior) - count * Math.log(p[at] as number);
      }
      inverse += (widenedShare / widenings.length) * Math.exp(log);
    }
    return 1 / inverse;
  }
}

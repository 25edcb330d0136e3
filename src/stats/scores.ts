// All scores and test statistics of one feature, from the counts of its reference and of a window: the one place to ask.
import { andersonDarling } from "./anderson-darling.ts";
import { andersonDarlingSurvival } from "./anderson-darling-law.ts";
import { chiSquareSurvival } from "./chi-square.ts";
import { hellinger } from "./hellinger.ts";
import { jensenShannon } from "./jensen-shannon.ts";
import { kolmogorovSmirnov } from "./kolmogorov-smirnov.ts";
import { type MinEffect, minEffect, minEffectSurvival } from "./min-effect.ts";
import { chiSquareDegrees, pearson } from "./pearson.ts";
import { psi, psiAdjusted } from "./psi.ts";
import { effectiveSize, type Sample, samplingScale } from "./sample.ts";
import { totalVariation } from "./total-variation.ts";
import { type NumericSample, wasserstein } from "./wasserstein.ts";

/** Sizes of effect, as they are named in metrics and configuration. */
export const methods = [
  "psi",
  "psi_adjusted",
  "jensen_shannon",
  "hellinger",
  "total_variation",
  "kolmogorov_smirnov",
  "wasserstein",
] as const;
export type Method = (typeof methods)[number];

/** Tests, as they are named in metrics and configuration. */
export const driftTests = ["min_effect", "chi_square", "anderson_darling"] as const;
export type DriftTest = (typeof driftTests)[number];

/** Sizes of effect and the statistics of tests. Each is computed when it is asked for: few of them are exported. */
export interface Scores {
  /** Effective number of values; of a category all of them, seen before or not. */
  readonly referenceSize: number;
  readonly windowSize: number;
  /**
   * How many bins PSI and the minimum-effect test take: of a category all but `unseen`, which the reference cannot have and
   * whose rate is tested as a proportion (`rate.ts`). X^2 and the distances take all bins.
   */
  readonly bins: number;
  /** 1/n + 1/m of these bins, see `samplingScale`. */
  readonly samplingScale: number;
  /** NaN: not enough data, or a method that is for numbers only. What was computed is kept. */
  readonly effects: Readonly<Record<Method, number>>;
  readonly minEffect: MinEffect;
  readonly chiSquare: { readonly statistic: number; readonly degreesOfFreedom: number };
  /** A^2; NaN for categories. */
  readonly andersonDarling: number;
}

/**
 * Scores of a numeric feature.
 * @param edges of the parts of its bins, ascending; one fewer than parts
 * @param standardDeviation of the reference, the unit of `wasserstein`
 * @param accepted the PSI up to which drift is accepted by the minimum-effect test
 */
export function numericScores(
  reference: NumericSample,
  window: NumericSample,
  edges: ArrayLike<number>,
  standardDeviation: number,
  accepted: number,
): Scores {
  return new SamplesScores(reference, window, reference.counts.length, accepted, {
    kolmogorovSmirnov: () => kolmogorovSmirnov(reference, window),
    wasserstein: () =>
      standardDeviation > 0 ? wasserstein(reference.parts, window.parts, edges) / standardDeviation : Number.NaN,
    andersonDarling: () => andersonDarling(reference, window),
  });
}

/**
 * Scores of a categorical feature.
 * @param hasUnseen whether the last bin is `unseen`
 * @param accepted the PSI up to which drift is accepted by the minimum-effect test
 */
export function categoricalScores(reference: Sample, window: Sample, hasUnseen: boolean, accepted: number): Scores {
  const bins = reference.counts.length - (hasUnseen ? 1 : 0);
  return new SamplesScores(reference, window, bins, accepted, withoutOrder);
}

/** What only values with an order have. */
interface OfOrder {
  kolmogorovSmirnov(): number;
  wasserstein(): number;
  andersonDarling(): number;
}

const unknown = (): number => Number.NaN;
const withoutOrder: OfOrder = { kolmogorovSmirnov: unknown, wasserstein: unknown, andersonDarling: unknown };

class SamplesScores implements Scores {
  readonly bins: number;
  readonly samplingScale: number;
  readonly effects: Scores["effects"];
  readonly #reference: Sample;
  readonly #window: Sample;
  readonly #accepted: number;
  readonly #ofOrder: OfOrder;

  constructor(reference: Sample, window: Sample, bins: number, accepted: number, ofOrder: OfOrder) {
    this.#reference = reference;
    this.#window = window;
    this.bins = bins;
    this.#accepted = accepted;
    this.#ofOrder = ofOrder;
    this.samplingScale = samplingScale(reference, window, bins);
    this.effects = new Effects(reference, window, this, ofOrder);
  }

  get referenceSize(): number {
    return effectiveSize(this.#reference);
  }

  get windowSize(): number {
    return effectiveSize(this.#window);
  }

  get minEffect(): MinEffect {
    return minEffect(this.effects.psi, this.bins, this.samplingScale, this.#accepted);
  }

  get chiSquare(): Scores["chiSquare"] {
    const [reference, window] = [this.#reference, this.#window];
    return { statistic: pearson(reference, window), degreesOfFreedom: chiSquareDegrees(reference, window) };
  }

  get andersonDarling(): number {
    return this.#ofOrder.andersonDarling();
  }
}

class Effects implements Readonly<Record<Method, number>> {
  readonly #reference: Sample;
  readonly #window: Sample;
  readonly #scores: Pick<Scores, "bins" | "samplingScale">;
  readonly #ofOrder: OfOrder;
  /** By method; NaN where it was not asked for yet. (Of 56 bytes, which V8 keeps in its own heap.) */
  readonly #known = new Float64Array(methods.length).fill(Number.NaN);

  constructor(reference: Sample, window: Sample, scores: Pick<Scores, "bins" | "samplingScale">, ofOrder: OfOrder) {
    this.#reference = reference;
    this.#window = window;
    this.#scores = scores;
    this.#ofOrder = ofOrder;
  }

  get psi(): number {
    return this.#once(0, () => psi(this.#reference, this.#window, this.#scores.bins));
  }

  get psi_adjusted(): number {
    return this.#once(1, () => psiAdjusted(this.psi, this.#scores.bins, this.#scores.samplingScale));
  }

  get jensen_shannon(): number {
    return this.#once(2, () => jensenShannon(this.#reference, this.#window));
  }

  get hellinger(): number {
    return this.#once(3, () => hellinger(this.#reference, this.#window));
  }

  get total_variation(): number {
    return this.#once(4, () => totalVariation(this.#reference, this.#window));
  }

  get kolmogorov_smirnov(): number {
    return this.#once(5, this.#ofOrder.kolmogorovSmirnov);
  }

  get wasserstein(): number {
    return this.#once(6, this.#ofOrder.wasserstein);
  }

  /** @param at the method's place among `methods` */
  #once(at: number, compute: () => number): number {
    const known = this.#known[at] as number;
    if (!Number.isNaN(known)) return known;
    const value = compute();
    this.#known[at] = value;
    return value;
  }
}

/**
 * p-values of the tests if all values are independent, which values of a stream seldom are: the law under dependence takes
 * the same statistics.
 * @param orderedWeights of the reference's bins, see `andersonDarlingWeights`; null for categories
 * @returns NaN where there is not enough data, and where the test is for numbers only
 */
export function independentPValues(
  { minEffect, chiSquare, andersonDarling }: Scores,
  orderedWeights: ArrayLike<number> | null,
): Record<DriftTest, number> {
  return {
    min_effect: minEffectSurvival(minEffect),
    chi_square: chiSquareSurvival(chiSquare.statistic, chiSquare.degreesOfFreedom),
    anderson_darling: orderedWeights === null ? Number.NaN : andersonDarlingSurvival(andersonDarling, orderedWeights),
  };
}

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
  /** NaN: not enough data, or a method that is for numbers only. */
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
  const distances = {
    kolmogorov_smirnov: kolmogorovSmirnov(reference, window),
    wasserstein: standardDeviation > 0 ? wasserstein(reference.parts, window.parts, edges) / standardDeviation : Number.NaN,
  };
  return scores(reference, window, reference.counts.length, accepted, distances, andersonDarling(reference, window));
}

/**
 * Scores of a categorical feature.
 * @param hasUnseen whether the last bin is `unseen`
 * @param accepted the PSI up to which drift is accepted by the minimum-effect test
 */
export function categoricalScores(reference: Sample, window: Sample, hasUnseen: boolean, accepted: number): Scores {
  const distances = { kolmogorov_smirnov: Number.NaN, wasserstein: Number.NaN };
  const bins = reference.counts.length - (hasUnseen ? 1 : 0);
  return scores(reference, window, bins, accepted, distances, Number.NaN);
}

function scores(
  reference: Sample,
  window: Sample,
  bins: number,
  accepted: number,
  distances: Pick<Scores["effects"], "kolmogorov_smirnov" | "wasserstein">,
  ordered: number,
): Scores {
  const scale = samplingScale(reference, window, bins);
  const index = psi(reference, window, bins);
  return {
    referenceSize: effectiveSize(reference),
    windowSize: effectiveSize(window),
    bins,
    samplingScale: scale,
    effects: {
      psi: index,
      psi_adjusted: psiAdjusted(index, bins, scale),
      jensen_shannon: jensenShannon(reference, window),
      hellinger: hellinger(reference, window),
      total_variation: totalVariation(reference, window),
      kolmogorov_smirnov: distances.kolmogorov_smirnov,
      wasserstein: distances.wasserstein,
    },
    minEffect: minEffect(index, bins, scale, accepted),
    chiSquare: {
      statistic: pearson(reference, window),
      degreesOfFreedom: chiSquareDegrees(reference, window),
    },
    andersonDarling: ordered,
  };
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

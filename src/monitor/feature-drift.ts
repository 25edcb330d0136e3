// A feature's window against its reference: scores, their sample size, and p-values where it is known how much windows differ
// without drift. Everything follows from merged counts, so it is the same however events came.
import { andersonDarling } from "../stats/anderson-darling.ts";
import { andersonDarlingSurvival } from "../stats/anderson-darling-law.ts";
import { chiSquareSurvival } from "../stats/chi-square.ts";
import type { Dispersion } from "../stats/dispersion.ts";
import { pooled } from "../stats/dispersion-bins.ts";
import { dispersedAndersonDarling, dispersedChiSquare, dispersedMinEffect } from "../stats/dispersion-tests.ts";
import { studentSurvival } from "../stats/f.ts";
import { hellinger } from "../stats/hellinger.ts";
import { jensenShannon } from "../stats/jensen-shannon.ts";
import { kolmogorovSmirnov } from "../stats/kolmogorov-smirnov.ts";
import { minEffect, minEffectSurvival } from "../stats/min-effect.ts";
import { normalUpperQuantile } from "../stats/normal.ts";
import { chiSquareDegrees, pearson } from "../stats/pearson.ts";
import { psi, psiAdjusted } from "../stats/psi.ts";
import { rateDifference, rateSurvival } from "../stats/rate.ts";
import { effectiveSize, type Sample, samplingScale } from "../stats/sample.ts";
import { totalVariation } from "../stats/total-variation.ts";
import { type NumericSample, wasserstein } from "../stats/wasserstein.ts";
import type { Customs, DriftReference } from "./drift-reference.ts";
import { type DriftState, type StateCount, stateCounts } from "./drift-states.ts";
import type { DriftMethod, DriftSettings, DriftTest } from "./monitor.ts";

/** Whether p-values are to be trusted, and if not, why and for how long. */
export type Calibration =
  | { readonly known: true }
  | { readonly known: false; readonly reason: "off" | "few_panes" | "one_group" | "alpha"; readonly remainingMillis: number };

export interface StateDrift {
  readonly state: DriftState;
  readonly window: StateCount;
  readonly reference: StateCount;
  /** Difference of the rates. */
  readonly difference: number;
  /** NaN where it is not known. */
  readonly pValue: number;
}

export interface FeatureDrift {
  /** Values, of weighted events the effective number. */
  readonly samples: number;
  /** What the scores are of: a longer window where the one that was asked for has too few values. */
  readonly windowMillis: number;
  /** The values without which there are no scores. */
  readonly samplesNeeded: number;
  /** Whether hours of the day are compared with their own. */
  readonly matched: boolean;
  /** NaN where there are too few values, or where a method is for numbers only. */
  readonly scores: Readonly<Record<DriftMethod, number>>;
  /** NaN also where it is not known how much windows differ without drift. */
  readonly pValues: Readonly<Record<DriftTest, number>>;
  readonly states: readonly StateDrift[];
  readonly calibration: Calibration;
}

/** What a window holds of a feature. */
export interface ComparedWindow {
  readonly windowMillis: number;
  readonly sample: NumericSample;
  readonly kinds: Float64Array;
  readonly unseen: number;
  /** Values by hour of the day; null where it is not known. */
  readonly byHour: Float64Array | null;
}

/**
 * Compares a window with the reference.
 * @param alpha the smallest p-value that an alarm asks for
 */
export function compareWithReference(
  reference: DriftReference,
  window: ComparedWindow,
  settings: DriftSettings,
  alpha: number,
): FeatureDrift {
  const { windowMillis, sample } = window;
  const matched = reference.matches(windowMillis) && window.byHour !== null;
  const expected = matched ? reference.matched(window.byHour as Float64Array) : reference.sample;
  const samplesNeeded = neededSamples(reference, settings);
  const enough = sample.size >= samplesNeeded && expected.size > 0;
  const customs = reference.customs(windowMillis, matched);
  const calibration = calibrationOf(customs, settings, alpha);
  return {
    samples: sample.size,
    windowMillis,
    samplesNeeded,
    matched,
    scores: enough ? scoresOf(reference, expected, sample) : noScores,
    pValues: enough ? pValuesOf(reference, expected, sample, customs, settings, calibration) : noPValues,
    states: statesOf(reference, window, customs, settings, calibration),
    calibration,
  };
}

export function neededSamples({ bins }: DriftReference, { minSamples, minSamplesPerDegree }: DriftSettings): number {
  return Math.max(minSamples, minSamplesPerDegree * (bins - 1));
}

function calibrationOf(customs: Customs, settings: DriftSettings, alpha: number): Calibration {
  const { bins, remainingMillis } = customs;
  if (!settings.dispersion) return { known: false, reason: "off", remainingMillis: Number.NaN };
  if (!bins.known) return { known: false, reason: bins.reason === "one_group" ? "one_group" : "few_panes", remainingMillis };
  if (bins.smallestAlpha > alpha) return { known: false, reason: "alpha", remainingMillis: Number.NaN };
  return { known: true };
}

const noScores: Readonly<Record<DriftMethod, number>> = {
  psi: Number.NaN,
  psi_adjusted: Number.NaN,
  jensen_shannon: Number.NaN,
  hellinger: Number.NaN,
  total_variation: Number.NaN,
  kolmogorov_smirnov: Number.NaN,
  wasserstein: Number.NaN,
};

function scoresOf({ bins, ordered, feature, standardDeviation }: DriftReference, expected: NumericSample, window: NumericSample) {
  const index = psi(expected, window, bins);
  const edges = feature.bins?.edges ?? [];
  return {
    psi: index,
    psi_adjusted: psiAdjusted(index, bins, samplingScale(expected, window, bins)),
    jensen_shannon: jensenShannon(expected, window),
    hellinger: hellinger(expected, window),
    total_variation: totalVariation(expected, window),
    kolmogorov_smirnov: ordered ? kolmogorovSmirnov(expected, window) : Number.NaN,
    wasserstein: ordered && standardDeviation > 0 ? wasserstein(expected, window, edges) / standardDeviation : Number.NaN,
  };
}

const noPValues: Readonly<Record<DriftTest, number>> = {
  min_effect: Number.NaN,
  chi_square: Number.NaN,
  anderson_darling: Number.NaN,
};

function pValuesOf(
  reference: DriftReference,
  expected: Sample,
  window: Sample,
  customs: Customs,
  settings: DriftSettings,
  calibration: Calibration,
): Readonly<Record<DriftTest, number>> {
  if (!settings.dispersion) return independentPValues(reference, expected, window, settings.minEffect);
  if (!calibration.known || !customs.bins.known) return noPValues;
  return dispersedPValues(reference, expected, window, customs.bins, settings.minEffect);
}

/** As if every event were independent of every other. */
function independentPValues({ bins, ordered, andersonDarlingWeights }: DriftReference, expected: Sample, window: Sample, accepted: number) {
  const test = minEffect(psi(expected, window, bins), bins, samplingScale(expected, window, bins), accepted);
  return {
    min_effect: minEffectSurvival(test),
    chi_square: chiSquareSurvival(pearson(expected, window, bins), chiSquareDegrees(expected, window, bins)),
    anderson_darling: ordered ? andersonDarlingSurvival(andersonDarling(expected, window), andersonDarlingWeights) : Number.NaN,
  };
}

/** As windows of the reference differ from each other. */
function dispersedPValues({ bins, ordered }: DriftReference, expected: Sample, window: Sample, dispersion: Dispersion, accepted: number) {
  const [few, other] = [pooledSample(expected, bins, dispersion), pooledSample(window, bins, dispersion)];
  const scale = samplingScale(few, other);
  const { statistic, noncentrality } = minEffect(psi(few, other), few.counts.length, scale, accepted);
  return {
    min_effect: dispersedMinEffect(dispersion, statistic, noncentrality),
    chi_square: dispersedChiSquare(dispersion, pearson(few, other)),
    anderson_darling: ordered ? dispersedAndersonDarling(dispersion, andersonDarling(few, other)) : Number.NaN,
  };
}

function pooledSample(sample: Sample, bins: number, { groups }: Dispersion): Sample {
  const counts = Float64Array.from({ length: bins }, (_, bin) => sample.counts[bin] as number);
  return { counts: pooled(counts, groups), size: effectiveSize(sample, bins) };
}

function statesOf(
  reference: DriftReference,
  window: ComparedWindow,
  customs: Customs,
  settings: DriftSettings,
  calibration: Calibration,
): StateDrift[] {
  const before = reference.stateCounts();
  return [...stateCounts(reference.feature, window.kinds, window.unseen)].flatMap(([state, now]): StateDrift[] => {
    const known = before.get(state);
    if (known === undefined || now.size < settings.minSamples) return [];
    const pValue = ratePValue(known, now, state, customs, settings, calibration);
    return [{ state, window: now, reference: known, difference: rateDifference(known, now), pValue }];
  });
}

/**
 * The p-value of a rate that is above the reference's by more than what is tolerated. Where a state never occurred in the
 * reference, events in it are taken to come together as much as all values do.
 */
function ratePValue(
  reference: StateCount,
  window: StateCount,
  state: DriftState,
  customs: Customs,
  settings: DriftSettings,
  calibration: Calibration,
): number {
  const tolerance = settings.tolerance[state];
  if (!settings.dispersion) return rateSurvival(reference, window, tolerance);
  if (!calibration.known || !customs.bins.known) return Number.NaN;
  const { trace, shares } = customs.bins.chiSquare;
  const own = customs.rate(state);
  const overdispersion = own.known ? own.overdispersion : Math.max(1, trace / shares.length);
  const degrees = own.known ? own.degreesOfFreedom : customs.bins.degreesOfFreedom;
  const pValue = rateSurvival(reference, window, tolerance, overdispersion);
  // The overdispersion is an estimate itself: its normal law becomes Student's.
  return pValue < 0.5 ? studentSurvival(normalUpperQuantile(pValue), degrees) : pValue;
}

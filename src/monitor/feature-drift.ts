// A feature's window against its reference: scores, their sample size, and p-values where it is known how much windows differ
// without drift. Everything follows from merged counts, so it is the same however events came.
import type { Dispersion } from "../stats/dispersion.ts";
import { dispersedAndersonDarling, dispersedDifference, dispersedMinEffect } from "../stats/dispersion-tests.ts";
import { studentSurvival } from "../stats/f.ts";
import { normalUpperQuantile } from "../stats/normal.ts";
import { rateDifference, rateSurvival } from "../stats/rate.ts";
import { effectiveSize, type Sample } from "../stats/sample.ts";
import {
  categoricalScores,
  type DriftTest,
  independentPValues,
  type Method,
  methods,
  numericScores,
  type Scores,
} from "../stats/scores.ts";
import type { NumericSample } from "../stats/wasserstein.ts";
import type { Customs, DriftReference } from "./drift-reference.ts";
import { type DriftState, type StateCount, stateCounts } from "./drift-states.ts";
import type { DriftSettings } from "./monitor.ts";

/** Whether p-values are to be trusted, and if not, why and for how long. */
export type Calibration =
  | { readonly known: true }
  | {
      readonly known: false;
      readonly reason: "off" | "few_panes" | "one_group" | "no_variation" | "alpha";
      readonly remainingMillis: number;
    };

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
  readonly scores: Readonly<Record<Method, number>>;
  /** NaN also where it is not known how much windows differ without drift. Computed when it is asked for, once. */
  pValue(test: DriftTest): number;
  readonly states: readonly StateDrift[];
  readonly calibration: Calibration;
}

/** What a window holds of a feature. */
export interface ComparedWindow {
  readonly windowMillis: number;
  readonly sample: NumericSample;
  readonly kinds: ArrayLike<number>;
  readonly unseen: number;
  /** Values by hour of the day; null where it is not known. */
  readonly byHour: readonly number[] | null;
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
  const expected = matched ? reference.matched(window.byHour as readonly number[]) : reference.sample;
  const samplesNeeded = neededSamples(reference, settings);
  const enough = sample.size >= samplesNeeded && expected.size > 0;
  const customs = reference.customs(windowMillis, matched);
  const calibration = calibrationOf(customs, settings, alpha);
  const scores = enough ? scoresOf(reference, expected, sample, settings.minEffect) : null;
  const independent = scores !== null && !settings.dispersion;
  const dispersion = scores !== null && calibration.known && customs.bins.known ? customs.bins : null;
  return {
    samples: sample.size,
    windowMillis,
    samplesNeeded,
    matched,
    scores: scores?.effects ?? noScores,
    pValue: onceEach((test) => {
      if (independent) return independentPValue(test, scores, reference);
      return dispersion === null
        ? Number.NaN
        : dispersedPValue(test, reference, expected, sample, dispersion, settings.minEffect);
    }),
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
  if (!bins.known) return { known: false, reason: bins.reason === "no_hits" ? "few_panes" : bins.reason, remainingMillis };
  if (bins.smallestAlpha > alpha) return { known: false, reason: "alpha", remainingMillis: Number.NaN };
  return { known: true };
}

const noScores = Object.fromEntries(methods.map((method) => [method, Number.NaN])) as Readonly<Record<Method, number>>;

function onceEach(compute: (test: DriftTest) => number): (test: DriftTest) => number {
  const known = new Map<DriftTest, number>();
  return (test) => {
    let value = known.get(test);
    if (value === undefined) {
      value = compute(test);
      known.set(test, value);
    }
    return value;
  };
}

function independentPValue(test: DriftTest, scores: Scores, reference: DriftReference): number {
  return independentPValues(scores, reference.ordered ? reference.andersonDarlingWeights : null)[test];
}

function scoresOf(reference: DriftReference, expected: NumericSample, window: NumericSample, accepted: number): Scores {
  const { ordered, feature, standardDeviation } = reference;
  if (!ordered) return categoricalScores(expected, window, true, accepted);
  return numericScores(expected, window, feature.bins?.parts ?? [], standardDeviation, accepted);
}

/** As windows of the reference differ from each other. */
function dispersedPValue(
  test: DriftTest,
  { bins, ordered }: DriftReference,
  expected: Sample,
  window: Sample,
  dispersion: Dispersion,
  accepted: number,
): number {
  const [before, now] = [firstBins(expected, bins), firstBins(window, bins)];
  if (test === "min_effect") return dispersedMinEffect(dispersion, before, now, accepted);
  if (test === "chi_square") return dispersedDifference(dispersion, before, now);
  return ordered ? dispersedAndersonDarling(dispersion, before, now) : Number.NaN;
}

/** Of a category without `unseen`, of which the reference has none: its rate is tested for itself. */
function firstBins(sample: Sample, bins: number): Sample {
  if (sample.counts.length === bins) return sample;
  const counts = Float64Array.from({ length: bins }, (_, bin) => sample.counts[bin] as number);
  return { counts, size: effectiveSize(sample, bins) };
}

function statesOf(
  reference: DriftReference,
  window: ComparedWindow,
  customs: Customs,
  settings: DriftSettings,
  calibration: Calibration,
): StateDrift[] {
  const before = reference.stateCounts();
  const states: StateDrift[] = [];
  for (const [state, now] of stateCounts(reference.feature, window.kinds, window.unseen)) {
    const known = before.get(state);
    if (known === undefined || now.size < settings.minSamples) continue;
    const pValue = ratePValue(known, now, state, customs, settings, calibration);
    states.push({ state, window: now, reference: known, difference: rateDifference(known, now), pValue });
  }
  return states;
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

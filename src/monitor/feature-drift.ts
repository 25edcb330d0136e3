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

/** The test that alarms: it asks for drift that matters, others for any difference. */
export const alarmTest: DriftTest = "min_effect";

/** Whether p-values are to be trusted, and if not, why and for how long. */
export type Calibration =
  | { readonly known: true }
  | {
      readonly known: false;
      /** `partial`: much of the window has no events, as at the start of a stream: it is no sample of what such windows hold. */
      readonly reason: "off" | "partial" | "few_panes" | "one_group" | "no_variation" | "alpha";
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
  /** The p-value below which one of its tests alarms. */
  readonly alpha: number;
  /** NaN where there are too few values, or where a method is for numbers only. Computed when they are asked for, once. */
  readonly scores: Readonly<Record<Method, number>>;
  /** NaN also where it is not known how much windows differ without drift. Computed when it is asked for, once. */
  pValue(test: DriftTest): number;
  readonly states: readonly StateDrift[];
  readonly calibration: Calibration;
}

/** What a window holds of a feature. */
export interface ComparedWindow {
  readonly windowMillis: number;
  /** Hours or days of it that have events; NaN where that is not known. */
  readonly filledPanes: number;
  readonly sample: NumericSample;
  readonly kinds: ArrayLike<number>;
  readonly unseen: number;
  /** Values by hour of the day; null where it is not known. */
  readonly byHour: readonly number[] | null;
}

/**
 * Compares a window with the reference.
 * @param alpha the p-value below which one test alarms
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
  const partial = window.filledPanes < fullShare * customs.usualPanes;
  const calibration = calibrationOf(customs, partial, settings, alpha);
  const dispersion = calibration.known && customs.bins.known ? customs.bins : null;
  const scoresOnce = once(() => scoresOf(reference, expected, sample, settings.minEffect));
  const pValue = (test: DriftTest): number => {
    if (!settings.dispersion) return independentPValue(test, scoresOnce(), reference);
    return dispersion === null ? Number.NaN : dispersedPValue(test, reference, expected, sample, dispersion, settings.minEffect);
  };
  return {
    samples: sample.size,
    windowMillis,
    samplesNeeded,
    matched,
    alpha,
    get scores() {
      return enough ? scoresOnce().effects : noScores;
    },
    pValue: enough && !partial ? onceEach(pValue) : () => Number.NaN,
    states: statesOf(reference, window, customs, settings, calibration),
    calibration,
  };
}

export function neededSamples({ bins }: DriftReference, { minSamples, minSamplesPerDegree }: DriftSettings): number {
  return Math.max(minSamples, minSamplesPerDegree * (bins - 1));
}

/** A window has to have so much of the hours or days that windows of the reference have. */
const fullShare = 0.75;

function calibrationOf(customs: Customs, partial: boolean, settings: DriftSettings, alpha: number): Calibration {
  const { bins, remainingMillis } = customs;
  if (partial) return { known: false, reason: "partial", remainingMillis: Number.NaN };
  if (!settings.dispersion) return { known: false, reason: "off", remainingMillis: Number.NaN };
  if (!bins.known) return { known: false, reason: bins.reason === "no_hits" ? "few_panes" : bins.reason, remainingMillis };
  if (bins.smallestAlpha > alpha) return { known: false, reason: "alpha", remainingMillis: Number.NaN };
  return { known: true };
}

const noScores = Object.fromEntries(methods.map((method) => [method, Number.NaN])) as Readonly<Record<Method, number>>;

function once<Value>(compute: () => Value): () => Value {
  let value: Value | undefined;
  return () => {
    value ??= compute();
    return value;
  };
}

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

/** Variance of a state's rate in units of that of independent events; where it never occurred, as that of all values. */
export function overdispersionOf(customs: Customs, state: DriftState): number {
  const own = customs.rate(state);
  if (own.known) return own.overdispersion;
  const { bins } = customs;
  return bins.known ? Math.max(1, bins.chiSquare.trace / bins.chiSquare.shares.length) : 1;
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
  if (!calibration.known && calibration.reason === "partial") return Number.NaN;
  if (!settings.dispersion) return rateSurvival(reference, window, tolerance);
  if (!calibration.known || !customs.bins.known) return Number.NaN;
  const own = customs.rate(state);
  const overdispersion = overdispersionOf(customs, state);
  const degrees = own.known ? own.degreesOfFreedom : customs.bins.degreesOfFreedom;
  const pValue = rateSurvival(reference, window, tolerance, overdispersion, own.known ? own.clump : overdispersion);
  // The overdispersion is an estimate itself: its normal law becomes Student's.
  return pValue < 0.5 ? studentSurvival(normalUpperQuantile(pValue), degrees) : pValue;
}

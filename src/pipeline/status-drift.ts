// Drift as people look at it: each feature's window against its reference, what it is compared with, and why means changed.

import { formatDuration } from "../config/duration.ts";
import type {
  BinView,
  CauseView,
  ChangeView,
  DriftView,
  NamedNumber,
  ReferenceView,
  StateDriftView,
  UncalibratedView,
} from "../expose/model-view.ts";
import type { DriftingFeature, DriftingView } from "../expose/status-view.ts";
import { referenceFor } from "../monitor/alarm-budget.ts";
import type { DriftAlarm } from "../monitor/drift-alarm.ts";
import { binCountsOf } from "../monitor/drift-reference.ts";
import type { Calibration, FeatureDrift } from "../monitor/feature-drift.ts";
import type { FeatureMemory } from "../monitor/feature-memory.ts";
import { referenceSummary } from "../monitor/reference-summary.ts";
import { type Cause, changeOf, mostCauses } from "../monitor/root-cause.ts";
import { driftOf, windowDriftOf } from "../monitor/window-drift.ts";
import { shares, total } from "../stats/sample.ts";
import { driftTests, methods } from "../stats/scores.ts";
import { firstDeviation } from "./first-deviation.ts";
import { shownBins } from "./status-bins.ts";
import { type ClosedWindow, finiteOrNull } from "./status-features.ts";

/** Null where there is no reference. */
export function driftView(name: string, window: ClosedWindow, memory: FeatureMemory): DriftView | null {
  const both = windowDriftOf(name, window, memory);
  if (both === null) return null;
  const { values: drift, rates } = both;
  const { windowMillis, samples, samplesNeeded, matched, scores, calibration } = drift;
  return {
    window: formatDuration(windowMillis),
    samples,
    samplesNeeded,
    matched,
    scores: named(methods, (method) => scores[method]),
    pValues: named(driftTests, (test) => drift.pValue(test)),
    states: stateViews(rates, memory),
    minEffect: memory.settings.drift.minEffect,
    alpha: drift.alpha,
    uncalibrated: uncalibratedView(calibration),
  };
}

/** Those that are known. */
function named<Name extends string>(names: readonly Name[], of: (name: Name) => number): NamedNumber[] {
  return names.map((name) => ({ name, value: of(name) })).filter(({ value }) => !Number.isNaN(value));
}

function stateViews({ states, alpha }: FeatureDrift, { settings }: FeatureMemory): StateDriftView[] {
  return states.map(({ state, window, reference, pValue }) => ({
    state,
    share: window.count / window.size,
    referenceShare: reference.count / reference.size,
    tolerance: settings.drift.tolerance[state],
    pValue: finiteOrNull(pValue),
    alpha,
  }));
}

function uncalibratedView(calibration: Calibration): UncalibratedView | null {
  if (calibration.known) return null;
  return { reason: calibration.reason, remainingMillis: finiteOrNull(calibration.remainingMillis) };
}

/** The alarm in short; null where nothing was compared with a reference. */
export function driftingView(
  windows: readonly ClosedWindow[],
  memory: FeatureMemory,
  { raised }: DriftAlarm,
): DriftingView | null {
  const compared = new Set<string>();
  for (const window of windows) {
    for (const feature of window.closed.features.keys()) {
      const drift = driftOf(feature, window, memory);
      if (drift !== null && drift.samples >= drift.samplesNeeded) compared.add(feature);
    }
  }
  if (compared.size === 0 && raised.length === 0) return null;
  const firsts = new Map<string, DriftingFeature>();
  for (const { feature, windowMillis } of raised) {
    if (!firsts.has(feature)) firsts.set(feature, { feature, window: windowMillis === 0 ? "" : formatDuration(windowMillis) });
    compared.add(feature);
  }
  return { alarming: firsts.size, compared: compared.size, worst: [...firsts.values()].slice(0, mostNamed) };
}

/** Features named on the overview: the rest is on the model's page. */
const mostNamed = 5;

/** By bin the reference's share; null where there is none, or other bins are shown. */
export function referenceShares(name: string, { version, segment }: ClosedWindow, memory: FeatureMemory): Float64Array | null {
  const reference = referenceFor(name, version, memory);
  const distribution = segment === "" ? reference?.all : reference?.segments.get(segment);
  if (distribution === undefined) return null;
  const counts = binCountsOf(distribution, 0);
  return total(counts) > 0 ? shares(counts) : null;
}

export function referenceView(memory: FeatureMemory, version: string): ReferenceView | null {
  const summary = referenceSummary(memory, version);
  if (summary === null) return null;
  const { kind, hash, fromMillis, toMillis, rows, known, learning } = summary;
  return {
    kind,
    hash,
    fromMillis: finiteOrNull(fromMillis),
    toMillis: finiteOrNull(toMillis),
    rows: finiteOrNull(rows),
    known,
    learning,
  };
}

/** Of each window in which a mean changed by more than chance. */
export function changeViews(windows: readonly ClosedWindow[], memory: FeatureMemory): ChangeView[] {
  return windows.flatMap((window): ChangeView[] => {
    const change = changeOf(window, memory);
    if (change === null || !change.notable) return [];
    const { metric, referenceMean, windowMean, causes } = change;
    const features = causes.slice(0, mostCauses).map((cause) => causeView(cause, window, memory));
    const sinceMillis = firstDeviation(metric, window, memory);
    return [{ metric, window: formatDuration(window.windowMillis), referenceMean, windowMean, sinceMillis, features }];
  });
}

function causeView({ feature, mix, bin, binMix }: Cause, window: ClosedWindow, memory: FeatureMemory): CauseView {
  const part = window.closed.features.get(feature);
  const bins: BinView[] = part === undefined ? [] : shownBins(memory.of(feature), part);
  return { feature, mix, bin: bins[bin] ?? null, binMix };
}

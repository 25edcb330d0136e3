// Drift for tests of pages: a window in each state that it can be in, references and causes.
import type {
  CauseView,
  ChangeView,
  DriftView,
  FeatureView,
  ModelView,
  ReferenceView,
  StateDriftView,
  UncalibratedView,
  VersionView,
} from "../../src/expose/model-view.ts";
import {
  categoricalFeature,
  exampleFeature,
  exampleModel,
  exampleVersion,
  exampleWindow,
  now,
  numberBins,
} from "./status-example.ts";

const hour = 3_600_000;
export const alpha = 4e-6;

/** Enough values, and as the reference. */
export function exampleDrift(more: Partial<DriftView> = {}): DriftView {
  return {
    window: "1h",
    samples: 1204,
    samplesNeeded: 1050,
    matched: false,
    scores: [
      { name: "psi", value: 0.33 },
      { name: "psi_adjusted", value: 0.31 },
      { name: "jensen_shannon", value: 0.2 },
      { name: "hellinger", value: 0.19 },
      { name: "total_variation", value: 0.12 },
      { name: "kolmogorov_smirnov", value: 0.1 },
      { name: "wasserstein", value: 0.4 },
    ],
    pValues: testValues(0.2),
    states: [],
    minEffect: 0.1,
    alpha,
    uncalibrated: null,
    ...more,
  };
}

/** The minimum-effect test's p-value; the others', which ask for any difference, are smaller. */
export function testValues(minEffect: number): DriftView["pValues"] {
  return [
    { name: "min_effect", value: minEffect },
    { name: "chi_square", value: minEffect ** 2 },
    { name: "anderson_darling", value: minEffect ** 2 / 2 },
  ];
}

export function uncalibrated(reason: UncalibratedView["reason"], remainingMillis: number | null = null): Partial<DriftView> {
  return { uncalibrated: { reason, remainingMillis } };
}

export function exampleState(more: Partial<StateDriftView> = {}): StateDriftView {
  return { state: "missing", share: 0.05, referenceShare: 0.01, tolerance: 0.01, pValue: 3e-9, alpha, ...more };
}

/** A numeric feature with a window that is compared so. */
export function driftingFeature(name: string, more: Partial<DriftView> = {}): FeatureView {
  const bins = numberBins([1, 2, 3, 4], [10, 20, 30, 20, 10], [0.1, 0.4, 0.3, 0.15, 0.05]);
  return exampleFeature(name, { windows: [exampleWindow({ bins, drift: exampleDrift(more) })] });
}

export function exampleReference(more: Partial<ReferenceView> = {}): ReferenceView {
  return {
    kind: "learned",
    hash: "a1b2c3d4e5f60718",
    fromMillis: now - 28 * hour,
    toMillis: now - 4 * hour,
    rows: 86_400,
    known: 18,
    learning: 2,
    ...more,
  };
}

export function exampleCause(feature: string, mix: number, more: Partial<CauseView> = {}): CauseView {
  const bin = { name: "+Inf", lower: 250, upper: null, count: 40, reference: 0.1 };
  return { feature, mix, bin, binMix: mix * 0.8, ...more };
}

export function exampleChange(features: readonly CauseView[], more: Partial<ChangeView> = {}): ChangeView {
  return {
    metric: "$score",
    window: "24h",
    referenceMean: 0.12,
    windowMean: 0.2,
    sinceMillis: now - 2 * hour,
    features,
    ...more,
  };
}

/** A model of one such version. */
export function driftingModel(name: string): ModelView {
  return exampleModel(name, driftingVersion(name));
}

/** A version with everything about drift that a page can show; every name from outside in it is this one. */
export function driftingVersion(name: string): Partial<VersionView> {
  const category = { name, lower: null, upper: null, count: 5, reference: 0.2 };
  const six = Array.from({ length: 6 }, (_, index) => exampleCause(name, 0.04 / (index + 1), { bin: category }));
  const long = exampleWindow({ window: "24h", drift: exampleDrift({ window: "24h", pValues: testValues(1e-20) }) });
  return {
    ...exampleVersion(name),
    drifting: { alarming: 2, compared: 8, worst: [{ feature: name, window: "24h" }] },
    reference: exampleReference({ hash: name }),
    causes: [exampleChange(six, { metric: name }), exampleChange([], { metric: "$prediction", sinceMillis: null })],
    features: [
      driftingFeature(name, {
        pValues: testValues(1e-9),
        states: [exampleState(), exampleState({ state: "unseen", pValue: 0.3 })],
      }),
      driftingFeature(name, { samples: 312, scores: [], pValues: [] }),
      driftingFeature(name, { window: "6h", matched: true }),
      driftingFeature(name, { pValues: [], ...uncalibrated("few_panes", 40 * hour) }),
      driftingFeature(name, uncalibrated("off")),
      driftingFeature(name, { pValues: [], ...uncalibrated("one_group") }),
      driftingFeature(name, { pValues: testValues(1e-7), ...uncalibrated("alpha", 90 * hour) }),
      exampleFeature(name, { windows: [exampleWindow({ drift: exampleDrift() }), long] }),
      categoricalFeature(name, [name, "__other__", "__unseen__"], 1 / 3),
    ],
  };
}

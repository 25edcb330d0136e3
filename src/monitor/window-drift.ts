// The drift of each feature in a window: which reference it is compared with, and how far back a window looks that has too
// few values. Computed once for a window: a scrape finds it done.
import { CategoryCounts } from "../primitive/category-counts.ts";
import type { FeatureReference } from "../reference/reference.ts";
import { total } from "../stats/sample.ts";
import { type DriftReference, driftReference, sampleOf } from "./drift-reference.ts";
import { type ComparedWindow, compareWithReference, type FeatureDrift, neededSamples } from "./feature-drift.ts";
import type { FeatureMemory } from "./feature-memory.ts";
import type { ClosedFeature } from "./feature-pane.ts";
import { countedOf } from "./feature-reference.ts";
import type { ClosedFeatures } from "./features.ts";
import type { WindowOf } from "./monitor.ts";

/**
 * How many independent looks a sliding window is worth, in windows: it is looked at all the time, and its looks depend on each
 * other. Measured 8 to 16 for windows of 1 h and 24 h that are looked at every few minutes.
 */
const looksPerWindow = 16;

/** The reference that a version's windows are compared with; null while it is learned. */
export function referenceFor(name: string, version: string, memory: FeatureMemory): FeatureReference | null {
  const own = memory.settings.versionReferences.get(version)?.features.get(name);
  return own ?? memory.of(name).reference;
}

/** The p-value at which a window of this length alarms, so that all signals together keep to the accepted false alarms. */
export function alphaOf({ settings, features }: FeatureMemory, windowMillis: number): number {
  const { falseAlarms, windows } = settings.drift;
  const signals = Math.max(1, features.size) * windows;
  return Math.min(1, (falseAlarms.count * windowMillis) / (looksPerWindow * falseAlarms.millis * signals));
}

interface Computed {
  readonly reference: FeatureReference;
  readonly drift: FeatureDrift | null;
}
const computed = new WeakMap<ClosedFeature, Computed>();

/** Null where there is no reference, or none of the window's segment. */
export function driftOf(name: string, window: WindowOf<ClosedFeatures>, memory: FeatureMemory): FeatureDrift | null {
  const reference = referenceFor(name, window.version, memory);
  const part = window.closed.features.get(name);
  if (reference === null || part === undefined) return null;
  const known = computed.get(part);
  if (known?.reference === reference) return known.drift;
  const prepared = driftReference(reference, window.segment);
  const drift = prepared === null ? null : compare(name, prepared, part, window, memory);
  computed.set(part, { reference, drift });
  return drift;
}

/** Computes the drift of all features, one at a time. */
export function* prepareDrift(window: WindowOf<ClosedFeatures>, memory: FeatureMemory): Iterable<void> {
  for (const name of window.closed.features.keys()) {
    const drift = driftOf(name, window, memory);
    for (const test of memory.settings.drift.tests) drift?.pValue(test);
    yield;
  }
}

function compare(
  name: string,
  reference: DriftReference,
  part: ClosedFeature,
  window: WindowOf<ClosedFeatures>,
  memory: FeatureMemory,
): FeatureDrift {
  const { drift } = memory.settings;
  const needed = neededSamples(reference, drift);
  const own = comparedWindow(reference, part, window.windowMillis);
  const used = own.sample.size >= needed ? own : (longer(name, reference, window, needed) ?? own);
  return compareWithReference(reference, used, drift, alphaOf(memory, used.windowMillis));
}

/** The shortest longer window that has enough values. */
function longer(
  name: string,
  reference: DriftReference,
  window: WindowOf<ClosedFeatures>,
  needed: number,
): ComparedWindow | null {
  for (const { windowMillis, closed } of window.longer()) {
    const part = closed.features.get(name);
    const found = part === undefined ? null : comparedWindow(reference, part, windowMillis);
    if (found !== null && found.sample.size >= needed) return found;
  }
  return null;
}

function comparedWindow({ feature }: DriftReference, part: ClosedFeature, windowMillis: number): ComparedWindow {
  const { kinds, texts, hours } = part;
  const sample = sampleOf(feature, countedOf(part));
  // What an older state counted has no hours: such a window cannot be matched.
  const byHour = hours !== null && hours.total === total(sample.counts) ? hours.byHour : null;
  return { windowMillis, sample, kinds, unseen: texts instanceof CategoryCounts ? texts.unseen : 0, byHour };
}

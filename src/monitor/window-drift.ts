// The drift of each feature in a window: which reference it is compared with, and how far back a window looks that has too
// few values. Computed once for a window: a scrape finds it done.
import type { FeatureReference } from "../reference/reference.ts";
import { total } from "../stats/sample.ts";
import { AlarmBudget, referenceFor } from "./alarm-budget.ts";
import { type DriftReference, driftReference, sampleOf } from "./drift-reference.ts";
import { type ComparedWindow, compareWithReference, type FeatureDrift, neededSamples } from "./feature-drift.ts";
import type { FeatureMemory } from "./feature-memory.ts";
import { type ClosedFeature, unseenOf } from "./feature-pane.ts";
import { countedOf } from "./feature-reference.ts";
import type { ClosedFeatures } from "./features.ts";
import type { WindowOf } from "./monitor.ts";

/** What is said of a feature in a window. */
export interface WindowDrift {
  /** Of its values: over a longer window where this one has too few. */
  readonly values: FeatureDrift;
  /**
   * Of the rates of its states, which are rates of events: of the window itself where that has enough of these. A feature that
   * is missing from most of them has few values, and over a longer window that would be told late.
   */
  readonly rates: FeatureDrift;
}

interface Computed {
  readonly reference: FeatureReference;
  readonly drift: WindowDrift | null;
}
const computed = new WeakMap<ClosedFeature, Computed>();

/** Null where there is no reference, or none of the window's segment. Once computed it stays for as long as the window does. */
export function windowDriftOf(name: string, window: WindowOf<ClosedFeatures>, memory: FeatureMemory): WindowDrift | null {
  const reference = referenceFor(name, window.version, memory);
  const part = window.closed.features.get(name);
  if (reference === null || part === undefined) return null;
  const known = computed.get(part);
  if (known?.reference === reference) return known.drift;
  return computeDrift(name, window, memory, new AlarmBudget(memory, window.version));
}

/** As `windowDriftOf`, of the values. */
export function driftOf(name: string, window: WindowOf<ClosedFeatures>, memory: FeatureMemory): FeatureDrift | null {
  return windowDriftOf(name, window, memory)?.values ?? null;
}

/**
 * Computes what `windowDriftOf` says from then on. Alarms are decided by this alone: what someone asked for before a look may
 * have been computed when less was known.
 */
export function computeDrift(
  name: string,
  window: WindowOf<ClosedFeatures>,
  memory: FeatureMemory,
  budget: AlarmBudget,
): WindowDrift | null {
  const reference = referenceFor(name, window.version, memory);
  const part = window.closed.features.get(name);
  if (reference === null || part === undefined) return null;
  const prepared = driftReference(reference, window.segment);
  const drift = prepared === null ? null : compare(name, prepared, part, window, memory, budget);
  computed.set(part, { reference, drift });
  return drift;
}

/** Computes what is exported of the drift of all features, one at a time. */
export function* prepareDrift(window: WindowOf<ClosedFeatures>, memory: FeatureMemory): Iterable<void> {
  for (const name of window.closed.features.keys()) {
    const drift = driftOf(name, window, memory);
    for (const method of memory.settings.drift.methods) void drift?.scores[method];
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
  budget: AlarmBudget,
): WindowDrift {
  const { drift } = memory.settings;
  const needed = neededSamples(reference, drift);
  const own = comparedWindow(reference, part, window.windowMillis, window.filledPanes);
  const used = own.sample.size >= needed ? own : (longer(name, reference, window, needed) ?? own);
  const against = (compared: ComparedWindow): FeatureDrift =>
    compareWithReference(reference, compared, drift, budget.alpha(name, compared.windowMillis));
  const values = against(used);
  const enough = total(own.kinds) >= drift.minSamples;
  return { values, rates: used !== own && enough ? against(own) : values };
}

/** The shortest longer window that has enough values. */
function longer(
  name: string,
  reference: DriftReference,
  window: WindowOf<ClosedFeatures>,
  needed: number,
): ComparedWindow | null {
  for (const { windowMillis, closed, filledPanes } of window.longer()) {
    const part = closed.features.get(name);
    const found = part === undefined ? null : comparedWindow(reference, part, windowMillis, filledPanes);
    if (found !== null && found.sample.size >= needed) return found;
  }
  return null;
}

function comparedWindow(
  { feature }: DriftReference,
  part: ClosedFeature,
  windowMillis: number,
  filledPanes: number,
): ComparedWindow {
  const { kinds, hours } = part;
  const sample = sampleOf(feature, countedOf(part));
  // What an older state counted has no hours: such a window cannot be matched.
  const byHour = hours !== null && hours.total === total(sample.counts) ? hours.byHour : null;
  return { windowMillis, filledPanes, sample, kinds, unseen: unseenOf(part), byHour };
}

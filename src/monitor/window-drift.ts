// The drift of each feature in a window: which reference it is compared with, and how far back a window looks that has too
// few values. Computed once for a window: a scrape finds it done.
import type { FeatureReference } from "../reference/reference.ts";
import { total } from "../stats/sample.ts";
import { AlarmBudget, referenceFor } from "./alarm-budget.ts";
import { type ComparedWith, compare, comparedWindow, type Exported, exportedOf, onlyStates, SettledDrift } from "./comparison.ts";
import { type DriftReference, driftReference } from "./drift-reference.ts";
import { type FeatureDrift, neededSamples } from "./feature-drift.ts";
import type { FeatureMemory } from "./feature-memory.ts";
import type { ClosedFeature, ClosedFeatures } from "./feature-pane.ts";
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
  drift: WindowDrift | null;
  /** What is compared in `drift`; null where that is settled. */
  compared: Compared | null;
}

/** By part of what is said of a feature. */
type Compared = Readonly<Record<keyof WindowDrift, ComparedWith>>;

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
  const known = prepared === null ? nothing : compareWindow(name, prepared, part, window, memory, budget);
  computed.set(part, { reference, ...known });
  return known.drift;
}

type Known = Pick<Computed, "drift" | "compared">;
const nothing: Known = { drift: null, compared: null };

/** Computes what is exported of the drift of all features, one at a time, and lets go of what it was computed from. */
export function* prepareDrift(window: WindowOf<ClosedFeatures>, memory: FeatureMemory): Iterable<void> {
  const exported = exportedOf(memory.settings.drift);
  for (const [name, part] of window.closed.features) {
    windowDriftOf(name, window, memory);
    const known = computed.get(part);
    if (known !== undefined) settle(known, exported);
    yield;
  }
}

function settle(known: Computed, exported: Exported): void {
  const { drift, compared } = known;
  if (drift === null || compared === null) return;
  const values = new SettledDrift(drift.values, compared.values, exported);
  const rates = drift.rates === drift.values ? values : new SettledDrift(drift.rates, compared.rates, onlyStates);
  known.drift = { values, rates };
  known.compared = null;
}

function compareWindow(
  name: string,
  reference: DriftReference,
  part: ClosedFeature,
  window: WindowOf<ClosedFeatures>,
  memory: FeatureMemory,
  budget: AlarmBudget,
): Known {
  const settings = memory.settings.drift;
  const needed = neededSamples(reference, settings);
  const of = (one: ClosedFeature, windowMillis: number, filledPanes: number): ComparedWith => {
    return { reference, part: one, windowMillis, filledPanes, settings, alpha: budget.alpha(name, windowMillis) };
  };
  const own = of(part, window.windowMillis, window.filledPanes);
  const ownWindow = comparedWindow(own);
  const used = ownWindow.sample.size >= needed ? own : (longer(name, window, needed, of) ?? own);
  const values = compare(used, used === own ? ownWindow : comparedWindow(used));
  if (used === own || total(part.kinds) < settings.minSamples) {
    return { drift: { values, rates: values }, compared: { values: used, rates: used } };
  }
  return { drift: { values, rates: compare(own, ownWindow) }, compared: { values: used, rates: own } };
}

/** The shortest longer window that has enough values. */
function longer(
  name: string,
  window: WindowOf<ClosedFeatures>,
  needed: number,
  of: (part: ClosedFeature, windowMillis: number, filledPanes: number) => ComparedWith,
): ComparedWith | null {
  for (const { windowMillis, closed, filledPanes } of window.longer()) {
    const part = closed.features.get(name);
    const found = part === undefined ? null : of(part, windowMillis, filledPanes);
    if (found !== null && comparedWindow(found).sample.size >= needed) return found;
  }
  return null;
}

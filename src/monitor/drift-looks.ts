// One look of a version's alarm: what a closed pane completes is compared with the reference, and each test of it with its share
// of the false alarms that are accepted. Made for every closed pane, so that alarms are the same however far behind a log is.
import { windowEnd } from "../window/ladder.ts";
import { AlarmBudget, referenceFor } from "./alarm-budget.ts";
import { type AlarmChange, compareSignals, type Finding, type Look, type Signal } from "./drift-alarm.ts";
import { rateEvidence, valuesEvidence } from "./drift-evidence.ts";
import { alarmTest, type FeatureDrift } from "./feature-drift.ts";
import type { FeatureMemory } from "./feature-memory.ts";
import type { ClosedFeatures, FeatureTotals } from "./features.ts";
import type { Looked, WindowOf } from "./monitor.ts";
import { computeDrift } from "./window-drift.ts";

/** A raised signal ends when its p-value has been greater than so many times alpha for one window. */
const calmFactor = 10;

interface Seen {
  readonly signal: Signal;
  readonly look: Look;
}

export function* lookForDrift(
  looked: Looked<ClosedFeatures>,
  memory: FeatureMemory,
  { alarm }: FeatureTotals,
  tell: (change: AlarmChange) => void,
): Iterable<void> {
  const { version, segment, endMillis } = looked;
  const before = alarm.lookedMillis(segment);
  alarm.noteLook(segment, endMillis);
  const budget = new AlarmBudget(memory, version);
  if (!budget.tests(segment)) return;
  const seen: Seen[] = [];
  for (const windowMillis of memory.settings.drift.windowsMillis) {
    if (before !== undefined && windowEnd(before, windowMillis) === windowEnd(endMillis, windowMillis)) continue;
    const window = looked.window(windowMillis);
    yield;
    for (const name of window.closed.features.keys()) {
      const drift = computeDrift(name, window, memory, budget);
      if (drift === null) continue;
      for (const one of looksAt(name, drift, window, memory, endMillis)) {
        if (alarm.on || one.look.finding === "rejects") seen.push(one);
      }
      yield;
    }
  }
  seen.sort((a, b) => compareSignals(a.signal, b.signal));
  for (const { signal, look } of seen) {
    const change = alarm.look(signal, look);
    if (change !== null) tell(change);
  }
  for (const change of alarm.endForgotten(endMillis)) tell(change);
}

/** What a window says of one feature: its distribution, and the rates of its states. */
function* looksAt(
  feature: string,
  drift: FeatureDrift,
  window: WindowOf<ClosedFeatures>,
  memory: FeatureMemory,
  timeMillis: number,
): Iterable<Seen> {
  const { segment, version } = window;
  const { alpha, windowMillis } = drift;
  const seen = (test: string, pValue: number, evidence: Look["evidence"]): Seen => ({
    signal: { segment, feature, windowMillis: window.windowMillis, test },
    look: { timeMillis, holdMillis: windowMillis, finding: findingOf(pValue, alpha), evidence },
  });
  const reference = referenceFor(feature, version, memory);
  const pValue = drift.pValue(alarmTest);
  yield seen(alarmTest, pValue, () => valuesEvidence(pValue, drift, window.closed.features.get(feature), reference, segment));
  for (const state of drift.states) yield seen(state.state, state.pValue, () => rateEvidence(state, alpha));
}

function findingOf(pValue: number, alpha: number): Finding {
  if (Number.isNaN(pValue)) return "unknown";
  if (pValue < alpha) return "rejects";
  return pValue <= calmFactor * alpha ? "near" : "calm";
}

// One look of a version's alarm: what a closed pane completes is compared with the reference, and each test of it with its share
// of the false alarms that are accepted. Made for every closed pane, so that alarms are the same however far behind a log is.
import { minuteMillis, windowEnd } from "../window/resolution.ts";
import { AlarmBudget } from "./alarm-budget.ts";
import { detect } from "./detector-looks.ts";
import { type AlarmChange, calmFactor, compareSignals, type Finding, type Look, type Seen, type Signal } from "./drift-alarm.ts";
import { firstDeviation } from "./drift-begin.ts";
import { rateEvidence, valuesEvidence } from "./drift-evidence.ts";
import { alarmTest, type FeatureDrift } from "./feature-drift.ts";
import type { FeatureMemory } from "./feature-memory.ts";
import type { ClosedFeatures } from "./feature-pane.ts";
import type { FeatureTotals } from "./feature-totals.ts";
import type { Looked, WindowOf } from "./monitor.ts";
import { computeDrift, type WindowDrift } from "./window-drift.ts";

export function* lookForDrift(
  looked: Looked<ClosedFeatures>,
  memory: FeatureMemory,
  { alarm, detectors, episode, adoption }: FeatureTotals,
  tell: (change: AlarmChange) => void,
): Iterable<void> {
  const { version, segment, endMillis } = looked;
  const before = alarm.lookedMillis(segment) ?? Number.NEGATIVE_INFINITY;
  alarm.noteLook(segment, endMillis);
  if (segment === "") adoption.note(version, memory, endMillis - minuteMillis);
  const budget = new AlarmBudget(memory, version);
  if (!budget.tests(segment)) return;
  const seen: Seen[] = [];
  // Of most looks nothing follows.
  const keep = (one: Seen): void => {
    if (alarm.on || one.look.finding === "rejects") seen.push(one);
  };
  for (const name of looked.closed.features.keys()) {
    for (const one of detect(name, looked, memory, detectors, budget)) keep(one);
    yield;
  }
  for (const { millis } of memory.settings.drift.windows) {
    if (windowEnd(before, millis) === windowEnd(endMillis, millis)) continue;
    const window = yield* looked.window(millis);
    yield;
    for (const name of window.closed.features.keys()) {
      const drift = computeDrift(name, window, memory, budget);
      if (drift !== null) for (const one of looksAt(name, drift, window, memory, endMillis)) keep(one);
      yield;
    }
  }
  seen.sort((a, b) => compareSignals(a.signal, b.signal));
  let began: Signal | null = null;
  const changed = (change: AlarmChange): void => {
    if (episode.note(change)) began = change.signal;
    tell(change);
  };
  for (const { signal, look } of seen) {
    const change = alarm.look(signal, look);
    if (change !== null) changed(change);
  }
  for (const change of alarm.endForgotten(endMillis)) changed(change);
  if (began !== null && alarm.on) episode.firstDeviationMillis = yield* firstDeviation(began, looked, memory);
  for (const gone of alarm.forgetSegments(endMillis)) detectors.forget(gone);
}

/** What a window says of one feature: its distribution, and the rates of its states. */
function* looksAt(
  feature: string,
  { values, rates }: WindowDrift,
  window: WindowOf<ClosedFeatures>,
  memory: FeatureMemory,
  timeMillis: number,
): Iterable<Seen> {
  const { segment, windowMillis } = window;
  const seen = (test: string, drift: FeatureDrift, pValue: number, evidence: Look["evidence"]): Seen => ({
    signal: { segment, feature, windowMillis, test },
    look: { timeMillis, holdMillis: drift.windowMillis, finding: findingOf(pValue, drift.alpha), evidence },
  });
  const pValue = values.pValue(alarmTest);
  yield seen(alarmTest, values, pValue, () => valuesEvidence(pValue, values.alpha, values, window, feature, memory));
  for (const state of rates.states) yield seen(state.state, rates, state.pValue, () => rateEvidence(state, rates.alpha));
}

function findingOf(pValue: number, alpha: number): Finding {
  if (Number.isNaN(pValue)) return "unknown";
  if (pValue < alpha) return "rejects";
  return pValue <= calmFactor * alpha ? "near" : "calm";
}

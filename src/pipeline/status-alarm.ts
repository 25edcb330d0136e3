// A version's drift alarm as people look at it, and as lines of reports say it.
import { formatDuration } from "../config/duration.ts";
import type { AlarmChangeView, AlarmSignalView, AlarmView } from "../expose/alarm-view.ts";
import { AlarmBudget } from "../monitor/alarm-budget.ts";
import type { AlarmChange, DriftAlarm, RaisedSignal } from "../monitor/drift-alarm.ts";
import type { FeatureMemory } from "../monitor/feature-memory.ts";
import { binViews } from "./status-bins.ts";
import { finiteOrNull } from "./status-features.ts";

/** Null where nothing is tested and nothing ever was. */
export function alarmView(version: string, memory: FeatureMemory, { on, alarms, raised, recent }: DriftAlarm): AlarmView | null {
  if (recent.length === 0 && !new AlarmBudget(memory, version).tests("")) return null;
  return {
    on,
    count: alarms,
    signals: raised.map((signal) => signalView(signal, memory)),
    changes: recent.map((change) => alarmChangeView(change, memory)),
  };
}

export function alarmChangeView({ timeMillis, raised, alarm, signal }: AlarmChange, memory: FeatureMemory): AlarmChangeView {
  return { timeMillis, raised, alarm, signal: signalView(signal, memory) };
}

function signalView(signal: RaisedSignal, memory: FeatureMemory): AlarmSignalView {
  const { segment, feature, windowMillis, test, sinceMillis, evidence } = signal;
  const { value, limit, samples, effect, before, after, bin, binBefore, binAfter } = evidence;
  const known = memory.features.get(feature);
  const changed = known === undefined ? undefined : binViews(known, [])[bin];
  return {
    segment,
    feature,
    window: windowMillis === 0 ? null : formatDuration(windowMillis),
    test,
    sinceMillis,
    value,
    limit,
    samples,
    effect: finiteOrNull(effect),
    before: finiteOrNull(before),
    after: finiteOrNull(after),
    bin: changed === undefined ? null : { bin: changed, before: binBefore, after: binAfter },
  };
}

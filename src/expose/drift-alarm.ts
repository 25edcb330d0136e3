// What of a window's drift is beyond the limit of alarms, as the looks that raise them have it (`monitor/drift-looks.ts`).
import type { DriftView, NamedNumber, StateDriftView } from "./model-view.ts";

/** The test that is made for alarms: it asks for drift that matters, others for any difference. */
export const alarmTest = "min_effect";

/** The p-value that decides: of the minimum-effect test, where there is none the smallest of the others. */
export function decidingTest({ pValues }: DriftView): NamedNumber | undefined {
  const made = pValues.find(({ name }) => name === alarmTest);
  return made ?? pValues.toSorted((a, b) => a.value - b.value)[0];
}

export function hasScores({ samples, samplesNeeded }: DriftView): boolean {
  return samples >= samplesNeeded;
}

/** Whether p-values can be held against alpha: known, or by configuration taken for known. */
export function isCalibrated({ uncalibrated }: DriftView): boolean {
  return uncalibrated === null || uncalibrated.reason === "off";
}

/** Whether the distribution of values alarms. */
export function distributionAlarms(drift: DriftView): boolean {
  const test = decidingTest(drift);
  return hasScores(drift) && isCalibrated(drift) && test !== undefined && test.value < drift.alpha;
}

/** Whether values are in a state so much more often that it alarms. */
export function stateAlarms({ pValue, alpha }: StateDriftView): boolean {
  return pValue !== null && pValue < alpha;
}

/** Whether anything about a window alarms; not where nothing is known. */
export function alarms(drift: DriftView | null): boolean {
  return drift !== null && (distributionAlarms(drift) || drift.states.some((state) => stateAlarms(state)));
}

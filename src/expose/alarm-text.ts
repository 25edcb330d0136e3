// What raised an alarm, in words: for the page, the log and the lines of a replay. Plain text.
import type { AlarmChangeView, AlarmSignalView, ChangedBinView } from "./alarm-view.ts";
import { interval } from "./bin-text.ts";
import { powerText, probabilityText, pValueText } from "./p-value-text.ts";
import { stateText } from "./quality-text.ts";
import { countText, numberShort, shareText } from "./quantity-text.ts";
import { plainName } from "./shown-name.ts";

const longestName = 40;
/** The tests of the distribution of values. */
const ofValues: ReadonlySet<string> = new Set(["min_effect", "histogram"]);

/** "amount in 1h: PSI 0.52 of 1,020 values, p = 3.1·10⁻⁹ (alarms below 2·10⁻⁷); mean 40 → 62; above 250: 1 % → 9 %". */
export function signalText(signal: AlarmSignalView): string {
  const { samples } = signal;
  const loss = losses.get(signal.test);
  if (loss !== undefined) return `${lossText(loss, signal)} of ${countText(samples)} labels, ${chanceText(signal)}`;
  const what = ofValues.has(signal.test) ? valuesText(signal) : rateText(signal);
  return `${subjectText(signal)}: ${what} of ${countText(samples)} values, ${chanceText(signal)}${detailText(signal)}`;
}

/** "amount in 1h", "amount of channel=web in 1h". */
export function subjectText({ feature, segment, window }: AlarmSignalView): string {
  const of = segment === "" ? "" : ` of ${plainName(segment, longestName)}`;
  return `${plainName(feature, longestName)}${of}${window === null ? "" : ` in ${window}`}`;
}

function lossText(loss: string, { before, after }: AlarmSignalView): string {
  return before === null || after === null ? loss : `${loss} ${shareText(before)} → ${shareText(after)}`;
}

function valuesText({ effect }: AlarmSignalView): string {
  return effect === null ? "values" : `PSI ${numberShort(effect)}`;
}

function rateText({ test, before, after }: AlarmSignalView): string {
  return before === null || after === null ? stateText(test) : `${stateText(test)} ${shareText(before)} → ${shareText(after)}`;
}

function chanceText({ window, value, limit }: AlarmSignalView): string {
  if (window !== null) return `${pValueText(value)} (alarms below ${probabilityText(limit)})`;
  return `evidence ${powerText(value)} (alarms from ${powerText(limit)})`;
}

function detailText({ test, before, after, bin }: AlarmSignalView): string {
  if (!ofValues.has(test)) return "";
  const mean = before === null || after === null ? "" : `; mean ${numberShort(before)} → ${numberShort(after)}`;
  return `${mean}${bin === null ? "" : `; ${binText(bin)}`}`;
}

function binText({ bin, before, after }: ChangedBinView): string {
  const name = bin.lower === null && bin.upper === null ? plainName(bin.name, longestName) : interval(bin);
  return `${name}: ${shareText(before)} → ${shareText(after)}`;
}

/** Losses of predictions that have a label, in words. */
const losses: ReadonlyMap<string, string> = new Map([
  ["error", "error rate"],
  ["brier", "Brier score"],
  ["absolute_error", "absolute error (of the largest usual)"],
]);

/** The same with what it did. @param kind of alarm */
export function changeText({ raised, alarm, signal }: AlarmChangeView, kind: "drift" | "performance" = "drift"): string {
  if (raised) return `${kind} alarm${alarm ? "" : " goes on"}: ${signalText(signal)}`;
  return `${endedText(signal)} is as before${alarm ? `: the ${kind} alarm ends` : ""}`;
}

function endedText(signal: AlarmSignalView): string {
  const loss = losses.get(signal.test);
  if (loss !== undefined) return loss;
  return `${subjectText(signal)}${ofValues.has(signal.test) ? "" : ` (${stateText(signal.test)})`}`;
}

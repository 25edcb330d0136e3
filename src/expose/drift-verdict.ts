// What a window's p-value says, in words: whether it alarms, and if nothing can be said, why.
import { alarmTest, decidingTest, distributionAlarms, hasScores } from "./drift-alarm.ts";
import type { DriftView, UncalibratedView } from "./model-view.ts";
import { probabilityText, pValueText } from "./p-value-text.ts";
import { countText, durationText, numberShort } from "./quantity-text.ts";

/** One in a hundred windows without drift is as unusual by chance: the field's stricter custom. */
const unusual = 0.01;

/** A sentence without its full stop. */
export function verdictText(drift: DriftView): string {
  if (!hasScores(drift))
    return `too few values: ${countText(drift.samples)} of ${countText(drift.samplesNeeded)} that scores need`;
  const why = drift.uncalibrated === null ? "" : reservation(drift.uncalibrated, drift);
  const test = decidingTest(drift);
  if (test === undefined) return why === "" ? "no p-value" : `no p-value: ${why}`;
  return `${pValueText(test.value)}: ${judgement(test, drift)}${why === "" ? "" : `; ${why}`}`;
}

/** The same in as few words as a table has room for. */
export function verdictWord(drift: DriftView): string {
  if (!hasScores(drift)) return "too few values";
  if (distributionAlarms(drift)) return "alarms";
  return decidingTest(drift) === undefined ? "no p-value" : "no alarm";
}

function judgement(test: { readonly name: string; readonly value: number }, drift: DriftView): string {
  const limit = probabilityText(drift.alpha);
  if (distributionAlarms(drift)) return `alarms below ${limit}`;
  // Its p-value is below alpha, too, but not to be trusted: the reservation that follows says why.
  if (test.value < drift.alpha) return "no alarm";
  if (test.value < unusual) return `unusual, but alarms only below ${limit}`;
  const accepts = test.name === alarmTest && drift.minEffect > 0;
  return accepts ? `no drift that matters (PSI above ${numberShort(drift.minEffect)})` : "as windows without drift";
}

function reservation({ reason, remainingMillis }: UncalibratedView, { alpha }: DriftView): string {
  const known =
    remainingMillis === null ? "with this reference it will not be known" : `known in ${durationText(remainingMillis)}`;
  switch (reason) {
    case "off":
      return "as if events were independent, by configuration";
    case "partial":
      return "much of the window has no events, so it is not like the windows of the reference";
    case "few_panes":
      return `the reference has too few hours or days to tell how much windows differ without drift; ${known}`;
    case "one_group":
      return "nearly all values of the reference are in one bin";
    case "no_variation":
      return "the reference's hours or days do not differ at all: nothing follows from them";
    case "alpha":
      return `the reference cannot tell of chances as small as an alarm asks for (${probabilityText(alpha)}); ${known}`;
  }
}

// A fold whose alarms are on: values have changed since an hour, and predictions have become worse.
import { parseConfig } from "../../src/config/load.ts";
import { decoderFor } from "../../src/decode/index.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { Random } from "../../src/source/simulator/random.ts";
import { Fold } from "../../src/state/fold.ts";
import { applyLines } from "./lines.ts";

export const minute = 60_000;
const hour = 60 * minute;
export const start = Date.parse("2026-03-02T00:00:00Z");
/** What is normal is learned before. */
const learnedHours = 80;
/** When values change, and when predictions become worse: in the middle of an hour. */
export const changeMillis = start + (learnedHours + 2.5) * hour;
const endHours = learnedHours + 6;

export const alarmedSettings = foldSettings(
  parseConfig(
    `source: {file: {paths: [none]}}
defaults:
  windows: [1h, 24h]
  learn: ${learnedHours}h
  drift: {min_effect: 0.02, min_samples: 200, min_samples_per_degree: 5}
  outcomes: {horizon: 1h}
`,
    "test",
  ),
);

/** Outcomes that carry their prediction, and predictions with a feature: some a minute. */
export function alarmedLines(changed = true): string[] {
  const random = new Random(3);
  const lines: string[] = [];
  for (let at = 0; at < endHours * 60; at++) {
    const now = start + at * minute;
    const isChanged = changed && now >= changeMillis;
    for (let one = 0; one < 4; one++) {
      const time = now + one * 15_000;
      const amount = Math.round(50 + 10 * random.normal() + (isChanged ? 15 : 0));
      lines.push(JSON.stringify({ type: "prediction", model: "m", version: "1", time, features: { amount } }));
      const label = random.chance(0.5) ? 1 : 0;
      const prediction = random.chance(isChanged ? 0.4 : 0.05) ? 1 - label : label;
      const id = `${at}-${one}`;
      lines.push(JSON.stringify({ type: "outcome", model: "m", version: "1", id, time, prediction, label }));
    }
  }
  return lines;
}

export const alarmedEnd = start + endHours * hour;

export function alarmedFold(lines: readonly string[], settings = alarmedSettings): Fold {
  const fold = new Fold(settings);
  applyLines(fold, fold.log("events", 0, 1000 * hour), decoderFor("native"), lines);
  fold.closeThrough(alarmedEnd);
  return fold;
}

// How often sequential detectors alarm in months without drift: models of twenty features through the code that runs in production,
// on every stream of the calibration (which simulates windows only: the steps of detectors would take most of its time). Prints the
// table of docs/detectors.md.
//
//   npm run bench:detector-months [-- 6 [KIND]]     months of each line; only of one kind of stream
import { DriftAlarm, type Evidence } from "../src/monitor/drift-alarm.ts";
import { mixText } from "../src/source/simulator/random.ts";
import { minuteMillis } from "../src/window/resolution.ts";
import { Bits } from "./calibration/bits.ts";
import { features, minEffects } from "./calibration/cells.ts";
import { DetectorLooks, detectorTests } from "./calibration/detector-looks.ts";
import { type Kind, kinds } from "./calibration/kinds.ts";
import { dayMinutes, knownFeatures, type ModelPlan, monthDays, settingsOf } from "./calibration/model.ts";
import { atBoundary } from "./calibration/regime.ts";

const months = Number(process.argv[2] ?? 6);
const only = process.argv[3];
const noEvidence: Evidence = {
  value: 0,
  limit: 0,
  samples: 0,
  effect: 0,
  before: 0,
  after: 0,
  bin: -1,
  binBefore: 0,
  binAfter: 0,
};

function planOf(kind: Kind, minEffect: number): ModelPlan {
  const seed = mixText(20_264, kind.name);
  return { kind, minEffect, referenceDays: 84, samplesPerDegree: 40, features, months, seed };
}

/** @returns alarms, and the share of the time in which one was on */
function run(plan: ModelPlan): { alarms: number; on: number } {
  const { kind, minEffect } = plan;
  const settings = settingsOf(plan);
  const alarm = new DriftAlarm();
  const first = plan.referenceDays * dayMinutes;
  const minutes = months * monthDays * dayMinutes;
  const streams = knownFeatures(plan).map(({ shape, reference }, index) => {
    const stream = kind.stream(new Bits(mixText(plan.seed, `months ${minEffect}`), index), shape);
    stream.enter(atBoundary(minEffect, index));
    const detectors = new DetectorLooks(shape, reference, settings, features);
    const signals = detectorTests.map((test) => ({ segment: "", feature: `f${index}`, windowMillis: 0, test }));
    return { stream, detectors, signals, counts: new Uint8Array(shape.binCount + 2) };
  });
  let minutesOn = 0;
  for (let minute = first; minute < first + minutes; minute++) {
    const timeMillis = (minute + 1) * minuteMillis;
    for (const { stream, detectors, signals, counts } of streams) {
      stream.addMinute(minute, counts);
      const { findings, windowMillis: holdMillis } = detectors.take(minute, counts);
      counts.fill(0);
      if (findings === null && !alarm.on) continue;
      for (const [at, signal] of signals.entries()) {
        alarm.look(signal, { timeMillis, holdMillis, finding: findings?.[at] ?? "calm", evidence: () => noEvidence });
      }
    }
    if (alarm.on) minutesOn += 1;
  }
  return { alarms: alarm.alarms, on: minutesOn / minutes };
}

console.log("| stream | `min_effect` | months | alarms | time on |\n|---|---|---|---|---|");
let [all, lines] = [0, 0];
for (const kind of kinds.filter(({ name }) => only === undefined || name === only)) {
  for (const minEffect of minEffects) {
    const { alarms, on } = run(planOf(kind, minEffect));
    all += alarms;
    lines += 1;
    console.log(`| ${kind.words} | ${minEffect} | ${months} | ${alarms} | ${(100 * on).toFixed(2)} % |`);
  }
}
console.log(`| **all** | | ${lines * months} | **${all}** | |`);

// How soon the whole alarm comes, of windows of 1 h and 24 h and of sequential detectors: one of twenty features changes, and the delay
// until one of its signals is raised. (The calibration simulates months, and windows only: detectors would take most of its time.) Prints
// the table of docs/detectors.md.
//
//   npm run bench:delays [-- 100]     seeds of each line
import { mixText } from "../src/source/simulator/random.ts";
import { dayMillis, hourMillis } from "../src/window/resolution.ts";
import { Bits } from "./calibration/bits.ts";
import { features } from "./calibration/cells.ts";
import { type Change, changes } from "./calibration/changes.ts";
import { DetectorLooks, detectorTests } from "./calibration/detector-looks.ts";
import { equalShape } from "./calibration/equal-shape.ts";
import { FeatureLooks } from "./calibration/feature-looks.ts";
import { type Kind, kindOf } from "./calibration/kinds.ts";
import { type Looked, tests } from "./calibration/looks.ts";
import { alphaOf, dayMinutes, type KnownFeature, knownFeatures, settingsOf, settingsOfWindows } from "./calibration/model.ts";
import { normally } from "./calibration/regime.ts";
import { IndependentStream } from "./calibration/streams.ts";

const seeds = Number(process.argv[2] ?? 100);
const referenceDays = 28;
const mostMinutes = 2 * dayMinutes;
/** The product's default. */
const samplesPerDegree = 40;

const numbers = kindOf("normal");
const categories: Kind = {
  ...kindOf("categories"),
  name: "equal categories",
  shape: equalShape,
  stream: (bits, shape) => new IndependentStream(bits, shape, { count: 1, of: () => 0, mean: () => 0, rate: () => 1 }, 1000),
};

/** Which change of what, with how much accepted. */
const asked: readonly (readonly [Kind, change: string, minEffect: number])[] = [
  [numbers, "mean by 0.5 standard deviations", 0.1],
  [categories, "20 % unseen categories", 0.1],
  [numbers, "mean by 0.5 standard deviations", 0.02],
  [numbers, "mean by 0.25 standard deviations", 0.02],
  [categories, "a bin from 5 % to 10 %", 0],
  [numbers, "missing from 1 % to 5 %", 0],
];

interface Found {
  readonly minutes: number;
  readonly by: string;
}

function find(kind: Kind, { shape, reference }: KnownFeature, change: Change, minEffect: number, seed: number): Found {
  const settings = { ...settingsOf({ minEffect, samplesPerDegree }), windows: settingsOfWindows([hourMillis, dayMillis]) };
  const bits = new Bits(seed, 2);
  const windows = new FeatureLooks(shape, reference, settings, alphaOf(settings, features, shape), bits);
  const detectors = new DetectorLooks(shape, reference, settings, features);
  const stream = kind.stream(new Bits(seed, 1), shape);
  const counts = new Uint8Array(shape.binCount + 2);
  const begin = (referenceDays + 1) * dayMinutes + bits.below(dayMinutes);
  stream.enter(normally);
  for (let minute = referenceDays * dayMinutes; minute < begin + mostMinutes; minute++) {
    if (minute === begin) stream.enter(change.regime(0));
    stream.addMinute(minute, counts);
    const detected = detectors.take(minute, counts);
    windows.push(minute, counts);
    if (minute < begin) continue;
    const hourly = windows.lookAtHour(minute);
    const daily = (minute + 1) % 60 === 0 ? windows.lookAtDay() : null;
    const by = raised(hourly, "1 h", tests) ?? raised(daily, "24 h", tests) ?? raised(detected, "detector", detectorTests);
    if (by !== null) return { minutes: minute + 1 - begin, by };
  }
  return { minutes: Number.POSITIVE_INFINITY, by: "" };
}

/** The name of a signal that rejects. */
function raised(looked: Looked | null, where: string, names: readonly string[]): string | null {
  const at = looked?.findings?.indexOf("rejects") ?? -1;
  return at < 0 ? null : `${where} ${names[at]}`;
}

function inWords(minutes: number): string {
  if (!Number.isFinite(minutes)) return `later than ${mostMinutes / dayMinutes} d`;
  return minutes < 120 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

console.log("| change | `min_effect` | median | quartiles | mostly found by |\n|---|---|---|---|---|");
for (const [kind, name, minEffect] of asked) {
  const change = changes.find((one) => one.name === name) as Change;
  const found = Array.from({ length: seeds }, (_, index) => {
    const seed = mixText(20_263, `${kind.name} ${index}`);
    const [known] = knownFeatures({
      kind,
      minEffect,
      referenceDays,
      samplesPerDegree,
      features: 1,
      months: 0,
      seed,
    }) as [KnownFeature];
    return find(kind, known, change, minEffect, mixText(seed, name));
  });
  const sorted = found.map(({ minutes }) => minutes).sort((a, b) => a - b);
  const [low, median, high] = [0.25, 0.5, 0.75].map((share) => inWords(sorted[Math.floor(share * seeds)] as number));
  const [mostly] = [...Map.groupBy(found, ({ by }) => by)].sort(([, a], [, b]) => b.length - a.length)[0] ?? [""];
  console.log(`| ${name} | ${minEffect} | ${median} | ${low} to ${high} | ${mostly} |`);
}

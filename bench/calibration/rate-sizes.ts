// How often the tests of rates reject on streams without a change, and the cumulants that decide it: where alarms of rates come from.
import { writeFileSync } from "node:fs";
import type { RateDispersion } from "../../src/stats/dispersion-rate.ts";
import { hourMillis } from "../../src/window/ladder.ts";
import { Bits } from "./bits.ts";
import { fingerprint } from "./cells.ts";
import { hashOf, linesOf, pathOf } from "./kept-lines.ts";
import { kindOf } from "./kinds.ts";
import { WindowLooks } from "./looks.ts";
import { hourMinutes, type KnownFeature, knownFeatures, settingsOf } from "./model.ts";
import { atBoundary } from "./regime.ts";

const levels = [1e-2, 1e-3, 1e-4] as const;
const states = ["missing", "null"] as const;
const kindsOfRates = ["normal", "clustered"] as const;
const [hours, references] = [40_000, 4] as const;

export interface RateLine {
  /** Hash of the code that it was computed with. */
  readonly code: string;
  readonly kind: string;
  readonly minEffect: number;
  readonly state: string;
  /** Variance over mean as it was learned, mean of the references. */
  readonly learned: number;
  /** Of the count in an hour: variance over mean, and third cumulant over variance. */
  readonly dispersion: number;
  readonly skewness: number;
  /** By level: the rate of rejections over the level. */
  readonly times: readonly number[];
}

interface Counted {
  /** Hours by count. */
  readonly histogram: readonly number[];
  readonly learned: number;
  pValue(count: number): number;
}

function countHours(kindName: string, minEffect: number, state: (typeof states)[number], seed: number): Counted {
  const kind = kindOf(kindName);
  const plan = { kind, minEffect, referenceDays: 84, samplesPerDegree: 20, features: 1, months: 0, seed };
  const [{ shape, reference }] = knownFeatures(plan) as [KnownFeature];
  const looked = { shape, reference, settings: settingsOf(plan), windowMillis: hourMillis, alpha: 1e-6 };
  const looks = new WindowLooks(looked, new Bits(seed, 1));
  const place = shape.binCount + states.indexOf(state);
  const stream = kind.stream(new Bits(seed, 99), shape);
  stream.enter(atBoundary(minEffect, 0));
  const minutes = new Uint8Array(shape.binCount + 2);
  const histogram: number[] = [];
  for (let hour = 0; hour < hours; hour++) {
    minutes.fill(0);
    let count = 0;
    for (let minute = 0; minute < hourMinutes; minute++) {
      stream.addMinute(hour * hourMinutes + minute, minutes);
      count += minutes[place] as number;
      minutes.fill(0);
    }
    histogram[count] = (histogram[count] ?? 0) + 1;
  }
  const pValue = (count: number): number => {
    const counts = new Int32Array(shape.binCount + 2);
    counts[0] = kind.eventsAnHour - count;
    counts[place] = count;
    const found = looks.drift({ counts, byHour: [counts[0]] }).states.find((one) => one.state === state);
    return found?.pValue ?? Number.NaN;
  };
  const known = reference.customs(hourMillis, true).rate(state) as RateDispersion;
  return { histogram, learned: known.overdispersion, pValue };
}

function lineOf(kind: string, minEffect: number, state: (typeof states)[number]): RateLine {
  const counted = Array.from({ length: references }, (_, seed) => countHours(kind, minEffect, state, seed));
  const moment = (power: number, about: number): number =>
    sumOver(counted, ({ histogram }) => weighted(histogram, (count) => (count - about) ** power)) / (references * hours);
  const mean = moment(1, 0);
  const variance = moment(2, mean);
  const times = levels.map((level) => {
    const rejected = sumOver(counted, ({ histogram, pValue }) =>
      weighted(histogram, (count) => (pValue(count) <= level ? 1 : 0)),
    );
    return rejected / (references * hours * level);
  });
  return {
    code: rateFingerprint(),
    kind,
    minEffect,
    state,
    learned: sumOver(counted, ({ learned }) => learned) / references,
    dispersion: variance / mean,
    skewness: moment(3, mean) / variance,
    times,
  };
}

function sumOver(counted: readonly Counted[], value: (one: Counted) => number): number {
  return counted.reduce((sum, one) => sum + value(one), 0);
}

/** Sum over counts that came. */
function weighted(histogram: readonly number[], value: (count: number) => number): number {
  let sum = 0;
  histogram.forEach((many, count) => {
    sum += many * value(count);
  });
  return sum;
}

const ratesPath = pathOf("calibration-rates.jsonl");

function rateFingerprint(): string {
  return hashOf(["rate-sizes.ts"], fingerprint());
}

export function rateResults(): RateLine[] {
  return linesOf(ratesPath, rateFingerprint());
}

/** All of it, unless it is known. */
export function runRates(): void {
  if (rateResults().length > 0) return;
  const lines = kindsOfRates.flatMap((kind) => [0, 0.02].flatMap((effect) => states.map((state) => lineOf(kind, effect, state))));
  writeFileSync(ratesPath, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

export function rateTable(lines: readonly RateLine[]): string {
  const head =
    "| stream | `min_effect` | state | variance / mean, learned | true | third cumulant / variance | 0.01 | 0.001 | 1e-4 |";
  const rows = lines.map(({ kind, minEffect, state, learned, dispersion, skewness, times }) => {
    const figures = [learned, dispersion, skewness, ...times].map((figure) => figure.toFixed(2));
    return `| ${[kind, minEffect, state, ...figures].join(" | ")} |`;
  });
  return [head, `|${"---|".repeat(9)}`, ...rows].join("\n");
}

// What one window more does to delays: between an hour and a day there are changes that either finds late.
import { writeFileSync } from "node:fs";
import { mixText } from "../../src/source/simulator/random.ts";
import { dayMillis, hourMillis } from "../../src/window/ladder.ts";
import { Bits } from "./bits.ts";
import { features, fingerprint } from "./cells.ts";
import { type Change, changes } from "./changes.ts";
import { FeatureLooks } from "./feature-looks.ts";
import { hashOf, linesOf, pathOf } from "./kept-lines.ts";
import { kindOf } from "./kinds.ts";
import { WindowLooks } from "./looks.ts";
import { alphaOf, dayMinutes, hourMinutes, type KnownFeature, knownFeatures, settingsOf, settingsOfWindows } from "./model.ts";
import { normally } from "./regime.ts";

export interface FrontierLine {
  /** Hash of the code that it was computed with. */
  readonly code: string;
  readonly change: string;
  readonly minEffect: number;
  /** A third window beside 1 h and 24 h; null: there is none. */
  readonly moreHours: number | null;
  /** Median minutes until the alarm; null: later than a week. */
  readonly median: number | null;
}

const asked = [
  ["mean by 0.5 standard deviations", 0.1],
  ["mean by 0.5 standard deviations", 0.02],
  ["mean by 0.25 standard deviations", 0.02],
  ["a bin from 5 % to 10 %", 0],
  ["missing from 1 % to 5 %", 0],
] as const;
export const moreWindows = [null, 3, 6] as const;
const [referenceDays, samplesPerDegree, seeds, seed] = [28, 20, 100, 20_263] as const;
const mostMinutes = 7 * dayMinutes;
const kind = kindOf("normal");

function delay({ shape, reference }: KnownFeature, change: Change, minEffect: number, more: number | null, from: number): number {
  const lengths = [hourMillis, ...(more === null ? [] : [more * hourMillis]), dayMillis];
  const settings = { ...settingsOf({ minEffect, samplesPerDegree }), windows: settingsOfWindows(lengths) };
  const alpha = alphaOf(settings, features, shape);
  const bits = new Bits(from, 2);
  const looks = new FeatureLooks(shape, reference, settings, alpha, bits);
  const windowMillis = (more ?? 0) * hourMillis;
  const between =
    more === null ? null : new WindowLooks({ shape, reference, settings, windowMillis, alpha: alpha(windowMillis) }, bits);
  const stream = kind.stream(new Bits(from, 1), shape);
  stream.enter(normally);
  const counts = new Uint8Array(shape.binCount + 2);
  const begin = (referenceDays + 1) * dayMinutes + bits.below(dayMinutes);
  for (let minute = referenceDays * dayMinutes; minute < begin + mostMinutes; minute++) {
    if (minute === begin) stream.enter(change.regime(0));
    stream.addMinute(minute, counts);
    looks.push(minute, counts);
    if (minute >= begin && rejects(looks, between, more ?? 0, minute)) return minute + 1 - begin;
  }
  return Number.POSITIVE_INFINITY;
}

function rejects(looks: FeatureLooks, between: WindowLooks | null, hours: number, minute: number): boolean {
  const looked = [looks.lookAtHour(minute)];
  if ((minute + 1) % hourMinutes === 0) looked.push(looks.lookAtDay());
  if ((minute + 1) % hourMinutes === 0 && between !== null) {
    const seen = looks.windows.hours(hours, (minute + 1) / hourMinutes);
    const size = seen.byHour.reduce((sum, count) => sum + count, 0);
    looked.push(between.look(seen, size));
  }
  return looked.some(({ findings }) => findings?.includes("rejects") ?? false);
}

function lineOf(known: readonly KnownFeature[], name: string, minEffect: number, moreHours: number | null): FrontierLine {
  const change = changes.find((one) => one.name === name) as Change;
  const delays = known.map((one, at) => delay(one, change, minEffect, moreHours, mixText(seed, `${name} ${at}`)));
  const median = delays.sort((a, b) => a - b)[Math.floor(delays.length / 2)] as number;
  return { code: frontierFingerprint(), change: name, minEffect, moreHours, median: Number.isFinite(median) ? median : null };
}

const frontierPath = pathOf("calibration-frontier.jsonl");

function frontierFingerprint(): string {
  return hashOf(["frontier.ts", "changes.ts"], fingerprint());
}

export function frontierResults(): FrontierLine[] {
  return linesOf(frontierPath, frontierFingerprint());
}

/** All of it, unless it is known. */
export function runFrontier(): void {
  if (frontierResults().length > 0) return;
  const plan = { kind, minEffect: 0, referenceDays, samplesPerDegree, features: seeds, months: 0, seed };
  const known = knownFeatures(plan);
  const lines = asked.flatMap(([change, minEffect]) => moreWindows.map((more) => lineOf(known, change, minEffect, more)));
  writeFileSync(frontierPath, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

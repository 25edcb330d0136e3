// How soon a change is found: one of twenty features changes, and the delay until one of its signals is raised.
import { appendFileSync } from "node:fs";
import { mixText } from "../../src/source/simulator/random.ts";
import { dayMillis, hourMillis } from "../../src/window/ladder.ts";
import { Bits } from "./bits.ts";
import { features, fingerprint, minEffects } from "./cells.ts";
import { type Change, changes } from "./changes.ts";
import { equalShape } from "./equal-shape.ts";
import { FeatureLooks } from "./feature-looks.ts";
import { hashOf, linesOf, pathOf } from "./kept-lines.ts";
import { type Kind, kinds } from "./kinds.ts";
import { type Looked, tests } from "./looks.ts";
import {
  alphaOf,
  dayMinutes,
  hourMinutes,
  type KnownFeature,
  knownFeatures,
  monthDays,
  settingsOf,
  settingsOfWindows,
} from "./model.ts";
import { normally } from "./regime.ts";
import { IndependentStream } from "./streams.ts";
import { ToldCusum } from "./told-cusum.ts";

export interface PowerCase {
  readonly kind: string;
  readonly change: string;
  readonly minEffect: number;
  readonly samplesPerDegree: number;
}

export interface PowerLine extends PowerCase {
  /** Hash of the code that it was computed with. */
  readonly code: string;
  readonly seeds: number;
  /** Quartiles of the minutes until the alarm; null: later than a week. */
  readonly quartiles: readonly (number | null)[];
  /** Share of the seeds in which it took longer than a week. */
  readonly missed: number;
  /** Window and test that most seeds were found by. */
  readonly by: string;
  /** Median of CUSUM that is told the change; null where events depend on each other or on the time. */
  readonly told: number | null;
}

const referenceDays = 28;
const configuredWindows = settingsOfWindows([hourMillis, dayMillis]);
export const seeds = 100;
const mostMinutes = 7 * dayMinutes;
const seed = 20_262;

const equal: Kind = {
  name: "equal categories",
  words: "20 categories of 5 %",
  eventsAnHour: 1000,
  shape: equalShape,
  stream: (bits, shape) => new IndependentStream(bits, shape, { count: 1, of: () => 0, mean: () => 0, rate: () => 1 }, 1000),
};

/** Every change on the plainest streams, and one on each of the others. */
export function casesOf(): PowerCase[] {
  return [...kinds, equal].flatMap((kind) => {
    return changesOf(kind).flatMap((change) =>
      minEffects.flatMap((minEffect) =>
        [50, 20].map((samplesPerDegree) => ({ kind: kind.name, change: change.name, minEffect, samplesPerDegree })),
      ),
    );
  });
}

function changesOf({ name }: Kind): readonly Change[] {
  const type = name === "categories" || name === equal.name ? "categorical" : "numeric";
  const possible = changes.filter((change) => change.of === type || change.of === "any");
  if (name === "normal") return possible;
  if (name === equal.name) return possible.filter((change) => change.of === "categorical" || change.name.startsWith("a bin"));
  return possible.slice(0, 1);
}

interface Found {
  readonly minutes: number;
  readonly by: string;
  /** Of the CUSUM that is told. */
  readonly told: number;
}

/** One feature, of which all cases of its kind share the reference. */
function findOne(kind: Kind, known: KnownFeature, change: Change, one: PowerCase, streamSeed: number): Found {
  const settings = { ...settingsOf(one), windows: configuredWindows };
  const { shape, reference } = known;
  const bits = new Bits(streamSeed, 2);
  const looks = new FeatureLooks(shape, reference, settings, alphaOf(settings, features, shape), bits);
  const stream = kind.stream(new Bits(streamSeed, 1), shape);
  stream.enter(normally);
  const counts = new Uint8Array(shape.binCount + 2);
  const begin = (referenceDays + 1) * dayMinutes + bits.below(dayMinutes);
  for (let minute = referenceDays * dayMinutes; minute < begin; minute++) {
    stream.addMinute(minute, counts);
    looks.push(minute, counts);
  }
  const cusum = new ToldCusum(shape, normally, change.regime(change.growsHours), features * monthDays * dayMinutes);
  let told = Number.POSITIVE_INFINITY;
  for (let passed = 0; passed < mostMinutes; passed++) {
    if (passed === 0 || (passed <= change.growsHours * hourMinutes && passed % hourMinutes === 0)) {
      stream.enter(change.regime(passed / hourMinutes));
    }
    stream.addMinute(begin + passed, counts);
    if (told === Number.POSITIVE_INFINITY && cusum.take(counts)) told = passed + 1;
    looks.push(begin + passed, counts);
    const by = raisedAt(looks, begin + passed);
    if (by !== null) return { minutes: passed + 1, by, told };
  }
  return { minutes: Number.POSITIVE_INFINITY, by: "", told };
}

/** The window and test that reject. */
function raisedAt(looks: FeatureLooks, minute: number): string | null {
  const looked: Looked[] = [looks.lookAtHour(minute)];
  if ((minute + 1) % hourMinutes === 0) looked.push(looks.lookAtDay());
  for (const { findings, windowMillis } of looked) {
    const test = findings?.indexOf("rejects") ?? -1;
    if (test >= 0) return `${windowMillis / hourMillis} h ${tests[test]}`;
  }
  return null;
}

function lineOf(one: PowerCase, found: readonly Found[], told: boolean): PowerLine {
  const sorted = found.map(({ minutes }) => minutes).sort((a, b) => a - b);
  const quartiles = [0.25, 0.5, 0.75].map((share) => finite(sorted[Math.floor(share * sorted.length)] as number));
  const missed = sorted.filter((minutes) => !Number.isFinite(minutes)).length / sorted.length;
  const counted = Map.groupBy(found, ({ by }) => by);
  const [by] = [...counted].sort(([, a], [, b]) => b.length - a.length)[0] ?? [""];
  const toldSorted = found.map((each) => each.told).sort((a, b) => a - b);
  const median = told ? finite(toldSorted[Math.floor(toldSorted.length / 2)] as number) : null;
  return { code: powerFingerprint(), ...one, seeds: found.length, quartiles, missed, by, told: median };
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Kinds whose events are independent and always of one law. */
const plain = ["normal", "log-normal", "zero-inflated", "categories", "sparse", "heavy-tailed", equal.name];

/** All cases of a kind that are not known yet. */
export function simulatePower(kindName: string, many: number, isKnown: (one: PowerCase) => boolean): PowerLine[] {
  const kind = [...kinds, equal].find(({ name }) => name === kindName) as Kind;
  const wanted = casesOf().filter((one) => one.kind === kindName && !isKnown(one));
  const found = wanted.map((): Found[] => []);
  for (let index = 0; index < many && wanted.length > 0; index++) {
    const plan = { kind, minEffect: 0, referenceDays, samplesPerDegree: 20, features: 1, months: 0 };
    const streamSeed = mixText(seed, `${kindName} ${index}`);
    const [known] = knownFeatures({ ...plan, seed: streamSeed }) as [KnownFeature];
    wanted.forEach((one, at) => {
      const change = changes.find(({ name }) => name === one.change) as Change;
      found[at]?.push(findOne(kind, known, change, one, mixText(streamSeed, one.change)));
    });
  }
  return wanted.map((one, at) => lineOf(one, found[at] as Found[], plain.includes(kindName)));
}

export const powerPath = pathOf("calibration-power.jsonl");

function powerFingerprint(): string {
  return hashOf(["power.ts", "changes.ts", "told-cusum.ts", "equal-shape.ts"], fingerprint());
}

export function powerResults(): PowerLine[] {
  return linesOf(powerPath, powerFingerprint());
}

export function isSame(a: PowerCase, b: PowerCase): boolean {
  return a.kind === b.kind && a.change === b.change && a.minEffect === b.minEffect && a.samplesPerDegree === b.samplesPerDegree;
}

/** What is missing, kind by kind. */
export function runPower(many: number, log: (text: string) => void): void {
  for (const kind of new Set(casesOf().map((one) => one.kind))) {
    const known = powerResults();
    for (const line of simulatePower(kind, many, (one) => known.some((other) => isSame(one, other)))) {
      appendFileSync(powerPath, `${JSON.stringify(line)}\n`);
      log(
        `${line.kind}, ${line.change}, min_effect ${line.minEffect}, ${line.samplesPerDegree}: ${line.quartiles} min by ${line.by}`,
      );
    }
  }
}

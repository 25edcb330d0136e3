// Published change detectors with their defaults on one feature's raw values: alarms without a change, and delays after one.
import { writeFileSync } from "node:fs";
import { mixText } from "../../src/source/simulator/random.ts";
import { Bits } from "./bits.ts";
import { Adwin } from "./detectors/adwin.ts";
import { Cusum } from "./detectors/cusum.ts";
import { Ddm } from "./detectors/ddm.ts";
import type { Detector } from "./detectors/detector.ts";
import { PageHinkley } from "./detectors/page-hinkley.ts";
import { hashOf, linesOf, pathOf } from "./kept-lines.ts";
import { highShift, normalTable } from "./law.ts";

export interface PublishedLine {
  /** Hash of the code that it was computed with. */
  readonly code: string;
  readonly detector: string;
  /** Of one event's value with that of the next. */
  readonly correlation: number;
  /** Alarms of one feature in a month without a change. */
  readonly falseAlarms: number;
  /** Median minutes from a shift by 0.5 standard deviations to the next alarm; null: later than a week. */
  readonly delay: number | null;
}

/** DDM is for rates: of values above the median. */
const detectors: readonly { readonly name: string; make(): Detector; value(normal: number): number }[] = [
  { name: "CUSUM", make: () => new Cusum(), value: (normal) => normal },
  { name: "Page-Hinkley", make: () => new PageHinkley(), value: (normal) => normal },
  { name: "DDM", make: () => new Ddm(), value: (normal) => (normal > 0 ? 1 : 0) },
  { name: "ADWIN", make: () => new Adwin(), value: (normal) => normal },
];

const correlations = [0, 0.9];
const eventsAnHour = 1000;
const [monthEvents, weekEvents, shift] = [720 * eventsAnHour, 168 * eventsAnHour, 0.5];
const [stableSeeds, changeSeeds] = [5, 21];
/** Before the change. */
const dayEvents = 24 * eventsAnHour;

/** Correlated standard normal values. */
class Values {
  readonly #bits: Bits;
  readonly #correlation: number;
  #latent = 0;

  constructor(seed: number, correlation: number) {
    this.#bits = new Bits(seed, 0);
    this.#correlation = correlation;
  }

  next(): number {
    const normal = normalTable[this.#bits.next() >>> highShift] as number;
    this.#latent = this.#correlation * this.#latent + Math.sqrt(1 - this.#correlation ** 2) * normal;
    return this.#latent;
  }
}

type Compared = (typeof detectors)[number];

function falseAlarms({ make, value }: Compared, values: Values): number {
  const detector = make();
  let alarms = 0;
  for (let event = 0; event < monthEvents; event++) if (detector.take(value(values.next()))) alarms += 1;
  return alarms;
}

function delay({ make, value }: Compared, values: Values): number {
  const detector = make();
  for (let event = 0; event < dayEvents; event++) detector.take(value(values.next()));
  for (let event = 0; event < weekEvents; event++) {
    if (detector.take(value(values.next() + shift))) return Math.ceil((60 * (event + 1)) / eventsAnHour);
  }
  return Number.POSITIVE_INFINITY;
}

function lineOf(compared: Compared, correlation: number): PublishedLine {
  const valuesOf = (what: string, at: number): Values => new Values(mixText(at, `${what} ${correlation}`), correlation);
  const stable = Array.from({ length: stableSeeds }, (_, at) => falseAlarms(compared, valuesOf("stable", at)));
  const delays = Array.from({ length: changeSeeds }, (_, at) => delay(compared, valuesOf("changed", at))).sort((a, b) => a - b);
  const median = delays[Math.floor(changeSeeds / 2)] as number;
  return {
    code: publishedFingerprint(),
    detector: compared.name,
    correlation,
    falseAlarms: stable.reduce((sum, alarms) => sum + alarms, 0) / stableSeeds,
    delay: Number.isFinite(median) ? median : null,
  };
}

const publishedPath = pathOf("calibration-published.jsonl");

const names = ["adwin", "cusum", "ddm", "detector", "page-hinkley"];

function publishedFingerprint(): string {
  return hashOf(["published.ts", "bits.ts", "law.ts", ...names.map((name) => `detectors/${name}.ts`)]);
}

export function publishedResults(): PublishedLine[] {
  return linesOf(publishedPath, publishedFingerprint());
}

/** All of it, unless it is known. */
export function runPublished(): void {
  if (publishedResults().length === detectors.length * correlations.length) return;
  const lines = correlations.flatMap((correlation) => detectors.map((detector) => lineOf(detector, correlation)));
  writeFileSync(publishedPath, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

export function publishedTable(lines: readonly PublishedLine[]): string {
  const head = "| detector | correlation of events | false alarms of one feature a month | delay of a shift by 0.5 sd |";
  const rows = lines.map(({ detector, correlation, falseAlarms: alarms, delay: minutes }) => {
    return `| ${detector} | ${correlation} | ${alarms.toFixed(1)} | ${minutes === null ? "later than 7 d" : `${minutes} min`} |`;
  });
  return [head, "|---|---|---|---|", ...rows].join("\n");
}

// What the detector of worse predictions does in simulated streams: how soon it finds a change, beside a CUSUM that is told all, and
// how often it alarms without one. Through the code that runs in production.
import { plainOutcomes } from "../src/config/schema/outcomes.ts";
import { evidenceLimit } from "../src/monitor/alarm-budget.ts";
import { mix, mixText, Random } from "../src/source/simulator/random.ts";
import { lawOfRate } from "../src/stats/bounded-law.ts";
import {
  createPerformanceDetector,
  type PerformanceBaseline,
  performanceBaseline,
  stepPerformanceDetector,
} from "../src/stats/performance-detector.ts";
import { arrivals, clustered } from "./detector-traffic.ts";
import { type Arrivals, type Losses, type LossKind, meanLabels, minutesBetween } from "./loss-streams.ts";
import { ToldLossCusum, toldLimit } from "./told-loss-cusum.ts";

const seed = 5_075;
/** What holds where nobody says anything. */
const { tolerance } = plainOutcomes;
const minuteMillis = 60_000;
const dayMinutes = 1440;
export const monthMinutes = 30 * dayMinutes;

/** Of all that is promised, one false alarm in 30 days, what one detector of performance has here. */
export const share = 0.1;
const log10Limit = evidenceLimit({ count: 1, millis: monthMinutes * minuteMillis }, share);
const logLimit = log10Limit * Math.LN10;
/** On average so many minutes pass between false alarms, at least. */
const allowedMinutes = 10 ** log10Limit;
export const allowedAMonth = monthMinutes / allowedMinutes;

export interface PerformanceCase {
  readonly kind: LossKind;
  readonly when: Arrivals;
  readonly referenceLabels: number;
}

/** Sums over the labels of a minute, and of what the told CUSUM makes of them. */
class Minute {
  size = 0;
  sum = 0;
  squares = 0;
  logRatios = 0;

  draw(random: Random, losses: Losses, mean: number, changed: boolean): void {
    this.size = arrivals(random, mean);
    this.sum = 0;
    this.squares = 0;
    this.logRatios = 0;
    for (let label = 0; label < this.size; label++) {
      const loss = losses.draw(random, changed);
      this.sum += loss;
      this.squares += loss * loss;
      this.logRatios += losses.logRatio(loss);
    }
  }
}

/** The detector on minutes of which some may have no labels. */
class Watch {
  #detector = createPerformanceDetector();
  #minutes = 0;
  readonly #baseline: PerformanceBaseline;

  constructor(baseline: PerformanceBaseline) {
    this.#baseline = baseline;
  }

  /** @returns whether it alarms; then it begins anew */
  take(sums: { readonly size: number; readonly sum: number; readonly squares: number }, minutes: number): boolean {
    this.#minutes += minutes;
    if (sums.size === 0) return false;
    const logEvidence = stepPerformanceDetector(this.#detector, sums, this.#baseline, this.#minutes);
    this.#minutes = 0;
    if (logEvidence < logLimit) return false;
    this.#detector.fill(Number.NEGATIVE_INFINITY);
    return true;
  }
}

/** Labels and hours from the change on. */
export interface Delay {
  readonly labels: number;
  readonly hours: number;
}

export interface Delays {
  readonly detector: Delay;
  readonly told: Delay;
}

/** Minutes before the change, and after it, at most. */
const [warmUp, longest] = [4 * dayMinutes, 400 * dayMinutes];

/** Medians over changes, each with a reference of its own. */
export function medianDelays(one: PerformanceCase, changes: number): Delays {
  const limit = toldLimit(one.kind.told, one.when, allowedMinutes, new Random(mixText(seed, `told ${one.kind.name}`)));
  const all = Array.from({ length: changes }, (_, run) => delaysOf(one, limit, new Random(mix(seed, run))));
  return { detector: median(all.map(({ detector }) => detector)), told: median(all.map(({ told }) => told)) };
}

function delaysOf({ kind, when, referenceLabels }: PerformanceCase, toldLimit: number, random: Random): Delays {
  const losses = kind.withReference(random, referenceLabels);
  const [watch, cusum] = [new Watch(performanceBaseline(losses.law, tolerance, 1)), new ToldLossCusum(toldLimit)];
  const [step, mean, minute] = [minutesBetween(when), meanLabels(when), new Minute()];
  for (let time = 0; time < warmUp; time += step) {
    minute.draw(random, losses, mean, false);
    watch.take(minute, step);
    cusum.take(minute.logRatios);
  }
  let [detector, told]: (Delay | null)[] = [null, null];
  let labels = 0;
  for (let time = step; time <= longest && (detector === null || told === null); time += step) {
    minute.draw(random, losses, mean, true);
    labels += minute.size;
    const now = { labels, hours: time / 60 };
    if (watch.take(minute, step)) detector ??= now;
    if (cusum.take(minute.logRatios)) told ??= now;
  }
  return { detector: detector ?? never, told: told ?? never };
}

const never: Delay = { labels: Number.POSITIVE_INFINITY, hours: Number.POSITIVE_INFINITY };

function median(delays: readonly Delay[]): Delay {
  return delays.toSorted((a, b) => a.labels - b.labels)[Math.floor(delays.length / 2)] as Delay;
}

/** Alarms without a change in so many months, by reference. */
export function falseAlarms({ kind, when, referenceLabels }: PerformanceCase, references: number, months: number): number[] {
  const [step, mean, minute] = [minutesBetween(when), meanLabels(when), new Minute()];
  return Array.from({ length: references }, (_, run) => {
    const random = new Random(mix(seed + 1, run));
    const losses = kind.withReference(random, referenceLabels);
    const watch = new Watch(performanceBaseline(losses.law, tolerance, 1));
    let alarms = 0;
    for (let time = 0; time < months * monthMinutes; time += step) {
      minute.draw(random, losses, mean, false);
      alarms += Number(watch.take(minute, step));
    }
    return alarms;
  });
}

/** Errors that depend on each other or on the time, and the overdispersion that they are taken for. */
export interface DependentErrors extends Omit<PerformanceCase, "kind"> {
  readonly name: string;
  readonly rate: number;
  readonly overdispersion: number;
  /** Adds the labels of a minute to the numbers of right ones and of errors. */
  stream(random: Random): (minute: number, labels: number, into: Float64Array) => void;
}

/** Of users that make many of them. */
export function ofUsers(rate: number, when: Arrivals, referenceLabels: number): DependentErrors {
  return {
    name: `error rate ${100 * rate} %, users of 20 labels`,
    rate,
    when,
    referenceLabels,
    overdispersion: clustered.overdispersion,
    stream(random) {
      const draw = clustered.stream(random, Float64Array.of(1 - rate, rate));
      return (_, labels, into) => draw(labels, into);
    },
  };
}

/** Of a rate that goes up and down in the course of a day, by a share of itself. */
export function byHour(rate: number, swing: number, when: Arrivals, referenceLabels: number, known: boolean): DependentErrors {
  const labelsAnHour = when.labelsADay / 24;
  const ofHours = 1 + (labelsAnHour * (rate * swing) ** 2) / 2 / (rate * (1 - rate));
  return {
    name: `error rate ${100 * rate} %, by hour up and down by ${100 * swing} % of itself${known ? "" : ", taken as independent"}`,
    rate,
    when,
    referenceLabels,
    overdispersion: known ? ofHours : 1,
    stream: (random) => (minute, labels, into) => {
      const now = rate * (1 + swing * Math.sin((2 * Math.PI * minute) / dayMinutes));
      for (let label = 0; label < labels; label++) {
        const at = Number(random.chance(now));
        into[at] = (into[at] as number) + 1;
      }
    },
  };
}

/** As `falseAlarms`. The reference is of labels that come as fast as those after it. */
export function falseAlarmsOfDependent(one: DependentErrors, references: number, months: number): number[] {
  const mean = meanLabels(one.when);
  return Array.from({ length: references }, (_, run) => {
    const random = new Random(mix(seed + 2, run));
    const counts = new Float64Array(2);
    const ofReference = one.stream(random);
    for (let minute = 0; minute < one.referenceLabels / mean; minute++) ofReference(minute, arrivals(random, mean), counts);
    const [right, errors] = counts as unknown as [number, number];
    const watch = new Watch(performanceBaseline(lawOfRate(errors, right + errors), tolerance, one.overdispersion));
    return alarmsOf(watch, one.stream(random), random, mean, months);
  });
}

function alarmsOf(
  watch: Watch,
  stream: ReturnType<DependentErrors["stream"]>,
  random: Random,
  mean: number,
  months: number,
): number {
  const counts = new Float64Array(2);
  let alarms = 0;
  for (let minute = 0; minute < months * monthMinutes; minute++) {
    counts.fill(0);
    stream(minute, arrivals(random, mean), counts);
    const errors = counts[1] as number;
    alarms += Number(watch.take({ size: (counts[0] as number) + errors, sum: errors, squares: errors }, 1));
  }
  return alarms;
}

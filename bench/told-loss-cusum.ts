// CUSUM that is told both laws of a loss: no detector that keeps the same promise can be much sooner.
import type { Random } from "../src/source/simulator/random.ts";
import { arrivals } from "./detector-traffic.ts";
import { type Arrivals, type Losses, meanLabels, minutesBetween } from "./loss-streams.ts";

/**
 * S = max(0, S + sum of ln ratios), at the end of each minute that has labels; it alarms above the limit.
 *
 * Source: E. S. Page 1954, "Continuous Inspection Schemes"; that it is the best: G. V. Moustakides 1986.
 */
export class ToldLossCusum {
  #sum = 0;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @param logRatios sum over a minute's labels @returns whether it alarms; then it begins anew */
  take(logRatios: number): boolean {
    this.#sum = Math.max(0, this.#sum + logRatios);
    if (this.#sum <= this.#limit) return false;
    this.#sum = 0;
    return true;
  }
}

/** What is simulated to know how often the sum comes so far: `level`, often enough to be counted. */
const [level, labelsOfCount] = [5, 20_000_000];

/**
 * The limit that is passed without a change once in so many minutes on average.
 *
 * How often the sum comes up to a lower level is counted in a simulation; beyond it, it comes to a level e times less often with each
 * step of 1, as ln ratios have a mean of e^x of 1 (D. Siegmund 1985, "Sequential Analysis", chapter X). At least 0: any rise alarms.
 */
export function toldLimit(losses: Losses, when: Arrivals, minutesBetweenAlarms: number, random: Random): number {
  const mean = meanLabels(when);
  const minutes = Math.ceil(labelsOfCount / mean);
  const counting = new ToldLossCusum(level);
  let passed = 0;
  for (let minute = 0; minute < minutes; minute++) {
    if (counting.take(minuteOf(losses, random, arrivals(random, mean)))) passed += 1;
  }
  if (passed === 0) return 0;
  const minutesBetweenPasses = (minutes * minutesBetween(when)) / passed;
  return Math.max(0, level + Math.log(minutesBetweenAlarms / minutesBetweenPasses));
}

function minuteOf(losses: Losses, random: Random, labels: number): number {
  let sum = 0;
  for (let label = 0; label < labels; label++) sum += losses.logRatio(losses.draw(random, false));
  return sum;
}

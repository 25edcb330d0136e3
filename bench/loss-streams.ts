// Streams of labels for the bench of the detector of worse predictions: losses before and after a change, what a reference knows of
// them, and how much more likely a loss is after the change, which only who is told knows.
import type { Random } from "../src/source/simulator/random.ts";
import { type BoundedLaw, lawOfMoments, lawOfRate } from "../src/stats/bounded-law.ts";
import { normalSurvival, normalUpperQuantile } from "../src/stats/normal.ts";

export interface Losses {
  /** Draws a loss, from 0 to 1. */
  draw(random: Random, changed: boolean): number;
  /** ln of how many times as likely a loss is after the change as before. */
  logRatio(loss: number): number;
}

/** Losses as they are counted with one reference, and what it knows. */
export interface ReferredLosses extends Losses {
  readonly law: BoundedLaw;
}

export interface LossKind {
  readonly name: string;
  /** With a reference that is drawn: so many labels from before the change. */
  withReference(random: Random, labels: number): ReferredLosses;
  /** As they would be counted with a reference without an end. */
  readonly told: Losses;
}

/** Errors, of a rate that rises. */
export function errorRate(before: number, after: number): LossKind {
  const [ofError, ofNone] = [Math.log(after / before), Math.log((1 - after) / (1 - before))];
  const told: Losses = {
    draw: (random, changed) => Number(random.chance(changed ? after : before)),
    logRatio: (loss) => (loss === 1 ? ofError : ofNone),
  };
  return {
    name: `error rate ${percent(before)} -> ${percent(after)}`,
    withReference(random, labels) {
      let errors = 0;
      for (let label = 0; label < labels; label++) errors += Number(random.chance(before));
      return { ...told, law: lawOfRate(errors, labels) };
    },
    told,
  };
}

const percent = (rate: number): string => `${Number((100 * rate).toFixed(1))} %`;

/** Of absolute errors, which are divided by this quantile of the reference and count as 1 from there on. */
const clippedAt = 0.99;
/** Cells of an octave, in which a reference knows its values. */
const slices = 256;

/** Absolute errors whose logarithm is normal, and all of which grow by a factor. */
export function absoluteError(deviation: number, rise: number, knowing: "values" | "sums" = "values"): LossKind {
  /** In standard deviations of the logarithm. */
  const moved = Math.log(rise) / deviation;
  const losses = (most: number): Losses => {
    const mostDeviations = Math.log(most) / deviation;
    const ofMost = Math.log(normalSurvival(mostDeviations - moved) / normalSurvival(mostDeviations));
    return {
      draw: (random, changed) => Math.min(1, ((changed ? rise : 1) * random.logNormal(1, deviation)) / most),
      logRatio: (loss) => (loss === 1 ? ofMost : moved * (Math.log(loss) / deviation + mostDeviations) - (moved * moved) / 2),
    };
  };
  return {
    name: `absolute error, sigma ${deviation}, + ${percent(rise - 1)}${knowing === "sums" ? ", of the reference only sums" : ""}`,
    withReference(random, labels) {
      const errors = Float64Array.from({ length: labels }, () => random.logNormal(1, deviation)).sort();
      const most = errors[Math.ceil(clippedAt * labels) - 1] as number;
      const clipped = errors.map((error) => Math.min(1, error / most));
      return { ...losses(most), law: knowing === "sums" ? lawOfSums(clipped) : lawOfCells(clipped) };
    },
    told: losses(Math.exp(deviation * normalUpperQuantile(1 - clippedAt))),
  };
}

/** In cells as fine as those of a sketch, each with its upper edge. @param sorted ascending, up to 1 */
function lawOfCells(sorted: Float64Array): BoundedLaw {
  const counts = new Map<number, number>();
  for (const loss of sorted) {
    const edge = upperEdge(loss);
    counts.set(edge, (counts.get(edge) ?? 0) + 1);
  }
  return { values: Float64Array.from(counts.keys()), weights: Float64Array.from(counts.values()), size: sorted.length };
}

function upperEdge(loss: number): number {
  const octave = 2 ** Math.floor(Math.log2(loss));
  return (octave * Math.ceil((loss / octave) * slices)) / slices;
}

function lawOfSums(values: Float64Array): BoundedLaw {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const meanSquare = values.reduce((sum, x) => sum + x * x, 0) / values.length;
  return lawOfMoments(mean, meanSquare, values.length);
}

/** When labels come: each for itself, or those of a day all in one minute. */
export interface Arrivals {
  readonly labelsADay: number;
  readonly together: boolean;
}

const dayMinutes = 1440;

/** Minutes from one that may have labels to the next. */
export function minutesBetween({ together }: Arrivals): number {
  return together ? dayMinutes : 1;
}

/** Mean of the labels in a minute that may have some. */
export function meanLabels(arrivals: Arrivals): number {
  return (arrivals.labelsADay * minutesBetween(arrivals)) / dayMinutes;
}

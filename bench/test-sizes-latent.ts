// Traffic whose bins follow a latent normal variable that is correlated in time: between events, or the same for all of an hour.
import type { Random } from "../src/source/simulator/random.ts";
import { Categories } from "./test-sizes-sampling.ts";
import {
  binsOfNormal,
  hourMillis,
  moverOf,
  normalEdges,
  shiftOf,
  type Traffic,
  type WindowCounts,
} from "./test-sizes-traffic.ts";

const eventsAnHour = 1000;
/** Half of the windows are drawn as they are, half with a random shift of the latent mean of this many standard deviations of its own. */
const [plainShare, widening] = [0.5, 3.5];

/**
 * Likelihood ratio of a path to the mixture of itself and of paths that are shifted by a normal variable.
 * @param score (1' S^-1 x), of variance `information` (1' S^-1 1)
 */
function shiftRatio(score: number, information: number, shiftVariance: number): number {
  const grown = 1 + information * shiftVariance;
  const shifted = Math.exp((score * score * shiftVariance) / (2 * grown)) / Math.sqrt(grown);
  return 1 / (plainShare + (1 - plainShare) * shifted);
}

/** Finds the bin of a value by a table over [-6, 6], then a walk. */
class Binning {
  readonly edges: Float64Array;
  readonly #starts: Int32Array;

  constructor(edges: Float64Array) {
    this.edges = edges;
    this.#starts = Int32Array.from({ length: 1200 }, (_, cell) => edges.filter((edge) => edge < cell / 100 - 6).length);
  }

  of(value: number): number {
    let bin = this.#starts[Math.min(1199, Math.max(0, Math.floor((value + 6) * 100)))] as number;
    while (bin < this.edges.length && value > (this.edges[bin] as number)) bin += 1;
    return bin;
  }
}

/** Correlation of one event with the next. */
const correlation = 0.9;
const innovation = Math.sqrt(1 - correlation * correlation);

export function autoregressive(bins: number): Traffic {
  const binning = new Binning(normalEdges(bins, 1));
  return {
    name: "AR(1) 0.9 between events",
    byHour: false,
    reference(random, many) {
      const panes = Array.from({ length: many }, (_, pane) => ({
        startMillis: pane * hourMillis,
        counts: new Float64Array(bins),
      }));
      let latent = random.normal();
      for (const { counts } of panes) {
        for (let event = 0; event < eventsAnHour; event++) {
          const bin = binning.of(latent);
          counts[bin] = (counts[bin] as number) + 1;
          latent = correlation * latent + innovation * random.normal();
        }
      }
      return { panes, weight: 1 };
    },
    windows(hours, direction, effect) {
      const size = hours * eventsAnHour;
      const mover = moverOf(bins, direction, effect);
      const mean = direction === "shift" ? shiftOf(binning.edges, 1, effect) : 0;
      // 1' S^-1 x of an AR(1): the first event, then the innovations.
      const step = (1 - correlation) / innovation;
      const information = 1 + (size - 1) * step * step;
      const shiftVariance = (widening * widening - 1) / information;
      return (random, into) => {
        const shift = random.uniform() < plainShare ? 0 : Math.sqrt(shiftVariance) * random.normal();
        let drawn = random.normal();
        let score = drawn + shift;
        into.bins.fill(0);
        for (let event = 0; event < size; event++) {
          const bin = mover.move(random, binning.of(drawn + shift + mean));
          into.bins[bin] = (into.bins[bin] as number) + 1;
          const normal = random.normal();
          drawn = correlation * drawn + innovation * normal;
          if (event < size - 1) score += step * (normal + step * shift);
        }
        into.weight = shiftRatio(score, information, shiftVariance);
        fillHours(into, hours);
      };
    },
  };
}

function fillHours(into: WindowCounts, hours: number): void {
  into.hours.fill(0);
  for (let hour = 0; hour < hours; hour++) into.hours[hour] = eventsAnHour;
}

/** Standard deviation of the hours' own shifts; that of events within an hour is 1. */
const hourDeviation = 0.3;
/** Half of the references are drawn with shifts that are smaller by this: with those a window seems to stand far out. */
const calmer = 0.85;

export function sharedByHour(bins: number): Traffic {
  const deviation = Math.sqrt(1 + hourDeviation * hourDeviation);
  const edges = normalEdges(bins, deviation);
  const addHour = (random: Random, p: Float64Array, into: Float64Array): void =>
    new Categories(p).add(random, eventsAnHour, into);
  return {
    name: "one dominant eigenvalue",
    byHour: false,
    reference(random, many) {
      const scale = random.uniform() < plainShare ? 1 : calmer;
      let squares = 0;
      const panes = Array.from({ length: many }, (_, pane) => {
        const shift = scale * random.normal();
        squares += shift * shift;
        const counts = new Float64Array(bins);
        addHour(random, binsOfNormal(hourDeviation * shift, edges), counts);
        return { startMillis: pane * hourMillis, counts };
      });
      const calm = Math.exp((-squares / 2) * (1 / calmer ** 2 - 1) - many * Math.log(calmer));
      return { panes, weight: 1 / (plainShare + (1 - plainShare) * calm) };
    },
    windows(hours, direction, effect) {
      const mover = moverOf(bins, direction, effect);
      const mean = direction === "shift" ? shiftOf(edges, deviation, effect) : 0;
      const shiftVariance = (widening * widening - 1) / hours;
      return (random, into) => {
        const common = random.uniform() < plainShare ? 0 : Math.sqrt(shiftVariance) * random.normal();
        let score = 0;
        into.bins.fill(0);
        for (let hour = 0; hour < hours; hour++) {
          const shift = common + random.normal();
          score += shift;
          addHour(random, mover.probabilities(binsOfNormal(mean + hourDeviation * shift, edges)), into.bins);
        }
        into.weight = shiftRatio(score, hours, shiftVariance);
        fillHours(into, hours);
      };
    },
  };
}

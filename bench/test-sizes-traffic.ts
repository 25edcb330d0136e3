// The kinds of traffic whose test sizes are simulated: what each event's bin depends on.
import type { Random } from "../src/source/simulator/random.ts";
import type { PaneCounts } from "../src/stats/dispersion-panes.ts";
import { normalSurvival } from "../src/stats/normal.ts";
import { Categories, TiltedMultinomial } from "./test-sizes-sampling.ts";

export const hourMillis = 3_600_000;
const eventsAnHour = 1000;

/** How a window differs from the reference in truth. */
export type Direction = "none" | "shift" | "one up" | "one down" | "halves";
export const directions: readonly Direction[] = ["shift", "one up", "one down", "halves"];

/** Counts of a window: by bin and by hour of day. */
export interface WindowCounts {
  readonly bins: Float64Array;
  readonly hours: Float64Array;
  /** Weight of the draw (likelihood ratio). */
  weight: number;
}

export interface Traffic {
  readonly name: string;
  /** Whether the reference is matched by hour of day, where it is long enough. */
  readonly byHour: boolean;
  /** Panes of a new reference, with the weight of the draw. */
  reference(random: Random, panes: number): { readonly panes: readonly PaneCounts[]; readonly weight: number };
  /** Draws windows of so many hours whose true PSI is `effect` in a direction. */
  windows(hours: number, direction: Direction, effect: number): (random: Random, into: WindowCounts) => void;
}

const uniform = (bins: number): Float64Array => new Float64Array(bins).fill(1 / bins);
const ascending = (bins: number): Float64Array => Float64Array.from({ length: bins }, (_, bin) => bin);

export function psiOf(p: Float64Array, q: Float64Array): number {
  return p.reduce((sum, share, bin) => sum + ((q[bin] as number) - share) * Math.log((q[bin] as number) / share), 0);
}

/** The size of a change at which a growing effect is as wanted. */
function solve(effectOf: (size: number) => number, wanted: number, most: number): number {
  let [low, high] = [0, most];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (effectOf(middle) < wanted) low = middle;
    else high = middle;
  }
  return high;
}

/** Probabilities after each event was moved to another bin with some probability (`halves`, `shift`: tilted). */
export function changed(p: Float64Array, direction: Direction, size: number): Float64Array {
  const bins = p.length;
  if (direction === "none" || size === 0) return p;
  if (direction === "one up") return p.map((share, bin) => share * (1 - size) + (bin === 0 ? size : 0));
  if (direction === "one down") {
    const moved = (p[0] as number) * size;
    return p.map((share, bin) => (bin === 0 ? share - moved : share + (moved * share) / (1 - (p[0] as number))));
  }
  const tilted = p.map((share, bin) => share * Math.exp(size * (direction === "halves" ? (bin % 2) - 0.5 : bin / bins)));
  const sum = tilted.reduce((total, share) => total + share, 0);
  return tilted.map((share) => share / sum);
}

function changedBy(p: Float64Array, direction: Direction, effect: number): Float64Array {
  if (effect === 0) return p;
  const most = direction === "one up" || direction === "one down" ? 1 - 1e-9 : 50;
  return changed(
    p,
    direction,
    solve((size) => psiOf(p, changed(p, direction, size)), effect, most),
  );
}

/** Scores along which windows are drawn far out: the change itself, else up and down the bins. */
function scores(p: Float64Array, q: Float64Array, effect: number): Float64Array {
  return effect === 0 ? ascending(p.length) : q.map((share, bin) => Math.log(share / (p[bin] as number)));
}

function emptyPanes(many: number, bins: number): { startMillis: number; counts: Float64Array }[] {
  return Array.from({ length: many }, (_, pane) => ({ startMillis: pane * hourMillis, counts: new Float64Array(bins) }));
}

/** Independent events of one distribution. */
export function independent(bins: number): Traffic {
  const p = uniform(bins);
  const categories = new Categories(p);
  return {
    name: "independent events",
    byHour: false,
    reference(random, many) {
      const panes = emptyPanes(many, bins);
      for (const pane of panes) categories.add(random, eventsAnHour, pane.counts);
      return { panes, weight: 1 };
    },
    windows(hours, direction, effect) {
      const q = changedBy(p, direction, effect);
      const law = new TiltedMultinomial(hours * eventsAnHour, q, scores(p, q, effect));
      return (random, into) => {
        into.weight = law.draw(random, into.bins);
        into.hours.fill(0);
        for (let hour = 0; hour < hours; hour++) into.hours[hour] = eventsAnHour;
      };
    },
  };
}

/** Users of 10 to 30 events; of each event the bin is the user's own with this probability: intra-class correlation 0.2. */
const ownBin = Math.sqrt(0.2);
const [fewestEvents, mostEvents] = [10, 30];
const usersAnHour = eventsAnHour / ((fewestEvents + mostEvents) / 2);

export function clustered(bins: number): Traffic {
  const p = uniform(bins);
  const others = new Categories(p);
  const addUser = (random: Random, home: number, categories: Categories, into: Float64Array): void => {
    const events = fewestEvents + random.below(mostEvents - fewestEvents + 1);
    for (let event = 0; event < events; event++) {
      const bin = random.uniform() < ownBin ? home : categories.draw(random);
      into[bin] = (into[bin] as number) + 1;
    }
  };
  return {
    name: "users of 20 events",
    byHour: false,
    reference(random, many) {
      const panes = emptyPanes(many, bins);
      for (const pane of panes)
        for (let user = 0; user < usersAnHour; user++) addUser(random, others.draw(random), others, pane.counts);
      return { panes, weight: 1 };
    },
    windows(hours, direction, effect) {
      const q = changedBy(p, direction, effect);
      const categories = new Categories(q);
      const homes = new Float64Array(bins);
      const law = new TiltedMultinomial(hours * usersAnHour, q, scores(p, q, effect));
      return (random, into) => {
        into.weight = law.draw(random, homes);
        into.bins.fill(0);
        for (let bin = 0; bin < bins; bin++) {
          for (let user = 0; user < (homes[bin] as number); user++) addUser(random, bin, categories, into.bins);
        }
        into.hours.fill(0);
        for (let hour = 0; hour < hours; hour++) into.hours[hour] = into.bins.reduce((sum, count) => sum + count, 0) / hours;
      };
    },
  };
}

/** Independent events whose mixture and rate follow the hour of the day: shares change by up to half. */
const seasonalSwing = 0.5;

export function seasonal(bins: number): Traffic {
  const angle = (hour: number, bin: number): number => 2 * Math.PI * (hour / 24 - bin / bins);
  const rates = Array.from({ length: 24 }, (_, hour) =>
    Math.round(eventsAnHour * (1 + seasonalSwing * Math.cos(angle(hour, 0)))),
  );
  const byHour = rates.map((_, hour) =>
    Float64Array.from({ length: bins }, (_, bin) => (1 + seasonalSwing * Math.cos(angle(hour, bin))) / bins),
  );
  const categories = byHour.map((p) => new Categories(p));
  return {
    name: "hour-of-day pattern",
    byHour: true,
    reference(random, many) {
      const panes = emptyPanes(many, bins);
      panes.forEach((pane, at) => {
        categories[at % 24]?.add(random, rates[at % 24] as number, pane.counts);
      });
      return { panes, weight: 1 };
    },
    windows(hours, direction, effect) {
      return hours === 1 ? oneHour(byHour, rates, direction, effect) : wholeDay(byHour, rates, direction, effect);
    },
  };
}

function oneHour(byHour: readonly Float64Array[], rates: readonly number[], direction: Direction, effect: number) {
  const laws = byHour.map((p, hour) => {
    const q = changedBy(p, direction, effect);
    return new TiltedMultinomial(rates[hour] as number, q, scores(p, q, effect));
  });
  return (random: Random, into: WindowCounts): void => {
    const hour = random.below(24);
    into.weight = laws[hour]?.draw(random, into.bins) ?? Number.NaN;
    into.hours.fill(0);
    into.hours[hour] = rates[hour] as number;
  };
}

/** The bins of a day's events first, then the hour of each by its probability in that bin. */
function wholeDay(byHour: readonly Float64Array[], rates: readonly number[], direction: Direction, effect: number) {
  const size = rates.reduce((sum, rate) => sum + rate, 0);
  const p = (byHour[0] as Float64Array).map((_, bin) =>
    byHour.reduce((sum, one, hour) => sum + ((rates[hour] as number) / size) * (one[bin] as number), 0),
  );
  const q = changedBy(p, direction, effect);
  const law = new TiltedMultinomial(size, q, scores(p, q, effect));
  const hourOf = Array.from(p, (share, bin) => {
    return new Categories(byHour.map((one, hour) => ((rates[hour] as number) * (one[bin] as number)) / (size * share)));
  });
  return (random: Random, into: WindowCounts): void => {
    into.weight = law.draw(random, into.bins);
    into.hours.fill(0);
    for (let bin = 0; bin < into.bins.length; bin++) hourOf[bin]?.add(random, into.bins[bin] as number, into.hours);
  };
}

/** Edges of bins that are equally frequent in a normal law. */
export function normalEdges(bins: number, deviation: number): Float64Array {
  return Float64Array.from({ length: bins - 1 }, (_, edge) => {
    const share = (edge + 1) / bins;
    return solve((at) => 1 - normalSurvival(at - 10), share, 20) * deviation - 10 * deviation;
  });
}

/** Probabilities of bins of a normal variable of standard deviation 1. */
export function binsOfNormal(mean: number, edges: Float64Array): Float64Array {
  const above = [1, ...Array.from(edges, (edge) => normalSurvival(edge - mean)), 0];
  return Float64Array.from({ length: edges.length + 1 }, (_, bin) => (above[bin] as number) - (above[bin + 1] as number));
}

/** The shift of a normal variable's mean by which its bins have a PSI. */
export function shiftOf(edges: Float64Array, deviation: number, effect: number): number {
  const scaled = edges.map((edge) => edge / deviation);
  const p = binsOfNormal(0, scaled);
  return effect === 0 ? 0 : deviation * solve((mean) => psiOf(p, binsOfNormal(mean, scaled)), effect, 5);
}

/** Moves an event's bin as `changed` changes probabilities. */
export interface Mover {
  probabilities(p: Float64Array): Float64Array;
  move(random: Random, bin: number): number;
}

/** For traffic of a latent variable: moves of single events after they have got their bins (no `shift`: that is in the latent). */
export function moverOf(bins: number, direction: Direction, effect: number): Mover {
  const p = uniform(bins);
  if (effect === 0 || direction === "none" || direction === "shift")
    return { probabilities: (all) => all, move: (_, bin) => bin };
  if (direction === "halves") {
    const q = changedBy(p, direction, effect);
    const moved = 1 - (q[0] as number) * bins;
    const probabilities = (all: Float64Array): Float64Array =>
      all.map((share, bin) => (bin % 2 === 0 ? share * (1 - moved) : share + (all[bin - 1] as number) * moved));
    return { probabilities, move: (random, bin) => (bin % 2 === 0 && random.uniform() < moved ? bin + 1 : bin) };
  }
  const size = solve((one) => psiOf(p, changed(p, direction, one)), effect, 1 - 1e-9);
  if (direction === "one up") {
    return {
      probabilities: (all) => changed(all, direction, size),
      move: (random, bin) => (random.uniform() < size ? 0 : bin),
    };
  }
  return {
    probabilities(all) {
      const moved = (all[0] as number) * size;
      return all.map((share, bin) => (bin === 0 ? share - moved : share + moved / (bins - 1)));
    },
    move: (random, bin) => (bin === 0 && random.uniform() < size ? 1 + random.below(bins - 1) : bin),
  };
}

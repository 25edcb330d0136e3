// The kinds of stable streams.
import { normalSurvival, normalUpperQuantile } from "../../src/stats/normal.ts";
import type { Bits } from "./bits.ts";
import { categoricalShape, numericShape, type Shape, type Transform } from "./shape.ts";
import { AutoregressiveStream, ClusteredStream, type FeatureStream, IndependentStream, type Seasons } from "./streams.ts";

export interface Kind {
  readonly name: string;
  /** In words, for the table. */
  readonly words: string;
  readonly eventsAnHour: number;
  shape(seed: number): Shape;
  stream(bits: Bits, shape: Shape): FeatureStream;
}

const asItIs: Transform = { value: (latent) => latent, latent: (value) => value };
const exponential: Transform = { value: Math.exp, latent: Math.log };

/** So much is zero. */
const zeros = 0.6;
const zeroBelow = normalUpperQuantile(1 - zeros);
const zeroInflated: Transform = {
  value: (latent) => (latent < zeroBelow ? 0 : Math.exp(latent)),
  latent: (value) => (value <= 0 ? zeroBelow : Math.max(zeroBelow, Math.log(value))),
};

/** Of the tail: no variance. */
const tailIndex = 1.1;
/** Pareto's law on both sides of zero. */
const heavyTailed: Transform = {
  value: (latent) => Math.sign(latent) * ((2 * normalSurvival(Math.abs(latent))) ** (-1 / tailIndex) - 1),
  latent: (value) => Math.sign(value) * normalUpperQuantile((1 + Math.abs(value)) ** -tailIndex / 2),
};

const always: Seasons = { count: 1, of: () => 0, mean: () => 0, rate: () => 1 };

/** Means and rates move by half a standard deviation and half of the rate over the day. */
const daily: Seasons = {
  count: 24,
  of: (minute) => Math.floor(minute / 60) % 24,
  mean: (hour) => 0.5 * Math.cos((2 * Math.PI * hour) / 24),
  rate: (hour) => 1 + 0.5 * Math.cos((2 * Math.PI * (hour - 6)) / 24),
};

const dayMinutes = 1440;
/** Simulations begin with a Monday. */
const firstOfWeekend = 5;
/** At weekends there is less, and it is different. */
const weekly: Seasons = {
  count: 2,
  of: (minute) => (Math.floor(minute / dayMinutes) % 7 < firstOfWeekend ? 0 : 1),
  mean: (weekend) => 0.5 * weekend,
  rate: (weekend) => 1.1 - 0.4 * weekend,
};

const often = 1000;

function independent(name: string, words: string, transform: Transform, seasons = always, eventsAnHour = often): Kind {
  return {
    name,
    words,
    eventsAnHour,
    shape: (seed) => numericShape(transform, seed),
    stream: (bits, shape) => new IndependentStream(bits, shape, seasons, eventsAnHour),
  };
}

export const kinds: readonly Kind[] = [
  independent("normal", "independent, normal", asItIs),
  independent("log-normal", "independent, log-normal", exponential),
  independent("zero-inflated", "60 % zeros, else log-normal", zeroInflated),
  {
    name: "categories",
    words: "200 categories by Zipf's law",
    eventsAnHour: often,
    shape: categoricalShape,
    stream: (bits, shape) => new IndependentStream(bits, shape, always, often),
  },
  {
    name: "autoregressive",
    words: "AR(1) 0.9 from event to event",
    eventsAnHour: often,
    shape: (seed) => numericShape(asItIs, seed),
    stream: (bits, shape) => new AutoregressiveStream(bits, shape, often),
  },
  {
    name: "clustered",
    words: "users of 10 to 30 events, intra-class correlation 0.2",
    eventsAnHour: often,
    shape: (seed) => numericShape(asItIs, seed),
    stream: (bits, shape) => new ClusteredStream(bits, shape, often),
  },
  independent("daily", "hour-of-day pattern of mean and rate", asItIs, daily),
  independent("weekly", "weekends differ in mean and rate", asItIs, weekly),
  independent("sparse", "60 events an hour", asItIs, always, 60),
  independent("heavy-tailed", "Pareto of index 1.1 on both sides", heavyTailed),
];

export function kindOf(name: string): Kind {
  const found = kinds.find((kind) => kind.name === name);
  if (found === undefined) throw new Error(`no kind of stream is called ${name}: ${kinds.map((kind) => kind.name).join(", ")}`);
  return found;
}

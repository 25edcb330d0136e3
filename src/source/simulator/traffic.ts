// When people come: arrivals at random whose rate has the shape of a day and of a week (UTC), and how long a message
// is under way.
import type { Random } from "./random.ts";

const hourMillis = 3_600_000;
const dayMillis = 24 * hourMillis;
const hoursOfDay = 24;
/** 1970-01-01 was a Thursday, the fourth day of a week that begins on Monday. */
const firstDayOfWeek = 3;

/** Rates as multiples of the week's mean. */
export interface TrafficShape {
  /** At the beginning of each hour of the day; between them the rate changes linearly. */
  readonly byHour: readonly number[];
  /** Of each day of the week, Monday first. */
  readonly byDay: readonly number[];
}

/** A shape from rates of any height. */
function shapeOf({ byHour, byDay }: TrafficShape): TrafficShape {
  const scaled = (rates: readonly number[]): number[] => {
    const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
    return rates.map((rate) => rate / mean);
  };
  return { byHour: scaled(byHour), byDay: scaled(byDay) };
}

/** Shops and card payments: busy from noon to the evening, most on Friday and Saturday. */
export const paymentShape: TrafficShape = shapeOf({
  byHour: [58, 50, 45, 43, 45, 50, 62, 78, 92, 104, 112, 122, 130, 127, 122, 125, 134, 150, 160, 154, 136, 110, 84, 60],
  byDay: [92, 94, 97, 102, 118, 112, 85],
});

/** A web shop: a small peak at lunch, the large one in the evening, and the weekend. */
export const browsingShape: TrafficShape = shapeOf({
  byHour: [76, 70, 66, 64, 64, 66, 70, 78, 86, 92, 97, 106, 122, 116, 102, 100, 107, 121, 142, 166, 182, 172, 136, 92],
  byDay: [95, 92, 93, 95, 98, 110, 117],
});

/** The rate at a time as a multiple of the week's mean. */
export function relativeRate(shape: TrafficShape, timeMillis: number): number {
  const hour = (timeMillis % dayMillis) / hourMillis;
  const before = Math.floor(hour);
  const low = shape.byHour[before] as number;
  const high = shape.byHour[(before + 1) % hoursOfDay] as number;
  const day = (Math.floor(timeMillis / dayMillis) + firstDayOfWeek) % shape.byDay.length;
  return (low + (high - low) * (hour - before)) * (shape.byDay[day] as number);
}

/** A Poisson process with a changing rate, by thinning (Lewis and Shedler 1979): one at the peak's rate loses some. */
export class Arrivals {
  /** Of the next arrival; not a whole number. */
  timeMillis: number;
  /** Of the next arrival, from 0. */
  number = -1;
  readonly #random: Random;
  readonly #shape: TrafficShape;
  readonly #peak: number;
  readonly #gapMillis: number;

  /** @param perSecond mean of a whole week */
  constructor(random: Random, originMillis: number, shape: TrafficShape, perSecond: number) {
    this.#random = random;
    this.#shape = shape;
    this.#peak = Math.max(...shape.byHour) * Math.max(...shape.byDay);
    this.#gapMillis = 1000 / (perSecond * this.#peak);
    this.timeMillis = originMillis;
    this.advance();
  }

  advance(): void {
    do this.timeMillis += this.#random.exponential(this.#gapMillis);
    while (!this.#random.chance(relativeRate(this.#shape, this.timeMillis) / this.#peak));
    this.number += 1;
  }
}

const usualDelayMillis = 250;
const longestUsualDelayMillis = 20_000;
/** So rarely a device had no connection, and its message comes minutes later: most likely too late for its pane. */
const disconnectedChance = 1 / 5000;

/** The timestamp of the record that tells of an event: a network is between them. */
export function recordMillis(random: Random, eventMillis: number): number {
  const usual = Math.min(random.exponential(usualDelayMillis), longestUsualDelayMillis);
  const disconnected = random.chance(disconnectedChance) ? random.between(60_000, 240_000) : 0;
  return Math.ceil(eventMillis + usual + disconnected);
}

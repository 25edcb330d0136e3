// The series that an incident is said to move, as they were on the pages for Prometheus, and whether they moved.
import type { Watch } from "../../src/source/simulator.ts";
import { minute, type Shown, stepMillis } from "./played.ts";

/** Values of one series, or sums of several, by moment; a moment without a sample is absent. */
export type Course = ReadonlyMap<number, number>;

/** From when until when is looked for a movement. */
export interface Time {
  readonly startMillis: number;
  readonly endMillis: number;
}

/** What a movement is has to stand out of what chance does. */
const clearly = 1.25;

/** Counters of a kind together, as a rate over them would be; each gauge on its own, by its labels. */
export function coursesOf(watch: Watch, shown: readonly Shown[]): ReadonlyMap<string, Course> {
  const courses = new Map<string, Map<number, number>>();
  for (const { millis, metrics } of shown) {
    for (const [labels, value] of samplesOf(watch, metrics)) {
      const key = isCounter(watch) ? "all" : labels;
      const course = courses.get(key) ?? new Map<number, number>();
      course.set(millis, (course.get(millis) ?? 0) + value);
      courses.set(key, course);
    }
  }
  return courses;
}

/** Half of the reviews are known. */
const reviewedMillis = 20 * minute;

/** How long after an event the series has it: at once, or when its minute is closed and in the windows, or when labels have come. */
export function settleMillis({ name }: Watch): number {
  if (name === "ml_performance") return reviewedMillis;
  return /^ml_(window|feature|schema)_/.test(name) ? 3 * minute : stepMillis;
}

function isCounter({ name }: Watch): boolean {
  return /_(total|sum|bucket|count)$/.test(name);
}

function samplesOf({ name, labels }: Watch, metrics: string): [labels: string, value: number][] {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return linesOf(`${name}{`, metrics).flatMap((line): [string, number][] => {
    const end = line.lastIndexOf("} ");
    const found = line.slice(name.length + 1, end);
    const pairs = found.match(/\w+="(?:[^"\\]|\\.)*"/g) ?? [];
    return wanted.every((pair) => pairs.some((one) => one === pair)) ? [[found, Number(line.slice(end + 2))]] : [];
  });
}

/** The lines that begin so. A page has thousands of others, which are not made lines of. */
function linesOf(beginning: string, metrics: string): string[] {
  const found: string[] = [];
  for (let before = metrics.indexOf(`\n${beginning}`); before !== -1; ) {
    const end = metrics.indexOf("\n", before + 1);
    found.push(metrics.slice(before + 1, end));
    before = metrics.indexOf(`\n${beginning}`, end);
  }
  return found;
}

/**
 * Whether a series moves in a time as the watch says: against as long a time before, and against the same time of a
 * course that is calm.
 */
export function moved(watch: Watch, course: Course, calm: Course | undefined, time: Time): boolean {
  const before = { startMillis: 2 * time.startMillis - time.endMillis, endMillis: time.startMillis };
  switch (watch.moves) {
    case "appears":
      return greatest(course, before) === 0 && greatest(course, time) > 0 && greatest(calm ?? new Map(), time) === 0;
    case "stalls":
      return calm !== undefined && longestStall(course, time) > clearly * longestStall(calm, everything);
    default: {
      if (calm === undefined) return false;
      const height = isCounter(watch) ? increase : watch.moves === "rises" ? greatest : least;
      const [now, ...others] = [height(course, time), height(course, before), height(calm, time)];
      return others.every((other) => (watch.moves === "rises" ? now > clearly * other : now < other / clearly));
    }
  }
}

const everything: Time = { startMillis: Number.NEGATIVE_INFINITY, endMillis: Number.POSITIVE_INFINITY };

function valuesOf(course: Course, { startMillis, endMillis }: Time): number[] {
  return [...course].filter(([millis]) => millis >= startMillis && millis <= endMillis).map(([, value]) => value);
}

/** 0 where there is none. */
function greatest(course: Course, time: Time): number {
  return Math.max(0, ...valuesOf(course, time));
}

function least(course: Course, time: Time): number {
  return Math.min(...valuesOf(course, time));
}

/** What is absent at first has begun at 0. */
function increase(course: Course, time: Time): number {
  const values = valuesOf(course, time);
  return (values.at(-1) ?? 0) - (course.has(time.startMillis) ? (values[0] ?? 0) : 0);
}

/** The longest stretch without a change that begins after the first change and touches a time. */
function longestStall(course: Course, { startMillis, endMillis }: Time): number {
  const moments = [...course.keys()];
  const changes = moments.filter((millis, index) => index > 0 && course.get(millis) !== course.get(moments[index - 1] ?? 0));
  const stretches = changes.map((from, index) => [from, changes[index + 1] ?? moments.at(-1) ?? from] as const);
  const touching = stretches.filter(([from, to]) => to > startMillis && from < endMillis);
  return Math.max(0, ...touching.map(([from, to]) => to - from)) / minute;
}

// A dense stream of one model whose features are all of one kind, folded without decoding: for measuring what panes cost.
import { parseConfig } from "../src/config/load.ts";
import type { PredictionEvent } from "../src/event/event.ts";
import { foldSettings } from "../src/pipeline/fold-settings.ts";
import { Fold } from "../src/state/fold.ts";
import { hourMillis } from "../src/window/resolution.ts";

export interface StreamOf {
  /** Numbers in 20 bins that are configured, or in those that are learned (of 36 parts); or texts of 30 categories. */
  readonly kind: "numeric" | "learned" | "categorical";
  readonly features: number;
  readonly eventsPerHour: number;
  readonly hours: number;
  /** So often events come, all at once; by default they come one by one. */
  readonly togetherMillis?: number;
  /** As in the configuration. */
  readonly windows: readonly string[];
}

/** At the beginning of a day. */
export const streamStart = Date.parse("2026-03-01T00:00:00Z");

/** 19 edges, at which a standard normal distribution has its quantiles i / 20. */
const edges = [
  -1.645, -1.282, -1.036, -0.842, -0.674, -0.524, -0.385, -0.253, -0.126, 0, 0.126, 0.253, 0.385, 0.524, 0.674, 0.842, 1.036,
  1.282, 1.645,
];
const names = Array.from({ length: 30 }, (_, index) => `category ${index}`);

function emptyFold({ kind, features, windows }: StreamOf): Fold {
  const one = { numeric: { edges }, learned: {}, categorical: { categories: names } }[kind];
  const model = { features: Object.fromEntries(Array.from({ length: features }, (_, index) => [`f${index}`, one])) };
  const text = JSON.stringify({
    source: { file: { paths: ["-"] } },
    defaults: { windows },
    limits: { features: 2000, slots: 4000 },
    models: { m: model },
  });
  return new Fold(foldSettings(parseConfig(text, "bench")));
}

/**
 * Folds a stream, on from where a fold is or from the start, and closes all of its minutes.
 * @param next pseudo-random numbers in [0, 1)
 */
export function foldStream(stream: StreamOf, next: () => number, fold: Fold = emptyFold(stream)): Fold {
  const start = Number.isNaN(fold.frontierMillis) ? streamStart : fold.frontierMillis;
  applyEvents(stream, next, fold, start);
  fold.closeThrough(start + stream.hours * hourMillis);
  return fold;
}

/** Folds the next minute of a stream and leaves it open. */
export function foldOpenMinute(stream: StreamOf, next: () => number, fold: Fold): void {
  applyEvents({ ...stream, hours: 1 / 60 }, next, fold, fold.frontierMillis);
}

function applyEvents(stream: StreamOf, next: () => number, fold: Fold, start: number): void {
  const log = fold.log("bench", 0, 60_000);
  const { eventsPerHour, hours, togetherMillis = 1 } = stream;
  for (let index = 0; index < Math.round(eventsPerHour * hours); index++) {
    const sinceStart = (index / eventsPerHour) * hourMillis;
    const timeMillis = start + Math.floor(sinceStart / togetherMillis) * togetherMillis;
    fold.apply(log, eventOf(stream, next, timeMillis), Number.NaN);
    if (index % 100 === 0) fold.advance();
  }
}

function eventOf({ kind, features }: StreamOf, next: () => number, timeMillis: number): PredictionEvent {
  const values: Record<string, unknown> = {};
  for (let index = 0; index < features; index++) {
    values[`f${index}`] = kind !== "categorical" ? normal(next) : names[Math.floor(next() * names.length)];
  }
  return {
    type: "prediction",
    model: "m",
    version: "1",
    id: "",
    timeMillis,
    features: values,
    score: Math.round(next() * 10_000) / 10_000,
    scores: null,
    prediction: undefined,
    latencyMillis: Number.NaN,
    failed: false,
    segment: null,
    weight: 1,
    horizon: "",
    group: "",
    rank: Number.NaN,
    label: undefined,
  };
}

function normal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

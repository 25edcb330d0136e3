// How much more the mean loss of hours varies than it would if labels were independent and of one law.
import { chiSquareSurvival } from "./chi-square.ts";
import type { LossSums } from "./performance-detector.ts";

/** The sums of an hour's losses, from 0 to 1, and which hour it was: they are consecutive numbers. */
export interface HourlyLosses {
  readonly hour: number;
  readonly sums: LossSums;
}

/** Lengths of blocks, in hours: what goes by the time of the day shows more in longer ones. */
const blockHours = [1, 2, 4, 8, 12] as const;
/** A ratio that comes by chance as often as this is none: of few blocks it is often far from 1. */
const chance = 1e-3;
/**
 * Of so many blocks it is taken as it is. A day of hours could not show by chance alone that labels come in clusters which count double,
 * while to take a ratio for true that is none costs little: it is wrong by a third or so, and with it the delay.
 */
const manyBlocks = 20;

/**
 * Between-blocks variance by within-blocks variance: sum n_b (mean_b - mean)^2 / (blocks - 1) by sum (x - mean)^2 / n; so many where
 * each label stands for so many that are alike. Of blocks of 1, 2, 4, 8 and 12 hours the greatest of those that are many, or that chance
 * does not make, by the chi-square law of (blocks - 1) times the ratio.
 * @returns at least 1
 * Source: the F ratio of a one-way analysis of variance, R. A. Fisher 1925; as an overdispersion: P. McCullagh and J. A. Nelder 1989, 4.5.
 */
export function lossDispersion(hours: readonly HourlyLosses[]): number {
  const all = added(hours.map(({ sums }) => sums));
  const within = all.squares / all.size - (all.sum / all.size) ** 2;
  if (!(within > 0)) return 1;
  return Math.max(...blockHours.map((length) => ratioOf(blocksOf(hours, length), all, within)));
}

function blocksOf(hours: readonly HourlyLosses[], length: number): LossSums[] {
  const blocks = Map.groupBy(hours, ({ hour }) => Math.floor(hour / length));
  return [...blocks.values()].map((block) => added(block.map(({ sums }) => sums))).filter(({ size }) => size > 0);
}

function ratioOf(blocks: readonly LossSums[], all: LossSums, within: number): number {
  const mean = all.sum / all.size;
  const deviation = blocks.reduce((sum, block) => sum + block.size * (block.sum / block.size - mean) ** 2, 0) / within;
  const degrees = blocks.length - 1;
  const isRatio = blocks.length >= manyBlocks || (degrees >= 1 && chiSquareSurvival(deviation, degrees) < chance);
  return isRatio ? Math.max(1, deviation / degrees) : 1;
}

function added(losses: readonly LossSums[]): LossSums {
  return losses.reduce(
    (one, other) => ({ size: one.size + other.size, sum: one.sum + other.sum, squares: one.squares + other.squares }),
    { size: 0, sum: 0, squares: 0 },
  );
}

// What holds of a feature for a time: as in the reference, at the boundary of what is accepted, or after a change.
import { changed, type Direction, directions, psiOf } from "../test-sizes-traffic.ts";

export interface Regime {
  /** By how much the latent variable of numbers is moved, in its standard deviations. */
  readonly shift: number;
  /** Probabilities of the tested bins, from those of the reference. */
  move(probabilities: Float64Array): Float64Array;
  /** Shares of all events. */
  readonly missing: number;
  readonly null: number;
  /** Share of the values of a category that the reference never had. */
  readonly unseen: number;
}

/** In the reference. */
export const normally: Regime = { shift: 0, move: (probabilities) => probabilities, missing: 0.01, null: 0.002, unseen: 0 };

/** By which the product lets rates grow, where it is not told otherwise (`config/schema/drift.ts`). */
export const toleratedRate = 0.01;

/**
 * A standing difference of just the PSI that is accepted, and rates that are higher by just what is tolerated.
 * Features take turns in how their bins differ.
 */
export function atBoundary(minEffect: number, feature: number): Regime {
  if (minEffect === 0) return normally;
  const direction = directions[feature % directions.length] as Direction;
  return {
    ...normally,
    move: (probabilities) => movedBy(probabilities, direction, minEffect),
    missing: normally.missing + toleratedRate,
    null: normally.null + toleratedRate,
  };
}

const halvings = 60;

/** Probabilities of a PSI from those that are given; where one bin changes, it is that with the greatest share. */
export function movedBy(probabilities: Float64Array, direction: Direction, effect: number): Float64Array {
  const alone = direction === "one up" || direction === "one down";
  const first = alone ? probabilities.indexOf(Math.max(...probabilities)) : 0;
  const before = rotated(probabilities, first);
  let [low, high] = [0, alone ? 1 - 1e-9 : 50];
  for (let step = 0; step < halvings; step++) {
    const middle = (low + high) / 2;
    if (psiOf(before, changed(before, direction, middle)) < effect) low = middle;
    else high = middle;
  }
  return rotated(changed(before, direction, low), -first);
}

function rotated(shares: Float64Array, first: number): Float64Array {
  const { length } = shares;
  return shares.map((_, at) => shares[(at + first + length) % length] as number);
}

/** Probabilities of all outcomes of an event: counted bins, then missing, then null. */
export function outcomeProbabilities(
  bins: Float64Array,
  binCount: number,
  { missing, null: nulls, unseen }: Regime,
): Float64Array {
  const outcomes = new Float64Array(binCount + 2);
  const values = 1 - missing - nulls;
  bins.forEach((share, bin) => {
    outcomes[bin] = share * values * (1 - unseen);
  });
  if (binCount > bins.length) outcomes[binCount - 1] = values * unseen;
  outcomes[binCount] = missing;
  outcomes[binCount + 1] = nulls;
  return outcomes;
}

// What a simulated feature's bins are: chosen by the product's own rules, and how likely each is.
import { type NumericBins, numericBins } from "../../src/primitive/bins.ts";
import type { Categories } from "../../src/primitive/categories.ts";
import { NumberSketch } from "../../src/primitive/sketch.ts";
import { learnedBins } from "../../src/reference/learning.ts";
import { normalSurvival } from "../../src/stats/normal.ts";
import { Bits } from "./bits.ts";
import { highShift, normalTable } from "./law.ts";

export interface Shape {
  readonly bins: NumericBins | null;
  readonly categories: Categories | null;
  /** Bins that are counted: of categories also other and unseen, in this order, as the product has them. */
  readonly binCount: number;
  /** Bins that the tests take: all but `unseen`. */
  readonly testedBins: number;
  /**
   * Of numbers: bins of a latent standard normal variable, by their upper edges but for the last; the value is a growing
   * function of it. Null of categories.
   */
  readonly latentEdges: readonly number[] | null;
  /** Probabilities of the tested bins. @param mean of the latent variable, in its standard deviations */
  probabilities(mean: number): Float64Array;
}

/** How a value follows from a latent standard normal variable, and back. */
export interface Transform {
  value(latent: number): number;
  latent(value: number): number;
}

/** Values from which bins are learned. */
const learnedFrom = 50_000;

/** @param seed of the values that bins are learned from */
export function numericShape({ value, latent }: Transform, seed: number): Shape {
  const sketch = new NumberSketch();
  const bits = new Bits(seed, 0);
  for (let at = 0; at < learnedFrom; at++) sketch.add(value(normalTable[bits.next() >>> highShift] as number));
  // Without parts, which only the Wasserstein distance takes.
  const { edges, reach } = learnedBins(sketch);
  const latentEdges = edges.map(latent);
  return {
    bins: numericBins(edges, true, reach),
    categories: null,
    binCount: edges.length + 1,
    testedBins: edges.length + 1,
    latentEdges,
    probabilities: (mean) => binsOfNormal(latentEdges, mean),
  };
}

function binsOfNormal(edges: readonly number[], mean: number): Float64Array {
  const above = [1, ...edges.map((edge) => normalSurvival(edge - mean)), 0];
  return Float64Array.from({ length: edges.length + 1 }, (_, bin) => (above[bin] as number) - (above[bin + 1] as number));
}

/** As many as the product names. */
const named = 30;
const distinct = 200;

/** Zipf's law of 200 categories: the product names 30 and counts the others together. */
export function categoricalShape(): Shape {
  const weights = Float64Array.from({ length: distinct }, (_, rank) => 1 / (rank + 1));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const shares = weights.map((weight) => weight / sum);
  const others = shares.subarray(named).reduce((total, share) => total + share, 0);
  const probabilities = Float64Array.of(...shares.subarray(0, named), others);
  const names = Array.from({ length: distinct }, (_, rank) => `c${rank}`);
  return {
    bins: null,
    categories: { names: names.slice(0, named), others: new Set(names.slice(named)), open: false },
    binCount: named + 2,
    testedBins: named + 1,
    latentEdges: null,
    probabilities: () => probabilities,
  };
}

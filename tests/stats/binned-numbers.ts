// Numbers in bins with their sums, and the exact Wasserstein distance of the numbers themselves.
import { binOf } from "../../src/primitive/bins.ts";
import type { NumericSample } from "../../src/stats/wasserstein.ts";

/** Numbers in bins (a, b] of these edges, and in their parts; by default each bin is one. */
export function binnedNumbers(
  values: readonly number[],
  edges: readonly number[],
  partEdges: readonly number[] = edges,
): NumericSample {
  const counts = new Float64Array(edges.length + 1);
  const [partCounts, offsets, exact] = [0, 1, 2].map(() => new Float64Array(partEdges.length + 1)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (const value of values) {
    const [bin, part] = [binOf(edges, value), binOf(partEdges, value)];
    counts[bin] = (counts[bin] as number) + 1;
    partCounts[part] = (partCounts[part] as number) + 1;
    offsets[part] = (offsets[part] as number) + (value - (partEdges[Math.max(0, part - 1)] ?? 0));
  }
  return { counts, size: values.length, parts: { counts: partCounts, offsets, offsetsWithin: exact } };
}

export interface Weighted {
  readonly value: number;
  readonly weight: number;
}

export const once = (values: readonly number[]): Weighted[] => values.map((value) => ({ value, weight: 1 }));

/** The integral of |F_q - F_p|, from every point where either changes to the next. */
export function exactWasserstein(one: readonly Weighted[], other: readonly Weighted[]): number {
  const weightOf = (all: readonly Weighted[]): number => all.reduce((sum, { weight }) => sum + weight, 0);
  const [oneTotal, otherTotal] = [weightOf(one), weightOf(other)];
  const steps = [
    ...one.map(({ value, weight }) => ({ value, ofOne: weight, ofOther: 0 })),
    ...other.map(({ value, weight }) => ({ value, ofOne: 0, ofOther: weight })),
  ].sort((a, b) => a.value - b.value);
  let [oneBelow, otherBelow, sum] = [0, 0, 0];
  steps.forEach(({ value, ofOne, ofOther }, index) => {
    oneBelow += ofOne;
    otherBelow += ofOther;
    const next = steps[index + 1]?.value ?? value;
    sum += Math.abs(oneBelow / oneTotal - otherBelow / otherTotal) * (next - value);
  });
  return sum;
}

// Numbers in bins with their sums, and the exact Wasserstein distance of the numbers themselves.
import type { NumericSample } from "../../src/stats/wasserstein.ts";

/** Numbers in bins (a, b] of these edges. */
export function binnedNumbers(values: readonly number[], edges: readonly number[]): NumericSample {
  const [counts, offsets, exact] = [0, 1, 2].map(() => new Float64Array(edges.length + 1)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (const value of values) {
    const bin = edges.filter((edge) => edge < value).length;
    const offset = value - (edges[Math.max(0, bin - 1)] ?? 0);
    counts[bin] = (counts[bin] as number) + 1;
    offsets[bin] = (offsets[bin] as number) + offset;
  }
  return { counts, offsets, offsetsWithin: exact, size: values.length };
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

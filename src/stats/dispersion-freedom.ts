// Degrees of freedom of a covariance that was estimated from overlapping windows of panes less their means.
import type { Panes } from "./dispersion-panes.ts";

/**
 * Equivalent degrees of freedom: those of the chi-square law with the relative variance that the estimate of any one variance
 * has, where panes are independent of each other and vary as their numbers of values do (Satterthwaite).
 *
 *     nu = tr(A V)^2 / tr(A V A V),   A_kl = max(0, 1 - |k - l| / width),   V = diag(N) - sum over classes of N N' / sum N.
 *
 * For equal panes and one mean: K - 1 at width 1, about 1.5 K / width for wide windows of a long reference.
 * Source: Satterthwaite 1946, "An approximate distribution of estimates of variance components", Biometrics Bulletin 2.
 * @param width length of the windows in panes
 */
export function degreesOfFreedom(panes: Panes, width: number): number {
  const smoothed = smoothedTotals(panes, width);
  let trace = 0;
  let square = 0;
  for (let index = 0; index < panes.slots.length; index++) {
    trace += panes.totals[index] as number;
    square += smoothedSquares(panes, width, index);
  }
  smoothed.forEach((values, kind) => {
    const total = panes.classTotals[kind] as number;
    if (total === 0) return;
    trace -= innerProduct(panes, values, kind) / total;
    values.forEach((value, index) => {
      square -= (2 * (panes.totals[index] as number) * value * value) / total;
    });
    smoothed.forEach((_, other) => {
      if (panes.classTotals[other] === 0) return;
      square += innerProduct(panes, values, other) ** 2 / (total * (panes.classTotals[other] as number));
    });
  });
  return (trace * trace) / square;
}

/** By class, by pane: sum of the weights of the class's panes times their totals. */
function smoothedTotals(panes: Panes, width: number): Float64Array[] {
  const smoothed = panes.classTotals.map(() => new Float64Array(panes.slots.length));
  for (let index = 0; index < panes.slots.length; index++) {
    forEachNear(panes, width, index, (near, weight) => {
      const values = smoothed[panes.classes[near] as number] as Float64Array;
      values[index] = (values[index] as number) + weight * (panes.totals[near] as number);
    });
  }
  return smoothed;
}

/** One pane's part of tr(A N A N). */
function smoothedSquares(panes: Panes, width: number, index: number): number {
  let sum = 0;
  forEachNear(panes, width, index, (near, weight) => {
    sum += weight * weight * (panes.totals[near] as number);
  });
  return sum * (panes.totals[index] as number);
}

/** Sum over one class of smoothed values times totals. */
function innerProduct(panes: Panes, values: Float64Array, kind: number): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) {
    if (panes.classes[index] === kind) sum += (values[index] as number) * (panes.totals[index] as number);
  }
  return sum;
}

/** Panes that share a window with one, itself included, with the share of its windows in which they do. */
function forEachNear(panes: Panes, width: number, index: number, visit: (near: number, weight: number) => void): void {
  const slot = panes.slots[index] as number;
  for (const step of [-1, 1]) {
    for (let near = step < 0 ? index : index + 1; near >= 0 && near < panes.slots.length; near += step) {
      const lag = Math.abs((panes.slots[near] as number) - slot);
      if (lag >= width) break;
      visit(near, 1 - lag / width);
    }
  }
}

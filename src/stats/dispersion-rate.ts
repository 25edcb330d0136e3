// How much more a rate (missing, null, unseen, ...) varies from window to window than that of independent events.
import { degreesOfFreedom } from "./dispersion-freedom.ts";
import { arrangePanes, type Panes, windowCovariances } from "./dispersion-panes.ts";
import { chiSquareScaling } from "./dispersion-scaling.ts";
import {
  memoryPanes,
  type PaneOptions,
  panesNeeded,
  smallestAlpha,
  type UnknownDispersion,
  unknownDispersion,
} from "./dispersion-support.ts";

/** Events of one base pane, and how many of them are of the kind whose rate it is. */
export interface PaneRate {
  readonly startMillis: number;
  readonly events: number;
  readonly hits: number;
}

export interface RateDispersion {
  readonly known: true;
  /** Base panes with events that it was learned from. */
  readonly panes: number;
  /** Variance of the rate in units of that of independent events, at least 1. */
  readonly overdispersion: number;
  /** Third cumulant of the count in units of its variance, at least 1: the size of the clumps that decide about the far tail. */
  readonly clump: number;
  readonly degreesOfFreedom: number;
  /** No smaller p-value is to be trusted. */
  readonly smallestAlpha: number;
}

/**
 * Learns the dispersion of a rate from the panes of a reference, as `dispersionOf` does for bins.
 *
 * Of rare kinds the estimate is less certain than its panes alone would make it: squared Poisson deviations of mean mu vary
 * with 2 + 1 / mu, so degrees of freedom shrink by 2 mu / (2 mu + 1), down to twice the hits.
 * A kind that never occurred has no dispersion that could be learned (`no_hits`).
 * @param panes base panes in ascending order of their starts
 */
export function rateDispersionOf(panes: readonly PaneRate[], options: PaneOptions): RateDispersion | UnknownDispersion {
  const filled = panes.filter(({ events }) => events > 0);
  const needed = panesNeeded(options);
  if (filled.length < needed) return unknownDispersion("few_panes", filled.length, needed);
  const hits = filled.reduce((sum, pane) => sum + pane.hits, 0);
  if (hits === 0) return unknownDispersion("no_hits", filled.length, Number.POSITIVE_INFINITY);
  const counts = filled.map((pane) => ({ startMillis: pane.startMillis, counts: [pane.events - pane.hits, pane.hits] }));
  const arranged = arrangePanes(counts, options.paneMillis, options.byHour);
  const width = memoryPanes(options);
  const [covariance] = windowCovariances(arranged, width, [chiSquareScaling(2)]);
  const [first, , , last] = covariance as unknown as [number, number, number, number];
  const inWindow = (hits * width) / filled.length;
  const freedom = (degreesOfFreedom(arranged, width) * 2 * inWindow) / (2 * inWindow + 1);
  return Object.freeze({
    known: true,
    panes: filled.length,
    overdispersion: Math.max(1, first + last),
    clump: Math.max(1, clumpOf(arranged)),
    degreesOfFreedom: freedom,
    smallestAlpha: smallestAlpha(freedom),
  });
}

/**
 * The third cumulant over the variance of the hits of one base pane, and a standard error more: of too large a clump only
 * a little power is lost, of too small a one the far tail does not hold.
 */
function clumpOf({ counts, totals, classes, means }: Panes): number {
  let [squares, cubes] = [0, 0];
  for (const [index, pane] of counts.entries()) {
    const expected = (totals[index] as number) * (means[classes[index] as number]?.[1] as number);
    const residual = (pane[1] as number) - expected;
    squares += residual ** 2;
    cubes += residual ** 3;
  }
  if (squares === 0) return 0;
  // The skewness of a normal sample of n has the variance 6 / n.
  return cubes / squares + Math.sqrt(squares / counts.length) * Math.sqrt(6 / counts.length);
}

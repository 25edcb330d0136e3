// Dispersion: how much more the counts of a window vary than those of independent events would, learned from a reference's
// own panes, so that p-values hold on dependent, clustered and seasonal traffic. It belongs to one feature and one window length.
import { groupCount, poolBins, pooled } from "./dispersion-bins.ts";
import { degreesOfFreedom } from "./dispersion-freedom.ts";
import { arrangePanes, type PaneCounts, ratioOfMeans, windowCovariances } from "./dispersion-panes.ts";
import { andersonDarlingScaling, chiSquareScaling, matchedAndersonDarlingScaling, psiAndSquares } from "./dispersion-scaling.ts";
import { estimatedSpectrum, type Spectrum } from "./dispersion-spectrum.ts";
import {
  memoryPanes,
  type PaneOptions,
  panesNeeded,
  smallestAlpha,
  type UnknownDispersion,
  unknownDispersion,
} from "./dispersion-support.ts";

export interface DispersionOptions extends PaneOptions {
  /** Whether neighbouring bins are alike, as those of numbers are. */
  readonly ordered: boolean;
}

export interface Dispersion {
  readonly known: true;
  /** Base panes with values that it was learned from. */
  readonly panes: number;
  /** The group of each bin. Counts are pooled by it (`pooled`) before any of the tests. */
  readonly groups: readonly number[];
  /** Of the estimated covariances. */
  readonly degreesOfFreedom: number;
  /** No smaller p-value is to be trusted. */
  readonly smallestAlpha: number;
  /** For X^2, and for PSI / s with s = 1/n + 1/m. */
  readonly chiSquare: Spectrum;
  /**
   * Mean of PSI / s over the reference's own windows, where that is below the trace: it is, where few events decide about a bin.
   * The test for any difference compares with it.
   */
  readonly differenceMean: number;
  /** For the Anderson-Darling statistic; null where bins have no order. */
  readonly andersonDarling: Spectrum | null;
}

/**
 * Values that a group of bins expects in a window: with fewer, deviations are not near normal (Cochran 1954 on X^2), and tests
 * reject less than a third as often as they say (`docs/statistics.md`).
 */
const enoughInGroup = 5;

/** A variance below this share of that of independent events is what rounding leaves of none. */
const rounding = 1e-9;

/**
 * Learns dispersion from the panes of a reference.
 *
 * The covariance of a window's deviations is that of all windows of its length in the reference (of a week, where it is
 * longer). Independent events give X^2 and PSI the trace B - 1 and equal shares.
 * @param panes base panes in ascending order of their starts; counts by bin, all of the same length
 */
export function dispersionOf(panes: readonly PaneCounts[], options: DispersionOptions): Dispersion | UnknownDispersion {
  const filled = panes.filter(({ counts }) => hasValues(counts));
  const needed = panesNeeded(options);
  if (filled.length < needed) return unknownDispersion("few_panes", filled.length, needed);
  const width = memoryPanes(options);
  const groups = poolBins(expectedInWindow(filled, width), options.ordered, enoughInGroup);
  const size = groupCount(groups);
  if (size < 2) return unknownDispersion("one_group", filled.length, Number.POSITIVE_INFINITY);
  const grouped = filled.map(({ startMillis, counts }) => ({ startMillis, counts: pooled(counts, groups) }));
  const arranged = arrangePanes(grouped, options.paneMillis, options.byHour);
  const freedom = degreesOfFreedom(arranged, width);
  const inOrder = options.byHour
    ? matchedAndersonDarlingScaling(pooled(expectedInWindow(filled, width), groups))
    : andersonDarlingScaling(size);
  const scalings = options.ordered ? [chiSquareScaling(size), inOrder] : [chiSquareScaling(size)];
  const spectra = windowCovariances(arranged, width, scalings).map((matrix) =>
    estimatedSpectrum(matrix, size, size - 1, freedom),
  );
  const chiSquare = spectra[0] as Spectrum;
  if (!(chiSquare.trace > rounding)) return unknownDispersion("no_variation", filled.length, Number.POSITIVE_INFINITY);
  return Object.freeze({
    known: true,
    panes: filled.length,
    groups: Object.freeze(Array.from(groups)),
    degreesOfFreedom: freedom,
    smallestAlpha: smallestAlpha(freedom),
    chiSquare,
    differenceMean: chiSquare.trace * Math.min(1, ratioOfMeans(arranged, width, psiAndSquares)),
    andersonDarling: spectra[1] ?? null,
  });
}

function hasValues(counts: ArrayLike<number>): boolean {
  for (let bin = 0; bin < counts.length; bin++) if ((counts[bin] as number) > 0) return true;
  return false;
}

/** Values by bin that so many panes have on average. */
function expectedInWindow(panes: readonly PaneCounts[], width: number): Float64Array {
  const sums = new Float64Array(panes[0]?.counts.length ?? 0);
  for (const { counts } of panes) {
    for (let bin = 0; bin < sums.length; bin++) sums[bin] = (sums[bin] as number) + (counts[bin] as number);
  }
  return sums.map((sum) => (sum * width) / panes.length);
}

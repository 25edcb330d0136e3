// Tells looks that are far from an alarm without a p-value, by bounds that are on the safe side: of a thousand million looks nearly
// all are. `feature-looks.ts` computes the p-values of some of them all the same, and fails where one was needed.
import type { DriftReference } from "../../src/monitor/drift-reference.ts";
import type { DriftSettings } from "../../src/monitor/monitor.ts";
import type { Dispersion } from "../../src/stats/dispersion.ts";
import { quadraticFormTail } from "../../src/stats/quadratic-form.ts";

/** Window sizes in one cell of the table of thresholds are this near to each other. */
const cellRatio = 1.02;
const halvings = 40;
/** P-values below this many times the limit are computed: Jeffreys' half observations of references are not in the bounds. */
const margin = 2;

export class Screen {
  readonly #dispersion: Dispersion;
  readonly #minEffect: number;
  readonly #limit: number;
  /** By cell of window sizes: a PSI below which no p-value is below the limit. */
  readonly #thresholds: number[] = [];
  /** By hour of the day, or of all: proportions, and the inverses of their roots. */
  readonly #proportions: readonly Float64Array[];
  readonly #inverseRoots: readonly Float64Array[];

  /**
   * @param limit p-values at and above it are of no interest
   * @param matched whether windows are compared with their own hours
   */
  constructor(reference: DriftReference, dispersion: Dispersion, settings: DriftSettings, limit: number, matched: boolean) {
    this.#dispersion = dispersion;
    this.#minEffect = settings.minEffect;
    this.#limit = margin * limit;
    const counts = matched ? (reference.feature.byHour as readonly Float64Array[]) : [reference.sample.counts];
    this.#proportions = counts.map((one) => proportionsOf(one, reference.bins));
    this.#inverseRoots = this.#proportions.map((one) => one.map((share) => 1 / Math.sqrt(share)));
  }

  /**
   * An upper bound of PSI, by (q - p) ln(q / p) <= (q - p)^2 / sqrt(p q), and since 1 / sqrt(p) of a mixture is at most the mixture
   * of these.
   * @param size values in tested bins
   * @param share of the first of two hours; 1 and any hour where there is one only
   */
  psiBound(counts: Int32Array, size: number, first: number, second: number, share: number): number {
    const [p1, p2] = [this.#proportions[first] as Float64Array, this.#proportions[second] as Float64Array];
    const [r1, r2] = [this.#inverseRoots[first] as Float64Array, this.#inverseRoots[second] as Float64Array];
    const scale = 1 / (size + p1.length / 2);
    let sum = 0;
    for (let bin = 0; bin < p1.length; bin++) {
      const before = p2[bin] as number;
      const root = r2[bin] as number;
      const count = counts[bin] as number;
      const difference = (count + 0.5) * scale - before - share * ((p1[bin] as number) - before);
      const inverseRoot = root + share * ((r1[bin] as number) - root);
      sum += difference * difference * inverseRoot * (inverseRoots[count] as number);
    }
    return sum / Math.sqrt(scale);
  }

  /** As `psiBound`, of a window with these values by hour of the day. */
  mixedPsiBound(counts: Int32Array, size: number, byHour: readonly number[]): number {
    const values = byHour.reduce((sum, count) => sum + count, 0);
    const scale = 1 / (size + counts.length / 2);
    let sum = 0;
    for (let bin = 0; bin < (this.#proportions[0]?.length ?? 0); bin++) {
      const count = counts[bin] as number;
      let [proportion, inverseRoot] = [0, 0];
      byHour.forEach((count, hour) => {
        proportion += (count / values) * (this.#proportions[hour]?.[bin] as number);
        inverseRoot += (count / values) * (this.#inverseRoots[hour]?.[bin] as number);
      });
      sum += ((count + 0.5) * scale - proportion) ** 2 * inverseRoot * (inverseRoots[count] as number);
    }
    return sum / Math.sqrt(scale);
  }

  /** A PSI below which no window of this size has a p-value below the limit. */
  threshold(size: number): number {
    const cell = cellAbove(size);
    let known = this.#thresholds[cell];
    if (known === undefined) {
      known = this.#search(cellRatio ** cell);
      this.#thresholds[cell] = known;
    }
    return known;
  }

  #search(size: number): number {
    let [low, high] = [0, 64];
    for (let step = 0; step < halvings; step++) {
      const middle = (low + high) / 2;
      if (this.#pValue(middle, size) > this.#limit) low = middle;
      else high = middle;
    }
    return low;
  }

  /** The p-value of a PSI that nothing is taken off, with an infinite reference: it is never above that of the test. */
  #pValue(index: number, size: number): number {
    const { chiSquare, differenceMean } = this.#dispersion;
    if (this.#minEffect === 0) return quadraticFormTail(chiSquare, (index * size) / differenceMean);
    const { trace, direction } = chiSquare;
    const noncentrality = { size: (this.#minEffect * size) / trace, share: direction };
    return quadraticFormTail(chiSquare, (index * size) / trace, noncentrality);
  }
}

const cellsPerUnit = 1 / Math.log(cellRatio);
const cells = Uint16Array.from({ length: 2 ** 18 }, (_, size) => Math.ceil(Math.log(Math.max(1, size)) * cellsPerUnit));

/** The cell whose size is the first at or above a size. */
function cellAbove(size: number): number {
  return cells[size] ?? Math.ceil(Math.log(size) * cellsPerUnit);
}

/** Cells that rates have one threshold for. */
const cellsOfRates = 4;

export function rateCell(size: number): number {
  return Math.floor(cellAbove(size) / cellsOfRates);
}

/** A size that no size of a cell of rates is below. */
export function leastSize(rateCell: number): number {
  return Math.max(1, Math.floor(cellRatio ** (cellsOfRates * rateCell - 1)));
}

function proportionsOf(counts: ArrayLike<number>, bins: number): Float64Array {
  let size = 0;
  for (let bin = 0; bin < bins; bin++) size += counts[bin] as number;
  return Float64Array.from({ length: bins }, (_, bin) => ((counts[bin] as number) + 0.5) / (size + bins / 2));
}

/** Of counts and a half. A week has 168,000 events. */
const inverseRoots = Float64Array.from({ length: 2 ** 18 }, (_, count) => 1 / Math.sqrt(count + 0.5));

// One cell of the simulation of test sizes: traffic, length of the reference, window and number of bins.
import { Random } from "../src/source/simulator/random.ts";
import { type Dispersion, dispersionOf } from "../src/stats/dispersion.ts";
import type { PaneCounts } from "../src/stats/dispersion-panes.ts";
import { dispersedAndersonDarling, dispersedDifference, dispersedMinEffect } from "../src/stats/dispersion-tests.ts";
import { matchReference } from "../src/stats/matched-reference.ts";
import { type Sample, total } from "../src/stats/sample.ts";
import { type Direction, directions, hourMillis, type Traffic, type WindowCounts } from "./test-sizes-traffic.ts";

export const levels = [0.05, 0.01, 1e-4, 1e-6] as const;
/** PSI at the boundary of the minimum-effect test. */
export const effects = [0.02, 0.1] as const;

export interface Cell {
  readonly traffic: (bins: number) => Traffic;
  readonly bins: number;
  /** Hours of the reference. */
  readonly panes: number;
  /** Hours of the window. */
  readonly hours: number;
  readonly references: number;
  /** Windows that each reference is tested with, of each direction. */
  readonly windows: number;
}

/** The rate at which a test rejects, by level. */
export interface Size {
  readonly test: string;
  readonly direction: Direction;
  readonly rates: readonly number[];
  readonly errors: readonly number[];
}

/** Means over references and their standard errors. */
class Rates {
  #references = 0;
  readonly #current = new Float64Array(levels.length);
  readonly #sums = new Float64Array(levels.length);
  readonly #squares = new Float64Array(levels.length);

  add(p: number, weight: number): void {
    for (let level = 0; level < levels.length; level++) {
      if (p <= (levels[level] as number)) this.#current[level] = (this.#current[level] as number) + weight;
    }
  }

  endReference(windows: number): void {
    this.#references += 1;
    this.#current.forEach((sum, level) => {
      this.#sums[level] = (this.#sums[level] as number) + sum / windows;
      this.#squares[level] = (this.#squares[level] as number) + (sum / windows) ** 2;
    });
    this.#current.fill(0);
  }

  size(test: string, direction: Direction): Size {
    const rates = Array.from(this.#sums, (sum) => sum / this.#references);
    const errors = rates.map((rate, level) => {
      return Math.sqrt(Math.max(0, (this.#squares[level] as number) / this.#references - rate * rate) / this.#references);
    });
    return { test, direction, rates, errors };
  }
}

/** A reference and what it knows. */
interface Known {
  readonly dispersion: Dispersion;
  readonly all: Sample;
  /** Counts by hour of day, where hours are matched. */
  readonly byHour: readonly Float64Array[] | null;
}

export function simulate(cell: Cell, seed: number): Size[] {
  const random = new Random(seed);
  const traffic = cell.traffic(cell.bins);
  const plain = [new Rates(), new Rates()] as const;
  const boundaries = effects.flatMap((effect) =>
    directions.map((direction) => ({
      effect,
      direction,
      rates: new Rates(),
      draw: traffic.windows(cell.hours, direction, effect),
    })),
  );
  const draw = traffic.windows(cell.hours, "none", 0);
  const window = { bins: new Float64Array(cell.bins), hours: new Float64Array(24), weight: 1 };
  for (let reference = 0; reference < cell.references; reference++) {
    const { panes, weight } = traffic.reference(random, cell.panes);
    const known = learn(panes, cell, traffic.byHour);
    for (let index = 0; index < cell.windows; index++) {
      draw(random, window);
      const [all, now] = samples(known, window);
      const drawn = weight * window.weight;
      plain[0].add(dispersedDifference(known.dispersion, all, now), drawn);
      plain[1].add(dispersedAndersonDarling(known.dispersion, all, now), drawn);
      for (const { effect, draw: drawMoved, rates } of boundaries) {
        drawMoved(random, window);
        const [base, moved] = samples(known, window);
        rates.add(dispersedMinEffect(known.dispersion, base, moved, effect), weight * window.weight);
      }
    }
    for (const rates of [...plain, ...boundaries.map((boundary) => boundary.rates)]) rates.endReference(cell.windows);
  }
  return [
    plain[0].size("X^2 and PSI", "none"),
    plain[1].size("Anderson-Darling", "none"),
    ...boundaries.map(({ effect, direction, rates }) => rates.size(`PSI <= ${effect}`, direction)),
  ];
}

function learn(panes: readonly PaneCounts[], cell: Cell, byHour: boolean): Known {
  const options = { paneMillis: hourMillis, windowMillis: cell.hours * hourMillis, byHour, ordered: true };
  const dispersion = dispersionOf(panes, options);
  if (!dispersion.known) throw new Error(`dispersion of ${cell.panes} panes is unknown`);
  const hours = Array.from({ length: 24 }, () => new Float64Array(cell.bins));
  const counts = new Float64Array(cell.bins);
  panes.forEach((pane, at) => {
    addTo(hours[at % 24] as Float64Array, pane.counts);
    addTo(counts, pane.counts);
  });
  return { dispersion, all: { counts, size: total(counts) }, byHour: byHour ? hours : null };
}

function addTo(sums: Float64Array, counts: ArrayLike<number>): void {
  for (let bin = 0; bin < sums.length; bin++) sums[bin] = (sums[bin] as number) + (counts[bin] as number);
}

function samples({ all, byHour }: Known, { bins, hours }: WindowCounts): [Sample, Sample] {
  const window = { counts: bins, size: total(bins) };
  return [byHour === null ? all : matchReference(byHour, all, hours), window];
}

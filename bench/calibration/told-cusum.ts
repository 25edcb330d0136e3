// CUSUM that is told what changes: no detector that keeps the same promise can be much sooner.
import type { Regime } from "./regime.ts";
import { outcomeProbabilities } from "./regime.ts";
import type { Shape } from "./shape.ts";

/** Of outcomes that never come without the change. */
const leastProbability = 1e-6;

/**
 * S = max(0, S + sum over events of ln(q / p)), minute by minute; it alarms at ln(minutes between false alarms), from which on
 * these are at least as many as are wanted.
 *
 * Source: E. S. Page 1954, "Continuous Inspection Schemes"; the bound: G. Lorden 1971, "Procedures for Reacting to a Change in
 * Distribution".
 */
export class ToldCusum {
  readonly #logRatios: Float64Array;
  readonly #limit: number;
  #sum = 0;

  /** @param mean of the latent variable at the time of the change: seasons are left out */
  constructor(shape: Shape, before: Regime, after: Regime, minutesBetweenFalseAlarms: number) {
    const [p, q] = [before, after].map((regime) => {
      return outcomeProbabilities(regime.move(shape.probabilities(regime.shift)), shape.binCount, regime);
    }) as [Float64Array, Float64Array];
    this.#logRatios = p.map((share, outcome) => {
      return Math.log(Math.max(leastProbability, q[outcome] as number) / Math.max(leastProbability, share));
    });
    this.#limit = Math.log(minutesBetweenFalseAlarms);
  }

  /** @returns whether it alarms */
  take(counts: Uint8Array): boolean {
    let sum = this.#sum;
    for (let outcome = 0; outcome < counts.length; outcome++) {
      sum += (counts[outcome] as number) * (this.#logRatios[outcome] as number);
    }
    this.#sum = Math.max(0, sum);
    return this.#sum > this.#limit;
  }
}

// Rates of alarms with their intervals.
import { chiSquareUpperQuantile } from "../../src/stats/chi-square.ts";

export interface Rate {
  readonly alarms: number;
  readonly months: number;
  /** Alarms a model and month. */
  readonly perMonth: number;
  /** Of 95 %. */
  readonly low: number;
  readonly high: number;
}

const tail = 0.025;

/**
 * Garwood's interval of a Poisson rate, widened where counts vary more than Poisson ones do: months with one reference share
 * its luck. Counts are then taken to be worth so many fewer (quasi-Poisson).
 *
 * Sources: F. Garwood 1936, "Fiducial Limits for the Poisson Distribution"; P. McCullagh, J. A. Nelder 1989, section 6.2.
 * @param counts of alarms, one for every reference
 * @param months that each count is of
 */
export function rateOf(counts: readonly number[], months: number): Rate {
  const alarms = counts.reduce((sum, count) => sum + count, 0);
  const mean = alarms / counts.length;
  const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (counts.length - 1);
  const dispersion = mean > 0 && counts.length > 1 ? Math.max(1, variance / mean) : 1;
  const worth = alarms / dispersion;
  const all = counts.length * months;
  const low = worth === 0 ? 0 : (dispersion * chiSquareUpperQuantile(1 - tail, 2 * worth)) / 2;
  const high = (dispersion * chiSquareUpperQuantile(tail, 2 * worth + 2)) / 2;
  return { alarms, months: all, perMonth: alarms / all, low: low / all, high: high / all };
}

// Minutes of independent events, drawn from some thousands that were dealt beforehand: ten times as fast as event by event.
import type { Bits } from "./bits.ts";
import { poissonTable } from "./law.ts";

/** Minutes of all seasons together. */
const pooledMinutes = 2 ** 14;

/**
 * So many minutes as counts of outcomes, one after the other. Over all of them outcomes have just their probabilities and totals are
 * the quantiles of a Poisson law; which events make a minute is random. Drawn with replacement, minutes are independent and
 * of one law, the same in a reference and in what comes after it.
 * @param probabilities of outcomes; their sum is 1
 * @param mean events a minute
 */
export function minutePool(bits: Bits, probabilities: Float64Array, mean: number, minutes: number): Uint8Array {
  const totals = totalsOf(mean, minutes);
  const events = shuffled(
    bits,
    outcomesOf(
      probabilities,
      totals.reduce((sum, total) => sum + total, 0),
    ),
  );
  const pool = new Uint8Array(minutes * probabilities.length);
  let event = 0;
  for (let minute = 0; minute < minutes; minute++) {
    const end = event + (totals[minute] as number);
    for (; event < end; event++) {
      const at = minute * probabilities.length + (events[event] as number);
      pool[at] = (pool[at] as number) + 1;
    }
  }
  return pool;
}

/** A power of two. */
export function minutesOfSeason(seasons: number): number {
  return 2 ** Math.ceil(Math.log2(pooledMinutes / seasons));
}

function totalsOf(mean: number, minutes: number): Uint16Array {
  const quantiles = poissonTable(mean);
  return Uint16Array.from(
    { length: minutes },
    (_, at) => quantiles[Math.floor(((at + 0.5) / minutes) * quantiles.length)] as number,
  );
}

function outcomesOf(probabilities: Float64Array, events: number): Uint8Array {
  const outcomes = new Uint8Array(events);
  let [sum, from] = [0, 0];
  probabilities.forEach((probability, outcome) => {
    sum += probability;
    const to = Math.round(sum * events);
    outcomes.fill(outcome, from, to);
    from = to;
  });
  return outcomes;
}

/** Fisher and Yates 1938; in place. */
function shuffled(bits: Bits, values: Uint8Array): Uint8Array {
  for (let at = values.length - 1; at > 0; at--) {
    const other = Math.floor(((bits.next() >>> 0) / 2 ** 32) * (at + 1));
    const value = values[at] as number;
    values[at] = values[other] as number;
    values[other] = value;
  }
  return values;
}

// Laws as tables of 2^13 entries: 13 random bits are one draw. What is simulated has the probabilities that the tables have,
// which are those that are asked for to within 2^-14. (Larger tables do not fit into the nearest cache, which takes five times
// as long.)
import { normalUpperQuantile } from "../../src/stats/normal.ts";

const tableBits = 13;
const entries = 2 ** tableBits;
/** Of a word of 32 bits the second draw takes the highest ones. */
export const lowMask = entries - 1;
export const highShift = 32 - tableBits;

/** An outcome by 13 bits. @param probabilities of outcomes 0, 1, ...; their sum is 1 */
export function outcomeTable(probabilities: ArrayLike<number>): Uint8Array {
  const table = new Uint8Array(entries);
  let [sum, from] = [0, 0];
  for (let outcome = 0; outcome < probabilities.length; outcome++) {
    sum += probabilities[outcome] as number;
    const to = outcome === probabilities.length - 1 ? entries : Math.round(sum * entries);
    table.fill(outcome, from, to);
    from = Math.max(from, to);
  }
  return table;
}

/** How many events come, by 13 bits: the quantiles of a Poisson law. */
export function poissonTable(mean: number): Uint8Array {
  const probabilities = [Math.exp(-mean)];
  while (probabilities.length < mean || (probabilities.at(-1) as number) > 1 / entries) {
    probabilities.push(((probabilities.at(-1) as number) * mean) / probabilities.length);
  }
  return outcomeTable(probabilities);
}

/** A standard normal variable by 13 bits: quantiles at the middles of as many equal parts. */
export const normalTable: Float32Array = Float32Array.from({ length: entries }, (_, at) =>
  normalUpperQuantile(1 - (at + 0.5) / entries),
);

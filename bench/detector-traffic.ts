// Streams of values for the bench of detectors, minute by minute: in what way the values of one feature depend on each other.
import type { Random } from "../src/source/simulator/random.ts";
import { Categories } from "./test-sizes-sampling.ts";

/** Draws the bins of the next values and adds them to counts. */
export type Stream = (values: number, into: Float64Array) => void;

export interface Traffic {
  readonly name: string;
  /** Greatest variance of counts in units of that of independent values. */
  readonly overdispersion: number;
  stream(random: Random, law: Float64Array): Stream;
}

function add(into: Float64Array, bin: number): void {
  into[bin] = (into[bin] as number) + 1;
}

export const independent: Traffic = {
  name: "independent",
  overdispersion: 1,
  stream(random, law) {
    const categories = new Categories(law);
    return (values, into) => categories.add(random, values, into);
  },
};

/** Of a latent normal variable, one value to the next. */
const correlation = 0.9;
/** Steps of the table from a normal variable to its rank, and how far it reaches. */
const [cellsPerDeviation, farthest] = [200, 6];

/** The bin of a standard normal variable by its rank among all, so that bins have the proportions of a law. */
function binsByRank(law: Float64Array): (latent: number) => number {
  const cells = 2 * farthest * cellsPerDeviation;
  const densities = Float64Array.from({ length: cells }, (_, cell) => {
    const at = (cell + 0.5) / cellsPerDeviation - farthest;
    return Math.exp(-(at * at) / 2) / (cellsPerDeviation * Math.sqrt(2 * Math.PI));
  });
  let [bin, below, upper] = [0, 0, law[0] as number];
  const table = Uint8Array.from(densities, (density) => {
    while (bin < law.length - 1 && below + density / 2 > upper) upper += law[++bin] as number;
    below += density;
    return bin;
  });
  return (latent) => table[Math.min(cells - 1, Math.max(0, Math.floor((latent + farthest) * cellsPerDeviation)))] as number;
}

export const autoregressive: Traffic = {
  name: "AR(1) 0.9 between values",
  overdispersion: (1 + correlation) / (1 - correlation),
  stream(random, law) {
    const binOf = binsByRank(law);
    let latent = random.normal();
    return (values, into) => {
      for (let value = 0; value < values; value++) {
        add(into, binOf(latent));
        latent = correlation * latent + Math.sqrt(1 - correlation ** 2) * random.normal();
      }
    };
  },
};

/** So many users are there at a time, each stays for so many values, which are in the user's own bin with this chance. */
const [usersAtATime, valuesOfUser, ownBin] = [10, 20, Math.sqrt(0.2)];

/** A user's values are mixed with those of others, over some ten minutes: panes depend on each other. */
export const clustered: Traffic = {
  name: "users of 20 values",
  overdispersion: 1 + (valuesOfUser - 1) * ownBin ** 2,
  stream(random, law) {
    const categories = new Categories(law);
    const users = Array.from({ length: usersAtATime }, () => ({
      home: categories.draw(random),
      left: 1 + random.below(valuesOfUser),
    }));
    return (values, into) => {
      for (let value = 0; value < values; value++) {
        const user = users[random.below(usersAtATime)] as (typeof users)[number];
        if (user.left === 0) Object.assign(user, { home: categories.draw(random), left: valuesOfUser });
        user.left -= 1;
        add(into, random.chance(ownBin) ? user.home : categories.draw(random));
      }
    };
  },
};

/** How many values come in a minute: a Poisson variable (normal where the mean is great). */
export function arrivals(random: Random, mean: number): number {
  if (mean > 100) return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal()));
  let values = 0;
  for (let time = random.exponential(1); time < mean; time += random.exponential(1)) values += 1;
  return values;
}

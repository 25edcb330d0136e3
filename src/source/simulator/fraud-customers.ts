// The customers of the fraud story: each belongs to a cluster and is alike itself from one payment to the next.
import { mix, mixText, Random } from "./random.ts";
import { populationSeed } from "./story.ts";

type Choice<T> = readonly (readonly [thing: T, weight: number])[];

interface Cluster {
  /** Payments of its customers have medians around this one. */
  readonly amount: number;
  readonly countries: Choice<string>;
  readonly channels: Choice<string>;
  readonly categories: Choice<string>;
  readonly foreign: number;
  readonly paymentsPerDay: number;
  readonly accountDays: number;
}

export interface Customer {
  readonly cluster: Cluster;
  readonly medianAmount: number;
  readonly country: string;
  readonly channel: string;
  /** Null for guests, who have no account. */
  readonly accountDays: number | null;
}

/** Customers there are; the first ones come most often. */
export const customerCount = 20_000;
const guestChance = 0.04;

const families: Cluster = {
  amount: 38,
  countries: [["DE", 0.55] as const, ["AT", 0.25] as const, ["CH", 0.2]],
  channels: [["store", 0.55] as const, ["web", 0.25] as const, ["app", 0.2]],
  categories: [["grocery", 0.5] as const, ["clothing", 0.2] as const, ["fuel", 0.2] as const, ["toys", 0.1]],
  foreign: 0.02,
  paymentsPerDay: 2,
  accountDays: 1500,
};

const students: Cluster = {
  amount: 14,
  countries: [["DE", 0.4] as const, ["FR", 0.35] as const, ["NL", 0.25]],
  channels: [["app", 0.6] as const, ["web", 0.3] as const, ["store", 0.1]],
  categories: [["restaurant", 0.4] as const, ["games", 0.25] as const, ["clothing", 0.2] as const, ["transport", 0.15]],
  foreign: 0.04,
  paymentsPerDay: 3,
  accountDays: 400,
};

const travellers: Cluster = {
  amount: 85,
  countries: [["GB", 0.4] as const, ["FR", 0.3] as const, ["ES", 0.3]],
  channels: [["web", 0.6] as const, ["app", 0.3] as const, ["store", 0.1]],
  categories: [["travel", 0.5] as const, ["restaurant", 0.3] as const, ["electronics", 0.2]],
  foreign: 0.35,
  paymentsPerDay: 2,
  accountDays: 900,
};

const firms: Cluster = {
  amount: 210,
  countries: [["DE", 0.5] as const, ["NL", 0.3] as const, ["GB", 0.2]],
  channels: [["web", 0.9] as const, ["app", 0.1]],
  categories: [["electronics", 0.45] as const, ["office", 0.4] as const, ["travel", 0.15]],
  foreign: 0.08,
  paymentsPerDay: 5,
  accountDays: 1200,
};

const clusters: Choice<Cluster> = [
  [families, 0.45],
  [students, 0.3],
  [travellers, 0.15],
  [firms, 0.1],
];

const customersSeed = mixText(populationSeed, "customers");

/** @param number in [0, customerCount) */
export function customerOf(number: number): Customer {
  const random = new Random(mix(customersSeed, number));
  const cluster = random.weighted(clusters);
  return {
    cluster,
    medianAmount: random.logNormal(cluster.amount, 0.4),
    country: random.weighted(cluster.countries),
    channel: random.weighted(cluster.channels),
    accountDays: random.chance(guestChance) ? null : Math.ceil(random.exponential(cluster.accountDays)),
  };
}

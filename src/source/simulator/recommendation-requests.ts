// The shop of the recommendation story: what a visitor is shown on one request, how likely each item is to be clicked,
// and what a click on it leads to.
import { mix, mixText, Random, rounded } from "./random.ts";
import { type FeatureValues, populationSeed } from "./story.ts";

/** Visitors there are; the first ones come most often. */
export const visitorCount = 12_000;
export const itemsPerRequest = 5;
/** How much more or less often an item is clicked than its score says, for its rank: on the whole the score is right. */
const attentionByRank = [1.3, 1.12, 0.98, 0.85, 0.75] as const;
const orderChance = 0.2;
/** So often the older version shows an item without regard to what the visitor likes. */
const strayChance = 0.2;

interface Cluster {
  readonly categories: readonly (readonly [category: string, weight: number])[];
  readonly priceLevel: number;
  readonly visitsPerMonth: number;
  readonly mobile: number;
}

const bargainHunters: Cluster = {
  categories: [
    ["clothing", 0.4],
    ["household", 0.35],
    ["toys", 0.25],
  ],
  priceLevel: 0.6,
  visitsPerMonth: 12,
  mobile: 0.8,
};

const readers: Cluster = {
  categories: [
    ["books", 0.7],
    ["music", 0.2],
    ["household", 0.1],
  ],
  priceLevel: 0.8,
  visitsPerMonth: 6,
  mobile: 0.4,
};

const enthusiasts: Cluster = {
  categories: [
    ["electronics", 0.6],
    ["sports", 0.25],
    ["music", 0.15],
  ],
  priceLevel: 1.6,
  visitsPerMonth: 4,
  mobile: 0.5,
};

const clusters = [
  [bargainHunters, 0.5],
  [readers, 0.3],
  [enthusiasts, 0.2],
] as const;

const medianPrices: Readonly<Record<string, number>> = {
  books: 14,
  clothing: 32,
  electronics: 140,
  household: 25,
  music: 18,
  sports: 55,
  toys: 22,
};

export interface Visitor {
  readonly cluster: Cluster;
  readonly version: string;
  readonly platform: string;
  readonly visits: number;
  readonly daysSinceLast: number;
}

export interface Impression {
  readonly features: FeatureValues;
  readonly score: number;
}

/** What a visitor did with an item: null where it was not even clicked. */
export interface Click {
  readonly afterMillis: number;
  readonly order: { readonly afterMillis: number; readonly value: number } | null;
}

const visitorsSeed = mixText(populationSeed, "visitors");

/** @param number in [0, visitorCount) */
export function visitorOf(number: number): Visitor {
  const random = new Random(mix(visitorsSeed, number));
  const version = random.chance(0.5) ? "2026-11" : "2026-10";
  const cluster = random.weighted(clusters);
  const platform = random.chance(cluster.mobile) ? (random.chance(0.6) ? "android" : "ios") : "web";
  const visits = Math.floor(random.exponential(cluster.visitsPerMonth));
  return { cluster, version, platform, visits, daysSinceLast: rounded(random.exponential(30 / (visits + 1)), 10) };
}

/** What a request shows: the best item first. */
export function impressionsOf(requestHash: number, visitor: Visitor): Impression[] {
  const random = new Random(requestHash);
  const impressions = Array.from({ length: itemsPerRequest }, () => impression(random, visitor));
  return impressions.sort((a, b) => b.score - a.score);
}

function impression(random: Random, { cluster, version, platform, visits, daysSinceLast }: Visitor): Impression {
  const category = random.weighted(cluster.categories);
  const stray = random.chance(strayChance) && version === "2026-10";
  const likeness = random.uniform();
  const similarity = rounded(stray ? likeness : Math.sqrt(likeness), 1000);
  const price = rounded(random.logNormal((medianPrices[category] as number) * cluster.priceLevel, 0.5), 100);
  const features: FeatureValues = {
    item_category: category,
    item_price: price,
    similarity,
    visits_30d: visits,
    days_since_last_visit: daysSinceLast,
    is_mobile: platform !== "web",
  };
  const logOdds =
    -4.3 + 2.6 * similarity - 0.2 * Math.log(price / 30) + 0.15 * Math.log(1 + visits) - 0.1 * Math.log(1 + daysSinceLast);
  return { features, score: rounded(1 / (1 + Math.exp(-logOdds)), 10_000) };
}

/** @param rank from 1 */
export function clickOn({ features, score }: Impression, rank: number, version: string, impressionHash: number): Click | null {
  const random = new Random(impressionHash);
  if (!random.chance(score * (attentionByRank[rank - 1] as number))) return null;
  const afterMillis = 1000 + Math.min(random.exponential(25_000), 300_000);
  if (!random.chance(orderChance)) return { afterMillis, order: null };
  const pieces = 1 + random.successes(0.25, 4);
  // The newer version also shows what is bought together.
  const added = version === "2026-11" ? 1.2 : 1;
  const value = rounded((features.item_price as number) * pieces * added, 100);
  return { afterMillis, order: { afterMillis: afterMillis + 30_000 + random.exponential(180_000), value } };
}

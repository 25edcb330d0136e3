// Lists of items that were shown on request: what each request was worth. A request is one observation, however many items it shows,
// as items of one list are not independent.
import { addExact, exactSum, exactWidth } from "../primitive/exact-sum.ts";
import { squaredWeight } from "../primitive/weight.ts";
import { kishWorth } from "../stats/performance/kish.ts";
import { type Moments, mean, positiveMean } from "../stats/performance/moments.ts";
import { proportion } from "../stats/performance/proportion.ts";
import { clickThroughRate, hit, normalisedGain, reciprocalRank } from "../stats/performance/ranking.ts";
import type { Layout } from "./layout.ts";
import type { Measured } from "./measured.ts";
import { type PerformancePane, partOf } from "./pane.ts";
import { requestsPart } from "./part-names.ts";

/** Ranks that gains are kept of: items that are shown below it count as shown. */
export const mostRanks = 32;
/** How many of the first ranks count for NDCG and the hit rate. */
const first = 10;

const names = ["ctr", "ndcg", "mrr"] as const;
/** Of each: weight, squares of weights, sum and sum of squares. */
const field = 256;
const hits = 4096;

export const requestLayout: Layout = {
  amounts: {
    hits,
    ...Object.fromEntries(
      names.flatMap((name, at) => [
        [`${name}_weight`, at * field],
        [`${name}_weight_squares`, at * field + 1],
      ]),
    ),
  },
  exact: Object.fromEntries(
    names.flatMap((name, at) => [
      [name, at * field + 2],
      [`${name}_squares`, at * field + 2 + exactWidth],
    ]),
  ),
  lists: {},
};

/** The items of a request. */
export interface Request {
  /** Bit r - 1 is set where the item of rank r was clicked. */
  readonly gains: number;
  /** How many there were; those of the greatest rank that is known are the last. */
  readonly items: number;
  readonly weight: number;
}

export function addRequest(pane: PerformancePane, { gains, items, weight }: Request): void {
  const table = partOf(pane, requestsPart);
  const byRank = Array.from({ length: items }, (_, rank) => (rank < mostRanks ? (gains >>> rank) & 1 : 0));
  const values = { ctr: clickThroughRate(byRank), ndcg: normalisedGain(byRank, first), mrr: reciprocalRank(byRank) };
  for (const [at, name] of names.entries()) {
    const value = values[name];
    if (Number.isNaN(value)) continue;
    table.add(at * field, weight);
    table.add(at * field + 1, squaredWeight(weight));
    addExact(table, at * field + 2, weight * value);
    addExact(table, at * field + 2 + exactWidth, weight * value * value);
  }
  if (hit(byRank, first) === 1) table.add(hits, weight);
}

export function* requestMetrics(pane: PerformancePane): Iterable<Measured> {
  const table = pane.get(requestsPart);
  if (table === undefined) return;
  const momentsAt = (at: number): Moments => ({
    count: table.at(at * field),
    weightSquares: table.at(at * field + 1),
    sum: exactSum(table, at * field + 2),
    squares: exactSum(table, at * field + 2 + exactWidth),
  });
  const [clicks, gains, ranks] = [momentsAt(0), momentsAt(1), momentsAt(2)];
  yield { metric: "ctr", ...positiveMean(clicks) };
  yield { metric: "ndcg", ...mean(gains) };
  yield { metric: "mrr", ...positiveMean(ranks) };
  yield { metric: "hit_rate", ...proportion(table.at(hits), clicks.count, kishWorth(clicks.count, clicks.weightSquares)) };
}

// Which bins scores are counted in: quantiles of the reference's, and, where these fall together, finer bins where there are none.

/** Scores nearer to 0 or 1 than this are not told apart: the logit of a gap has to be finite. */
const nearest = 1e-7;

/**
 * Edges of up to so many bins for scores from 0 to 1; bins hold (edge, next edge].
 *
 * Quantiles first: with equal widths a rare class falls into few bins, and the area under the curve is wrong by hundredths. Of a
 * confident model most quantiles are one value, and a window whose scores have moved would fall into the few bins between; so bins
 * that are left halve the widest gaps on the scale of the logit. The threshold of decisions is best one more edge.
 * @param scores of the reference, at least one, in any order
 * @returns ascending, without repetition, inside of (0, 1) or equal to scores; at most bins - 1
 */
export function scoreEdges(scores: ArrayLike<number>, bins: number): number[] {
  const sorted = Float64Array.from(scores).sort();
  const edges = [...new Set(Array.from({ length: bins - 1 }, (_, index) => quantile(sorted, (index + 1) / bins)))];
  while (edges.length < bins - 1) edges.splice(...widestGap(edges));
  return edges;
}

/** Linear between order statistics. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const low = sorted[Math.floor(place)] as number;
  return low + (place % 1) * ((sorted[Math.ceil(place)] as number) - low);
}

/** Where to insert, how many to delete (none), and the edge that halves the widest gap. */
function widestGap(edges: readonly number[]): [place: number, remove: 0, edge: number] {
  const logits = [0, ...edges, 1].map(logit);
  let widest = 0;
  logits.forEach((at, place) => {
    const width = (logits[place + 1] ?? at) - at;
    if (width > (logits[widest + 1] as number) - (logits[widest] as number)) widest = place;
  });
  const middle = ((logits[widest] as number) + (logits[widest + 1] as number)) / 2;
  return [widest, 0, 1 / (1 + Math.exp(-middle))];
}

function logit(score: number): number {
  return Math.log((score + nearest) / (1 - score + nearest));
}

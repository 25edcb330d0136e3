// Frozen bins of numbers. Bins are (a, b], the first and last are open. Each consists of one or more parts, whose counts and
// sums say how values lie inside of it. What is counted in them is in bin-counts.ts, how they are chosen in choose-bins.ts.

/** Lengths of parts are taken as in this range, so that twice as much, and one by as much, is a double. */
const shortest = 2 ** -1000;
const longest = 2 ** 1023;

export interface NumericBins {
  /** Strictly ascending; one bin more than edges. */
  readonly edges: readonly number[];
  /** Edges of the parts, strictly ascending: those of the bins and others between them. */
  readonly parts: readonly number[];
  /** How far values are expected beyond the first and last edge; only the precision of sums depends on it. */
  readonly reach: number;
  /** Sketches of values that come now are cut at the parts' edges; else these are boundaries of buckets. */
  readonly given: boolean;
  /** By part: the bin that it belongs to. */
  readonly binOfPart: readonly number[];
  /** By part: its lower edge; of the first, which has none, its upper one. */
  readonly anchors: readonly number[];
  /** By part: a length that its values' distances from the anchor rarely exceed (a power of two). */
  readonly scales: readonly number[];
}

/** @param parts edges of parts, those of the bins among them; by default each bin is one */
export function numericBins(edges: readonly number[], given: boolean, reach?: number, parts = edges): NumericBins {
  const first = edges[0] ?? 0;
  const last = edges.at(-1) ?? 0;
  const outside = reach ?? Math.max(last - first, Math.abs(first), Math.abs(last), 1);
  const lengths = [outside, ...parts.slice(1).map((edge, index) => edge - (parts[index] as number)), outside];
  return {
    edges,
    parts,
    reach: outside,
    given,
    binOfPart: [...parts, Number.POSITIVE_INFINITY].map((upper) => binOf(edges, upper)),
    anchors: [parts[0] ?? 0, ...parts],
    scales: lengths
      .slice(0, parts.length + 1)
      .map((length) => Math.min(Math.max(2 ** Math.ceil(Math.log2(length)), shortest), longest)),
  };
}

/** Which bin (or part) a value lies in: the number of edges below it. */
export function binOf(edges: readonly number[], value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many bins there are. */
export function binsIn({ edges }: Pick<NumericBins, "edges">): number {
  return edges.length + 1;
}

// Where the bars of a histogram stand and what each is about: neighbouring bins put together where values are few, edges
// laid on an axis. Draws nothing.
import type { BinView } from "./model-view.ts";

/** What the axis is laid out for, in units of the picture. */
export const width = 240;
const tailWidth = 9;
const tailGap = 3;
const thinnest = 1;
/** Where the outer edges lie this many times further apart than the middle half of all edges, the axis is bent. */
const heavyTailed = 12;

export interface Bar {
  readonly left: number;
  readonly width: number;
  readonly bin: BinView;
  /** The open bins at both ends stand apart. */
  readonly tail: boolean;
}

export interface Layout {
  readonly bars: readonly Bar[];
  /** The axis is not linear: it is stretched in the middle. */
  readonly bent: boolean;
}

/** @param bins ascending, at least two, the outer ones open */
export function layOut(bins: readonly BinView[]): Layout {
  const drawn = coarser(bins);
  const { positions, bent } = axis(drawn.slice(0, -1).map((bin) => bin.upper ?? 0));
  return { bars: place(drawn, positions), bent };
}

/** Few values in many bins are a picture of chance: there are as many bars as Rice's rule says (2 n^(1/3)), and the tails. */
function coarser(bins: readonly BinView[]): readonly BinView[] {
  const inner = bins.slice(1, -1);
  const total = bins.reduce((sum, bin) => sum + bin.count, 0);
  const together = Math.ceil(inner.length / Math.max(1, Math.round(2 * Math.cbrt(total))));
  const [first, last] = [bins[0], bins.at(-1)];
  if (together < 2 || first === undefined || last === undefined) return bins;
  const merged = Array.from({ length: Math.ceil(inner.length / together) }, (_, index) =>
    oneOf(inner.slice(index * together, (index + 1) * together)),
  );
  return [first, ...merged, last];
}

function oneOf(bins: readonly BinView[]): BinView {
  const upper = bins.at(-1)?.upper ?? null;
  return {
    name: String(upper),
    lower: bins[0]?.lower ?? null,
    upper,
    count: bins.reduce((sum, bin) => sum + bin.count, 0),
    reference: bins.reduce<number | null>(
      (sum, { reference }) => (sum === null || reference === null ? null : sum + reference),
      0,
    ),
  };
}

/** Where edges lie on the axis, in [0, 1]. */
function axis(edges: readonly number[]): { readonly positions: readonly number[]; readonly bent: boolean } {
  const at = (share: number): number => edges[Math.round(share * (edges.length - 1))] ?? 0;
  const middle = at(0.75) - at(0.25);
  const bent = middle > 0 && at(1) - at(0) > heavyTailed * middle;
  const bend = (edge: number): number => (bent ? Math.asinh((2 * (edge - at(0.5))) / middle) : edge);
  const low = bend(at(0));
  const span = bend(at(1)) - low;
  // Edges may be as far apart as numbers can be: then their difference is none.
  const usable = span > 0 && Number.isFinite(span);
  return { positions: edges.map((edge, index) => (usable ? (bend(edge) - low) / span : index / edges.length)), bent };
}

function place(bins: readonly BinView[], positions: readonly number[]): Bar[] {
  const inner = bins.slice(1, -1);
  const tail = inner.length > 0 ? tailWidth : (width - tailGap) / 2;
  const room = width - 2 * (tail + (inner.length > 0 ? tailGap : tailGap / 2));
  const asked = inner.map((_, index) => Math.max(thinnest, ((positions[index + 1] ?? 0) - (positions[index] ?? 0)) * room));
  const scale = room / asked.reduce((sum, one) => sum + one, 0);
  let left = tail + tailGap;
  const between = inner.map((bin, index): Bar => {
    const bar = { left, width: (asked[index] ?? 0) * scale, bin, tail: false };
    left += bar.width;
    return bar;
  });
  const ends = [bins[0], bins.at(-1)].flatMap((bin, index): Bar[] => {
    return bin === undefined ? [] : [{ left: index === 0 ? 0 : width - tail, width: tail, bin, tail: true }];
  });
  return [...ends.slice(0, 1), ...between, ...ends.slice(1)];
}

// A small histogram as SVG: the area of a bar is its share of the values, so bins of any width can be compared. The bins
// at both ends are open: they stand apart, with a width of their own.
import { type Html, html } from "./html.ts";
import type { BinView } from "./model-view.ts";

const width = 240;
const height = 60;
const tailWidth = 9;
const tailGap = 3;
const thinnest = 1;
/** A bar this many times as high as the median one is cut, else a value that repeats would flatten all others. */
const highest = 4;
/** Where the outer edges lie this many times further apart than the middle half of all edges, the axis is bent. */
const heavyTailed = 12;

interface Bar {
  readonly left: number;
  readonly width: number;
  readonly count: number;
}

export interface Chart {
  readonly svg: Html;
  /** What those bars stand for that were cut. */
  readonly cut: readonly BinView[];
  /** The axis is not linear: it is stretched in the middle. */
  readonly bent: boolean;
}

/** @param label what a reader who does not see the picture is told */
export function histogram(bins: readonly BinView[], label: string): Chart {
  const drawn = coarser(bins);
  const edges = drawn.slice(0, -1).map((bin) => bin.upper ?? 0);
  const { positions, bent } = axis(edges);
  const bars = place(drawn, positions);
  const heights = bars.map((bar) => bar.count / bar.width);
  const filled = heights.filter((one) => one > 0).sort((a, b) => a - b);
  const most = Math.min(filled.at(-1) ?? 1, highest * (filled[filled.length >> 1] ?? 1));
  const path = bars.map((bar, index) => shape(bar, (heights[index] ?? 0) / most)).join("");
  const svg = html`<svg class="chart" role="img" aria-label="${label}" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none"><path d="${path}"/></svg>`;
  return { svg, cut: drawn.filter((_, index) => (heights[index] ?? 0) > most * 1.001), bent };
}

/** Few values in many bins are a picture of chance: there are as many bars as Rice's rule says (2 n^(1/3)), and the tails. */
function coarser(bins: readonly BinView[]): readonly BinView[] {
  const inner = bins.slice(1, -1);
  const total = bins.reduce((sum, bin) => sum + bin.count, 0);
  const together = Math.ceil(inner.length / Math.max(1, Math.round(2 * Math.cbrt(total))));
  const [first, last] = [bins[0], bins.at(-1)];
  if (together < 2 || first === undefined || last === undefined) return bins;
  const merged = Array.from({ length: Math.ceil(inner.length / together) }, (_, index) => {
    const some = inner.slice(index * together, (index + 1) * together);
    const upper = some.at(-1)?.upper ?? null;
    const count = some.reduce((sum, bin) => sum + bin.count, 0);
    return { name: String(upper), lower: some[0]?.lower ?? null, upper, count, reference: null };
  });
  return [first, ...merged, last];
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
  const inner = bins.length - 2;
  const tail = inner > 0 ? tailWidth : (width - tailGap) / 2;
  const room = width - 2 * (tail + (inner > 0 ? tailGap : tailGap / 2));
  const asked = Array.from({ length: Math.max(0, inner) }, (_, index) =>
    Math.max(thinnest, ((positions[index + 1] ?? 0) - (positions[index] ?? 0)) * room),
  );
  const scale = room / asked.reduce((sum, one) => sum + one, 0);
  let left = tail + tailGap;
  const bars = asked.map((one, index) => {
    const bar = { left, width: one * scale, count: bins[index + 1]?.count ?? 0 };
    left += bar.width;
    return bar;
  });
  const first = { left: 0, width: tail, count: bins[0]?.count ?? 0 };
  const last = { left: width - tail, width: tail, count: bins.length > 1 ? (bins.at(-1)?.count ?? 0) : 0 };
  return [first, ...bars, last].slice(0, Math.max(2, bins.length));
}

/** A bar of some share of the height; one that is cut has a slit near its top. What is not empty is seen. */
function shape(bar: Bar, share: number): string {
  if (bar.count === 0) return "";
  const wide = bar.width > 3 ? bar.width - 0.6 : bar.width;
  const box = (top: number, bottom: number): string =>
    `M${short(bar.left)} ${short(top)}h${short(wide)}V${short(bottom)}h-${short(wide)}z`;
  if (share > 1.001) return box(0, 4) + box(7, height);
  return box(Math.min(height - 0.7, height * (1 - share)), height);
}

const short = (value: number): string => String(Math.round(value * 10) / 10);

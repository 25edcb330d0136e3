// A small histogram as SVG: the area of a bar is its share of the values, so bins of any width can be compared. The bins
// at both ends are open: they stand apart, with a width of their own. Where a reference is known, a line over the bars
// shows how high each would be if values were as in the reference.
import { type Bar, layOut, width } from "./histogram-bars.ts";
import { type Html, html, nothing } from "./html.ts";
import type { BinView } from "./model-view.ts";

const height = 60;
/** A bar this many times as high as the median one is cut, else a value that repeats would flatten all others. */
const highest = 4;
/** What is higher than the highest by no more than rounding is not cut. */
const cutFrom = 1.001;
/** The line stays this far inside of the picture, else half of its width is lost. */
const lineMargin = 0.8;

export interface Chart {
  readonly svg: Html;
  /** What those bars stand for that were cut, they or what the reference has in their place. */
  readonly cut: readonly BinView[];
  /** The axis is not linear: it is stretched in the middle. */
  readonly bent: boolean;
  /** The line of the reference is drawn. */
  readonly compared: boolean;
}

/** @param label what a reader who does not see the picture is told */
export function histogram(bins: readonly BinView[], label: string): Chart {
  const { bars, bent } = layOut(bins);
  const total = bins.reduce((sum, bin) => sum + bin.count, 0);
  const compared = bars.every(({ bin }) => bin.reference !== null);
  const heights = bars.map((bar) => bar.bin.count / bar.width);
  const expected = compared ? bars.map((bar) => ((bar.bin.reference ?? 0) * total) / bar.width) : [];
  const most = highestShown([...heights, ...expected]);
  const path = bars.map((bar, index) => shape(bar, (heights[index] ?? 0) / most)).join("");
  const line = compared
    ? html`<path class="ref" d="${outline(
        bars,
        expected.map((one) => one / most),
      )}"/>`
    : nothing;
  const svg = html`<svg class="chart" role="img" aria-label="${label}" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none"><path d="${path}"/>${line}</svg>`;
  const isCut = (index: number): boolean => Math.max(heights[index] ?? 0, expected[index] ?? 0) > most * cutFrom;
  return { svg, cut: bars.filter((_, index) => isCut(index)).map(({ bin }) => bin), bent, compared };
}

function highestShown(heights: readonly number[]): number {
  const filled = heights.filter((one) => one > 0).sort((a, b) => a - b);
  return Math.min(filled.at(-1) ?? 1, highest * (filled[filled.length >> 1] ?? 1));
}

/** A bar of some share of the height; one that is cut has a slit near its top. What is not empty is seen. */
function shape(bar: Bar, share: number): string {
  if (bar.bin.count === 0) return "";
  const wide = bar.width > 3 ? bar.width - 0.6 : bar.width;
  const box = (top: number, bottom: number): string =>
    `M${short(bar.left)} ${short(top)}h${short(wide)}V${short(bottom)}h-${short(wide)}z`;
  if (share > cutFrom) return box(0, 4) + box(7, height);
  return box(Math.min(height - 0.7, height * (1 - share)), height);
}

/** Steps from bar to bar; the open bins have a piece of their own. */
function outline(bars: readonly Bar[], shares: readonly number[]): string {
  const steps = bars.map((bar, index) => {
    const top = short(Math.max(lineMargin, Math.min(height - lineMargin, height * (1 - (shares[index] ?? 0)))));
    const begins = bar.tail || bars[index - 1]?.tail === true;
    return `${begins ? `M${short(bar.left)} ${top}` : `V${top}`}H${short(bar.left + bar.width)}`;
  });
  return steps.join("");
}

const short = (value: number): string => String(Math.round(value * 10) / 10);

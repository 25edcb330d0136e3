// A window's bins against those of the reference, in one sentence: for who does not see the picture.
import { interval } from "./bin-text.ts";
import type { BinView } from "./model-view.ts";
import { shareText } from "./quantity-text.ts";

/** Shares that differ by less look alike. */
const visible = 0.001;

interface Gap {
  readonly bin: BinView;
  readonly share: number;
  readonly reference: number;
}

/** Empty where no reference is known. @param samples values of the window, more than 0 */
export function comparisonText(bins: readonly BinView[], samples: number): string {
  const gaps = bins.flatMap((bin): Gap[] =>
    bin.reference === null ? [] : [{ bin, share: bin.count / samples, reference: bin.reference }],
  );
  if (gaps.length === 0) return "";
  const sorted = gaps.toSorted((a, b) => more(a) - more(b));
  const [fewest, most] = [sorted[0], sorted.at(-1)];
  const parts = [
    most !== undefined && more(most) >= visible ? `most gained in ${gapText(most)}` : "",
    fewest !== undefined && more(fewest) <= -visible ? `most lost in ${gapText(fewest)}` : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? "As the reference" : `Against the reference: ${parts.join(", ")}`;
}

function more({ share, reference }: Gap): number {
  return share - reference;
}

function gapText({ bin, share, reference }: Gap): string {
  return `${interval(bin)} (${shareText(share)} instead of ${shareText(reference)})`;
}

// Why the mean of an output changed: a sentence for each change, and a table of what explains it on demand. Markup only.
import { interval } from "./bin-text.ts";
import { type Html, html, joined, nothing } from "./html.ts";
import type { BinView, CauseView, ChangeView } from "./model-view.ts";
import { leftOut, type PageBudget } from "./page-budget.ts";
import { minuteText, numberShort, shareText, signedShort } from "./quantity-text.ts";
import { plainName, shownName } from "./shown-name.ts";
import { type Column, type Row, table } from "./table.ts";

const inSentence = 3;
const inTable = 5;
const longestName = 40;
/** A part so many times the change is no share of it: large parts cancel each other, and per cents would say nothing. */
const cancelling = 10;
/** Means that differ by less of themselves differ by rounding. */
const rounding = 1e-9;

export function causeList(causes: readonly ChangeView[], budget: PageBudget, jsonPath: string): Html {
  if (causes.length === 0) return nothing;
  const items = budget.take(causes, (change) => html`<li>${changeText(change)}${causeTable(change)}</li>`);
  return html`<h3>Why it changed</h3><ul class="causes">${items}</ul>${leftOut(causes.length - items.length, jsonPath)}`;
}

function changeText(change: ChangeView): Html {
  const { window, referenceMean, windowMean, sinceMillis } = change;
  const from = numberShort(referenceMean);
  const to = numberShort(windowMean);
  const since = sinceMillis === null ? nothing : html`; since ${minuteText(sinceMillis)}`;
  const moved = windowMean - referenceMean;
  return html`${metricName(change)} mean ${from} → ${to} (${signedShort(moved)}) in ${window}: ${explanation(change)}${since}`;
}

function metricName({ metric }: ChangeView): Html {
  return shownName(metric.replace(/^\$/, ""), longestName);
}

/** The change where parts can be shares of it, else null. */
function wholeOf({ referenceMean, windowMean, features }: ChangeView): number | null {
  const change = windowMean - referenceMean;
  const size = Math.max(Math.abs(referenceMean), Math.abs(windowMean));
  const largest = Math.max(0, ...features.map(({ mix }) => Math.abs(mix)));
  const tooSmall = Math.abs(change) <= rounding * size || largest > cancelling * Math.abs(change);
  return tooSmall ? null : change;
}

function explanation(change: ChangeView): Html {
  const whole = wholeOf(change);
  const features = change.features.filter(({ mix }) => mix !== 0).slice(0, inSentence);
  if (features.length === 0) return html`no feature explains it by its shares`;
  const parts = features.map((cause, index) => causeText(cause, whole, index === 0));
  const lead = whole === null ? html`parts of it cancel each other: ` : nothing;
  return html`${lead}${joined(parts, "; ")}`;
}

function causeText(cause: CauseView, whole: number | null, first: boolean): Html {
  const name = shownName(cause.feature, longestName);
  return html`${name} ${partText(cause.mix, whole, first)}${binText(cause)}`;
}

function partText(mix: number, whole: number | null, first: boolean): string {
  if (whole === null) return signedShort(mix);
  const share = mix / whole;
  if (share < 0) return `works against it (${signedShort(mix)})`;
  if (share > 1) return `alone would explain more than all of it (${signedShort(mix)})`;
  return `${first ? "explains " : ""}${shareText(share)}`;
}

/** The bin is told of where it works as its feature does. */
function binText({ mix, bin, binMix }: CauseView): Html {
  if (bin === null || !(binMix / mix > 0)) return nothing;
  return html`, ${binMix / mix > 0.5 ? "most" : "the largest part"} of it ${binName(bin)}`;
}

function binName(bin: BinView): Html {
  const { lower, upper, name } = bin;
  if (lower === null && upper === null) return shownName(name, longestName);
  if (lower === null) return html`the bin up to ${numberShort(upper ?? 0)}`;
  return upper === null ? html`the bin above ${numberShort(lower)}` : html`the bin ${interval(bin)}`;
}

const columns: readonly Column[] = [
  { heading: "Feature" },
  { heading: "Its part" },
  { heading: "Of the change" },
  { heading: "Bin" },
  { heading: "The bin's part" },
];

function causeTable(change: ChangeView): Html {
  const { metric, window, features } = change;
  if (features.length === 0) return nothing;
  const whole = wholeOf(change);
  const rows = features.slice(0, inTable).map((cause): Row => {
    const { feature, mix, bin, binMix } = cause;
    const share = whole === null ? "–" : percentText(mix / whole);
    const ofBin = bin === null ? ["–", "–"] : [binName(bin), signedShort(binMix)];
    return { head: shownName(feature, longestName), cells: [signedShort(mix), share, ...ofBin] };
  });
  const what = `${plainName(metric, longestName)} in ${window}`;
  return html`<details><summary>All parts<span class="hidden"> of ${what}</span></summary>${table(`What explains the mean of ${what}; parts of related features overlap`, columns, rows, "numbers")}</details>`;
}

/** Also of parts that are more than all, or of the other sign. */
function percentText(share: number): string {
  return share < 0 ? `−${shareText(-share)}` : shareText(share);
}

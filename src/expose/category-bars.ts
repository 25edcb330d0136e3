// The commonest categories of a feature as bars with names and shares, beside those of the reference: a table, so that it
// reads without the picture.
import { type Html, html, nothing } from "./html.ts";
import type { BinView, FeatureView, FeatureWindow } from "./model-view.ts";
import { counted, shareText } from "./quantity-text.ts";
import { plainName, shownName } from "./shown-name.ts";

const mostBars = 6;
const longestName = 40;
/** In per cent of the bar's room: what is there is seen, and a tick at an end is not cut in half. */
const shortestBar = 0.5;
const tickMargin = 0.6;

export function categoryBars(feature: FeatureView, { window, bins, samples, distinct }: FeatureWindow): Html {
  const filled = bins.filter((bin) => bin.count > 0 || (bin.reference ?? 0) > 0);
  const sorted = filled.sort((a, b) => importance(b, samples) - importance(a, samples));
  const compared = filled.some(({ reference }) => reference !== null);
  const rows = sorted.slice(0, mostBars).map((bin) => barRow(bin, samples, compared));
  const caption = html`<caption>Commonest values of ${plainName(feature.name)}</caption>`;
  const head = compared ? heading(window) : nothing;
  return html`<table class="bars">${caption}${head}<tbody>${rows}</tbody></table>${note(sorted.slice(mostBars), samples, distinct)}`;
}

/** What was common and no longer is matters as much as what is common. */
function importance({ count, reference }: BinView, samples: number): number {
  return Math.max(count / samples, reference ?? 0);
}

function heading(window: string): Html {
  return html`<thead><tr><td colspan="2">tick: reference</td><th scope="col" class="number">${window}</th><th scope="col" class="number">ref.<span class="hidden"> share in the reference</span></th></tr></thead>`;
}

function barRow({ name, count, reference }: BinView, samples: number, compared: boolean): Html {
  const share = count / samples;
  const expected = compared ? html`<td class="number">${reference === null ? "–" : shareText(reference)}</td>` : nothing;
  return html`<tr><th scope="row">${shownName(name, longestName)}</th><td>${bar(share, reference)}</td><td class="number">${shareText(share)}</td>${expected}</tr>`;
}

function bar(share: number, reference: number | null): Html {
  const length = share === 0 ? 0 : Math.max(shortestBar, tenths(share));
  const at = Math.max(tickMargin, Math.min(100 - tickMargin, tenths(reference ?? 0)));
  const tick = reference === null ? nothing : html`<path class="ref" d="M${at} 0v8"/>`;
  return html`<svg class="bar" aria-hidden="true" viewBox="0 0 100 8" preserveAspectRatio="none"><path d="M0 1h${length}v6H0z"/>${tick}</svg>`;
}

/** In per cent, to a tenth. */
function tenths(share: number): number {
  return Math.round(share * 1000) / 10;
}

function note(others: readonly BinView[], samples: number, distinct: number | null): Html {
  const rest = others.reduce((sum, bin) => sum + bin.count, 0);
  const parts = [
    rest > 0 ? `${counted(others.length, "other bin")}: ${shareText(rest / samples)}` : "",
    distinct === null ? "" : counted(Math.round(distinct), "different value"),
  ].filter((part) => part !== "");
  return parts.length === 0 ? nothing : html`<p class="soft">${parts.join(" · ")}</p>`;
}

// The commonest categories of a feature as bars with names and shares: a table, so that it reads without the picture.
import { type Html, html, nothing } from "./html.ts";
import type { FeatureView, FeatureWindow } from "./model-view.ts";
import { counted, shareText } from "./quantity-text.ts";
import { plainName, shownName } from "./shown-name.ts";

const mostBars = 6;
const longestName = 40;

export function categoryBars(feature: FeatureView, { bins, samples, distinct }: FeatureWindow): Html {
  const filled = bins.filter((bin) => bin.count > 0).sort((a, b) => b.count - a.count);
  const shown = filled.slice(0, mostBars);
  const rows = shown.map(({ name, count }) => {
    return html`<tr><th scope="row">${shownName(name, longestName)}</th><td>${bar(count / samples)}</td><td class="number">${shareText(count / samples)}</td></tr>`;
  });
  const rest = filled.slice(mostBars).reduce((sum, bin) => sum + bin.count, 0);
  const parts = [
    rest > 0 ? `${counted(filled.length - mostBars, "other bin")}: ${shareText(rest / samples)}` : "",
    distinct === null ? "" : `${counted(Math.round(distinct), "different value")}`,
  ].filter((part) => part !== "");
  const note = parts.length === 0 ? nothing : html`<p class="soft">${parts.join(" · ")}</p>`;
  return html`<table class="bars"><caption>Commonest values of ${plainName(feature.name)}</caption><tbody>${rows}</tbody></table>${note}`;
}

function bar(share: number): Html {
  const length = Math.max(0.5, Math.round(share * 1000) / 10);
  return html`<svg class="bar" aria-hidden="true" viewBox="0 0 100 8" preserveAspectRatio="none"><path d="M0 0h${length}v8H0z"/></svg>`;
}

// One feature or output on a model's page: its newest window as a picture and in words, against the reference where there is
// one; all windows as tables on demand.
import { comparisonText } from "./bin-comparison.ts";
import { interval, quantileName } from "./bin-text.ts";
import { categoryBars } from "./category-bars.ts";
import { featureAlarms, featureDrift } from "./feature-drift.ts";
import { featureTables } from "./feature-tables.ts";
import { histogram } from "./histogram.ts";
import { type Html, html, joined, nothing } from "./html.ts";
import type { BinView, FeatureView, FeatureWindow } from "./model-view.ts";
import { stateText } from "./quality-text.ts";
import { counted, numberShort, shareText } from "./quantity-text.ts";
import { plainName, shownName } from "./shown-name.ts";

export function featureCard(feature: FeatureView): Html {
  const [current] = feature.windows;
  const content = current === undefined ? emptyText(feature) : windowContent(feature, current);
  const look = featureAlarms(feature) ? "card alarm" : "card";
  return html`<article class="${look}"><h4>${shownName(feature.name)}</h4>${content}</article>`;
}

function emptyText({ type }: FeatureView): Html {
  const why = type === "undecided" ? "too few values to tell numbers from categories" : "no recent window";
  return html`<p class="soft">${why}</p>`;
}

function windowContent(feature: FeatureView, current: FeatureWindow): Html {
  const learning = feature.learning ? " · bins not frozen yet" : "";
  return html`<p class="soft">${feature.type} · ${counted(current.samples, "value")} in ${current.window}${learning}</p>${problems(current)}${
    current.samples === 0 ? html`<p class="soft">nothing to draw</p>` : picture(feature, current)
  }${featureDrift(feature)}${featureTables(feature)}`;
}

/** States of values but ok, in words. */
function problems({ states }: FeatureWindow): Html {
  const total = states.reduce((sum, state) => sum + state.count, 0);
  const found = states.filter(({ name, count }) => name !== "ok" && count > 0);
  if (found.length === 0) return nothing;
  const texts = found.map(({ name, count }) => html`${shareText(count / total)} ${stateText(name)}`);
  return html`<p class="flag">${joined(texts, " · ")}</p>`;
}

function picture(feature: FeatureView, current: FeatureWindow): Html {
  if (feature.type === "categorical") return categoryBars(feature, current);
  return html`${numberChart(feature, current)}${numberList(current)}`;
}

function numberChart(feature: FeatureView, current: FeatureWindow): Html {
  const { bins, window, samples } = current;
  if (bins.length < 2) return nothing;
  const comparison = comparisonText(bins, samples);
  const label = `Histogram of ${plainName(feature.name)}: ${counted(samples, "value")} in ${window}; ${spread(current)}.${comparison === "" ? "" : ` ${comparison}.`}`;
  const { svg, cut, bent, compared } = histogram(bins, label);
  const notes = cut
    .toSorted((a, b) => b.count - a.count)
    .slice(0, 1)
    .map((bin) => cutText(bin, samples));
  if (bent) notes.push(html`axis not linear`);
  if (compared) notes.unshift(html`bars: ${window}, line: reference`);
  const first = bins[0]?.upper ?? 0;
  const last = bins.at(-1)?.lower ?? 0;
  return html`${svg}<div class="ends" aria-hidden="true"><span>${numberShort(first)}</span><span>${numberShort(last)}</span></div>${
    notes.length === 0 ? nothing : html`<p class="soft">${joined(notes, " · ")}</p>`
  }`;
}

function cutText(bin: BinView, samples: number): Html {
  const expected = bin.reference === null ? "" : `, ${shareText(bin.reference)} of the reference`;
  return html`cut off: ${interval(bin)} holds ${shareText(bin.count / samples)}${expected}`;
}

function spread({ quantiles }: FeatureWindow): string {
  return quantiles.map(({ q, value }) => `${quantileName(q)} ${numberShort(value)}`).join(", ");
}

function numberList({ mean, standardDeviation, quantiles }: FeatureWindow): Html {
  const values: [string, number | null][] = [
    ["mean", mean],
    ["std. dev.", standardDeviation],
    ...quantiles.map(({ q, value }): [string, number] => [quantileName(q), value]),
  ];
  const items = values.map(([name, value]) => {
    return html`<div><dt>${name}</dt><dd>${value === null ? "–" : numberShort(value)}</dd></div>`;
  });
  return html`<dl>${items}</dl>`;
}

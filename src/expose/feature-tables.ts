// All windows of a feature as tables, folded away until they are asked for: moments, quantiles, states, counts by bin.
import { interval, quantileName } from "./bin-text.ts";
import { type Html, html, nothing } from "./html.ts";
import type { BinView, FeatureView, FeatureWindow } from "./model-view.ts";
import { stateText } from "./quality-text.ts";
import { countText, numberShort } from "./quantity-text.ts";
import { plainName, shownName } from "./shown-name.ts";
import { type Column, type Row, table } from "./table.ts";

const longestCategory = 60;

export function featureTables(feature: FeatureView): Html {
  const name = plainName(feature.name);
  const numbers = table(`Windows of ${name}`, columns("Measure", feature.windows), measureRows(feature.windows));
  const bins = binTable(feature.windows, name);
  return html`<details><summary>All numbers<span class="hidden"> of ${name}</span></summary>${numbers}${bins}</details>`;
}

function columns(first: string, windows: readonly FeatureWindow[]): Column[] {
  return [{ heading: first }, ...windows.map(({ window }): Column => ({ heading: window, kind: "number" }))];
}

function measureRows(windows: readonly FeatureWindow[]): Row[] {
  const [first] = windows;
  const number = (value: number | null | undefined): string => (value === null || value === undefined ? "–" : numberShort(value));
  const rows = [
    row(
      "values",
      windows.map(({ samples }) => countText(samples)),
    ),
    ...(first?.states ?? []).map(({ name }, index) =>
      row(
        stateText(name),
        windows.map(({ states }) => countText(states[index]?.count ?? 0)),
      ),
    ),
  ];
  if (windows.some(({ mean }) => mean !== null)) {
    rows.push(
      row(
        "mean",
        windows.map(({ mean }) => number(mean)),
      ),
    );
    rows.push(
      row(
        "standard deviation",
        windows.map(({ standardDeviation }) => number(standardDeviation)),
      ),
    );
  }
  const quantiles = windows.find((window) => window.quantiles.length > 0)?.quantiles ?? [];
  for (const [index, { q }] of quantiles.entries()) {
    rows.push(
      row(
        quantileName(q),
        windows.map((window) => number(window.quantiles[index]?.value)),
      ),
    );
  }
  if (windows.some(({ distinct }) => distinct !== null)) {
    rows.push(
      row(
        "different values",
        windows.map(({ distinct }) => (distinct === null ? "–" : countText(distinct))),
      ),
    );
  }
  return rows;
}

function row(name: string, cells: readonly string[]): Row {
  return { head: html`${name}`, cells };
}

/** Bins of windows are the same once they are frozen; until then each window has its own, and the first one is shown. */
function binTable(windows: readonly FeatureWindow[], name: string): Html {
  const [first] = windows;
  if (first === undefined || first.bins.length === 0) return nothing;
  const alike = windows.filter((window) => sameBins(window.bins, first.bins));
  const rows = first.bins.map((bin, index): Row => {
    const category = bin.lower === null && bin.upper === null;
    const head = category ? shownName(bin.name, longestCategory) : html`${interval(bin)}`;
    return { head, cells: alike.map(({ bins }) => countText(bins[index]?.count ?? 0)) };
  });
  return table(`Counts by bin of ${name}`, columns("Bin", alike), rows);
}

function sameBins(some: readonly BinView[], others: readonly BinView[]): boolean {
  return some.length === others.length && some.every((bin, index) => bin.name === others[index]?.name);
}

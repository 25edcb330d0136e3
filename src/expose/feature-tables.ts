// All windows of a feature as tables, folded away until they are asked for: moments, quantiles, states, drift, counts by bin.
import { interval, quantileName } from "./bin-text.ts";
import { driftRows } from "./drift-rows.ts";
import { type Html, html, nothing } from "./html.ts";
import type { BinView, FeatureView, FeatureWindow } from "./model-view.ts";
import { stateText } from "./quality-text.ts";
import { countText, numberShort, shareText } from "./quantity-text.ts";
import { plainName, shownName } from "./shown-name.ts";
import { type Column, type Row, table } from "./table.ts";

const longestCategory = 60;
const absent = "–";

export function featureTables(feature: FeatureView): Html {
  const { windows } = feature;
  const name = plainName(feature.name);
  const numbers = table(`Windows of ${name}`, columns("Measure", windows), measureRows(windows), "numbers");
  const drift = driftRows(windows);
  const compared = drift.length === 0 ? nothing : table(`Drift of ${name}`, columns("Drift", windows), drift, "numbers");
  return html`<details><summary>All numbers<span class="hidden"> of ${name}</span></summary>${numbers}${compared}${binTable(windows, name)}</details>`;
}

function columns(first: string, windows: readonly FeatureWindow[]): Column[] {
  return [{ heading: first }, ...windows.map(({ window }) => ({ heading: window }))];
}

type Measure = (window: FeatureWindow) => number | null | undefined;

function measureRows(windows: readonly FeatureWindow[]): Row[] {
  const states = windows[0]?.states ?? [];
  const quantiles = windows.find((window) => window.quantiles.length > 0)?.quantiles ?? [];
  const row = (name: string, of: Measure, text: (value: number) => string = numberShort): Row[] => {
    const values = windows.map(of);
    if (values.every((value) => value === null || value === undefined)) return [];
    return [
      { head: html`${name}`, cells: values.map((value) => (value === null || value === undefined ? absent : text(value))) },
    ];
  };
  return [
    ...row("values", ({ samples }) => samples, countText),
    ...states.flatMap(({ name }, index) => {
      const occurs = windows.some((window) => (window.states[index]?.count ?? 0) > 0);
      return occurs ? row(stateText(name), (window) => window.states[index]?.count ?? 0, countText) : [];
    }),
    ...row("mean", ({ mean }) => mean),
    ...row("standard deviation", ({ standardDeviation }) => standardDeviation),
    ...quantiles.flatMap(({ q }, index) => row(quantileName(q), (window) => window.quantiles[index]?.value)),
    ...row("different values", ({ distinct }) => distinct, countText),
  ];
}

/** Bins of windows are the same once they are frozen; until then each window has its own, and the first one is shown. */
function binTable(windows: readonly FeatureWindow[], name: string): Html {
  const [first] = windows;
  if (first === undefined || first.bins.length === 0) return nothing;
  const alike = windows.filter((window) => sameBins(window.bins, first.bins));
  const references = distinctReferences(alike);
  const rows = first.bins.map((bin, index): Row => {
    const category = bin.lower === null && bin.upper === null;
    const head = category ? shownName(bin.name, longestCategory) : html`${interval(bin)}`;
    const counts = alike.map(({ bins }) => countText(bins[index]?.count ?? 0));
    return { head, cells: [...counts, ...references.map(({ bins }) => referenceText(bins[index]))] };
  });
  const headings = references.map(({ window }) => ({ heading: references.length > 1 ? `Reference of ${window}` : "Reference" }));
  return table(`Counts by bin of ${name}`, [...columns("Bin", alike), ...headings], rows, "numbers");
}

function referenceText(bin: BinView | undefined): string {
  const share = bin?.reference ?? null;
  return share === null ? absent : shareText(share);
}

/** Windows that are compared with different shares (of their own hours of the day), else the first: one column each. */
function distinctReferences(windows: readonly FeatureWindow[]): FeatureWindow[] {
  const known = windows.filter(({ bins }) => bins.some(({ reference }) => reference !== null));
  return known.filter((window, index) => known.findIndex((other) => sameReference(window.bins, other.bins)) === index);
}

function sameReference(some: readonly BinView[], others: readonly BinView[]): boolean {
  return some.every(({ reference }, index) => reference === others[index]?.reference);
}

function sameBins(some: readonly BinView[], others: readonly BinView[]): boolean {
  return some.length === others.length && some.every((bin, index) => bin.name === others[index]?.name);
}

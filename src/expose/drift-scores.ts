// Scores of drift in words, and of how many values they are.
import { type Html, html, nothing } from "./html.ts";
import type { DriftView, NamedNumber } from "./model-view.ts";
import { countText, numberShort, shareText } from "./quantity-text.ts";

interface ScoreWords {
  readonly title: string;
  readonly sentence: (value: number) => string;
}

/** By their names on /metrics; the first three are for people, and shown wherever they are there. */
const words: readonly (readonly [name: string, words: ScoreWords])[] = [
  ["psi_adjusted", { title: "PSI, adjusted", sentence: (value) => `PSI ${numberShort(value)} beyond chance (adjusted)` }],
  ["total_variation", { title: "total variation", sentence: (value) => `${shareText(value)} of values moved (total variation)` }],
  [
    "wasserstein",
    { title: "Wasserstein (std. dev.)", sentence: (value) => `mean distance ${numberShort(value)} standard deviations` },
  ],
  ["psi", { title: "PSI", sentence: (value) => `PSI ${numberShort(value)}` }],
  ["jensen_shannon", { title: "Jensen-Shannon", sentence: (value) => `Jensen-Shannon distance ${numberShort(value)}` }],
  ["hellinger", { title: "Hellinger", sentence: (value) => `Hellinger distance ${numberShort(value)}` }],
  [
    "kolmogorov_smirnov",
    { title: "Kolmogorov-Smirnov", sentence: (value) => `Kolmogorov-Smirnov distance ${numberShort(value)}` },
  ],
];
const byName: ReadonlyMap<string, ScoreWords> = new Map(words);
const forPeople = words.slice(0, 3).map(([name]) => name);
const mostShown = 3;

export function scoreTitle(name: string): string {
  return byName.get(name)?.title ?? name.replaceAll("_", " ");
}

/** The main scores with their sample size; nothing where there are none. */
export function scoreText(drift: DriftView, window: string): Html {
  const main = drift.scores.filter(({ name }) => forPeople.includes(name)).sort(byPlace);
  const shown = main.length > 0 ? main : drift.scores.slice(0, mostShown);
  if (shown.length === 0) return nothing;
  return html`${shown.map(sentence).join(", ")}, of ${countText(drift.samples)} values${basis(drift, window)}`;
}

function byPlace(a: NamedNumber, b: NamedNumber): number {
  return forPeople.indexOf(a.name) - forPeople.indexOf(b.name);
}

function sentence({ name, value }: NamedNumber): string {
  return byName.get(name)?.sentence(value) ?? `${scoreTitle(name)} ${numberShort(value)}`;
}

/** What they are of, where that is not simply the window against the whole reference. */
function basis(drift: DriftView, window: string): string {
  const looked = drift.window === window ? "" : ` over ${drift.window}, as ${window} has too few values`;
  return `${looked}${drift.matched ? ", against the same hours of the day" : ""}`;
}

// The models on the overview: one row each, its versions together. Markup only.
import { driftingText } from "./drifting-text.ts";
import { type Html, html, nothing } from "./html.ts";
import { modelLink } from "./model-link.ts";
import type { PageBudget } from "./page-budget.ts";
import { problemText } from "./quality-text.ts";
import { counted, countText, numberShort, shareText, shownAgo } from "./quantity-text.ts";
import { shortName, shownName } from "./shown-name.ts";
import { isSilent } from "./status-health.ts";
import type { ModelSummary, StatusView, VersionSummary } from "./status-view.ts";
import { type Column, type Row, tableOf, tableRow } from "./table.ts";

const columns: readonly Column[] = [
  { heading: "Model" },
  { heading: "Per second", kind: "number" },
  { heading: "Errors", kind: "number" },
  { heading: "Predictions", kind: "number" },
  { heading: "Last event" },
  { heading: "Data quality", kind: "text" },
  { heading: "Drift", kind: "text" },
  { heading: "Performance" },
];

export function modelTable({ models, nowMillis }: StatusView, budget: PageBudget): Html {
  const rows = budget.take(models, (model) => tableRow(columns, row(model, nowMillis), "stacked"));
  const window = models
    .flatMap((model) => model.versions.map((version) => version.window?.window))
    .find((one) => one !== undefined);
  const caption =
    window === undefined ? "Models" : `Traffic and data quality in the newest window of ${window}; totals since first seen`;
  const table =
    models.length === 0
      ? html`<p>No model has been seen yet. One appears with its first prediction.</p>`
      : tableOf(caption, columns, rows, "stacked");
  const more = models.length - rows.length;
  const rest =
    more > 0 ? html`<p class="small soft">${counted(more, "more model")} in the <a href="/api/v1/status">JSON</a>.</p>` : nothing;
  return html`<section aria-labelledby="models"><h2 id="models">Models</h2>${table}${rest}</section>`;
}

function row(model: ModelSummary, nowMillis: number): Row {
  const { name, versions } = model;
  const sum = (of: (version: VersionSummary) => number | null | undefined): number =>
    versions.reduce((total, version) => total + (of(version) ?? 0), 0);
  const last = Math.max(...versions.map((version) => version.lastMillis ?? Number.NEGATIVE_INFINITY));
  const recent = versions.some((version) => version.window !== null && !version.window.stale);
  const predictions = sum((version) => version.window?.predictions);
  const errors = sum((version) => version.window?.errors);
  const share = predictions > 0 ? shareText(errors / predictions) : "–";
  return {
    head: html`${modelLink(name, shortName(name))}${versionNote(versions)}`,
    cells: [
      recent ? numberShort(sum((version) => version.window?.perSecond)) : "–",
      share,
      countText(sum((version) => version.predictions)),
      Number.isFinite(last) ? shownAgo(last, nowMillis) : "–",
      quality(model),
      drift(model),
      headline(model),
    ],
  };
}

function versionNote(versions: readonly VersionSummary[]): Html {
  const [only] = versions;
  if (versions.length === 1 && only !== undefined)
    return html`<br><span class="small soft">version ${shownName(only.version, 24)}</span>`;
  return html`<br><span class="small soft">${counted(versions.length, "version")}</span>`;
}

function quality(model: ModelSummary): Html {
  if (model.versions.every((version) => version.window === null)) return html`<span class="soft">no window yet</span>`;
  if (isSilent(model)) return html`<span class="flag">no recent predictions</span>`;
  const features = Math.max(...model.versions.map((version) => version.quality.features));
  if (features === 0) return html`good`;
  const worst = model.versions.flatMap((version) => version.quality.worst).reduce((a, b) => (b.share > a.share ? b : a));
  return html`<span class="flag">${counted(features, "feature")}:</span> ${problemText(worst)}${features > 1 ? ", …" : ""}`;
}

/** Of the version with the most features that are raised. */
function drift({ versions }: ModelSummary): Html {
  const known = versions.flatMap(({ version, drifting }) => (drifting === null ? [] : [{ version, drifting }]));
  const [worst] = known.sort((a, b) => b.drifting.alarming - a.drifting.alarming);
  if (worst === undefined) return html`<span class="soft">no reference yet</span>`;
  const which = versions.length > 1 && worst.drifting.alarming > 0 ? html`${shownName(worst.version, 24)}: ` : nothing;
  return html`${which}${driftingText(worst.drifting)}`;
}

/** Of the version of which most labels came. */
function headline({ versions }: ModelSummary): Html {
  const known = versions.flatMap(({ headline: one }) => (one === null ? [] : [one]));
  const [most] = known.sort((a, b) => b.samples - a.samples);
  if (most === undefined) return html`–`;
  return html`${most.metric} ${numberShort(most.value)} <span class="small soft">in ${most.window}</span>`;
}

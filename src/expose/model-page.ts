// The page of one model: its versions, and each feature and output of them. Markup only.

import { alarmSection } from "./alarm-section.ts";
import { driftingText } from "./drifting-text.ts";
import { featureCard } from "./feature-card.ts";
import { featureAlarms } from "./feature-drift.ts";
import { type Html, type HtmlValue, html, joined, nothing } from "./html.ts";
import { htmlDocument } from "./html-document.ts";
import { causeList } from "./model-causes.ts";
import { factList } from "./model-facts.ts";
import { modelPath } from "./model-link.ts";
import { referenceText } from "./model-reference.ts";
import type { FeatureView, ModelView, VersionView } from "./model-view.ts";
import { leftOut, PageBudget } from "./page-budget.ts";
import { performanceSection } from "./performance-section.ts";
import { problemText } from "./quality-text.ts";
import { counted, countText, numberShort, shareText, shownAgo, shownTime, timeText } from "./quantity-text.ts";
import { plainName, shownName } from "./shown-name.ts";
import { type Column, type Row, table } from "./table.ts";

/** 150 features of 20 bins in full, with all scores of two windows and names of some length; the rest is counted, and in the JSON. */
const featureBytes = 900_000;

export function modelPage(model: ModelView): string {
  const budget = new PageBudget(featureBytes);
  const path = modelPath(model.name) ?? "/";
  const jsonPath = modelPath(model.name) === undefined ? "/api/v1/status" : `/api/v1${path}`;
  const body = html`<h1><span class="soft">Model</span> ${shownName(model.name)}</h1>
${versionTable(model)}
${model.versions.map((version, index) => versionSection(version, index, model.nowMillis, budget, jsonPath))}`;
  const footer = html`As of <time>${timeText(model.nowMillis)}</time> · all times are UTC`;
  return htmlDocument({ title: `${plainName(model.name)} · Prediction exporter`, path, jsonPath, body, footer });
}

/** What is said of a model that is not known. */
export function unknownModelPage(name: string | undefined): string {
  const what = name === undefined ? html`That is not a name.` : html`There is no model <strong>${shownName(name)}</strong>.`;
  const body = html`<h1>No such model</h1><p>${what} It may not have been seen yet, or have been silent for so long that it was forgotten.</p><p><a href="/">All models</a></p>`;
  return htmlDocument({
    title: "No such model · Prediction exporter",
    path: "/",
    jsonPath: "/api/v1/status",
    body,
    footer: nothing,
  });
}

const versionColumns: readonly Column[] = [
  { heading: "Version" },
  { heading: "Per second", kind: "number" },
  { heading: "Predictions", kind: "number" },
  { heading: "Errors", kind: "number" },
  { heading: "First event" },
  { heading: "Last event" },
];

function versionTable({ versions, nowMillis }: ModelView): Html {
  const ago = (millis: number | null): HtmlValue => (millis === null ? "–" : shownAgo(millis, nowMillis));
  const rows = versions.map(({ version, window, errors, predictions, firstMillis, lastMillis }, index): Row => {
    const rate = window?.perSecond ?? null;
    return {
      head: html`<a href="#version-${index + 1}">${shownName(version)}</a>`,
      cells: [
        rate === null ? "–" : numberShort(rate),
        countText(predictions),
        predictions > 0 ? shareText(errors / predictions) : "–",
        ago(firstMillis),
        ago(lastMillis),
      ],
    };
  });
  return table("Versions, the busiest one first", versionColumns, rows, "stacked");
}

function versionSection(version: VersionView, index: number, nowMillis: number, budget: PageBudget, jsonPath: string): Html {
  const id = `version-${index + 1}`;
  const outputs = version.features.filter((feature) => feature.output);
  const inputs = version.features.filter((feature) => !feature.output);
  return html`<section aria-labelledby="${id}"><h2 id="${id}">Version ${shownName(version.version)}</h2>
${windowText(version, nowMillis)}${alarmSection(version.alarm, nowMillis)}${qualityText(version)}${referenceText(version.reference)}${driftText(version)}${performanceSection(version.performance, nowMillis, budget, jsonPath)}${causeList(version.causes, budget, jsonPath)}${factList(version.facts, nowMillis)}${noticeList(version, nowMillis)}
${grid("Outputs", outputs, budget, jsonPath)}${grid("Features", inputs, budget, jsonPath)}</section>
`;
}

function windowText({ window }: VersionView, nowMillis: number): Html {
  if (window === null) return html`<p>No minute has been closed yet: there is no window to show.</p>`;
  const ended = shownTime(window.endMillis, nowMillis);
  if (window.stale)
    return html`<p class="flag">The newest window of ${window.window} ended at ${ended}: its numbers are withheld.</p>`;
  const errors = (window.errors ?? 0) > 0 ? `, ${counted(window.errors ?? 0, "error")}` : "";
  return html`<p>${counted(window.predictions ?? 0, "prediction")}${errors} in the window of ${window.window} to ${ended}.</p>`;
}

function qualityText({ quality, window }: VersionView): Html {
  if (window === null || window.stale || window.predictions === 0) return nothing;
  if (quality.features === 0) return html`<p>All values are as they should be.</p>`;
  const worst = quality.worst.map(problemText);
  return html`<p class="flag">${counted(quality.features, "feature has", "features have")} values that are not as they should be: ${joined(worst, ", ")}${quality.features > worst.length ? ", …" : ""}.</p>`;
}

function driftText({ drifting }: VersionView): Html {
  return drifting === null ? nothing : html`<p>Drift: ${driftingText(drifting)}</p>`;
}

/** The latest first. */
function noticeList({ notices }: VersionView, nowMillis: number): Html {
  if (notices.length === 0) return nothing;
  const items = [...notices].reverse().map(({ timeMillis, text }) => {
    return html`<li>${shownTime(timeMillis, nowMillis)}: ${shownName(text, 400)}</li>`;
  });
  return html`<h3>What changed</h3><ul>${items}</ul>`;
}

function grid(title: string, features: readonly FeatureView[], budget: PageBudget, jsonPath: string): Html {
  if (features.length === 0) return nothing;
  // What alarms comes first: it is not to be among those that are left out.
  const sorted = features.toSorted((a, b) => Number(featureAlarms(b)) - Number(featureAlarms(a)));
  const cards = budget.take(sorted, featureCard);
  return html`<h3>${title}</h3><div class="grid">${cards}</div>${leftOut(features.length - cards.length, jsonPath)}`;
}

// The overview page: health, models, what was read, limits, rejections, configuration. Markup only.
import { type Html, html, joined, nothing } from "./html.ts";
import { htmlDocument } from "./html-document.ts";
import { modelTable } from "./model-table.ts";
import { PageBudget } from "./page-budget.ts";
import { counted, countText, durationText, shownAgo, shownTime, timeText } from "./quantity-text.ts";
import { plainName, shownName } from "./shown-name.ts";
import { findings } from "./status-health.ts";
import type { ConfigurationView, LimitView, RejectionView, StatusView } from "./status-view.ts";
import { logSection } from "./stream-section.ts";
import { type Column, type Row, table, tableOf, tableRow } from "./table.ts";

/** A page is opened on a phone, too: less than 100 KB, whatever the names are. What other sections leave is the models'. */
const mostBytes = 97_000;
const healthBytes = 20_000;
const logBytes = 10_000;
const rejectionBytes = 16_000;
const errorBytes = 8_000;
const longestDetail = 200;
const longestLine = 300;

export function statusPage(view: StatusView): string {
  const { nowMillis, exporter } = view;
  const above = healthList(view, new PageBudget(healthBytes));
  const below = html`${logSection(view, new PageBudget(logBytes))}
${rejectionSection(view.rejections, new PageBudget(rejectionBytes))}
<div class="pair">${limitSection(view.limits)}<div>${configurationSection(view.configuration, nowMillis)}${exporterSection(view)}</div></div>`;
  const footer = html`prediction-exporter ${plainName(exporter.version)} · as of <time>${timeText(nowMillis)}</time> · all times are UTC`;
  const pageWith = (models: Html): string => {
    const body = html`<h1>Overview</h1>
${above}
${models}
${below}`;
    return htmlDocument({ title: "Overview · Prediction exporter", path: "/", jsonPath: "/api/v1/status", body, footer });
  };
  const left = mostBytes - Buffer.byteLength(pageWith(nothing));
  return pageWith(modelTable(view, new PageBudget(left)));
}

function healthList(view: StatusView, budget: PageBudget): Html {
  const items = budget.take(findings(view), ({ severity, text }) => {
    return html`<li class="${severity}"><strong>${severity === "problem" ? "Problem" : "Note"}</strong> ${text}</li>`;
  });
  const well = html`<li class="well"><strong>All is well</strong> The source answers, everything is read in time, and no limit is met.</li>`;
  return html`<section aria-labelledby="health"><h2 id="health">Health</h2><ul class="health">${items.length === 0 ? well : items}</ul></section>`;
}

const rejectionColumns: readonly Column[] = [
  { heading: "Reason" },
  { heading: "Topic", kind: "text" },
  { heading: "Count", kind: "number" },
  { heading: "Latest example", kind: "text" },
];

function rejectionSection(rejections: readonly RejectionView[], budget: PageBudget): Html {
  const sorted = [...rejections].sort((a, b) => b.count - a.count);
  const rows = budget.take(sorted, (one) => tableRow(rejectionColumns, rejectionRow(one), "stacked"));
  const content =
    rejections.length === 0
      ? html`<p>Nothing was rejected.</p>`
      : tableOf("Rejected records and events by reason", rejectionColumns, rows, "stacked");
  const more = rejections.length - rows.length;
  const rest =
    more > 0 ? html`<p class="small soft">${countText(more)} more in the <a href="/api/v1/status">JSON</a>.</p>` : nothing;
  return html`<section aria-labelledby="rejected"><h2 id="rejected">Rejected</h2>${content}${rest}</section>`;
}

function rejectionRow({ topic, reason, count, example }: RejectionView): Row {
  const place =
    example === null
      ? html`none since the start`
      : html`partition ${example.partition}, offset ${String(example.offset)}<br><span class="soft">${shownName(example.detail, longestDetail)}</span>`;
  return { head: html`${reason}`, cells: [shownName(topic), countText(count), place] };
}

const limitColumns: readonly Column[] = [
  { heading: "Limit" },
  { heading: "Used", kind: "number" },
  { heading: "Allowed", kind: "number" },
  { heading: "Turned away", kind: "number" },
];

function limitSection(limits: readonly LimitView[]): Html {
  const rows = limits.map(({ limit, used, allowed, turnedAway }): Row => {
    return { head: html`${limit}`, cells: [used, allowed, turnedAway].map((one) => (one === null ? "–" : countText(one))) };
  });
  const caption = "Limits of a model or a version: the use of the fullest";
  return html`<section aria-labelledby="limits"><h2 id="limits">Limits</h2>${table(caption, limitColumns, rows)}</section>`;
}

function configurationSection(configuration: ConfigurationView, nowMillis: number): Html {
  const { path, loadedMillis, takesEffectMillis, error, failedMillis } = configuration;
  const pending =
    takesEffectMillis === null ? nothing : html`<dt>Takes effect</dt><dd>with the events of ${timeText(takesEffectMillis)}</dd>`;
  const failed = failedMillis === null ? html`failed` : html`failed at ${shownTime(failedMillis, nowMillis)}`;
  const reason =
    error === null
      ? nothing
      : html`<pre role="region" tabindex="0" aria-label="Why the reload failed">${errorLines(error)}</pre>`;
  return html`<section aria-labelledby="configuration"><h2 id="configuration">Configuration</h2><dl>
<dt>File</dt><dd>${path === null ? "none: built in" : shownName(path, longestLine)}</dd>
<dt>Loaded</dt><dd>${shownTime(loadedMillis, nowMillis)}</dd>
${pending}<dt>Last reload</dt><dd>${error === null ? "no failure" : html`<span class="bad">${failed}</span>`}</dd></dl>${reason}</section>`;
}

function errorLines(error: string): Html {
  const lines = new PageBudget(errorBytes).take(error.split("\n"), (line) => shownName(line, longestLine));
  return joined(lines, "\n");
}

function exporterSection({ exporter, nowMillis }: StatusView): Html {
  const { source, snapshot } = exporter;
  return html`<section aria-labelledby="exporter"><h2 id="exporter">Exporter</h2><dl>
<dt>Version</dt><dd>${shownName(exporter.version)}</dd>
<dt>Started</dt><dd>${shownTime(exporter.startedMillis, nowMillis)}</dd>
<dt>Ready</dt><dd>${exporter.ready ? "yes" : "not yet"}</dd>
<dt>Source</dt><dd>${source.up ? "answers" : "does not answer"}</dd>
<dt>State saved</dt><dd>${shownAgo(snapshot.savedMillis, nowMillis)}, every ${durationText(snapshot.everyMillis)}; ${counted(snapshot.errors, "failure")}</dd></dl></section>`;
}

// What was read on the overview: how far event time is closed, what holds it back, and the logs. Markup only.
import { type Html, html, joined, nothing } from "./html.ts";
import type { PageBudget } from "./page-budget.ts";
import { counted, countText, shownAgo, shownTime } from "./quantity-text.ts";
import { shownName } from "./shown-name.ts";
import type { LogView, StatusView } from "./status-view.ts";
import { type Column, type Row, tableOf, tableRow } from "./table.ts";

const columns: readonly Column[] = [
  { heading: "Topic" },
  { heading: "Partition", kind: "number" },
  { heading: "Unread", kind: "number" },
  { heading: "Latest event" },
  { heading: "State", kind: "text" },
];

const mostLogs = 24;
const mostHolding = 3;

export function logSection(view: StatusView, budget: PageBudget): Html {
  const { logs, nowMillis } = view;
  const worst = [...logs].sort(worseFirst).slice(0, mostLogs);
  const rows = budget.take(worst, (log) => tableRow(columns, row(log, nowMillis), "stacked"));
  const table = logs.length === 0 ? nothing : tableOf("Logs, those furthest behind first", columns, rows, "stacked");
  const more = logs.length - rows.length;
  const rest =
    more > 0 ? html`<p class="small soft">${counted(more, "more log")} in the <a href="/api/v1/status">JSON</a>.</p>` : nothing;
  return html`<section aria-labelledby="streams"><h2 id="streams">Streams</h2>
<dl><dt>Unread</dt><dd>${unread(logs)}</dd>
<dt>Frontier</dt><dd>${frontier(view)}</dd>
<dt>Held back by</dt><dd>${holding(logs)}</dd>
<dt>Late</dt><dd>${late(view)}</dd>
<dt>Lost</dt><dd>${lost(view)}</dd></dl>
${table}${rest}</section>`;
}

function worseFirst(one: LogView, other: LogView): number {
  const weight = (log: LogView): number => (log.unreadRecords ?? 0) + (log.holdsFrontier ? 0.5 : 0);
  return weight(other) - weight(one);
}

function unread(logs: readonly LogView[]): string {
  const records = logs.reduce((sum, log) => sum + (log.unreadRecords ?? 0), 0);
  return `${counted(records, "record")} of ${counted(logs.length, "log")}`;
}

function frontier({ frontier: { endMillis, openPanes }, nowMillis }: StatusView): Html {
  if (endMillis === null) return html`no minute is closed yet`;
  return html`closed to ${shownTime(endMillis, nowMillis)}; ${counted(openPanes, "minute")} open`;
}

function holding(logs: readonly LogView[]): Html {
  const those = logs.filter((log) => log.holdsFrontier);
  if (those.length === 0) return html`no log: all are idle`;
  const named = those.slice(0, mostHolding).map((log) => html`${shownName(log.topic)} partition ${log.partition}`);
  const more = those.length - named.length;
  return html`${joined(named, ", ")}${more > 0 ? ` and ${counted(more, "more log")}` : ""}`;
}

function late({ topics }: StatusView): string {
  const byReason = new Map<string, number>();
  for (const { late } of topics) for (const { name, count } of late) byReason.set(name, (byReason.get(name) ?? 0) + count);
  const total = [...byReason.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return "no event";
  const parts = [...byReason]
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${countText(count)} ${reasons[name] ?? name}`);
  return `${counted(total, "event")}: ${parts.join(", ")}`;
}

const reasons: Readonly<Record<string, string>> = {
  log: "behind their own log",
  frontier: "behind the frontier",
  ahead: "too far ahead",
};

function lost({ topics }: StatusView): string {
  const records = topics.reduce((sum, topic) => sum + topic.gapRecords, 0);
  return records === 0 ? "no record" : counted(records, "record");
}

function row(log: LogView, nowMillis: number): Row {
  const state = [
    log.holdsFrontier ? "the frontier waits for it" : "",
    log.paused ? "paused: waits for slower logs" : "",
    log.notWaitedFor ? "not waited for" : "",
  ].filter((one) => one !== "");
  return {
    head: shownName(log.topic),
    cells: [
      log.partition,
      log.unreadRecords === null ? "not read here" : countText(log.unreadRecords),
      log.latestMillis === null ? "–" : shownAgo(log.latestMillis, nowMillis),
      state.join("; ") || "reading",
    ],
  };
}

// Stands for PagerDuty, Slack, the dead man's switch and whoever takes webhooks: one page shows what Alertmanager sent them.
// For trying out: all is kept in memory, a little of each receiver, and whoever reaches the page may read it.
//
//   node sink.mts [port [host]]
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const [port = "8080", host] = process.argv.slice(2);

const mostBytes = 1 << 20; // PagerDuty takes half of that: https://developer.pagerduty.com/docs/events-api-v2-overview
const mostReceivers = 100;
const mostOfReceiver = 20; // so that the switch, which calls every minute, displaces nobody

interface Message {
  readonly time: string;
  readonly receiver: string;
  /** What it asks for: trigger, resolve, firing, resolved. */
  readonly action: string;
  readonly headline: string;
  /** All that was sent, for reading. */
  readonly body: string;
}

/** The latest of each receiver, oldest first; the receiver that was silent for longest is first. */
const received = new Map<string, readonly Message[]>();

/** What Alertmanager sends, as far as it is shown: each text may be missing. */
interface Sent {
  readonly routing_key?: unknown;
  readonly event_action?: unknown;
  readonly payload?: { readonly summary?: unknown };
  readonly attachments?: readonly { readonly title?: unknown }[];
  readonly status?: unknown;
  readonly alerts?: readonly { readonly labels?: Readonly<Record<string, unknown>> }[];
}

/** PagerDuty's events (https://developer.pagerduty.com/docs/send-alert-event), whose key says who is called. */
const eventsPath = "/v2/enqueue";

function messageOf(path: string, text: string): Message {
  const time = new Date().toISOString();
  const sent = parsed(text);
  if (sent === null) return { time, receiver: path, action: "", headline: "", body: text };
  const body = JSON.stringify(sent, null, 2);
  if (path === eventsPath) {
    const [receiver, action] = [`pagerduty ${shown(sent.routing_key)}`, shown(sent.event_action)];
    return { time, receiver, action, headline: shown(sent.payload?.summary), body };
  }
  const names = list(sent.alerts).map(({ labels }) => shown(labels?.alertname));
  const headline = shown(list(sent.attachments)[0]?.title) || [...new Set(names)].join(", ");
  return { time, receiver: path, action: shown(sent.status), headline, body };
}

/** Null for what is no JSON object. */
function parsed(text: string): Sent | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

const shown = (value: unknown): string => (typeof value === "string" ? value : "");

function list<Item>(value: readonly Item[] | undefined): readonly Item[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "object" && item !== null) : [];
}

function keep(message: Message): void {
  const earlier = received.get(message.receiver) ?? [];
  received.delete(message.receiver);
  received.set(message.receiver, [...earlier, message].slice(-mostOfReceiver));
  const [silent] = received.keys();
  if (received.size > mostReceivers && silent !== undefined) received.delete(silent);
}

const style = `body{font:15px/1.4 system-ui,sans-serif;margin:2rem;max-width:72rem}table{border-collapse:collapse;width:100%}
td,th{border-bottom:1px solid #ccc;padding:.4rem;text-align:left;vertical-align:top}td:first-child{white-space:nowrap}pre{white-space:pre-wrap;overflow-wrap:anywhere}`;
const policy = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`;

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
/** All that comes from outside goes through this: names of models come with events, and anybody may write events. */
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? "");

function page(): string {
  const messages = [...received.values()].flat().sort((a, b) => (a.time < b.time ? 1 : -1));
  const rows = messages.map(({ time, receiver, action, headline, body }) => {
    const details = `<details><summary>${escaped(headline) || "message"}</summary><pre>${escaped(body)}</pre></details>`;
    return `<tr><td>${time.replace("T", " ").slice(0, 19)}</td><td>${escaped(receiver)}</td><td>${escaped(action)}</td><td>${details}</td></tr>`;
  });
  const head = "<tr><th>time (UTC)</th><th>to</th><th>action</th><th>message</th></tr>";
  const table = rows.length === 0 ? "<p>Nothing was sent yet.</p>" : `<table>${head}${rows.join("\n")}</table>`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="30">
<title>Pages</title><style>${style}</style><h1>What Alertmanager sent</h1>
<p>The last ${mostOfReceiver} messages to each receiver. Mail is in the mail sink.</p>${table}</html>\n`;
}

/** Null where there is more than is taken. */
async function textOf(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > mostBytes) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function answer(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, {
    "Content-Type": contentType,
    "Content-Security-Policy": policy,
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
  });
  response.end(body);
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? "/";
  if (request.method === "GET" && path === "/") return answer(response, 200, "text/html; charset=utf-8", page());
  if (request.method === "GET" && path === "/-/healthy") return answer(response, 200, "text/plain", "healthy\n");
  if (request.method !== "POST") return answer(response, 404, "text/plain", "POST a message, or look at /\n");
  const text = await textOf(request);
  if (text === null) return answer(response, 413, "text/plain", "too large\n");
  keep(messageOf(path, text));
  // PagerDuty accepts with 202, Slack says ok.
  if (path === eventsPath) answer(response, 202, "application/json", '{"status":"success"}\n');
  else answer(response, 200, "text/plain", "ok\n");
}

const server = createServer((request, response) => {
  // A connection that breaks off has nobody who could be told.
  handle(request, response).catch(() => response.destroy());
});
for (const signal of ["SIGTERM", "SIGINT"]) {
  process.once(signal, () => {
    server.close();
    server.closeAllConnections();
  });
}
server.listen(Number(port), host, () => {
  process.stdout.write(`listening on port ${(server.address() as AddressInfo).port}\n`);
});

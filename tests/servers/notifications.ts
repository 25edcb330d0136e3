// Where a test's Alertmanager sends what it would send to PagerDuty, Slack and webhooks: everything is kept.
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface Notification {
  /** The path that it was posted to, such as /slack/payments. */
  readonly path: string;
  readonly body: unknown;
  /** When it came. */
  readonly atMillis: number;
}

/** A request of PagerDuty's Events API v2, as far as tests look at it. */
export interface PagerDutyEvent {
  readonly routing_key: string;
  readonly dedup_key: string;
  readonly event_action: "trigger" | "acknowledge" | "resolve";
  readonly payload: {
    readonly summary: string;
    readonly source: string;
    readonly severity: string;
    readonly class: string;
    readonly component: string;
    readonly group: string;
    readonly custom_details: Readonly<Record<string, unknown>>;
  };
  readonly links: readonly { readonly href: string; readonly text: string }[];
}

export interface NotificationSink {
  readonly url: string;
  readonly received: readonly Notification[];
  /** Bodies that were posted to a path, in the order in which they came. */
  bodies(path: string): unknown[];
  /** Events that PagerDuty would have got, of one service where its key is given. */
  events(routingKey?: string): PagerDutyEvent[];
  stop(): Promise<void>;
}

/** Where PagerDuty's events go. */
export const eventsPath = "/v2/enqueue";

export async function startNotificationSink(): Promise<NotificationSink> {
  const received: Notification[] = [];
  const server = createServer(async (request, response) => {
    const path = request.url ?? "/";
    received.push({ path, body: JSON.parse(await text(request)), atMillis: Date.now() });
    // PagerDuty accepts with 202, Slack says ok.
    response.writeHead(path === eventsPath ? 202 : 200).end(path === eventsPath ? '{"status":"success"}' : "ok");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const bodies = (path: string): unknown[] => received.filter((one) => one.path === path).map(({ body }) => body);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    bodies,
    events: (routingKey) => {
      const events = bodies(eventsPath) as PagerDutyEvent[];
      return events.filter((event) => routingKey === undefined || event.routing_key === routingKey);
    },
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function text(request: IncomingMessage): Promise<string> {
  let all = "";
  for await (const part of request.setEncoding("utf8")) all += part;
  return all;
}

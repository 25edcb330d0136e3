// Answers /metrics: negotiation, a bound on requests in flight and a deadline for those who do not read. Knows no routes.
import type { IncomingMessage, ServerResponse } from "node:http";
import { negotiateEncoding, negotiateFormat } from "./negotiate.ts";
import type { Renderer } from "./render.ts";

export interface MetricsRouteOptions {
  readonly renderer: Pick<Renderer, "render">;
  /** Requests answered at a time; more are asked to come again. */
  readonly inFlight?: number;
  /** A response that is not read by then is cut, since its reader would hold the page in memory. */
  readonly writeMillis?: number;
}

/** A pair of Prometheus servers needs two. Each costs no more than its socket since the page is shared. */
const defaultInFlight = 40;
/** The default scrape timeout of Prometheus: nobody waits for what comes later. */
const defaultWriteMillis = 10_000;
const retryAfterSeconds = "1";

export function metricsRoute(
  options: MetricsRouteOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { renderer, inFlight = defaultInFlight, writeMillis = defaultWriteMillis } = options;
  let answering = 0;
  return async (request, response) => {
    if (answering >= inFlight) return turnAway(response);
    answering += 1;
    response.once("close", () => {
      answering -= 1;
    });
    await answer(request, response, renderer, writeMillis);
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  renderer: Pick<Renderer, "render">,
  writeMillis: number,
) {
  const { format, contentType } = negotiateFormat(request.headers.accept);
  const encoding = negotiateEncoding(headerText(request.headers["accept-encoding"]));
  const body = await renderer.render(format, encoding);
  const hasGone = response.destroyed;
  if (hasGone) return;
  response.statusCode = 200;
  response.setHeader("Content-Type", contentType);
  response.setHeader("Content-Length", body.length);
  response.setHeader("Vary", "Accept, Accept-Encoding");
  if (encoding === "gzip") response.setHeader("Content-Encoding", encoding);
  cutAfter(response, writeMillis);
  response.end(body);
}

function cutAfter(response: ServerResponse, millis: number): void {
  const timer = setTimeout(() => response.destroy(), millis);
  response.once("close", () => clearTimeout(timer));
}

function turnAway(response: ServerResponse): void {
  response.statusCode = 503;
  response.setHeader("Retry-After", retryAfterSeconds);
  response.setHeader("Connection", "close");
  response.setHeader("Content-Type", "text/plain; charset=utf-8");
  response.end("too many scrapes at a time\n");
}

function headerText(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(",") : header;
}

// The HTTP side: exact routes, who may ask what, and answers in plain text. The one file that imports the framework.
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from "express";
import { defaultServerLimits, HttpServer, type ServerLimits } from "./http-server.ts";
import { defaultListen, formatListenAddress, parseListenAddress } from "./listen-address.ts";
import { type MetricsRouteOptions, metricsRoute } from "./metrics-route.ts";
import { nameAfter, type StatusRoute, type StatusViews, statusRoutes } from "./status-routes.ts";

export interface Readiness {
  readonly ready: boolean;
  readonly waitingFor: readonly string[];
}

export interface WebOptions extends MetricsRouteOptions {
  /** `host:port`, `:port` or `[IPv6]:port`. */
  readonly listen?: string;
  readonly ready: () => Readiness;
  /** Loads the configuration anew; rejects where that fails. Absent: there is no /-/reload. */
  readonly reload?: () => Promise<void>;
  /** What the status page shows. Absent: `/` has links only. */
  readonly status?: StatusViews;
  readonly logger: { error(fields: object, message: string): void };
  readonly limits?: Partial<ServerLimits>;
}

export interface Web {
  /** @returns where it listens, as `host:port` */
  start(): Promise<string>;
  stop(): Promise<void>;
}

/** @throws where `listen` is no address */
export function createWeb(options: WebOptions): Web {
  const address = parseListenAddress(options.listen ?? defaultListen);
  const server = new HttpServer(createApp(options), { ...defaultServerLimits, ...options.limits });
  return {
    start: async () => formatListenAddress(await server.start(address)),
    stop: () => server.stop(),
  };
}

interface Route {
  readonly path: string;
  /** Whether one more segment follows the path. */
  readonly named?: boolean;
  readonly methods: readonly string[];
  readonly handle: RequestHandler;
}

const reading = ["GET", "HEAD"];
const triggering = ["POST", "PUT"];

function routesOf(options: WebOptions): readonly Route[] {
  const { ready, reload, status, logger } = options;
  const pages = status === undefined ? [landingRoute] : statusRoutes(status).map(pageRoute);
  const routes: Route[] = [
    ...pages,
    { path: "/metrics", methods: reading, handle: metricsRoute(options) },
    { path: "/-/healthy", methods: reading, handle: (_request, response) => sendText(response, 200, "healthy") },
    { path: "/-/ready", methods: reading, handle: (_request, response) => sendReadiness(response, ready()) },
  ];
  if (reload === undefined) return routes;
  const handle: RequestHandler = async (_request, response) => {
    try {
      await reload();
      sendText(response, 200, "reloaded");
    } catch (error) {
      logger.error({ err: error }, "reload failed");
      sendText(response, 500, "reload failed, the configuration before it stays: see the log");
    }
  };
  return [...routes, { path: "/-/reload", methods: triggering, handle }];
}

function createApp(options: WebOptions): Express {
  const app = express();
  for (const setting of ["x-powered-by", "etag", "query parser"]) app.disable(setting);
  app.enable("case sensitive routing");
  app.enable("strict routing");
  app.use(hardenHeaders, refuseBody);
  for (const { path, named = false, methods, handle } of routesOf(options)) {
    app.use((request, response, next) => {
      if (named ? nameAfter(path, request.path) === null : request.path !== path) return next();
      if (methods.includes(request.method)) return handle(request, response, next);
      response.setHeader("Allow", methods.join(", "));
      return sendText(response, 405, "method not allowed");
    });
  }
  app.use((_request, response) => sendText(response, 404, "not found"));
  app.use(reportError(options.logger));
  return app;
}

const hardenHeaders: RequestHandler = (_request, response, next) => {
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Content-Security-Policy", "default-src 'none'");
  response.setHeader("Cache-Control", "no-store");
  next();
};

/** No route reads a body. The connection is closed, since what follows on it is the body. */
const refuseBody: RequestHandler = (request, response, next) => {
  const { "content-length": length = "0", "transfer-encoding": transfer } = request.headers;
  if (transfer === undefined && Number(length) === 0) return next();
  response.setHeader("Connection", "close");
  return sendText(response, 413, "no body is expected");
};

/** What went wrong is said to the log only. The framework tells a handler of errors by its four parameters. */
function reportError(logger: WebOptions["logger"]): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    logger.error({ err: error, path: request.path }, "a request failed");
    if (response.headersSent) response.destroy();
    else sendText(response, 500, "internal error");
  };
}

function sendReadiness(response: Response, { ready, waitingFor }: Readiness): void {
  if (ready) sendText(response, 200, "ready");
  else sendText(response, 503, waitingFor.length === 0 ? "not ready" : waitingFor.join("\n"));
}

/** The name is read here and not by the framework, which answers 400 where its encoding is wrong. */
function pageRoute({ path, named, answer }: StatusRoute): Route {
  const handle: RequestHandler = async (request, response) => {
    const name = named ? (nameAfter(path, request.path) ?? undefined) : undefined;
    const { status, contentType, policy, body } = await answer(name);
    response.setHeader("Content-Security-Policy", policy);
    response.setHeader("Referrer-Policy", "no-referrer");
    send(response, status, contentType, body);
  };
  return { path, named, methods: reading, handle };
}

const landingRoute: Route = { path: "/", methods: reading, handle: (_request, response) => sendLandingPage(response) };

function sendLandingPage(response: Response): void {
  const links = ["/metrics", "/-/healthy", "/-/ready"].map((path) => `<li><a href="${path}">${path}</a></li>`).join("");
  const title = "Prediction exporter";
  const body = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1><ul>${links}</ul></html>\n`;
  send(response, 200, "text/html; charset=utf-8", body);
}

function sendText(response: Response, status: number, line: string): void {
  send(response, status, "text/plain; charset=utf-8", `${line}\n`);
}

/** Not the framework's `send`, which answers 304 to conditional requests. */
function send(response: Response, status: number, contentType: string, body: string): void {
  response.statusCode = status;
  response.setHeader("Content-Type", contentType);
  response.setHeader("Content-Length", Buffer.byteLength(body));
  response.end(body);
}

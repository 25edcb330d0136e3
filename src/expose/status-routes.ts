// What is answered on the status page's paths: pages and their JSON. Knows no framework.
import { pagePolicy } from "./html-document.ts";
import { modelPage, unknownModelPage } from "./model-page.ts";
import type { ModelView } from "./model-view.ts";
import { statusPage } from "./status-page.ts";
import type { StatusView } from "./status-view.ts";

/** Where views come from; those asked for at the same time may be one. */
export interface StatusViews {
  overview(): StatusView | Promise<StatusView>;
  /** Undefined for a model that is not known. */
  model(name: string): ModelView | undefined | Promise<ModelView | undefined>;
}

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly policy: string;
  readonly body: string;
}

/** A path, exact or with one name at its end. */
export interface StatusRoute {
  readonly path: string;
  /** Whether a percent-encoded name follows `path`, which then ends in a slash. */
  readonly named: boolean;
  /** @param name undefined where the route has none, or where it is not encoded as it has to be */
  answer(name: string | undefined): Promise<Answer>;
}

export function statusRoutes(views: StatusViews): readonly StatusRoute[] {
  const model = async (name: string | undefined) => (name === undefined ? undefined : views.model(name));
  return [
    { path: "/", named: false, answer: async () => page(200, statusPage(await views.overview())) },
    { path: "/api/v1/status", named: false, answer: async () => json(200, JSON.stringify(await views.overview())) },
    {
      path: "/models/",
      named: true,
      async answer(name) {
        const view = await model(name);
        return view === undefined ? page(404, unknownModelPage(name)) : page(200, modelPage(view));
      },
    },
    {
      path: "/api/v1/models/",
      named: true,
      async answer(name) {
        const view = await model(name);
        return view === undefined ? json(404, JSON.stringify({ error: "no such model" })) : json(200, await modelJson(view));
      },
    },
  ];
}

/** The name after a route's path; null where the path is another one, undefined where its encoding is wrong. */
export function nameAfter(prefix: string, path: string): string | null | undefined {
  if (!path.startsWith(prefix)) return null;
  const encoded = path.slice(prefix.length);
  if (encoded === "" || encoded.includes("/")) return null;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

function page(status: number, body: string): Answer {
  return { status, contentType: "text/html; charset=utf-8", policy: pagePolicy, body };
}

function json(status: number, body: string): Answer {
  return { status, contentType: "application/json; charset=utf-8", policy: "default-src 'none'", body: `${body}\n` };
}

/** A version at a time, with a turn for others between them: a model of many features is megabytes. */
async function modelJson({ versions, ...rest }: ModelView): Promise<string> {
  const parts: string[] = [];
  for (const version of versions) {
    parts.push(JSON.stringify(version));
    await new Promise(setImmediate);
  }
  return `${JSON.stringify(rest).slice(0, -1)},"versions":[${parts.join(",")}]}`;
}

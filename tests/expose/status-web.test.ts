// The status page and its JSON over HTTP.
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { pagePolicy } from "../../src/expose/html-document.ts";
import { modelPath } from "../../src/expose/model-link.ts";
import type { StatusViews } from "../../src/expose/status-routes.ts";
import { createWeb } from "../../src/expose/web.ts";
import { hostileNames } from "./hostile-names.ts";
import { exampleModel, exampleStatus } from "./status-example.ts";

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function serve(status: StatusViews) {
  const logged: string[] = [];
  const logger = { error: (_fields: object, message: string) => logged.push(message) };
  const renderer = { render: async () => Buffer.alloc(0) };
  const web = createWeb({ renderer, ready: () => ({ ready: true, waitingFor: [] }), logger, listen: "127.0.0.1:0", status });
  const port = Number((await web.start()).split(":")[1]);
  cleanUps.push(() => web.stop());
  const ask = (path: string, method = "GET"): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const request = httpRequest({ host: "127.0.0.1", port, path, method, agent: false }, (response) => {
        const { statusCode = 0, headers } = response;
        text(response).then((body) => resolve({ status: statusCode, headers, body }), reject);
      });
      request.on("error", reject).end();
    });
  return { ask, logged };
}

const known: StatusViews = {
  overview: () => exampleStatus(),
  model: async (name) => (hostileNames.includes(name) || name === "fraud" ? exampleModel(name) : undefined),
};

test("the overview and a model come as pages under a strict policy", async () => {
  const { ask } = await serve(known);
  for (const path of ["/", "/models/fraud"]) {
    const { status, headers, body } = await ask(path);
    expect([path, status, headers["content-type"]]).toEqual([path, 200, "text/html; charset=utf-8"]);
    expect(headers["content-security-policy"]).toBe(pagePolicy);
    expect([headers["referrer-policy"], headers["x-content-type-options"], headers["cache-control"]]).toEqual([
      "no-referrer",
      "nosniff",
      "no-store",
    ]);
    expect(body).toMatch(/^<!doctype html>\n<html lang="en">/);
  }
});

test("the same comes as JSON", async () => {
  const { ask } = await serve(known);
  const overview = await ask("/api/v1/status");
  expect([overview.status, overview.headers["content-type"]]).toEqual([200, "application/json; charset=utf-8"]);
  expect(JSON.parse(overview.body)).toEqual(exampleStatus());
  expect(JSON.parse((await ask("/api/v1/models/fraud")).body)).toEqual(exampleModel("fraud"));
});

test("a model that is not known is told so", async () => {
  const { ask, logged } = await serve(known);
  for (const path of ["/models/none", "/models/%E0%A4%A", "/models/%"]) {
    const { status, headers, body } = await ask(path);
    expect([path, status, headers["content-type"]]).toEqual([path, 404, "text/html; charset=utf-8"]);
    expect(headers["content-security-policy"]).toBe(pagePolicy);
    expect(body).toContain("<h1>No such model</h1>");
  }
  const json = await ask("/api/v1/models/none");
  expect([json.status, JSON.parse(json.body)]).toEqual([404, { error: "no such model" }]);
  expect(logged).toEqual([]);
});

test.each([
  "/models",
  "/models/",
  "/models/a/b",
  "/models/fraud/",
  "/Models/fraud",
  "/api/v1/models/",
  "/api/v1/status/",
  "/api/v1",
  "/api/v1/models",
])("%s is not found", async (path) => {
  const { ask } = await serve(known);
  const { status, body } = await ask(path);
  expect([status, body]).toEqual([404, "not found\n"]);
});

test("each name leads to its model, and no other", async () => {
  const { ask } = await serve(known);
  for (const name of hostileNames) {
    const path = modelPath(name);
    if (path === undefined) continue;
    expect(JSON.parse((await ask(`/api/v1${path}`)).body).name).toBe(name);
    expect((await ask(path)).status).toBe(200);
  }
});

test("HEAD has the headers of GET and no body; nothing else is allowed", async () => {
  const { ask } = await serve(known);
  for (const path of ["/", "/models/fraud", "/models/none", "/api/v1/status", "/api/v1/models/fraud"]) {
    const [get, head, post] = [await ask(path), await ask(path, "HEAD"), await ask(path, "POST")];
    expect([head.status, head.headers["content-length"], head.body]).toEqual([get.status, get.headers["content-length"], ""]);
    expect([path, post.status, post.headers.allow]).toEqual([path, 405, "GET, HEAD"]);
  }
});

test("a view that cannot be made is an error in the log and says nothing to who asked", async () => {
  const broken: StatusViews = {
    overview: async () => {
      throw new Error("secret");
    },
    model: () => {
      throw new Error("secret");
    },
  };
  const { ask, logged } = await serve(broken);
  for (const path of ["/", "/models/fraud", "/api/v1/status", "/api/v1/models/fraud"]) {
    const { status, body } = await ask(path);
    expect([path, status, body]).toEqual([path, 500, "internal error\n"]);
  }
  expect(logged).toHaveLength(4);
});

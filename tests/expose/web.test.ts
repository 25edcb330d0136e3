// The web server as its clients see it: over real sockets, on a port of the system's choice.
import { once } from "node:events";
import { Agent, request as httpRequest, type IncomingHttpHeaders, type RequestOptions } from "node:http";
import { connect, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { contentTypes } from "../../src/expose/negotiate.ts";
import { Renderer } from "../../src/expose/render.ts";
import type { Collector } from "../../src/expose/sample.ts";
import { createWeb, type WebOptions } from "../../src/expose/web.ts";
import { failingHalfway, gauges, heldUp } from "./collectors.ts";
import { parsePage } from "./strict-parser.ts";

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function serve(options: Partial<WebOptions> & { readonly collectors?: readonly Collector[] } = {}) {
  const logged: { fields: object; message: string }[] = [];
  const logger = { error: (fields: object, message: string) => logged.push({ fields, message }) };
  const { collectors = [gauges("a", 2)], ...rest } = options;
  const renderer = new Renderer({ collectors: () => collectors, now: () => performance.now(), logger });
  const web = createWeb({ renderer, ready: () => ({ ready: true, waitingFor: [] }), logger, listen: "127.0.0.1:0", ...rest });
  const address = await web.start();
  cleanUps.push(() => web.stop());
  const port = Number(address.split(":")[1]);
  return { web, address, port, renderer, logged, ask: (path: string, request: RequestOptions = {}) => ask(port, path, request) };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
}

function ask(port: number, path: string, options: RequestOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: "127.0.0.1", port, path, agent: false, ...options }, (response) => {
      const answer = (body: Buffer) => ({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body,
        text: body.toString(),
      });
      buffer(response).then((body) => resolve(answer(body)), reject);
    });
    request.on("error", reject).end();
  });
}

/** A connection that sends text and reads only what it is told to. */
async function raw(port: number, text: string): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  cleanUps.push(() => void socket.destroy());
  await once(socket, "connect");
  socket.write(text);
  return socket;
}

async function readAll(socket: Socket): Promise<string> {
  let text = "";
  socket.on("data", (data: Buffer) => {
    text += data.toString();
  });
  await once(socket, "close");
  return text;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await wait(5);
}

test("metrics come in the format that is asked for, with the exact type", async () => {
  const { ask } = await serve();
  const text = await ask("/metrics");
  expect([text.status, text.headers["content-type"]]).toEqual([200, contentTypes.text]);
  expect(parsePage(text.text, "text")[0]?.samples).toHaveLength(2);
  const open = await ask("/metrics", { headers: { accept: "application/openmetrics-text;version=1.0.0" } });
  expect([open.status, open.headers["content-type"]]).toEqual([200, contentTypes.openmetrics]);
  expect(parsePage(open.text, "openmetrics")[0]?.samples).toHaveLength(2);
});

test("gzip for who takes it", async () => {
  const { ask } = await serve();
  const plain = await ask("/metrics");
  const zipped = await ask("/metrics", { headers: { "accept-encoding": "gzip" } });
  expect(plain.headers["content-encoding"]).toBeUndefined();
  expect(zipped.headers["content-encoding"]).toBe("gzip");
  expect(zipped.headers.vary).toBe("Accept, Accept-Encoding");
  expect(gunzipSync(zipped.body).toString()).toBe(plain.text);
});

test("no answer names the software, invites sniffing or can be revalidated", async () => {
  const { ask } = await serve();
  for (const path of ["/", "/metrics", "/-/healthy", "/-/ready", "/nothing"]) {
    const { headers } = await ask(path, { headers: { "if-none-match": "*" } });
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["x-powered-by"]).toBeUndefined();
    expect(headers.etag).toBeUndefined();
  }
});

test("HEAD has the headers of GET and no body", async () => {
  const { ask } = await serve();
  for (const path of ["/", "/metrics", "/-/healthy", "/-/ready"]) {
    const get = await ask(path);
    const head = await ask(path, { method: "HEAD" });
    expect([path, head.status, head.headers["content-length"]]).toEqual([path, get.status, get.headers["content-length"]]);
    expect(head.text).toBe("");
  }
});

test.each([
  "/Metrics",
  "/metrics/",
  "//metrics",
  "/metric",
  "/-/healthy/",
  "/-",
  "/-/reload",
  "/%6Detrics",
  "/..",
  "/%00",
  "/%E0%A4%A",
  "/__proto__",
  "/constructor",
])("%s is not found", async (path) => {
  const { ask } = await serve();
  const answer = await ask(path);
  expect([answer.status, answer.headers["content-type"], answer.text]).toEqual([404, "text/plain; charset=utf-8", "not found\n"]);
});

test("a query changes nothing", async () => {
  const { ask } = await serve();
  expect((await ask("/metrics?a[b][__proto__]=1&name=x")).status).toBe(200);
});

test.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "QUERY"])("%s is not allowed", async (method) => {
  const { ask } = await serve();
  for (const path of ["/", "/metrics", "/-/healthy", "/-/ready"]) {
    const answer = await ask(path, { method });
    expect([path, answer.status, answer.headers.allow]).toEqual([path, 405, "GET, HEAD"]);
  }
});

test("bodies are refused and the connection with them", async () => {
  const { port } = await serve();
  for (const head of ["Content-Length: 5", "Transfer-Encoding: chunked"]) {
    const text = await readAll(await raw(port, `GET /metrics HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n`));
    expect(text).toMatch(/^HTTP\/1.1 413 /);
    expect(text).toContain("Connection: close");
  }
});

test("healthy always, ready when ready, else what is waited for", async () => {
  const state = { ready: false, waitingFor: ["restore of the snapshot", "logs: predictions/0"] };
  const { ask } = await serve({ ready: () => state });
  expect((await ask("/-/healthy")).status).toBe(200);
  const waiting = await ask("/-/ready");
  expect([waiting.status, waiting.text]).toEqual([503, "restore of the snapshot\nlogs: predictions/0\n"]);
  state.ready = true;
  const ready = await ask("/-/ready");
  expect([ready.status, ready.text]).toEqual([200, "ready\n"]);
});

test("the landing page links to the rest", async () => {
  const { ask } = await serve();
  const page = await ask("/");
  expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
  for (const [, link = ""] of page.text.matchAll(/href="([^"]*)"/g)) expect((await ask(link)).status).toBe(200);
});

test("reload by POST only, and a failure keeps its reason in the log", async () => {
  let fails = false;
  const reload = async () => {
    if (fails) throw new Error("secret of the configuration");
  };
  const { ask, logged } = await serve({ reload });
  expect((await ask("/-/reload", { method: "POST" })).status).toBe(200);
  const wrong = await ask("/-/reload");
  expect([wrong.status, wrong.headers.allow]).toEqual([405, "POST, PUT"]);
  fails = true;
  const failed = await ask("/-/reload", { method: "POST" });
  expect(failed.status).toBe(500);
  expect(failed.text).not.toContain("secret");
  expect(logged).toHaveLength(1);
});

test("an error in a handler is a 500 without its story", async () => {
  const ready = () => {
    throw new Error("inner story");
  };
  const renderer = { render: () => Promise.reject(new Error("inner story")) };
  const { ask, logged } = await serve({ ready, renderer });
  for (const path of ["/-/ready", "/metrics"]) {
    const answer = await ask(path);
    expect([answer.status, answer.text]).toEqual([500, "internal error\n"]);
  }
  expect(logged.map(({ fields }) => fields)).toMatchObject([{ path: "/-/ready" }, { path: "/metrics" }]);
});

test("a collector that throws does not blank the page", async () => {
  const { ask } = await serve({ collectors: [failingHalfway("bad"), gauges("good", 1)] });
  const { status, text } = await ask("/metrics");
  expect(status).toBe(200);
  expect(text).toContain('ml_exporter_collector_success{collector="bad"} 0\n');
  expect(text).toContain('good_ratio{number="0"} 0\n');
});

test("scrapes at one time are one rendering", async () => {
  const collector = heldUp("a");
  const { ask, renderer } = await serve({ collectors: [collector] });
  const answers = Array.from({ length: 30 }, () => ask("/metrics"));
  await until(() => renderer.renderings > 0);
  collector.go();
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(renderer.renderings).toBe(1);
});

test("more scrapes at a time than allowed are told to come again; then there is room again", async () => {
  const collector = heldUp("a");
  const { ask, renderer } = await serve({ collectors: [collector], inFlight: 2 });
  const first = [ask("/metrics"), ask("/metrics")];
  await until(() => renderer.renderings > 0);
  await wait(20);
  const third = await ask("/metrics");
  expect([third.status, third.headers["retry-after"]]).toEqual([503, "1"]);
  expect((await ask("/-/healthy")).status).toBe(200);
  collector.go();
  expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200]);
  expect((await ask("/metrics")).status).toBe(200);
});

test("who goes away gives its place back at once", async () => {
  const collector = heldUp("a");
  const { ask, port, renderer } = await serve({ collectors: [collector], inFlight: 1 });
  const gone = await raw(port, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
  await until(() => renderer.renderings > 0);
  gone.destroy();
  await wait(20);
  const next = ask("/metrics");
  collector.go();
  expect((await next).status).toBe(200);
});

test("a reader that does not read is cut off and gives its place back", async () => {
  // More than the system keeps for a connection.
  const page = Buffer.alloc(32 * 1024 * 1024, "x");
  let served = page;
  const { ask, port } = await serve({ renderer: { render: async () => served }, inFlight: 1, writeMillis: 200 });
  const slow = await raw(port, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
  await once(slow, "readable");
  expect((await ask("/metrics")).status).toBe(503);
  await wait(300);
  const read = await readAll(slow);
  expect(read.length).toBeLessThan(page.length);
  served = Buffer.from("small");
  expect((await ask("/metrics")).status).toBe(200);
});

test.each(["", "GET /metrics HTTP/1.1\r\nHost: x\r\nX-Slow: ", "GET /metrics HT"])(
  "headers that do not come (%j) are not waited for",
  async (start) => {
    const { port } = await serve({ limits: { headersMillis: 150, checkMillis: 25 } });
    const began = performance.now();
    const text = await readAll(await raw(port, start));
    expect(performance.now() - began).toBeLessThan(2000);
    expect(text).toMatch(/^HTTP\/1.1 408 /);
  },
);

test("headers of more than 8 KiB are refused", async () => {
  const { ask } = await serve();
  expect((await ask("/metrics", { headers: { "x-large": "x".repeat(9000) } })).status).toBe(431);
});

test("a header named __proto__ does no harm", async () => {
  const { port } = await serve();
  const text = await readAll(await raw(port, "GET /-/healthy HTTP/1.1\r\nHost: x\r\n__proto__: y\r\nConnection: close\r\n\r\n"));
  expect(text).toMatch(/^HTTP\/1.1 200 /);
});

test("a connection stays open between two scrapes", async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  cleanUps.push(() => agent.destroy());
  const { ask } = await serve();
  const first = await ask("/metrics", { agent });
  const second = await ask("/metrics", { agent });
  expect(first.headers["keep-alive"]).toBe("timeout=75");
  expect(second.status).toBe(200);
});

test("idle connections make room for new ones when there are too many", async () => {
  const { ask, port } = await serve({ limits: { connections: 2 } });
  for (let held = 0; held < 2; held += 1) await once(await raw(port, "GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n"), "data");
  await expect(ask("/metrics")).rejects.toThrow();
  expect((await ask("/metrics")).status).toBe(200);
});

test("a port in use is said with its address", async () => {
  const { address } = await serve();
  await expect(serve({ listen: address })).rejects.toThrow(`cannot listen on ${address}: the port is in use`);
});

test("an address that is none is said at once", () => {
  const renderer = { render: async () => Buffer.alloc(0) };
  expect(() =>
    createWeb({ renderer, ready: () => ({ ready: true, waitingFor: [] }), logger: { error: () => {} }, listen: "nowhere" }),
  ).toThrow("listen");
});

test("stop lets a response finish, closes the idle and takes no more", async () => {
  const collector = heldUp("a");
  const { web, ask, port, renderer } = await serve({ collectors: [collector] });
  const idle = await raw(port, "GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n");
  await once(idle, "data");
  const running = ask("/metrics", { agent: new Agent({ keepAlive: true }) });
  await until(() => renderer.renderings > 0);
  const stopped = web.stop();
  await once(idle, "close");
  await expect(ask("/-/healthy")).rejects.toThrow("ECONNREFUSED");
  collector.go();
  expect((await running).status).toBe(200);
  const began = performance.now();
  await stopped;
  expect(performance.now() - began).toBeLessThan(1000);
});

test("stop cuts what does not end", async () => {
  const { web, ask, renderer } = await serve({ collectors: [heldUp("a")], limits: { stopMillis: 100 } });
  const running = ask("/metrics");
  const failed = expect(running).rejects.toThrow();
  await until(() => renderer.renderings > 0);
  await web.stop();
  await failed;
  await web.stop();
});

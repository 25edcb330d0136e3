// The program that stands for PagerDuty and Slack in the stack, as it is run there: what it answers, what its page shows, and that nothing
// that was sent gets out of its text.
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../until.ts";
import { root } from "./stack.ts";

let child: ChildProcess;
let url = "";
let output = "";

beforeAll(async () => {
  const sink = spawn(process.execPath, [join(root, "deploy/compose/sink.mts"), "0", "127.0.0.1"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  child = sink;
  for (const stream of [sink.stdout, sink.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  await until(() => /port \d+/.test(output), { deadlineMillis: 30_000, what: "the sink listens" });
  url = `http://127.0.0.1:${/port (\d+)/.exec(output)?.[1]}`;
});
afterAll(() => void child?.kill("SIGKILL"));

const post = (path: string, body: string): Promise<Response> => fetch(`${url}${path}`, { method: "POST", body });
const page = async (): Promise<string> => (await fetch(url)).text();

function event(key: string, action: string, summary: string): string {
  return JSON.stringify({ routing_key: key, event_action: action, dedup_key: "d", payload: { summary, severity: "critical" } });
}

test("says that it is well, and that nothing was sent", async () => {
  expect(await (await fetch(`${url}/-/healthy`)).text()).toBe("healthy\n");
  expect(await page()).toContain("Nothing was sent yet.");
});

test("takes a page as PagerDuty does, and shows to whom it goes", async () => {
  const response = await post("/v2/enqueue", event("payments", "trigger", "ModelDriftAlarm fraud 3: amounts doubled"));
  expect(response.status).toBe(202);
  expect(await response.json()).toEqual({ status: "success" });
  expect(await page()).toMatch(/<td>pagerduty payments<\/td><td>trigger<\/td>.*ModelDriftAlarm fraud 3: amounts doubled/);
});

test("takes messages of Slack and webhooks", async () => {
  expect(await (await post("/slack/shop", JSON.stringify({ attachments: [{ title: "ModelVolumeLow" }] }))).text()).toBe("ok\n");
  const alerts = [{ labels: { alertname: "Watchdog" } }, { labels: { alertname: "Watchdog" } }];
  await post("/dead-mans-switch", JSON.stringify({ version: "4", status: "firing", alerts }));
  const shown = await page();
  expect(shown).toMatch(/<td>\/slack\/shop<\/td><td><\/td>.*<summary>ModelVolumeLow<\/summary>/);
  expect(shown).toMatch(/<td>\/dead-mans-switch<\/td><td>firing<\/td>.*<summary>Watchdog<\/summary>/);
});

test("shows what was sent as text, wherever it stands", async () => {
  const evil = `<script>alert("x")</script>'&`;
  await post("/v2/enqueue", event(evil, evil, evil));
  await post(`/${encodeURI("<script>")}`, evil);
  await post(
    "/x<script>",
    JSON.stringify({ status: evil, attachments: [{ title: evil }], alerts: [{ labels: { alertname: evil } }] }),
  );
  const response = await fetch(url);
  const shown = await response.text();
  expect(shown).not.toMatch(/<script/i);
  expect(shown).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39;&amp;");
  expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/]+=*'$/);
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
});

test("takes what is no JSON, and what is not what it should be", async () => {
  for (const body of [
    "",
    "null",
    "[1]",
    '"text"',
    "{",
    '{"attachments":1,"alerts":[null,{"labels":null}],"status":{}}',
    '{"attachments":[null]}',
  ]) {
    expect((await post("/odd", body)).status).toBe(200);
    expect((await post("/v2/enqueue", body)).status).toBe(202);
  }
  expect((await fetch(url)).status).toBe(200);
});

test("keeps the last of each receiver, so that the switch displaces nobody", async () => {
  for (let call = 1; call <= 30; call++) await post("/dead-mans-switch", JSON.stringify({ status: `call ${call}.` }));
  const shown = await page();
  expect(shown).toContain("<td>call 30.</td>");
  expect(shown).toContain("<td>call 11.</td>");
  expect(shown).not.toContain("<td>call 10.</td>");
  expect(shown).toContain("amounts doubled");
  for (let receiver = 1; receiver <= 120; receiver++) await post(`/receiver/${receiver}.`, "{}");
  const receivers = new Set([...(await page()).matchAll(/<td>(\/[^<]*|pagerduty [^<]*)<\/td>/g)].map(([, name]) => name));
  expect(receivers.size).toBe(100);
});

test("does not take what is too large, nor what is no message", async () => {
  expect((await post("/large", "x".repeat((1 << 20) + 1))).status).toBe(413);
  expect((await post("/large", "x".repeat(1 << 20))).status).toBe(200);
  expect((await fetch(url, { method: "PUT", body: "{}" })).status).toBe(404);
  expect((await fetch(`${url}/nowhere`)).status).toBe(404);
});

test("ends when it is told to, and has nothing to complain of", async () => {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  expect(output).toMatch(/^listening on port \d+\n$/);
});

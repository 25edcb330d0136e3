// prometheus.yml as it is shipped: promtool has nothing to say, and a real Prometheus runs with it, scrapes recorded pages of
// every exporter within the limits, loads all rules, and makes alerts whose links lead where the environment says.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type PrometheusServer, startPrometheusAt } from "../servers/prometheus.ts";
import { prometheusBinaries } from "../servers/prometheus-binaries.ts";
import { until } from "../until.ts";

const { promtool } = await prometheusBinaries();
const publicRunbooks = "https://github.com/prediction-exporter/prediction-exporter/blob/main/docs/runbooks";
const link = `{{ with $externalLabels.runbooks }}{{ . }}{{ else }}${publicRunbooks}{{ end }}/ModelTest.md`;
const bundle = fileURLToPath(new URL("../../prometheus", import.meta.url));
const recorded = fileURLToPath(new URL("recorded", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "bundle-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** The recorded page that a job's target shows, and labels of that target. */
const pages: readonly (readonly [job: string, page: string, labels: Readonly<Record<string, string>>])[] = [
  ["serving", "fastapi", { app: "fraud-api", team: "payments", tier: "critical" }],
  ["serving", "kserve", { app: "iris" }],
  ["serving", "triton", { app: "triton" }],
  ["serving", "bentoml", {}],
  ["node", "node", { team: "platform" }],
  ["dcgm", "dcgm", { app: "fraud-api" }],
  ["kafka", "kafka_exporter", { cluster: "main" }],
];

/** What the pages of two frameworks have beside that: requests of probes and of Prometheus itself. */
const probes: Readonly<Record<string, string>> = {
  fastapi: 'http_requests_total{handler="/metrics",method="GET",status="2xx"} 900\n',
  bentoml: 'bentoml_service_request_total{endpoint="/healthz",http_response_code="200",service_name="s"} 900\n',
};

test.each(["/", bundle, tmpdir()])("promtool has nothing to say, from %s", (cwd) => {
  const args = ["check", "config", "--lint=all", "--lint-fatal", join(bundle, "prometheus.yml")];
  const environment = { ...process.env, RUNBOOKS_URL: "https://r.test", BOARDS_URL: "https://b.test" };
  const { status, stdout, stderr } = spawnSync(promtool, args, { cwd, encoding: "utf8", env: environment });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toContain(`${readdirSync(join(bundle, "rules")).length} rule files found`);
});

describe("a Prometheus with the bundle", () => {
  let targets: Server;
  let alerts: ReceivedAlert[] = [];
  let running: PrometheusServer;

  beforeAll(async () => {
    cpSync(bundle, directory, { recursive: true });
    const shipped = readFileSync(join(bundle, "prometheus.yml"), "utf8");
    // Every second: the test is of what is scraped, not of how often.
    writeFileSync(join(directory, "prometheus.yml"), shipped.replaceAll(/(_interval|_timeout): \d+s/g, "$1: 1s"));
    targets = createServer((request, response) => {
      if (request.url === "/api/v2/alerts") {
        let body = "";
        request.on("data", (chunk) => {
          body += chunk;
        });
        request.on("end", () => {
          alerts = [...alerts, ...(JSON.parse(body) as ReceivedAlert[])];
          response.end();
        });
        return;
      }
      const page = /^\/(\w+)$/.exec(request.url ?? "")?.[1];
      response.setHeader("Content-Type", "text/plain; version=0.0.4");
      response.end(
        page === "metrics" ? "" : `${readFileSync(join(recorded, `${page}.prom`), "utf8")}${probes[page ?? ""] ?? ""}`,
      );
    });
    await new Promise<void>((resolve) => targets.listen(0, "127.0.0.1", resolve));
    const address = `127.0.0.1:${(targets.address() as AddressInfo).port}`;
    const list = (job: string, entries: readonly object[]): void =>
      writeFileSync(join(directory, "targets", `${job}.yml`), JSON.stringify(entries));
    for (const job of new Set(pages.map(([job]) => job))) {
      const own = pages.filter(([of]) => of === job);
      list(
        job,
        own.map(([, page, labels]) => ({ targets: [address], labels: { ...labels, __metrics_path__: `/${page}` } })),
      );
    }
    list("prediction-exporter", [{ targets: [address] }]);
    list("alertmanager", [{ targets: [address] }]);
    // The first rule that is always true: Prometheus sends it at once.
    const always = { alert: "ModelTest", expr: "vector(1)", labels: { severity: "none" }, annotations: { runbook_url: link } };
    writeFileSync(
      join(directory, "rules/test.yml"),
      JSON.stringify({ groups: [{ name: "test", interval: "1s", rules: [always] }] }),
    );
    running = await startPrometheusAt(join(directory, "prometheus.yml"), {
      environment: { RUNBOOKS_URL: "https://r.test/books", BOARDS_URL: "https://b.test" },
    });
    // Every job but itself, whose fixed port another may have.
    const up = 'count(up{job!="prometheus"} == 1)';
    await until(async () => (await running.query(up))[0]?.value === pages.length + 2, { deadlineMillis: 120_000 });
  });

  afterAll(async () => {
    await running?.stop();
    await new Promise((resolve) => targets.close(resolve));
  });

  test("scrapes each page, within the limits", async () => {
    const health = (await running.targets())
      .filter(({ labels }) => labels.job !== "prometheus")
      .map(({ labels, health, lastError }) => ({ job: labels.job, health, lastError }));
    const jobs = [...pages.map(([job]) => job), "prediction-exporter", "alertmanager"].sort();
    expect(health.sort((a, b) => (a.job as string).localeCompare(b.job as string))).toEqual(
      jobs.sort((a, b) => a.localeCompare(b)).map((job) => ({ job, health: "up", lastError: "" })),
    );
  });

  test("keeps labels of targets; a target without an app is one of its own", async () => {
    const apps = await running.query('count by (app, team, tier) (up{job="serving"})');
    expect(apps.map(({ metric }) => metric)).toContainEqual({ app: "fraud-api", team: "payments", tier: "critical" });
    expect(apps.map(({ metric }) => metric.app)).toContainEqual(expect.stringMatching(/^127\.0\.0\.1:\d+$/));
  });

  test("does not count probes as traffic", async () => {
    expect(await running.query('{job="serving",handler="/metrics"}')).toEqual([]);
    expect(await running.query('{job="serving",endpoint="/healthz"}')).toEqual([]);
    const counted = await running.query('http_requests_total{job="serving"} or bentoml_service_request_total');
    expect(counted.map(({ metric }) => metric.handler ?? metric.endpoint).sort()).toEqual([
      "/boom",
      "/nope",
      "/predict",
      "/v1/models/{name}",
      "none",
    ]);
  });

  test("has loaded all rules, and each can be evaluated", async () => {
    const files = readdirSync(join(directory, "rules")).sort();
    await until(async () => (await running.rules()).every(({ health }) => health === "ok"), { deadlineMillis: 60_000 });
    expect([...new Set((await running.rules()).map(({ file }) => file))].sort()).toEqual(files);
  });

  test("makes one series of each framework", async () => {
    await until(async () => (await running.query("app:serving_requests:rate15m")).length === 4, { deadlineMillis: 120_000 });
    const frameworks = (await running.query("app:serving_requests:rate15m")).map(({ metric }) => metric.framework);
    expect(frameworks.sort()).toEqual(["bentoml", "fastapi", "kserve", "triton"]);
  });

  test("has an Alertmanager, whose alerts have links but not their bases as labels", async () => {
    await until(async () => alerts.some(({ labels }) => labels.alertname === "ModelTest"), { deadlineMillis: 60_000 });
    const alert = alerts.find(({ labels }) => labels.alertname === "ModelTest");
    expect(alert?.labels).toEqual({ alertname: "ModelTest", severity: "none" });
    expect(alert?.annotations.runbook_url).toBe("https://r.test/books/ModelTest.md");
  });

  test("has nothing to warn of", () => {
    expect(linesOf(running.log()).filter((line) => !/ level=(INFO|DEBUG) /.test(line))).toEqual([]);
  });
});

test("without the two addresses Prometheus says so, and links lead to the public ones", async () => {
  const place = mkdtempSync(join(tmpdir(), "bundle-"));
  try {
    cpSync(bundle, place, { recursive: true });
    const always = { alert: "ModelTest", expr: "vector(1)", annotations: { runbook_url: link } };
    writeFileSync(join(place, "rules/test.yml"), JSON.stringify({ groups: [{ name: "test", interval: "1s", rules: [always] }] }));
    const environment = { RUNBOOKS_URL: "", BOARDS_URL: "" };
    const running = await startPrometheusAt(join(place, "prometheus.yml"), { environment });
    try {
      await until(async () => (await running.alerts()).length > 0, { deadlineMillis: 60_000 });
      expect((await running.alerts())[0]?.annotations.runbook_url).toBe(`${publicRunbooks}/ModelTest.md`);
      const warned = linesOf(running.log()).filter(
        (line) => / level=WARN /.test(line) && line.includes("Empty environment variable"),
      );
      expect(warned.map((line) => /name=(\w+)/.exec(line)?.[1]).sort()).toEqual(["BOARDS_URL", "RUNBOOKS_URL"]);
    } finally {
      await running.stop();
    }
  } finally {
    rmSync(place, { recursive: true });
  }
});

const linesOf = (log: string): string[] => log.split("\n").filter((line) => line !== "");

interface ReceivedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

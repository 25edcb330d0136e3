// The files that docker-compose.yml mounts, at the places where a container sees them, given to the programs themselves, which are
// started with the command of the stack and asked what its health checks ask.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { storyNames } from "../../src/source/simulator.ts";
import { alertmanagerBinaries } from "../servers/alertmanager-binaries.ts";
import { type GoServer, startGoServer } from "../servers/go-server.ts";
import { type MailSink, startMailSink } from "../servers/mail-sink.ts";
import { eventsPath, type NotificationSink, startNotificationSink } from "../servers/notifications.ts";
import { prometheusBinaries } from "../servers/prometheus-binaries.ts";
import { until } from "../until.ts";
import { Container, root, serviceOf } from "./stack.ts";

const [{ prometheus, promtool }, { alertmanager, amtool }] = [await prometheusBinaries(), await alertmanagerBinaries()];

interface Said {
  readonly status: number | null;
  readonly output: string;
}

function run(program: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): Said {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", env: { ...process.env, ...environment } });
  return { status, output: `${stdout}${stderr}` };
}

/** Starts a server with the command of its service, on a port of its own. */
function started(program: string, { service, word }: Container, ...more: readonly string[]): Promise<GoServer> {
  const args = [...(service.command ?? []).map(word), "--web.listen-address=127.0.0.1:0", ...more];
  return startGoServer(program, () => args, { ...process.env, ...service.environment });
}

/** Runs the check of a service's health with the program of the tests, on a server that is there or on one that is not. */
function health(name: string, program: string, url: string): Said {
  const [kind, path = "", ...args] = serviceOf(name).healthcheck?.test ?? [];
  expect([kind, program.endsWith(path.replace("/bin", ""))]).toEqual(["CMD", true]);
  const there = args.map((word) => word.replace(/http:\/\/localhost:\d+/, url));
  expect(there).not.toEqual(args);
  return run(program, there);
}

const nobody = "http://127.0.0.1:9";
const get = async (url: string): Promise<unknown> => (await fetch(url)).json();

describe("Prometheus", () => {
  const container = new Container("prometheus");
  let running: GoServer;
  beforeAll(async () => {
    running = await started(prometheus, container);
  });
  afterAll(async () => {
    await running?.stop();
    container.remove();
  });

  test("finds no fault with its configuration", () => {
    const file = container.place("/etc/prometheus/prometheus.yml");
    const { status, output } = run(
      promtool,
      ["check", "config", "--lint=all", "--lint-fatal", file],
      container.service.environment,
    );
    expect(status, output).toBe(0);
    expect(output).toContain(`${readdirSync(join(root, "prometheus/rules")).length} rule files found`);
  });

  test("scrapes the stack and tells its Alertmanager", async () => {
    interface Found {
      readonly data: { readonly activeTargets: { scrapeUrl: string }[]; readonly activeAlertmanagers: { url: string }[] };
    }
    const targets = async (): Promise<string[]> => {
      const { data } = (await get(`${running.url}/api/v1/targets`)) as Found;
      return data.activeTargets.map(({ scrapeUrl }) => scrapeUrl).sort();
    };
    const expected = ["http://alertmanager:9093/metrics", "http://exporter:9877/metrics", "http://localhost:9090/metrics"];
    await until(async () => (await targets()).length === expected.length, { deadlineMillis: 60_000, what: "targets are found" });
    expect(await targets()).toEqual(expected);
    const { data } = (await get(`${running.url}/api/v1/alertmanagers`)) as Found;
    expect(data.activeAlertmanagers.map(({ url }) => url)).toEqual(["http://alertmanager:9093/api/v2/alerts"]);
  });

  test("is asked whether it is ready", () => {
    expect(health("prometheus", promtool, running.url)).toMatchObject({ status: 0 });
    expect(health("prometheus", promtool, nobody).status).not.toBe(0);
  });
});

describe("Alertmanager", () => {
  const container = new Container("alertmanager");
  const file = container.place("/etc/alertmanager/alertmanager.yml");
  const secrets = container.place("/etc/alertmanager/secrets");
  let notifications: NotificationSink;
  let mail: MailSink;
  let running: GoServer;

  beforeAll(async () => {
    [notifications, mail] = [await startNotificationSink(), await startMailSink()];
    const here = (text: string): string =>
      text.replaceAll("http://sink:8080", notifications.url).replaceAll("/etc/alertmanager/secrets", secrets);
    writeFileSync(file, here(readFileSync(file, "utf8")).replace("mail:1025", mail.address));
    for (const name of readdirSync(secrets)) writeFileSync(join(secrets, name), here(readFileSync(join(secrets, name), "utf8")));
    running = await started(alertmanager, container);
  });
  afterAll(async () => {
    await running?.stop();
    await Promise.all([notifications?.stop(), mail?.stop()]);
    container.remove();
  });

  test("finds no fault with its configuration", () => {
    const { status, output } = run(amtool, ["check-config", file]);
    expect(status, output).toBe(0);
  });

  test("has every secret that it reads, and no other", () => {
    const named = [...readFileSync(file, "utf8").matchAll(/\/etc\/alertmanager\/secrets\/([\w-]+)/g)].map(([, name]) => name);
    expect([...new Set(named)].sort()).toEqual(readdirSync(secrets).sort());
  });

  test("brings a page to the sink that shows pages, and mail to that of mail", async () => {
    const labels = { alertname: "ModelDriftAlarm", severity: "critical", team: "payments", model: "fraud", version: "3" };
    const alerts = [
      { labels, annotations: { summary: "amounts doubled" } },
      { labels: { alertname: "Watchdog", severity: "none" } },
    ];
    const headers = { "Content-Type": "application/json" };
    const sent = await fetch(`${running.url}/api/v2/alerts`, { method: "POST", headers, body: JSON.stringify(alerts) });
    expect(sent.status).toBe(200);
    const paths = (): string[] => [...new Set(notifications.received.map(({ path }) => path))].sort();
    const all = [eventsPath, "/dead-mans-switch", "/slack/payments"].sort();
    // A page waits for 10 s for what comes with it.
    await until(() => paths().length === all.length && mail.mails.length > 0, { deadlineMillis: 60_000, what: "all are told" });
    expect(paths()).toEqual(all);
    expect(notifications.events("payments").map(({ payload }) => payload.summary)).toEqual([
      expect.stringContaining("amounts doubled"),
    ]);
    expect(mail.mails.map(({ to }) => to)).toEqual([["payments-ml@example.org"]]);
  });

  test("is asked whether it answers", () => {
    expect(health("alertmanager", amtool, running.url)).toMatchObject({ status: 0 });
    expect(health("alertmanager", amtool, nobody).status).not.toBe(0);
  });
});

describe("the exporter", () => {
  const container = new Container("exporter");
  afterAll(() => container.remove());

  test("finds no fault with its configuration, which knows the simulator's models", () => {
    const file = container.place("/etc/prediction-exporter/exporter.yml");
    // In the image the package is at /app.
    writeFileSync(file, readFileSync(file, "utf8").replaceAll("/app/", `${root}/`));
    const { status, output } = run(join(root, "bin/prediction-exporter"), ["check", "--config", file]);
    expect(status, output).toBe(0);
    const { models, source, web, state } = load(output) as Record<string, Record<string, unknown>>;
    expect(Object.keys(models ?? {}).sort()).toEqual([...storyNames].sort());
    expect(source?.kafka).toMatchObject({ brokers: ["kafka:19092"] });
    expect(web?.listen).toBe(":9877");
    const [volume] = (container.service.volumes ?? []).filter(({ type }) => type === "volume");
    expect(state?.directory).toBe(volume?.target);
  });

  test("reads what the simulator writes, and where", () => {
    const mounts = (name: string) => (serviceOf(name).volumes ?? []).filter(({ type }) => type === "bind");
    expect(mounts("simulator")).toEqual(mounts("exporter"));
    const command = serviceOf("simulator").command ?? [];
    expect(command).toContain(mounts("exporter")[0]?.target);
    // Every option is one of the command's: it would refuse another before it looks for a broker.
    const { output } = run(join(root, "bin/prediction-exporter"), [
      ...command.slice(0, 3),
      "--follow",
      "--config",
      "/nowhere.yml",
    ]);
    expect(output).toContain("/nowhere.yml");
  });
});

test("Grafana has its boards, its folder and the two addresses of the stack", () => {
  const container = new Container("grafana");
  try {
    const provisioning = container.place("/etc/grafana/provisioning");
    const { providers } = load(readFileSync(join(provisioning, "dashboards/prediction-exporter.yml"), "utf8")) as {
      providers: { options: { path: string } }[];
    };
    expect(providers.map(({ options }) => readdirSync(container.place(options.path)).length > 0)).toEqual([true]);
    const { datasources } = load(readFileSync(join(provisioning, "datasources/prediction-exporter.yml"), "utf8")) as {
      datasources: { url: string }[];
    };
    expect(datasources.map(({ url }) => url)).toEqual(["http://prometheus:9090", "http://alertmanager:9093"]);
    const file = container.service.environment?.GF_SECURITY_ADMIN_PASSWORD__FILE;
    expect(container.service.secrets?.map(({ source }) => `/run/secrets/${source}`)).toEqual([file]);
  } finally {
    container.remove();
  }
});

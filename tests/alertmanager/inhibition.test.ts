// What mutes what, asked of a running Alertmanager with the shipped rules of inhibition; above all what must not be muted.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { load } from "js-yaml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AlertSent, AlertShown, Labels } from "../servers/alertmanager.ts";
import { until } from "../until.ts";
import { modelAlert, systemAlert } from "./examples.ts";
import { type ShippedAlertmanager, shippedText, startShipped } from "./shipped.ts";

const soon = { deadlineMillis: 60_000 };

let shipped: ShippedAlertmanager;
beforeAll(async () => {
  shipped = await startShipped({ speed: 60 });
});
afterAll(() => shipped?.stop());

const page = (alertname: string, labels: Labels = {}): AlertSent => modelAlert(alertname, { severity: "critical", ...labels });
const ticket = (alertname: string, labels: Labels = {}): AlertSent => modelAlert(alertname, { severity: "warning", ...labels });
const without = (alert: AlertSent, ...names: string[]): AlertSent => ({
  ...alert,
  labels: Object.fromEntries(Object.entries(alert.labels).filter(([name]) => !names.includes(name))),
});

/** A pair of which the second is muted: once it is, Alertmanager has considered all that was sent before. */
const sentinels = [
  ticket("ModelBatchFailed", { component: "batch", model: "sentinel" }),
  ticket("ModelBatchLate", { component: "batch", model: "sentinel" }),
];

/** Whether the second is muted while both fire, and that the first is not. Nothing else fires meanwhile. */
async function mutes({ alertmanager }: ShippedAlertmanager, source: AlertSent, target: AlertSent): Promise<boolean> {
  const inhibitedBy = async ({ labels }: AlertSent): Promise<number> => {
    const shown = (await alertmanager.alerts()).filter((alert) => said(alert.labels) === said(labels));
    expect(shown).toHaveLength(1);
    return (shown[0] as AlertShown).status.inhibitedBy.length;
  };
  await alertmanager.send(source, target);
  await alertmanager.send(...sentinels);
  try {
    await until(async () => (await inhibitedBy(sentinels[1] as AlertSent)) > 0, soon);
    expect(await inhibitedBy(source)).toBe(0);
    return (await inhibitedBy(target)) > 0;
  } finally {
    await alertmanager.resolve(...[source, target, ...sentinels].map(({ labels }) => labels));
    await until(async () => (await alertmanager.alerts()).length === 0, soon);
  }
}

/** Labels in their order; an empty one is none. */
const said = (labels: Labels): string =>
  JSON.stringify(
    Object.entries(labels)
      .filter(([, value]) => value !== "")
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );

const down = systemAlert("ExporterDown", { instance: "exporter-1:9877", job: "prediction-exporter" });
const kafkaDown = systemAlert("ExporterKafkaDown", { instance: "exporter-1:9877", job: "prediction-exporter" });
const absent = systemAlert("ExporterAbsent", { job: "prediction-exporter" });
const stopped = page("ModelPredictionsStopped", { component: "data_quality" });
const slo = { component: "slo", slo: "latency", severity: "warning" };

describe("is muted:", () => {
  test.each<[string, AlertSent, AlertSent]>([
    ["a stopped stream while the exporter is down", down, stopped],
    ["a stopped stream while Kafka is down", kafkaDown, stopped],
    ["labels that stopped while Kafka is down", kafkaDown, ticket("ModelLabelsStopped", { component: "performance" })],
    ["little traffic while Kafka is down", kafkaDown, ticket("ModelVolumeLow", { component: "data_quality" })],
    ["a late job while Kafka is down", kafkaDown, page("ModelBatchLate", { component: "batch" })],
    ["a stopped stream while partitions have no leader", systemAlert("KafkaOfflinePartitions", { component: "kafka" }), stopped],
    ["drift while nobody measures", absent, page("ModelDriftAlarm")],
    ["performance while nobody measures", absent, page("ModelPerformanceAlarm", { component: "performance" })],
    ["an objective while nobody measures", absent, page("ModelSloBurningFast", { component: "slo" })],
    [
      "what an exporter lags while its Kafka is down",
      kafkaDown,
      { labels: { ...kafkaDown.labels, alertname: "ExporterLagGrowing", severity: "warning" } },
    ],
    [
      "replicas that lag while a broker is down",
      systemAlert("KafkaBrokerDown"),
      systemAlert("KafkaUnderReplicated", { severity: "warning" }),
    ],
    ["a ticket of a model that pages", page("ModelDriftAlarm"), ticket("ModelFeatureMissing", { component: "data_quality" })],
    ["a ticket of another version of a model that pages", page("ModelDriftAlarm"), ticket("ModelVolumeLow", { version: "4" })],
    ["a share of features while the alarm is on", ticket("ModelDriftAlarm"), ticket("ModelDriftingFeatures")],
    ["a slow burn while it burns fast", ticket("ModelSloBurningFast", slo), ticket("ModelSloBurningSlow", slo)],
    ["little traffic while there is none", ticket("ModelPredictionsStopped"), ticket("ModelVolumeLow")],
    ["few labels while there are none", ticket("ModelLabelsStopped"), ticket("ModelLabelCoverageLow")],
    [
      "estimates below while they are not trusted",
      ticket("ModelEstimatesUntrusted", { severity: "info" }),
      ticket("ModelPerformanceEstimatedBelow"),
    ],
    ["a late job that failed", ticket("ModelBatchFailed"), ticket("ModelBatchLate")],
    ["the age of a reference that is missing", ticket("ModelReferenceMissing"), ticket("ModelReferenceTooOld")],
  ])("%s", async (_what, source, target) => {
    expect(await mutes(shipped, source, target)).toBe(true);
  });
});

describe("is not muted:", () => {
  const foreignPage: AlertSent = { labels: { alertname: "Foreign", severity: "critical" } };
  const foreignTicket: AlertSent = { labels: { alertname: "OtherForeign", severity: "warning" } };
  test.each<[string, AlertSent, AlertSent]>([
    ["a ticket without a model by a page without a model", foreignPage, foreignTicket],
    ["a ticket with an empty model by a page with an empty model", page("A", { model: "" }), ticket("B", { model: "" })],
    [
      "a host's ticket by a page about Kafka",
      systemAlert("KafkaBrokerDown"),
      systemAlert("HostMemoryLow", { severity: "warning" }),
    ],
    ["a ticket of a model by a page without one", foreignPage, ticket("ModelFeatureMissing")],
    ["a ticket without a model by a model's page", page("ModelDriftAlarm"), foreignTicket],
    ["a ticket of another model", page("ModelDriftAlarm"), ticket("ModelFeatureMissing", { model: "recommendation" })],
    ["a page by another page of the model", page("ModelDriftAlarm"), page("ModelSloBurningFast", { component: "slo" })],
    [
      "an alert that is of no model by one of no model that explains it",
      without(ticket("ModelDriftAlarm"), "model", "version"),
      without(ticket("ModelDriftingFeatures"), "model", "version"),
    ],
    ["drift while one exporter is down", down, page("ModelDriftAlarm")],
    ["an objective while Kafka is down", kafkaDown, page("ModelSloBurningFast", { component: "slo" })],
    ["a job that failed while Kafka is down", kafkaDown, page("ModelBatchFailed", { component: "batch" })],
    [
      "a stream by the exporter of another cluster",
      { labels: { ...kafkaDown.labels, cluster: "a" } },
      page("ModelPredictionsStopped", { cluster: "b" }),
    ],
    [
      "the lag of another exporter",
      kafkaDown,
      systemAlert("ExporterLagGrowing", { instance: "exporter-2:9877", severity: "warning" }),
    ],
    ["serving while nobody measures", absent, systemAlert("ServingErrorsHigh", { component: "serving" })],
    ["the Watchdog while nobody measures", absent, systemAlert("Watchdog", { severity: "none", component: "monitoring" })],
    [
      "failing notifications while nobody measures",
      absent,
      systemAlert("AlertmanagerNotificationsFailing", { component: "monitoring", severity: "warning" }),
    ],
    [
      "a slow burn of another objective",
      ticket("ModelSloBurningFast", slo),
      ticket("ModelSloBurningSlow", { ...slo, slo: "availability" }),
    ],
    ["a share of features of another version", ticket("ModelDriftAlarm"), ticket("ModelDriftingFeatures", { version: "4" })],
  ])("%s", async (_what, source, target) => {
    expect(await mutes(shipped, source, target)).toBe(false);
  });
});

test("what is muted is not sent, and is once its cause is over", async () => {
  const quiet = ticket("ModelFeatureMissing", { component: "data_quality", model: "quiet", team: "shop" });
  const cause = page("ModelDriftAlarm", { model: "quiet", team: "shop" });
  const messages = (): unknown[] => shipped.notifications.bodies("/slack-shop-url");
  await shipped.alertmanager.send(cause, quiet);
  const suppressed = () => shipped.alertmanager.counted("alertmanager_notifications_suppressed_total", { reason: "inhibition" });
  await until(async () => (await suppressed()) > 0 && messages().length > 0, soon);
  expect(JSON.stringify(messages())).not.toContain("ModelFeatureMissing");
  await shipped.alertmanager.resolve(cause.labels);
  await until(() => JSON.stringify(messages()).includes("ModelFeatureMissing"), soon);
  await shipped.alertmanager.resolve(quiet.labels);
});

test("without asking for a model, one page without a model would mute all tickets without one", async () => {
  const careless = await startShipped({ speed: 60 }, (text) => text.replaceAll(", 'model=~\".+\"']", "]"));
  try {
    const [source, target] = [
      { labels: { alertname: "A", severity: "critical" } },
      { labels: { alertname: "B", severity: "warning" } },
    ];
    expect(await mutes(careless, source, target)).toBe(true);
  } finally {
    await careless.stop();
  }
});

describe("by their words, the rules", () => {
  interface Rule {
    readonly source_matchers: readonly string[];
    readonly target_matchers: readonly string[];
    readonly equal: readonly string[];
  }
  const { inhibit_rules: rules } = load(shippedText) as { inhibit_rules: readonly Rule[] };
  const table = readFileSync(fileURLToPath(new URL("routes.yml", import.meta.url)), "utf8");
  const { alerts } = load(table) as { alerts: Readonly<Record<string, { component: string; severities: readonly string[] }>> };

  const matches = (labels: Labels, matchers: readonly string[]): boolean =>
    matchers.every((matcher) => {
      const [, name = "", operator, value = ""] = /^(\w+)(=~?)"(.*)"$/.exec(matcher) ?? [];
      if (operator === undefined) throw new Error(`cannot read ${matcher}`);
      const label = labels[name] ?? "";
      return operator === "=" ? label === value : new RegExp(`^(?:${value})$`).test(label);
    });

  const all: Labels[] = Object.entries(alerts).flatMap(([alertname, { component, severities }]) =>
    severities.map((severity) => ({
      alertname,
      component,
      severity,
      ...(alertname.startsWith("Model") ? { model: "fraud" } : {}),
    })),
  );

  test("match no shipped alert on both sides, and each some on either", () => {
    for (const rule of rules) {
      const sources = all.filter((labels) => matches(labels, rule.source_matchers));
      expect(sources).not.toEqual([]);
      expect(sources.filter((labels) => matches(labels, rule.target_matchers))).toEqual([]);
      expect(all.filter((labels) => matches(labels, rule.target_matchers))).not.toEqual([]);
    }
  });

  test("that compare models ask for one on both sides", () => {
    for (const { source_matchers, target_matchers, equal } of rules.filter((rule) => rule.equal.includes("model"))) {
      expect(equal).toContain("model");
      for (const matchers of [source_matchers, target_matchers]) expect(matchers).toContain('model=~".+"');
    }
  });
});

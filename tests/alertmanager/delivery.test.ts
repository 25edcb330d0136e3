// What arrives where: the shipped file in a running Alertmanager, with what stands for PagerDuty, Slack, mail and webhooks.
// Waiting is 60 times as fast as shipped: a page after 0.2 s, a ticket after 0.5 s, news after 1 s.
import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Labels } from "../servers/alertmanager.ts";
import type { Mail } from "../servers/mail-sink.ts";
import type { PagerDutyEvent } from "../servers/notifications.ts";
import { until } from "../until.ts";
import { driftAlert, hostile, hostileAlert, modelAlert, systemAlert } from "./examples.ts";
import { type ShippedAlertmanager, startShipped } from "./shipped.ts";

const soon = { deadlineMillis: 60_000 };

let shipped: ShippedAlertmanager;
beforeAll(async () => {
  shipped = await startShipped({ speed: 60 });
});
afterAll(() => shipped?.stop());

/** Events of the first line about an alert of a model, or of none. */
function pages(alertname: string, model?: string): PagerDutyEvent[] {
  const source = model ?? "prediction-exporter";
  const events = shipped.notifications.events().filter(({ routing_key }) => routing_key !== "pagerduty-second-line");
  return events.filter(({ payload }) => payload.class === alertname && payload.source === source);
}

async function paged(alertname: string, model: string, action: "trigger" | "resolve"): Promise<PagerDutyEvent> {
  const found = () => pages(alertname, model).find(({ event_action }) => event_action === action);
  await until(() => found() !== undefined, { ...soon, what: `${action} of ${alertname} ${model}` });
  return found() as PagerDutyEvent;
}

interface SlackMessage {
  readonly attachments: readonly {
    readonly title: string;
    readonly title_link: string;
    readonly text: string;
    readonly color: string;
  }[];
}

async function slack(path: string, title: string): Promise<SlackMessage["attachments"][number]> {
  const found = () => (shipped.notifications.bodies(path) as SlackMessage[]).flatMap(({ attachments }) => attachments);
  const titled = () => found().find((attachment) => attachment.title.startsWith(title));
  await until(() => titled() !== undefined, { ...soon, what: `Slack: ${title}` });
  return titled() as SlackMessage["attachments"][number];
}

async function mailed(subject: RegExp): Promise<Mail> {
  const found = () => shipped.mail.mails.find(({ text }) => subject.test(text));
  await until(() => found() !== undefined, { ...soon, what: `mail: ${subject}` });
  return found() as Mail;
}

test("a page tells the team all that is known, in PagerDuty, Slack and mail, and tells when it is over", async () => {
  const alert = driftAlert();
  await shipped.alertmanager.send(alert);
  const event = await paged("ModelDriftAlarm", "fraud", "trigger");
  expect(event).toMatchObject({
    routing_key: "pagerduty-payments",
    payload: {
      summary: "ModelDriftAlarm fraud version 3: The model's values are distributed otherwise than in its reference.",
      severity: "critical",
      class: "ModelDriftAlarm",
      component: "drift",
      group: "payments",
      custom_details: {
        score: 0.8312,
        samples: 1204,
        threshold: "* 4.6e-06 (p-value)",
        false_alarms: "one in 30 days for all signals of the version",
        reasons: "* amount (1h, min_effect), $score (1h, min_effect)",
        first_deviation: "* 2026-11-23 08:41:00 UTC",
        recent_changes: "* version 3 since 2026-11-20 09:00:00 UTC",
      },
    },
  });
  expect(event.links.map(({ text, href }) => [text, href])).toEqual([
    ["Runbook", alert.annotations?.runbook_url],
    ["Board", alert.annotations?.dashboard_url],
    ["Silence", expect.stringContaining("/#/silences/new?filter=")],
  ]);

  const message = await slack("/slack-payments-url", "ModelDriftAlarm fraud");
  expect(message).toMatchObject({ color: "danger", title_link: alert.annotations?.dashboard_url });
  expect(message.text).toContain("Score: 0.8312\nSamples: 1204\n");

  const mail = await mailed(/^Subject: ModelDriftAlarm fraud version 3/m);
  expect(mail).toMatchObject({ to: ["payments-ml@example.org"], user: "alertmanager@example.org", password: "smtp-password" });

  await shipped.alertmanager.resolve(alert.labels);
  const over = await paged("ModelDriftAlarm", "fraud", "resolve");
  expect(over.dedup_key).toBe(event.dedup_key);
  await slack("/slack-payments-url", "Resolved: ModelDriftAlarm fraud");
  await mailed(/^Subject: Resolved: ModelDriftAlarm fraud/m);
  expect(pages("ModelDriftAlarm", "fraud").map(({ event_action }) => event_action)).toEqual(["trigger", "resolve"]);
});

test("what fires for twenty features of a model is one incident", async () => {
  const alerts = Array.from({ length: 20 }, (_, index) =>
    modelAlert("ModelFeatureMissing", { model: "many", feature: `f${index}` }),
  );
  await shipped.alertmanager.send(...alerts);
  const event = await paged("ModelFeatureMissing", "many", "trigger");
  expect(String(event.payload.custom_details.firing).trim().split("\n")).toHaveLength(20);
  // PagerDuty's incident is the group: its key says how it was made.
  const group = '{}/{severity="critical"}/{team="payments"}:{alertname="ModelFeatureMissing", model="many"}';
  expect(event.dedup_key).toBe(createHash("sha256").update(group).digest("hex"));
  await shipped.alertmanager.resolve(...alerts.map(({ labels }) => labels));
  await paged("ModelFeatureMissing", "many", "resolve");
  expect(pages("ModelFeatureMissing", "many").map(({ event_action }) => event_action)).toEqual(["trigger", "resolve"]);
});

test("an alert of two versions and of two models is an incident for each model", async () => {
  const versions = ["3", "4"].map((version) => driftAlert({ model: "two", version }, { score: `0.${version}` }));
  await shipped.alertmanager.send(...versions, driftAlert({ model: "other" }));
  const event = await paged("ModelDriftAlarm", "two", "trigger");
  expect(event.payload.custom_details.score).toBe("* version 3: 0.3\n* version 4: 0.4\n");
  expect((await paged("ModelDriftAlarm", "other", "trigger")).dedup_key).not.toBe(event.dedup_key);
  expect(pages("ModelDriftAlarm", "two")).toHaveLength(1);
});

test("names from anywhere arrive as text, and keep no page from arriving", async () => {
  await shipped.alertmanager.send(hostileAlert());
  const { payload } = await paged("ModelDriftAlarm", hostile.model, "trigger");
  const details = payload.custom_details;
  expect(details.description).toBe(`* Model ${hostile.model} ${hostile.version}: score 0.8312`);
  expect(details.reasons).toBe(`* {a: "{{ fail }}"}\n...\n--- ${hostile.model}`);
  expect(details.recent_changes).toBe(`* ${hostile.version}`);
  expect(details.firing).toContain(hostile.version);

  const message = await slack("/slack-payments-url", "ModelDriftAlarm a");
  expect(message.title).toContain("&lt;!channel&gt; &amp; {{ .ExternalURL }}");

  const { text, to } = await mailed(/^Subject: .*script/m);
  const headers = text.slice(0, text.indexOf("\n\n"));
  expect(headers).not.toMatch(/^Bcc:/m);
  expect(to).toEqual(["payments-ml@example.org"]);
  await shipped.alertmanager.resolve(hostileAlert().labels);
  await paged("ModelDriftAlarm", hostile.model, "resolve");
});

test("a ticket opens one in the team's tracker by a webhook, and pages nobody", async () => {
  const ticket = modelAlert("ModelBatchRowsLow", { severity: "warning", component: "batch", team: "supply", model: "forecast" });
  await shipped.alertmanager.send(ticket);
  await slack("/slack-supply-url", "ModelBatchRowsLow forecast");
  const opened = () => shipped.notifications.bodies("/supply-tickets-url");
  await until(() => opened().length > 0, soon);
  expect(opened()[0]).toMatchObject({ version: "4", status: "firing", alerts: [{ labels: ticket.labels }] });
  expect(pages("ModelBatchRowsLow", "forecast")).toEqual([]);
});

test("what no route knows reaches the platform team, with its labels", async () => {
  await shipped.alertmanager.send({ labels: { alertname: "Odd", severity: "Critical", host: "<here>" } });
  const message = await slack("/slack-platform-url", "Odd");
  expect(message.text).toContain("alertname=Odd, host=&lt;here&gt;, severity=Critical");
  expect((await mailed(/^Subject: Odd$/m)).to).toEqual(["ml-platform@example.org"]);
});

test("the dead man's switch is told again and again, but never that all is over; info is told to nobody", async () => {
  const watchdog: Labels = { alertname: "Watchdog", severity: "none", component: "monitoring" };
  const info = modelAlert("ModelReferenceTooYoung", { severity: "info" });
  await shipped.alertmanager.send({ labels: watchdog }, info);
  const signs = () => shipped.notifications.bodies("/dead-mans-switch-url") as { status: string }[];
  await until(() => signs().length >= 3, soon);
  await shipped.alertmanager.resolve(watchdog);
  // More than an interval of groups later, another group has begun and ended.
  const page = systemAlert("ExporterAbsent");
  await shipped.alertmanager.send(page);
  await until(() => pages("ExporterAbsent").length > 0, soon);
  await shipped.alertmanager.resolve(page.labels);
  await until(() => pages("ExporterAbsent").length > 1, soon);
  expect(new Set(signs().map(({ status }) => status))).toEqual(new Set(["firing"]));
  expect(JSON.stringify(shipped.notifications.received)).not.toContain("ModelReferenceTooYoung");
});

test("nothing failed", async () => {
  expect(await shipped.alertmanager.counted("alertmanager_notifications_failed_total")).toBe(0);
  expect(await shipped.alertmanager.counted("alertmanager_notifications_total")).toBeGreaterThan(10);
});

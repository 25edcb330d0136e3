// Time intervals: tickets wait for working hours, those about drift for the end of retraining; pages for nothing. Whether it is
// such an hour is replaced, and what Alertmanager counted as suppressed tells that it decided.
import { expect, test } from "vitest";
import { until } from "../until.ts";
import { driftAlert, modelAlert } from "./examples.ts";
import { type Differences, type ShippedAlertmanager, shippedText, startShipped } from "./shipped.ts";

const soon = { deadlineMillis: 60_000 };

const page = driftAlert();
const drift = driftAlert({ model: "recommendation", team: "shop", severity: "warning" });
const quality = modelAlert("ModelFeatureMissing", {
  model: "forecast",
  team: "supply",
  severity: "warning",
  component: "data_quality",
});
const unowned = driftAlert({ model: "new", team: "", severity: "warning" });

async function withHours(hours: Partial<Differences>, look: (shipped: ShippedAlertmanager) => Promise<void>): Promise<void> {
  const shipped = await startShipped({ speed: 60, ...hours });
  try {
    await shipped.alertmanager.send(page, drift, quality, unowned);
    await look(shipped);
  } finally {
    await shipped.stop();
  }
}

const suppressed = ({ alertmanager }: ShippedAlertmanager, reason: string): Promise<number> =>
  alertmanager.counted("alertmanager_notifications_suppressed_total", { reason });

const messages = ({ notifications }: ShippedAlertmanager, team: string): unknown[] => notifications.bodies(`/slack-${team}-url`);

test("at night pages are sent, tickets are not", async () => {
  await withHours({ workingHours: "never" }, async (shipped) => {
    // Each ticket once for each of its receiver's ways, Slack and mail or webhook.
    await until(async () => (await suppressed(shipped, "active_time_interval")) >= 3, soon);
    await until(
      () => messages(shipped, "payments").length > 0 && shipped.notifications.events("pagerduty-payments").length > 0,
      soon,
    );
    for (const team of ["shop", "supply", "platform"]) expect(messages(shipped, team)).toEqual([]);
  });
});

test("while models are retrained tickets about drift are not sent, others and pages are", async () => {
  await withHours({ workingHours: "always", retraining: "always" }, async (shipped) => {
    await until(async () => (await suppressed(shipped, "mute_time_interval")) >= 2, soon);
    await until(
      () => messages(shipped, "supply").length > 0 && shipped.notifications.events("pagerduty-payments").length > 0,
      soon,
    );
    expect(messages(shipped, "shop")).toEqual([]);
    expect(messages(shipped, "platform")).toEqual([]);
  });
});

test("in working hours all are sent", async () => {
  await withHours({ workingHours: "always" }, async (shipped) => {
    await until(() => ["payments", "shop", "supply", "platform"].every((team) => messages(shipped, team).length > 0), soon);
    expect(await suppressed(shipped, "active_time_interval")).toBe(0);
    expect(await suppressed(shipped, "mute_time_interval")).toBe(0);
  });
});

test("the intervals as shipped are of a place, and no page waits for one", () => {
  expect(shippedText.match(/location: /g)).toHaveLength(2);
  const routes = shippedText.slice(shippedText.indexOf("\nroute:"), shippedText.indexOf("\ntime_intervals:"));
  const pages = routes.slice(0, routes.indexOf('severity="warning"'));
  expect(pages).not.toMatch(/time_intervals:/);
  // Intervals are not inherited: each route from there on names its own.
  const tickets = routes.slice(routes.indexOf('severity="warning"'));
  expect(tickets.match(/active_time_intervals: \[working-hours\]/g)).toHaveLength(
    (tickets.match(/- receiver:/g) ?? []).length + 1,
  );
  expect(tickets.match(/mute_time_intervals: \[retraining\]/g)).toHaveLength((tickets.match(/component="drift"/g) ?? []).length);
});

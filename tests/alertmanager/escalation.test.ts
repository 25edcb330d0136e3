// The second line: who hears of a page that nobody took, and who does not. The shipped file, 600 times as fast: half an hour in 3 s.
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../until.ts";
import { driftAlert } from "./examples.ts";
import { type ShippedAlertmanager, startShipped } from "./shipped.ts";

const soon = { deadlineMillis: 60_000 };

let shipped: ShippedAlertmanager;
beforeAll(async () => {
  shipped = await startShipped({ speed: 600 });
});
afterAll(() => shipped?.stop());

/** What a line was told of a model. */
function told(line: "pagerduty-payments" | "pagerduty-second-line", model: string): string[] {
  const events = shipped.notifications.events(line).filter(({ payload }) => payload.source === model);
  return events.map(({ event_action }) => event_action);
}

test("only a page that is neither over nor silenced reaches it, and it hears of the end", async () => {
  const [acknowledged, over, open] = ["acknowledged", "over", "open"].map((model) => driftAlert({ model }));
  if (acknowledged === undefined || over === undefined || open === undefined) throw new Error("unreachable");
  const { alertmanager } = shipped;

  await alertmanager.send(acknowledged, over);
  await until(
    () => [acknowledged, over].every(({ labels }) => told("pagerduty-payments", labels.model ?? "").length === 1),
    soon,
  );
  await alertmanager.silence({ alertname: "ModelDriftAlarm", model: "acknowledged" });
  await alertmanager.resolve(over.labels);
  // Sent later, so that it escalates later: by then the others would have.
  await alertmanager.send(open);
  await until(() => told("pagerduty-payments", "open").length === 1, soon);
  expect(told("pagerduty-second-line", "open")).toEqual([]);
  await until(() => told("pagerduty-second-line", "open").length === 1, soon);
  expect(await alertmanager.counted("alertmanager_notifications_suppressed_total", { reason: "silence" })).toBeGreaterThan(0);
  expect(told("pagerduty-second-line", "acknowledged")).toEqual([]);
  expect(told("pagerduty-second-line", "over")).toEqual([]);

  await alertmanager.resolve(open.labels, acknowledged.labels);
  await until(() => told("pagerduty-second-line", "open").length === 2, soon);
  await until(() => told("pagerduty-payments", "open").length === 2, soon);
  expect(told("pagerduty-second-line", "open")).toEqual(["trigger", "resolve"]);
  // What is silenced is not told to be over: whoever silenced it closes the incident.
  expect(told("pagerduty-payments", "acknowledged")).toEqual(["trigger"]);
});

// The story of the fraud model from an event in Kafka to the page, real servers only: values drift, and the right team is told
// once, with all that it needs, and of the end. Before that, nobody is told anything.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PagerDutyEvent } from "../servers/notifications.ts";
import { Rehearsal } from "./rehearsal.ts";
import { changed } from "./rehearsal-servers.ts";

/** Amounts come in cents for the last ten minutes of an hour: minutes since the beginning. What looks at whole hours has it in one. */
const drifts = { after: 160, lasts: 10 };
const stableMinutes = 120;

let rehearsal: Rehearsal;
beforeAll(async () => {
  rehearsal = await Rehearsal.start({
    pace: 60,
    from: "2026-01-05T08:10:00Z",
    history: "3h",
    incidents: [{ story: "fraud", effect: { kind: "scaled", feature: "amount", factor: 100 }, ...drifts }],
    // Short windows, so that the alarm ends soon after the incident.
    configure: (config) => changed(config, [["windows: [5m, 1h, 24h]", "windows: [5m, 15m]"]]),
  });
});
afterAll(async () => {
  await rehearsal?.report();
  await rehearsal?.end();
});

const eventsOf = (service: string): PagerDutyEvent[] =>
  rehearsal
    .told()
    .filter(({ to }) => to === `PagerDuty ${service}`)
    .map(({ body }) => body as PagerDutyEvent);

test("nothing fires in the stable hours before", async () => {
  const ready = rehearsal.minutes;
  expect(drifts.after - ready).toBeGreaterThanOrEqual(stableMinutes);
  await rehearsal.at(drifts.after);
  expect(await rehearsal.fired(0, drifts.after)).toEqual(new Map());
  expect(rehearsal.told()).toEqual([]);
});

test("the team of the model gets a page with all that it needs, and a message and a mail that say the same", async () => {
  const first = rehearsal.firstPredictionAfter("fraud", drifts.after);
  const page = await rehearsal.awaitTold("PagerDuty payments", /^trigger ModelDriftAlarm fraud$/, drifts.after + 30);
  process.stdout.write(`from the first drifted event to the page: ${(page.minutes - first).toFixed(1)} min\n`);
  const { payload, links } = page.body as PagerDutyEvent;
  expect(payload).toMatchObject({
    // Of one of its two versions, or of both.
    summary: expect.stringMatching(
      /^ModelDriftAlarm fraud( version [34])?: What goes into the model or comes out of it no longer looks like its reference\.$/,
    ),
    severity: "critical",
    class: "ModelDriftAlarm",
    component: "drift",
    group: "payments",
    source: "fraud",
  });
  expect(payload.custom_details).toMatchObject({
    score: expect.stringMatching(/psi_adjusted [\d.]+ of (amount|\$score|\$prediction) in (5m|15m)|sequential detector/),
    samples: expect.stringMatching(/values of|not known/),
    threshold: expect.stringMatching(/p-value below \S+ in 15m, \S+ in 5m, or evidence of 10\^/),
    false_alarms: expect.stringMatching(/1 in 30 days are accepted/),
    reasons: expect.stringContaining("amount: "),
    first_deviation: expect.stringMatching(/2026-01-05 10:5\d:00/),
  });
  expect(links.map(({ text, href }) => [text, href])).toEqual([
    ["Runbook", "https://github.com/prediction-exporter/prediction-exporter/blob/main/docs/runbooks/ModelDriftAlarm.md"],
    ["Board", expect.stringMatching(/^http:\/\/localhost:3000\/d\/ml-model\?var-model=fraud&var-version=[34]$/)],
    ["Silence", expect.stringContaining("/#/silences/new?filter=")],
  ]);
  await rehearsal.awaitTold("Slack payments", /^ModelDriftAlarm fraud/, drifts.after + 30);
  await rehearsal.awaitTold("mail payments-ml@example.org", /^ModelDriftAlarm fraud/, drifts.after + 30);
});

test("nobody takes it, so the second line is paged half an hour later", async () => {
  const page = await rehearsal.awaitTold("PagerDuty payments", /^trigger /, 0);
  const escalated = await rehearsal.awaitTold("PagerDuty second-line", /^trigger ModelDriftAlarm fraud$/, drifts.after + 70);
  expect(escalated.minutes - page.minutes).toBeGreaterThan(25);
});

test("values are as before, and everybody is told that it is over: it was one incident", async () => {
  const over = drifts.after + drifts.lasts + 100;
  await rehearsal.awaitTold("PagerDuty payments", /^resolve ModelDriftAlarm fraud$/, over);
  await rehearsal.awaitTold("PagerDuty second-line", /^resolve ModelDriftAlarm fraud$/, over);
  await rehearsal.awaitTold("Slack payments", /^Resolved: ModelDriftAlarm fraud/, over);
  await rehearsal.awaitTold("mail payments-ml@example.org", /^Resolved: ModelDriftAlarm fraud/, over);
  for (const service of ["payments", "second-line"]) {
    const events = eventsOf(service);
    expect(new Set(events.map(({ dedup_key }) => dedup_key)).size).toBe(1);
    expect(events.at(-1)?.event_action).toBe("resolve");
  }
  // Nobody else was paged, and nothing else about another model was said.
  expect(new Set(rehearsal.told().map(({ to }) => to))).toEqual(
    new Set(["PagerDuty payments", "PagerDuty second-line", "Slack payments", "mail payments-ml@example.org"]),
  );
  process.stdout.write(`fired: ${JSON.stringify([...(await rehearsal.fired(drifts.after, rehearsal.minutes))])}\n`);
});

// What else goes wrong, on one timeline, real servers only: who is told what, and who is not. The three stories of the simulator, the
// exporter and Kafka. Minutes are those of the rehearsal's clock.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PagerDutyEvent } from "../servers/notifications.ts";
import { alertOf, Rehearsal, type Told } from "./rehearsal.ts";
import { changed } from "./rehearsal-servers.ts";

/** When what goes wrong, in minutes. Jobs are due every quarter of an hour. */
const jobLate = { after: 29, lasts: 31 };
const columnRenamed = { after: 89, lasts: 5 };
const slow = { after: 90, lasts: 20 };
const silence = { after: 145, lasts: 35 };
/** For longer than a job takes to be late. */
const kafkaAway = { after: 200, lasts: 26 };
const end = 275;

let rehearsal: Rehearsal;
beforeAll(async () => {
  rehearsal = await Rehearsal.start({
    pace: 60,
    from: "2026-01-05T08:00:00Z",
    history: "3h",
    incidents: [
      { story: "fraud", effect: { kind: "accused", share: 0.03 }, after: 0, lasts: end },
      { story: "recommendation", effect: { kind: "few_clicks", share: 0.3 }, after: 0, lasts: end },
      { story: "forecast", effect: { kind: "late_job" }, ...jobLate },
      { story: "forecast", effect: { kind: "renamed", feature: "price_index", to: "price_level" }, ...columnRenamed },
      { story: "fraud", effect: { kind: "slow", factor: 12 }, ...slow },
      { story: "recommendation", effect: { kind: "no_predictions" }, ...silence },
    ],
    configure: (config) =>
      changed(config, [
        ["windows: [5m, 1h, 24h]", "windows: [5m, 1h]"],
        [
          "    tier: critical\n",
          "    tier: critical\n    alerts: {performance: {false_positive_rate: {most: 0.015, window: 1h}}}\n",
        ],
        // When Kafka is back the simulator writes to one partition after the other, for some real seconds.
        ["idle: 3m", "idle: 6m"],
        ["    team: shop\n", "    team: shop\n    alerts: {performance: {ctr: {least: 0.07, window: 1h}}}\n"],
      ]),
  });
});
afterAll(async () => {
  await rehearsal?.report();
  await rehearsal?.end();
});

/** When platform's pager was told something first. */
const minuteOf = (what: RegExp): number =>
  rehearsal.told().find((one) => one.to === "PagerDuty platform" && what.test(one.what))?.minutes ?? Number.NaN;

const pagerOf = ({ body }: Told): PagerDutyEvent["payload"] => (body as PagerDutyEvent).payload;

describe("the batch forecast", () => {
  test("its job is late: a ticket for supply, in Slack and in its tracker, and no page", async () => {
    const told = await rehearsal.awaitTold("Slack supply", /^ModelBatchLate forecast/, jobLate.after + 25);
    expect(JSON.stringify(told.body)).toContain("One is expected every 15m 0s, with 2m 0s of grace.");
    await rehearsal.awaitTold("webhook supply-tickets", /^firing ModelBatchLate forecast$/, jobLate.after + 25);
    await rehearsal.awaitTold("Slack supply", /^Resolved: ModelBatchLate forecast/, jobLate.after + jobLate.lasts + 30);
  });

  test("its schema changes: a ticket for supply", async () => {
    const told = await rehearsal.awaitTold("Slack supply", /^ModelBatchSchemaChanged forecast/, columnRenamed.after + 15);
    expect(JSON.stringify(told.body)).toMatch(/1 (appeared|vanished)/);
  });
});

test("the objective of latency of fraud burns: payments is paged, and told when it is over", async () => {
  const page = await rehearsal.awaitTold("PagerDuty payments", /^trigger ModelSloBurningFast fraud$/, slow.after + 30);
  expect(pagerOf(page)).toMatchObject({ severity: "critical", component: "slo", group: "payments" });
  expect(pagerOf(page).custom_details).toMatchObject({
    score: expect.stringMatching(/%/),
    threshold: expect.stringMatching(/%/),
  });
  await rehearsal.awaitTold("PagerDuty payments", /^resolve ModelSloBurningFast fraud$/, slow.after + slow.lasts + 60);
});

describe("labels come late, and say that", () => {
  test("recommendations are clicked less than was promised: a ticket for shop", async () => {
    const told = await rehearsal.awaitTold("Slack shop", /^ModelPerformanceBelowObjective recommendation/, kafkaAway.after);
    expect(JSON.stringify(told.body)).toMatch(/misses ctr in 1h, promised at least 0\.07, by 0\.0\d+ at least/);
  });

  test("more honest payments than was promised are called fraud: payments is paged", async () => {
    const page = await rehearsal.awaitTold("PagerDuty payments", /^trigger ModelPerformanceBelowObjective fraud$/, 205);
    expect(String(pagerOf(page).custom_details.description)).toMatch(
      /misses false_positive_rate in 1h, promised at most 0\.015, by 0\.0\d+ at least/,
    );
  });
});

test("recommendation predicts no more: a ticket for shop, and it is over when it predicts again", async () => {
  const told = await rehearsal.awaitTold("Slack shop", /^ModelPredictionsStopped recommendation/, silence.after + 30);
  expect(told.minutes).toBeGreaterThan(silence.after + 15);
  await rehearsal.awaitTold("Slack shop", /^Resolved: ModelPredictionsStopped recommendation/, kafkaAway.after);
});

test("Kafka stops: platform is paged for that, and nobody for what follows from it", async () => {
  await rehearsal.at(kafkaAway.after);
  const stopped = rehearsal.minutes;
  await rehearsal.kafka.stop();
  await rehearsal.awaitTold("PagerDuty platform", /^trigger ExporterKafkaDown /, kafkaAway.after + 20);
  await rehearsal.at(kafkaAway.after + kafkaAway.lasts);
  await rehearsal.kafka.restart();
  await rehearsal.awaitTold("PagerDuty platform", /^resolve ExporterKafkaDown /, end);
  // Long enough to be told of whatever goes on firing when the page is over.
  await rehearsal.at(end);
  expect(new Set(rehearsal.begun(stopped).map(({ what }) => alertOf(what)))).toEqual(new Set(["ExporterKafkaDown"]));
});

test("all in all, each alert was told to whom it concerns, and there were no others", () => {
  const told = new Map<string, Set<string>>();
  for (const { to, what } of rehearsal.told()) {
    const alert = alertOf(what);
    told.set(alert, (told.get(alert) ?? new Set()).add(to));
  }
  const pager = (team: string): Set<string> =>
    new Set([`PagerDuty ${team}`, "PagerDuty second-line", `Slack ${team}`, `mail ${team}-ml@example.org`]);
  const ticket = (team: string): Set<string> => new Set([`Slack ${team}`, `mail ${team}-ml@example.org`]);
  // Supply's tickets are opened by a webhook.
  const tracker = new Set(["Slack supply", "webhook supply-tickets"]);
  // Of the day that it looks at there are hours only; it waits while payments is paged, which may be for all that is left.
  const burningSlow = told.get("ModelSloBurningSlow fraud") ?? new Set<string>();
  expect([...burningSlow].filter((to) => !ticket("payments").has(to))).toEqual([]);
  // It takes real time for Kafka to be back: about half an hour, after which the second line is paged.
  const kafkaDown = ["PagerDuty platform", "Slack platform", "mail ml-platform@example.org"];
  const openMinutes = minuteOf(/^resolve ExporterKafkaDown /) - minuteOf(/^trigger ExporterKafkaDown /);
  const isEscalated = told.get("ExporterKafkaDown")?.has("PagerDuty second-line") === true;
  if (Math.abs(openMinutes - 30) > 2) expect(isEscalated).toBe(openMinutes > 30);
  if (isEscalated) kafkaDown.push("PagerDuty second-line");
  expect(told).toEqual(
    new Map([
      ...(burningSlow.size === 0 ? [] : [["ModelSloBurningSlow fraud", burningSlow] as const]),
      ["ModelBatchLate forecast", tracker],
      ["ModelBatchSchemaChanged forecast", tracker],
      // What follows from a column that has another name.
      ["ModelDriftAlarm forecast", tracker],
      ["ModelFeatureMissing forecast", tracker],
      ["ModelSchemaViolations forecast", tracker],
      ["ModelSloBurningFast fraud", pager("payments")],
      ["ModelPerformanceBelowObjective fraud", pager("payments")],
      ["ModelPerformanceBelowObjective recommendation", ticket("shop")],
      ["ModelPredictionsStopped recommendation", ticket("shop")],
      ["ExporterKafkaDown", new Set(kafkaDown)],
    ]),
  );
});

// Incidents of the demo's script: each changes its story in its time, and nothing else.
import { describe, expect, test } from "vitest";
import {
  batchEveryMillis,
  demoScript,
  type ScheduledIncident,
  scheduled,
  scriptMillis,
  storyNames,
} from "../../src/source/simulator.ts";
import { lineOf, minute, origin, plain, type Told, told } from "./streams.ts";

const moment = origin + 4 * batchEveryMillis;
const script = scheduled(demoScript, moment);
/** What came of a job that was touched is over by then. */
const afterwardsMillis = batchEveryMillis + 3 * minute;
const end = moment + scriptMillis + afterwardsMillis;

const calm = [...told(plain, origin, end)];
const withOne = (incident: ScheduledIncident): Told[] => [...told({ ...plain, incidents: [incident] }, origin, end)];

/** All but the offset, which shifts where records are missing. */
const placed = ({ record: { topic, partition, timeMillis, value } }: Told): string =>
  `${topic}/${partition} ${timeMillis} ${value}`;
const byId = (all: readonly Told[]): Map<string, Told> =>
  new Map(all.filter(({ type }) => type === "prediction").map((one) => [one.id, one]));

/** Job incidents are felt until what was due in their time is over; the others only in events of their time. */
const isOver = ({ story, endMillis }: ScheduledIncident, { millis }: Told): boolean => {
  return millis >= endMillis + (story === "forecast" ? afterwardsMillis : 0);
};

describe.each(script)("$id", (incident) => {
  const troubled = withOne(incident);
  const { story, startMillis, endMillis } = incident;

  test("leaves every record before it as it was", () => {
    const earlier = (all: readonly Told[]): string[] =>
      all.filter(({ record }) => record.timeMillis < startMillis).map(({ record }) => lineOf(record));
    expect(earlier(troubled)).toEqual(earlier(calm));
  });

  test("leaves the other stories as they were", () => {
    const others = (all: readonly Told[]): string[] => all.filter(({ model }) => model !== story).map(placed);
    expect(others(troubled)).toEqual(others(calm));
  });

  test("changes its story in its time, and only then", () => {
    const outside = (all: readonly Told[]): string[] =>
      all.filter((one) => one.model === story && (one.millis < startMillis || isOver(incident, one))).map(placed);
    expect(outside(troubled)).toEqual(outside(calm));
    const before = new Set(calm.map(placed));
    const after = new Set(troubled.map(placed));
    const changed = [...calm.filter((one) => !after.has(placed(one))), ...troubled.filter((one) => !before.has(placed(one)))];
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.every(({ model }) => model === story)).toBe(true);
  });

  test("says what happens and where to look", () => {
    expect(incident.page).toBe(`/models/${story}`);
    expect(incident.message).toMatch(/^[A-Z][^\n]{20,150}\.$/);
    expect(incident.watch.length).toBeGreaterThan(0);
    for (const { name, labels } of incident.watch) {
      expect(name).toMatch(
        /^ml_(window_mean|feature_values_total|prediction_latency_seconds_(sum|bucket)|outcomes_total|batch_\w+|business_\w+|performance|schema_violations_total)$/,
      );
      expect(labels.model).toBe(story);
    }
    expect(endMillis).toBeGreaterThan(startMillis);
  });
});

describe("what happens", () => {
  const incidentOf = (id: string): ScheduledIncident => script.find((one) => one.id === id) as ScheduledIncident;
  /** Predictions of its time with what they were without it. */
  const pairs = (id: string): (readonly [calm: Told, troubled: Told])[] => {
    const incident = incidentOf(id);
    const before = byId(calm);
    const touched = withOne(incident).filter(({ type, model, millis }) => {
      return type === "prediction" && model === incident.story && millis >= incident.startMillis && millis < incident.endMillis;
    });
    expect(touched.length).toBeGreaterThan(150);
    return touched.map((one) => [before.get(one.id) as Told, one] as const);
  };

  test("amounts in cents are a hundred times as large, and so scores are higher", () => {
    const all = pairs("fraud-amount-in-cents");
    for (const [before, after] of all) {
      expect(after.features.amount).toBeCloseTo((before.features.amount as number) * 100, 5);
      if (after.status === "ok") expect(after.score as number).toBeGreaterThan(before.score as number);
    }
    const alarms = (at: 0 | 1): number => all.filter((pair) => pair[at].prediction === 1).length;
    expect(alarms(1)).toBeGreaterThan(5 * alarms(0));
  });

  test("a missing feature is in no event", () => {
    for (const [before, after] of pairs("recommendation-feature-missing")) {
      const { days_since_last_visit, ...rest } = before.features;
      expect(days_since_last_visit).toBeTypeOf("number");
      expect(after.features).toEqual(rest);
    }
  });

  test("a slow model takes twelve times as long", () => {
    for (const [before, after] of pairs("fraud-slow")) expect(after.latency_ms / before.latency_ms).toBeCloseTo(12, 1);
  });

  test("a number as a text is the same number", () => {
    for (const [before, after] of pairs("fraud-number-as-text")) {
      expect(after.features).toEqual({ ...before.features, transactions_24h: String(before.features.transactions_24h) });
    }
  });

  test("a renamed feature has its value under another name", () => {
    for (const [before, after] of pairs("forecast-feature-renamed")) {
      const { price_index, ...rest } = before.features;
      expect(after.features).toEqual({ ...rest, price_level: price_index });
    }
  });

  test("a late job starts when the incident is over, and is whole then", () => {
    const incident = incidentOf("forecast-late");
    const due = new Date(moment + batchEveryMillis).toISOString();
    const run = withOne(incident).filter(({ run_id }) => run_id === due);
    expect(run.every(({ millis }) => millis > incident.endMillis)).toBe(true);
    expect(run.filter(({ type }) => type === "prediction").length).toBe(200);
    expect(run.filter(({ type }) => type === "run").map(({ state }) => state)).toEqual(["started", "succeeded"]);
  });

  test("a failed job predicts nothing, and nothing is known of it later", () => {
    const due = new Date(moment + 2 * batchEveryMillis).toISOString();
    const before = calm.filter((one) => one.run_id === due && one.type === "prediction").map(({ id }) => id);
    const after = withOne(incidentOf("forecast-failed"));
    expect(after.filter(({ run_id }) => run_id === due).map(({ type, state }) => `${type} ${state}`)).toEqual([
      "run started",
      "run failed",
    ]);
    expect(before.length).toBe(200);
    expect(after.filter(({ id }) => before.includes(id))).toEqual([]);
  });

  test("orders of one version are worth a twentieth, those of the other what they were", () => {
    const incident = incidentOf("recommendation-cheap-orders");
    const ordersOf = (all: readonly Told[]): Told[] =>
      all.filter((one) => one.ordered === true && one.millis >= incident.startMillis && one.millis < incident.endMillis);
    const [before, after] = [ordersOf(calm), ordersOf(withOne(incident))];
    expect(after.length).toBeGreaterThan(5);
    for (const [at, { version, value }] of after.entries()) {
      const factor = version === "2026-11" ? 0.05 : 1;
      expect(value).toBeCloseTo((before[at] as Told).value * factor, 1);
    }
  });

  test("no label of a payment arrives while labels stop", () => {
    const incident = incidentOf("fraud-labels-stop");
    const labels = (all: readonly Told[]): number =>
      all.filter((one) => {
        return (
          one.type === "outcome" && one.model === "fraud" && one.millis >= incident.startMillis && one.millis < incident.endMillis
        );
      }).length;
    expect(labels(calm)).toBeGreaterThan(50);
    expect(labels(withOne(incident))).toBe(0);
  });
});

describe("the script", () => {
  test("names each incident once, tells every story, and is over before it begins again", () => {
    expect(new Set(script.map(({ id }) => id)).size).toBe(script.length);
    expect(new Set(script.map(({ story }) => story))).toEqual(new Set(storyNames));
    expect(Math.max(...script.map(({ endMillis }) => endMillis))).toBeLessThan(moment + scriptMillis);
  });

  test("has one incident after another", () => {
    for (const [at, { startMillis }] of script.entries()) {
      expect(startMillis).toBeGreaterThan(script[at - 1]?.endMillis ?? moment);
    }
  });
});

// The drift alarms of the demo are honest: none in its history, and each incident that changes values is found within minutes.
// Of one seed, on a Monday at five in the morning, when there is little to go by; `npm run bench:demo` has others.
import { beforeAll, expect, test } from "vitest";
import { driftIncidents, foldDemo, isAlarm, minuteMillis, type Signal, signalsOf } from "../../bench/demo-signals.ts";
import type { ScheduledIncident } from "../../src/source/simulator.ts";
import type { Fold } from "../../src/state/fold.ts";

const momentMillis = Date.parse("2026-11-30T05:00:00Z");
const untilMillis = momentMillis + 50 * minuteMillis;
const longestMillis = 5 * minuteMillis;
/** Windows overlap much: in the history not all of them are looked at. */
const historyStepMillis = 15 * minuteMillis;

/** A moment at which something alarms, by the clock of a demo that runs. */
interface Alarm extends Signal {
  readonly clockMillis: number;
}

const alarms: Alarm[] = [];
/** By model: what is tested of which feature. */
const tested = new Map<string, Set<string>>();
let looks = 0;
let incidents: readonly ScheduledIncident[] = [];

function look(fold: Fold, endMillis: number, clockMillis: number): void {
  if (endMillis <= momentMillis && endMillis % historyStepMillis !== 0) return;
  looks += 1;
  for (const signal of signalsOf(fold)) {
    const names = tested.get(signal.model) ?? new Set();
    tested.set(signal.model, names.add(`${signal.feature} ${signal.test}`));
    if (isAlarm(signal)) alarms.push({ ...signal, clockMillis });
  }
}

beforeAll(() => {
  incidents = foldDemo({ seed: 11, momentMillis, untilMillis, incidents: true }, look);
});

const startOf = (id: string): number => incidents.find((one) => one.id === id)?.startMillis ?? Number.NaN;
const firstStart = (story: string): number => {
  const own = incidents.filter((one) => one.story === story && one.id in driftIncidents);
  return Math.min(...own.map(({ startMillis }) => startMillis));
};

test("all features are tested but those of the stores, which never vary", () => {
  const forecast = [...(tested.get("forecast") ?? [])].filter((name) => name.endsWith("min_effect"));
  expect(forecast.sort()).toEqual(
    ["$prediction", "price_index", "promotion", "sales_last_period", "temperature"].map((name) => `${name} min_effect`),
  );
  expect([...(tested.get("fraud") ?? [])].filter((name) => name.endsWith("min_effect")).length).toBe(10);
  expect([...(tested.get("recommendation") ?? [])].filter((name) => name.endsWith("min_effect")).length).toBe(7);
  expect(looks).toBeGreaterThan(100);
});

test.each(["fraud", "recommendation", "forecast"])("nothing of %s alarms before its values change", (model) => {
  expect(firstStart(model)).toBeGreaterThan(momentMillis);
  expect(alarms.filter((alarm) => alarm.model === model && alarm.clockMillis < firstStart(model))).toEqual([]);
});

test.each(Object.entries(driftIncidents))("%s is found within five minutes, by $feature $test", (id, { feature, test: name }) => {
  const own = alarms.filter((alarm) => alarm.feature === feature && alarm.test === name);
  const waited = (own[0]?.clockMillis ?? Number.POSITIVE_INFINITY) - startOf(id);
  expect(waited).toBeGreaterThan(0);
  expect(waited).toBeLessThan(longestMillis);
});

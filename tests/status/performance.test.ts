// How well a model does in the view of a running exporter: the numbers of the window, what is known of labels, and what is not.
import { beforeAll, expect, test } from "vitest";
import type { VersionView } from "../../src/expose/model-view.ts";
import type { Page } from "../../src/expose/sample.ts";
import { paneMonitors } from "../../src/monitor/index.ts";
import { performance } from "../../src/monitor/performance.ts";
import type { Fold } from "../../src/state/fold.ts";
import { windowAt, windowOf as windowOfFold } from "../../src/state/window-of.ts";
import { hour, midnight, minute, prediction, Running } from "./running.ts";

const yaml = `
defaults: {windows: [5m, 1h, 3h], learn: 1h}
models:
  fraud: {task: binary, outcomes: {horizon: 30m, threshold: [0.5, 0.9]}}
  silent: {outcomes: {horizon: 1d}}
`;
const aMinute = 20;
// What is normal is known after a horizon and a day.
const minutes = 27 * 60 + 10;

let fraud: VersionView;
let silent: VersionView;
let headlines: unknown[];
let fold: Fold;

/** Every second payment is fraud; scores are 0.8 for nine frauds in ten and for one other in ten, else 0.2. Labels come 3 min later. */
function minuteOf(at: number): string[] {
  return Array.from({ length: aMinute }, (_, index) => {
    const number = at * aMinute + index;
    const label = index % 2;
    const score = index < 2 === (label === 0) ? 0.8 : 0.2;
    const time = midnight + at * minute + index * 1000;
    const outcome = { type: "outcome", model: "fraud", version: "1", id: `p${number}`, time: time + 3 * minute, label };
    const both = [
      prediction(time, { model: "fraud", version: "1", id: `p${number}`, score }),
      prediction(time, { model: "silent", id: `s${number}` }),
    ];
    return time + 3 * minute < midnight + minutes * minute ? [...both, JSON.stringify(outcome)] : both;
  }).flat();
}

beforeAll(async () => {
  const running = await Running.of(1, yaml);
  const records = Array.from({ length: minutes }, (_, at) => minuteOf(at)).flat();
  const timeOf = (record: string): number => Date.parse(String(JSON.parse(record).time)) || Number(JSON.parse(record).time);
  records.sort((one, other) => timeOf(one) - timeOf(other));
  await running.write(0, records);
  running.nowMillis = midnight + minutes * minute;
  fold = running.fold;
  const only = async (name: string): Promise<VersionView> => (await running.status.model(name))?.versions[0] as VersionView;
  fraud = await only("fraud");
  silent = await only("silent");
  headlines = (await running.status.overview()).models.map(({ name, versions }) => [name, versions[0]?.headline]);
});

const windowOf = (name: string) => fraud.performance?.windows.find(({ window }) => window === name);

test("labels: how many there are, how long they take, and what waits", () => {
  expect(fraud.performance?.labels).toMatchObject({ absent: 0, expired: 0, unusable: 0, halfWithinSeconds: 300 });
  const { labelled = 0, pending = 0 } = fraud.performance?.labels ?? {};
  expect(labelled).toBeGreaterThan((minutes - 10) * aMinute);
  expect(pending).toBeGreaterThan(0);
});

test("metrics by outcomes, with intervals, and at each threshold", () => {
  const metrics = windowOf("1h")?.metrics ?? [];
  const accuracy = metrics.filter(({ metric }) => metric === "accuracy");
  expect(accuracy.map(({ at }) => at)).toEqual([[], [{ name: "threshold", value: "0.9" }]]);
  const [own] = accuracy;
  expect(own?.value).toBeCloseTo(0.9, 12);
  expect(own?.samples).toBe(60 * aMinute);
  expect(own?.lower).toBeLessThan(0.9);
  expect(own?.upper).toBeGreaterThan(0.9);
  // Nothing else happened while it was learned.
  expect(own?.reference).toBeCloseTo(0.9, 12);
  expect(metrics.every(({ samples }) => samples >= 30)).toBe(true);
});

test("by predictions: the newest whole hour, most of which have labels; none of windows that are no hours", () => {
  const cohort = windowOf("1h")?.cohort;
  expect(cohort).toMatchObject({ state: "ripe", mature: 0.8, endMillis: midnight + 27 * hour });
  expect(cohort?.coverage).toBeGreaterThan(0.9);
  expect(cohort?.metrics.find(({ metric }) => metric === "accuracy")?.value).toBeCloseTo(0.9, 12);
  expect(windowOf("5m")?.cohort).toMatchObject({ state: "short", endMillis: null, metrics: [] });
});

test("estimates follow from scores, as the reference has them", () => {
  const accuracy = windowOf("1h")?.estimated.find(({ metric }) => metric === "accuracy");
  expect(accuracy?.value).toBeCloseTo(0.9, 6);
});

test("what estimates were wrong by is on the page once windows have all of their labels", () => {
  // Only windows of more than two hours are judged.
  const [model, index] = [fold.models.get("fraud"), paneMonitors.indexOf(performance as (typeof paneMonitors)[number])];
  const version = model?.versions.get("1");
  if (model === undefined || version === undefined) throw new Error("nothing was folded");
  const window = windowOfFold(windowAt(model, version, version.all, "", 3 * hour, midnight + 27 * hour), index);
  const page = new Map<string, number>();
  const sample: Page["sample"] = ({ prefix }, value) => page.set(prefix.trim(), value);
  const writer = paneMonitors[index]?.windowWriter({ model: "fraud", version: "1" }, "", "3h");
  writer?.write(window, model.memories[index], { sample, histogram: () => undefined }, () => "shown");
  for (const gap of ["typical", "greatest"]) {
    const key = `ml_performance_estimate_gap{model="fraud",version="1",window="3h",metric="accuracy",gap="${gap}"}`;
    expect(page.get(key)).toBeCloseTo(0, 6);
  }
});

test("where no label came there are no numbers, and where outcomes are not joined there is no such view", async () => {
  expect(silent.performance?.labels).toMatchObject({ labelled: 0, halfWithinSeconds: null });
  expect(silent.performance?.windows.every(({ metrics, cohort }) => metrics.length === 0 && cohort.metrics.length === 0)).toBe(
    true,
  );
  const running = await Running.of(1);
  await running.write(0, [
    prediction(midnight, { id: "p" }),
    ...Array.from({ length: 5 }, () => prediction(midnight + 3 * minute, {})),
  ]);
  running.nowMillis = midnight + 3 * minute;
  expect((await running.status.model("fraud"))?.versions[0]?.performance).toBeNull();
});

test("the overview has the metric that is looked at first", () => {
  expect(headlines).toEqual([
    ["fraud", { metric: "roc_auc", value: expect.closeTo(0.9, 2), window: "5m", samples: expect.any(Number) }],
    ["silent", null],
  ]);
});

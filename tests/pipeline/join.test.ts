// What the page says of predictions and outcomes that are joined.
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { lintMetrics } from "../servers/prometheus.ts";
import { midnight, minute } from "./events.ts";
import { type StartedExporter, World } from "./started-exporter.ts";

const config = `
defaults: {windows: [10m, 1h], outcomes: {horizon: 20m}}
models: {clicks: {outcomes: {absent: 0}}}
`;
const logs = [0, 1].map((partition) => ({ topic: "events", partition }));
const length = 60;

const line = (type: string, model: string, id: string, time: number, more: object): string => {
  return JSON.stringify({ type, model, id, time: midnight + time, ...more });
};
/** Of every ten predictions eight have an outcome two minutes later, one of them two; one outcome is of nobody. */
const predictions: string[] = [];
const outcomes: string[] = [];
for (let index = 0; index < length * 10; index++) {
  const time = index * 6000;
  for (const model of ["fraud", "clicks"]) {
    predictions.push(line("prediction", model, `p${index}`, time, { version: index % 2 === 0 ? "1" : "2", score: 0.5 }));
    if (index % 10 === 9) continue;
    const id = index % 10 === 8 ? `nobody${index}` : `p${index}`;
    outcomes.push(line("outcome", model, id, time + 2 * minute, { label: 1 }));
    if (index % 10 === 0) outcomes.push(line("outcome", model, id, time + 3 * minute, { label: 0 }));
  }
}

let world: World;
let exporter: StartedExporter;
let page: ReadonlyMap<string, number>;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  world = new World(midnight + length * minute);
  for (const log of logs) world.source.add(log);
  exporter = await world.start(config);
  exporter.pass(1000);
  // What is read at one time is not by model or time: outcomes first.
  const [ofPredictions, ofOutcomes] = logs as [(typeof logs)[0], (typeof logs)[0]];
  const end = midnight + length * minute;
  const inTime = (records: readonly string[]): string[] =>
    records.filter((one) => (JSON.parse(one) as { time: number }).time < end);
  await exporter.write(ofOutcomes, inTime(outcomes), end);
  await exporter.write(ofPredictions, predictions, end);
  const late = line("outcome", "fraud", "p11", 0, { label: 1 });
  await exporter.write(ofOutcomes, [late, late], end);
  await exporter.text();
  exporter.pass(2 * minute);
  page = await exporter.page();
});
afterAll(async () => {
  await world.close();
  vi.useRealTimers();
});

const of = (name: string, labels: string): number | undefined => page.get(`${name}{${labels}}`);

test("outcomes by what became of them", () => {
  const state = (model: string, version: string, name: string) =>
    of("ml_outcomes_total", `model=${model},version=${version},state=${name}`);
  // Outcomes up to the hour's end are of predictions up to two minutes before.
  const joined = Array.from({ length: (length - 2) * 10 }, (_, index) => index).filter((index) => index % 10 < 8);
  expect(state("fraud", "1", "joined")).toBe(joined.filter((index) => index % 2 === 0).length);
  expect(state("fraud", "2", "joined")).toBe(joined.filter((index) => index % 2 === 1).length);
  expect(state("fraud", "", "duplicate")).toBe(length - 3);
  expect(state("fraud", "", "late")).toBe(2);
  expect(state("fraud", "", "orphaned")).toBe(length - 2 - 20);
  expect(state("fraud", "", "unjoined")).toBeUndefined();
  expect(state("fraud", "1", "absent")).toBeUndefined();
  expect(state("clicks", "2", "absent")).toBeGreaterThan(30);
});

test("predictions that wait, that expired, and those with a label", () => {
  const expired = of("ml_predictions_expired_total", "model=fraud,version=2") ?? 0;
  const pending = of("ml_predictions_pending", "model=fraud") ?? 0;
  const even = of("ml_predictions_expired_total", "model=fraud,version=1") ?? 0;
  const joined = ["1", "2"].map((version) => of("ml_outcomes_total", `model=fraud,version=${version},state=joined`) ?? 0);
  expect(expired + even + pending + (joined[0] ?? 0) + (joined[1] ?? 0)).toBe(length * 10);
  expect(expired).toBe(length - 20);
  expect(of("ml_predictions_expired_total", "model=clicks,version=2")).toBe(0);
  // The last two minutes of ten have none yet; of ten predictions of the first version two have no outcome.
  expect(of("ml_label_coverage_ratio", "model=fraud,version=1,window=10m")).toBeCloseTo(0.8 * 0.8, 9);
  expect(of("ml_label_delay_seconds_count", "model=fraud,version=2")).toBe(joined[1]);
  expect(of("ml_label_delay_seconds_sum", "model=fraud,version=2")).toBe((joined[1] ?? 0) * 120);
  expect(of("ml_label_delay_seconds_bucket", "model=fraud,version=2,le=60.0")).toBe(0);
  expect(of("ml_label_delay_seconds_bucket", "model=fraud,version=2,le=300.0")).toBe(joined[1]);
  expect(of("ml_exporter_limit_used", "limit=pending")).toBeGreaterThan(0);
});

test("promtool has nothing to say to it", async () => {
  expect(await lintMetrics(await exporter.text())).toBe("");
});
